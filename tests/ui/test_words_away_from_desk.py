"""What is written to settle an item, or about a calibration item, outlives a lock, a crash and a new reading."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from readings_fakes import both, words
from test_golden_page import at_the_form
from viewer_fakes import HandJobs
from whole_window import Person, a_page, a_window

from reviewer.model.decisions import Action, Draft
from reviewer.model.errors import StoreUnavailable
from reviewer.model.readings import Proposal, Readings, Stage, golden_draft, settling_draft
from reviewer.ui.consensus_page import ConsensusPage
from reviewer.ui.desk_frame import DeskFrame
from reviewer.ui.sides_view import SidesView
from reviewer.ui.why_field import WhyField

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
Key, Held = Qt.Key, Qt.KeyboardModifier
HERE = settling_draft("item-1")


def live_why(person: Person) -> WhyField:
    """The field in view: what is laid out anew is shown a turn of the event loop later."""

    def fields() -> list[WhyField]:
        return [field for field in sides_of(person).findChildren(WhyField) if field.isVisible()]

    person.until(lambda: bool(fields()))
    return fields()[0]


@pytest.fixture
def settling(qtbot: QtBot, qapp: QApplication) -> Iterator[Person]:
    with a_window(qtbot, qapp, a_page("consensus")) as person:
        person.go_to("consensus")
        person.until(lambda: bool(sides_of(person).findChildren(WhyField)))
        yield person


def sides_of(person: Person) -> SidesView:
    return person.frame.asked.readings.sides


def drafts(person: Person) -> dict[str, Draft]:
    return person.session.drafts


def write(person: Person, text: str) -> None:
    live_why(person).setFocus()
    person.press(Key.Key_A, Held.ControlModifier)
    person.type(text)


def test_what_is_written_to_settle_it_is_saved_at_once(settling: Person) -> None:
    sides_of(settling).choose("action", 1)
    write(settling, "the fence was moved")
    settling.until(lambda: HERE in drafts(settling) and drafts(settling)[HERE].rationale == "the fence was moved")
    assert drafts(settling)[HERE].action is Action.NONE
    assert "item-1" not in drafts(settling), "the draft of the item itself is another one"


def test_it_is_there_again_in_another_session(settling: Person, qtbot: QtBot) -> None:
    sides_of(settling).choose("action", 1)
    write(settling, "the fence was moved")
    settling.until(lambda: HERE in drafts(settling) and drafts(settling)[HERE].rationale == "the fence was moved")
    jobs = HandJobs()
    second = settling.session.second
    page = ConsensusPage(second, settling.session.policy, jobs, "F8")  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    jobs.settle()
    assert page.sides.draft().rationale == "the fence was moved"
    assert (page.sides.draft().action, page.sides.draft().severity) == (Action.NONE, 3)


def test_a_proposal_that_arrives_takes_no_word(settling: Person) -> None:
    write(settling, "the fence was moved")
    offered = Proposal(id="p", author="Reviewer 09", words=words(Action.RESTRICT, "half"))
    second = settling.session.second
    second.shown = both(Stage.CONSENSUS, proposal=offered)
    settling.press(Key.Key_F5)
    settling.until(lambda: "Reviewer 09 proposes" in sides_of(settling).words)
    assert live_why(settling).toPlainText() == "the fence was moved"


def test_a_lock_waits_for_the_words(settling: Person) -> None:
    write(settling, "the fence was moved")
    settling.press(Key.Key_L, Held.ControlModifier)
    settling.until(lambda: settling.window.frame is None)
    assert drafts(settling)[HERE].rationale == "the fence was moved"
    order = [str(call[0]) for call in settling.session.calls]
    assert order.index("save_draft") < order.index("lock")


def test_what_was_proposed_does_not_come_back(settling: Person) -> None:
    second = settling.session.second
    did = second.propose

    def propose(shown: Readings, draft: Draft) -> None:
        did(shown, draft)
        second.drafts.pop(HERE)  # as the workstation does it

    second.propose = propose  # type: ignore[method-assign]
    write(settling, "the fence was moved")
    settling.press(Key.Key_B, Held.AltModifier)
    settling.until(lambda: bool(second.done))
    assert second.done[0][1] is not None
    assert second.done[0][1].rationale == "the fence was moved"
    second.shown = both(
        Stage.CONSENSUS, proposal=Proposal(id="p", author="x", words=words(Action.NONE, "h"), mine=True)
    )
    settling.settle()
    settling.press(Key.Key_F5)
    settling.until(lambda: "You propose this for both" in sides_of(settling).words)
    assert live_why(settling).toPlainText().startswith("The shed stands")
    settling.settle()
    assert HERE not in drafts(settling)


def test_amending_stays_shut_after_a_failure_when_the_answers_differ(settling: Person) -> None:
    sides_of(settling).wait(True)
    sides_of(settling).wait(False)
    button = sides_of(settling)._amend
    assert button is not None
    assert not button.isEnabled()


def test_the_note_of_a_calibration_item_is_kept(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, a_page("supervisor")) as person:
        home = at_the_form(person)
        here = golden_draft("item-1")
        home.golden.form.note.setFocus()
        person.type("the parcel was opened")
        person.until(lambda: here in drafts(person) and drafts(person)[here].rationale == "the parcel was opened")
        home.golden.list.setCurrentRow(1)
        assert home.golden.form.note.text() == ""
        home.golden.list.setCurrentRow(0)
        assert home.golden.form.note.text() == "the parcel was opened"
        person.press(Key.Key_F5)
        person.settle()
        assert home.golden.form.note.text() == "the parcel was opened"
        home.golden.form.note.setFocus()
        person.type("!")
        person.press(Key.Key_L, Held.ControlModifier)
        person.until(lambda: person.window.frame is None)
        assert drafts(person)[here].rationale == "the parcel was opened!"
        person.unlock()
        person.press(Key.Key_F8)
        again = person.frame.home
        person.until(lambda: again.golden.form.note.text() == "the parcel was opened!")  # type: ignore[attr-defined]


def test_a_supervisors_words_that_cannot_be_saved_hold_up_the_lock_once(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, a_page("supervisor")) as person:
        home = at_the_form(person)
        person.session.fail["save_draft"] = StoreUnavailable()
        home.golden.form.note.setFocus()
        person.type("why")
        person.press(Key.Key_L, Held.ControlModifier)
        frame: DeskFrame = person.frame
        person.until(frame.notice.isVisible)
        assert person.window.frame is frame
        del person.session.fail["save_draft"]
        person.press(Key.Key_L, Held.ControlModifier)
        person.until(lambda: person.window.frame is None)
        assert drafts(person)[golden_draft("item-1")].rationale == "why"
