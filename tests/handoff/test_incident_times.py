"""When it happened: only whole times with their zones, and of what could mean two things nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.handoff.incident_times import earliest

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def at(hour: int, minute: int, second: int = 0, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2026-11-20 14:03 UTC", at(14, 3)),
        ("on 2026-11-20 at noon, then 2026-11-20 14:03 GMT.", at(14, 3)),
        ("2026-11-20T14:03:09Z", at(14, 3, 9)),
        ("2026-11-20T14:03-05:00", at(19, 3)),
        ("2026-11-20 14:03 -05:00", at(19, 3)),
        ("2026-11-20 14:03+01:00", at(13, 3)),
        ("2026-11-20 14:03 UTC+0530", at(8, 33)),
        ("2026-11-20 00:30 +01:00", at(23, 30, day=19)),
        ("2026-11-20 14:03 UTC; 2026-11-20 14:30 +01:00", at(13, 30)),
        ("2026-11-20 14:03", None),
        ("14:03 +01:00", None),
        ("2026-11-20", None),
        ("2026-11-20 2:03 PM UTC", None),
        ("2026-11-20 14:03 PM UTC", None),
        ("2026-11-20 09:00-10:30", None),
        ("2026-11-20 09:00-10:30 UTC", None),
        ("2026-11-20T09:00-10:30 UTC", None),
        ("2026-11-20 09:00 +10:30 Europe/Berlin", None),
        ("2026-11-20 09:00-2026-11-20", None),
        ("2026-11-20 14:03 UTC+1", None),
        ("2026-11-20 14:03 UTC -05:00", None),
        ("2026-11-20 14:03 UTC -0500", None),
        ("2026-11-20 14:03 UTC - 5", None),
        ("2026-11-20 14:03 UTC - 2026-11-20 15:03 UTC", at(14, 3)),
        ("2026-11-20 14:03 Etc/GMT+5", None),
        ("2026-11-20 14:03 Etc/GMT-5", None),
        ("2026-11-20 14:03 +15:00", None),
        ("2026-11-20 14:03 +01:07", None),
        ("2026-13-20 14:03 UTC", None),
        ("2026-11-20 24:03 UTC", None),
        ("12026-11-20 14:03 UTC", None),
        ("2026-11-20 14:03 UTCx", None),
        ("0001-01-01 00:00 +14:00", None),
        ("2026-11-22 14:03 UTC", None),
        ("2026-11-20 14:03 Nowhere/Land", None),
        ("2026-11-20 14:03 America/Argentina", None),
        ("\u0662\u0660\u0662\u0666-11-20 14:03 UTC", None),
    ],
)
def test_a_time_counts_with_its_date_and_zone(words: str, expected: datetime | None) -> None:
    assert earliest(words, until=NOW) == expected


@pytest.mark.skipif("Europe/Berlin" not in available_timezones(), reason="no names of time zones on this machine")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("2026-11-20 14:03 Europe/Berlin", at(13, 3)),
        ("2026-07-20 14:03 Europe/Berlin", datetime(2026, 7, 20, 12, 3, tzinfo=UTC)),
        # An hour that there was twice, and one that there was not.
        ("2026-10-25 02:30 Europe/Berlin", None),
        ("2026-03-29 02:30 Europe/Berlin", None),
    ],
)
def test_a_named_zone_counts_where_it_leaves_no_doubt(words: str, expected: datetime | None) -> None:
    assert earliest(words, until=NOW) == expected


@given(st.text(max_size=80), st.text(max_size=20))
def test_any_words_give_a_time_or_none(words: str, between: str) -> None:
    found = earliest(f"{words}2026-11-20 14:03{between}UTC{words}", until=NOW)
    assert found is None or (found.utcoffset() == timedelta(0) and found <= NOW)
