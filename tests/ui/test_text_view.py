"""The lines' view: what is painted, where, and how fast."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from reviewer.media.outlines import LineOutline, TextOutline
from reviewer.ui.text_layout import LineLayout, Measures
from reviewer.ui.text_view import TextView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[TextView]:
    made = TextView()
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    yield made
    made.close()


def outline(*lengths: int, sender: str = "") -> TextOutline:
    return TextOutline(tuple(LineOutline(length, sender=sender) for length in lengths), "utf-8")


def picture(view: TextView) -> QImage:
    return view.grab().toImage()


def test_a_veiled_line_looks_the_same_whatever_its_words_were(view: TextView) -> None:
    view.set_outline(outline(40, 12, 0))
    before = picture(view)
    view.put_words({0: "the parcel for the garden came in the rain"})
    assert picture(view) != before
    view.drop_words()
    assert picture(view) == before


def test_a_line_that_takes_more_room_than_its_bars_gives_it_back(view: TextView) -> None:
    view.set_outline(outline(*[40] * 100, sender="A"))
    total = view.verticalScrollBar().maximum()
    view.put_words({0: "W" * 400})
    assert view.verticalScrollBar().maximum() > total
    view.drop_words()
    assert view.verticalScrollBar().maximum() == total


def test_what_grows_above_does_not_move_what_is_in_view(view: TextView) -> None:
    view.set_outline(outline(*[40] * 500, sender="A"))
    view.verticalScrollBar().setValue(3000)
    first = view.visible_lines()[0]
    view.put_words({3: "W" * 2000})
    assert view.visible_lines()[0] == first
    view.drop_words()
    assert view.visible_lines()[0] == first


def test_words_of_lines_that_are_not_there_are_not_kept(view: TextView) -> None:
    view.set_outline(outline(10))
    view.put_words({0: "one", 7: "seven"})
    assert dict(view.shown) == {0: "one"}
    view.set_outline(outline(10))
    assert not view.shown


def test_twenty_thousand_lines_are_laid_out_and_scrolled_quickly(view: TextView) -> None:
    lines = outline(*(17 + 31 * (at % 9) for at in range(20_000)), sender="A")
    began = time.process_time()
    view.set_outline(lines)
    assert time.process_time() - began < 1.0
    bar = view.verticalScrollBar()
    began = time.process_time()
    for at in range(50):
        bar.setValue(at * bar.maximum() // 50)
        view.viewport().repaint()
    assert (time.process_time() - began) / 50 < 0.05
    assert len(view.visible_lines()) < 60


def test_every_pixel_belongs_to_the_line_that_is_laid_out_there() -> None:
    lines = [LineOutline(length) for length in (10, 250, 0, 80)]
    layout = LineLayout(lines, Measures(20.0, 8.0, 20.0, 800.0, 1.0, 2.0))
    for number in range(4):
        middle = layout.top(number) + layout.height(number) / 2
        assert layout.line_at(middle) == number
    assert layout.line_at(-5.0) == 0
    assert layout.line_at(1e9) == 3
    assert list(layout.between(0.0, layout.total)) == [0, 1, 2, 3]
    assert len(layout.row_widths(1)) == 3
    assert layout.row_widths(2) == []
