"""Second readings at the workstation: where one's own items stand, both sides, and settling what two see differently.

Everything that is decided here is an event in the outbox like any decision: durable before the window moves on.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from reviewer.model.cases import Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Change, Decision, Draft, ViewingRecord
from reviewer.model.errors import ReviewerError, StoreUnavailable
from reviewer.model.events import EventType
from reviewer.model.ids import uuid7
from reviewer.model.payloads import ConsensusAccepted, ConsensusProposed, ConsensusWithdrawn, DecisionRecorded
from reviewer.model.policy import Policy
from reviewer.model.readings import (
    Calibration,
    Golden,
    GoldenAnswer,
    GoldenCandidate,
    ReadingLine,
    Readings,
    Stage,
    TeamAgreement,
    Withdrawn,
    golden_draft,
    settling_draft,
)
from reviewer.sync.client import CaseSystem
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.journal import Journal


class DecidedElsewhere(ReviewerError):
    code = "R006"
    happened = "This item was decided at another workstation, or the decision was replaced meanwhile."
    kept = "Nothing was changed."
    to_do = "Amend it where it was decided, or propose a decision for both."


class NotToSettle(ReviewerError):
    code = "R007"
    happened = "This item does not wait for the two of you any more."
    kept = "Nothing was changed; both decisions are kept."
    to_do = "Look at where it stands now."


class AgreedByBoth(ReviewerError):
    code = "R010"
    happened = "The last thing you did was to accept a decision for both. One of the two does not undo it alone."
    kept = "Nothing was changed."
    to_do = "Write to your colleague in the thread of the case."


@dataclass(frozen=True, slots=True)
class Step:
    """Something settled here that is no decision of one's own. `id` is a UUIDv7 of this process, as decisions have."""

    id: str
    item: Item
    accepted: bool


class SecondReview:
    """Methods block. What asks the network raises SyncError; what writes is durable when it returns."""

    def __init__(
        self,
        *,
        vault: OpenVault,
        case_system: CaseSystem,
        policy: Policy,
        clock: Clock,
        journal: Journal,
        refuse_unfinished: Callable[[Draft], None],
        replace_own: Callable[[Decision, Callable[[], None]], None],
        wake: Callable[[], None],
    ) -> None:
        """`refuse_unfinished` raises for words that are no decision yet; `replace_own` writes what replaces one here.

        `wake` makes sync send soon.
        """
        self._store = vault.store
        self._member_id = vault.member.id
        self._case_system = case_system
        self._policy = policy
        self._clock = clock
        self._journal = journal
        self._refuse_unfinished = refuse_unfinished
        self._replace_own = replace_own
        self._wake = wake
        self._steps: list[Step] = []
        self._stepping = threading.Lock()

    def mine(self) -> Sequence[ReadingLine]:
        """Items this person decided and somebody else as well; those that wait for something first."""
        return self._case_system.readings.mine()

    def side_by_side(self, item_id: str) -> Readings:
        """Who has seen this is not asked to read the item blind any more."""
        return self._case_system.readings.side_by_side(item_id)

    def calibrations(self) -> Sequence[Calibration]:
        return self._case_system.readings.calibrations()

    def agreement(self) -> TeamAgreement:
        return self._case_system.readings.agreement()

    def golden(self) -> Sequence[Golden]:
        """The items marked for calibration. For supervisors, as are the next three; none shows anything of an item."""
        return self._case_system.readings.golden()

    def golden_candidates(self) -> Sequence[GoldenCandidate]:
        return self._case_system.readings.golden_candidates()

    def mark_golden(self, item_id: str, right: GoldenAnswer) -> None:
        self._case_system.readings.mark_golden(item_id, right)
        self._forget(golden_draft(item_id))

    def withdraw_golden(self, item_id: str) -> None:
        self._case_system.readings.withdraw_golden(item_id)
        self._forget(golden_draft(item_id))

    def kept(self, draft_id: str) -> Draft | None:
        """What was being written, also before a lock or a crash; see `settling_draft` and `golden_draft`."""
        return self._store.call(lambda s: s.load_draft(draft_id))

    def amend(self, shown: Readings, draft: Draft) -> Decision:
        """One's own reading becomes `draft`; if the two then say the same, the item is closed.

        NotToSettle, DecidedElsewhere, DecisionIncomplete, SegmentsOutOfRange, StoreUnavailable; NothingToAmend where it
        was undone meanwhile.
        """
        own = next((reading for reading in shown.readings if reading.mine and not reading.settles), None)
        if shown.stage is not Stage.CONSENSUS or own is None or own.decision_id is None:
            raise NotToSettle
        replaced = own.decision_id
        # The store holds what a decision replaces; one made on another machine is not in it.
        if self._store.call(lambda s: s.decision(replaced)) is None:
            raise DecidedElsewhere
        decision = msgspec.structs.replace(self._decision(shown, draft), change=Change.AMEND, replaces=replaced)
        record = self._record(shown)
        custody = self._journal.entry(CustodyAction.AMENDED, shown.item, reason=decision.policy_version)
        event = self._journal.event(
            EventType.DECISION_RECORDED, DecisionRecorded(decision=decision, viewing_record=record)
        )
        self._replace_own(
            decision,
            lambda: self._journal.durably(lambda s: s.decide(decision, record, custody, event), shown.item),
        )
        self._forget(settling_draft(shown.item.id))
        self._wake()
        return decision

    def propose(self, shown: Readings, draft: Draft) -> Decision:
        """Offer `draft` for both. It stands once the other accepts it. Errors as `amend`, but DecidedElsewhere."""
        if shown.stage is not Stage.CONSENSUS:
            raise NotToSettle
        decision = self._decision(shown, draft)
        payload = ConsensusProposed(decision=decision, viewing_record=self._record(shown))
        custody = self._journal.entry(CustodyAction.DECIDED, shown.item, reason=decision.policy_version)
        event = self._journal.event(EventType.CONSENSUS_PROPOSED, payload)
        self._journal.durably(lambda s: s.append_custody(custody, event), shown.item)
        self._stepped(Step(decision.id, shown.item, accepted=False))
        return decision

    def accept(self, shown: Readings) -> None:
        """The colleague's proposal stands for both. NotToSettle when there is none to accept."""
        proposal = shown.proposal
        if shown.stage is not Stage.CONSENSUS or proposal is None or proposal.mine:
            raise NotToSettle
        payload = ConsensusAccepted(item_id=shown.item.id, proposal_id=proposal.id)
        custody = self._journal.entry(CustodyAction.DECIDED, shown.item, reason=self._policy.version)
        event = self._journal.event(EventType.CONSENSUS_ACCEPTED, payload)
        self._journal.durably(lambda s: s.append_custody(custody, event), shown.item)
        self._stepped(Step(event.id, shown.item, accepted=True))

    @property
    def last(self) -> Step | None:
        """The last proposal of this session that was not withdrawn, or the last one it accepted."""
        with self._stepping:
            return self._steps[-1] if self._steps else None

    def withdraw(self, step: Step) -> Withdrawn:
        """The proposal is taken back; once the other one has accepted it, the case system refuses and says so.

        AgreedByBoth for what was accepted here; StoreUnavailable.
        """
        if step.accepted:
            raise AgreedByBoth
        payload = ConsensusWithdrawn(item_id=step.item.id, proposal_id=step.id)
        custody = self._journal.entry(CustodyAction.VOIDED, step.item, reason=self._policy.version)
        event = self._journal.event(EventType.CONSENSUS_WITHDRAWN, payload)
        self._journal.durably(lambda s: s.append_custody(custody, event), step.item)
        with self._stepping:
            self._steps.remove(step)
        self._wake()
        return Withdrawn(item_id=step.item.id, proposal_id=step.id)

    def _forget(self, draft_id: str) -> None:
        """What it was for is durable: a draft that cannot be removed just now is no reason to say that it failed."""
        with suppress(StoreUnavailable):
            self._store.call(lambda s: s.remove_draft(draft_id))

    def _stepped(self, step: Step) -> None:
        self._forget(settling_draft(step.item.id))
        with self._stepping:
            self._steps.append(step)
        self._wake()

    def _record(self, shown: Readings) -> ViewingRecord:
        return ViewingRecord(item_id=shown.item.id, viewer=self._member_id, decided_from_notes=True)

    def _decision(self, shown: Readings, draft: Draft) -> Decision:
        self._refuse_unfinished(draft)
        words = {name: getattr(draft, name) for name in draft.__struct_fields__ if name != "item_id"}
        return Decision(
            id=uuid7(),
            item_id=shown.item.id,
            case_id=shown.item.case_id,
            actor=self._member_id,
            decided_at=self._clock.now(),
            policy_version=self._policy.version,
            **words,
        )
