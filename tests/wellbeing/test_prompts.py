"""Prompts come when due, one at a time, never while busy, and "later" is respected."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from reviewer.wellbeing.meter import ExposureFigures
from reviewer.wellbeing.prompts import AFTER_VIOLENT_HOLDS_S, ARRANGEMENT_QUIET_S, Prompt, PromptMachine

RESTED = ExposureFigures(
    today_s=0.0, today_weighted_s=0.0, since_break_s=0.0, break_due_in_s=3000.0, daily_cap_s=14400.0, episodes_today=0
)
TIRED = replace(RESTED, since_break_s=3001.0, break_due_in_s=0.0)


@pytest.fixture
def machine(clock, policy):
    return PromptMachine(clock, policy)


def test_nothing_is_due_at_first(machine):
    assert machine.due(RESTED, busy=False) is None


@pytest.mark.parametrize(
    ("figures", "prompt"),
    [
        (TIRED, Prompt.BREAK_DUE),
        (replace(RESTED, shift_s=7200.0), Prompt.HANDOVER),
        (replace(RESTED, today_weighted_s=14400.0), Prompt.DAILY_CAP),
        (replace(RESTED, clear_running_s=61.0), Prompt.LONG_CLEAR),
        (replace(TIRED, shift_s=7200.0, today_weighted_s=14400.0), Prompt.DAILY_CAP),
    ],
)
def test_each_limit_has_its_prompt_and_waits_while_busy(machine, figures, prompt):
    assert machine.due(figures, busy=True) is None
    assert machine.due(figures, busy=False) is prompt


def test_just_below_each_limit_nothing_is_due(machine):
    below = replace(
        RESTED, since_break_s=2999.0, shift_s=7199.0, today_weighted_s=14399.0, today_s=14399.0, clear_running_s=59.0
    )
    assert machine.due(below, busy=False) is None


def test_after_a_violent_item_a_pause_is_offered_once_and_goes_stale(machine, clock):
    machine.item_closed(violent=False)
    assert machine.due(RESTED, busy=False) is None
    machine.item_closed(violent=True)
    assert machine.due(RESTED, busy=True) is None
    assert machine.due(RESTED, busy=False) is Prompt.AFTER_VIOLENT
    machine.postponed()
    assert machine.due(RESTED, busy=False) is None
    machine.item_closed(violent=True)
    clock.pass_s(AFTER_VIOLENT_HOLDS_S + 1)
    assert machine.due(RESTED, busy=False) is None


def test_later_holds_for_a_short_break_and_then_asks_again(machine, clock, policy):
    assert machine.due(TIRED, busy=False) is Prompt.BREAK_DUE
    machine.postponed()
    clock.pass_s(policy.breaks.short_minutes * 60 - 1)
    assert machine.due(TIRED, busy=False) is None
    clock.pass_s(2)
    assert machine.due(TIRED, busy=False) is Prompt.BREAK_DUE


def test_later_to_the_heaviest_does_not_bring_up_the_next_at_once(machine, clock):
    everything = replace(TIRED, shift_s=8000.0, today_weighted_s=15000.0)
    assert machine.due(everything, busy=False) is Prompt.DAILY_CAP
    machine.postponed()
    assert machine.due(everything, busy=False) is None
    clock.pass_s(301)
    assert machine.due(everything, busy=False) is Prompt.HANDOVER
    machine.postponed()
    clock.pass_s(ARRANGEMENT_QUIET_S + 1)
    assert machine.due(everything, busy=False) is Prompt.DAILY_CAP


def test_nothing_is_due_on_a_break_and_a_short_one_is_not_nagged_about(machine, clock):
    machine.item_closed(violent=True)
    assert machine.due(TIRED, busy=False) is Prompt.BREAK_DUE
    machine.break_started()
    assert machine.due(TIRED, busy=False) is None
    clock.pass_s(5)
    machine.break_ended()
    assert machine.due(TIRED, busy=False) is None
    clock.pass_s(301)
    assert machine.due(TIRED, busy=False) is Prompt.BREAK_DUE


def test_a_long_clear_look_is_mentioned_once_per_look(machine, clock):
    long_look = replace(RESTED, clear_running_s=70.0)
    assert machine.due(long_look, busy=False) is Prompt.LONG_CLEAR
    machine.postponed()
    assert machine.due(replace(RESTED, clear_running_s=90.0), busy=False) is None
    assert machine.due(RESTED, busy=False) is None
    assert machine.due(long_look, busy=False) is Prompt.LONG_CLEAR


STEPS = st.sampled_from(["pass", "postpone", "start", "end", "violent", "calm"])


@settings(max_examples=examples(50), deadline=None)
@given(st.lists(st.tuples(STEPS, st.booleans(), st.sampled_from([RESTED, TIRED])), max_size=40))
def test_never_while_busy_or_on_a_break(policy, new_clock, steps):
    clock = new_clock()
    machine = PromptMachine(clock, policy)
    on_break = False
    for step, busy, figures in steps:
        if step == "pass":
            clock.pass_s(120)
        elif step == "postpone":
            machine.postponed()
        elif step == "start":
            machine.break_started()
            on_break = True
        elif step == "end":
            machine.break_ended()
            on_break = False
        else:
            machine.item_closed(violent=step == "violent")
        due = machine.due(figures, busy=busy)
        assert not (due is not None and (busy or on_break))
        if figures is RESTED:
            assert due in (None, Prompt.AFTER_VIOLENT)


def test_what_became_due_while_busy_comes_afterwards_however_long_that_took(machine, clock):
    machine.item_closed(violent=True)
    clock.pass_s(AFTER_VIOLENT_HOLDS_S - 1)
    assert machine.due(replace(RESTED, clear_running_s=61.0), busy=True) is None
    clock.pass_s(3 * AFTER_VIOLENT_HOLDS_S)
    assert machine.due(RESTED, busy=True) is None
    assert machine.due(RESTED, busy=False) is Prompt.AFTER_VIOLENT
    machine.postponed()
    assert machine.due(RESTED, busy=False) is None, "one answer is enough for both"


def test_a_long_clear_look_at_somebody_in_danger_is_mentioned_once_that_is_over(machine):
    assert machine.due(replace(RESTED, clear_running_s=61.0), busy=True) is None
    assert machine.due(RESTED, busy=True) is None
    assert machine.due(RESTED, busy=False) is Prompt.LONG_CLEAR
    machine.postponed()
    assert machine.due(RESTED, busy=False) is None


CHANGES = {
    "tired": {"since_break_s": 3001.0, "break_due_in_s": 0.0},
    "rested": {"since_break_s": 0.0, "break_due_in_s": 3000.0},
    "long shift": {"shift_s": 7300.0},
    "over the cap": {"today_weighted_s": 14500.0},
    "clear": {"clear_running_s": 61.0},
    "veiled": {"clear_running_s": 0.0},
}
MOMENTS = st.tuples(st.sampled_from([*CHANGES, "violent item", "a minute"]), st.booleans())


@settings(max_examples=examples(130), deadline=None)
@given(st.lists(MOMENTS, min_size=1, max_size=50))
def test_no_prompt_while_busy_and_none_lost(policy, new_clock, moments):
    """Any order of looking, typing and time: nothing while busy, and what became due meanwhile comes afterwards."""
    clock, figures = new_clock(), RESTED
    machine = PromptMachine(clock, policy)
    free_minutes_since_violent = None
    clear_met_while_busy = False
    for what, busy in moments:
        if what == "violent item":
            machine.item_closed(violent=True)
            free_minutes_since_violent = 0
        elif what == "a minute":
            clock.pass_s(60)
            if not busy and free_minutes_since_violent is not None:
                free_minutes_since_violent += 1
        else:
            figures = replace(figures, **CHANGES[what])
        due = machine.due(figures, busy=busy)
        assert not (busy and due is not None)
        clear_met_while_busy = clear_met_while_busy or (busy and figures.clear_running_s > 60)
    owed = []
    if figures.today_weighted_s >= 14400:
        owed.append(Prompt.DAILY_CAP)
    if figures.shift_s >= 7200:
        owed.append(Prompt.HANDOVER)
    if figures.since_break_s >= 3000:
        owed.append(Prompt.BREAK_DUE)
    fresh = free_minutes_since_violent is not None and free_minutes_since_violent * 60 < AFTER_VIOLENT_HOLDS_S
    if fresh:
        owed.append(Prompt.AFTER_VIOLENT)
    if clear_met_while_busy or figures.clear_running_s > 60:
        owed.append(Prompt.LONG_CLEAR)
    due = machine.due(figures, busy=False)
    if due is Prompt.AFTER_VIOLENT and not fresh:
        assert free_minutes_since_violent is not None, "minutes while busy do not count against it"
    else:
        assert due is (owed[0] if owed else None)
