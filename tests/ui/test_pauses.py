"""Pauses in the whole window: when they are offered, that nothing is left in view, and where they lead."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sampling import some
from session_fakes import FakeSession, an_entry
from sound_fakes import FakeOut
from whole_window import DESKS, Person, a_page, a_window

from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Imminence
from reviewer.model.errors import StoreUnavailable
from reviewer.model.levels import Kind, Level
from reviewer.model.supervision import Relief, ReliefKind
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.ports import SyncState
from reviewer.ui.relief_told import relief_words
from reviewer.wellbeing.prompts import Prompt

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us
Keys, ALT, CTRL = Qt.Key, Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
Opened = Callable[..., Person]


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication) -> Iterator[Opened]:
    with ExitStack() as stack:

        def open_window(session: FakeSession | None = None) -> Person:
            made = session if session is not None else FakeSession(entries=calm_queue())
            return stack.enter_context(a_window(qtbot, qapp, made))

        yield open_window


def calm_queue() -> list[QueueEntry]:
    return [an_entry(number, due_min=number) for number in (101, 102, 103)]


def at_pause(person: Person) -> bool:
    return person.frame.pages.currentWidget() is person.frame.pause


def line(person: Person) -> str:
    return person.bench.notice.words if person.bench.notice.isVisible() else ""


def beat(person: Person) -> None:
    person.bench._beat()


def pause(person: Person) -> None:
    person.press(Keys.Key_P, ALT)
    assert at_pause(person)


def with_item(person: Person) -> Person:
    person.unlock()
    person.take_first()
    return person


# when


def test_between_two_items_the_page_asks_and_later_goes_on_as_if_it_had_not(opened: Opened) -> None:
    person = with_item(opened())
    person.session.due = Prompt.AFTER_VIOLENT
    person.press(Keys.Key_P)  # passed on: between two items
    person.until(lambda: at_pause(person))
    assert "moment away from pictures" in person.frame.pause.words
    person.press(Keys.Key_L)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert person.session.named("break_postponed")
    assert person.session.named("take")[-1] == ("take", "item-102")


def test_with_an_item_on_the_desk_one_quiet_line_says_it_once(opened: Opened) -> None:
    person = with_item(opened())
    person.session.due = Prompt.BREAK_DUE
    beat(person)
    assert "Alt P" in line(person)
    person.press(Keys.Key_D)
    for _ in range(3):
        beat(person)
    assert line(person) == ""
    assert not at_pause(person)


@pytest.mark.parametrize("field", ["why", "talk", "search"])
def test_nobody_is_interrupted_in_mid_sentence(opened: Opened, field: str) -> None:
    person = with_item(opened())
    person.press({"why": Keys.Key_W, "talk": Keys.Key_Y, "search": Keys.Key_Slash}[field])
    person.type("half a sent")
    person.session.due = Prompt.BREAK_DUE
    beat(person)
    assert line(person) == ""
    person.bench.setFocus()
    beat(person)
    assert "A pause" in line(person)


def test_a_sentence_ends_some_seconds_after_the_last_key(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    person = with_item(opened())
    person.press(Keys.Key_W)
    person.type("half")
    assert person.frame.breaks is not None
    moment = person.frame.breaks._moment
    assert moment.busy
    written = moment._sentence._written_at
    monkeypatch.setattr(moment._sentence, "_monotonic", lambda: written + 16.0)
    assert not moment.busy
    person.type("e")
    assert moment.busy


def test_one_s_own_answer_of_imminent_danger_holds_it_back(opened: Opened) -> None:
    person = with_item(opened())
    person.bench.decision.set_imminence(Imminence.IMMINENT)
    person.session.due = Prompt.DAILY_CAP
    beat(person)
    assert line(person) == ""
    person.bench.decision.set_imminence(Imminence.NO_SIGN)
    beat(person)
    assert "Enough for today" in line(person)


@some("seed", range(12), every=6)
def test_in_no_order_of_events_does_it_come_while_busy_and_it_always_comes_after(opened: Opened, seed: int) -> None:
    person = with_item(opened())
    bench, choice = person.bench, random.Random(seed)

    def write() -> None:
        bench.decision.focus_why()
        person.type("x")

    events: dict[str, Callable[[], None]] = {
        "write": write,
        "stop writing": bench.setFocus,
        "danger": lambda: bench.decision.set_imminence(Imminence.IMMINENT),
        "no danger": lambda: bench.decision.set_imminence(Imminence.NO_SIGN),
        "sound": lambda: bench.viewer.soundChanged.emit(True),
        "silence": lambda: bench.viewer.soundChanged.emit(False),
        "due": lambda: setattr(person.session, "due", choice.choice(list(Prompt))),
        "understood": bench.notice.dismiss,
    }
    states = {"writing": False, "danger": False, "sound": False}
    changes = {
        "write": ("writing", True), "stop writing": ("writing", False), "danger": ("danger", True),
        "no danger": ("danger", False), "sound": ("sound", True), "silence": ("sound", False),
    }  # fmt: skip
    for _ in range(40):
        name = choice.choice(list(events))
        before = line(person)
        events[name]()
        if name in changes:
            states[changes[name][0]] = changes[name][1]
        beat(person)
        if any(states.values()):
            assert line(person) in (before, ""), f"{name}: said while {states}"
        assert not at_pause(person)
    for name in ("stop writing", "no danger", "silence", "understood"):
        events[name]()
    person.session.due = Prompt.BREAK_DUE
    bench.looking.busy = lambda: False
    person.press(Keys.Key_P)
    person.until(lambda: at_pause(person))


def test_whom_to_call_is_read_in_peace(opened: Opened) -> None:
    person = with_item(opened())
    person.bench._stage.setCurrentWidget(person.bench.report_page)
    person.session.due = Prompt.DAILY_CAP
    beat(person)
    assert line(person) == ""
    assert not at_pause(person)


# nothing is left in view


def painted(person: Person) -> QImage:
    """The page without the status bar; the same for the same words."""
    person.until(lambda: not person.frame.pause.links.plain.isEnabled())
    person.frame.pause.guide.set_motion(False)
    person.settle()
    return person.frame.pages.grab().toImage()


@pytest.fixture(scope="module")
def bare(module_bot: QtBot, qapp: QApplication) -> dict[str, QImage]:
    """The page as it is painted by itself: with an item on the desk whichever it is, without one, and for a gallery."""
    images = {}
    for page in ("desk_image", "palette", "gallery"):
        with a_window(module_bot, qapp, a_page(page)) as person:
            person.unlock()
            if page == "desk_image":
                person.take_first()
            person.press(Keys.Key_P, ALT)
            person.frame.pause.links.write.hide()
            images[page] = painted(person)
    return images


@pytest.mark.parametrize("page", [*DESKS, "gallery", "form", "palette", "talk", "full"])
def test_every_pixel_of_the_page_is_the_page_s_and_sound_is_over(
    opened: Opened, bare: dict[str, QImage], page: str, qapp: QApplication
) -> None:
    expected = bare[{"palette": "palette", "gallery": "gallery", "form": "gallery"}.get(page, "desk_image")]
    person = opened(a_page(page if page != "full" else "desk_image"))
    person.go_to(page if page != "full" else "desk_image")
    if page == "full":
        person.press(Keys.Key_F11)
    heard = page in ("desk_sound", "desk_video")
    if heard:
        person.press(Keys.Key_Space)
        person.bench.viewer.soundChanged.emit(True)
        person.until(lambda: not person.bench.viewer.listening.player._bringing)
    out = FakeOut(playing=True)
    person.bench.viewer.listening.player._outs.append(out)  # type: ignore[arg-type]
    assert person.frame.breaks is not None
    person.frame.commands.shut()
    person.frame.breaks.pause_now()
    assert at_pause(person)
    person.frame.pause.links.write.hide()
    person.frame.pause.setFocus()
    if page != "full":  # there it is larger: the status bar is away
        assert painted(person) == expected
    assert person.frame.pages.currentWidget() is person.frame.pause
    shown = [widget for widget in qapp.topLevelWidgets() if widget.isVisible()]
    assert set(shown) <= {person.window}
    assert not person.bench.viewer.isVisible()
    assert not person.bench.viewer.listening.player.wanted
    assert all("close" in opened_item.asked for opened_item in person.session.open_items)
    person.until(lambda: out.closed)
    assert out.stops
    assert person.session.shown[-1] == (None, Level.FACTS)


def test_nothing_is_measured_on_the_page(opened: Opened) -> None:
    person = with_item(opened())
    pause(person)
    shown, calls = len(person.session.shown), len(person.session.calls)
    idle = person.window._idle
    assert idle is not None
    touched = idle._touched_at
    person.press(Keys.Key_S)
    person.press(Keys.Key_G)
    QTest.mouseMove(person.frame.pause)
    for _ in range(5):
        beat(person)
    assert idle._touched_at == touched
    assert set(person.session.shown[shown:]) <= {(None, Level.FACTS)}
    named = {call[0] for call in person.session.calls[calls:]}
    assert named <= {"next_without_pictures", "list_queue", "queue_entries", "pull_queue", "reliefs"}


def test_a_pause_is_not_ended_by_the_lock_that_waits_for_idle_hands(opened: Opened) -> None:
    person = with_item(opened())
    idle = person.window._idle
    assert idle is not None
    before = idle._monotonic()
    pause(person)
    person.press(Keys.Key_Return)
    assert idle._touched_at >= before + 10 * 60
    person.press(Keys.Key_Return)
    assert idle._touched_at <= idle._monotonic()


# where it leads


def test_something_without_pictures_comes_next_where_there_is_something(opened: Opened) -> None:
    person = with_item(opened())
    plain = an_entry(900, kind=Kind.CHAT, due_min=900)
    person.session.entries.append(plain)
    person.session.pausing.plain = [plain]
    pause(person)
    person.press(Keys.Key_N)
    person.press(Keys.Key_5)
    person.press(Keys.Key_Return)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert person.session.named("take")[-1] == ("take", "item-900")
    assert ("put_back", "item-101") in person.session.calls, "what lay on the desk waits with its draft"


def test_where_there_is_nothing_without_pictures_it_is_said(opened: Opened) -> None:
    person = with_item(opened())
    person.session.pausing.plain = [an_entry(900, kind=Kind.CHAT)]
    pause(person)
    person.until(lambda: person.session.named("next_without_pictures") != [])
    person.settle()
    person.press(Keys.Key_N)
    person.session.pausing.plain = []  # a colleague took it meanwhile
    person.press(Keys.Key_L)
    person.until(lambda: "Nothing without pictures" in line(person))
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    assert person.bench.flow.entry is not None
    assert person.bench.flow.entry.item.id == "item-101"


def test_a_note_goes_to_the_case_that_was_on_the_desk(opened: Opened) -> None:
    person = with_item(opened())
    pause(person)
    person.press(Keys.Key_T)
    person.type("hello there, 5 later")
    person.press(Keys.Key_Return, CTRL)
    person.until(lambda: person.session.named("send_message") != [])
    assert person.session.named("send_message") == [("send_message", "case-101", "hello there, 5 later")]
    assert at_pause(person)


def test_where_nothing_lies_on_the_desk_it_goes_to_the_last_case_and_before_any_it_is_not_offered(
    opened: Opened,
) -> None:
    person = opened()
    person.unlock()
    pause(person)
    assert not person.frame.pause.links.write.isVisible()
    person.press(Keys.Key_L)
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    person.bench.hand_over()
    pause(person)
    assert person.frame.pause.links.write.isVisible()
    assert person.frame.pause.note.possible
    assert person.frame.pause.note._number == "2026-00101"


def test_words_of_a_note_that_was_not_sent_are_the_case_s_draft(opened: Opened) -> None:
    person = with_item(opened())
    pause(person)
    person.press(Keys.Key_T)
    person.settle()
    person.type("not sent yet")
    person.press(Keys.Key_Escape)
    assert at_pause(person)
    person.press(Keys.Key_L)
    person.until(lambda: person.session.threads.drafts.get("case-101") == "not sent yet")


def test_a_lock_keeps_the_words_of_a_note(opened: Opened) -> None:
    person = with_item(opened())
    pause(person)
    person.press(Keys.Key_T)
    person.type("kept")
    person.press(Keys.Key_L, CTRL)
    person.until(lambda: person.window.frame is None)
    assert person.session.threads.drafts.get("case-101") == "kept"


def test_words_typed_before_the_draft_was_read_outlive_the_page(opened: Opened) -> None:
    person = with_item(opened())
    pause(person)
    note = person.frame.pause.note
    note.opened.disconnect()  # the store is slow to answer
    person.press(Keys.Key_T)
    person.type("too early")
    person.frame.pause._later.click()
    person.until(lambda: person.session.threads.drafts.get("case-101") == "too early")


def test_a_draft_that_could_not_be_read_is_asked_for_again_and_the_words_go(opened: Opened) -> None:
    person = with_item(opened())
    pause(person)
    threads = person.session.threads
    did, failing = threads.thread, [True]

    def thread(case_id: str) -> object:
        if failing[0]:
            raise StoreUnavailable()
        return did(case_id)

    threads.thread = thread  # type: ignore[method-assign,assignment]
    person.press(Keys.Key_T)
    note = person.frame.pause.note
    person.until(lambda: note._unreadable)
    failing[0] = False
    person.type("hello")
    person.press(Keys.Key_Return, CTRL)
    person.until(lambda: person.session.named("send_message") == [("send_message", "case-101", "hello")])


def test_a_lock_held_up_in_a_pause_ends_the_pause(opened: Opened) -> None:
    person = with_item(opened())
    assert person.frame.breaks is not None
    awake: list[bool] = []
    person.frame.breaks.awake.connect(lambda: awake.append(True))
    pause(person)
    person.press(Keys.Key_Return)
    assert person.frame.pause.pausing
    person.frame.lock()
    person.frame._end_session(False)
    assert not person.frame.pause.pausing
    assert person.session.named("break_ended")
    assert awake == [True]
    assert person.frame.breaks.reliefs._timer.isActive()


@pytest.mark.parametrize(("trouble", "words"), [("", "is handed over"), ("Nothing answers.", "as soon as")])
def test_handing_over_says_what_was_done_and_what_is_done_later(opened: Opened, trouble: str, words: str) -> None:
    person = with_item(opened())
    person.session.pausing.named = 2
    person.session.sync = SyncState(0, 0, datetime.now(UTC), trouble)
    pause(person)
    person.press(Keys.Key_H)
    person.until(lambda: words in line(person))
    assert "2 items that waited for you by name" in line(person)
    assert ("put_back", "item-101") in person.session.calls
    assert person.session.named("pass_on") == []
    person.settle()
    assert person.bench.flow.state is DeskState.EMPTY, "nothing new comes to the desk by itself"


def test_a_failed_hand_over_is_said(opened: Opened) -> None:
    person = with_item(opened())
    person.session.fail["hand_over"] = StoreUnavailable()
    pause(person)
    person.press(Keys.Key_H)
    person.until(lambda: StoreUnavailable().what_happened in line(person))


def test_that_somebody_may_be_in_danger_next_is_said_on_the_page(opened: Opened) -> None:
    session = FakeSession(entries=[an_entry(number, danger=True, due_min=number) for number in (101, 102)])
    person = with_item(opened(session))
    person.session.due = Prompt.BREAK_DUE
    person.press(Keys.Key_P)
    person.until(lambda: at_pause(person))
    assert "may be in danger in what waits next" in person.frame.pause.words


# what a supervisor did


def a_relief(kind: ReliefKind, hours: float = 0.0) -> Relief:
    at = datetime.now(UTC) - timedelta(hours=hours)
    return Relief(id=f"{kind.value}-{hours}", kind=kind, by="Supervisor 01", at=at)


def test_what_a_supervisor_did_is_a_quiet_line_at_a_good_moment_once(opened: Opened) -> None:
    person = with_item(opened())
    assert person.frame.breaks is not None
    told = person.frame.breaks.reliefs
    person.session.pausing.told = [
        a_relief(ReliefKind.THANKS, 30.0), a_relief(ReliefKind.OFFER), a_relief(ReliefKind.HAND_OVER, 1.0)
    ]  # fmt: skip
    person.press(Keys.Key_W)
    person.type("half a sentence")
    told.hear()
    person.until(lambda: len(told._untold) == 2)
    beat(person)
    assert line(person) == ""
    person.bench.setFocus()
    beat(person)
    assert "offers you a pause" in line(person)
    beat(person)
    assert "offers you a pause" in line(person), "one after the other"
    person.press(Keys.Key_D)
    beat(person)
    assert "by name to whoever is next" in line(person)
    person.press(Keys.Key_D)
    told.hear()
    person.settle()
    beat(person)
    assert line(person) == ""
    person.until(lambda: len(person.session.named("relief_seen")) == 2)


@pytest.mark.parametrize("kind", list(ReliefKind))
def test_every_relief_has_calm_words(kind: ReliefKind) -> None:
    words = " ".join(relief_words(a_relief(kind)))
    assert words.startswith("Supervisor 01")
    assert "!" not in words


def test_while_somebody_is_in_danger_a_relief_waits(opened: Opened) -> None:
    person = with_item(opened(FakeSession(entries=[an_entry(100, danger=True, due_min=5)])))
    assert person.frame.breaks is not None
    told = person.frame.breaks.reliefs
    person.session.pausing.told = [a_relief(ReliefKind.CALL)]
    told.hear()
    person.until(lambda: len(told._untold) == 1)
    beat(person)
    assert line(person) == ""


def test_no_relief_is_said_where_the_next_item_would_take_it_away(opened: Opened) -> None:
    person = with_item(opened())
    assert person.frame.breaks is not None
    told = person.frame.breaks.reliefs
    person.session.pausing.told = [a_relief(ReliefKind.CALL)]
    told.hear()
    person.until(lambda: len(told._untold) == 1)
    gate = person.session.gates["take"] = threading.Event()
    person.press(Keys.Key_P)
    person.until(lambda: person.bench.flow.state is DeskState.TAKING)
    told.say()
    assert len(told._untold) == 1
    gate.set()
    person.until(lambda: person.bench.flow.state is DeskState.OPEN)
    told.say()
    assert "will call you" in line(person)
