"""Handing a case off: `reviewer.ui.handoff_ports.Handoffs`, put together from one service for each part of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from reviewer.handoff.cybertip_terms import incident_type
from reviewer.handoff.errors import CertificateUnusable, KeptForLater
from reviewer.media.frames import Frame
from reviewer.model.cases import Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Draft
from reviewer.model.errors import (
    CaseSystemRefused,
    CaseSystemUnreachable,
    HandoffError,
    PermissionRefused,
    StoreUnavailable,
    SyncError,
)
from reviewer.model.handoff import (
    Audience,
    Handoff,
    Letter,
    LetterKind,
    NewOverrule,
    NewStep,
    Overrule,
    Preservation,
    StepKind,
    step_draft,
)
from reviewer.model.handoff_answers import HandoffAnswers, Question
from reviewer.model.handoff_completeness import missing as missing_answers
from reviewer.model.handoff_completeness import prefilled
from reviewer.model.ids import uuid7
from reviewer.model.policy import Policy
from reviewer.model.roles import Permission, may
from reviewer.sync.client import CaseSystem
from reviewer.ui.handoff_ports import Built, CaseOutline, Choice, KeptUnread, KnownCase, Progress, Sending, Sent
from reviewer.vault import age
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store
from reviewer.workstation.handoff_pending import Pending, PendingRecords, is_passing, not_kept
from reviewer.workstation.handoff_record import (
    WholeRecord,
    keep_answers,
    kept_answers,
    newest_overrule,
    to_be_reported,
    whole_record,
)
from reviewer.workstation.journal import Journal
from reviewer.workstation.local_handoffs import with_pending
from reviewer.workstation.new_file import write_asked_for
from reviewer.workstation.preserving import preservation_from
from reviewer.workstation.signing_material import signing_material
from reviewer.workstation.unfinished import unfinished_of
from reviewer.workstation.unsealing import Unsealer

if TYPE_CHECKING:
    from reviewer.workstation.dossiers import Gathering
    from reviewer.workstation.letter_desk import LetterDesk
    from reviewer.workstation.packaging import Packaging
    from reviewer.workstation.report_sending import ReportSending


class HandingOff:
    """Of one session. Methods block; call them off the Qt thread."""

    def __init__(
        self,
        *,
        vault: OpenVault,
        case_system: CaseSystem,
        policy: Policy,
        clock: Clock,
        journal: Journal,
        thumbnail: Callable[[Item], Frame],
        stopped: threading.Event,
    ) -> None:
        """`stopped` is set when the session ends: what is being built or sent then ends as if it were cancelled."""
        self._vault = vault
        self._case_system = case_system
        self._policy = policy
        self._clock = clock
        self._journal = journal
        self._stopped = stopped
        self._records: dict[str, WholeRecord] = {}
        self._kept_unread: dict[str, KeptUnread] = {}
        self._thumbnail = thumbnail
        self._unsealer = Unsealer(vault, case_system)
        self._pending = PendingRecords(vault, case_system, self._noted)
        self._making = threading.Lock()
        self._made_sending: ReportSending | None = None

    def _opened(self, item: Item) -> age.PayloadReader:
        reader = self._unsealer.reader(item)
        # Digesting and sealing run beside it: a second thread for it would only take turns with them.
        reader.decrypt_alone()
        return reader

    # What needs the libraries of PDF, CMS and time stamps is loaded when a case is handed off, not at every unlock.

    @cached_property
    def _gathering(self) -> Gathering:
        from reviewer.workstation.dossiers import Gathering

        return Gathering(self._vault, self._case_system, self._policy, self._clock, self._thumbnail)

    @cached_property
    def _letters(self) -> LetterDesk:
        from reviewer.workstation.letter_desk import LetterDesk

        return LetterDesk(self._vault, self._case_system, self._policy)

    @cached_property
    def _packaging(self) -> Packaging:
        from reviewer.workstation.packaging import Packaging

        return Packaging(
            vault=self._vault,
            policy=self._policy,
            clock=self._clock,
            journal=self._journal,
            opened=self._opened,
            gathering=self._gathering,
            pending=self._pending,
        )

    @property
    def _sending(self) -> ReportSending:
        """The one there is: it remembers what was prepared."""
        from reviewer.workstation.report_sending import ReportSending

        with self._making:
            if self._made_sending is None:
                self._made_sending = ReportSending(
                    vault=self._vault,
                    policy=self._policy,
                    clock=self._clock,
                    journal=self._journal,
                    opened=self._opened,
                    gathering=self._gathering,
                    pending=self._pending,
                )
            return self._made_sending

    # before

    def cases(self) -> Sequence[KnownCase]:
        return [KnownCase(one.id, one.number) for one in self._case_system.handed_off.cases()]

    def outline(self, case_id: str) -> CaseOutline:
        self._pending.try_to_deliver()
        record = self._record(case_id)
        terms = self._policy.handoff
        kept = kept_answers(self._vault, case_id)
        unfinished = unfinished_of(self._vault, case_id)
        why = self._unsigned_why()
        return CaseOutline(
            case=record.case,
            items=record.items,
            chosen=to_be_reported(record.items),
            agencies=terms.agencies,
            answers=kept if kept is not None else prefilled(record.case, terms, None),
            overrules=self._case_system.handed_off.overrules(case_id),
            may_overrule=may(self._vault.member.role, Permission.OVERRULE_COMPLETENESS),
            thumbnails_allowed=terms.thumbnails,
            signed=not why,
            unsigned_why=why,
            stamping=bool(terms.timestamp_url),
            clearing_house=terms.clearing_house,
            unfinished=unfinished.target if unfinished is not None else "",
            reportable=incident_type(record.items) is not None,
        )

    def _unsigned_why(self) -> str:
        from reviewer.workstation.package_papers import signing_key

        try:
            signing_key(signing_material(self._vault), self._clock.now())
        except CertificateUnusable as error:
            return error.what_happened
        return ""

    def missing(self, choice: Choice) -> tuple[Question, ...]:
        record = self._records.get(choice.case_id)
        if record is None:
            record = self._record(choice.case_id)
        return _missing(record, choice)

    @property
    def territorial_scope(self) -> tuple[str, ...]:
        return self._policy.handoff.territorial_scope

    def overrule(self, case_id: str, agency: str, missing: Sequence[Question], reason: str) -> Overrule:
        if not may(self._vault.member.role, Permission.OVERRULE_COMPLETENESS):
            raise PermissionRefused
        named = tuple(one.value for one in missing)
        new = NewOverrule(id=uuid7(), missing=named, reason=reason.strip(), agency=agency)
        with not_kept():
            recorded = self._case_system.handed_off.overrule(case_id, new)
        self._journal.note_case(CustodyAction.OVERRULED, case_id, reason=new.reason)
        return recorded

    def keep_answers(self, case_id: str, answers: HandoffAnswers) -> None:
        keep_answers(self._vault, case_id, answers)

    # building

    def build(
        self,
        choice: Choice,
        folder: Path,
        *,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        exports: Sequence[Path] = (),
    ) -> Built:
        """As in the port. `exports` are custody logs of other workstations (`reviewer custody export`)."""
        agency = self._policy.handoff.agency(choice.agency)
        if agency is None:
            raise HandoffError("The policy knows no agency of this name.", to_do="Choose one of the policy's agencies.")
        record = self._record(choice.case_id)
        letter = None
        if choice.letter_id:
            newest = self._letters.newest(choice.case_id, choice.letter_id)
            letter = self._letters.pdf(newest, record.case.number)
        return self._packaging.build(
            record,
            choice,
            agency,
            folder,
            missing=_missing(record, choice),
            overrule=newest_overrule(self._case_system, choice.case_id, agency.key),
            letter=letter,
            exports=exports,
            progress=progress,
            cancelled=self._or_stopped(cancelled),
        )

    def resume(self, case_id: str, *, progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Built:
        return self._packaging.resume(case_id, progress=progress, cancelled=self._or_stopped(cancelled))

    def discard(self, case_id: str) -> None:
        self._packaging.discard(case_id)

    def _or_stopped(self, cancelled: Callable[[], bool]) -> Callable[[], bool]:
        return lambda: self._stopped.is_set() or cancelled()

    # afterwards

    def made(self, case_id: str) -> Sequence[Handoff]:
        """As the case system has it, and with it what waits here."""
        self._pending.deliver()
        recorded = self._case_system.handed_off.of_case(case_id)
        return with_pending(recorded, self._pending.waiting(), case_id, self._vault.member.name)

    def record_step(self, handoff_id: str, step: NewStep, written: Draft | None = None) -> Handoff:
        """Durable here before the case system is asked, so that an answer that gets lost does not make it twice.
        KeptForLater when it cannot be reached; what it refuses is not kept, and is a draft again. `written` is the
        draft that becomes the step; without one it is not of the window's words, and these stay."""
        step = self._same_waiting(handoff_id, step)
        draft = None if written is None else msgspec.structs.replace(written, item_id=step_draft(handoff_id))
        self._pending.add(Pending(step=step, of=handoff_id), used_draft="" if draft is None else draft.item_id)
        try:
            delivered = self._pending.deliver()
        except SyncError as error:
            self._became_a_step(draft)
            raise KeptForLater from error
        if (refused := delivered.refused.get(step.id)) is not None:
            self._pending.remove(step.id, draft_again=draft)
            raise refused
        self._became_a_step(draft)
        handoff = delivered.answered.get(handoff_id)
        if handoff is None:
            raise KeptForLater("What the step belongs to was not taken by the case system.")
        return handoff

    def _became_a_step(self, draft: Draft | None) -> None:
        """Saved again while the case system was asked, it would come back as not recorded; newer words stay."""

        def forget(store: Store) -> None:
            if draft is not None and store.load_draft(draft.item_id) == draft:
                store.remove_draft(draft.item_id)

        with suppress(StoreUnavailable):  # the step is written down all the same, and must not be pressed for again
            self._vault.store.call(forget)

    def _same_waiting(self, handoff_id: str, step: NewStep) -> NewStep:
        """What waits already and says the same: pressed again, it is the same step."""
        for record in self._pending.waiting():
            waiting = record.step
            if waiting is None or record.of != handoff_id:
                continue
            if msgspec.structs.replace(waiting, id=step.id) == step:
                self._pending.remove(waiting.id)
                return waiting
        return step

    def _noted(self, handoff: Handoff, step: NewStep) -> Sequence[Pending]:
        """The custody entry of a step that was taken, and with SENT the preservation it begins."""
        case_id = handoff.made.case_id
        # Before custody: what cannot be asked now is asked again with the whole step, and that must not note it twice.
        jurisdiction = self._jurisdiction(case_id) if step.kind is StepKind.SENT else None
        action = CustodyAction.HANDED_OFF if step.kind is StepKind.SENT else CustodyAction.RECEIPT_RECORDED
        self._journal.note_case(action, case_id, reason=step.kind.value, receipt=step.receipt)
        if step.kind is not StepKind.SENT:
            return ()
        rule = preservation_from(
            self._policy.handoff, jurisdiction=jurisdiction, agency=handoff.made.agency, sent_at=step.at
        )
        if jurisdiction is None:
            self._kept_unread[handoff.made.id] = KeptUnread(rule)
        else:
            self._kept_unread.pop(handoff.made.id, None)
        return () if rule is None else (Pending(preservation=rule, of=case_id),)

    def _jurisdiction(self, case_id: str) -> str | None:
        """None where this person may not read the case: the agency's then counts, and that is said. Any other SyncError
        says nothing of that."""
        try:
            return (self._records.get(case_id) or self._record(case_id)).case.referral.jurisdiction
        except CaseSystemRefused as refused:
            if is_passing(refused):
                raise CaseSystemUnreachable from refused
            return None

    def kept_unread(self, handoff_id: str) -> KeptUnread | None:
        return self._kept_unread.get(handoff_id)

    def prepare_sending(self, handoff_id: str) -> Sending:
        return self._sending.prepare(self._handoff(handoff_id), self._record)

    def send(self, sending: Sending, *, progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Sent:
        return self._sending.send(sending, progress=progress, cancelled=self._or_stopped(cancelled))

    def _handoff(self, handoff_id: str) -> Handoff:
        return self._case_system.handed_off.one(handoff_id)

    # letters, and how long it is kept

    def letters(self, case_id: str) -> Sequence[Letter]:
        return self._case_system.handed_off.letters(case_id)

    def draft_letter(
        self,
        case_id: str,
        audience: Audience,
        kind: LetterKind,
        *,
        item_ids: Sequence[str] = (),
        agency: str = "",
    ) -> tuple[str, str]:
        return self._letters.draft(self._record(case_id), audience, kind, item_ids=item_ids, agency=agency)

    def keep_letter(
        self, case_id: str, letter_id: str | None, audience: Audience, kind: LetterKind, subject: str, text: str
    ) -> Letter:
        with not_kept():
            return self._letters.keep(case_id, letter_id, audience, kind, subject, text)

    def export_letter(self, letter: Letter, target: Path) -> None:
        record = self._records.get(letter.case_id)
        self._letters.export(letter, record.case.number if record is not None else "", target)

    def write_report(self, case_id: str, target: Path, *, thumbnails: bool = False) -> None:
        """The report of the case as a signed PDF, as it would lie in a package to nobody in particular."""
        record = self._record(case_id)
        answers = kept_answers(self._vault, case_id) or prefilled(record.case, self._policy.handoff, None)
        choice = Choice(case_id, to_be_reported(record.items), "", answers, thumbnails=thumbnails)
        write_asked_for(target, self._packaging.report(record, choice, missing=_missing(record, choice)))

    def preservations(self) -> Sequence[Preservation]:
        return self._case_system.handed_off.preservations()

    def _record(self, case_id: str) -> WholeRecord:
        """Asked anew each time; the newest is kept in memory for `missing`."""
        record = self._records[case_id] = whole_record(self._case_system, case_id)
        return record


def _missing(record: WholeRecord, choice: Choice) -> tuple[Question, ...]:
    chosen = [one for one in record.items if one.item.id in set(choice.item_ids)]
    return missing_answers(chosen, choice.answers, record.case)
