"""Refused unlocks wait in a file that holds times only, until an open vault can log them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from reviewer.workstation.refusals import Refusals

AT = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_times_come_back_in_order_and_once(tmp_path: Path) -> None:
    refusals = Refusals(tmp_path)
    assert refusals.times() == []
    times = [AT + timedelta(seconds=n) for n in range(3)]
    for at in times:
        refusals.note(at)
    assert Refusals(tmp_path).times() == times
    refusals.clear()
    assert refusals.times() == []
    refusals.clear()


def test_lines_that_are_no_times_are_skipped(tmp_path: Path) -> None:
    (tmp_path / "refused").write_bytes(b"nonsense\n\xff\xfe\n" + AT.isoformat().encode() + b"\n")
    assert Refusals(tmp_path).times() == [AT]


def test_somebody_at_the_keyboard_cannot_fill_the_disk(tmp_path: Path) -> None:
    refusals = Refusals(tmp_path)
    for number in range(1100):
        refusals.note(AT + timedelta(seconds=number))
    assert len(refusals.times()) == 1000


def test_a_folder_that_cannot_be_written_is_no_crash(tmp_path: Path) -> None:
    Refusals(tmp_path / "missing").note(AT)
