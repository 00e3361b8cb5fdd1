"""The exposure meter: seconds by level and episodes, counted once and only once."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo

from reviewer.model.clock import Clock
from reviewer.model.ids import uuid7
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Policy
from reviewer.wellbeing.elsewhere import ElsewhereDay
from reviewer.wellbeing.episodes import Episode, is_exposure
from reviewer.wellbeing.totals import DayTotals, ItemViewing, Stint

# Heartbeats come once a second. A longer silence means the machine slept or the process was stopped: nobody looked.
SILENCE_S = 30.0

# Revealing again within this time goes on with the same CLEAR look; the re-veil must not hide that it was long.
CLEAR_PAUSE_S = 5.0

# The id no item has: many veiled cells are looked at side by side.
CELLS = ""


@dataclass(frozen=True, slots=True)
class ExposureFigures:
    """Seconds of graphic viewing (above FACTS or with sound, weighted where `weighted`), as of now.

    `since_break_s` alone counts all the time an item was open, FACTS included. `daily_cap_s` is the policy's soft
    limit, to be held against `today_weighted_s`. `shift_s` runs across midnight until a pause of four hours.
    `clear_running_s` is how long the present CLEAR look has lasted, 0 when there is none.

    Today, the 7 and the 28 days count other workstations of the same person too, as far as they are known:
    `elsewhere_today_s` is that part of today, and `elsewhere_unheard` says that they could not be asked lately.
    `ahead_s` lies on days that have not come yet, so a clock was wrong; it is in none of the others. The rest is of
    this workstation alone: what is told of the others has no times of day.
    """

    today_s: float
    today_weighted_s: float
    since_break_s: float
    break_due_in_s: float
    daily_cap_s: float
    episodes_today: int
    clear_running_s: float = 0.0
    shift_s: float = 0.0
    last_7_days_s: float = 0.0
    last_28_days_s: float = 0.0
    last_7_days_weighted_s: float = 0.0
    last_28_days_weighted_s: float = 0.0
    elsewhere_today_s: float = 0.0
    elsewhere_unheard: bool = False
    ahead_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Shown:
    item_id: str
    level: Level
    harm_type: str
    sound: bool
    full_screen: bool
    kind: Kind | None = None

    @property
    def exposes(self) -> bool:
        return is_exposure(self.level, sound=self.sound)


class ExposureMeter:
    """Told what is shown and that it still is; knows how long. One person, one workstation.

    Durations come from `clock.monotonic()`, so setting the wall clock neither adds nor takes a second; the wall clock
    only says on which day of `zone` they fall. `history` are episodes from the store, in any order; one that is given
    twice counts once. Methods may be called from several threads.
    """

    def __init__(
        self,
        clock: Clock,
        policy: Policy,
        history: Iterable[Episode] = (),
        *,
        zone: tzinfo = UTC,
        cells: Mapping[str, ItemViewing] | None = None,
    ) -> None:
        """`cells` is what was seen of each item as a cell of a gallery before."""
        self._clock = clock
        self._policy = policy
        self._lock = threading.RLock()
        self._days = DayTotals(zone)
        self._items: dict[str, ItemViewing] = {}
        self._stint = Stint(break_s=policy.breaks.minutes * 60.0)
        self._known: set[str] = set()
        self._finished: list[Episode] = []
        self._shown: _Shown | None = None
        self._episode: Episode | None = None
        self._at = clock.monotonic()
        self._break_from: float | None = None
        self._clear_s = 0.0
        self._clear_away_s = 0.0
        self._cells: tuple[str, ...] = ()
        self._cell_views: dict[str, ItemViewing] = {}
        self._cells_changed: set[str] = set()
        self._elsewhere_unheard = False
        self._remember(history)
        for item_id, seen in (cells or {}).items():
            self._cell_views[item_id] = seen.copy()
            self._items.setdefault(item_id, ItemViewing()).add_all(seen)

    def showing(
        self,
        item_id: str,
        level: Level,
        harm_type: str,
        *,
        sound: bool,
        full_screen: bool,
        kind: Kind | None = None,
    ) -> None:
        """From now on this is what the person sees. Repeating it is a heartbeat."""
        with self._lock:
            self._advance()
            shown = _Shown(item_id, level, harm_type, sound, full_screen, kind)
            if shown == self._shown:
                return
            self._close()
            if self._shown is None or self._shown.item_id != item_id:
                self._clear_s = 0.0
            self._shown = shown
            self._cells = ()
            self._begin()

    def showing_cells(self, cells: Mapping[str, str]) -> None:
        """From now on these are on the screen side by side, each BLURRED: item ids with their harm types.

        Each item's own record gets the whole time, for so long it was there to be seen. To the person it is one look:
        a second counts once, weighted as the heaviest of them. Repeating it is a heartbeat; nothing is as `stop`.
        """
        if not cells:
            self.stop()
            return
        with self._lock:
            self._advance()
            heaviest = max(sorted(set(cells.values())), key=lambda harm: self._policy.harm_type(harm).weight)
            shown = _Shown(CELLS, Level.BLURRED, heaviest, False, False)
            if shown != self._shown:
                self._close()
                self._clear_s = 0.0
                self._shown = shown
                self._begin()
            now = self._clock.now()
            for item_id in cells:
                self._items.setdefault(item_id, ItemViewing()).widen(now, now)
                self._cell_views.setdefault(item_id, ItemViewing()).widen(now, now)
            self._cells = tuple(cells)

    def changed_cells(self) -> dict[str, ItemViewing]:
        """What was seen of items as cells in all, for those of which that changed since the last call."""
        with self._lock:
            self._advance()
            changed, self._cells_changed = self._cells_changed, set()
            return {item_id: self._cell_views[item_id].copy() for item_id in changed}

    def heartbeat(self) -> None:
        """What is shown is still shown. Expected about once a second; silences over `SILENCE_S` are not counted."""
        with self._lock:
            self._advance()

    def stop(self) -> None:
        """Nothing is shown any more."""
        with self._lock:
            self._advance()
            self._close()
            self._shown = None
            self._clear_s = 0.0
            self._cells = ()

    def break_started(self) -> None:
        """The break screen hides everything. Nothing is measured until the next `showing`."""
        with self._lock:
            self.stop()
            self._break_from = self._clock.monotonic()

    def break_ended(self) -> None:
        """A break of at least the policy's short one starts the count to the next break anew."""
        with self._lock:
            self._advance()
            if self._break_from is None:
                return
            if self._clock.monotonic() - self._break_from >= self._policy.breaks.short_minutes * 60.0:
                self._stint.work_s = 0.0
            self._break_from = None

    def figures(self) -> ExposureFigures:
        with self._lock:
            self._advance()
            now = self._clock.now()
            today = self._days.on(now)
            week, month = self._days.last_days(now, 7), self._days.last_days(now, 28)
            breaks = self._policy.breaks
            return ExposureFigures(
                today_s=today.seconds,
                today_weighted_s=today.weighted,
                since_break_s=self._stint.work_s,
                break_due_in_s=max(0.0, breaks.after_minutes * 60.0 - self._stint.work_s),
                daily_cap_s=breaks.daily_cap_hours * 3600.0,
                episodes_today=today.episodes,
                clear_running_s=self._clear_s,
                shift_s=self._stint.shift_s,
                last_7_days_s=week.seconds,
                last_28_days_s=month.seconds,
                last_7_days_weighted_s=week.weighted,
                last_28_days_weighted_s=month.weighted,
                elsewhere_today_s=self._days.elsewhere_on(now).seconds,
                elsewhere_unheard=self._elsewhere_unheard,
                ahead_s=self._days.ahead_of(now),
            )

    def elsewhere(self, days: Iterable[ElsewhereDay] | None) -> None:
        """All that this person's other workstations reported, by UTC day; what was told before is forgotten.

        None: they could not be asked. What is known stays, and the figures say so.
        """
        with self._lock:
            self._elsewhere_unheard = days is None
            if days is not None:
                self._days.put_elsewhere(days)

    def finished(self) -> list[Episode]:
        """Take the episodes that ended since the last call, oldest first. Each is handed out exactly once.

        One that a silence ended is among them, even where nobody has noticed the silence before.
        """
        with self._lock:
            self._advance()
            done, self._finished = self._finished, []
            return done

    def unfinished(self) -> Episode | None:
        """The running episode as of its last heartbeat, for the store to keep in case of a crash. Same id when done."""
        with self._lock:
            self._advance()
            return self._episode if self._episode is not None and self._episode.seconds > 0.0 else None

    def close_unfinished(self, left_over: Episode) -> bool:
        """After a crash: count the episode found unfinished in the store up to its last heartbeat, and finish it.

        False, and nothing is counted, when that episode is already known.
        """
        with self._lock:
            if left_over.id in self._known or left_over.seconds <= 0.0:
                return False
            self._remember((left_over,))
            self._finished.append(left_over)
            return True

    def viewing_record(self, item_id: str) -> ItemViewing:
        """A copy of what was seen of the item so far, earlier sessions in `history` included."""
        with self._lock:
            self._advance()
            return self._items.get(item_id, ItemViewing()).copy()

    def _advance(self) -> None:
        """Account for the time since the last call, to whatever was shown in it."""
        now = self._clock.monotonic()
        span = max(0.0, now - self._at)
        self._at = now
        shown = self._shown
        if shown is None:
            self._stint.paused(span)
            self._count_clear(None, span)
        elif span > SILENCE_S:
            self._close()
            self._stint.paused(span)
            self._clear_s = 0.0
            self._begin()
        elif span > 0.0:
            self._count(shown, span)

    def _count(self, shown: _Shown, span: float) -> None:
        self._stint.worked(span, graphic=shown.exposes)
        self._count_clear(shown, span)
        now = self._clock.now()
        for viewing in self._looked_at(shown):
            viewing.add(shown.level, span, sound=shown.sound)
            viewing.widen(now, now)
        if self._episode is not None:
            running = self._episode
            self._days.add(shown.item_id, running.ended_at, span, running.weight)
            self._episode = replace(running, seconds=running.seconds + span)

    def _looked_at(self, shown: _Shown) -> Iterable[ItemViewing]:
        if shown.item_id != CELLS:
            return (self._items[shown.item_id],)
        self._cells_changed.update(self._cells)
        return [kept[item_id] for item_id in self._cells for kept in (self._items, self._cell_views)]

    def _count_clear(self, shown: _Shown | None, span: float) -> None:
        if shown is not None and shown.level == Level.CLEAR:
            self._clear_s += span
            self._clear_away_s = 0.0
            return
        self._clear_away_s += span
        if self._clear_away_s > CLEAR_PAUSE_S:
            self._clear_s = 0.0

    def _begin(self) -> None:
        shown = self._shown
        if shown is None:
            return
        now = self._clock.now()
        self._items.setdefault(shown.item_id, ItemViewing()).widen(now, now)
        if shown.exposes:
            weight = self._policy.harm_type(shown.harm_type).weight
            self._episode = Episode(
                id=_id_at(now),
                item_id=shown.item_id,
                harm_type=shown.harm_type,
                level=shown.level,
                started_at=now,
                seconds=0.0,
                weight=weight,
                sound=shown.sound,
                full_screen=shown.full_screen,
                kind=shown.kind,
            )

    def _close(self) -> None:
        if self._episode is not None and self._episode.seconds > 0.0:
            self._known.add(self._episode.id)
            self._finished.append(self._episode)
        self._episode = None

    def _remember(self, history: Iterable[Episode]) -> None:
        new = {episode.id: episode for episode in history if episode.id not in self._known and episode.seconds > 0.0}
        stint = Stint(break_s=self._stint.break_s)
        last_end: datetime | None = None
        for episode in sorted(new.values(), key=lambda e: e.started_at):
            self._known.add(episode.id)
            self._days.add(episode.item_id, episode.started_at, episode.seconds, episode.weight)
            self._items.setdefault(episode.item_id, ItemViewing()).add_episode(episode)
            if last_end is not None:
                stint.paused(max(0.0, (episode.started_at - last_end).total_seconds()))
            stint.worked(episode.seconds, graphic=True)
            last_end = episode.ended_at
        if last_end is not None:
            stint.paused(max(0.0, (self._clock.now() - last_end).total_seconds()))
            self._stint.work_s += stint.work_s
            self._stint.shift_s += stint.shift_s
            # Away since then, and still so: starting anew must not make the pause shorter.
            self._stint.pause_s = stint.pause_s


def _id_at(moment: datetime) -> str:
    return uuid7(max(0, int(moment.timestamp() * 1000)))
