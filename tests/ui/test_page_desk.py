"""Turning pages: the row of thumbnails keeps the veil, loads what is in view, and is wiped when it goes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from viewer_fakes import FakeOpenItem, HandJobs

from reviewer.media.frames import Frame
from reviewer.model.cases import ItemFacts
from reviewer.model.errors import DamagedMedia
from reviewer.model.levels import Kind, Level
from reviewer.ui.frame_requests import FrameRequests
from reviewer.ui.page_desk import MOST_KEPT, PageDesk

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us

PDF = ItemFacts(kind=Kind.DOCUMENT, format="pdf", size=90_000, width=612, height=792, pages=500)
GIF = ItemFacts(kind=Kind.IMAGE, format="gif", size=90_000, width=64, height=64, pages=40, duration_s=4.0)


def wiped(frame: Frame) -> bool:
    return not any(frame.data)


@pytest.fixture
def jobs() -> HandJobs:
    return HandJobs()


@pytest.fixture
def desk(qtbot: QtBot, jobs: HandJobs) -> Iterator[PageDesk]:
    window = QWidget()
    qtbot.addWidget(window)
    owner = QObject(window)
    made = PageDesk(FrameRequests(jobs, owner), window)  # type: ignore[arg-type]
    window.resize(800, 200)
    made.below.resize(800, 110)
    made.below.show()
    window.show()
    yield made
    window.close()


def opened(desk: PageDesk, jobs: HandJobs, facts: ItemFacts = PDF) -> FakeOpenItem:
    item = FakeOpenItem(facts)
    desk.open(item, facts)
    desk.show_veiled()
    jobs.settle()
    return item


def says(desk: PageDesk) -> str:
    return " ".join(label.text() for label in desk.below.findChildren(QLabel))


def test_only_the_pages_in_view_are_asked_for_and_all_are_blurred(desk: PageDesk, jobs: HandJobs) -> None:
    item = opened(desk, jobs)
    assert set(item.pages) == set(desk.strip.visible_pages())
    assert 3 < len(item.pages) < 30
    assert set(item.asked) == {"blurred"}
    assert says(desk) == "Page 1 of 500"


def test_no_thumbnail_is_asked_for_at_facts(desk: PageDesk, jobs: HandJobs) -> None:
    item = FakeOpenItem(PDF)
    desk.open(item, PDF)
    desk.go_to(20)
    jobs.settle()
    assert item.asked == []


def test_turning_says_so_and_stops_at_the_ends(desk: PageDesk, jobs: HandJobs) -> None:
    item = opened(desk, jobs, GIF)
    moved: list[int] = []
    desk.moved.connect(lambda: moved.append(desk.page))
    desk.turn(1)
    desk.turn(-5)
    desk.turn(-1)
    desk.turn(100)
    assert moved == [1, 0, 39]
    assert says(desk) == "Frame 40 of 40"
    jobs.settle()
    assert 39 in item.pages


def test_going_far_loads_what_is_there_and_lets_go_of_what_is_far_away(desk: PageDesk, jobs: HandJobs) -> None:
    item = opened(desk, jobs)
    for page in range(0, 500, 9):
        desk.go_to(page)
        jobs.settle()
    kept = [frame for frame in item.made if not wiped(frame)]
    assert len(kept) <= MOST_KEPT
    assert len(item.made) > MOST_KEPT


@pytest.mark.parametrize("how", ["wipe", "close", "next"])
def test_every_way_out_wipes_the_thumbnails(desk: PageDesk, jobs: HandJobs, how: str) -> None:
    item = opened(desk, jobs)
    {"wipe": desk.wipe, "close": desk.close, "next": lambda: desk.open(FakeOpenItem(GIF), GIF)}[how]()
    assert item.made
    assert all(wiped(frame) for frame in item.made)


def test_a_thumbnail_that_comes_too_late_is_wiped(desk: PageDesk, jobs: HandJobs) -> None:
    item = FakeOpenItem(PDF)
    desk.open(item, PDF)
    desk.show_veiled()
    jobs.work()
    desk.wipe()
    jobs.settle()
    assert all(wiped(frame) for frame in item.made)
    assert len(item.made) == 1


def test_a_worker_that_shows_more_than_a_blur_is_not_believed(desk: PageDesk, jobs: HandJobs) -> None:
    item = FakeOpenItem(GIF, lie=Level.CLEAR)
    desk.open(item, GIF)
    desk.show_veiled()
    jobs.settle()
    assert item.made
    assert all(wiped(frame) for frame in item.made)


def test_pages_that_cannot_be_drawn_do_not_stop_the_others(desk: PageDesk, jobs: HandJobs) -> None:
    class Torn(FakeOpenItem):
        def blurred(self, *, at_s: float = 0.0, page: int = 0, quick: bool = False) -> Frame:
            if page == 2:
                raise DamagedMedia
            return super().blurred(page=page)

    item = Torn(PDF)
    desk.open(item, PDF)
    desk.show_veiled()
    jobs.settle()
    assert set(item.pages) == set(desk.strip.visible_pages()) - {2}
