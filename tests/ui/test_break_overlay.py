"""The break page: every answer by key and by button, quiet afterwards."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from reviewer.model.policy import Policy, read_policy
from reviewer.resources import resource
from reviewer.ui import break_overlay
from reviewer.ui.break_overlay import BreakOverlay
from reviewer.ui.break_words import left_words, reason_words, title_words
from reviewer.ui.breathing_guide import BreathingGuide
from reviewer.ui.key_button import KeyButton
from reviewer.wellbeing.prompts import Prompt

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


class HandClock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def rules() -> Policy:
    return read_policy(resource("policy.toml").read_text(encoding="utf-8"))


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def overlay(qtbot: QtBot, clock: HandClock) -> BreakOverlay:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1366, 768)
    made = BreakOverlay(window, monotonic=clock)
    window.show()
    return made


def test_it_covers_the_window_and_follows_its_size(overlay: BreakOverlay, rules: Policy) -> None:
    assert not overlay.isVisible()
    overlay.ask(Prompt.BREAK_DUE, 52.4, rules)
    window = overlay.parentWidget()
    assert overlay.isVisible()
    assert overlay.geometry() == window.rect()
    window.resize(1000, 700)
    assert overlay.geometry() == window.rect()
    assert "52 minutes" in overlay.words


@pytest.mark.parametrize(
    ("key", "signal", "value"),
    [
        (Qt.Key.Key_Return, "breakChosen", 10.0),
        (Qt.Key.Key_Enter, "breakChosen", 10.0),
        (Qt.Key.Key_5, "breakChosen", 5.0),
        (Qt.Key.Key_L, "postponed", None),
        (Qt.Key.Key_H, "handOver", None),
    ],
)
def test_each_answer_has_its_key(
    overlay: BreakOverlay, rules: Policy, qtbot: QtBot, key: Qt.Key, signal: str, value: float | None
) -> None:
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    with qtbot.waitSignal(getattr(overlay, signal)) as said:
        QTest.keyClick(overlay, key)
    assert said.args == ([] if value is None else [value])
    assert overlay.pausing is (value is not None)
    assert overlay.isVisible() is (value is not None)


def test_a_pause_counts_in_minutes_and_waits_for_the_person(
    overlay: BreakOverlay, rules: Policy, clock: HandClock, qtbot: QtBot
) -> None:
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    QTest.keyClick(overlay, Qt.Key.Key_5)
    assert "5 minutes left" in overlay.words
    clock.now += 4 * 60 + 30
    overlay._tick()
    assert "Less than a minute left" in overlay.words
    clock.now += 3600
    overlay._tick()
    assert "no hurry" in overlay.words
    assert overlay.isVisible(), "nobody is sent back by a clock"
    with qtbot.waitSignal(overlay.ended):
        QTest.keyClick(overlay, Qt.Key.Key_Return)
    assert not overlay.isVisible()
    assert not overlay.pausing


def test_answers_of_the_question_do_nothing_during_the_pause(overlay: BreakOverlay, rules: Policy) -> None:
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    QTest.keyClick(overlay, Qt.Key.Key_Return)
    said: list[str] = []
    overlay.postponed.connect(lambda: said.append("later"))
    overlay.handOver.connect(lambda: said.append("hand"))
    QTest.keyClick(overlay, Qt.Key.Key_L)
    QTest.keyClick(overlay, Qt.Key.Key_H)
    assert said == []
    assert overlay.pausing


def test_asking_again_after_a_pause_asks(overlay: BreakOverlay, rules: Policy) -> None:
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    QTest.keyClick(overlay, Qt.Key.Key_Return)
    overlay.ask(Prompt.DAILY_CAP, 10, rules)
    assert not overlay.pausing
    assert "Today's limit of 4 h" in overlay.words


def test_contacts_come_from_the_policy(overlay: BreakOverlay, rules: Policy) -> None:
    overlay.ask(Prompt.HANDOVER, 120, rules)
    assert not overlay._contacts.isVisible()
    QTest.keyClick(overlay, Qt.Key.Key_S)
    assert overlay._contacts.isVisible()
    for contact in rules.support:
        assert contact.words in overlay._contacts.text()
        assert contact.reach in overlay._contacts.text()


def test_writing_to_a_colleague_is_offered_only_where_it_is_possible(
    overlay: BreakOverlay, rules: Policy, qtbot: QtBot
) -> None:
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    said: list[str] = []
    overlay.note.opened.connect(said.append)
    QTest.keyClick(overlay, Qt.Key.Key_T)
    assert said == []
    overlay.offer_note(("case-1", "2026-00001"))
    QTest.keyClick(overlay, Qt.Key.Key_T)
    assert said == ["case-1"]
    assert overlay.note.field.isVisible()
    overlay.escape()
    assert not overlay.note.field.isVisible()
    assert overlay.isVisible()


def test_letters_of_a_note_are_no_answers(overlay: BreakOverlay, rules: Policy) -> None:
    answers: list[str] = []
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    overlay.postponed.connect(lambda: answers.append("later"))
    overlay.handOver.connect(lambda: answers.append("hand over"))
    overlay.breakChosen.connect(lambda _minutes: answers.append("pause"))
    overlay.offer_note(("case-1", "2026-00001"))
    QTest.keyClick(overlay, Qt.Key.Key_T)
    QTest.keyClicks(overlay.note.field, "Lights, Hedges 5 and")
    QTest.keyClick(overlay.note.field, Qt.Key.Key_Return)
    assert answers == []


def test_a_note_lays_early_words_behind_the_draft_of_before_and_outlives_a_failure(
    overlay: BreakOverlay, rules: Policy
) -> None:
    note, sent = overlay.note, []
    note.sendAsked.connect(lambda case_id, text: sent.append((case_id, text)))
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    overlay.offer_note(("case-1", "2026-00001"))
    QTest.keyClick(overlay, Qt.Key.Key_T)
    QTest.keyClicks(note.field, "roses")
    assert note.early == "roses"
    note.put_draft("case-2", "of another case")
    note.put_draft("case-1", "The parcel,")
    assert note.early == ""
    assert note.field.toPlainText() == "The parcel,\nroses"
    QTest.keyClick(note.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(note.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sent == [("case-1", "The parcel,\nroses")], "once, however often the key is pressed"
    note.not_sent("case-1", "The store does not answer.")
    assert note.field.toPlainText() == "The parcel,\nroses"
    assert not note.field.isReadOnly()
    note.sent("case-1")
    assert note.field.toPlainText() == ""


def test_without_pictures_is_a_wish_and_where_there_is_nothing_the_page_says_so(
    overlay: BreakOverlay, rules: Policy
) -> None:
    overlay.ask(Prompt.AFTER_VIOLENT, 3, rules)
    assert not overlay.wants_plain
    QTest.keyClick(overlay, Qt.Key.Key_N)
    assert overlay.wants_plain
    overlay.say_plain_next(False)
    assert not overlay.wants_plain
    assert overlay.links.plain.text() == "Nothing without pictures waits just now"
    QTest.keyClick(overlay, Qt.Key.Key_N)
    assert not overlay.wants_plain
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    assert overlay.links.plain.isEnabled()
    assert not overlay.wants_plain


def test_the_guide_can_be_turned_off_and_stays_off(overlay: BreakOverlay, rules: Policy) -> None:
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    assert overlay.guide.isVisible()
    QTest.keyClick(overlay, Qt.Key.Key_G)
    assert not overlay.guide.isVisible()
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    assert not overlay.guide.isVisible()
    QTest.keyClick(overlay, Qt.Key.Key_G)
    assert overlay.guide.isVisible()


def test_in_a_low_window_the_circle_gives_way_and_no_word_is_cut(overlay: BreakOverlay, rules: Policy) -> None:
    window = overlay.parentWidget()
    for size in ((1024, 440), (1024, 600), (1366, 768)):
        window.resize(*size)
        overlay.ask(Prompt.DAILY_CAP, 240, rules)
        overlay.offer_note(("case-1", "2026-00001"))
        overlay._show_contacts(True)
        assert overlay._column.sizeHint().height() <= window.height()
        for button in overlay.findChildren(KeyButton):
            if button.isVisible():
                assert button.width() >= button.sizeHint().width(), button.text()


@pytest.mark.parametrize("prompt", list(Prompt))
def test_every_prompt_has_calm_words(prompt: Prompt, rules: Policy) -> None:
    for minutes in (0.2, 1.0, 50.0):
        words = f"{title_words(prompt)} {reason_words(prompt, minutes, rules)}"
        assert "!" not in words
        assert "must" not in words


def test_after_a_violent_item_the_policy_s_shorter_pause_is_offered(
    overlay: BreakOverlay, rules: Policy, qtbot: QtBot
) -> None:
    overlay.ask(Prompt.AFTER_VIOLENT, 3, rules)
    with qtbot.waitSignal(overlay.breakChosen) as said:
        QTest.keyClick(overlay, Qt.Key.Key_Return)
    assert said.args == [rules.breaks.after_violent_minutes]


@pytest.mark.parametrize(
    ("seconds", "words"), [(600, "10"), (540.1, "10"), (540, "9"), (61, "2"), (60, "Less"), (0, "over")]
)
def test_minutes_left(seconds: float, words: str) -> None:
    assert words in left_words(seconds)


def test_the_guide_breathes_in_for_four_seconds_and_out_for_six(qtbot: QtBot, clock: HandClock) -> None:
    guide = BreathingGuide(monotonic=clock)
    qtbot.addWidget(guide)
    assert guide.breath() == (True, pytest.approx(0.0))
    clock.now = 3.999
    inward, fullness = guide.breath()
    assert inward
    assert fullness == pytest.approx(1.0, abs=0.01)
    clock.now = 7.0
    assert guide.breath() == (False, pytest.approx(0.5))


def test_with_motion_off_nothing_moves(qtbot: QtBot) -> None:
    guide = BreathingGuide()
    qtbot.addWidget(guide)
    guide.set_motion(False)
    guide.show()
    assert not guide._timer.isActive()
    guide.set_motion(True)
    assert guide._timer.isActive()
    guide.hide()
    assert not guide._timer.isActive()


def test_contacts_and_the_end_of_a_pause_are_announced(
    overlay: BreakOverlay, rules: Policy, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(break_overlay, "announce", lambda _widget, words: said.append(words))
    overlay.ask(Prompt.BREAK_DUE, 50, rules)
    QTest.keyClick(overlay, Qt.Key.Key_S)
    assert len(said) == 1
    assert all(contact.reach in said[0] for contact in rules.support)
    QTest.keyClick(overlay, Qt.Key.Key_S)
    QTest.keyClick(overlay, Qt.Key.Key_5)
    overlay._tick()
    assert len(said) == 1, "minutes are not counted aloud"
    clock.now += 3600
    overlay._tick()
    overlay._tick()
    assert said[1:] == [left_words(0)]
