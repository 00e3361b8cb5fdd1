"""Keeps exposure: drives the meter and the prompts, and stores episodes so that a crash loses at most a heartbeat."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from datetime import UTC, timedelta, tzinfo

from reviewer.model.clock import Clock
from reviewer.model.errors import StoreUnavailable
from reviewer.model.events import EventType, OutboxEvent
from reviewer.model.ids import uuid7
from reviewer.model.levels import LEVEL_KEYS, Level
from reviewer.model.payloads import ExposureRecorded, as_payload
from reviewer.model.policy import Policy
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import CellView, Store
from reviewer.vault.store.exposure_table import StoredEpisode
from reviewer.wellbeing.episodes import Episode
from reviewer.wellbeing.meter import ExposureFigures, ExposureMeter
from reviewer.wellbeing.prompts import Prompt, PromptMachine
from reviewer.wellbeing.totals import ItemViewing

_Announced = tuple[StoredEpisode, OutboxEvent]

_HISTORY = timedelta(days=28)
_KEEP_EVERY_S = 5.0
_KEEP_CELLS_EVERY_S = 1.0


class ExposureKeeper:
    """One person's exposure on this workstation. `showing` and the read methods touch memory only."""

    def __init__(self, clock: Clock, policy: Policy, vault: OpenVault) -> None:
        self._clock = clock
        self._policy = policy
        self._store = store = vault.store
        self._member = vault.member.id
        self._workstation = vault.workstation
        history = store.call(lambda s: s.episodes_since(clock.now() - _HISTORY))
        cells = store.call(lambda s: s.cell_views_since(clock.now() - _HISTORY))
        self._meter = ExposureMeter(
            clock,
            policy,
            [_from_stored(e) for e in history],
            zone=_local_zone(clock),
            cells={cell.item_id: _viewing_of(cell) for cell in cells},
        )
        self._prompts = PromptMachine(clock, policy)
        self._kept_at = clock.monotonic()
        self._busy = False
        self._unstored: list[_Announced] = []
        self._unstored_cells: dict[str, CellView] = {}
        self._unstored_lock = threading.Lock()
        # What a crash left running ends at its last heartbeat; the meter has counted it as history already.
        left_over = store.call(lambda s: s.unfinished_episodes())
        store.call(lambda s: s.finish_episodes([(e, self._event(e)) for e in left_over]))

    def showing(self, item_id: str | None, harm_type: str, level: Level, *, sound: bool, full_screen: bool) -> None:
        if item_id is None:
            self._meter.stop()
        else:
            self._meter.showing(item_id, level, harm_type, sound=sound, full_screen=full_screen)
        if self._clock.monotonic() - self._kept_at >= _KEEP_EVERY_S:
            self.keep()

    def showing_cells(self, cells: Mapping[str, str]) -> None:
        """Veiled cells of a gallery: item ids with their harm types; none when there is nothing to see."""
        self._meter.showing_cells(cells)
        if not cells or self._clock.monotonic() - self._kept_at >= _KEEP_CELLS_EVERY_S:
            self.keep()

    def keep(self) -> None:
        """Hand finished episodes, and the running one as it stands, to the store's thread; does not wait.

        What could not be stored (a full disk) is handed over again the next time; storing an episode twice is harmless.
        """
        self._kept_at = self._clock.monotonic()
        running = self._meter.unfinished()
        done = self._take_finished()
        cells = self._take_cells()
        if not done and running is None and not cells:
            return

        def job(store: Store) -> None:
            if cells:
                store.keep_cell_views(cells)
                self._forget_cells(cells)
            if done:
                store.finish_episodes(done)
            if running is not None:
                store.keep_running(_to_stored(running))
            self._forget(done)

        with contextlib.suppress(StoreUnavailable):
            self._store.submit(job)

    def stop(self) -> None:
        """Nothing is shown any more; everything measured is durable when this returns."""
        self._meter.stop()
        done = self._take_finished()
        self._store.call(lambda s: s.finish_episodes(done))
        self._forget(done)
        cells = self._take_cells()
        self._store.call(lambda s: s.keep_cell_views(cells))
        self._forget_cells(cells)

    def _take_cells(self) -> list[CellView]:
        with self._unstored_lock:
            for item_id, seen in self._meter.changed_cells().items():
                if seen.opened_at is not None and seen.closed_at is not None:
                    self._unstored_cells[item_id] = CellView(
                        item_id=item_id,
                        seconds=seen.seconds.get(LEVEL_KEYS[Level.BLURRED], 0.0),
                        opened_at=seen.opened_at,
                        closed_at=seen.closed_at,
                    )
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

    def figures(self) -> ExposureFigures:
        return self._meter.figures()

    def viewing(self, item_id: str) -> ItemViewing:
        return self._meter.viewing_record(item_id)

    def prompt(self) -> Prompt | None:
        return self._prompts.due(self._meter.figures(), busy=self._busy)

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

    def postponed(self) -> None:
        self._prompts.postponed()

    def _announced(self, finished: list[Episode]) -> list[_Announced]:
        return [(stored, self._event(stored)) for stored in map(_to_stored, finished)]

    def _event(self, episode: StoredEpisode) -> OutboxEvent:
        return OutboxEvent(
            id=uuid7(),
            sequence=0,
            type=EventType.EXPOSURE_RECORDED,
            workstation=self._workstation,
            actor=self._member,
            at=self._clock.now(),
            payload=as_payload(
                ExposureRecorded(
                    member=self._member,
                    started_at=episode.started_at,
                    seconds=episode.seconds,
                    weight=episode.weight,
                    level=LEVEL_KEYS[episode.level],
                )
            ),
        )


def _local_zone(clock: Clock) -> tzinfo:
    return clock.now().astimezone().tzinfo or UTC


def _viewing_of(cell: CellView) -> ItemViewing:
    return ItemViewing(
        seconds={LEVEL_KEYS[Level.BLURRED]: cell.seconds}, opened_at=cell.opened_at, closed_at=cell.closed_at
    )


def _to_stored(episode: Episode) -> StoredEpisode:
    return StoredEpisode(
        id=episode.id,
        item_id=episode.item_id,
        harm_type=episode.harm_type,
        level=episode.level,
        started_at=episode.started_at,
        seconds=episode.seconds,
        weight=episode.weight,
        sound=episode.sound,
        full_screen=episode.full_screen,
    )


def _from_stored(stored: StoredEpisode) -> Episode:
    return Episode(
        id=stored.id,
        item_id=stored.item_id,
        harm_type=stored.harm_type,
        level=stored.level,
        started_at=stored.started_at,
        seconds=stored.seconds,
        weight=stored.weight,
        sound=stored.sound,
        full_screen=stored.full_screen,
    )
