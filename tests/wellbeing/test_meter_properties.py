"""No sequence of events counts a second twice or loses one: the meter against an independent recount."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from recount import CALM, HARM_OF, POLICY, WILD, Clock, Desk, stint_of
from sampling import examples

from reviewer.model.levels import LEVEL_KEYS, Level
from reviewer.wellbeing.breakdown import broken_down
from reviewer.wellbeing.meter import ExposureMeter

SHORT = settings(max_examples=examples(70), deadline=None)
LONG = settings(max_examples=20_000, deadline=None, suppress_health_check=list(HealthCheck))
ZONES = ["UTC", "Europe/Vienna", "America/New_York", "Asia/Kathmandu", "Pacific/Kiritimati"]
# Nights of clock changes in Europe and in America, and an ordinary weekend.
STARTS = [
    datetime(2026, 3, 28, 22, tzinfo=UTC),
    datetime(2026, 10, 24, 22, tzinfo=UTC),
    datetime(2026, 11, 1, 3, tzinfo=UTC),
    datetime(2026, 11, 20, 21, tzinfo=UTC),
]


def every_second_once(events: list[tuple[Any, ...]]) -> None:
    desk = Desk()
    desk.run(events)
    truth, stored = desk.truth, desk.stored.values()
    assert sum(e.seconds for e in stored) == pytest.approx(truth.graphic, abs=1e-3)
    assert sum(e.seconds * e.weight for e in stored) == pytest.approx(truth.weighted, abs=1e-3)
    for item in HARM_OF:
        record = desk.meter.viewing_record(item)
        expected = {key: s for (i, key), s in truth.seconds.items() if i == item and s > 0}
        measured = {key: s for key, s in record.seconds.items() if s > 0}
        assert measured == pytest.approx(expected, abs=1e-3)
        assert record.sound_seconds == pytest.approx(truth.sound[item], abs=1e-3)
        cell = desk.stored_cells.get(item)
        in_cells = cell.seconds.get(LEVEL_KEYS[Level.BLURRED], 0.0) if cell is not None else 0.0
        assert in_cells == pytest.approx(truth.cells[item], abs=1e-3)
    days = desk.meter._days._days.values()
    assert sum(day.seconds for day in days) == pytest.approx(truth.graphic, abs=1e-3)
    assert sum(day.weighted for day in days) == pytest.approx(truth.weighted, abs=1e-3)


def every_second_on_its_day(events: list[tuple[Any, ...]], zone: tzinfo, start: datetime) -> None:
    """With a wall clock that is not set meanwhile: what the person reads, and what is broken down of it."""
    desk = Desk(zone, start)
    desk.run(events)
    today = desk.clock.wall.astimezone(zone).date()
    figures = desk.meter.figures()
    for count, seconds, weighted in (
        (1, figures.today_s, figures.today_weighted_s),
        (7, figures.last_7_days_s, figures.last_7_days_weighted_s),
        (28, figures.last_28_days_s, figures.last_28_days_weighted_s),
    ):
        window = {today - timedelta(days=back) for back in range(count)}
        told = sum(s for day, s in desk.elsewhere.items() if noon_in(zone, day) in window)
        assert seconds == pytest.approx(sum(desk.truth.days[day][0] for day in window) + told, abs=1e-3)
        assert weighted == pytest.approx(sum(desk.truth.days[day][1] for day in window) + 2 * told, abs=1e-3)
    found = broken_down(desk.stored.values(), {}, zone, today - timedelta(days=27), today)
    for day, tally in found.by_day.items():
        assert [tally.seconds, tally.weighted] == pytest.approx(desk.truth.days[day], abs=1e-3)
    assert found.total.seconds == pytest.approx(figures.last_28_days_s - told, abs=1e-3)


def noon_in(zone: tzinfo, day: Any) -> Any:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC).astimezone(zone).date()


STRETCHES = st.lists(
    st.tuples(
        st.sampled_from(["work", "graphic", "away", "break"]),
        st.one_of(st.integers(1, 900), st.integers(1, 20_000)),
        st.booleans(),
    ),
    max_size=14,
)


def stretch_and_shift(stretches: list[tuple[str, int, bool]]) -> None:
    """`since_break_s` and `shift_s`; the third of each stretch is whether the person's own clock is set after it."""
    clock = Clock(STARTS[3])
    meter = ExposureMeter(clock, POLICY)
    timeline = []
    for what, seconds, jump in stretches:
        if what == "break":
            meter.break_started()
        elif what == "away":
            meter.stop()
        else:
            meter.showing(
                "a", Level.CLEAR if what == "graphic" else Level.FACTS, "plain", sound=False, full_screen=False
            )
        # Steps of half a minute at most are heartbeats; a remainder of a second is one as well.
        for step in [30] * (seconds // 30) + [seconds % 30]:
            clock.pass_s(step)
            meter.heartbeat()
        if what == "break":
            meter.break_ended()
        if jump:
            clock.wall += timedelta(days=-3)
        timeline.append((what, seconds))
        figures = meter.figures()
        assert (figures.since_break_s, figures.shift_s) == pytest.approx(stint_of(timeline), abs=1e-3)


def in_any_order(stretches: list[tuple[str, float, float]], shuffle: Callable[[list[Any]], None]) -> None:
    clock = Clock(STARTS[0])
    meter = ExposureMeter(clock, POLICY)
    for item, seconds, pause in stretches:
        meter.showing(item, Level.CLEAR, HARM_OF[item], sound=False, full_screen=False)
        left = seconds
        while left > 0:
            step = min(20.0, left)
            clock.pass_s(step)
            meter.heartbeat()
            left -= step
        meter.stop()
        clock.pass_s(pause)
    episodes = meter.finished()
    shuffled = episodes + episodes
    shuffle(shuffled)
    live, again = meter.figures(), ExposureMeter(clock, POLICY, shuffled).figures()
    assert again.today_s == pytest.approx(live.today_s, abs=1e-3)
    assert again.today_weighted_s == pytest.approx(live.today_weighted_s, abs=1e-3)
    assert again.episodes_today == live.episodes_today
    assert again.last_28_days_s == pytest.approx(live.last_28_days_s, abs=1e-3)
    assert again.shift_s == pytest.approx(live.shift_s, abs=1e-3)
    assert again.since_break_s == pytest.approx(live.since_break_s, abs=1e-3)


@SHORT
@given(st.lists(WILD, max_size=40))
def test_every_second_once(events):
    every_second_once(events)


@SHORT
@given(st.lists(CALM, max_size=30), st.sampled_from(ZONES), st.sampled_from(STARTS))
def test_every_second_on_its_day(events, zone, start):
    every_second_on_its_day(events, ZoneInfo(zone), start)


@settings(max_examples=examples(25), deadline=None)
@given(STRETCHES)
def test_the_stretch_since_a_break_and_the_shift(stretches):
    stretch_and_shift(stretches)


@settings(max_examples=examples(25), deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(1, 5000), st.floats(0, 50_000)), max_size=25), st.randoms())
def test_history_in_any_order_and_doubled_gives_the_same_days(stretches, random):
    in_any_order(stretches, random.shuffle)


@pytest.mark.fuzz
@LONG
@given(st.lists(WILD, max_size=80))
def test_every_second_once_in_a_long_run(events):
    every_second_once(events)


@pytest.mark.fuzz
@LONG
@given(st.lists(CALM, max_size=80), st.sampled_from(ZONES), st.sampled_from(STARTS))
def test_every_second_on_its_day_in_a_long_run(events, zone, start):
    every_second_on_its_day(events, ZoneInfo(zone), start)


@pytest.mark.fuzz
@settings(LONG, max_examples=3000)
@given(STRETCHES)
def test_the_stretch_and_the_shift_in_a_long_run(stretches):
    stretch_and_shift(stretches)
