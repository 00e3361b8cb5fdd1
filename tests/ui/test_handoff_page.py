"""Handing a case off in the window: by keys alone, nothing assumed, nothing lost, nothing of an item shown."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from at_handoff import CTRL, FULL, Driver, Held, Key, alone, handing, reviewing
from handoff_fakes import a_handoff, a_recorded, an_outline
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession
from whole_window import a_window, session_of

from reviewer.model.decisions import Action, Draft
from reviewer.model.errors import StoreUnavailable
from reviewer.model.handoff import StepKind
from reviewer.model.handoff_answers import Question
from reviewer.model.roles import Member, Role
from reviewer.ui.handoff_letter import letter_draft, unfilled
from reviewer.ui.handoff_needs import overrule_draft
from reviewer.ui.handoff_record import ReceiptUnreadable, receipt_sha256, spoken_time

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


@pytest.fixture
def at_page(qtbot: QtBot, qapp: QApplication) -> Iterator[Driver]:
    with handing(qtbot) as made:
        yield made


@pytest.fixture
def answered(qtbot: QtBot, qapp: QApplication) -> Iterator[Driver]:
    with handing(qtbot, answers=FULL) as made:
        yield made


@pytest.fixture
def in_window(qtbot: QtBot, qapp: QApplication) -> Iterator[Driver]:
    with reviewing(qtbot, qapp, answers=FULL) as made:
        yield made


def test_no_key_of_the_page_means_something_else_in_the_whole_window(in_window: Driver) -> None:
    """Those of the window are in force here too: with two for one key neither would be done."""
    window, page = in_window.frame.shortcuts, in_window.page.keys
    everywhere = {key for action in window.actions if action.name in window._always for key in action.keys}
    assert everywhere
    assert [action.name for action in page.actions if everywhere & set(action.keys)] == []


def test_a_key_does_nothing_where_its_effect_is_not_seen(answered: Driver) -> None:
    before = answered.page.state.choice()
    for letter in "TCWKLVRDNH":
        answered.alt(letter)
    assert answered.page.state.choice() == before
    assert not answered.named("draft_letter")
    assert not answered.named("prepare_sending")
    answered.step(3)
    answered.alt("S")
    answered.alt("N")
    assert answered.page.state.choice() == before
    assert not answered.named("record_step")


# what and to whom


def test_it_opens_with_the_case_on_the_desk_and_those_to_be_reported(in_window: Driver) -> None:
    assert in_window.page.case_id == "case-1843"
    assert in_window.page.state.chosen == {"item-1", "item-2"}
    assert in_window.page.what.items.hasFocus()
    assert "2026-01843" in in_window.said()
    assert "1 cannot, their readings are open" in in_window.said()


def test_space_takes_an_item_along_or_leaves_it_and_never_one_whose_readings_are_open(at_page: Driver) -> None:
    at_page.press(Key.Key_Space)
    assert at_page.page.state.chosen == {"item-2"}
    for _ in range(3):
        at_page.press(Key.Key_Down)
    at_page.press(Key.Key_Space)
    assert "item-4" not in at_page.page.state.chosen
    at_page.press(Key.Key_Down)
    at_page.press(Key.Key_Space)
    assert at_page.page.state.chosen == {"item-2", "item-5"}
    at_page.alt("S")
    assert at_page.page.state.chosen == {"item-1", "item-2"}


def test_no_recipient_is_chosen_for_the_person(at_page: Driver) -> None:
    assert at_page.page.state.agency == ""
    at_page.choose_agency(2)
    assert "AES-256 ZIP" in at_page.said()
    at_page.step(4)
    at_page.until_quiet()
    assert "missing" in at_page.page.why_not_primary()


def test_why_it_cannot_be_signed_or_stamped_is_said_first(qtbot: QtBot, qapp: QApplication) -> None:
    with handing(qtbot, signed=False, unsigned_why="The certificate is out of date.", stamping=False) as made:
        assert "The certificate is out of date." in made.said()
        assert "no time stamp" in made.said()
        made.choose_agency()
        made.step(4)
        made.until_quiet()
        made.press(Key.Key_Return, CTRL)
        assert made.named("build") == []


def test_nothing_of_an_item_is_said_but_facts(at_page: Driver) -> None:
    for number in range(1, 6):
        at_page.step(number)
        assert "words of the reason" not in at_page.said()
    model = at_page.page.what.items.model()
    lines = "\n".join(str(model.data(model.index(row, 0))) for row in range(model.rowCount()))
    assert "2026-01843/001" in lines
    assert "not seen by a person" in lines
    assert "words of the reason" not in lines


def test_thousands_of_items_are_no_more_work_than_ten(qtbot: QtBot, qapp: QApplication) -> None:
    many = tuple(a_recorded(at, action=Action.REPORT if at % 2 else Action.NONE) for at in range(1, 5_001))
    chosen = tuple(one.item.id for one in many[::2])
    with handing(qtbot, items=many, chosen=chosen) as made:
        took = time.process_time()
        for _ in range(20):
            made.press(Key.Key_Space)
            made.press(Key.Key_Down)
        assert time.process_time() - took < 3.0
        assert made.page.what.items.model().rowCount() == 5_000


# what the recipient needs


def test_what_is_missing_is_named_and_what_is_typed_is_kept(at_page: Driver) -> None:
    at_page.step(2)
    at_page.until_quiet()
    assert Question.IMMINENCE in at_page.page.state.missing
    assert at_page.page.needs._asked[Question.IMMINENCE].field.hasFocus(), "to the first that is missing"
    at_page.person.type("a place and a time are named")
    at_page.person.until(lambda: at_page.fake.kept.get("case-1843") is not None)
    at_page.person.until(lambda: at_page.fake.kept["case-1843"].imminence == "a place and a time are named")
    at_page.person.until(lambda: not at_page.page.busy and Question.IMMINENCE not in at_page.page.state.missing)
    assert "Clues to a place" in at_page.page.needs._named.text()


def test_imminence_is_asked_only_where_a_decision_says_so(at_page: Driver) -> None:
    at_page.press(Key.Key_Space)  # the only item with danger stays here
    at_page.until_quiet()
    at_page.step(2)
    assert not at_page.page.needs._asked[Question.IMMINENCE].isVisible()
    assert at_page.page.needs._asked[Question.TIMES].isVisible()


def test_a_reviewer_sees_who_can_overrule_and_cannot(at_page: Driver) -> None:
    at_page.step(2)
    at_page.until_quiet()
    assert "a supervisor opens this case" in at_page.said()
    assert not at_page.page.needs.overrule.isVisible()
    at_page.alt("O")
    assert at_page.named("overrule") == []


def test_an_answer_that_is_too_long_is_said_and_holds_the_building_up(answered: Driver) -> None:
    answered.choose_agency()
    answered.step(2)
    answered.page.needs._asked[Question.TIMES].field.setPlainText("x" * 2001)
    answered.until_quiet()
    assert "1 characters too many" in answered.said()
    answered.step(4)
    assert "too long" in answered.page.why_not_primary()


def test_answers_survive_the_panic_key_and_the_lock_waits_for_them(in_window: Driver) -> None:
    in_window.step(2)
    in_window.until_quiet()
    in_window.person.type("typed just before")
    in_window.press(Key.Key_Escape)
    frame = in_window.frame
    assert frame.pages.currentWidget() is frame.cover
    assert not in_window.page.isVisible()
    in_window.press(Key.Key_Return)
    in_window.opened()
    assert in_window.page.state.answers.imminence.startswith("typed just before")
    in_window.page.needs._asked[Question.TIMES].field.setPlainText("and just before the lock")
    in_window.press(Key.Key_L, CTRL)
    in_window.person.until(lambda: in_window.locked())
    assert in_window.fake.kept["case-1843"].times == "and just before the lock"


def test_a_lock_is_held_up_once_by_answers_that_cannot_be_kept(in_window: Driver) -> None:
    in_window.person.session.fail["keep_answers"] = StoreUnavailable()
    in_window.step(2)
    in_window.page.needs._asked[Question.TIMES].field.setPlainText("only here")
    in_window.press(Key.Key_L, CTRL)
    in_window.person.until(lambda: in_window.frame.notice.isVisible())
    assert not in_window.locked()


# papers


def test_thumbnails_are_off_until_asked_for_and_never_where_the_policy_says_no(
    qtbot: QtBot, qapp: QApplication, at_page: Driver
) -> None:
    at_page.step(3)
    assert not at_page.page.state.choice().thumbnails
    assert "shapes, no detail" in at_page.said()
    at_page.alt("T")
    assert at_page.page.state.choice().thumbnails
    at_page.fake.outlines["case-1843"] = replace(an_outline(), thumbnails_allowed=False)
    at_page.press(Key.Key_F5)
    at_page.until_quiet()
    assert not at_page.page.state.choice().thumbnails
    at_page.alt("T")
    assert not at_page.page.state.choice().thumbnails


def test_a_letter_from_the_template_is_edited_kept_and_put_in(at_page: Driver) -> None:
    at_page.step(3)
    assert at_page.page.state.choice().cybertip
    at_page.alt("W")
    at_page.person.until(lambda: bool(at_page.page.letter.text.toPlainText()))
    assert "To be filled: date of the request; name and office" in at_page.said()
    at_page.person.type("Good morning. ")
    at_page.alt("K")
    at_page.person.until(lambda: len(at_page.fake.versions) == 1)
    assert at_page.fake.versions[0].text.startswith("Good morning.")
    at_page.person.until(lambda: at_page.page.letter.versions.count() == 1 and not at_page.page.letter._busy)
    at_page.alt("L")
    assert at_page.page.state.choice().letter_id == at_page.fake.versions[0].letter_id
    at_page.page.letter.text.setPlainText("Good morning, again.")
    at_page.alt("K")
    at_page.person.until(lambda: len(at_page.fake.versions) == 2)
    assert [one.number for one in at_page.fake.versions] == [1, 2]
    at_page.person.until(lambda: at_page.page.state.letter is not None and at_page.page.state.letter.number == 2)


def test_a_letter_is_drafted_of_what_is_chosen(at_page: Driver) -> None:
    state = at_page.page.state
    assert state.outline is not None
    state.toggle("item-2")
    state.choose_agency(state.outline.agencies[1].key)
    at_page.step(3)
    at_page.alt("W")
    at_page.person.until(lambda: bool(at_page.named("draft_letter")))
    *_, items, agency = at_page.named("draft_letter")[0]
    assert items == ("item-1",)
    assert agency == state.outline.agencies[1].key


def test_a_letter_that_is_no_version_is_kept_and_not_covered_at_the_first_press(at_page: Driver) -> None:
    at_page.step(3)
    at_page.page.letter.text.setFocus()
    at_page.person.type("Dear colleague")
    drafts = at_page.person.session.drafts
    at_page.person.until(lambda: letter_draft("case-1843") in drafts)
    at_page.person.until(lambda: drafts[letter_draft("case-1843")].rationale == "Dear colleague")
    at_page.alt("W")
    assert "no version yet" in at_page.page.letter.said.text()
    assert at_page.page.letter.text.toPlainText() == "Dear colleague"
    at_page.alt("W")
    at_page.person.until(lambda: at_page.page.letter.text.toPlainText().startswith("Your request"))


def test_what_is_to_be_filled_is_found_once_each() -> None:
    assert unfilled("a [to be filled: day] b [to be filled: day] [to be filled: office] [other]") == ["day", "office"]


# sealing


def test_it_is_built_and_the_result_says_what_the_recipient_needs(answered: Driver, tmp_path: Path) -> None:
    answered.fake.passphrase = "six words of a list in a row"
    answered.fake.not_stamped = "The time authority could not be reached."
    answered.ready(tmp_path)
    answered.press(Key.Key_Return, CTRL)
    answered.person.until(lambda: answered.page.built is not None)
    built = answered.page.built
    assert built is not None
    fields = {field.objectName(): field.text() for field in answered.page.findChildren(QLineEdit) if field.isVisible()}
    assert fields["built_path"] == str(built.path)
    assert fields["built_sha256"] == built.handoff.made.package_sha256
    assert fields["built_passphrase"] == "six words of a list in a row"
    assert "by another way than the package" in answered.said()
    assert "The time authority could not be reached." in answered.said()
    assert "Building sends it to nobody" in answered.said()
    (_name, choice, folder) = answered.named("build")[0]
    assert folder == tmp_path
    assert choice == answered.page.state.choice()


def test_nothing_is_built_while_something_is_missing(at_page: Driver, tmp_path: Path) -> None:
    at_page.ready(tmp_path)
    at_page.press(Key.Key_Return, CTRL)
    assert at_page.named("build") == []
    assert "missing: step 2" in at_page.page.why_not_primary()


def test_building_is_cancelled_by_a_key_within_a_second_then_resumed_or_discarded(
    answered: Driver, tmp_path: Path
) -> None:
    answered.fake.going.clear()
    answered.ready(tmp_path)
    answered.press(Key.Key_Return, CTRL)
    answered.person.until(lambda: "of 9.8 GB" in answered.page.seal.progress.words.text())
    assert "3 of 5" in answered.page.seal.progress.words.text()
    began = time.monotonic()
    answered.alt("X")
    answered.person.until(lambda: not answered.page.running.busy)
    assert time.monotonic() - began < 1.0
    assert "Building was cancelled." in answered.page.notice.words
    assert answered.page.isAncestorOf(QApplication.focusWidget()), "the keys are still the page's"
    answered.person.until(lambda: answered.page.seal.unfinished.isVisible() and not answered.page.busy)
    answered.fake.going.set()
    answered.alt("R")
    answered.person.until(lambda: answered.page.built is not None)
    answered.person.until(lambda: not answered.page.seal.unfinished.isVisible())
    assert len(answered.named("resume")) == 1


def test_what_was_begun_is_discarded(qtbot: QtBot, qapp: QApplication) -> None:
    with handing(qtbot, unfinished="/there/x.part") as made:
        made.step(4)
        assert "/there/x.part" in made.said()
        made.alt("D")
        made.person.until(lambda: bool(made.named("discard")))
        made.person.until(lambda: not made.page.seal.unfinished.isVisible())


def test_hiding_does_not_stop_the_building_and_locking_does(in_window: Driver, tmp_path: Path) -> None:
    in_window.fake.going.clear()
    in_window.ready(tmp_path)
    in_window.press(Key.Key_Return, CTRL)
    in_window.person.until(lambda: in_window.page.running.busy)
    in_window.press(Key.Key_Escape)
    in_window.person.qtbot.wait(50)
    assert in_window.page.running.busy
    assert not in_window.page.isVisible()
    in_window.press(Key.Key_L, CTRL)
    in_window.person.until(lambda: in_window.locked())
    assert in_window.fake.outlines["case-1843"].unfinished


def test_another_case_waits_until_this_one_is_built(answered: Driver, tmp_path: Path) -> None:
    answered.fake.going.clear()
    answered.ready(tmp_path)
    answered.press(Key.Key_Return, CTRL)
    answered.person.until(lambda: answered.page.running.busy)
    answered.page.open_case("case-1851")
    assert answered.page.case_id == "case-1843"
    assert "still being built" in answered.page.notice.words
    answered.fake.going.set()
    answered.until_quiet()


# afterwards


@pytest.fixture
def sealed(qtbot: QtBot, qapp: QApplication) -> Iterator[Driver]:
    session = FakeSession()
    session.handoffs.packages.append(a_handoff())
    with alone(qtbot, session) as made:
        made.step(5)
        yield made


def test_each_state_is_recorded_by_itself_and_none_is_concluded(sealed: Driver, tmp_path: Path) -> None:
    states = sealed.page.after.states
    assert states.words[StepKind.SENT] == states.words[StepKind.RECEIVED] == "not recorded"
    receipt = tmp_path / "receipt.txt"
    receipt.write_bytes(b"received with thanks")
    form = sealed.page.after.record
    form.kind._pick(1)
    form.receipt.setText("R-77")
    form.file.setText(str(receipt))
    sealed.alt("N")
    sealed.person.until(lambda: len(sealed.fake.sent_steps) == 1)
    handoff_id, step = sealed.fake.sent_steps[0]
    assert (handoff_id, step.kind, step.receipt) == ("h1", StepKind.RECEIVED, "R-77")
    assert step.receipt_sha256 == hashlib.sha256(b"received with thanks").hexdigest()
    sealed.person.until(lambda: "R-77" in states.words[StepKind.RECEIVED])
    assert states.words[StepKind.SENT] == "not recorded", "received does not say that somebody recorded the sending"


def test_a_time_without_zone_or_a_receipt_that_is_no_file_records_nothing(sealed: Driver, tmp_path: Path) -> None:
    form = sealed.page.after.record
    form.at.setText("yesterday")
    sealed.alt("N")
    assert "needs a date and a zone" in form.said.text()
    form.clear()
    form.kind._pick(1)
    form.file.setText(str(tmp_path))
    sealed.alt("N")
    sealed.person.until(lambda: "cannot be read" in form.said.text())
    assert sealed.fake.sent_steps == []


def test_the_clearing_house_gets_nothing_before_it_was_shown_and_another_key_was_pressed(sealed: Driver) -> None:
    both = CTRL | Held.ShiftModifier
    sealed.press(Key.Key_Return, both)
    assert sealed.named("send") == []
    sealed.alt("H")
    card = sealed.page.after.sending
    sealed.person.until(card.isVisible)
    assert sealed.named("send") == [], "showing it sends nothing"
    assert "https://clearing.example/ispws" in sealed.said()
    assert "<report>" in card.xml.toPlainText()
    assert card.xml.isReadOnly()
    model = card.files.model()
    assert "seen by a person: yes" in str(model.data(model.index(0, 0)))
    assert "seen by a person: no" in str(model.data(model.index(1, 0)))
    sealed.alt("H")
    sealed.press(Key.Key_Return, CTRL)
    sealed.press(Key.Key_Return)
    assert sealed.named("send") == []
    sealed.press(Key.Key_Return, both)
    sealed.person.until(lambda: "4021" in card.said.text())
    assert len(sealed.named("send")) == 1
    sealed.press(Key.Key_Return, both)
    assert len(sealed.named("send")) == 1, "what was sent is not sent twice"
    sealed.until_quiet()
    sealed.alt("B")
    assert not sealed.page.after.sending_shown


def test_sending_is_cancelled_and_how_far_it_came_is_said(sealed: Driver) -> None:
    sealed.fake.going.clear()
    sealed.alt("H")
    sealed.person.until(sealed.page.after.sending.isVisible)
    sealed.press(Key.Key_Return, CTRL | Held.ShiftModifier)
    sealed.person.until(lambda: sealed.page.running.busy)
    sealed.alt("X")
    sealed.person.until(lambda: "retracted after 1 of 2 files" in sealed.page.after.sending.said.text())
    assert sealed.page.after.sending.why_not_send()


# who comes how


def test_report_now_ends_with_the_way_to_hand_off(qtbot: QtBot, qapp: QApplication) -> None:
    with a_window(qtbot, qapp, session_of()) as person:
        person.unlock()
        person.take_first()
        decision, entry = person.bench.report_page, person.bench.flow.entry
        assert entry is not None
        decision.case_id = entry.case.id
        decision.hand_off.click()
        assert person.frame.handoff is not None
        page = person.frame.handoff.page
        assert page is not None
        person.until(lambda: page.case_id == "case-1843")
        person.press(Key.Key_F7)
        assert person.frame.pages.currentWidget() is person.bench


def test_a_supervisor_chooses_a_case_and_overrules_with_a_reason(qtbot: QtBot, qapp: QApplication) -> None:
    session = FakeSession()
    session.member = Member(id="s1", name="Supervisor 01", role=Role.SUPERVISOR, recipient="age1")
    session.handoffs.outlines = {
        "case-1843": an_outline(may_overrule=True),
        "case-1851": an_outline("case-1851", "2026-01851"),
    }
    with a_window(qtbot, qapp, session) as person:
        person.unlock()
        made = Driver(person)
        person.until(lambda: made.page.chooser.list.model().rowCount() == 2)
        assert made.page.chooser.number.hasFocus()
        person.type("1843")
        person.press(Key.Key_Return)
        person.until(lambda: made.page.case_id == "case-1843" and not made.page.busy)
        made.step(2)
        made.until_quiet()
        made.alt("O")
        assert made.named("overrule") == []
        assert "choose a recipient first" in made.said()
        assert not made.page.needs.reason.isVisible()
        made.choose_agency()
        made.step(2)
        made.until_quiet()
        made.alt("O")
        assert made.page.needs.reason.hasFocus(), "a reason is needed"
        assert made.named("overrule") == []
        person.type("somebody is in danger, the rest follows")
        kept = session.drafts
        person.until(lambda: "the rest follows" in kept.get(overrule_draft("case-1843"), Draft(item_id="")).rationale)
        made.alt("O")
        person.until(lambda: bool(made.named("overrule")))
        person.until(lambda: made.page.state.overruled and not made.page.busy)
        assert made.named("overrule")[0][2] == "county"
        assert "somebody is in danger, the rest follows" in made.said()
        made.step(4)
        made.until_quiet()
        assert made.page.why_not_primary() == ""
        made.page.state.choose_agency("federal")
        made.until_quiet()
        assert "missing" in made.page.why_not_primary()
        made.step(2)
        assert "What was overruled of this case does not name this recipient." in made.said()
        assert made.page.needs.reason.isVisible()
        made.page.state.choose_agency("county")
        made.page.needs._asked[Question.CONTACT].field.setPlainText("")
        made.until_quiet()
        assert not made.page.state.overruled
        assert "Supervisor 01 overruled less than what is missing now." in made.said()


def test_intake_hands_nothing_off(qtbot: QtBot, qapp: QApplication) -> None:
    session = FakeSession()
    session.member = Member(id="i1", name="Intake 01", role=Role.INTAKE, recipient="age1")
    with a_window(qtbot, qapp, session) as person:
        person.unlock()
        assert person.frame.handoff is None
        assert "handoff" not in {action.name for action in person.frame.shortcuts.actions}


@pytest.mark.parametrize(
    ("words", "good"),
    [("2026-11-20 14:03 UTC", True), ("2026-11-20 14:03+01:00", True), ("2026-11-20 14:03 +01:00", True),
     ("2026-11-20 14:03", False), ("14:03 UTC", False), ("", False)],
)  # fmt: skip
def test_a_time_needs_its_zone(words: str, good: bool) -> None:
    assert (spoken_time(words) is not None) is good


def test_only_a_regular_file_is_a_receipt(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for bad in (tmp_path / "pipe", tmp_path, tmp_path / "none", Path("\0")):
        with pytest.raises(ReceiptUnreadable):
            receipt_sha256(bad)
