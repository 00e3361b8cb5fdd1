"""When keeping ends, when somebody is reminded, and when it is over."""

from __future__ import annotations

from datetime import date

from reviewer.model.handoff_terms import PreservationRule
from reviewer.model.preservation import due, ends_on, over, preservation_of

RULE = PreservationRule(jurisdiction="EX", days=365, basis="Example Act", remind_days=30)


def test_a_year_ends_a_year_later_leap_day_or_not() -> None:
    assert ends_on(RULE, date(2026, 11, 20)) == date(2027, 11, 20)
    assert ends_on(RULE, date(2027, 11, 20)) == date(2028, 11, 19)


def test_it_is_due_from_the_first_reminder_on_and_over_the_day_after_the_last() -> None:
    ends = date(2027, 11, 20)
    days = [date(2027, 10, 20), date(2027, 10, 21), date(2027, 11, 20), date(2027, 11, 21), date(2030, 1, 1)]
    assert [due(ends, 30, day) for day in days] == [False, True, True, True, True]
    assert [over(ends, day) for day in days] == [False, False, False, True, True]
    assert not due(ends, 0, date(2027, 11, 19))
    assert due(ends, -5, date(2027, 11, 20))


def test_the_end_of_the_calendar_is_the_end() -> None:
    assert ends_on(RULE, date(9999, 6, 1)) == date.max
    assert due(date.max, 400, date(9999, 6, 1))


def test_what_the_case_system_is_told() -> None:
    told = preservation_of(RULE, date(2026, 11, 20))
    assert (told.jurisdiction, told.basis, told.starts_on) == ("EX", "Example Act", "2026-11-20")
    assert (told.ends_on, told.remind_days) == ("2027-11-20", 30)
