"""Days told from elsewhere are in today, the 7 and 28 days and the cap: once, however often they are told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.model.levels import Level
from reviewer.wellbeing.elsewhere import ElsewhereDay, local_day
from reviewer.wellbeing.meter import ExposureMeter
from reviewer.wellbeing.prompts import Prompt, PromptMachine

TODAY = date(2026, 11, 21)


def seen(meter, clock, seconds):
    meter.showing("a", Level.BLURRED, "violence", sound=False, full_screen=False)
    clock.pass_s(seconds)
    meter.stop()


def test_counted_in_today_and_the_windows_and_not_in_this_shift(clock, policy):
    meter = ExposureMeter(clock, policy)
    seen(meter, clock, 20)
    days = [
        ElsewhereDay(TODAY, 100.0, 200.0),
        ElsewhereDay(TODAY - timedelta(days=6), 10.0, 10.0),
        ElsewhereDay(TODAY - timedelta(days=7), 1.0, 1.0),
        ElsewhereDay(TODAY - timedelta(days=28), 0.5, 0.5),
    ]
    for _ in range(3):
        meter.elsewhere(days)
    figures = meter.figures()
    assert (figures.today_s, figures.today_weighted_s, figures.elsewhere_today_s) == (120.0, 240.0, 100.0)
    assert (figures.last_7_days_s, figures.last_28_days_s) == (130.0, 131.0)
    assert (figures.last_7_days_weighted_s, figures.last_28_days_weighted_s) == (250.0, 251.0)
    assert (figures.shift_s, figures.episodes_today) == (20.0, 1)


def test_what_is_told_later_replaces_what_was_told_before(clock, policy):
    meter = ExposureMeter(clock, policy)
    meter.elsewhere([ElsewhereDay(TODAY, 100.0, 100.0)])
    meter.elsewhere([ElsewhereDay(TODAY, 160.0, 160.0)])
    assert meter.figures().today_s == 160.0
    meter.elsewhere([])
    assert meter.figures().today_s == 0.0


def test_unheard_keeps_what_is_known_and_says_so(clock, policy):
    meter = ExposureMeter(clock, policy)
    assert not meter.figures().elsewhere_unheard
    meter.elsewhere([ElsewhereDay(TODAY, 100.0, 100.0)])
    meter.elsewhere(None)
    assert (meter.figures().today_s, meter.figures().elsewhere_unheard) == (100.0, True)
    meter.elsewhere([])
    assert not meter.figures().elsewhere_unheard


def test_the_cap_counts_both_desks(clock, policy):
    meter, prompts = ExposureMeter(clock, policy), PromptMachine(clock, policy)
    seen(meter, clock, 20)
    assert prompts.due(meter.figures(), busy=False) is None
    meter.elsewhere([ElsewhereDay(TODAY, 7200.0, policy.breaks.daily_cap_hours * 3600 - 40)])
    assert prompts.due(meter.figures(), busy=False) is Prompt.DAILY_CAP


@pytest.mark.parametrize(
    ("zone", "day"),
    [("UTC", 21), ("Europe/Vienna", 21), ("America/Los_Angeles", 21), ("Asia/Tokyo", 21), ("Pacific/Kiritimati", 22)],
)
def test_a_utc_day_is_counted_on_the_local_day_it_mostly_is(zone, day):
    assert local_day(TODAY, ZoneInfo(zone)).day == day


@given(
    st.lists(st.tuples(st.integers(0, 27), st.floats(0, 5e4)), max_size=20),
    st.sampled_from(["UTC", "Europe/Vienna", "Pacific/Kiritimati", "America/Sao_Paulo"]),
)
def test_no_day_is_lost_or_counted_twice_in_any_zone(policy, new_clock, days, zone):
    meter = ExposureMeter(new_clock(datetime(2026, 11, 20, 14, tzinfo=UTC)), policy, zone=ZoneInfo(zone))
    told = {back: ElsewhereDay(date(2026, 11, 20) - timedelta(days=back), s, 2 * s) for back, s in days if back < 27}
    meter.elsewhere(list(told.values()) * 2)
    expected = sum(day.seconds for day in told.values())
    assert meter.figures().last_28_days_s == pytest.approx(expected)
    assert meter.figures().last_28_days_weighted_s == pytest.approx(2 * expected)


def test_a_clock_that_was_ahead_is_said_and_counted_nowhere_else(clock, policy):
    meter = ExposureMeter(clock, policy)
    clock.jump(86400 * 3)
    seen(meter, clock, 20)
    assert meter.figures().ahead_s == 0.0
    clock.jump(-86400 * 3)
    seen(meter, clock, 10)
    figures = meter.figures()
    assert (figures.ahead_s, figures.today_s, figures.last_28_days_s) == (20.0, 10.0, 10.0)


def test_a_pause_begun_before_a_restart_goes_on_being_one(clock, policy):
    first = ExposureMeter(clock, policy)
    seen(first, clock, 20)
    clock.pass_s(policy.breaks.minutes * 60 - 30)
    again = ExposureMeter(clock, policy, first.finished())
    assert again.figures().since_break_s == 20.0
    clock.pass_s(30)
    assert again.figures().since_break_s == 0.0
