"""What the windows ask of the workstation. `reviewer.workstation` satisfies these; tests may use small fakes.

Every method is blocking and is called through `ui.bridge`, never on the Qt thread, except where its docstring says
"immediate": those touch memory only and may be called from the Qt thread.
All failures are `ReviewerError`s: show `what_happened`, `what_was_kept`, `what_to_do`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reviewer.model.batch import BatchResult
from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Decision, Draft
from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.model.preferences import Preferences
from reviewer.model.queue_view import QueueAsk, QueueListing
from reviewer.model.readings import (
    Calibration,
    Golden,
    GoldenAnswer,
    GoldenCandidate,
    ReadingLine,
    Readings,
    TeamAgreement,
    Withdrawn,
)
from reviewer.model.roles import Member
from reviewer.model.within import Settings
from reviewer.ui.case_ports import AroundCases, Threads
from reviewer.ui.handoff_ports import Handoffs
from reviewer.ui.item_ports import TakenItem, VeiledCells
from reviewer.ui.own_ports import OwnRecords
from reviewer.ui.pause_ports import AroundPauses
from reviewer.ui.team_ports import Supervision
from reviewer.wellbeing.meter import ExposureFigures
from reviewer.wellbeing.prompts import Prompt


@dataclass(frozen=True, slots=True)
class SyncState:
    """`last_contact` is the last time the case system gave a sensible answer. `trouble` is one sentence, or empty."""

    waiting: int
    parked: int
    last_contact: datetime | None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class PostureLine:
    """One protection: is it in force here, is it required, and how was that found out."""

    key: str
    words: str
    in_force: bool
    required: bool
    how: str


class SecondReadings(Protocol):
    """Items that two decided. All blocking; what asks the case system raises SyncError, what writes is durable."""

    def mine(self) -> Sequence[ReadingLine]:
        """Items this person decided and somebody else as well; those that wait for something first."""
        ...

    def side_by_side(self, item_id: str) -> Readings:
        """CaseSystemRefused while this person has to be blind to them."""
        ...

    def calibrations(self) -> Sequence[Calibration]: ...
    def kept(self, draft_id: str) -> Draft | None:
        """What was being written (`settling_draft`, `golden_draft`); never the network. Saved by
        `Session.save_draft`; gone once it was written down or sent by one of the methods here."""
        ...

    def amend(self, shown: Readings, draft: Draft) -> Decision: ...
    def propose(self, shown: Readings, draft: Draft) -> Decision: ...
    def accept(self, shown: Readings) -> None: ...
    def agreement(self) -> TeamAgreement: ...
    def golden(self) -> Sequence[Golden]:
        """Items marked for calibration. For supervisors, as the next three; nothing of an item is in them."""
        ...

    def golden_candidates(self) -> Sequence[GoldenCandidate]: ...
    def mark_golden(self, item_id: str, right: GoldenAnswer) -> None: ...
    def withdraw_golden(self, item_id: str) -> None: ...


class Session(Protocol):
    """An unlocked workstation, one person."""

    @property
    def second(self) -> SecondReadings:
        """Immediate."""
        ...

    @property
    def supervision(self) -> Supervision:
        """Immediate."""
        ...

    @property
    def member(self) -> Member: ...
    @property
    def policy(self) -> Policy: ...
    @property
    def protection_missing(self) -> bool:
        """Immediate. A protection the policy requires is not in force here: `policy` reveals nothing above DRAWING."""
        ...

    # the queue: a local projection, never the network
    def queue(self) -> Sequence[QueueEntry]: ...
    def refresh_queue(self) -> Sequence[QueueEntry]:
        """Pull assignments from the case system, then the projection. Raises SyncError; the projection is kept."""
        ...

    def list_queue(self, ask: QueueAsk) -> QueueListing:
        """The order of what was asked for; its entries are read by `queue_entries`."""
        ...

    def case_queue(self, case_id: str, most: int) -> tuple[Sequence[QueueEntry], int]:
        """The first `most` entries of a case, most urgent first, what is held last; and how many there are."""
        ...

    def queue_entries(self, lines: Sequence[int]) -> Sequence[tuple[int, QueueEntry]]:
        """(line, entry) of those that are still known."""
        ...

    def pull_queue(self) -> int:
        """Pull assignments from the case system, without reading them. SyncError; what came before it is kept.

        How many entries could not be read: they are of a newer version, or not to be believed.
        """
        ...

    def hold(self, taken: TakenItem) -> None:
        """Set it aside until somebody takes it up again; the draft is kept."""
        ...

    def colleagues(self, item_id: str) -> Sequence[tuple[str, str]]:
        """(id, name) of those who share the case of the item. SyncError: this asks the case system."""
        ...

    def assign(self, taken: TakenItem, member_id: str) -> None:
        """Give it to a colleague by name. The case system may refuse; then it stays on the desk. SyncError."""
        ...

    def take(self, item_id: str) -> TakenItem:
        """Lease and open an item (uses the prefetched one if it is ready). LeaseLost if somebody else has it.

        Called again for an item that `hide_everything` closed: it is opened anew under the lease that was kept.
        """
        ...

    def prefetch(self, item_id: str) -> None: ...
    def put_back(self, taken: TakenItem) -> None:
        """Close it and release the lease; the draft is kept."""
        ...

    def hide_everything(self) -> None:
        """Immediate. End the worker of the open item and of the prefetched one."""
        ...

    @property
    def gallery(self) -> VeiledCells:
        """Immediate."""
        ...

    # deciding
    def save_draft(self, draft: Draft) -> None: ...
    def decide(self, taken: TakenItem, draft: Draft, *, from_notes: bool) -> Decision:
        """One durable transaction: decision, viewing record, custody entry, outbox event. Closes the item."""
        ...

    def pass_on(self, taken: TakenItem) -> None:
        """No reason asked."""
        ...

    def copies(self, item_id: str) -> tuple[str, ...]:
        """Ids of the other copies of it (same stack) that wait in this queue and may be decided with it."""
        ...

    def decide_many(
        self,
        draft: Draft,
        item_ids: Sequence[str],
        *,
        viewed_with: str | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = ...,
    ) -> tuple[BatchResult, ...]:
        """The same decision for items that are not opened: each its own decision, truthful viewing record, custody
        entry and outbox event, in one durable transaction of its own. One answer for each id, in order; an item that
        is not free or was decided meanwhile is skipped, and the rest goes on.

        `viewed_with` is the item on which the decision rests: its copies (same stack) say so in `with_stack_of`, and
        marks in time and lines go to copies of the same bytes only. Not on the desk; decide that one by itself first.
        `progress(done, of)` and `cancelled()` are called on this thread between two items.
        DecisionIncomplete, SegmentsOutOfRange: nothing was begun. Undo voids a batch as a whole.
        """
        ...

    def reopen(self) -> TakenItem | None:
        """This session's last decision that stands, to change it; None when there is none. The item stays closed.

        `decide` with it records an amendment that names the decision before. NothingToAmend if that stands no more.
        """
        ...

    def undo(self) -> Decision | Withdrawn | None:
        """Void this session's last decision; None when there is none. Its item returns to the queue.

        If a proposal for both came after it, that is withdrawn instead. AgreedByBoth if one was accepted here since.

        What was decided with it for its copies, or in one batch, is voided as well.
        """
        ...

    # colleagues, and what stands around a case
    @property
    def threads(self) -> Threads:
        """Immediate."""
        ...

    @property
    def around(self) -> AroundCases:
        """Immediate."""
        ...

    @property
    def own(self) -> OwnRecords:
        """Immediate."""
        ...

    @property
    def handoffs(self) -> Handoffs:
        """Immediate."""
        ...

    # exposure: immediate, called on the Qt thread whenever what is shown changes and once a second as heartbeat
    def showing(self, item_id: str | None, level: Level, *, sound: bool = False, full_screen: bool = False) -> None: ...
    def exposure(self) -> ExposureFigures: ...
    @property
    def pausing(self) -> AroundPauses:
        """Immediate."""
        ...

    def prompt(self, *, busy: bool = False) -> Prompt | None:
        """The prompt due now, if any; neutral words are the window's. While `busy`, or while the item on the desk is of
        somebody in danger, there is none, and what becomes due meanwhile comes afterwards: ask once a second."""
        ...

    def break_started(self, minutes: float) -> None: ...
    def break_ended(self) -> None: ...
    def break_postponed(self) -> None: ...

    # how the person likes the window
    def preferences(self) -> Preferences | None:
        """None when nothing has been chosen yet."""
        ...

    def keep_preferences(self, preferences: Preferences) -> None: ...
    def follow_preferences(self, preferences: Preferences) -> None:
        """Immediate: in force from here on, as far as `policy` allows; kept by `keep_preferences`."""
        ...

    @property
    def settings(self) -> Settings:
        """Immediate. What is in force for this person: the policy, tightened by what they prefer."""
        ...

    def rules_for(self, entry: QueueEntry) -> Policy:
        """Immediate. How this person looks at this item; where it starts may be lower than `policy` says."""
        ...

    # sync, posture, supervision
    def sync_state(self) -> SyncState:
        """Immediate."""
        ...

    def sync_now(self) -> SyncState: ...
    def posture(self) -> Sequence[PostureLine]: ...
    def lock(self) -> None:
        """Ends workers, wipes keys, closes the store. The session is dead afterwards."""
        ...


class Desk(Protocol):
    """The locked workstation: all the unlock page has."""

    @property
    def display_name(self) -> str:
        """Pseudonym shown while locked, e.g. "Reviewer 07"; empty if the vault does not say."""
        ...

    def unlock(self, passphrase: str) -> Session:
        """WrongPassphrase, StoreUnavailable, StoreDamaged, StoreTooNew, CustodyBroken."""
        ...

    def close(self) -> None: ...
