"""Long stretches without a break: told from the handover on, once per quarter hour, and taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.model.levels import Level
from reviewer.wellbeing.meter import ExposureMeter
from reviewer.wellbeing.stretch import StretchTeller

HOUR = 3600.0


def test_nothing_below_the_handover(policy):
    teller = StretchTeller(policy)
    assert [teller.due(s) for s in (0.0, 900.0, HOUR, 2 * HOUR - 0.5)] == [None] * 4
    assert teller.over() is None


def test_from_the_handover_on_each_quarter_once_and_zero_after_a_break(policy):
    teller = StretchTeller(policy)
    told = [teller.due(float(s)) for s in range(int(2.6 * HOUR))]
    assert [value for value in told if value is not None] == [8, 9, 10]
    assert told.index(8) == 2 * HOUR
    assert teller.due(0.0) == 0
    assert teller.due(5.0) is None
    assert teller.over() is None


def test_a_jump_over_quarters_tells_the_last_one_only(policy):
    assert StretchTeller(policy).due(3 * HOUR + 1) == 12


def test_after_a_crash_the_present_value_is_told_whatever_was_told_before(policy):
    assert StretchTeller(policy, told=None).due(60.0) == 0
    assert StretchTeller(policy, told=None).due(2.3 * HOUR) == 9
    assert StretchTeller(policy, told=8).due(60.0) == 0
    assert StretchTeller(policy, told=9).due(2.3 * HOUR) is None


def test_the_end_of_the_shift_takes_it_back_once(policy):
    teller = StretchTeller(policy)
    assert teller.due(2 * HOUR) == 8
    assert (teller.over(), teller.over()) == (0, None)


@given(st.lists(st.floats(0, 6 * HOUR), max_size=30))
def test_what_was_told_last_is_always_what_holds(policy, spans):
    teller = StretchTeller(policy)
    last = 0
    for since_break in spans:
        told = teller.due(since_break)
        assert told != last, "told twice"
        last = last if told is None else told
        assert last == (int(since_break // 900) if since_break >= 2 * HOUR else 0)


def test_with_the_meter_a_pause_of_a_breaks_length_takes_it_back_and_a_token_one_does_not(clock, policy):
    meter, teller = ExposureMeter(clock, policy), StretchTeller(policy)
    told = []

    def pass_s(seconds: float) -> None:
        for _ in range(int(seconds // 15)):
            clock.pass_s(15)
            value = teller.due(meter.figures().since_break_s)
            if value is not None:
                told.append(value)

    meter.showing("a", Level.FACTS, "other", sound=False, full_screen=False)
    pass_s(2.3 * HOUR)
    meter.break_started()
    pass_s(120)
    meter.break_ended()
    assert told == [8, 9]
    pass_s(policy.breaks.minutes * 60)
    assert told == [8, 9, 0]
    assert meter.figures().since_break_s == pytest.approx(0.0)
