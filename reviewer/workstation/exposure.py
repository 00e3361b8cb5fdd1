"""Keeps exposure: drives the meter and the prompts, and stores episodes so that a crash loses but the last seconds."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from reviewer.model.clock import Clock
from reviewer.model.decisions import Decision
from reviewer.model.errors import StoreUnavailable
from reviewer.model.events import MAX_BATCH, EventType, OutboxEvent
from reviewer.model.ids import uuid7
from reviewer.model.levels import LEVEL_KEYS, Kind, Level
from reviewer.model.payloads import Payload, WithoutBreak, as_payload
from reviewer.model.policy import Policy
from reviewer.model.within import Settings
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import CellView, Store
from reviewer.vault.store.exposure_table import StoredEpisode
from reviewer.wellbeing.breakdown import Breakdown, broken_down, standing_severities
from reviewer.wellbeing.elsewhere import ElsewhereDay
from reviewer.wellbeing.episodes import Episode, is_exposure
from reviewer.wellbeing.meter import ExposureFigures, ExposureMeter
from reviewer.wellbeing.prompts import Prompt, PromptMachine
from reviewer.wellbeing.shift import LONGEST_DAYS, OwnSpans, own_spans
from reviewer.wellbeing.stretch import StretchTeller
from reviewer.wellbeing.totals import ItemViewing
from reviewer.workstation.episodes_kept import announced, cell_of, from_stored, to_stored, viewing_of
from reviewer.workstation.local_zone import local_zone
from reviewer.workstation.seen_told import SeenTold

_Announced = tuple[StoredEpisode, OutboxEvent]

# The 28 days of the figures are local ones: one of them may have 25 hours, and an episode may reach into the first.
_HISTORY = timedelta(days=30)
_DECISIONS_PAGE = 1000
# A crash loses what was seen since: the store is not asked for a durable write every second of a day.
_KEEP_EVERY_S = 5.0
_KEEP_CELLS_EVERY_S = 1.0


class ExposureKeeper:
    """One person's exposure on this workstation. `showing` and the read methods touch memory only."""

    def __init__(self, clock: Clock, policy: Policy, vault: OpenVault) -> None:
        self._clock = clock
        self._policy = self._pace = policy
        self._store = store = vault.store
        self._member = vault.member.id
        self._workstation = vault.workstation
        self._zone = local_zone(clock)
        history = store.call(lambda s: s.exposure.episodes_since(clock.now() - _HISTORY))
        cells = store.call(lambda s: s.exposure.cell_views_since(clock.now() - _HISTORY))
        self._meter = ExposureMeter(
            clock,
            policy,
            [from_stored(e) for e in history],
            zone=self._zone,
            cells={cell.item_id: viewing_of(cell) for cell in cells},
        )
        self._prompts = PromptMachine(clock, policy)
        self._kept_at = clock.monotonic()
        self._busy = False
        self._unstored: list[_Announced] = []
        self._unstored_cells: dict[str, CellView] = {}
        self._unstored_lock = threading.Lock()
        # What a crash left running ends at its last heartbeat; the meter has counted it as history already.
        left_over = store.call(lambda s: s.exposure.unfinished_episodes())
        store.call(lambda s: s.exposure.finish_episodes([(e, self._announcement(e)) for e in left_over]))
        told = store.call(lambda s: s.exposure.stretch_told())
        # A vault from before this was kept does not say: after a crash something may have been told.
        self._stretch = StretchTeller(policy, told=0 if told is None and not left_over else told)
        self._unstored_stretch: OutboxEvent | None = None
        self._last_words: tuple[OutboxEvent, ...] = ()
        self._seen = SeenTold(store, self._event, clock.now() - _HISTORY)

    def showing(
        self,
        item_id: str | None,
        harm_type: str,
        level: Level,
        *,
        sound: bool,
        full_screen: bool,
        kind: Kind | None = None,
    ) -> None:
        if item_id is None:
            self._meter.stop()
        else:
            self._meter.showing(item_id, level, harm_type, sound=sound, full_screen=full_screen, kind=kind)
            if is_exposure(level, sound=sound):
                self._seen.shown((item_id,))
        if self._clock.monotonic() - self._kept_at >= _KEEP_EVERY_S:
            self.keep()

    def showing_cells(self, cells: Mapping[str, str]) -> None:
        """Veiled cells of a gallery: item ids with their harm types; none when there is nothing to see."""
        self._meter.showing_cells(cells)
        self._seen.shown(cells)
        if not cells or self._clock.monotonic() - self._kept_at >= _KEEP_CELLS_EVERY_S:
            self.keep()

    def keep(self) -> None:
        """Hand finished episodes, and the running one as it stands, to the store's thread; does not wait.

        What could not be stored (a full disk) is handed over again the next time; storing an episode twice is harmless.
        """
        self._kept_at = self._clock.monotonic()
        self._seen.keep()
        running = self._meter.unfinished()
        done = self._take_finished()
        cells = self._take_cells()
        stretch = self._note_stretch(self._stretch.due(self._meter.figures().since_break_s))
        if not done and running is None and not cells and not stretch:
            return

        def job(store: Store) -> None:
            if cells:
                store.exposure.keep_cell_views(cells)
                self._forget_cells(cells)
            if done:
                store.exposure.finish_episodes(done)
            if running is not None:
                store.exposure.keep_running(to_stored(running))
            self._forget(done)
            self._store_stretch(store)

        with contextlib.suppress(StoreUnavailable):
            self._store.submit(job)

    def stop(self) -> None:
        """Nothing is shown any more; everything measured is durable when this returns."""
        self._meter.stop()
        self._seen.stop()
        done = self._take_finished()
        self._store.call(lambda s: s.exposure.finish_episodes(done))
        self._forget(done)
        cells = self._take_cells()
        self._store.call(lambda s: s.exposure.keep_cell_views(cells))
        self._forget_cells(cells)
        self._note_stretch(self._stretch.over())
        self._store.call(self._store_stretch)
        self._last_words = self._store.call(lambda s: tuple(s.exposure.stretches_waiting(MAX_BATCH)))

    def goodbye(self) -> tuple[OutboxEvent, ...]:
        """After `stop`: what is still to be told of long stretches, in order, the end of this one last.

        A locked workstation's outbox waits for the next unlock, and a supervisor would see that stretch until then.
        The end is not sent past what was told before it: that would come after it, and stand.
        """
        return self._last_words

    def elsewhere(self, days: Sequence[ElsewhereDay] | None) -> None:
        """What other workstations reported; None when they could not be asked."""
        self._meter.elsewhere(days)

    def today(self) -> date:
        """The local day."""
        return self._clock.now().astimezone(self._zone).date()

    def broken_down(self, first: date, last: date) -> Breakdown:
        """One's own figures of the local days `first` to `last`, of this workstation. Blocks: it reads the store.

        Severity is that of one's own decisions made here.
        """
        since = self._clock.now() - timedelta(days=max(0, (self.today() - first).days) + 2)
        severities = standing_severities(self._decisions(), self._member)
        return broken_down(self._known_since(since), severities, self._zone, first, last)

    def spans(self) -> OwnSpans:
        """The same of today, this shift, 7 and 28 days, all of one moment. Blocks: it reads the store once."""
        shift_s, today = self._meter.figures().shift_s, self.today()
        episodes = self._known_since(self._clock.now() - timedelta(days=LONGEST_DAYS + 2))
        severities = standing_severities(self._decisions(), self._member)
        return own_spans(episodes, severities, self._zone, today, shift_s)

    def _known_since(self, since: datetime) -> list[Episode]:
        """Kept, not stored yet, and the running one as it stands; each once.

        What is in memory is read first: what is stored meanwhile is then found twice, and nothing is missed.
        """
        running = self._meter.unfinished()
        found = {stored.id: from_stored(stored) for stored, _ in self._take_finished()}
        if running is not None:
            found.setdefault(running.id, running)
        for kept in map(from_stored, self._store.call(lambda s: s.exposure.episodes_since(since))):
            if kept.id not in found or kept.seconds > found[kept.id].seconds:
                found[kept.id] = kept
        return list(found.values())

    def _decisions(self) -> list[Decision]:
        found: list[Decision] = []
        after = 0
        while page := self._store.call(partial(Store.decisions, after=after, limit=_DECISIONS_PAGE)):
            found += [decision for _, decision in page]
            after = page[-1][0]
        return found

    def _note_stretch(self, quarter_hours: int | None) -> bool:
        """Whether something is to be stored. Only the newest is worth sending: it replaces one that waits still."""
        with self._unstored_lock:
            if quarter_hours is not None:
                told = WithoutBreak(member=self._member, quarter_hours=quarter_hours)
                self._unstored_stretch = self._event(EventType.WITHOUT_BREAK, told)
            return self._unstored_stretch is not None

    def _store_stretch(self, store: Store) -> None:
        """On the store's thread, where nothing comes between reading it and forgetting it but a newer one."""
        stretch = self._unstored_stretch
        if stretch is None:
            return
        store.exposure.tell_stretch(stretch, stretch.payload["quarter_hours"])
        with self._unstored_lock:
            if self._unstored_stretch is stretch:
                self._unstored_stretch = None

    def _take_cells(self) -> list[CellView]:
        with self._unstored_lock:
            for item_id, seen in self._meter.changed_cells().items():
                if (cell := cell_of(item_id, seen)) is not None:
                    self._unstored_cells[item_id] = cell
            return list(self._unstored_cells.values())

    def _forget_cells(self, stored: list[CellView]) -> None:
        with self._unstored_lock:
            for cell in stored:
                if self._unstored_cells.get(cell.item_id) == cell:
                    del self._unstored_cells[cell.item_id]

    def _take_finished(self) -> list[_Announced]:
        with self._unstored_lock:
            self._unstored += self._announced(self._meter.finished())
            return list(self._unstored)

    def _forget(self, stored: list[_Announced]) -> None:
        ids = {episode.id for episode, _ in stored}
        with self._unstored_lock:
            self._unstored = [pair for pair in self._unstored if pair[0].id not in ids]

    def follow(self, settings: Settings) -> None:
        """The pace this person chose; what is measured and told stays the organisation's."""
        self._pace = settings.policy
        self._prompts.follow(settings.policy)

    def figures(self) -> ExposureFigures:
        figures = self._meter.figures()
        due_in_s = max(0.0, self._pace.breaks.after_minutes * 60.0 - figures.since_break_s)
        return replace(figures, break_due_in_s=due_in_s)

    def viewing(self, item_id: str) -> ItemViewing:
        return self._meter.viewing_record(item_id)

    def prompt(self, *, busy: bool = False) -> Prompt | None:
        """`busy`: what the window knows of it, beside what `busy` was told."""
        return self._prompts.due(self._meter.figures(), busy=busy or self._busy)

    def busy(self, busy: bool) -> None:
        """Somebody may be in imminent danger, or the person is in the middle of a sentence: prompts wait."""
        self._busy = busy

    def item_closed(self, item_id: str, harm_type: str) -> None:
        viewing = self._meter.viewing_record(item_id)
        looked = any(seconds > 0 for level, seconds in viewing.seconds.items() if level != LEVEL_KEYS[Level.FACTS])
        self._prompts.item_closed(self._policy.harm_type(harm_type).violent and looked)

    def break_started(self) -> None:
        self._meter.break_started()
        self._prompts.break_started()
        self.keep()

    def break_ended(self) -> None:
        self._meter.break_ended()
        self._prompts.break_ended()
        self.keep()

    def postponed(self) -> None:
        self._prompts.postponed()

    def _announced(self, finished: list[Episode]) -> list[_Announced]:
        return [(stored, self._announcement(stored)) for stored in map(to_stored, finished)]

    def _announcement(self, episode: StoredEpisode) -> OutboxEvent:
        return self._event(EventType.EXPOSURE_RECORDED, announced(episode, self._member, self._policy))

    def _event(self, kind: EventType, payload: Payload) -> OutboxEvent:
        return OutboxEvent(
            id=uuid7(),
            sequence=0,
            type=kind,
            workstation=self._workstation,
            actor=self._member,
            at=self._clock.now(),
            payload=as_payload(payload),
        )
