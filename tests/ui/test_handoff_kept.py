"""Handing off while something else happens: no word is lost, nothing is recorded, sent or shown of another thing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from at_handoff import CTRL, FULL, Driver, Key, alone, handing, reviewing
from handoff_fakes import NOON, a_handoff, a_recorded, an_outline
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession
from whole_window import a_window, session_of

from reviewer.handoff.errors import KeptForLater
from reviewer.model.decisions import Action, Draft
from reviewer.model.errors import CaseSystemRefused, CaseSystemUnreachable, StoreUnavailable
from reviewer.model.handoff import Audience, Handoff, Letter, LetterKind, NewPreservation, step_draft
from reviewer.model.handoff_answers import Question
from reviewer.model.preferences import Preferences
from reviewer.ui import desk_frame, theme
from reviewer.ui.draft_keeper import DELAY_MS
from reviewer.ui.handoff_needs import overrule_draft
from reviewer.ui.handoff_ports import KeptUnread

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


def a_package(at: int, agency: str = "County police, digital unit", case_id: str = "case-1843") -> Handoff:
    """Built yesterday."""
    made = a_handoff(at, agency=agency, case_id=case_id)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    return msgspec.structs.replace(made, made=msgspec.structs.replace(made.made, built_at=yesterday))


@pytest.fixture
def at_page(qtbot: QtBot, qapp: QApplication) -> Iterator[Driver]:
    with handing(qtbot) as made:
        yield made


@pytest.fixture
def two_packages(qtbot: QtBot, qapp: QApplication) -> Iterator[Driver]:
    """The second, for other police, is chosen."""
    session = FakeSession()
    session.handoffs.packages += [a_package(1), a_package(2, "Other police")]
    session.handoffs.outlines["case-1851"] = an_outline("case-1851", "2026-01851")
    with alone(qtbot, session) as made:
        made.step(5)
        yield made


def test_what_is_typed_while_the_case_is_looked_at_again_stays(at_page: Driver) -> None:
    at_page.step(2)
    at_page.until_quiet()
    fake, gate, answered = at_page.fake, threading.Event(), at_page.fake.outline

    def slow(case_id: str) -> object:
        before = answered(case_id)
        gate.wait(5)
        return before

    fake.outline = slow  # type: ignore[method-assign,assignment]
    at_page.press(Key.Key_F5)
    field = at_page.page.needs._asked[Question.TIMES].field
    field.setFocus()
    at_page.person.type("2026-11-20 14:03 UTC")
    at_page.person.until(lambda: "case-1843" in fake.kept and fake.kept["case-1843"].times.endswith("UTC"))
    gate.set()
    at_page.until_quiet()
    assert field.toPlainText() == "2026-11-20 14:03 UTC"
    assert at_page.page.state.answers.times == "2026-11-20 14:03 UTC"


# what is recorded of a package


def test_a_step_is_recorded_on_the_package_that_was_in_view_when_the_key_was_pressed(two_packages: Driver) -> None:
    after = two_packages.page.after
    two_packages.alt("N")
    after.list.setCurrentIndex(after._model.index(1))
    assert after.chosen is not None
    assert after.chosen.made.id == "h1"
    after.record.words.setText("of the other one")
    two_packages.person.until(lambda: "Recorded" in after.record.said.text())
    assert [(handoff_id, step.to) for handoff_id, step in two_packages.fake.sent_steps] == [("h2", "Other police")]
    assert after.record.words.text() == "of the other one"


def test_what_is_typed_of_a_package_stays_with_it(two_packages: Driver) -> None:
    form, after = two_packages.page.after.record, two_packages.page.after
    form.to.setText("The desk in the north")
    form.words.setText("by courier")
    two_packages.press(Key.Key_F5)
    two_packages.until_quiet()
    assert (form.to.text(), form.words.text()) == ("The desk in the north", "by courier")
    after.list.setCurrentIndex(after._model.index(1))
    assert (form.to.text(), form.words.text()) == ("County police, digital unit", "")
    form.words.setText("of this case")
    two_packages.fake.packages.append(a_package(3, case_id="case-1851"))
    two_packages.page.open_case("case-1851")
    assert after.packages == (), "nothing is recorded on the other case's while it is on its way"
    two_packages.until_quiet()
    assert form.words.text() == ""


def test_what_is_typed_of_a_package_outlives_a_lock(qtbot: QtBot, qapp: QApplication) -> None:
    session = session_of()
    session.handoffs.packages += [a_package(1), a_package(2, "Other police")]
    with a_window(qtbot, qapp, session) as person:
        person.unlock()
        person.take_first()
        made = Driver(person)
        made.step(5)
        form = made.page.after.record
        form.kind._pick(1)
        form.receipt.setFocus()
        person.type("case 12 of theirs")
        form.at.selectAll()
        form.at.setFocus()
        at = (datetime.now(UTC) - timedelta(hours=3)).isoformat(sep=" ", timespec="minutes")
        person.type(at)
        form.words.setFocus()
        person.type("by courier")
        person.press(Key.Key_L, CTRL)
        person.until(made.locked)
        person.unlock()
        person.take_first()
        again = Driver(person)
        again.step(5)
        form = again.page.after.record
        person.until(lambda: form.words.text() == "by courier")
        assert (form.receipt.text(), form.at.text()) == ("case 12 of theirs", at)
        assert form.kind.index == 1
        assert form.receipt.isVisible()
        assert "not recorded yet" in form.said.text()
        after = again.page.after
        after.list.setCurrentIndex(after._model.index(1))
        assert (form.receipt.text(), form.words.text()) == ("", ""), "they are of the other package"
        after.list.setCurrentIndex(after._model.index(0))
        person.until(lambda: form.words.text() == "by courier")
        again.alt("N")
        person.until(lambda: "Recorded" in form.said.text())
        assert form.words.text() == ""
        person.press(Key.Key_L, CTRL)
        person.until(again.locked)
    assert step_draft("h2") not in session.drafts


@pytest.mark.parametrize("rule", [True, False])
def test_that_the_agencys_span_counts_is_said_when_sent_is_recorded(two_packages: Driver, rule: bool) -> None:
    kept = NewPreservation(jurisdiction="DE", basis="", starts_on="2026-11-20", ends_on="2027-02-18", unread=True)
    two_packages.fake.unread["h2"] = KeptUnread(kept if rule else None)
    after = two_packages.page.after
    two_packages.alt("N")
    two_packages.person.until(lambda: "Recorded" in after.record.said.text())
    words = "the agency's rule (DE, until 2027-02-18)" if rule else "nothing keeps the case"
    assert words in after.record.said.text()
    assert words in after.states.kept.text()
    assert after.states.kept.isVisible()
    after.list.setCurrentIndex(after._model.index(1))
    assert not after.states.kept.isVisible(), "it is of the other package"


def test_words_typed_while_a_step_is_recorded_are_kept_and_those_recorded_are_not(two_packages: Driver) -> None:
    form, gate = two_packages.page.after.record, threading.Event()
    two_packages.person.session.gates["record_step"] = gate
    form.words.setText("by courier")
    two_packages.alt("N")
    two_packages.person.until(lambda: two_packages.named("record_step") != [])
    form.words.setText("by courier, and by post")
    gate.set()
    two_packages.person.until(lambda: "Recorded" in form.said.text())
    assert [step.words for _id, step in two_packages.fake.sent_steps] == ["by courier"]
    assert form.words.text() == "by courier, and by post"
    drafts = two_packages.person.session.drafts
    two_packages.person.until(lambda: step_draft("h2") in drafts)
    two_packages.person.session.gates.clear()
    two_packages.until_quiet()
    two_packages.alt("N")
    two_packages.person.until(lambda: len(two_packages.fake.sent_steps) == 2 and form.words.text() == "")
    two_packages.person.qtbot.wait(2 * DELAY_MS)
    assert step_draft("h2") not in drafts


@pytest.mark.parametrize("refused", [True, False])
def test_of_a_step_that_is_refused_the_words_stay_and_of_one_that_waits_here_they_do_not(
    two_packages: Driver, refused: bool
) -> None:
    form = two_packages.page.after.record
    error = CaseSystemRefused(409, "/problems/step-order") if refused else KeptForLater()
    two_packages.person.session.fail["record_step"] = error
    form.words.setText("by courier")
    two_packages.alt("N")
    two_packages.person.until(lambda: error.what_happened in form.said.text())
    assert form.words.text() == ("by courier" if refused else "")
    after = two_packages.page.after
    for row in (1, 0):
        after.list.setCurrentIndex(after._model.index(row))
    assert form.words.text() == ("by courier" if refused else "")


def test_the_time_that_is_proposed_is_now_and_one_that_cannot_be_is_refused(two_packages: Driver) -> None:
    form = two_packages.page.after.record
    form.at.setText("2026-11-20 09:00+00:00")  # proposed long ago
    two_packages.step(4)
    two_packages.step(5)
    assert abs(datetime.fromisoformat(form.at.text()) - datetime.now(UTC)) < timedelta(minutes=2)
    wrong = [datetime.now(UTC) - timedelta(days=2), datetime.now(UTC) + timedelta(hours=1)]
    for words in (one.isoformat(sep=" ", timespec="minutes") for one in wrong):
        form.at.selectAll()
        form.at.setFocus()
        two_packages.person.type(words)
        two_packages.alt("N")
        assert "before the package was built, or after now" in form.said.text()
        two_packages.step(4)
        two_packages.step(5)
        assert form.at.text() == words, "what the person wrote is theirs"
    two_packages.person.qtbot.wait(20)
    assert two_packages.fake.sent_steps == []


# the statement of reasons


def test_what_the_statement_of_reasons_lacks_is_named_and_holds_nothing_up(qtbot: QtBot, tmp_path: Path) -> None:
    items = (a_recorded(1, action=Action.REMOVE), a_recorded(2, action=Action.REPORT))
    with handing(qtbot, answers=FULL, items=items, chosen=("item-1", "item-2")) as made:
        made.ready(tmp_path)
        made.step(2)
        needs = made.page.needs
        assert needs.posted.isVisible()
        assert needs.posted.said.text() == "missing"
        assert "The day it was posted" in needs.statement.text()
        assert "Countries it takes effect in" in needs.statement.text()
        assert made.page.state.why_not_build() == ""
        needs.posted.field.setFocus()
        made.person.type("2026-01-02")
        assert needs.posted.said.text() == ""
        assert "The day it was posted" not in needs.statement.text()
        made.until_quiet()
        made.person.until(lambda: made.fake.kept["case-1843"].content_date == "2026-01-02")
        made.page.state.scope = ("DE",)
        made.page.state.choose_items({"item-2"})
        assert not needs.posted.isVisible(), "nothing was removed"
        made.page.state.choose_items({"item-1", "item-2"})
        assert not needs.statement.isVisible()


# letters


def a_letter(number: int = 1) -> Letter:
    return Letter(
        id=f"v{number}", letter_id="l1", case_id="case-1843", number=number, audience=Audience.LAW_ENFORCEMENT,
        kind=LetterKind.GRANTED, subject="Granted", text="It is granted.", by="Reviewer 07", at=NOON,
    )  # fmt: skip


def test_the_letter_in_the_editor_goes_out_or_none(at_page: Driver) -> None:
    letter = at_page.page.letter
    at_page.fake.versions.append(a_letter())
    at_page.press(Key.Key_F5)
    at_page.person.until(lambda: letter.versions.count() == 1)
    at_page.until_quiet()
    letter.versions.setCurrentRow(0)
    at_page.step(3)
    at_page.alt("W")
    at_page.person.until(lambda: letter.text.toPlainText() != "")
    for key in "LV":
        at_page.alt(key)
        assert "Alt K" in letter.said.text()
    assert at_page.page.state.letter is None
    letter._fill("", "")
    letter.open_version(a_letter())
    at_page.person.type("Not so. ")
    letter.text.setPlainText("It is not granted.")
    at_page.alt("L")
    assert at_page.page.state.letter is None, "the version is another text than the one in the editor"
    letter.text.setPlainText("It is granted.")
    letter.subject.setText("Granted")
    at_page.alt("L")
    assert at_page.page.state.letter is not None
    assert at_page.named("export_letter") == []


def test_the_name_of_the_pdf_is_of_the_case_in_view(two_packages: Driver) -> None:
    assert two_packages.page.letter.path.text().endswith("letter-2026-01843.pdf")
    two_packages.page.open_case("case-1851")
    two_packages.person.until(lambda: two_packages.page.case_id == "case-1851")
    assert two_packages.page.letter.path.text().endswith("letter-2026-01851.pdf")


# overruling


def test_a_reason_that_is_typed_before_the_kept_one_came_is_kept(qtbot: QtBot, qapp: QApplication) -> None:
    session = FakeSession()
    session.handoffs.outlines["case-1843"] = an_outline(may_overrule=True)
    session.drafts[overrule_draft("case-1851")] = Draft(item_id=overrule_draft("case-1851"), rationale="of that one")
    session.fail["kept"] = StoreUnavailable()
    with alone(qtbot, session) as made:
        made.page.needs.reason.setPlainText("somebody is in danger")
        kept = session.drafts
        made.person.until(lambda: overrule_draft("case-1843") in kept)
        del session.fail["kept"]
        made.page.open_case("case-1851")
        made.person.until(lambda: made.page.needs.reason.toPlainText() == "of that one")
        made.page.needs.overruled("case-1843")  # the answer came late
        assert made.page.needs.reason.toPlainText() == "of that one"
        made.person.until(lambda: not kept.get(overrule_draft("case-1843"), Draft(item_id="")).rationale)


# keys, and which case


def test_with_the_question_which_case_in_view_no_key_changes_what_is_behind_it(at_page: Driver) -> None:
    at_page.step(3)
    before = at_page.page.state.choice()
    at_page.alt("G")
    at_page.person.until(at_page.page.chooser.isVisible)
    for letter in "CT":
        at_page.alt(letter)
    assert at_page.page.state.choice() == before


def test_a_case_that_did_not_come_is_asked_for_again(qtbot: QtBot, qapp: QApplication) -> None:
    with handing(qtbot) as made:
        made.page.state.outline = None  # as when it opens for the first time
        made.person.session.fail["outline"] = CaseSystemUnreachable()
        made.page.open_case("case-1851")
        made.person.until(lambda: made.page.asking.open == 0)
        del made.person.session.fail["outline"]
        assert made.page.keys.why_not("handoff_again") == ""
        made.press(Key.Key_F5)
        made.person.until(lambda: made.page.case_id == "case-1851")


def test_a_part_of_a_number_that_several_cases_have_opens_none(at_page: Driver) -> None:
    for number in ("2026-00111", "2026-00112", "2026-00221"):
        at_page.fake.outlines[number] = an_outline(number, number)
    at_page.alt("G")
    at_page.person.until(lambda: at_page.page.chooser.list.model().rowCount() == 4)
    at_page.person.type("0011")
    at_page.press(Key.Key_Return)
    assert at_page.page.chooser.isVisible()
    assert "Several fit" in at_page.page.chooser.said.text()
    at_page.press(Key.Key_Tab)
    assert at_page.page.chooser.list.hasFocus()
    at_page.press(Key.Key_Down)
    marked = at_page.page.chooser.list.currentIndex().data()
    assert marked in ("2026-00111", "2026-00112")
    at_page.press(Key.Key_Return)
    at_page.person.until(lambda: at_page.page.case_id == marked)


# the lock


def test_a_lock_waits_for_a_retraction_and_says_so(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_frame, "LOCK_PATIENCE_MS", 200)
    answered = threading.Event()

    def build(*_anything: object, **_more: object) -> object:
        answered.wait(10)
        raise StoreUnavailable

    with reviewing(qtbot, qapp, answers=FULL) as made:
        made.fake.build = build  # type: ignore[method-assign,assignment]
        try:
            made.choose_agency()
            made.step(4)
            made.until_quiet()
            made.press(Key.Key_Return, CTRL)
            made.person.until(lambda: made.page.running.busy)
            made.press(Key.Key_L, CTRL)
            made.person.until(made.frame.notice.isVisible)
            assert "retracted first" in made.frame.notice.words
            qtbot.wait(500)
            assert not made.locked()
            assert "draft" not in made.frame.notice.words
        finally:
            answered.set()
        made.person.until(made.locked)


# room


def test_nothing_of_what_became_of_a_package_is_cut_off_when_words_are_large(qtbot: QtBot, qapp: QApplication) -> None:
    session = session_of()
    session.preferred = Preferences(text_scale=1.5)
    session.handoffs.packages.append(a_package(1))
    with a_window(qtbot, qapp, session) as person:
        person.unlock()
        person.take_first()
        made = Driver(person)
        qtbot.waitUntil(lambda: theme.current().scale == 1.5)
        made.step(5)
        made.person.until(lambda: made.page.after.chosen is not None)
        for kind in range(3):
            made.page.after.record.kind._pick(kind)
            person.settle()
            assert too_wide(made.page) == []


def test_no_question_is_cut_off_when_words_are_twice_as_large(qtbot: QtBot, qapp: QApplication) -> None:
    session = session_of()
    session.preferred = Preferences(text_scale=2.0)
    items = (a_recorded(1, action=Action.REMOVE, danger=True),)
    session.handoffs.outlines["case-1843"] = an_outline(items=items, chosen=("item-1",))
    with a_window(qtbot, qapp, session) as person:
        person.unlock()
        person.take_first()
        made = Driver(person)
        qtbot.waitUntil(lambda: theme.current().scale == 2.0)
        made.step(2)
        made.until_quiet()
        person.settle()
        assert made.page.needs.posted.isVisible()
        assert too_wide(made.page.needs) == []


def too_wide(page: QWidget) -> list[str]:
    """What does not lie wholly within the width of everything that it is in."""
    found = []
    for part in page.findChildren(QWidget):
        around = part.parentWidget()
        while part.isVisible() and around is not page and around is not None:
            left = part.mapTo(around, QPoint(0, 0)).x()
            if left < 0 or left + part.width() > around.width():
                found.append(f"{type(part).__name__} {part.objectName()} {left}+{part.width()} of {around.width()}")
                break
            around = around.parentWidget()
    return found


def test_that_nobody_saw_an_item_is_said_first(at_page: Driver) -> None:
    model = at_page.page.what.items.model()
    assert str(model.data(model.index(1, 0))).split("\n")[1].startswith("not seen by a person")
