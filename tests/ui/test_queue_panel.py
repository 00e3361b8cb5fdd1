"""The queue: order as given, search over words, and no more work than the screen shows."""

from __future__ import annotations

from array import array
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from queue_fakes import a_listing
from session_fakes import POLICY, a_queue, an_entry

from reviewer.model.cases import QueueEntry
from reviewer.model.queue_view import QueueListing
from reviewer.ui import theme
from reviewer.ui.pill import Tone
from reviewer.ui.queue_card import pills_of
from reviewer.ui.queue_model import ENTRY_ROLE, UNREAD_ROLE, QueueModel
from reviewer.ui.queue_panel import QueuePanel
from reviewer.ui.wording import due_words

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us
NOW = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)


@pytest.fixture
def panel(qtbot: QtBot) -> QueuePanel:
    made = QueuePanel("m07", harms=POLICY.harm_types)
    qtbot.addWidget(made)
    made.resize(296, 700)
    asks(made, a_queue())
    made.show()
    return made


def asks(panel: QueuePanel, entries: list[QueueEntry]) -> None:
    """`panel` over these entries: every question is answered at once."""
    panel.asked.connect(lambda ask: panel.show_queue(a_listing(entries, ask)))
    panel.model.linesWanted.connect(lambda lines: panel.model.supply([(line, entries[line]) for line in lines]))
    panel.show_queue(a_listing(entries))


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
    panel.search.clear()
    panel.focus_list()
    panel.show_queue(a_listing([]))
    assert "Nothing is waiting" in panel._empty.text()


def test_a_refresh_keeps_what_was_current(panel: QueuePanel) -> None:
    panel.list.setCurrentIndex(panel.list.model().index(2, 0))
    panel.show_queue(a_listing(a_queue(), revision=2))
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
    entries = a_queue()
    entries[0] = msgspec.structs.replace(entries[0], leased_to="m12")
    entries[1] = msgspec.structs.replace(entries[1], leased_to="m07")
    panel.show_queue(a_listing(entries))
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
    one, wanted = an_entry(1), list[int]()
    made = QueuePanel("m07")
    qtbot.addWidget(made)
    made.resize(296, 700)
    made.model.linesWanted.connect(wanted.extend)
    made.show_queue(QueueListing(lines=array("q", range(100_000)), first=((0, one),), waiting=100_000))
    made.show()
    made.grab()
    made.list.scrollToBottom()
    made.grab()
    qtbot.waitUntil(lambda: 99_999 in wanted)
    assert 0 < read[0] < 2_000
    assert 0 < measured[0] < 2_000
    assert len(wanted) < 200, "only what is in view is read"
    made.model.supply([(99_999, one)])
    assert made.model.entry(99_999) == one


def test_filters_say_what_they_hide_and_danger_most_of_all(panel: QueuePanel) -> None:
    panel.toggle_filters()
    QTest.keyClick(panel.filters, Qt.Key.Key_2)  # due today
    QTest.keyClick(panel.filters, Qt.Key.Key_1)  # and in danger
    assert numbers(panel) == ["2026-01843"]
    assert panel._hidden.text() == "Danger now · Due today: 1 shown, 5 hidden"
    assert not panel._danger.isVisible()
    QTest.keyClick(panel.filters, Qt.Key.Key_0)
    QTest.keyClick(panel.filters, Qt.Key.Key_4)
    assert numbers(panel) == []
    assert panel._danger.text() == "1 where somebody may be in danger: hidden here"
    assert panel._danger.isVisible()
    QTest.keyClick(panel.filters, Qt.Key.Key_Return)
    assert not panel.filters.isVisible()


def test_a_search_that_hides_danger_says_so(panel: QueuePanel) -> None:
    search(panel, "weapon")
    assert panel._danger.text() == "1 where somebody may be in danger: hidden here"
    assert "search: 1 shown, 5 hidden" in panel._hidden.text()


def test_choices_go_round_by_the_arrows(panel: QueuePanel) -> None:
    panel.toggle_filters()
    QTest.keyClick(panel.filters, Qt.Key.Key_7)
    assert numbers(panel) == ["2026-01843"]
    QTest.keyClick(panel.filters, Qt.Key.Key_Left)
    assert len(numbers(panel)) == 6
    QTest.keyClick(panel.filters, Qt.Key.Key_8)
    assert panel._hidden.text().startswith("image: 4 shown")


def test_what_is_set_aside_is_out_of_the_way_but_never_out_of_mind(panel: QueuePanel) -> None:
    entries = a_queue()
    entries[0] = msgspec.structs.replace(entries[0], held=True)
    panel.show_queue(a_listing(entries))
    assert "2026-01843" not in numbers(panel)
    assert panel._hidden.text() == "1 set aside"
    assert panel._danger.text() == "1 where somebody may be in danger: set aside"
    assert pills_of(entries[0], "m07")[:2] == [("Danger", Tone.RED), ("set aside", Tone.NEUTRAL)]


def test_groups_are_closed_until_opened_and_say_danger(panel: QueuePanel) -> None:
    panel.next_grouping()
    assert panel.model.rowCount() == 6
    head = panel.model.group(0)
    assert head is not None
    assert (head.count, head.danger, head.opened) == (1, 1, False)
    panel.focus_list()
    QTest.keyClick(panel.list, Qt.Key.Key_Right)
    assert panel.model.rowCount() == 7
    entry = panel.model.entry(1)
    assert entry is not None
    assert entry.case.number == "2026-01843"
    panel.grab()
    QTest.keyClick(panel.list, Qt.Key.Key_Left)
    assert panel.model.rowCount() == 6
    panel.next_grouping()
    head = panel.model.group(0)
    assert head is not None
    assert head.count == 6, "no account is named in any of them"
    panel.next_grouping()
    assert numbers(panel) == [entry.case.number for entry in a_queue()]


def test_an_incomplete_referral_is_called_so(panel: QueuePanel) -> None:
    assert ("incomplete", Tone.AMBER) in pills_of(a_queue()[0], "m07")


def test_an_answer_to_an_older_search_is_not_shown(panel: QueuePanel) -> None:
    search(panel, "weapon")
    panel.show_queue(a_listing(a_queue()))
    assert numbers(panel) == ["2026-01851"]


def test_countdowns_say_more_the_nearer_they_are() -> None:
    def words(**left: float) -> tuple[str, bool]:
        return due_words(NOW + timedelta(**left), NOW)

    assert words(minutes=24) == ("24 min", True)
    assert words(minutes=70) == ("1 h 10", False)
    assert words(hours=13, minutes=20) == ("13 h", False)
    assert words(days=3) == ("3 days", False)
    assert words(minutes=-12) == ("overdue 12 min", True)
    assert due_words(None, NOW) == ("no deadline", False)


def test_danger_is_said_first_and_in_words() -> None:
    entry = a_queue()[0]
    assert [words for words, _tone in pills_of(entry, "m07")] == ["Danger", "incomplete", "has notes", "has sound"]


def spoken(panel: QueuePanel, row: int) -> str:
    said = panel.model.data(panel.model.index(row, 0), Qt.ItemDataRole.AccessibleTextRole)
    assert isinstance(said, str)
    return said


def test_unread_messages_are_a_mark_on_the_cards_of_their_case(panel: QueuePanel) -> None:
    first, second = a_queue()[:2]
    bare = panel.list.grab().toImage()
    panel.say_unread({first.case.id: 2})
    assert panel.model.data(panel.model.index(0, 0), UNREAD_ROLE) == 2
    assert spoken(panel, 0).endswith(", 2 new messages")
    assert "new message" not in spoken(panel, 1)
    assert panel.list.grab().toImage() != bare
    panel.say_unread({second.case.id: 1})
    assert "new message" not in spoken(panel, 0)
    assert spoken(panel, 1).endswith(", 1 new message")
    panel.say_unread({})
    assert panel.list.grab().toImage() == bare


def test_the_head_of_a_case_says_what_is_unread_and_that_of_a_person_does_not(panel: QueuePanel) -> None:
    panel.say_unread({a_queue()[0].case.id: 3})
    panel.next_grouping()
    assert spoken(panel, 0).endswith(", 3 new messages")
    panel.next_grouping()
    assert not any("new message" in spoken(panel, row) for row in range(panel.model.rowCount()))
