"""Building a package: gathered, planned, signed, sealed, re-read, and only then recorded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from reviewer.handoff.bag import TAG_MANIFEST, bag_folder
from reviewer.handoff.building import BuiltFile
from reviewer.handoff.building import build as build_file
from reviewer.handoff.envelope import Envelope
from reviewer.handoff.errors import AnswersMissing, BuildCancelled, CannotResume
from reviewer.handoff.finished import read_finished
from reviewer.handoff.kit import write_kit
from reviewer.handoff.pades import sign_pdf
from reviewer.handoff.plan import Document, PlainReader, Plan
from reviewer.handoff.report import report_pdf
from reviewer.model.cases import Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import CaseSystemRefused, ReviewerError
from reviewer.model.handoff import Handoff, NewHandoff, Overrule
from reviewer.model.handoff_answers import Question
from reviewer.model.handoff_terms import Agency
from reviewer.model.ids import uuid7
from reviewer.model.policy import Policy
from reviewer.ui.handoff_ports import Built, Choice, Progress
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store
from reviewer.workstation.begun_file import Left, remove_what_is_left, what_is_left
from reviewer.workstation.dossiers import Gathering
from reviewer.workstation.envelopes import envelope_for, envelope_from
from reviewer.workstation.going_on import going_on
from reviewer.workstation.handoff_pending import SETTING as PENDING
from reviewer.workstation.handoff_pending import Pending, PendingRecords, with_records
from reviewer.workstation.handoff_record import WholeRecord
from reviewer.workstation.journal import Journal
from reviewer.workstation.local_handoffs import local_handoff
from reviewer.workstation.package_papers import Papers, Planner, signing_key
from reviewer.workstation.signing_material import signing_material
from reviewer.workstation.unfinished import SETTING as UNFINISHED
from reviewer.workstation.unfinished import (
    Unfinished,
    forget_unfinished,
    keep_unfinished,
    planned_entries,
    unfinished_of,
)

_CHOICE = "handoff_choice/"
Tell = Callable[[Progress], None]


class Packaging:
    """Of one session. One package is built at a time for a case."""

    def __init__(
        self,
        *,
        vault: OpenVault,
        policy: Policy,
        clock: Clock,
        journal: Journal,
        opened: Callable[[Item], PlainReader],
        gathering: Gathering,
        pending: PendingRecords,
    ) -> None:
        self._vault = vault
        self._policy = policy
        self._clock = clock
        self._journal = journal
        self._opened = opened
        self._gathering = gathering
        self._pending = pending

    def build(
        self,
        record: WholeRecord,
        choice: Choice,
        agency: Agency,
        folder: Path,
        *,
        missing: Sequence[Question],
        overrule: Overrule | None,
        letter: bytes | None,
        exports: Sequence[Path],
        progress: Tell,
        cancelled: Callable[[], bool],
    ) -> Built:
        """As `Handoffs.build`. `missing` is what the completeness check missed; only an overrule of this agency that
        names all of it lets it pass. `letter` is a PDF that goes along."""
        lacking = {one.value for one in missing}
        if lacking and (overrule is None or not overrule.covers(agency.key, lacking)):
            raise AnswersMissing(f"Missing before this can be sealed: {', '.join(one.value for one in missing)}.")
        folder = folder.absolute()
        self._refuse_unfinished(choice.case_id)
        built_at = self._clock.now().replace(microsecond=0)
        material = signing_material(self._vault)
        key = signing_key(material, built_at)
        assert material is not None
        envelope = envelope_for(agency)
        try:

            def check(done: int, total: int) -> None:
                if cancelled():
                    raise BuildCancelled(kept="Nothing was sealed yet.", to_do="Begin again when you are ready.")
                progress(Progress("gathering", done, total))

            handoff_id = uuid7()
            dossier = self._gathering.dossier(
                record,
                choice,
                agency,
                handoff_id=handoff_id,
                built_at=built_at,
                missing=tuple(one.value for one in missing),
                overrule=overrule if lacking else None,
                exports=exports,
                check=check,
            )
            progress(Progress("signing", 0, 0))
            papers = Papers(cybertip=choice.cybertip, letter=letter)
            planned = Planner(dossier, papers, key, material, self._opened, clock=self._clock).plan(
                folder=bag_folder(record.case.number, handoff_id), timestamp_url=self._policy.handoff.timestamp_url
            )
            check(0, 0)
            unfinished = Unfinished(
                made=NewHandoff(
                    id=handoff_id,
                    case_id=record.case.id,
                    built_at=built_at,
                    agency=agency.key,
                    agency_words=agency.words,
                    envelope=agency.envelope,
                    package_sha256="",
                    package_size=0,
                    tagmanifest_sha256=_tagmanifest_sha256(planned.plan),
                    items=len(dossier.exhibits),
                    stamped=not planned.not_stamped,
                    missing=dossier.missing,
                    overrule=dossier.overrule,
                    overruled_by=overrule.member_id if overrule is not None and lacking else "",
                ),
                target=str(folder / f"{planned.plan.folder}{envelope.suffix}"),
                folder=planned.plan.folder,
                entries=planned_entries(planned.plan, {one.path: one.record.item for one in dossier.exhibits}),
                agency=agency.key,
                envelope=envelope.state(),
                not_stamped=planned.not_stamped,
                choice=msgspec.json.encode(choice),
                ca=material.ca,
                tsa_ca=material.tsa_ca if not planned.not_stamped else b"",
            )
            keep_unfinished(self._vault, unfinished)
            return self._seal(unfinished, planned.plan, envelope, progress, cancelled, left=None)
        finally:
            envelope.wipe()

    def report(self, record: WholeRecord, choice: Choice, *, missing: Sequence[Question]) -> bytes:
        """The signed report alone, as PDF. CertificateUnusable."""
        at = self._clock.now().replace(microsecond=0)
        key = signing_key(signing_material(self._vault), at)
        dossier = self._gathering.dossier(
            record,
            choice,
            Agency(key="", words="nobody: this report lies in no package"),
            handoff_id=uuid7(),
            built_at=at,
            missing=tuple(one.value for one in missing),
            overrule=None,
            check=lambda _done, _total: None,
        )
        pdf = report_pdf(dossier, stamped=False, not_stamped_why="A report outside a package has none.")
        return sign_pdf(pdf, key, at)

    def resume(self, case_id: str, *, progress: Tell, cancelled: Callable[[], bool]) -> Built:
        unfinished = unfinished_of(self._vault, case_id)
        if unfinished is None:
            raise CannotResume
        left = what_is_left(Path(unfinished.target))
        if left is Left.NOTHING:
            forget_unfinished(self._vault, case_id)
            raise CannotResume("What was begun is not there any more.", kept="Nothing of it counts as built.")
        envelope = envelope_from(unfinished.made.envelope, unfinished.envelope)
        try:
            return self._seal(unfinished, unfinished.plan(self._opened), envelope, progress, cancelled, left=left)
        finally:
            envelope.wipe()

    def discard(self, case_id: str) -> None:
        """The secrets go first: what is left of the file then opens for its recipient only, and is not recorded."""
        unfinished = unfinished_of(self._vault, case_id)
        if unfinished is not None:
            forget_unfinished(self._vault, case_id)
            remove_what_is_left(Path(unfinished.target))

    def _refuse_unfinished(self, case_id: str) -> None:
        unfinished = unfinished_of(self._vault, case_id)
        if unfinished is None:
            return
        if unfinished.envelope and what_is_left(Path(unfinished.target)) is not Left.NOTHING:
            raise CannotResume(
                "A package of this case was begun and is not whole.", to_do="Resume it, or discard it first."
            )
        # Of the other kinds nothing can be gone on with, and nobody has the passphrase of what may be there.
        self.discard(case_id)

    def _seal(
        self,
        unfinished: Unfinished,
        plan: Plan,
        envelope: Envelope,
        progress: Tell,
        cancelled: Callable[[], bool],
        *,
        left: Left | None,
    ) -> Built:
        """`left` is what there is of it to go on with; None: it begins."""
        started_at = self._clock.now()
        target = Path(unfinished.target)
        try:
            if left is Left.WHOLE:
                file = self._finished(plan, envelope, target, progress, cancelled)
            else:
                file = build_file(
                    plan,
                    envelope,
                    target,
                    progress=lambda phase, done, total: progress(Progress(phase, done, total)),
                    cancelled=cancelled,
                    resume=left is Left.PART,
                )
            progress(Progress("recording", 0, 0))
            kit = write_kit(
                target.with_name(f"{unfinished.folder}-kit"),
                ca_pem=unfinished.ca,
                tsa_ca_pem=unfinished.tsa_ca,
                package_name=target.name,
                folder=unfinished.folder,
                envelope=unfinished.made.envelope,
                tagmanifest_sha256=unfinished.made.tagmanifest_sha256,
            )
            made = msgspec.structs.replace(unfinished.made, package_sha256=file.sha256, package_size=file.size)
            self._record(unfinished, made, started_at)
        except BaseException as error:
            with going_on("noting a package that failed"):
                self._after_failure(unfinished, target, error)
            raise
        delivered = self._pending.try_to_deliver()
        refused = delivered.refused.get(made.id)
        return Built(
            handoff=delivered.answered.get(made.id) or self._unrecorded(made, refused),
            path=target,
            kit=kit,
            passphrase=envelope.passphrase,
            not_stamped=unfinished.not_stamped,
        )

    def _after_failure(self, unfinished: Unfinished, target: Path, error: BaseException) -> None:
        """What can be gone on with is kept. Nothing else is left behind, also where it was whole already: nobody has
        the passphrase of such a file, and nothing says that it exists."""
        case_id = unfinished.made.case_id
        if not unfinished.envelope:
            self.discard(case_id)
        elif what_is_left(target) is Left.NOTHING:
            forget_unfinished(self._vault, case_id)
        if isinstance(error, ReviewerError):
            self._journal.note_case(CustodyAction.PACKAGE_FAILED, case_id, reason=error.code)

    def _finished(
        self, plan: Plan, envelope: Envelope, target: Path, progress: Tell, cancelled: Callable[[], bool]
    ) -> BuiltFile:
        """It was whole, and the machine failed before it was recorded."""

        def check() -> None:
            if cancelled():
                raise BuildCancelled

        return read_finished(
            plan,
            envelope,
            target,
            progress=lambda done, total: progress(Progress("checking", done, total)),
            check=check,
        )

    def _record(self, unfinished: Unfinished, made: NewHandoff, started_at: datetime) -> None:
        """All at once: a custody entry for each item, what is to be told to the case system, and that nothing is
        unfinished any more."""
        entries = [
            self._journal.package_entry(one.item, started_at, made)
            for one in unfinished.entries
            if one.item is not None
        ]

        def write(store: Store) -> None:
            now = {
                _CHOICE + made.id: unfinished.choice,
                PENDING: with_records(store, Pending(made=made)),
                UNFINISHED + made.case_id: None,
            }
            store.settle(now, entries)

        self._journal.durably(write)

    def _unrecorded(self, made: NewHandoff, refused: CaseSystemRefused | None) -> Handoff:
        """As it will be recorded when the case system takes it."""
        return local_handoff(made, self._vault.member.name, refused.what_happened if refused is not None else "")


def kept_choice(vault: OpenVault, handoff_id: str) -> Choice | None:
    """What was chosen for a package that was built here."""
    body = vault.store.call(lambda s: s.get_setting(_CHOICE + handoff_id))
    return None if body is None else msgspec.json.decode(body, type=Choice)


def _tagmanifest_sha256(plan: Plan) -> str:
    return next(
        hashlib.sha256(one.content).hexdigest()
        for one in plan.entries
        if isinstance(one, Document) and one.path == TAG_MANIFEST
    )
