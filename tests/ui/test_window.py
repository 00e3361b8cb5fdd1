"""The whole window on a session in memory, driven by keys as a person would."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import msgspec
import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QListView, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import PASSPHRASE, FakeDesk, FakeSession

from reviewer.media.frames import Frame, PixelFormat
from reviewer.model.decisions import Action, Draft, Imminence
from reviewer.model.errors import CaseSystemUnreachable, DamagedMedia, StoreUnavailable
from reviewer.model.levels import Level
from reviewer.model.roles import Member, Role
from reviewer.model.segments import Segment
from reviewer.ui import desk_frame, theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.desk_frame import DeskFrame
from reviewer.ui.main_window import MainWindow
from reviewer.ui.segments import Segments
from reviewer.ui.workbench import Workbench
from reviewer.wellbeing.prompts import Prompt

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us
Keys = Qt.Key


class Driver:
    """A person at the keyboard."""

    def __init__(self, window: MainWindow, session: FakeSession, qtbot: QtBot) -> None:
        self.window = window
        self.session = session
        self.qtbot = qtbot

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, key, held)

    def type(self, words: str) -> None:
        QTest.keyClicks(QApplication.focusWidget(), words)

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true)

    @property
    def frame(self) -> DeskFrame:
        assert self.window.frame is not None
        return self.window.frame

    @property
    def bench(self) -> Workbench:
        assert self.frame.workbench is not None
        return self.frame.workbench

    def unlock(self) -> None:
        self.type(PASSPHRASE)
        self.press(Keys.Key_Return)
        self.until(lambda: self.window.frame is not None)
        if self.frame.workbench is not None:
            self.until(lambda: self.bench.queue.model.rowCount() > 0)

    def take_first(self) -> None:
        self.press(Keys.Key_Return)
        self.until(lambda: self.bench.flow.state is DeskState.OPEN)

    def answer(self) -> None:
        self.press(Keys.Key_K)
        self.press(Keys.Key_2, Qt.KeyboardModifier.AltModifier)
        self.press(Keys.Key_F)
        self.press(Keys.Key_Z)

    def name_on_desk(self) -> str:
        return self.window.findChild(QLabel, "caseNumber").text()


@pytest.fixture
def session() -> FakeSession:
    return FakeSession()


@pytest.fixture
def person(session: FakeSession, qtbot: QtBot, qapp: QApplication) -> Iterator[Driver]:
    theme.apply(qapp)
    jobs = Jobs()
    window = MainWindow(FakeDesk(session), jobs)
    window.resize(1366, 768)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    driver = Driver(window, session, qtbot)
    yield driver
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    shiboken6.delete(window)
    jobs.close()


def test_nothing_opens_by_itself(person: Driver) -> None:
    person.unlock()
    person.qtbot.wait(50)
    assert person.session.named("take") == []
    assert person.bench.flow.state is DeskState.EMPTY


def test_enter_takes_the_most_urgent_and_it_starts_where_the_policy_says(person: Driver) -> None:
    person.unlock()
    person.take_first()
    assert person.session.named("take") == [("take", "item-1843")]
    assert person.name_on_desk() == "Case 2026-01843"
    assert person.window.findChild(QWidget, "dangerPill").isVisible()
    assert person.bench.viewer.current_level is Level.FACTS
    person.until(lambda: ("prefetch", "item-1851") in person.session.calls)


def test_decide_and_next(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.answer()
    person.press(Keys.Key_Return)
    person.until(lambda: person.name_on_desk() == "Case 2026-01851" and person.bench.flow.state is DeskState.OPEN)
    (decision,) = person.session.decisions
    assert (decision.imminence, decision.action, decision.severity) == (Imminence.NO_SIGN, Action.NONE, 2)
    assert decision.category == "threat_to_life"
    assert person.session.named("decide")[0][2] is True  # its notes were enough: nothing was opened
    person.until(lambda: person.bench.queue.model.waiting == 5)


def test_what_was_looked_at_is_not_decided_from_notes(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.press(Keys.Key_2)
    person.until(lambda: person.bench.viewer.current_level is Level.BLURRED)
    assert ("item-1843", Level.BLURRED) in person.session.shown
    person.answer()
    person.press(Keys.Key_Return)
    person.until(lambda: bool(person.session.decisions))
    assert person.session.named("decide")[0][2] is False


def test_an_unfinished_decision_is_not_made(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.press(Keys.Key_K)
    person.press(Keys.Key_Return)
    person.qtbot.wait(30)
    assert person.session.decisions == []
    assert person.bench.flow.state is DeskState.OPEN


def test_every_word_is_kept_and_comes_back_after_hiding(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.press(Keys.Key_W)
    person.type("A street sign. Keys like k and 5 are words here.")
    person.press(Keys.Key_Escape)
    assert person.frame.pages.currentWidget() is person.frame.cover
    assert person.window.findChild(QPlainTextEdit, "why").toPlainText() == ""
    person.until(lambda: "item-1843" in person.session.drafts)
    assert person.session.drafts["item-1843"].rationale.endswith("are words here.")
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert person.window.findChild(QPlainTextEdit, "why").toPlainText().endswith("are words here.")


def test_the_panic_key_ends_workers_at_once_and_leaves_nothing_of_the_item(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.press(Keys.Key_2)
    person.until(lambda: person.bench.viewer.current_level is Level.BLURRED)
    frames = person.session.open_items[-1].made
    person.press(Keys.Key_Escape)
    # No waiting here: "at once" is the promise.
    assert person.session.named("hide_everything")
    assert all(not any(frame.data) for frame in frames)
    assert person.bench.viewer.current_level is Level.FACTS
    assert person.session.shown[-1] == (None, Level.FACTS)
    visible = [label.text() for label in person.window.findChildren(QLabel) if label.isVisible()]
    assert not any("2026-01843" in words for words in visible)


@pytest.mark.parametrize("key", [Keys.Key_Escape, Keys.Key_Question, Keys.Key_F2])
def test_a_page_over_the_desk_leaves_nothing_clear_in_the_window_s_buffer(person: Driver, key: Qt.Key) -> None:
    # Nobody has written anything about it: it starts with its picture.
    person.session.entries = [msgspec.structs.replace(entry, notes=()) for entry in person.session.entries[2:]]
    person.unlock()
    person.take_first()
    viewer, view = person.bench.viewer, person.bench.viewer.view
    person.until(lambda: viewer.current_level is Level.BLURRED)
    white = Frame(Level.CLEAR, 2, 2, 8, PixelFormat.BGRX32, bytearray(b"\xff" * 16))
    view.put(white)

    def brightness() -> int:
        pixels = view.screen().grabWindow(person.window.winId()).toImage()
        return pixels.pixelColor(place).lightness()

    place = view.mapTo(person.window, view.rect().center())
    person.until(lambda: brightness() > 250)
    seen: list[int] = []
    person.frame.pages.currentChanged.connect(lambda _page: seen.append(brightness()))
    person.press(key)
    assert seen
    assert seen[0] < 200
    assert not any(white.data)


def test_the_panic_key_wipes_the_first_frame_of_an_item_that_starts_blurred(person: Driver) -> None:
    person.session.entries = person.session.entries[1:]
    person.unlock()
    person.take_first()
    person.until(lambda: person.bench.viewer.current_level is Level.BLURRED)
    item = person.bench.flow.item
    assert item is not None
    first = item.first
    assert first is not None
    person.press(Keys.Key_Escape)
    assert not any(first.data)


def test_the_panic_key_works_in_search_in_the_category_list_and_on_the_sheet(person: Driver) -> None:
    person.unlock()
    for key in (Keys.Key_Slash, Keys.Key_C, Keys.Key_Question, Keys.Key_W, Keys.Key_Q):
        if person.bench.flow.state is not DeskState.OPEN:
            person.take_first()
        person.press(key)
        person.press(Keys.Key_Escape)
        assert person.frame.pages.currentWidget() is person.frame.cover
        person.press(Keys.Key_Return)
        person.until(lambda: person.bench.flow.state is DeskState.OPEN)


def test_enter_in_the_search_does_not_decide(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.answer()
    person.press(Keys.Key_Slash)
    person.type("audio")
    person.press(Keys.Key_Return)
    person.qtbot.wait(30)
    assert person.session.decisions == []
    assert person.window.findChild(QListView, "queue").hasFocus()
    person.press(Keys.Key_Down)
    person.press(Keys.Key_Return)
    person.until(lambda: person.name_on_desk() == "Case 2026-01829")
    assert ("put_back", "item-1843") in person.session.calls


def test_an_item_that_cannot_be_opened_says_so_and_can_be_decided(person: Driver) -> None:
    person.session.fail["open"] = DamagedMedia()
    person.unlock()
    person.take_first()
    assert "damaged" in person.bench.viewer.notice.words
    person.answer()
    person.press(Keys.Key_Return)
    person.until(lambda: bool(person.session.decisions))


def test_a_full_disk_keeps_item_words_and_window(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.answer()
    person.session.fail["decide"] = StoreUnavailable()
    person.press(Keys.Key_Return)
    person.until(person.bench.notice.isVisible)
    assert "cannot be written" in person.bench.notice.words
    assert person.bench.decision.ready
    del person.session.fail["decide"]
    person.press(Keys.Key_Return)
    person.until(lambda: len(person.session.decisions) == 1)


def test_pass_on_and_undo(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.press(Keys.Key_P)
    person.until(lambda: person.name_on_desk() == "Case 2026-01851" and person.bench.flow.state is DeskState.OPEN)
    assert person.session.named("pass_on") == [("pass_on", "item-1843")]
    person.answer()
    person.press(Keys.Key_Return)
    person.until(lambda: len(person.session.decisions) == 1 and person.bench.flow.state is DeskState.OPEN)
    person.press(Keys.Key_U)
    person.until(lambda: person.session.decisions == [])
    person.until(lambda: "voided" in person.bench.notice.words)


def test_a_pause_hides_everything_and_is_the_persons_choice(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.session.due = Prompt.BREAK_DUE
    person.until(lambda: "A pause" in person.bench.notice.words)
    assert person.frame.pages.currentWidget() is person.bench, "with an item on the desk it is said, no more"
    person.press(Keys.Key_P, Qt.KeyboardModifier.AltModifier)
    assert person.frame.pages.currentWidget() is person.frame.pause
    assert person.session.named("hide_everything")
    assert person.session.shown[-1] == (None, Level.FACTS)
    person.press(Keys.Key_L)
    person.until(lambda: person.frame.pages.currentWidget() is person.bench)
    assert person.session.named("break_postponed")
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)


def test_a_pause_taken_is_begun_and_ended(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.press(Keys.Key_P, Qt.KeyboardModifier.AltModifier)
    person.press(Keys.Key_5)
    assert person.session.named("break_started") == [("break_started", 5.0)]
    person.press(Keys.Key_Return)
    person.until(lambda: person.frame.pages.currentWidget() is person.bench)
    assert person.session.named("break_ended")


def test_handing_over_puts_the_item_back(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.session.due = Prompt.HANDOVER
    person.press(Keys.Key_P, Qt.KeyboardModifier.AltModifier)
    person.press(Keys.Key_H)
    person.until(lambda: ("put_back", "item-1843") in person.session.calls)
    assert person.bench.flow.state is DeskState.EMPTY
    assert person.session.named("pass_on") == []


def test_lock_keeps_the_draft_then_ends_the_session(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.press(Keys.Key_W)
    person.type("kept")
    person.press(Keys.Key_L, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: person.window.frame is None)
    order = [call[0] for call in person.session.calls]
    assert person.session.drafts["item-1843"].rationale == "kept"
    assert order.index("hide_everything") < len(order) - 1 - order[::-1].index("save_draft") < order.index("lock")
    assert person.window.findChild(QLineEdit, "passphrase").hasFocus()
    person.unlock()


def test_words_that_cannot_be_saved_hold_the_lock_up_once(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.session.fail["save_draft"] = StoreUnavailable()
    person.press(Keys.Key_W)
    person.type("k")
    person.press(Keys.Key_L, Qt.KeyboardModifier.ControlModifier)
    person.until(person.frame.notice.isVisible)
    assert person.session.named("lock") == []
    assert person.frame.pages.currentWidget() is person.frame.cover
    person.press(Keys.Key_L, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: person.window.frame is None)


def test_an_item_whose_words_cannot_be_saved_is_not_left(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.session.fail["save_draft"] = StoreUnavailable()
    person.press(Keys.Key_W)
    person.type("words about the first")
    other = person.session.entries[2]
    person.bench.take(other)
    person.until(lambda: "stays on the desk" in person.bench.notice.words)
    assert person.name_on_desk() == "Case 2026-01843"
    assert person.session.named("put_back") == []
    del person.session.fail["save_draft"]
    person.bench.take(other)
    person.until(lambda: person.name_on_desk() == "Case 2026-01838")
    assert person.session.drafts["item-1843"].rationale == "words about the first"


def lock_while_deciding(person: Driver) -> threading.Event:
    person.unlock()
    person.take_first()
    person.answer()
    person.press(Keys.Key_W)
    person.type("the last words")
    gate = person.session.gates["decide"] = threading.Event()
    person.press(Keys.Key_Return, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: bool(person.session.named("decide")))
    person.press(Keys.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert person.frame.pages.currentWidget() is person.frame.cover
    person.qtbot.wait(100)
    assert person.session.named("lock") == []
    return gate


def test_a_lock_waits_for_the_decision_that_is_being_written(person: Driver) -> None:
    lock_while_deciding(person).set()
    person.until(lambda: person.window.frame is None)
    assert len(person.session.decisions) == 1
    assert [call[0] for call in person.session.calls if call[0] in ("decide", "take", "lock")][-2:] == [
        "decide",
        "lock",
    ]


def test_when_the_decision_fails_while_locking_its_words_are_saved_as_a_draft(person: Driver) -> None:
    person.session.fail["decide"] = StoreUnavailable()
    lock_while_deciding(person).set()
    person.until(lambda: person.window.frame is None)
    assert person.session.decisions == []
    assert person.session.drafts["item-1843"].rationale == "the last words"


def test_a_decision_that_never_ends_holds_the_lock_up_once(person: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_frame, "LOCK_PATIENCE_MS", 300)
    gate = lock_while_deciding(person)
    person.until(person.frame.notice.isVisible)
    person.press(Keys.Key_L, Qt.KeyboardModifier.ControlModifier)
    person.until(lambda: bool(person.session.named("lock")))
    gate.set()


def test_hiding_between_the_key_and_the_decision_keeps_the_words(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.answer()
    gate = person.session.gates["save_draft"] = threading.Event()
    person.press(Keys.Key_W)
    person.type("the last words")
    person.until(lambda: bool(person.session.named("save_draft")))
    person.type(", and two more")
    person.press(Keys.Key_Return, Qt.KeyboardModifier.ControlModifier)
    person.press(Keys.Key_Escape)
    gate.set()
    person.until(lambda: person.session.drafts.get("item-1843", Draft(item_id="")).rationale.endswith("and two more"))
    assert person.session.decisions == []


def test_closing_the_window_locks_first(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.window.close()
    assert person.window.isVisible()
    person.until(lambda: not person.window.isVisible())
    assert person.session.named("lock")


def test_nobody_there_for_a_while_locks(person: Driver) -> None:
    person.unlock()
    idle = person.window._idle
    assert idle is not None
    now = idle._monotonic() + person.session.policy.session.lock_after_minutes * 60 + 1
    idle._monotonic = lambda: now
    idle.check()
    person.until(lambda: person.window.frame is None)


def test_every_key_is_on_the_sheet_and_the_window_comes_back_from_it(person: Driver) -> None:
    person.unlock()
    person.press(Keys.Key_Question)
    assert person.frame.pages.currentWidget() is person.frame.sheet
    words = {label.text() for label in person.frame.sheet.findChildren(QLabel)}
    assert {action.words for action in person.frame.shortcuts.actions} <= words
    person.press(Keys.Key_K)
    person.press(Keys.Key_Question)
    assert person.frame.pages.currentWidget() is person.bench
    person.press(Keys.Key_F2)
    assert person.frame.pages.currentWidget() is person.frame.asked.posture
    person.press(Keys.Key_F2)
    assert person.frame.pages.currentWidget() is person.bench


def test_a_supervisor_has_no_evidence_on_the_desk(person: Driver) -> None:
    person.session.member = Member(id="s1", name="Supervisor 01", role=Role.SUPERVISOR, recipient="age1")
    person.unlock()
    assert person.frame.workbench is None
    person.press(Keys.Key_Escape)
    assert person.frame.pages.currentWidget() is person.frame.cover
    person.press(Keys.Key_Return)
    assert person.frame.pages.currentWidget() is person.frame.home
    assert person.session.named("take") == []


def test_what_can_be_reached_by_tab_has_a_name(person: Driver) -> None:
    person.unlock()
    person.take_first()
    nameless = [
        type(widget).__name__
        for widget in person.window.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QLineEdit | QPlainTextEdit | QListView | Segments)
        and widget.isVisible()
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []


@pytest.mark.parametrize("size", [(1366, 768), (1440, 900), (3840, 2160)])
def test_no_words_are_clipped(person: Driver, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    person.unlock()
    person.take_first()
    person.qtbot.wait(50)
    person.window.grab()
    clipped = [
        (button.objectName(), button.width(), button.sizeHint().width())
        for button in person.bench.findChildren(QAbstractButton)
        if button.isVisible() and button.width() < button.sizeHint().width()
    ]
    clipped += [
        (label.text(), label.width(), label.sizeHint().width())
        for label in person.window.findChildren(QLabel)
        if label.isVisible() and not label.wordWrap() and label.width() < label.sizeHint().width()
    ]
    assert clipped == []


@pytest.mark.parametrize("size", [(1024, 640), (1200, 700), (1280, 800), (1366, 768), (1440, 900)])
def test_no_words_are_clipped_beside_a_video(person: Driver, size: tuple[int, int]) -> None:
    person.window.resize(*size)
    person.unlock()
    person.take_first()
    person.press(Keys.Key_2)
    person.until(lambda: person.bench.viewer.current_level is Level.BLURRED)
    person.qtbot.wait(50)
    person.window.grab()
    viewer = person.bench.viewer
    assert viewer.video.transport.isVisible()
    assert any(label.text() == "00:00 / 02:41" for label in viewer.findChildren(QLabel))
    room = viewer.mapTo(person.window, viewer.rect().topRight()).x()
    controls: list[QWidget] = [button for button in viewer.findChildren(QAbstractButton) if button.isVisible()]
    controls += [label for label in viewer.video.transport.findChildren(QLabel) if label.isVisible()]
    controls += [label for label in person.frame.status.findChildren(QLabel) if label.isVisible()]
    assert len(controls) >= 12
    clipped = [
        (getattr(control, "text", str)(), control.width(), control.sizeHint().width())
        for control in controls
        if control.width() < min(control.sizeHint().width(), control.maximumWidth())
        or (viewer.isAncestorOf(control) and control.mapTo(person.window, control.rect().topRight()).x() > room)
    ]
    assert clipped == []


def test_the_worker_is_called_open_only_while_an_item_is(person: Driver) -> None:
    person.unlock()
    words = person.window.findChild(QLabel, "worker")
    assert words.text() == "No evidence open"
    person.take_first()
    assert "Sealed worker" in words.text()
    person.press(Keys.Key_Escape)
    assert words.text() == "No evidence open"
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert "Sealed worker" in words.text()
    person.bench.hand_over()
    assert words.text() == "No evidence open"
    person.take_first()
    gate = person.session.gates["lock"] = threading.Event()
    person.press(Keys.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert words.text() == "No evidence open"
    gate.set()


def test_in_a_narrow_window_queue_and_decision_take_turns(person: Driver) -> None:
    person.window.resize(1024, 640)
    person.unlock()
    assert person.bench.queue.isVisible()
    person.take_first()
    assert not person.bench.queue.isVisible()
    person.press(Keys.Key_Q)
    assert person.bench.queue.list.hasFocus()
    assert not person.bench.decision.isVisible()
    person.press(Keys.Key_Down)
    person.press(Keys.Key_Return)
    person.until(lambda: person.name_on_desk() == "Case 2026-01851")
    assert person.bench.decision.isVisible()
    assert not person.bench.queue.isVisible()


def test_a_missing_protection_is_said_once_and_on_the_ladder(person: Driver) -> None:
    harms = tuple(msgspec.structs.replace(harm, highest="drawing") for harm in person.session.policy.harm_types)
    person.session.policy = msgspec.structs.replace(person.session.policy, harm_types=harms)
    person.session.protection_missing = True
    person.unlock()
    assert person.bench.notice.isVisible()
    assert "required protection is missing" in person.bench.notice.words
    person.take_first()
    assert not person.bench.notice.isVisible()
    step = person.bench.viewer.ladder.step(Level.CLEAR)
    assert not step.isEnabled()
    assert "A required protection is missing on this machine; see F2" in step.toolTip()
    person.press(Keys.Key_Escape)
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert not person.bench.notice.isVisible()


def test_with_every_protection_there_the_policy_is_the_reason(person: Driver) -> None:
    harms = tuple(msgspec.structs.replace(harm, highest="drawing") for harm in person.session.policy.harm_types)
    person.session.policy = msgspec.structs.replace(person.session.policy, harm_types=harms)
    person.unlock()
    assert not person.bench.notice.isVisible()
    person.take_first()
    assert "policy" in person.bench.viewer.ladder.step(Level.CLEAR).toolTip()


def test_an_old_queue_is_called_old(person: Driver) -> None:
    person.session.fail["refresh_queue"] = CaseSystemUnreachable()
    person.unlock()
    words = person.window.findChild(QLabel, "queueTrouble")
    person.until(words.isVisible)
    assert "does not answer" in words.text()
    assert person.bench.queue.model.rowCount() == 6
    del person.session.fail["refresh_queue"]
    person.bench.flow.refresh_queue()
    person.until(lambda: not words.isVisible())


def test_a_mark_made_by_key_is_in_the_draft_and_in_the_decision(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.press(Keys.Key_2)
    person.until(lambda: person.bench.viewer.current_level is Level.BLURRED)
    person.bench.viewer.video.seek(12.0)
    person.press(Keys.Key_BracketLeft)
    person.bench.viewer.video.seek(19.0)
    person.press(Keys.Key_BracketRight)
    expected = (Segment(start_s=12.0, end_s=19.0),)
    person.until(lambda: any(draft.segments == expected for draft in person.session.drafts.values()))
    person.press(Keys.Key_Escape)
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert person.bench.viewer.marks.segments == expected, "after hiding it is still there"


def in_full_screen(person: Driver) -> None:
    person.unlock()
    person.take_first()
    person.press(Keys.Key_2)
    person.until(lambda: person.bench.viewer.current_level is Level.BLURRED)
    person.press(Keys.Key_F11)
    assert person.window.isFullScreen()


def test_full_screen_keeps_the_level_and_is_told_to_the_meter(person: Driver) -> None:
    in_full_screen(person)
    viewer = person.bench.viewer
    asked = list(person.session.open_items[0].asked)
    person.qtbot.wait(100)
    assert viewer.current_level is Level.BLURRED
    assert not {"clear", "lens", "drawing"} & set(person.session.open_items[0].asked[len(asked) :])
    assert person.session.full[-1]
    for aside in (person.bench.queue, person.bench.decision, person.bench.top_bar, person.frame.status):
        assert not aside.isVisible()
    person.press(Keys.Key_F11)
    assert not person.window.isFullScreen()
    assert not person.session.full[-1]
    assert person.bench.decision.isVisible()
    assert person.frame.status.isVisible()
    assert viewer.current_level is Level.BLURRED


def test_in_full_screen_escape_veils_first_and_then_leaves(person: Driver) -> None:
    in_full_screen(person)
    viewer = person.bench.viewer
    person.press(Keys.Key_5)
    person.until(lambda: viewer.current_level is Level.CLEAR)
    clear = [frame for frame in person.session.open_items[0].made if frame.level is Level.CLEAR]
    person.press(Keys.Key_Escape)
    assert all(not any(frame.data) for frame in clear)
    assert person.frame.pages.currentWidget() is person.frame.cover
    assert person.window.isFullScreen(), "the first one hides, at once"
    person.press(Keys.Key_Escape)
    assert not person.window.isFullScreen()
    assert person.frame.pages.currentWidget() is person.frame.cover


def test_in_full_screen_clear_veils_itself_too(person: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    in_full_screen(person)
    viewer = person.bench.viewer
    person.press(Keys.Key_5)
    person.until(lambda: viewer.current_level is Level.CLEAR)
    viewer.levels.clock._ends = 0.0
    person.until(lambda: viewer.current_level is Level.BLURRED)
    assert person.window.isFullScreen()


def test_no_decision_is_made_by_a_key_whose_effect_is_not_seen(person: Driver) -> None:
    in_full_screen(person)
    before = person.bench.decision.draft
    person.answer()
    person.press(Keys.Key_Return)
    assert person.bench.decision.draft == before
    assert person.session.named("decide") == []
    person.press(Keys.Key_P)
    assert person.session.named("pass_on") == []
    person.press(Keys.Key_F11)
    person.answer()
    assert person.bench.decision.draft != before


def test_locking_leaves_the_full_screen_and_an_empty_desk_has_none(person: Driver) -> None:
    person.unlock()
    person.press(Keys.Key_F11)
    assert not person.window.isFullScreen()
    person.take_first()
    person.press(Keys.Key_F11)
    assert person.window.isFullScreen()
    person.press(Keys.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert not person.window.isFullScreen()
    person.until(lambda: person.window.frame is None)
