"""The level that is told is the highest of all that is on the screen, not of the large picture alone."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from viewer_fakes import IMAGE, VIDEO, FakeOpenItem, FakeTaken, HandJobs, entry, policy

from reviewer.model.cases import ItemFacts
from reviewer.model.errors import DamagedMedia
from reviewer.model.levels import Kind, Level
from reviewer.ui.scrub_bar import ScrubBar
from reviewer.ui.viewer import ViewerPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

PAPER = ItemFacts(kind=Kind.DOCUMENT, format="pdf", size=90_000, width=800, height=1100, pages=6)


def show(panel: ViewerPanel, jobs: HandJobs, facts: ItemFacts, harm: str = "violence") -> FakeOpenItem:
    item = FakeOpenItem(facts)
    panel.show_item(FakeTaken(entry(facts, harm=harm), item), policy(), "Reviewer 14")  # type: ignore[arg-type]
    jobs.settle()
    return item


def damaged(**_where: Any) -> Any:
    raise DamagedMedia


def told_by(panel: ViewerPanel) -> list[Level]:
    told: list[Level] = []
    panel.levelChanged.connect(told.append)
    return told


def test_drawn_scenes_below_a_damaged_still_are_told(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, VIDEO)
    panel.set_level(Level.DRAWING)
    panel.timeline.show_storyboard()
    jobs.settle()
    assert panel.current_level is Level.DRAWING
    told = told_by(panel)
    item.error = DamagedMedia()
    panel.video.choose(5)
    jobs.settle()
    assert panel.video.strip.isVisible()
    assert panel.video.scenes.level is Level.DRAWING
    assert panel.current_level is Level.DRAWING
    assert told == []
    panel.set_level(Level.FACTS)
    assert told == [Level.FACTS]


def test_blurred_scenes_are_told_where_no_still_can_be_made(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, VIDEO, "facts_first")
    told = told_by(panel)
    item.blurred = damaged  # type: ignore[method-assign]
    panel.set_level(Level.BLURRED)
    jobs.settle()
    panel.video.choose(3)
    jobs.settle()
    assert panel.video.strip.count == 20
    assert panel.current_level is Level.BLURRED
    assert told == [Level.BLURRED]
    panel.set_level(Level.FACTS)
    jobs.settle()
    assert panel.current_level is Level.FACTS


def test_small_pages_are_told_where_the_page_cannot_be_drawn(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, PAPER, "facts_first")
    told = told_by(panel)
    real = item.blurred

    def first_is_damaged(*, at_s: float = 0.0, page: int = 0, quick: bool = False) -> Any:
        return damaged() if page == 0 else real(at_s=at_s, page=page, quick=quick)

    item.blurred = first_is_damaged  # type: ignore[method-assign]
    panel.set_level(Level.BLURRED)
    jobs.settle()
    assert panel.pages.below.isVisible()
    assert panel.view.top_level is Level.FACTS
    assert panel.current_level is Level.BLURRED
    assert told == [Level.BLURRED]
    panel.set_level(Level.FACTS)
    assert panel.current_level is Level.FACTS


def test_the_preview_over_the_scrub_bar_is_told_while_it_is_there(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, VIDEO, "facts_first")
    real = item.blurred
    item.blurred = damaged  # type: ignore[method-assign]
    item.scenes = damaged  # type: ignore[method-assign]
    panel.set_level(Level.BLURRED)
    jobs.settle()
    assert panel.current_level is Level.FACTS, "nothing could be made"
    told = told_by(panel)
    item.blurred = real  # type: ignore[method-assign]
    bar = panel.video.transport.findChild(ScrubBar)
    assert bar is not None
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(20, 12))
    assert told == [], "not before it is painted"
    jobs.settle()
    assert panel.video.preview.frame is not None
    assert panel.current_level is Level.BLURRED
    panel.video.preview.dismiss()
    assert panel.current_level is Level.FACTS
    assert told == [Level.BLURRED, Level.FACTS]


def test_scenes_that_are_not_in_view_are_not_told(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, VIDEO)
    assert panel.current_level is Level.BLURRED
    show(panel, jobs, IMAGE, "facts_first")
    assert panel.current_level is Level.FACTS
    panel.clear()
    assert panel.current_level is Level.FACTS
