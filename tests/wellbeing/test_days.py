"""Splitting at midnight loses nothing, in any zone and over clock changes (some of which skip midnight itself)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from reviewer.wellbeing.episodes import seconds_by_day

ZONES = ["UTC", "Europe/Vienna", "America/New_York", "Asia/Kathmandu", "America/Sao_Paulo", "Asia/Beirut"]


def zone_named(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError:
        pytest.skip("this machine has no time zone data")


@settings(max_examples=examples(100), deadline=None)
@given(
    st.sampled_from(ZONES),
    st.integers(0, 86400 * 365 * 20),
    st.integers(1, 64 * 86400 * 4).map(lambda n: n / 64),
)
def test_the_parts_add_up_and_every_second_is_on_its_own_day(name, after_2005, seconds):
    zone = zone_named(name)
    start = datetime(2005, 1, 1, tzinfo=UTC) + timedelta(seconds=after_2005)
    parts = list(seconds_by_day(start, seconds, zone))
    assert sum(part for _, part in parts) == pytest.approx(seconds, abs=1e-6)
    assert all(part > 0 for _, part in parts)
    days = [day for day, _ in parts]
    assert days == sorted(set(days))
    at = start
    for day, part in parts:
        assert (at + timedelta(seconds=part / 2)).astimezone(zone).date() == day
        at += timedelta(seconds=part)


def test_no_seconds_is_no_day():
    assert list(seconds_by_day(datetime(2026, 1, 1, tzinfo=UTC), 0.0, UTC)) == []
