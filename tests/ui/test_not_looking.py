"""Not having to look, in the whole window: known matches, copies, notes of earlier viewers, and deciding from them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession, an_entry
from whole_window import Person, a_window

from reviewer.model.cases import QueueEntry
from reviewer.model.errors import StoreUnavailable
from reviewer.model.known import KnownMatch, MatchKind, Stack
from reviewer.model.levels import Level

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us
Keys, SHIFT, ALT = Qt.Key, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier

ALIKE = KnownMatch(list_name="Garden list", list_version="7", kind=MatchKind.PDQ, distance=8, category="Self-harm")
SAME = KnownMatch(list_name="Parcel list", list_version="2026-11", kind=MatchKind.SHA256, category="A parcel")
Opened = Callable[..., Person]


def known(number: int, **fields: object) -> QueueEntry:
    """A picture of violence: it would start BLURRED if nothing were known of it."""
    return msgspec.structs.replace(an_entry(number, due_min=number), **fields)


def a_stack(size: int = 3, **fields: object) -> list[QueueEntry]:
    stack = Stack(id="s", size=12, distance=0)
    return [known(number, stack=stack, **fields) for number in range(1, size + 1)] + [an_entry(900, due_min=900)]


@pytest.fixture
def opened(qtbot: QtBot, qapp: QApplication) -> Iterator[Opened]:
    """The first of these entries on the desk."""
    with ExitStack() as stack:

        def open_window(entries: list[QueueEntry]) -> Person:
            person = stack.enter_context(a_window(qtbot, qapp, FakeSession(entries=entries)))
            person.unlock()
            person.take_first()
            return person

        yield open_window


def until(person: Person, true: Callable[[], bool]) -> None:
    person.qtbot.waitUntil(true)


def words(person: Person, name: str) -> str:
    card = person.window.findChild(QWidget, name)
    if card is None:
        return ""
    return "\n".join(label.text() for label in card.findChildren(QLabel) if label.isVisible())


def answer(person: Person) -> None:
    person.press(Keys.Key_K)
    person.press(Keys.Key_2, ALT)
    person.press(Keys.Key_F)
    person.press(Keys.Key_Z)


@pytest.mark.parametrize("fields", [{"matches": (ALIKE,)}, {"notes": an_entry(1, notes=1).notes}])
def test_no_pixel_comes_by_itself_where_something_is_known(opened: Opened, fields: dict[str, object]) -> None:
    person = opened([known(1, **fields)])
    person.qtbot.wait(200)
    assert {level for _, level in person.session.shown} == {Level.FACTS}
    assert [item.asked for item in person.session.open_items] == [[]]
    person.press(Keys.Key_2)
    until(person, lambda: person.bench.viewer.current_level is Level.BLURRED)


def test_where_nothing_is_known_it_starts_as_ever(opened: Opened) -> None:
    person = opened([known(1)])
    until(person, lambda: person.bench.viewer.current_level is Level.BLURRED)


def test_matches_say_which_list_how_near_and_what_it_says(opened: Opened) -> None:
    person = opened([known(1, matches=(ALIKE, SAME))])
    said = words(person, "known")
    assert said.index("Parcel list, version 2026-11 · the same bytes (SHA-256)") < said.index("Garden list, version 7")
    assert "looks nearly the same (PDQ, 8 of 256 bits differ)" in said
    assert "the list says: Self-harm" in said
    assert "A match never decides" in said


def test_a_match_fills_nothing_in_until_the_person_takes_it_over(opened: Opened) -> None:
    person = opened([known(1, matches=(ALIKE,))])
    assert person.bench.decision.draft.category is None
    answer(person)
    person.press(Keys.Key_Return)
    person.qtbot.wait(30)
    assert person.session.decisions == []
    person.press(Keys.Key_N)
    assert person.bench.decision.draft.category == "self_harm"
    person.press(Keys.Key_Return)
    until(person, lambda: bool(person.session.decisions))
    assert person.session.decisions[0].category == "self_harm"
    assert person.session.named("decide")[0][2] is True


def test_what_the_person_chose_is_not_overwritten_by_a_match(opened: Opened) -> None:
    person = opened([known(1, matches=(ALIKE,))])
    person.bench.decision.set_category("violence")
    person.press(Keys.Key_N)
    assert person.bench.decision.draft.category == "violence"


def test_deciding_from_the_notes_veils_what_was_shown_and_does_not_claim_it_was_not(opened: Opened) -> None:
    person = opened([known(1, notes=an_entry(1, notes=1).notes)])
    person.press(Keys.Key_2)
    until(person, lambda: person.bench.viewer.current_level is Level.BLURRED)
    person.press(Keys.Key_N)
    assert person.bench.viewer.current_level is Level.FACTS
    answer(person)
    person.press(Keys.Key_Return)
    until(person, lambda: bool(person.session.decisions))
    assert person.session.named("decide")[0][2] is False


def test_nothing_known_nothing_to_decide_from(opened: Opened) -> None:
    person = opened([known(1)])
    person.press(Keys.Key_N)
    assert person.bench.notice.isVisible()
    assert person.window.findChild(QAbstractButton, "fromNotes") is None


def test_the_ledger_stands_among_the_facts_and_below_the_picture(opened: Opened) -> None:
    person = opened([known(1, notes=an_entry(1, notes=2).notes)])
    ledger = person.bench.viewer.facts.findChild(QWidget, "notes")
    assert ledger.isVisible()
    assert any("street sign" in label.text() for label in ledger.findChildren(QLabel))
    assert not person.bench.viewer.notes.isVisible()
    person.press(Keys.Key_2)
    until(person, lambda: person.bench.viewer.current_level is Level.BLURRED)
    assert person.bench.viewer.notes.isVisible()


def test_the_whole_stack_gets_the_decision_only_when_asked(opened: Opened) -> None:
    person = opened(a_stack(3, matches=(SAME,)))
    until(person, lambda: person.bench.together.count == 2)
    assert "1 of 12 copies" in words(person, "stack")
    answer(person)
    person.press(Keys.Key_Return)
    until(person, lambda: person.bench.flow.entry is not None and person.bench.flow.entry.item.id == "item-2")
    assert person.session.named("decide_many") == []


def test_decided_together_each_copy_is_named_and_none_is_taken_next(opened: Opened) -> None:
    person = opened(a_stack(3, matches=(SAME,)))
    until(person, lambda: person.bench.together.count == 2)
    person.press(Keys.Key_D, SHIFT)
    assert "All 3 get this decision" in person.window.findChild(QAbstractButton, "decideTogether").text()
    assert "Decide all 3" in person.window.findChild(QAbstractButton, "decide").text()
    answer(person)
    person.press(Keys.Key_Return)
    until(person, lambda: person.bench.flow.entry is not None and person.bench.flow.entry.item.id == "item-900")
    until(person, lambda: len(person.session.decisions) == 3)
    ((_, draft, ids, viewed_with),) = person.session.named("decide_many")
    assert (ids, viewed_with) == (("item-2", "item-3"), "item-1")
    assert draft == person.session.named("decide")[0][1]
    until(person, lambda: not person.bench.together.on)
    assert not person.bench.notice.isVisible()


def test_a_second_press_takes_the_wish_back(opened: Opened) -> None:
    person = opened(a_stack())
    until(person, lambda: person.bench.together.count == 2)
    person.press(Keys.Key_D, SHIFT)
    person.press(Keys.Key_D, SHIFT)
    until(person, lambda: not person.bench.together.on)
    assert "Decide and next" in person.window.findChild(QAbstractButton, "decide").text()


def test_copies_that_were_not_decided_are_said_and_come_back(opened: Opened) -> None:
    person = opened(a_stack())
    person.session.taken_elsewhere = {"item-2"}
    until(person, lambda: person.bench.together.count == 2)
    person.press(Keys.Key_D, SHIFT)
    answer(person)
    person.press(Keys.Key_Return)
    until(person, lambda: person.bench.notice.isVisible())
    said = "\n".join(label.text() for label in person.bench.notice.findChildren(QLabel))
    assert "Of 2 copies 1 were not decided: a colleague has it" in said
    assert person.bench.flow._done.isdisjoint({"item-2"})


def test_a_stack_the_store_refuses_is_said_and_comes_back(opened: Opened) -> None:
    person = opened(a_stack())
    person.session.fail["decide_many"] = StoreUnavailable()
    until(person, lambda: person.bench.together.count == 2)
    person.press(Keys.Key_D, SHIFT)
    answer(person)
    person.press(Keys.Key_Return)
    until(person, lambda: person.bench.notice.isVisible())
    assert person.bench.flow._done.isdisjoint({"item-2", "item-3"})
    assert not person.bench.together.busy


def test_the_lock_waits_for_a_stack_that_is_being_written_down(opened: Opened) -> None:
    person = opened(a_stack())
    gate = person.session.gates["decide_many"] = threading.Event()
    until(person, lambda: person.bench.together.count == 2)
    person.press(Keys.Key_D, SHIFT)
    answer(person)
    person.press(Keys.Key_Return)
    until(person, lambda: person.bench.together.busy)
    settled: list[bool] = []
    person.bench.settle(settled.append)
    person.qtbot.wait(80)
    assert settled == []
    gate.set()
    until(person, lambda: settled == [True])
    assert len(person.session.decisions) == 3


def test_copies_that_could_not_be_looked_up_are_said_to_be_unknown(opened: Opened) -> None:
    person = opened([known(9, matches=(SAME,)), *a_stack(3, matches=(SAME,))])
    person.session.fail["copies"] = StoreUnavailable()
    person.bench.take(person.session.entries[1])
    until(person, lambda: bool(person.bench.together.trouble))
    assert StoreUnavailable().what_happened in words(person, "stack")
    assert "No other copy waits" not in words(person, "stack")
    assert not person.window.findChild(QAbstractButton, "decideTogether").isVisible()
