"""An unlocked workstation: `reviewer.ui.ports.Session`, put together from one service for each part of the work."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

from reviewer.media.broker import Broker
from reviewer.model.batch import BatchResult
from reviewer.model.cases import Item, QueueEntry
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Decision, Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.model.preferences import Preferences
from reviewer.model.queue_view import QueueAsk, QueueListing
from reviewer.model.readings import Withdrawn
from reviewer.model.roles import Member, Permission, may
from reviewer.model.within import Settings
from reviewer.sync.client import CaseSystem
from reviewer.ui.item_ports import TakenItem
from reviewer.ui.ports import PostureLine, SyncState
from reviewer.vault.open_vault import OpenVault
from reviewer.wellbeing.breakdown import Breakdown
from reviewer.wellbeing.meter import ExposureFigures
from reviewer.wellbeing.prompts import Prompt
from reviewer.workstation.amending import Amending, Reopened, leased
from reviewer.workstation.batch_deciding import BatchDeciding
from reviewer.workstation.case_thread import CaseThreads
from reviewer.workstation.deciding import Deciding
from reviewer.workstation.elsewhere import Elsewhere
from reviewer.workstation.exposure import ExposureKeeper
from reviewer.workstation.farewell import Farewell
from reviewer.workstation.gallery import Gallery
from reviewer.workstation.going_on import going_on
from reviewer.workstation.handing_off import HandingOff
from reviewer.workstation.holding import Holding
from reviewer.workstation.journal import Journal
from reviewer.workstation.local_queue import LocalQueue
from reviewer.workstation.opening import ItemOpener, Taken
from reviewer.workstation.own_data import OwnData
from reviewer.workstation.pausing import Pausing
from reviewer.workstation.posture import posture
from reviewer.workstation.preferring import Preferring
from reviewer.workstation.related import Around
from reviewer.workstation.second_review import SecondReview
from reviewer.workstation.sharing import FairSharing
from reviewer.workstation.supervising import Supervising
from reviewer.workstation.syncing import Syncing
from reviewer.workstation.taking import Taking
from reviewer.workstation.thumbnails import Thumbnails
from reviewer.workstation.undoing import undo_last
from reviewer.workstation.unsealing import Unsealer
from reviewer.workstation.viewing import Viewing


class WorkSession:
    """One person, from unlock to lock. Every write is durable when its method returns."""

    def __init__(
        self,
        *,
        vault: OpenVault,
        case_system: CaseSystem,
        broker: Broker,
        policy: Policy,
        clock: Clock,
        protection_missing: bool = False,
    ) -> None:
        self._vault = vault
        self._store = vault.store
        self._case_system = case_system
        self._broker = broker
        self._policy = policy
        self._protection_missing = protection_missing
        self._clock = clock
        self._locked = threading.Event()
        self._journal = journal = Journal(vault, clock)
        self._preferring = preferring = Preferring(vault.store, policy, clock)
        self._sharing = sharing = FairSharing(case_system)
        self._exposure = ExposureKeeper(clock, policy, vault)
        preferring.tell(self._exposure.follow)
        self._elsewhere = Elsewhere(case_system, self._exposure.elsewhere)
        self._viewing = viewing = Viewing(self._exposure, vault.member.id)
        self._items = items = ItemOpener(
            case_system=case_system,
            broker=broker,
            vault=vault,
            rules_for=preferring.rules_for,
            clock=clock,
            broke=self._item_broke,
        )
        self._sync = sync = Syncing(vault, case_system, clock, journal.author, items.renew_leases)
        self._queue = queue = LocalQueue(
            vault, case_system, clock, sync, wishes=lambda: preferring.wishes(sharing.share)
        )
        self._holding = Holding(case_system=case_system, items=items, journal=journal, viewing=viewing, sync=sync)
        self._taking = Taking(
            store=vault.store,
            queue=queue,
            items=items,
            journal=journal,
            viewing=viewing,
            sync=sync,
            broke=self._item_broke,
        )
        self._deciding = Deciding(
            vault=vault,
            policy=policy,
            clock=clock,
            queue=queue,
            items=items,
            journal=journal,
            viewing=viewing,
            sync=sync,
        )
        self._amending = Amending(store=vault.store, queue=queue, viewing=viewing, deciding=self._deciding)
        self._batches = BatchDeciding(
            store=vault.store,
            member=vault.member,
            items=items,
            viewing=viewing,
            deciding=self._deciding,
            sync=sync,
        )
        self._thumbnails = thumbnails = Thumbnails(
            broker=broker,
            unsealer=Unsealer(vault, case_system),
            policy=policy,
            clock=clock,
            journal=journal,
            broke=self._item_broke,
        )
        self._gallery = Gallery(queue, thumbnails, self._exposure, viewing, self._locked, vault.store)
        self._threads = CaseThreads(vault, case_system, clock, journal, sync.wake)
        self._around = around = Around(vault, case_system, clock)
        self._own = OwnData(vault, case_system, clock, self._exposure, self._preferring.read, around.outcomes)
        self.second = SecondReview(
            vault=vault,
            case_system=case_system,
            policy=policy,
            clock=clock,
            journal=journal,
            refuse_unfinished=self._deciding.refuse_unfinished,
            replace_own=self._deciding.replace_own,
            wake=sync.wake,
        )
        self._supervision = Supervising(case_system)
        self._pausing = Pausing(
            store=vault.store,
            case_system=case_system,
            queue=queue,
            items=items,
            batches=self._batches,
            journal=journal,
            sync=sync,
        )
        self._handing_off = HandingOff(
            vault=vault,
            case_system=case_system,
            policy=policy,
            clock=clock,
            journal=journal,
            thumbnail=thumbnails.for_report,
            stopped=self._locked,
        )
        self._farewell = Farewell(
            (
                ("sync", sync.stop),
                ("goodbye", self._say_goodbye),
                ("leases", items.close),
                ("elsewhere", self._elsewhere.stop),
                ("share", sharing.stop),
                ("client", case_system.close),
            )
        )
        journal.note(CustodyAction.UNLOCKED)
        sync.start()
        if may(vault.member.role, Permission.REVIEW_ITEMS):
            self._elsewhere.start()
            sharing.start()

    @property
    def supervision(self) -> Supervising:
        return self._supervision

    @property
    def member(self) -> Member:
        return self._vault.member

    @property
    def policy(self) -> Policy:
        return self._policy

    @property
    def protection_missing(self) -> bool:
        return self._protection_missing

    # the queue, and what is on the desk

    def queue(self) -> Sequence[QueueEntry]:
        return self._queue.entries()

    def refresh_queue(self) -> Sequence[QueueEntry]:
        return self._queue.refresh()

    def list_queue(self, ask: QueueAsk) -> QueueListing:
        return self._queue.listing(ask)

    def case_queue(self, case_id: str, most: int) -> tuple[Sequence[QueueEntry], int]:
        return self._queue.of_case(case_id, most)

    def queue_entries(self, lines: Sequence[int]) -> Sequence[tuple[int, QueueEntry]]:
        return self._queue.entries_of(lines)

    def pull_queue(self) -> int:
        return self._queue.pull()

    def hold(self, item: TakenItem) -> None:
        self._holding.hold(leased(item))

    def colleagues(self, item_id: str) -> Sequence[tuple[str, str]]:
        return self._holding.colleagues(item_id)

    def assign(self, item: TakenItem, member_id: str) -> None:
        self._holding.assign(leased(item), member_id)

    def take(self, item_id: str) -> Taken:
        entry = self._queue.entry(item_id)
        if entry.held:
            return self._holding.take_up(entry.item, lambda: self._taking.take(item_id))
        return self._taking.take(item_id)

    def prefetch(self, item_id: str) -> None:
        self._taking.prefetch(item_id)

    def put_back(self, item: TakenItem) -> None:
        if isinstance(item, Reopened):
            return  # nothing was leased and nothing opened; its words are a draft
        self._taking.put_back(leased(item))

    def hide_everything(self) -> None:
        self._thumbnails.drop()
        self._items.hide_everything()

    @property
    def gallery(self) -> Gallery:
        return self._gallery

    def save_draft(self, draft: Draft) -> None:
        self._deciding.save_draft(draft)

    def decide(self, item: TakenItem, draft: Draft, *, from_notes: bool) -> Decision:
        if isinstance(item, Reopened):
            return self._amending.amend(item, draft)
        return self._deciding.decide(leased(item), draft, from_notes=from_notes)

    def pass_on(self, item: TakenItem) -> None:
        self._deciding.pass_on(leased(item))

    def copies(self, item_id: str) -> tuple[str, ...]:
        return self._batches.copies(item_id)

    def decide_many(
        self,
        draft: Draft,
        item_ids: Sequence[str],
        *,
        viewed_with: str | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> tuple[BatchResult, ...]:
        return self._batches.decide_many(
            draft, item_ids, viewed_with=viewed_with, progress=progress, cancelled=cancelled
        )

    def reopen(self) -> Reopened | None:
        return self._amending.reopen()

    def undo(self) -> Decision | Withdrawn | None:
        with self._batches.running:
            return undo_last(self._deciding, self.second)

    # colleagues, and what stands around a case

    @property
    def threads(self) -> CaseThreads:
        return self._threads

    @property
    def around(self) -> Around:
        return self._around

    @property
    def handoffs(self) -> HandingOff:
        return self._handing_off

    @property
    def own(self) -> OwnData:
        return self._own

    def showing(self, item_id: str | None, level: Level, *, sound: bool = False, full_screen: bool = False) -> None:
        if not self._locked.is_set():
            self._viewing.showing(item_id, level, sound=sound, full_screen=full_screen)

    def exposure(self) -> ExposureFigures:
        return self._exposure.figures()

    def exposure_broken_down(self, days: int) -> Breakdown:
        """One's own figures of the last `days` local days, of this workstation. Blocks."""
        today = self._exposure.today()
        return self._exposure.broken_down(today - timedelta(days=days - 1), today)

    @property
    def pausing(self) -> Pausing:
        return self._pausing

    def prompt(self, *, busy: bool = False) -> Prompt | None:
        return self._exposure.prompt(busy=busy)

    def break_started(self, minutes: float) -> None:
        self._exposure.break_started()

    def break_ended(self) -> None:
        self._exposure.break_ended()

    def break_postponed(self) -> None:
        self._exposure.postponed()

    # how the person likes the window

    def preferences(self) -> Preferences | None:
        return self._preferring.read()

    def keep_preferences(self, preferences: Preferences) -> None:
        self._preferring.keep(preferences)

    def follow_preferences(self, preferences: Preferences) -> None:
        self._preferring.follow(preferences)

    @property
    def settings(self) -> Settings:
        return self._preferring.settings

    def rules_for(self, entry: QueueEntry) -> Policy:
        return self._preferring.rules_for(entry)

    # sync, posture, supervision

    def sync_state(self) -> SyncState:
        return self._sync.state()

    def sync_now(self) -> SyncState:
        self._exposure.keep()
        return self._sync.now()

    def posture(self) -> Sequence[PostureLine]:
        return posture(self._broker, self._policy, self._case_system.base_url)

    def lock(self) -> None:
        """Evidence and keys first, whatever fails; then the network, without waiting for it (`farewell`)."""
        if self._locked.is_set():
            return
        self._locked.set()
        self._batches.stop()
        self._queue.stop()
        try:
            with going_on("hiding"):
                self._thumbnails.close()
            with going_on("hiding"):
                self._items.hide_everything()
            with going_on("closing the log"):
                self._exposure.stop()
                self._journal.note(CustodyAction.LOCKED)
                # The log at rest is covered by a signature; it is anchored at the next sync.
                self._vault.checkpoint(self._clock.now())
        finally:
            self._vault.lock()
            self._farewell.start()

    def farewell(self, timeout_s: float) -> None:
        """Wait until leases are given back and the connection is closed, at most `timeout_s`."""
        self._farewell.wait(timeout_s)

    def _say_goodbye(self) -> None:
        """Sent again from the outbox after the next unlock: the same event twice is one."""
        if events := self._exposure.goodbye():
            self._case_system.post_events(events)

    def _item_broke(self, item: Item, error: ReviewerError) -> None:
        """Workers that end because of the lock did not fail."""
        if not self._locked.is_set():
            self._journal.note(CustodyAction.COULD_NOT_OPEN, item, reason=error.code)
