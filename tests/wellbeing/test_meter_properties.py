"""No sequence of events counts a second twice or loses one: the meter against an independent recount."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.model.levels import LEVEL_KEYS, Level
from reviewer.model.policy import HarmType, Policy
from reviewer.wellbeing.meter import SILENCE_S, ExposureMeter

POLICY = Policy(
    version="test",
    harm_types=(HarmType(key="plain", words="plain"), HarmType(key="heavy", words="heavy", weight=2.0, violent=True)),
)
WEIGHTS = {"plain": 1.0, "heavy": 2.0}
HARM_OF = {"a": "plain", "b": "heavy", "c": "plain"}

EVENTS = st.one_of(
    st.tuples(st.just("show"), st.sampled_from("abc"), st.sampled_from(list(Level)), st.booleans(), st.booleans()),
    st.tuples(st.just("beat")),
    st.tuples(st.just("stop")),
    st.tuples(st.just("pass"), st.integers(0, 64 * 30).map(lambda n: n / 64)),
    st.tuples(st.just("sleep"), st.integers(31, 100_000)),
    st.tuples(st.just("jump"), st.integers(-200_000, 200_000)),
    st.tuples(st.just("drain")),
    st.tuples(st.just("crash")),
    st.tuples(st.just("break")),
    st.tuples(st.just("ask")),
)


class Clock:
    def __init__(self) -> None:
        self.wall = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)
        self.mono = 0.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.mono


class Recount:
    """The truth by bookkeeping: every passing second is booked at once to what was shown in it."""

    def __init__(self) -> None:
        self.shown: tuple[str, Level, bool] | None = None
        self.unbeaten = 0.0
        self.seconds: dict[tuple[str, str], float] = defaultdict(float)
        self.sound: dict[str, float] = defaultdict(float)
        self.graphic = 0.0
        self.weighted = 0.0
        self.pending = 0.0

    def touched(self) -> None:
        """The meter was called: what passed since then counts, unless it was too long a silence."""
        span, self.pending = self.pending, 0.0
        if self.shown is None or span > SILENCE_S:
            return
        item, level, sound = self.shown
        self.seconds[item, LEVEL_KEYS[level]] += span
        self.sound[item] += span if sound else 0.0
        if level > Level.FACTS or sound:
            self.graphic += span
            self.weighted += span * WEIGHTS[HARM_OF[item]]


@settings(max_examples=250, deadline=None)
@given(st.lists(EVENTS, max_size=40))
def test_every_second_once(events):
    clock = Clock()
    meter = ExposureMeter(clock, POLICY)
    truth = Recount()
    stored = {}

    def store_finished() -> None:
        for episode in meter.finished():
            assert episode.id not in stored, "handed out twice"
            stored[episode.id] = episode

    for event in events:
        name = event[0]
        if name in ("pass", "sleep"):
            clock.mono += event[1]
            clock.wall += timedelta(seconds=event[1])
            truth.pending += event[1]
            continue
        if name == "jump":
            clock.wall += timedelta(seconds=event[1])
            continue
        if name == "drain":
            store_finished()
            continue
        truth.touched()
        if name == "show":
            _, item, level, sound, full = event
            meter.showing(item, level, HARM_OF[item], sound=sound, full_screen=full)
            truth.shown = (item, level, sound)
        elif name == "beat":
            meter.heartbeat()
        elif name == "stop":
            meter.stop()
            truth.shown = None
        elif name == "break":
            meter.break_started()
            meter.break_ended()
            truth.shown = None
        elif name == "ask":
            meter.figures()
            meter.viewing_record("a")
        elif name == "crash":
            left_over = meter.unfinished()
            store_finished()
            for item in HARM_OF:
                # Silent facts are no exposure and are not stored; only this session's count after a restart.
                truth.seconds[item, "facts"] = stored_facts(stored.values(), left_over, item)
            meter = ExposureMeter(clock, POLICY, stored.values())
            if left_over is not None:
                assert meter.close_unfinished(left_over)
            truth.shown = None

    truth.touched()
    meter.stop()
    store_finished()
    assert sum(e.seconds for e in stored.values()) == pytest.approx(truth.graphic, abs=1e-3)
    assert sum(e.seconds * e.weight for e in stored.values()) == pytest.approx(truth.weighted, abs=1e-3)
    for item in HARM_OF:
        record = meter.viewing_record(item)
        expected = {key: s for (i, key), s in truth.seconds.items() if i == item and s > 0}
        measured = {key: s for key, s in record.seconds.items() if s > 0}
        assert measured == pytest.approx(expected, abs=1e-3)
        assert record.sound_seconds == pytest.approx(truth.sound[item], abs=1e-3)
    days = meter._days._days.values()
    assert sum(day.seconds for day in days) == pytest.approx(truth.graphic, abs=1e-3)
    assert sum(day.weighted for day in days) == pytest.approx(truth.weighted, abs=1e-3)


def stored_facts(stored, left_over, item) -> float:
    """Seconds at FACTS that are kept over a restart: those with sound."""
    episodes = [*stored, *([left_over] if left_over is not None else [])]
    return sum(e.seconds for e in episodes if e.item_id == item and e.level == Level.FACTS)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(1, 5000), st.floats(0, 50_000)), max_size=25), st.randoms())
def test_history_in_any_order_and_doubled_gives_the_same_days(stretches, random):
    clock = Clock()
    meter = ExposureMeter(clock, POLICY)
    for item, seconds, pause in stretches:
        meter.showing(item, Level.CLEAR, HARM_OF[item], sound=False, full_screen=False)
        left = seconds
        while left > 0:
            step = min(20.0, left)
            clock.mono += step
            clock.wall += timedelta(seconds=step)
            meter.heartbeat()
            left -= step
        meter.stop()
        clock.mono += pause
        clock.wall += timedelta(seconds=pause)
    episodes = meter.finished()
    shuffled = episodes + episodes
    random.shuffle(shuffled)
    live, again = meter.figures(), ExposureMeter(clock, POLICY, shuffled).figures()
    assert again.today_s == pytest.approx(live.today_s, abs=1e-3)
    assert again.today_weighted_s == pytest.approx(live.today_weighted_s, abs=1e-3)
    assert again.episodes_today == live.episodes_today
    assert again.last_28_days_s == pytest.approx(live.last_28_days_s, abs=1e-3)
    assert again.shift_s == pytest.approx(live.shift_s, abs=1e-3)
    assert again.since_break_s == pytest.approx(live.since_break_s, abs=1e-3)
