"""The case panel in the real window on a session in memory: talking to colleagues, and what stands around a case."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import msgspec
import pytest
from case_fakes import an_outcome
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import FakeDesk, FakeSession

from reviewer.model.errors import StoreUnavailable
from reviewer.model.related import MAX_MESSAGE
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.case_panel import CasePage
from reviewer.ui.case_ports import Arrival, RelatedView, UnreadThread
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.main_window import MainWindow
from reviewer.ui.workbench import Workbench

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Key, Held = Qt.Key, Qt.KeyboardModifier
CASE = "case-1843"


class Person:
    """At the keyboard, with the first item on the desk."""

    def __init__(self, session: FakeSession, jobs: Jobs, qtbot: QtBot, width: int = 1366, height: int = 768) -> None:
        self.session = session
        self.qtbot = qtbot
        self.window = MainWindow(FakeDesk(session=session), jobs)
        qtbot.addWidget(self.window)
        self.window.resize(width, height)
        self.window.show()
        self.window.activateWindow()
        self.window._open(session)  # type: ignore[arg-type]
        assert self.window.frame is not None
        assert self.window.frame.workbench is not None
        self.bench: Workbench = self.window.frame.workbench

    def take(self, at: int = 0) -> None:
        self.bench.take(self.session.entries[at])
        self.until(lambda: self.bench.flow.state is DeskState.OPEN)

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Held.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)

    def type(self, words: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), words)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true)

    def words(self) -> str:
        """All that the panel shows, one label a line."""
        labels = [label for label in self.bench.case.findChildren(QLabel) if label.isVisible()]
        return "\n".join(label.text().replace("\u200b", "") for label in labels)


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def jobs() -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


@pytest.fixture
def person(session: FakeSession, jobs: Jobs, qtbot: QtBot) -> Iterator[Person]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    theme.apply(app)
    made = Person(session, jobs, qtbot)
    yield made
    if made.window.frame is not None:
        made.bench.stop()


def test_one_key_to_the_field_ctrl_enter_sends_and_nothing_is_decided(person: Person) -> None:
    person.take()
    person.press(Key.Key_Y)
    person.until(lambda: person.bench.case.talk.field.hasFocus() and person.bench.case.talk.ready)
    person.type("Is the parcel yours")
    person.press(Key.Key_Return, Held.ControlModifier)
    person.until(lambda: bool(person.session.named("send_message")))
    assert person.session.named("send_message") == [("send_message", CASE, "Is the parcel yours")]
    assert person.session.named("decide") == []
    person.until(lambda: "waiting to be sent" in person.words())
    assert person.bench.case.talk.field.toPlainText() == ""
    assert person.bench.flow.state is DeskState.OPEN


def test_nothing_of_the_evidence_is_in_the_field_by_itself(person: Person) -> None:
    person.take()
    person.press(Key.Key_Y)
    person.until(lambda: person.bench.case.talk.ready)
    assert person.bench.case.talk.field.toPlainText() == ""


def test_neither_pictures_nor_files_come_in(person: Person) -> None:
    person.take()
    person.press(Key.Key_Y)
    field = person.bench.case.talk.field
    person.until(lambda: person.bench.case.talk.ready)
    picture, files, text = QMimeData(), QMimeData(), QMimeData()
    picture.setImageData(QImage(4, 4, QImage.Format.Format_RGB32))
    files.setUrls([QUrl("file:///somewhere/garden.png")])
    text.setText("plain words")
    for brought in (picture, files):
        assert not field.canInsertFromMimeData(brought)
        field.insertFromMimeData(brought)
    assert field.toPlainText() == ""
    field.insertFromMimeData(text)
    assert field.toPlainText() == "plain words"
    assert not field.acceptDrops()


def test_words_are_kept_as_they_are_written_and_come_back(person: Person) -> None:
    person.take()
    person.press(Key.Key_Y)
    person.until(lambda: person.bench.case.talk.ready)
    person.type("half a sen")
    person.until(lambda: person.session.threads.drafts.get(CASE) == "half a sen")
    person.type("tence")
    # Hidden before the pause in which it would be saved: saved at once, and there again.
    person.press(Key.Key_Escape)
    person.until(lambda: person.session.threads.drafts.get(CASE) == "half a sentence")
    person.press(Key.Key_Return)
    person.until(lambda: person.bench.case.talk.field.toPlainText() == "half a sentence")


def test_the_lock_waits_for_the_words(person: Person) -> None:
    person.take()
    person.press(Key.Key_Y)
    person.until(lambda: person.bench.case.talk.ready)
    person.type("not saved yet")
    assert CASE not in person.session.threads.drafts
    person.press(Key.Key_L, Held.ControlModifier)
    person.until(lambda: bool(person.session.named("lock")))
    names = [call[0] for call in person.session.calls]
    assert person.session.threads.drafts[CASE] == "not saved yet"
    assert names.index("save_message_draft") < names.index("lock")


def test_letters_typed_before_the_thread_is_there_are_words_and_not_keys(person: Person) -> None:
    """Behind the draft of before, and kept when everything is hidden at once."""
    person.session.threads.drafts[CASE] = "of before"
    person.take()
    person.press(Key.Key_Y)
    assert not person.bench.case.talk.ready
    person.type("kiz")
    assert person.bench.case.talk.early == "kiz"
    person.press(Key.Key_Escape)
    person.until(lambda: person.session.threads.drafts[CASE] == "of before\nkiz")
    assert person.bench.decision.draft is None
    person.press(Key.Key_Return)
    person.until(lambda: person.bench.case.talk.field.toPlainText() == "of before\nkiz")


def test_a_message_that_cannot_be_kept_stays_in_the_field(person: Person) -> None:
    person.take()
    person.press(Key.Key_Y)
    person.until(lambda: person.bench.case.talk.ready)
    person.session.fail["send_message"] = StoreUnavailable()
    person.type("keep me")
    person.press(Key.Key_Return, Held.ControlModifier)
    person.until(lambda: person.bench.notice.isVisible())
    field = person.bench.case.talk.field
    person.until(lambda: not field.isReadOnly())
    assert field.toPlainText() == "keep me"


def test_what_was_not_accepted_is_shown_and_sent_in_other_words(person: Person) -> None:
    reason = "This case is not shared with you."
    person.session.threads.put(CASE, "first words", mine=True, arrival=Arrival.REJECTED, reason=reason)
    person.take()
    person.press(Key.Key_Y)
    person.until(lambda: reason in person.words())
    again = next(b for b in person.bench.case.findChildren(QPushButton) if b.text() == "Put it in other words")
    again.click()
    field = person.bench.case.talk.field
    assert field.toPlainText() == "first words"
    person.type("!")
    person.press(Key.Key_Return, Held.ControlModifier)
    person.until(lambda: bool(person.session.named("send_message_again")))
    (sent,) = person.session.named("send_message_again")
    assert sent[1:] == ("m0", field.toPlainText() or "first words!") or "first words" in str(sent[2])
    person.until(lambda: "waiting to be sent" in person.words())
    assert person.session.named("send_message") == []


def test_too_many_words_are_not_sent_and_not_cut(person: Person) -> None:
    person.take()
    person.press(Key.Key_Y)
    field = person.bench.case.talk.field
    person.until(lambda: person.bench.case.talk.ready)
    field.setPlainText("x" * (MAX_MESSAGE + 3))
    person.press(Key.Key_Return, Held.ControlModifier)
    assert "3 too many" in person.words()
    assert person.session.named("send_message") == []
    assert len(field.toPlainText()) == MAX_MESSAGE + 3


def test_new_messages_are_said_quietly_until_they_are_read(person: Person) -> None:
    person.session.threads.put(CASE, "Good morning.")
    person.session.threads.new[CASE] = UnreadThread(CASE, "2026-01843", 1)
    person.session.threads.new["case-1851"] = UnreadThread("case-1851", "2026-01851", 2)
    about = person.bench.top_bar.findChild(QPushButton, "aboutCase")
    assert about is not None
    person.bench.colleagues.refresh()
    person.until(lambda: about.text() == "Case · 3 new")
    person.take()
    assert about.text() == "Case · 3 new"
    person.press(Key.Key_Y)
    person.until(lambda: about.text() == "Case · 2 new")
    assert person.session.named("read_up_to") == [("read_up_to", CASE, 1)]
    other = next(b for b in person.bench.case.findChildren(QPushButton) if "2026-01851" in b.text())
    person.session.threads.put("case-1851", "About the other one.")
    other.click()
    person.until(lambda: "About the other one." in person.words())
    person.until(lambda: about.text() == "Case")


def test_around_the_case_by_facts_only(person: Person) -> None:
    person.take()
    person.press(Key.Key_C, Held.AltModifier)
    person.until(lambda: "Timeline" in person.words())
    words = person.words()
    for told in (
        "Somebody was brought to safety",
        "Same account: garden_friend_7",
        "Violence · severity 2 · Report to law enforcement",
        "2 waiting · 1 held · 2 decided",
        "decided · Violence · Remove",
        "20 Nov · 2 decisions",
        "Reviewer 09, Reviewer 14",
    ):
        assert told in words
    assert all(label.pixmap().isNull() for label in person.bench.case.findChildren(QLabel))
    assert person.session.named("take") == [("take", "item-1843")]
    person.press(Key.Key_C, Held.AltModifier)
    assert not person.bench.case.isVisible()


def test_nothing_is_told_of_the_item_on_the_desk(person: Person) -> None:
    """Also when what was kept here was heard while that item was decided, and now it is to be decided again."""
    known = person.session.around.refresh_related(CASE).related
    person.take()
    on_desk = msgspec.structs.replace(known.items[1], item_id="item-1843")
    elsewhere = msgspec.structs.replace(known.earlier[0], item_id="item-1843")
    person.session.around.known[CASE] = msgspec.structs.replace(known, items=(on_desk,), earlier=(elsewhere,))
    person.press(Key.Key_C, Held.AltModifier)
    person.until(lambda: "Timeline" in person.words())
    assert "decided · Violence" not in person.words()
    assert "severity 2" not in person.words()


def test_without_the_case_system_it_says_so_and_shows_what_was_heard(person: Person) -> None:
    person.session.around.refresh_related(CASE)
    person.session.around.answers = False
    person.take()
    person.press(Key.Key_C, Held.AltModifier)
    person.until(lambda: "Timeline" in person.words())
    person.until(lambda: "cannot be reached" in person.words() or "does not answer" in person.words())


def test_what_was_kept_coming_late_does_not_hide_that_nobody_answers(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = person.session.around
    around.refresh_related(CASE)
    around.answers = False
    kept = around.related

    def slowly(case_id: str) -> RelatedView | None:
        time.sleep(0.3)
        return kept(case_id)

    monkeypatch.setattr(around, "related", slowly)
    person.take()
    person.press(Key.Key_C, Held.AltModifier)
    person.until(lambda: "Timeline" in person.words())
    person.until(lambda: "cannot be reached" in person.words() or "does not answer" in person.words())


def test_what_became_of_ones_cases_is_there_when_nothing_is_on_the_desk(person: Person) -> None:
    person.session.around.became = (an_outcome(),)
    person.session.around.fresh = frozenset({an_outcome().id})
    person.bench.colleagues.refresh()
    about = person.bench.top_bar.findChild(QPushButton, "aboutCase")
    assert about is not None
    person.until(lambda: about.text() == "Case · 1 new")
    person.press(Key.Key_C, Held.AltModifier)
    person.until(lambda: "everybody is well" in person.words())
    person.until(lambda: bool(person.session.named("outcomes_seen")) and about.text() == "Case")


@pytest.mark.parametrize(
    ("width", "beside"), [(1024, {"case"}), (1366, {"case", "decision"}), (1920, {"queue", "case", "decision"})]
)
def test_there_is_room_for_it(session: FakeSession, jobs: Jobs, qtbot: QtBot, width: int, beside: set[str]) -> None:
    person = Person(session, jobs, qtbot, width)
    person.take()
    person.press(Key.Key_Y)
    sides: dict[str, QWidget] = {
        "queue": person.bench.queue,
        "case": person.bench.case,
        "decision": person.bench.decision,
    }
    assert {name for name, side in sides.items() if side.isVisible()} == beside
    person.until(lambda: person.bench.viewer.width() >= 560)
    person.press(Key.Key_C, Held.AltModifier)
    assert person.bench.case.page is CasePage.AROUND
    person.press(Key.Key_C, Held.AltModifier)
    assert not person.bench.case.isVisible()
    assert person.bench.decision.isVisible()
    person.press(Key.Key_Y)
    person.until(lambda: person.bench.case.talk.ready)
    person.press(Key.Key_C, Held.AltModifier)
    person.press(Key.Key_Q)
    assert person.bench.queue.isVisible()
    person.bench.stop()


def test_what_colleagues_wrote_is_marked_on_the_cards_until_it_was_read(person: Person, session: FakeSession) -> None:
    queue = person.bench.queue

    def marked() -> list[int]:
        return [queue.model.unread(row) for row in range(queue.model.rowCount())]

    session.threads.put(CASE, "The third plot has a new fence.")
    session.threads.new[CASE] = UnreadThread(CASE, "2026-01843", 2)
    person.bench.queueing.start()
    person.bench.colleagues.refresh()
    person.until(lambda: marked() == [2, 0, 0, 0, 0, 0])
    person.take()
    person.press(Key.Key_Y)
    person.until(lambda: not any(marked()))
