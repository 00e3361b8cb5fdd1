"""Relevant segments are marked where we are, kept at once, noted, changed and taken away by key."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.model.segments import MAX_NOTE, MAX_SEGMENTS, Segment, usable
from reviewer.ui.marks import Marks

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class Keeper:
    """Stands for the draft: keeps what is asked for and says so, unless it refuses."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks
        self.kept: list[tuple[Segment, ...]] = []
        self.refuses = False
        marks.asked.connect(self._keep)

    def _keep(self, segments: tuple[Segment, ...]) -> None:
        if not self.refuses:
            self.kept.append(segments)
            self.marks.show_segments(segments)


class Place:
    at_s: float | None = 0.0

    def __call__(self) -> float | None:
        return self.at_s


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def marks(qtbot: QtBot, place: Place) -> Iterator[Marks]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(700, 120)
    made = Marks(place, window)
    made.row.resize(700, 100)
    window.show()
    yield made
    window.close()


@pytest.fixture
def keeper(marks: Marks) -> Keeper:
    return Keeper(marks)


def spans(marks: Marks) -> list[tuple[float, float]]:
    return [(segment.start_s, segment.end_s) for segment in marks.segments]


def mark(marks: Marks, place: Place, start: float, end: float) -> None:
    place.at_s = start
    marks.mark_in()
    place.at_s = end
    marks.mark_out()


def test_in_and_out_make_a_segment_that_is_listed(marks: Marks, keeper: Keeper, place: Place) -> None:
    assert marks.row.isHidden()
    mark(marks, place, 12.0, 19.5)
    assert spans(marks) == [(12.0, 19.5)]
    assert marks.list.words == ["00:12–00:19"]
    assert not marks.row.isHidden()
    mark(marks, place, 44.0, 40.0)
    assert spans(marks) == [(12.0, 19.5), (40.0, 44.0)], "marked backwards is marked all the same"


def test_a_start_is_kept_before_its_end_is_known(marks: Marks, keeper: Keeper, place: Place) -> None:
    place.at_s = 12.0
    marks.mark_in()
    assert keeper.kept == [(Segment(start_s=12.0, end_s=12.0),)]
    assert "Note" in marks.note.accessibleName()


def test_out_alone_marks_the_moment(marks: Marks, keeper: Keeper, place: Place) -> None:
    place.at_s = 7.0
    marks.mark_out()
    marks.mark_out()
    assert spans(marks) == [(7.0, 7.0), (7.0, 7.0)]


def test_the_button_begins_and_ends(marks: Marks, keeper: Keeper, place: Place) -> None:
    marks.mark()
    place.at_s = 3.0
    marks.mark()
    assert spans(marks) == [(0.0, 3.0)]


def test_a_note_is_kept_letter_by_letter_and_enter_ends_it(marks: Marks, keeper: Keeper, place: Place) -> None:
    place.at_s = 12.0
    marks.mark_in()
    marks.write_note()
    QTest.keyClicks(marks.note, "sign")
    assert keeper.kept[-1] == (Segment(start_s=12.0, end_s=12.0, note="sign"),)
    assert len(keeper.kept) == 5
    QTest.keyClick(marks.note, Qt.Key.Key_Return)
    place.at_s = 19.0
    marks.mark_out()
    assert marks.segments == (Segment(start_s=12.0, end_s=19.0, note="sign"),), "noted between, it was still open"
    marks.note.setText("")
    QTest.keyClicks(marks.note, "x" * (MAX_NOTE + 5))
    assert len(marks.segments[0].note) == MAX_NOTE


def test_edges_are_moved_and_never_cross(marks: Marks, keeper: Keeper, place: Place) -> None:
    mark(marks, place, 10.0, 20.0)
    place.at_s = 12.0
    marks.move_start()
    assert spans(marks) == [(12.0, 20.0)]
    place.at_s = 30.0
    marks.move_start()
    assert spans(marks) == [(30.0, 30.0)]
    place.at_s = 5.0
    marks.move_end()
    assert spans(marks) == [(5.0, 5.0)]


def test_the_list_is_walked_entered_and_cut_by_key(marks: Marks, keeper: Keeper, place: Place) -> None:
    for start in (10.0, 20.0, 30.0):
        mark(marks, place, start, start + 5.0)
    sought: list[float] = []
    marks.sought.connect(sought.append)
    marks.list.setFocus()
    QTest.keyClick(marks.list, Qt.Key.Key_Up)
    assert marks.current == Segment(start_s=20.0, end_s=25.0)
    assert "2 of 3" in marks.list.accessibleDescription()
    QTest.keyClick(marks.list, Qt.Key.Key_Return)
    assert sought == [20.0]
    QTest.keyClick(marks.list, Qt.Key.Key_Delete)
    assert spans(marks) == [(10.0, 15.0), (30.0, 35.0)]
    marks.remove()
    marks.remove()
    marks.remove()
    assert spans(marks) == []
    assert marks.row.isHidden()


def test_what_the_draft_refuses_is_not_shown_as_marked(marks: Marks, keeper: Keeper, place: Place) -> None:
    mark(marks, place, 1.0, 2.0)
    keeper.refuses = True
    place.at_s = 8.0
    marks.mark_in()
    marks.mark_out()
    marks.remove()
    assert spans(marks) == [(1.0, 2.0)]
    keeper.refuses = False
    marks.mark_out()
    assert spans(marks) == [(1.0, 2.0), (8.0, 8.0)], "nothing was left open"


def test_nothing_is_marked_where_nothing_has_time_nor_beyond_the_most(
    marks: Marks, keeper: Keeper, place: Place
) -> None:
    place.at_s = None
    marks.mark_in()
    marks.mark_out()
    assert keeper.kept == []
    marks.show_segments(tuple(Segment(start_s=float(at), end_s=float(at)) for at in range(MAX_SEGMENTS)))
    place.at_s = 3.0
    marks.mark_in()
    marks.mark_out()
    assert keeper.kept == []


@pytest.mark.parametrize("at_s", [3.2e8, float("inf"), float("nan"), -4.0])
def test_what_is_marked_can_always_be_sent(marks: Marks, keeper: Keeper, place: Place, at_s: float) -> None:
    """A media file may say that it lasts ten years, and be played there."""
    mark(marks, place, 5.0, at_s)
    mark(marks, place, at_s, 7.0)
    place.at_s = at_s
    marks.move_start()
    marks.move_end()
    assert len(marks.segments) == 2
    assert usable(marks.segments)
