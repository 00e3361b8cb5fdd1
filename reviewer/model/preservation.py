"""How long what was reported is kept: when it ends, when to remind, when it is over. Days are UTC. Pure."""

from __future__ import annotations

from datetime import date, timedelta

from reviewer.model.handoff import NewPreservation
from reviewer.model.handoff_terms import PreservationRule


def ends_on(rule: PreservationRule, starts_on: date) -> date:
    """The last day on which it is kept."""
    return _later(starts_on, rule.days)


def due(ends: date, remind_days: int, today: date) -> bool:
    """From `remind_days` before the last day on, and ever after."""
    return _later(today, max(0, remind_days)) >= ends


def over(ends: date, today: date) -> bool:
    """From the day after the last day on."""
    return today > ends


def preservation_of(rule: PreservationRule, starts_on: date) -> NewPreservation:
    """What the case system is told when something is kept under this rule."""
    return NewPreservation(
        jurisdiction=rule.jurisdiction,
        basis=rule.basis,
        starts_on=starts_on.isoformat(),
        ends_on=ends_on(rule, starts_on).isoformat(),
        remind_days=rule.remind_days,
    )


def _later(day: date, days: int) -> date:
    """The last day of the calendar where there is no such day any more."""
    return day + timedelta(days=min(days, (date.max - day).days))
