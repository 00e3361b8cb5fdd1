"""A time counts with its zone only, and shapes that look like one do not pass for it."""

from __future__ import annotations

import pytest

from reviewer.model.zoned_times import all_zoned, has_times, none_known


@pytest.mark.parametrize(
    "words",
    [
        "2026-11-20 14:03 UTC",
        "2026-11-20T14:03Z",
        "2026-11-20T14:03:22.125Z",
        "2026-11-20T14:03:22+01:00",
        "2026-11-20T14:03:22-05:00",
        "2026-11-20T14:03-0500",
        "14:03 +01:00",
        "14:03 -05:00",
        "14:03 \u221205:00",
        "14:03 UTC+1",
        "9:05 GMT -3",
        "2 pm Europe/Berlin",
        "14:03 America/Argentina/Buenos_Aires",
        "14:03 Etc/GMT+5",
        "14:03 and 15:10 UTC",
        "from 09:00-10:30 Europe/Paris",
        "Europe/Berlin: 14:03, 15:10",
        "All times are UTC.\n14:03 first message\n15:10 last one",
        "14:03 UTC; 22:03 +01:00",
    ],
)
def test_with_a_zone_it_counts(words: str) -> None:
    assert all_zoned(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "2026-11-20",
        "2026-11-20 14:03",
        "20-11-2026 14:03",
        "14:03 local time",
        "14:03 CET",  # several zones share such letters
        "09:00-10:30",
        "2026-11-20 09:00-10:30",
        "14:03 UTC; 15:10",
        "14:03 UTC, then 15:10",
        "14:03 UTC\n15:10",
        "14:03 Monday/Tuesday",
        "14:03, called from +1 555 0100",
        "14:03 +15:20",
        "14:03 UTCX",
        "Europe/Berlin",
        "4:3 UTC",
    ],
)
def test_without_one_it_does_not(words: str) -> None:
    assert not all_zoned(words)


def test_no_times_are_no_times() -> None:
    assert not has_times("on 2026-11-20 +01:00, by Europe/Berlin")
    assert has_times("at 9:05")
    assert none_known("None known.")
    assert none_known("time of day not known")
    assert none_known("No times are known")
    assert not none_known("nonetheless, there was no time to ask")


def test_long_words_are_read_at_once() -> None:
    """Whoever writes 2000 characters does not make it wait, whatever they are."""
    for words in ("1:" * 1000, "+01:" * 500, "UTC" * 600, "Etc/A_" * 300, "T00:00" * 300):
        assert not all_zoned(words) or has_times(words)
