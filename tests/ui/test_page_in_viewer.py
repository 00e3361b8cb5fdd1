"""Pages in the protected viewer: another page is behind the veil again, and every level is asked of the page chosen."""

from __future__ import annotations

import pytest
from viewer_fakes import IMAGE, FakeOpenItem, HandJobs, policy, taken

from reviewer.media.frames import Frame
from reviewer.model.cases import ItemFacts
from reviewer.model.levels import Kind, Level
from reviewer.ui.viewer import ViewerPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us

PDF = ItemFacts(kind=Kind.DOCUMENT, format="pdf", size=90_000, width=612, height=792, pages=12)


def wiped(frame: Frame) -> bool:
    return not any(frame.data)


def show(panel: ViewerPanel, jobs: HandJobs, facts: ItemFacts = PDF, harm: str = "violence") -> FakeOpenItem:
    item = taken(facts, harm=harm)
    panel.show_item(item, policy(), "Reviewer 14")
    jobs.settle()
    assert item.opened is not None
    return item.opened


def test_it_opens_at_the_first_page_with_its_row(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs)
    assert panel.pages.below.isVisible()
    assert item.pages[0] == 0
    assert set(item.asked) == {"blurred"}
    assert panel.current_level is Level.BLURRED


def test_one_picture_has_no_row(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, IMAGE)
    assert not panel.pages.below.isVisible()
    panel.turn_page(1)
    assert panel.pages.page == 0


@pytest.mark.parametrize("level", [Level.LENS, Level.CLEAR])
def test_another_page_is_behind_the_veil_again(panel: ViewerPanel, jobs: HandJobs, level: Level) -> None:
    item = show(panel, jobs)
    panel.set_level(level)
    jobs.settle()
    revealed = item.made[-1]
    assert panel.current_level is level
    panel.turn_page(1)
    assert wiped(revealed), "before the next page is here"
    jobs.settle()
    assert panel.current_level is Level.BLURRED
    panel.set_level(level)
    jobs.settle()
    assert item.pages[-1] == 1


def test_a_drawing_stays_a_drawing_of_the_next_page(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs)
    panel.set_level(Level.DRAWING)
    jobs.settle()
    panel.turn_page(3)
    jobs.settle()
    drawn = [page for what, page in zip(item.asked, item.pages, strict=True) if what == "drawing"]
    assert drawn == [0, 3]
    assert panel.current_level is Level.DRAWING


def test_a_late_answer_of_the_page_before_is_not_shown(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs)
    panel.set_level(Level.CLEAR)
    jobs.work()
    clear = item.made[-1]
    panel.turn_page(1)
    jobs.settle()
    assert wiped(clear)
    assert panel.current_level is Level.BLURRED


def test_at_facts_there_are_no_thumbnails_and_none_are_left(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, harm="facts_first")
    assert item.asked == []
    panel.turn_page(1)
    panel.set_level(Level.BLURRED)
    jobs.settle()
    assert panel.pages.page == 0
    assert len(item.made) > 3
    panel.set_level(Level.FACTS)
    assert not panel.pages.below.isVisible()
    assert all(wiped(frame) for frame in item.made)


def test_the_next_item_begins_at_its_first_page(panel: ViewerPanel, jobs: HandJobs) -> None:
    before = show(panel, jobs)
    panel.turn_page(5)
    jobs.settle()
    after = show(panel, jobs)
    assert all(wiped(frame) for frame in before.made)
    assert after.pages[0] == 0
