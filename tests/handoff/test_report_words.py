"""The report's words: what a viewing record says is told exactly, and nothing is inferred from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from reviewer.handoff.report_words import clock, listed, moment, seen_by, segment_words, size, span
from reviewer.model.decisions import ViewingRecord
from reviewer.model.segments import Segment


def told(**record: object) -> str:
    made = ViewingRecord(item_id="item-1", viewer="reviewer-7", **record)  # type: ignore[arg-type]
    return seen_by(made, "Reviewer 07", {"item-2": "2026-01843/002"})


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({}, "did not look at it: it was decided from its facts alone."),
        ({"seconds": {"facts": 30.0}}, "did not look at it: it was decided from its facts alone."),
        ({"seconds": {"facts": 3.0, "clear": 0.0}}, "did not look at it"),
        ({"seconds": {"facts": 3.0, "blurred": 0.4}}, "saw it blurred for 0.4 s."),
        ({"seconds": {"clear": 75.0, "blurred": 2.0}}, "saw it blurred for 2 s, clear for 1 min 15 s."),
        ({"sound_seconds": 3.0}, "Reviewer 07 heard it: its sound for 3 s."),
        ({"decided_from_notes": True}, "from the notes of earlier reviewers"),
        ({"could_not_open": "M003"}, "could not open it (code M003)"),
        ({"with_stack_of": "item-2"}, "together with exhibit 2026-01843/002, of which it is a copy"),
        ({"with_stack_of": "item-9"}, "together with another item of the case system"),
    ],
)
def test_what_was_seen_is_told_as_it_was_recorded(record: dict[str, object], said: str) -> None:
    assert said in told(**record)
    assert ("saw it" in told(**record) or "heard it" in told(**record)) == ViewingRecord(
        item_id="item-1",
        viewer="reviewer-7",
        **record,  # type: ignore[arg-type]
    ).viewed


def test_times_are_told_in_utc() -> None:
    assert moment(datetime(2026, 3, 1, 0, 30, 5, tzinfo=timezone(timedelta(hours=2)))) == "28 Feb 2026, 22:30:05 UTC"
    assert moment(datetime(2026, 3, 1, 0, 30, 5, tzinfo=UTC), seconds=False) == "1 Mar 2026, 00:30 UTC"


def test_stretches_and_sizes_round_without_carrying_wrong() -> None:
    assert (clock(59.96), clock(3599.96), clock(0)) == ("01:00.0", "1:00:00.0", "00:00.0")
    assert (span(9.96), span(59.7), span(119.6)) == ("10 s", "1 min 0 s", "2 min 0 s")
    assert (size(1), size(999), size(1_204_311)) == ("1 byte", "999 bytes", "1,204,311 bytes (1.2 MB)")
    assert segment_words(Segment(start_s=2, end_s=2)) == "00:02.0"


def test_long_lists_are_counted() -> None:
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([str(at) for at in range(15)], most=2) == "0, 1 and 13 more"
