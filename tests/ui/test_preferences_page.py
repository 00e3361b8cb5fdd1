"""The preferences page: what is chosen counts at once and is kept; what the policy forbids cannot be chosen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from session_fakes import POLICY, FakeSession
from whole_window import Person, a_window

from reviewer.model.levels import Level
from reviewer.model.policy import Policy
from reviewer.model.preferences import Look, Preferences, RatherNot, Trait
from reviewer.ui.appearance import Appearance
from reviewer.ui.key_button import KeyButton
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.preference_rows import Question
from reviewer.ui.preferences_page import PreferencesPage
from reviewer.ui.segments import Segments
from reviewer.wellbeing.prompts import Prompt

CONTROL = Qt.KeyboardModifier.ControlModifier
SATURDAY = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


W = TypeVar("W", bound=QWidget)


def the(page: QWidget, kind: type[W], name: str) -> W:
    found = page.findChild(kind, name)
    assert isinstance(found, kind)
    return found


class Page:
    """The page by itself, and what was chosen on it."""

    def __init__(self, policy: Policy = POLICY, *, views: bool = True, now: datetime = SATURDAY) -> None:
        self.now = now
        self.window = QWidget()
        self.appearance = Appearance(self.window)
        self.appearance.show(Preferences())
        self.page = PreferencesPage(policy, self.appearance, self.window, views=views, now=lambda: self.now)

    @property
    def liked(self) -> Preferences:
        return self.appearance.preferences

    def answers(self, field: str) -> Segments:
        return the(self.page, Segments, f"prefer_{field}")

    def pick(self, field: str, at: int) -> None:
        self.answers(field)._pick(at)

    def button(self, name: str) -> KeyButton:
        return the(self.page, KeyButton, name)

    def press(self, name: str) -> None:
        self.button(name).click()

    def said(self) -> str:
        return "\n".join(label.text() for label in self.page.findChildren(PlainLabel))


@pytest.fixture
def page(qtbot: QtBot, qapp: QApplication) -> Page:
    made = Page()
    qtbot.addWidget(made.window)
    return made


def test_every_choice_is_a_preference(page: Page) -> None:
    page.pick("sound", 1)
    page.pick("loudest", 0)
    page.pick("break_after_minutes", 1)
    page.pick("break_minutes", 2)
    page.pick("guide", 1)
    page.pick("less_motion", 1)
    page.press("factsFirst_video")
    page.press("factsFirst_image")
    page.press("factsFirst_video")
    page.pick("less_motion", 0)
    assert page.liked == Preferences(
        sound="muffled",
        loudest=0.125,
        break_after_minutes=30.0,
        break_minutes=20.0,
        guide=False,
        facts_first=("image",),
    )


def test_what_the_policy_forbids_cannot_be_chosen_and_it_says_why(qtbot: QtBot) -> None:
    strict = msgspec.structs.replace(
        POLICY, viewing=msgspec.structs.replace(POLICY.viewing, grey=True, sound="muffled")
    )
    page = Page(strict)
    qtbot.addWidget(page.window)
    page.pick("grey", 0)
    page.pick("sound", 2)
    assert page.liked == Preferences()
    assert page.answers("sound").index == 1  # what is in force, whatever was wished for
    assert page.answers("grey").index == 1
    assert "policy begins in grey" in page.said()
    assert "policy allows no more than this" in page.said()
    assert "50 minutes at the latest" in page.said()
    for field in ("break_after_minutes", "break_minutes"):
        offered = [float(str(value)) for _words, value, _ in _question(page, field).answers]
        assert all(value <= 50 if field == "break_after_minutes" else value >= 10 for value in offered)


def _question(page: Page, field: str) -> Question:
    return next(row.question for row in page.page._rows if row.question.field == field)


@pytest.mark.parametrize(
    ("lasts", "until"),
    [(0, SATURDAY + timedelta(hours=12)), (1, datetime(2026, 11, 23).astimezone()), (2, None)],
)
def test_what_one_would_rather_not_get_has_an_end(page: Page, lasts: int, until: datetime | None) -> None:
    assert page.page.rather_not is not None
    page.page.rather_not.until._pick(lasts)
    page.press("ratherNot_harm_violence")
    ends = until.timestamp() if until is not None else None
    assert page.liked.rather_not == (RatherNot(trait=Trait.HARM, key="violence", until=ends),)
    button = page.button("ratherNot_harm_violence")
    assert button.isChecked()
    assert ("until" in button.text()) is (until is not None)
    page.press("ratherNot_kind_video")
    page.press("ratherNot_harm_violence")
    assert [one.key for one in page.liked.rather_not] == ["video"]


def test_a_wish_that_has_ended_is_neither_marked_nor_kept_on(page: Page) -> None:
    page.press("ratherNot_label_weapon")
    page.now += timedelta(hours=13)
    page.page.answer(page.liked)
    assert not page.button("ratherNot_label_weapon").isChecked()
    page.press("ratherNot_kind_video")
    assert [one.key for one in page.liked.rather_not] == ["video"]


def test_no_reason_is_asked_and_nobody_is_told(page: Page) -> None:
    assert "No reason is asked" in page.said()
    assert "never sent" in page.said()


def test_who_does_not_view_chooses_the_window_only(qtbot: QtBot) -> None:
    page = Page(views=False)
    qtbot.addWidget(page.window)
    assert page.page.rather_not is None
    assert [row.question.field for row in page.page._rows] == ["look", "text_scale", "less_motion"]


def test_everything_has_a_name_and_can_be_reached(page: Page) -> None:
    for widget in (*page.page.findChildren(Segments), *page.page.findChildren(KeyButton)):
        assert widget.accessibleName()
        assert widget.focusPolicy() & Qt.FocusPolicy.TabFocus


def test_a_wish_made_before_the_kept_ones_were_read_replaces_none_of_them(qtbot: QtBot) -> None:
    """And nothing of whoever unlocked before is shown to, or kept for, the next person."""
    appearance = Appearance()
    kept: list[Preferences] = []
    appearance.chosen.connect(kept.append)
    secret = (RatherNot(trait=Trait.HARM, key="violence"),)
    appearance.show(Preferences(look=Look.LIGHT, rather_not=secret, sound="off"))
    appearance.begin()
    assert appearance.preferences == Preferences(look=Look.LIGHT)
    appearance.larger()
    assert kept == []
    mine = Preferences(guide=False, rather_not=(RatherNot(trait=Trait.KIND, key="video"),))
    appearance.show(mine)
    assert kept == [msgspec.structs.replace(mine, text_scale=1.25)]
    appearance.begin()
    appearance.show(None)
    assert appearance.preferences.rather_not == ()


# in the whole window


@pytest.fixture
def person(qtbot: QtBot, qapp: QApplication) -> Iterator[Person]:
    with a_window(qtbot, qapp, FakeSession()) as made:
        made.unlock()
        made.until(lambda: bool(made.session.named("preferences")))
        yield made


def test_ctrl_comma_opens_it_and_closes_it(person: Person) -> None:
    frame = person.frame
    person.press(Qt.Key.Key_Comma, CONTROL)
    assert frame.pages.currentWidget() is frame.asked.preferences
    person.press(Qt.Key.Key_Comma, CONTROL)
    assert frame.pages.currentWidget() is frame.home
    assert "preferences" in {command.name for command in frame.commands.commands()}


def test_a_change_is_in_force_at_once_and_kept(person: Person) -> None:
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.bench.flow.item is not None)
    session, page = person.session, person.frame.asked.preferences
    person.press(Qt.Key.Key_Comma, CONTROL)
    the(page, KeyButton, "factsFirst_video").click()
    the(page, KeyButton, "ratherNot_harm_violence").click()
    the(page, Segments, "prefer_sound")._pick(0)
    assert session.settings.policy.viewing.sound == "off"
    person.until(lambda: session.preferred is not None and session.preferred.sound == "off")
    assert session.preferred is not None
    assert session.preferred.facts_first == ("video",)
    assert [one.key for one in session.preferred.rather_not] == ["violence"]
    person.press(Qt.Key.Key_Comma, CONTROL)
    assert person.bench.viewer.current_level is Level.FACTS
    person.until(lambda: bool(person.bench.queue.model.listing.reluctant))


def test_the_pause_page_has_the_pace_and_the_circle_one_chose(person: Person) -> None:
    person.frame.appearance.prefer(break_minutes=20.0, guide=False)
    person.press(Qt.Key.Key_Return)
    person.until(lambda: person.bench.flow.item is not None)
    person.session.due = Prompt.BREAK_DUE
    person.bench.pass_on()
    person.until(lambda: person.frame.pages.currentWidget() is person.frame.pause)
    assert person.frame.pause._minutes[0] == 20.0
    assert not person.frame.pause.guide.isVisible()
