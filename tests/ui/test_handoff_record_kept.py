"""The form "Record what happened" keeps what somebody wrote, and only that, whatever happens at the same moment."""

from __future__ import annotations

import threading

import pytest
from at_handoff import Driver, alone
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession
from test_handoff_kept import a_package, two_packages

from reviewer.model.decisions import Draft
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.handoff import step_draft
from reviewer.ui.draft_keeper import DELAY_MS

__all__ = ["two_packages"]
MINE = step_draft("h2")


def saved(driver: Driver) -> list[object]:
    return [call[1] for call in driver.named("save_draft")]


def test_the_clock_writes_nothing(two_packages: Driver) -> None:
    form = two_packages.page.after.record
    form.at.setText("2026-11-20 09:00+00:00")  # proposed long ago, by nobody
    form._kept._newest.clear()
    two_packages.person.qtbot.wait(2 * DELAY_MS)
    before = len(saved(two_packages))
    form._propose_time()
    assert form.at.text() != "2026-11-20 09:00+00:00"
    two_packages.person.qtbot.wait(3 * DELAY_MS)
    assert len(saved(two_packages)) == before
    assert form._kept.of("h2") is None


def test_what_was_kept_comes_back_also_when_the_clock_ticks_first(qtbot: QtBot, qapp: QApplication) -> None:
    session, read = FakeSession(), threading.Event()
    session.handoffs.packages += [a_package(1), a_package(2, "Other police")]
    kept = Draft(item_id=MINE, rationale="by courier", labels=("sent", "", "Other police", "", ""))
    session.drafts[MINE] = kept
    answered = session.second.kept

    def slow(draft_id: str) -> Draft | None:
        if draft_id == MINE:
            read.wait(10)
        return answered(draft_id)

    session.second.kept = slow  # type: ignore[method-assign]
    try:
        with alone(qtbot, session) as made:
            made.step(5)
            form = made.page.after.record
            assert form._package is not None
            assert form._package.made.id == "h2"
            form._filling = True
            form.at.setText("2026-11-20 09:00+00:00")  # proposed a minute ago
            form._filling = False
            form._propose_time()
            qtbot.wait(3 * DELAY_MS)
            read.set()
            made.person.until(lambda: form.words.text() == "by courier")
            qtbot.wait(3 * DELAY_MS)
            assert session.drafts.get(MINE) == kept
    finally:
        read.set()


def test_words_saved_again_while_the_step_is_recorded_do_not_come_back(two_packages: Driver) -> None:
    """Typed and taken back: the save of them is still on its way when the step is there."""
    session, form = two_packages.person.session, two_packages.page.after.record
    asked, save = threading.Event(), threading.Event()
    session.gates["record_step"] = asked
    form.words.setText("by courier")
    two_packages.alt("N")
    two_packages.person.until(lambda: two_packages.named("record_step") != [])
    session.gates["save_draft"] = save
    before = len(saved(two_packages))
    form.words.setText("by courier, and by post")
    form.words.setText("by courier")
    two_packages.person.until(lambda: len(saved(two_packages)) > before)
    asked.set()
    two_packages.person.until(lambda: "Recorded" in form.said.text())
    assert form.words.text() == ""
    save.set()
    two_packages.person.qtbot.wait(5 * DELAY_MS)
    assert MINE not in session.drafts


@pytest.mark.parametrize("newer", ["by courier, and by post", ""])
def test_what_is_typed_while_a_step_is_refused_is_what_is_kept(two_packages: Driver, newer: str) -> None:
    session, form, gate = two_packages.person.session, two_packages.page.after.record, threading.Event()
    session.gates["record_step"] = gate
    session.fail["record_step"] = CaseSystemRefused(409, "/problems/step-order")
    form.words.setText("by courier")
    two_packages.alt("N")
    two_packages.person.until(lambda: two_packages.named("record_step") != [])
    form.words.setText(newer)
    two_packages.person.qtbot.wait(3 * DELAY_MS)
    gate.set()
    two_packages.person.until(lambda: "refused" in form.said.text())
    two_packages.person.qtbot.wait(3 * DELAY_MS)
    assert form.words.text() == newer
    assert session.drafts.get(MINE, Draft(item_id=MINE)).rationale == newer
