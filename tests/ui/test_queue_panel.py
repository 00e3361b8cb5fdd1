"""The queue: order as given, search over words, and no more work than the screen shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from session_fakes import a_queue, an_entry

from reviewer.model.cases import QueueEntry
from reviewer.ui import theme
from reviewer.ui.pill import Tone
from reviewer.ui.queue_card import pills_of
from reviewer.ui.queue_model import ENTRY_ROLE, QueueModel, snapshot
from reviewer.ui.queue_panel import QueuePanel
from reviewer.ui.wording import due_words

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us
NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


@pytest.fixture
def panel(qtbot: QtBot) -> QueuePanel:
    made = QueuePanel("m07")
    qtbot.addWidget(made)
    made.resize(296, 700)
    made.show_queue(snapshot(a_queue()))
    made.show()
    return made


def numbers(panel: QueuePanel) -> list[str]:
    rows = range(panel.model.rowCount())
    return [entry.case.number for row in rows if (entry := panel.model.entry(row)) is not None]


def search(panel: QueuePanel, words: str) -> list[str]:
    panel.search.setText(words)
    panel.focus_list()
    return numbers(panel)


def test_the_order_is_the_one_given(panel: QueuePanel) -> None:
    assert numbers(panel) == [entry.case.number for entry in a_queue()]


def test_search_needs_every_word_and_looks_in_notes_and_facts(panel: QueuePanel) -> None:
    assert search(panel, "street LAW") == ["2026-01843"]
    assert search(panel, "audio") == ["2026-01829"]
    assert search(panel, "weapon") == ["2026-01851"]
    assert search(panel, "weapon audio") == []
    assert len(search(panel, "  ")) == 6


def test_an_empty_answer_says_so(panel: QueuePanel) -> None:
    search(panel, "no such thing")
    assert "matches" in panel._empty.text()
    panel.show_queue(snapshot([]))
    assert "Nothing is waiting" in panel._empty.text()


def test_a_refresh_keeps_what_was_current(panel: QueuePanel) -> None:
    panel.list.setCurrentIndex(panel.list.model().index(2, 0))
    panel.show_queue(snapshot(a_queue()[1:]))
    current = panel.list.currentIndex().data(ENTRY_ROLE)
    assert isinstance(current, QueueEntry)
    assert current.case.number == "2026-01838"


def test_enter_takes_what_is_current_and_so_does_a_click(panel: QueuePanel, qtbot: QtBot) -> None:
    chosen: list[str] = []
    panel.chosen.connect(lambda entry: chosen.append(entry.case.number))
    panel.focus_list()
    QTest.keyClick(panel.list, Qt.Key.Key_Down)
    QTest.keyClick(panel.list, Qt.Key.Key_Return)
    place = panel.list.visualRect(panel.list.model().index(2, 0)).center()
    QTest.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert chosen == ["2026-01851", "2026-01838"]


def test_the_first_free_one_is_neither_somebody_elses_nor_done(panel: QueuePanel) -> None:
    import msgspec

    entries = a_queue()
    entries[0] = msgspec.structs.replace(entries[0], leased_to="m12")
    entries[1] = msgspec.structs.replace(entries[1], leased_to="m07")
    panel.show_queue(snapshot(entries))
    first = panel.first()
    assert first is not None
    assert first.item.id == "item-1851"
    second = panel.first({"item-1851"})
    assert second is not None
    assert second.item.id == "item-1838"


def test_a_hundred_thousand_cost_no_more_than_a_screenful(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    # Counted in plain methods the two virtual ones call: Qt keeps hold of overrides, they must not be patched.
    read, measured = [0], [0]
    real_entry, real_px = QueueModel.entry, theme.px

    def entry(self: QueueModel, row: int) -> QueueEntry | None:
        read[0] += 1
        return real_entry(self, row)

    def px(length: float) -> int:
        measured[0] += 1
        return real_px(length)

    monkeypatch.setattr(QueueModel, "entry", entry)
    monkeypatch.setattr(theme, "px", px)
    made = QueuePanel("m07")
    qtbot.addWidget(made)
    made.resize(296, 700)
    made.show_queue(snapshot([an_entry(1)] * 100_000))
    made.show()
    made.grab()
    made.list.scrollToBottom()
    made.grab()
    assert 0 < read[0] < 2_000
    assert 0 < measured[0] < 2_000


def test_countdowns_say_more_the_nearer_they_are() -> None:
    def words(**left: float) -> tuple[str, bool]:
        return due_words(NOW + timedelta(**left), NOW)

    assert words(minutes=24) == ("24 min", True)
    assert words(minutes=70) == ("1 h 10", False)
    assert words(hours=13, minutes=20) == ("13 h", False)
    assert words(days=3) == ("3 days", False)
    assert words(minutes=-12) == ("12 min over", True)
    assert due_words(None, NOW) == ("no deadline", False)


def test_danger_is_said_first_and_in_words() -> None:
    entry = a_queue()[0]
    assert pills_of(entry, "m07") == [("Danger", Tone.RED), ("has notes", Tone.ACCENT), ("has sound", Tone.NEUTRAL)]
