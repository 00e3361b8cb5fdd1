"""A package's CyberTipline report, prepared and sent: shown first, sent by a second step, every answer recorded."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from reviewer.handoff.clearing_credentials import Credentials
from reviewer.handoff.clearing_house import ClearingHouse, Confirmation, Prepared
from reviewer.handoff.cybertip import cybertip_report, high_priority
from reviewer.handoff.cybertip_files import upload_files
from reviewer.handoff.dossier import Exhibit
from reviewer.handoff.errors import ClearingHouseUnusable, SendingFailed
from reviewer.handoff.errors import Sending as Outcome
from reviewer.handoff.plan import PlainReader
from reviewer.model.cases import Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import HandoffError, ReviewerError
from reviewer.model.handoff import Handoff, NewStep, StepKind
from reviewer.model.ids import uuid7
from reviewer.model.policy import Policy
from reviewer.ui.handoff_ports import Progress, Sending, Sent
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store
from reviewer.workstation.dossiers import Gathering
from reviewer.workstation.going_on import going_on
from reviewer.workstation.handoff_pending import SETTING as PENDING
from reviewer.workstation.handoff_pending import Pending, PendingRecords, with_records
from reviewer.workstation.handoff_record import WholeRecord
from reviewer.workstation.journal import Journal
from reviewer.workstation.packaging import kept_choice
from reviewer.workstation.preserving import preservation_from

_CREDENTIALS = "clearing_house_credentials"
_SENT = "clearing_house_sent/"
_BEGUN, _CONFIRMED = b"begun", b"confirmed "
# Certainly not sent: it may be prepared and sent again.
_NOT_SENT = (Outcome.NOTHING_OPEN, Outcome.RETRACTED, Outcome.NOT_RETRACTED)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Prepared and not sent yet: with the client that prepared it, because only that one sends it."""

    house: ClearingHouse
    prepared: Prepared
    handoff: Handoff
    jurisdiction: str


def keep_credentials(vault: OpenVault, user: str, password: str) -> None:
    """ClearingHouseUnusable for what could never be sent as such."""
    body = Credentials(user=user, password=password).to_bytes()
    vault.store.call(lambda s: s.put_setting(_CREDENTIALS, body))


class ReportSending:
    """Of one session. At most one preparation of a package waits; a newer one replaces it."""

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
        self._lock = threading.Lock()
        self._waiting: dict[str, _Waiting] = {}

    def prepare(self, handoff: Handoff, record_of: Callable[[str], WholeRecord]) -> Sending:
        """Make the report anew from the record, of the items of this package. Sends nothing."""
        terms = self._policy.handoff
        credentials = self._vault.store.call(lambda s: s.get_setting(_CREDENTIALS))
        if not terms.clearing_house or credentials is None:
            raise ClearingHouseUnusable("No clearing house is configured, or its credentials are not in this vault.")
        choice = kept_choice(self._vault, handoff.made.id)
        agency = terms.agency(handoff.made.agency)
        if choice is None or agency is None:
            raise HandoffError(
                "This package was not built on this workstation.", to_do="Send its report where it was built."
            )
        self._refuse_sent(handoff)
        dossier = self._gathering.dossier(
            record_of(handoff.made.case_id),
            choice,
            agency,
            handoff_id=handoff.made.id,
            built_at=handoff.made.built_at,
            missing=handoff.made.missing,
            overrule=None,
            check=lambda _done, _total: None,
        )
        house = ClearingHouse(terms.clearing_house, Credentials.from_bytes(credentials))
        try:
            prepared = house.prepare(cybertip_report(dossier), upload_files(dossier, self._reader))
        except BaseException:
            house.close()
            raise
        with self._lock:
            for old in self._waiting.values():
                old.house.close()
            self._waiting = {prepared.token: _Waiting(house, prepared, handoff, dossier.case.referral.jurisdiction)}
        return Sending(
            token=prepared.token,
            address=prepared.address,
            xml=prepared.xml.decode(),
            files=tuple((file.name, file.size, file.viewed) for file in prepared.files),
            high_priority=high_priority(dossier),
        )

    def send(self, sending: Sending, *, progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Sent:
        """What was prepared under this token, once. That it is being sent is written down first: were this machine to
        fail half-way, nobody would send it again unawares."""
        with self._lock:
            waiting = self._waiting.pop(sending.token, None)
        if waiting is None:
            raise SendingFailed(
                "This report was not prepared here, or was sent once already.",
                kept="Nothing was sent.",
                to_do="Prepare it, look at it, and send it then.",
            )
        made = waiting.handoff.made
        self._begin(waiting.handoff)
        sent_at = self._clock.now()
        try:
            with waiting.house as house:
                confirmed = house.send(
                    waiting.prepared,
                    progress=lambda done, total: progress(Progress("sending", done, total)),
                    cancelled=cancelled,
                    opened=lambda report_id: self._numbered(made.id, report_id),
                )
        except SendingFailed as failed:
            if failed.outcome in _NOT_SENT:
                self._forget(made.id)
            self._journal.note_case(CustodyAction.SENDING_FAILED, made.case_id, reason=failed.code)
            raise
        sent = NewStep(id=uuid7(), kind=StepKind.SENT, at=sent_at, to=sending.address)
        try:
            self._confirmed(waiting, confirmed, sent)
        except ReviewerError as error:
            raise SendingFailed(
                f"The clearing house confirmed the report as number {confirmed.report_id}, and it could not be written "
                "down here.",
                kept="The report is sent.",
                to_do="Note the number, and record the package as sent and received by hand.",
                report_id=confirmed.report_id,
            ) from error
        self._pending.try_to_deliver()
        return Sent(confirmed.report_id, confirmed.receipt_sha256, len(confirmed.file_ids))

    def _begin(self, handoff: Handoff) -> None:
        """In one step on the store's thread: of two preparations of one package only one is ever sent."""

        def write(store: Store) -> bytes | None:
            found = store.get_setting(_SENT + handoff.made.id)
            if found is None:
                store.put_setting(_SENT + handoff.made.id, _BEGUN)
            return found

        found = self._vault.store.call(write)
        if found is not None:
            raise _sent_before(found)

    def _numbered(self, handoff_id: str, report_id: str) -> None:
        """The report's number as soon as there is one: were this machine to fail, somebody can ask about it."""
        with going_on("noting a report's number"):
            self._vault.store.call(lambda s: s.put_setting(_SENT + handoff_id, _BEGUN + b" " + report_id.encode()))

    def _confirmed(self, waiting: _Waiting, confirmed: Confirmation, sent: NewStep) -> None:
        """Both steps and the preservation are written down here before the case system is told."""
        made = waiting.handoff.made
        received = NewStep(
            id=uuid7(),
            kind=StepKind.RECEIVED,
            at=self._clock.now(),
            to=sent.to,
            receipt=confirmed.report_id,
            receipt_sha256=confirmed.receipt_sha256,
        )
        records = [Pending(step=one, of=made.id, noted=True) for one in (sent, received)]
        rule = preservation_from(
            self._policy.handoff, jurisdiction=waiting.jurisdiction, agency=made.agency, sent_at=sent.at
        )
        if rule is not None:
            records.append(Pending(preservation=rule, of=made.case_id))
        entry = self._journal.case_entry(
            CustodyAction.HANDED_OFF, made.case_id, given_to=sent.to, receipt=confirmed.report_id
        )

        def write(store: Store) -> None:
            now = {
                PENDING: with_records(store, *records),
                _SENT + made.id: _CONFIRMED + confirmed.report_id.encode(),
            }
            store.settle(now, (entry,))

        self._journal.durably(write)

    def _reader(self, exhibit: Exhibit) -> PlainReader:
        return self._opened(exhibit.record.item)

    def _forget(self, handoff_id: str) -> None:
        self._vault.store.call(lambda s: s.remove_setting(_SENT + handoff_id))

    def _refuse_sent(self, handoff: Handoff) -> None:
        state = self._vault.store.call(lambda s: s.get_setting(_SENT + handoff.made.id))
        if state is not None:
            raise _sent_before(state)


def _sent_before(state: bytes) -> SendingFailed:
    if state.startswith(_CONFIRMED):
        return SendingFailed(
            "The report of this package was sent and confirmed before.",
            kept="Nothing was sent a second time.",
            to_do="Its number stands among the steps of the package.",
        )
    number = state.removeprefix(_BEGUN).strip().decode(errors="replace")
    named = f" It has the number {number}." if number else ""
    return SendingFailed(
        f"The report of this package was begun before, and it is not known whether it arrived.{named}",
        kept="Nothing was sent a second time.",
        to_do="Ask the clearing house; then build a new package to send it again.",
    )
