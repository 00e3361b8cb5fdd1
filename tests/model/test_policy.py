"""A policy is believed whole or not at all, and what is wrong is named."""

from __future__ import annotations

import pytest

from reviewer.model.errors import PolicyError
from reviewer.model.levels import Level
from reviewer.model.policy import read_policy, without_clear
from reviewer.resources import resource


def default_text() -> str:
    return resource("policy.toml").read_text(encoding="utf-8")


def test_the_default_policy_is_usable_and_starts_the_worst_at_facts() -> None:
    policy = read_policy(default_text())
    assert policy.harm_type("threat_to_life").start_level is Level.FACTS
    assert policy.harm_type("sexual_harm_minor").start_level is Level.FACTS
    assert policy.viewing.grey


def test_by_default_a_small_share_is_read_twice_and_no_kind_is_named() -> None:
    asked = read_policy(default_text()).second_review
    assert 0.0 < asked.share <= 0.1
    assert (asked.categories, asked.actions, asked.settled_by) == ((), (), "third")


def test_without_clear_closes_what_reveals_and_nothing_else() -> None:
    policy = read_policy(default_text())
    closed = without_clear(policy)
    assert {harm.highest_level for harm in closed.harm_types} == {Level.DRAWING}
    assert [harm.start for harm in closed.harm_types] == [harm.start for harm in policy.harm_types]
    assert closed.harm_type("never heard of").highest_level is Level.DRAWING


def test_an_unknown_harm_type_is_treated_as_the_gravest() -> None:
    harm = read_policy(default_text()).harm_type("never heard of")
    assert (harm.start_level, harm.weight) == (Level.FACTS, 2.0)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('start = "facts"', 'start = "clear"', "start"),
        ('highest = "clear"', 'highest = "everything"', "highest"),
        ("clear_seconds = 10.0", "clear_seconds = 600.0", "viewing.clear_seconds"),
        ("clear_seconds = 10.0", "clear_secnods = 10.0", "clear_secnods"),
        ("weight = 2.0", "weight = 0.1", "weight"),
        ("daily_cap_hours = 4.0", 'daily_cap_hours = "many"', "daily_cap_hours"),
        ("minutes = 10.0", "minutes = nan", "breaks.minutes"),
        ("after_violent_minutes = 3.0", "after_violent_minutes = -3.0", r"Line \d+: breaks\.after_violent_minutes"),
        ("after_violent_minutes = 3.0", "after_violent_minutes = inf", r"Line \d+: breaks\.after_violent_minutes"),
        ("after_violent_minutes = 3.0", "after_violent_minutes = 11.0", r"Line \d+: breaks\.after_violent_minutes"),
        ("after_minutes = 50.0", "after_minutes = 9.0", r"Line \d+: breaks\.minutes must not be longer"),
        ("short_minutes = 5.0", "short_minutes = 11.0", r"Line \d+: breaks\.short_minutes must not be longer"),
        ("daily_cap_hours = 4.0", "daily_cap_hours = 1.5", r"Line \d+: breaks\.daily_cap_hours must not be below"),
        ("handover_hours = 2.0", "handover_hours = 0.0", r"Line \d+: breaks\.handover_hours must lie"),
        ('key = "violence"', 'key = "self_harm"', "twice"),
        ("[viewing]", "[viewing", "line"),
    ],
)
def test_what_is_wrong_is_named(old: str, new: str, named: str) -> None:
    text = default_text()
    assert old in text
    with pytest.raises(PolicyError, match=named):
        read_policy(text.replace(old, new, 1))
