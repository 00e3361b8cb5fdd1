"""A text in the protected viewer: the ladder, the meter's level, and every way the words go."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent
from viewer_fakes import IMAGE, FakeLine, FakeOpenItem, FakeTaken, HandJobs, entry, policy, taken

from reviewer.model.cases import ItemFacts
from reviewer.model.levels import Kind, Level
from reviewer.ui.viewer import ViewerPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us

CHAT = ItemFacts(kind=Kind.CHAT, format="json", size=4_000)
LINES = [FakeLine(f"the parcel {at} is by the *shed*", "AB"[at % 2], f"10:{at:02}") for at in range(40)]


def a_chat(harm: str = "violence", facts: ItemFacts = CHAT) -> FakeTaken:
    return FakeTaken(entry(facts, harm=harm), FakeOpenItem(facts, viewable=False, readable=True, lines=LINES))


def show(panel: ViewerPanel, jobs: HandJobs, item: FakeTaken) -> FakeOpenItem:
    panel.show_item(item, policy(), "Reviewer 14")
    jobs.settle()
    assert item.opened is not None
    return item.opened


def test_it_opens_as_bars(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, a_chat())
    assert item.asked == ["outline"]
    assert panel.text.view.isVisible()
    assert panel.current_level is Level.BLURRED
    assert panel.ladder.step(Level.BLURRED).isChecked()


def test_a_harm_type_that_starts_at_facts_asks_for_nothing(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, a_chat("facts_first"))
    assert item.asked == []
    assert panel.facts.isVisible()
    assert panel.current_level is Level.FACTS


def test_a_drawing_is_not_offered_and_the_ladder_says_why(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, a_chat())
    step = panel.ladder.step(Level.DRAWING)
    assert not step.isEnabled()
    assert "line by line" in step.toolTip()
    panel.set_level(Level.DRAWING)
    jobs.settle()
    assert item.asked == ["outline"]
    assert panel.current_level is Level.BLURRED
    assert panel.ladder.step(Level.CLEAR).isEnabled()
    assert panel.ladder.step(Level.CLEAR).text() == "Clear, 60 s"


def test_the_meter_hears_of_every_level_words_are_shown_at(panel: ViewerPanel, jobs: HandJobs) -> None:
    seen: list[Level] = []
    panel.levelChanged.connect(seen.append)
    show(panel, jobs, a_chat())
    panel.lens_hold(True)
    jobs.settle()
    panel.lens_nudge(0, 1)
    jobs.settle()
    panel.lens_hold(False)
    panel.set_level(Level.CLEAR)
    jobs.settle()
    panel.reveil()
    panel.set_level(Level.FACTS)
    assert seen[:3] == [Level.FACTS, Level.BLURRED, Level.LENS]
    assert seen[-3:] == [Level.CLEAR, Level.BLURRED, Level.FACTS]
    assert Level.DRAWING not in seen


@pytest.mark.parametrize("how", ["hide", "focus", "reveil", "clear", "facts", "next"])
@pytest.mark.parametrize("level", [Level.LENS, Level.CLEAR])
def test_every_way_out_lets_go_of_the_words(panel: ViewerPanel, jobs: HandJobs, how: str, level: Level) -> None:
    show(panel, jobs, a_chat())
    panel.set_level(level)
    jobs.settle()
    assert panel.current_level is level
    assert panel.text.view.shown
    {
        "hide": panel.hide,
        "focus": lambda: _lose_focus(panel),
        "reveil": panel.reveil,
        "clear": panel.clear,
        "facts": lambda: panel.set_level(Level.FACTS),
        "next": lambda: panel.show_item(taken(), policy(), "Reviewer 14"),
    }[how]()
    assert not panel.text.view.shown
    assert panel.current_level <= Level.BLURRED


def _lose_focus(panel: ViewerPanel) -> None:
    panel.isActiveWindow = lambda: False  # type: ignore[method-assign]
    panel.changeEvent(QEvent(QEvent.Type.ActivationChange))


def test_words_of_the_item_before_never_appear(panel: ViewerPanel, jobs: HandJobs) -> None:
    panel.show_item(a_chat(), policy(), "Reviewer 14")
    jobs.settle()
    panel.set_level(Level.CLEAR)
    jobs.work()
    show(panel, jobs, a_chat("facts_first"))
    assert not panel.text.view.shown
    assert panel.current_level is Level.FACTS


def test_a_picture_after_a_text_is_a_picture_again(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, a_chat())
    item = show(panel, jobs, taken(IMAGE))
    assert item.asked == ["blurred"]
    assert panel.view.isVisible()
    assert panel.text.view.count == 0
    assert panel.ladder.step(Level.DRAWING).isEnabled()
    assert panel.ladder.step(Level.CLEAR).text() == "Clear, 10 s"
    assert panel.grey_button.isVisible()
    assert panel.grey_button.isEnabled()
    assert panel.listening.controls.isVisible()


def test_grey_is_nothing_a_text_has(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, a_chat())
    assert not panel.grey_button.isVisible()
    assert not panel.grey_button.isEnabled()
    panel.toggle_grey()
    assert panel.levels.grey


def test_a_text_has_no_buttons_that_mean_nothing_to_it(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, a_chat())
    assert not panel.listening.controls.isVisible()
    assert panel.full_button.isVisible()
    panel.listening.toggle()
    assert not panel.listening.player.wanted


def test_searching_from_the_facts_shows_the_bars_first(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, a_chat("facts_first"))
    panel.text.find_words()
    jobs.settle()
    assert panel.text.find_bar.isVisible()
    assert panel.current_level is Level.BLURRED
    panel.text.desk.find("parcel 30")
    jobs.settle()
    assert panel.text.view.focus_line == 30
    assert not panel.text.view.shown


def test_a_window_full_is_turned(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, a_chat())
    before = panel.text.view.visible_lines()
    panel.turn_page(1)
    assert panel.text.view.visible_lines()[0] > before[0]
    assert panel.text.view.focus_line in panel.text.view.visible_lines()


def test_an_archive_says_where_its_files_are(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, taken(ItemFacts(kind=Kind.ARCHIVE, format="zip", size=900), viewable=False))
    assert "items of their own" in panel.ladder.step(Level.BLURRED).toolTip()
    assert panel.current_level is Level.FACTS
