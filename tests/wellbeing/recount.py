"""A person at a desk, driven by events, and the truth about them by bookkeeping that shares nothing with the meter."""

from __future__ import annotations

import copy
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any

from hypothesis import strategies as st

from reviewer.model.levels import LEVEL_KEYS, Kind, Level
from reviewer.model.policy import HarmType, Policy
from reviewer.wellbeing.elsewhere import ElsewhereDay
from reviewer.wellbeing.episodes import Episode
from reviewer.wellbeing.meter import SILENCE_S, ExposureMeter

POLICY = Policy(
    version="test",
    harm_types=(HarmType(key="plain", words="plain"), HarmType(key="heavy", words="heavy", weight=2.0, violent=True)),
)
WEIGHTS = {"plain": 1.0, "heavy": 2.0}
HARM_OF = {"a": "plain", "b": "heavy", "c": "plain"}
BREAK_S, SHORT_S, SHIFT_PAUSE_S = 600, 300, 4 * 3600

_SHOW = st.tuples(
    st.just("show"), st.sampled_from("abc"), st.sampled_from(list(Level)), st.booleans(), st.booleans(), st.booleans()
)
_CALM = (
    _SHOW,
    st.tuples(st.just("cells"), st.frozensets(st.sampled_from("abc"), max_size=3)),
    st.tuples(st.just("beat")),
    st.tuples(st.just("stop")),
    st.tuples(st.just("pass"), st.integers(0, 30)),
    st.tuples(st.just("pass"), st.integers(1, 30)),
    st.tuples(st.just("sleep"), st.one_of(st.integers(31, 2000), st.integers(31, 100_000))),
    st.tuples(st.just("keep")),
    st.tuples(st.just("crash")),
    st.tuples(st.just("kill")),
    st.tuples(st.just("break")),
    st.tuples(st.just("back")),
    st.tuples(st.just("ask")),
    st.tuples(st.just("elsewhere"), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9000)), max_size=4)),
)
CALM = st.one_of(*_CALM)
# The wall clock is set as well, both ways; and time passes in fractions.
WILD = st.one_of(
    *_CALM,
    st.tuples(st.just("jump"), st.integers(-200_000, 200_000)),
    st.tuples(st.just("pass"), st.integers(0, 64 * 30).map(lambda n: n / 64)),
)


class Clock:
    def __init__(self, wall: datetime) -> None:
        self.wall = wall
        self.mono = 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.mono

    def pass_s(self, seconds: float) -> None:
        self.mono += seconds
        self.wall += timedelta(seconds=seconds)


class Truth:
    """Every passing second is booked at once to what was shown in it, and to the local day it was on the wall."""

    def __init__(self, zone: tzinfo) -> None:
        self.zone = zone
        self.shown: tuple[tuple[str, ...], Level, bool, str] | None = None
        self.seconds: dict[tuple[str, str], float] = defaultdict(float)
        self.cells: dict[str, float] = defaultdict(float)
        self.sound: dict[str, float] = defaultdict(float)
        self.days: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
        self.graphic = self.weighted = 0.0
        self.pending = 0.0

    def touched(self, wall: datetime) -> None:
        """The meter was called: what passed since then counts, unless it was too long a silence."""
        span, self.pending = self.pending, 0.0
        if self.shown is None or span > SILENCE_S:
            return
        items, level, sound, harm = self.shown
        for item in items:
            self.seconds[item, LEVEL_KEYS[level]] += span
            self.sound[item] += span if sound else 0.0
            if len(self.shown[0]) > 1 or harm.startswith("cells:"):
                self.cells[item] += span
        if level > Level.FACTS or sound:
            weight = WEIGHTS[harm.removeprefix("cells:")]
            self.graphic += span
            self.weighted += span * weight
            for second in range(int(span)):
                day = (wall - timedelta(seconds=span - second - 0.5)).astimezone(self.zone).date()
                self.days[day][0] += 1.0
                self.days[day][1] += weight


class Desk:
    """Does what the events say, at a meter whose store is a dictionary, and keeps the truth beside it."""

    def __init__(self, zone: tzinfo = UTC, wall: datetime = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)) -> None:
        self.zone = zone
        self.clock = Clock(wall)
        self.meter = ExposureMeter(self.clock, POLICY, zone=zone)
        self.truth = Truth(zone)
        self.stored: dict[str, Episode] = {}
        self.finished: set[str] = set()
        self.stored_cells: dict[str, Any] = {}
        self.elsewhere: dict[date, float] = {}
        self.kept = copy.deepcopy(self.truth)
        self._random = random.Random(1)

    def run(self, events: list[tuple[Any, ...]]) -> None:
        for name, *arguments in events:
            if name in ("pass", "sleep"):
                self.clock.pass_s(arguments[0])
                self.truth.pending += arguments[0]
            elif name == "jump":
                self.clock.wall += timedelta(seconds=arguments[0])
            else:
                if name != "elsewhere":  # comes from the network: no sign that the window lives
                    self.truth.touched(self.clock.wall)
                getattr(self, f"_{name}")(*arguments)
        self.truth.touched(self.clock.wall)
        self.meter.stop()
        self._store()

    def _show(self, item: str, level: Level, sound: bool, full: bool, film: bool) -> None:
        kind = Kind.VIDEO if film else Kind.IMAGE
        self.meter.showing(item, level, HARM_OF[item], sound=sound, full_screen=full, kind=kind)
        self.truth.shown = ((item,), level, sound, HARM_OF[item])

    def _cells(self, items: frozenset[str]) -> None:
        self.meter.showing_cells({item: HARM_OF[item] for item in items})
        heaviest = "heavy" if "b" in items else "plain"
        self.truth.shown = (tuple(items), Level.BLURRED, False, f"cells:{heaviest}") if items else None

    def _beat(self) -> None:
        self.meter.heartbeat()

    def _stop(self) -> None:
        self.meter.stop()
        self.truth.shown = None

    def _break(self) -> None:
        self.meter.break_started()
        self.truth.shown = None

    def _back(self) -> None:
        self.meter.break_ended()

    def _ask(self) -> None:
        self.meter.figures()
        self.meter.viewing_record("a")

    def _elsewhere(self, days: list[tuple[int, int]]) -> None:
        today = self.clock.wall.date()
        told = {today - timedelta(days=back): float(seconds) for back, seconds in days}
        self.elsewhere = told
        listed = [ElsewhereDay(day, seconds, 2 * seconds) for day, seconds in told.items()]
        self.meter.elsewhere(listed + listed)

    def _keep(self) -> None:
        self._store()
        running = self.meter.unfinished()
        if running is not None:
            self.stored[running.id] = running
        self.kept = copy.deepcopy(self.truth)

    def _store(self) -> None:
        for episode in self.meter.finished():
            assert episode.id not in self.finished, "handed out twice"
            self.finished.add(episode.id)
            self.stored[episode.id] = episode
        self.stored_cells |= self.meter.changed_cells()

    def _crash(self) -> None:
        """The last heartbeat was kept."""
        self._keep()
        self._start_again()

    def _kill(self) -> None:
        """What came after the last `keep` is lost, and nothing else."""
        self.truth = copy.deepcopy(self.kept)
        self.truth.pending = 0.0
        self._start_again()

    def _start_again(self) -> None:
        """From the store, every episode twice and in no order; what was running has ended at its last heartbeat."""
        history = list(self.stored.values()) * 2
        self._random.shuffle(history)
        self.meter = ExposureMeter(self.clock, POLICY, history, zone=self.zone, cells=self.stored_cells)
        assert not any(self.meter.close_unfinished(episode) for episode in history), "counted a second time"
        self.finished = set(self.stored)
        self.elsewhere = {}
        self.truth.shown = None
        for item in HARM_OF:  # silent facts are no exposure and are not kept over a restart
            heard = [e for e in self.stored.values() if e.item_id == item and e.level is Level.FACTS]
            self.truth.seconds[item, "facts"] = sum(e.seconds for e in heard)
        self.kept = copy.deepcopy(self.truth)


def stint_of(timeline: list[tuple[str, int]]) -> tuple[int, int]:
    """(work since the last break, graphic seconds of the shift) of stretches: "work", "graphic", "away", "break"."""
    work = shift = pause = 0
    for what, seconds in timeline:
        if what in ("work", "graphic"):
            pause = 0
            work += seconds
            shift += seconds if what == "graphic" else 0
            continue
        pause += seconds
        work = 0 if pause >= BREAK_S or (what == "break" and seconds >= SHORT_S) else work
        shift = 0 if pause >= SHIFT_PAUSE_S else shift
    return work, shift
