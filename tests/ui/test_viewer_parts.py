"""Ladder, storyboard, transport, facts and notes on their own."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from viewer_fakes import IMAGE, NOTE, VIDEO, entry, grey_frame, policy

from reviewer.model.cases import EarlierNote, ItemFacts
from reviewer.model.decisions import MessageMark
from reviewer.model.levels import Kind, Level
from reviewer.model.segments import Segment
from reviewer.model.taxonomy import Choice, Taxonomy
from reviewer.ui.facts_card import FactsCard
from reviewer.ui.item_words import clock_words, hours_words, item_line, size_words
from reviewer.ui.ladder import Ladder
from reviewer.ui.notes_card import NotesCard
from reviewer.ui.scrub_bar import ScrubBar
from reviewer.ui.storyboard import Shape, Storyboard
from reviewer.ui.transport_bar import TransportBar

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def words_of(card: NotesCard) -> str:
    return " ".join(label.text() for label in card.findChildren(QLabel) if not label.isHidden())


def test_a_click_on_the_ladder_asks_and_changes_nothing_itself(qtbot: QtBot) -> None:
    ladder = Ladder()
    qtbot.addWidget(ladder)
    asked: list[Level] = []
    ladder.chosen.connect(asked.append)
    ladder.allow(Level.CLEAR, "")
    ladder.show_level(Level.BLURRED)
    ladder.step(Level.CLEAR).click()
    assert asked == [Level.CLEAR]
    assert ladder.step(Level.BLURRED).isChecked()
    assert not ladder.step(Level.CLEAR).isChecked()


def test_the_ladder_says_for_how_long(qtbot: QtBot) -> None:
    ladder = Ladder()
    qtbot.addWidget(ladder)
    ladder.set_clear_seconds(7.5)
    assert ladder.step(Level.CLEAR).text() == "Clear, 7.5 s"
    wide = ladder.sizeHint().width()
    ladder.set_compact(True)
    assert ladder.sizeHint().width() < wide


def storyboard(qtbot: QtBot, shape: Shape, count: int = 20) -> Storyboard:
    board = Storyboard(shape)
    qtbot.addWidget(board)
    board.resize(700, 52 if shape is Shape.STRIP else 420)
    board.set_cells([grey_frame(width=80, height=45, time_s=at * 8.0) for at in range(count)])
    return board


def test_the_grid_is_four_rows_of_five(qtbot: QtBot) -> None:
    board = storyboard(qtbot, Shape.GRID)
    rects = [rect for _index, rect in board.cell_rects()]
    assert len(rects) == 20
    assert len({round(rect.top()) for rect in rects}) == 4
    assert all(board.rect().toRectF().contains(rect) for rect in rects)
    assert all(rect.width() / rect.height() == pytest.approx(16 / 9) for rect in rects)


def test_cells_are_chosen_by_click_and_marked_by_arrows(qtbot: QtBot) -> None:
    board = storyboard(qtbot, Shape.GRID)
    chosen: list[int] = []
    board.chosen.connect(chosen.append)
    QTest.mouseClick(board, Qt.MouseButton.LeftButton, pos=board.cell_rects()[7][1].center().toPoint())
    assert chosen == [7]
    QTest.keyClick(board, Qt.Key.Key_Down)
    assert board.mark == 12
    assert "Scene 13 of 20, at 01:36" in board.accessibleDescription()


def test_the_strip_scrolls_to_the_mark(qtbot: QtBot) -> None:
    board = storyboard(qtbot, Shape.STRIP)
    assert len(board.cell_rects()) < 20
    board.set_mark(19)
    assert 19 in [index for index, _rect in board.cell_rects()]
    assert board.index_at(25.0) == 3


@pytest.mark.parametrize("shape", list(Shape))
def test_a_storyboard_let_go_of_paints_nothing(qtbot: QtBot, shape: Shape) -> None:
    board = storyboard(qtbot, shape)
    board.grab()
    board.clear_cells()
    board.grab()
    assert board.cell_rects() == []


def test_one_drag_is_one_seek(qtbot: QtBot) -> None:
    bar = ScrubBar()
    qtbot.addWidget(bar)
    bar.resize(200, 24)
    bar.set_length(100.0)
    sought: list[float] = []
    bar.sought.connect(sought.append)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    for x in range(30, 150, 10):
        QTest.mouseMove(bar, QPoint(x, 12))
    QTest.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(150, 12))
    assert sought == [pytest.approx(75.0)]
    bar.set_position(2.0)
    QTest.keyClick(bar, Qt.Key.Key_Left)
    assert sought[-1] == 0.0


def test_speeds_stop_at_their_ends(qtbot: QtBot) -> None:
    bar = TransportBar()
    qtbot.addWidget(bar)
    bar.show_speed(2.0)
    assert bar.next_speed(1) == 2.0
    assert bar.next_speed(-1) == 1.0
    bar.show_speed(0.25)
    assert bar.next_speed(-3) == 0.25


def test_facts_say_what_can_be_said_without_a_pixel(qtbot: QtBot) -> None:
    card = FactsCard()
    qtbot.addWidget(card)
    card.show_facts(entry(VIDEO, notes=(NOTE,)), policy())
    facts = dict(card.rows)
    assert facts["Type"] == "video, mp4"
    assert facts["Size"] == "18 MB · 1920 × 1080"
    assert facts["Length"] == "02:41"
    assert facts["Sound"] == "yes, off"
    assert facts["Reported by"] == "Law enforcement"
    assert facts["Harm type"] == "Violence"
    assert facts["What to expect"] == "bright flashes"
    assert facts["Earlier notes"] == "one"
    assert "Sent as" not in facts


def test_a_type_that_is_not_what_was_sent_is_a_fact(qtbot: QtBot) -> None:
    card = FactsCard()
    qtbot.addWidget(card)
    card.show_facts(entry(ItemFacts(kind=Kind.IMAGE, format="png", declared_format="jpeg", size=1)), policy())
    assert dict(card.rows)["Sent as"] == "jpeg; the content is not"


def test_words_from_outside_are_never_markup(qtbot: QtBot) -> None:
    notes = NotesCard()
    qtbot.addWidget(notes)
    notes.show_notes((EarlierNote(author="<b>R</b>", at=NOTE.at, text="<img src='x'>"),))
    labels = notes.findChildren(QLabel)
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in labels)


def test_the_latest_note_is_first_and_the_card_folds(qtbot: QtBot) -> None:
    later = EarlierNote(author="Reviewer 03", at=datetime(2026, 11, 21, tzinfo=UTC), text="Same place as before.")
    notes = NotesCard()
    qtbot.addWidget(notes)
    notes.show_notes((NOTE, later))
    said = words_of(notes)
    assert "Seen once by Reviewer 03" in said
    assert said.index("Same place") < said.index("Two rooms")
    notes.toggle()
    assert "Same place" not in words_of(notes)


def test_short_words() -> None:
    assert item_line("3", VIDEO) == "Item 3 · video 02:41 · 1080p"
    assert item_line("1", IMAGE) == "Item 1 · image · 4000 × 2250"
    assert clock_words(3725.9) == "1:02:05"
    assert size_words(999) == "999 B"
    assert size_words(1_500) == "1.5 kB"
    assert size_words(4_200_000_000) == "4.2 GB"
    assert hours_words(15) == "3 h 45"


def test_segments_of_an_earlier_viewer_are_read_before_looking(qtbot: QtBot) -> None:
    notes = NotesCard()
    qtbot.addWidget(notes)
    parts = (Segment(start_s=12.0, end_s=19.5, note="street sign"), Segment(start_s=3700.0, end_s=3701.0))
    notes.show_notes((EarlierNote(author="Reviewer 03", at=NOTE.at, text="", segments=parts),))
    assert "Relevant segments: 00:12–00:19 · street sign; 1:01:40–1:01:41" in words_of(notes)
    many = EarlierNote(author="Reviewer 03", at=NOTE.at, text="", segments=parts * 5)
    crowded = NotesCard()
    qtbot.addWidget(crowded)
    crowded.show_notes((many,))
    assert "and 4 more" in words_of(crowded)


def test_labels_are_said_in_the_words_of_the_policy(qtbot: QtBot) -> None:
    taxonomy = Taxonomy(labels=(Choice(key="place_named", words="Place named"),))
    notes = NotesCard()
    qtbot.addWidget(notes)
    note = EarlierNote(author="Reviewer 03", at=NOTE.at, text="", labels=("place_named", "of_last_year"))
    notes.show_notes((note,), taxonomy)
    assert "Labels: Place named, of_last_year" in words_of(notes)
    assert "place_named" not in words_of(notes)


def test_messages_an_earlier_viewer_marked_are_read_before_looking(qtbot: QtBot) -> None:
    marks = (MessageMark(line=0, note="asks which plot"), *(MessageMark(line=line) for line in range(11, 20)))
    notes = NotesCard()
    qtbot.addWidget(notes)
    notes.show_notes((EarlierNote(author="Reviewer 03", at=NOTE.at, text="", messages=marks),))
    assert "Relevant messages: 1 · asks which plot; 12; 13; 14; 15; 16; and 4 more" in words_of(notes)


def test_the_facts_say_labels_and_marked_messages_in_words(qtbot: QtBot) -> None:
    card = FactsCard()
    qtbot.addWidget(card)
    asked = msgspec.structs.replace(policy(), taxonomy=Taxonomy(labels=(Choice(key="place", words="Place named"),)))
    note = EarlierNote(author="R", at=NOTE.at, text="", labels=("place",), messages=(MessageMark(line=3),))
    card.show_facts(entry(IMAGE, notes=(note,)), asked)
    card.show()
    said = words_of(card.findChild(NotesCard))
    assert "Labels: Place named" in said
    assert "Relevant messages: 4" in said
