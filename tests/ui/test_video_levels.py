"""A video that plays shows what the person rests at; CLEAR only for a time that was asked for, and never by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from viewer_fakes import VIDEO, FakeOpenItem, HandJobs, colour_frame, grey_frame, policy, taken

from reviewer.media.frames import Frame
from reviewer.model.levels import Level
from reviewer.ui.scrub_bar import ScrubBar
from reviewer.ui.viewer import ViewerPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


def show(panel: ViewerPanel, jobs: HandJobs, *, harm: str = "violence", clear_seconds: float = 10.0) -> FakeOpenItem:
    item = taken(VIDEO, harm=harm)
    panel.show_item(item, policy(clear_seconds=clear_seconds), "Reviewer 14")  # type: ignore[arg-type]
    jobs.settle()
    assert item.opened is not None
    return item.opened


def run_for(jobs: HandJobs, qtbot: QtBot, turns: int = 8) -> None:
    """Let a few frames come and be shown."""
    for _ in range(turns):
        jobs.settle(6)
        qtbot.wait(12)


def wiped(frame: Frame) -> bool:
    return not any(frame.data)


def plays(item: FakeOpenItem) -> list[str]:
    return [asked for asked in item.asked if asked.startswith("play")]


def test_it_plays_blurred_where_the_person_rests_blurred(panel: ViewerPanel, jobs: HandJobs, qtbot: QtBot) -> None:
    item = show(panel, jobs)
    panel.timeline.play_pause()
    run_for(jobs, qtbot)
    assert plays(item) == ["play"]
    assert panel.current_level is Level.BLURRED


def test_it_plays_as_a_drawing_where_the_person_rests_there(panel: ViewerPanel, jobs: HandJobs, qtbot: QtBot) -> None:
    item = show(panel, jobs)
    panel.set_level(Level.DRAWING)
    jobs.settle()
    panel.timeline.play_pause()
    run_for(jobs, qtbot)
    assert plays(item) == ["play DRAWING"]
    assert panel.current_level is Level.DRAWING


def test_changing_where_one_rests_while_it_plays_goes_on_from_there(
    panel: ViewerPanel, jobs: HandJobs, qtbot: QtBot
) -> None:
    item = show(panel, jobs)
    panel.timeline.play_pause()
    run_for(jobs, qtbot)
    panel.set_level(Level.DRAWING)
    run_for(jobs, qtbot)
    assert plays(item) == ["play", "play DRAWING"]
    assert panel.video.playing
    drawn = [frame for frame in item.playbacks[-1].made if not wiped(frame)]
    panel.set_level(Level.BLURRED)
    assert panel.current_level <= Level.BLURRED
    run_for(jobs, qtbot)
    assert all(wiped(frame) for frame in drawn)
    assert plays(item) == ["play", "play DRAWING", "play"]


def test_clear_while_it_plays_is_for_a_time_and_falls_back(panel: ViewerPanel, jobs: HandJobs, qtbot: QtBot) -> None:
    item = show(panel, jobs, clear_seconds=60.0)
    panel.timeline.play_pause()
    run_for(jobs, qtbot)
    panel.set_level(Level.CLEAR)
    assert panel.current_level is Level.BLURRED, "what is shown counts"
    run_for(jobs, qtbot)
    assert panel.current_level is Level.CLEAR
    assert plays(item) == ["play", "play CLEAR"]
    assert "clear" not in item.asked, "no still besides"
    assert item.playbacks[-1].grey, "the grey switch counts here too"
    clear = item.playbacks[-1]
    panel.levels.clock._ends = 0.0  # the minute is over
    qtbot.waitUntil(lambda: panel.current_level is Level.BLURRED)
    run_for(jobs, qtbot)
    assert all(wiped(frame) for frame in clear.made)
    assert panel.video.playing, "and plays on, veiled"
    assert plays(item) == ["play", "play CLEAR", "play"]


def test_a_held_clear_ends_when_it_is_let_go(
    panel: ViewerPanel, jobs: HandJobs, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = show(panel, jobs)
    panel.timeline.play_pause()
    run_for(jobs, qtbot)
    monkeypatch.setattr("reviewer.ui.level_desk.TAP_S", 0.0)
    panel.clear_hold(True)
    run_for(jobs, qtbot)
    assert panel.current_level is Level.CLEAR
    panel.clear_hold(False)
    assert panel.current_level is Level.BLURRED
    assert all(wiped(frame) for frame in item.playbacks[1].made)


def test_grey_goes_on_and_off_while_it_plays_clear(panel: ViewerPanel, jobs: HandJobs, qtbot: QtBot) -> None:
    item = show(panel, jobs)
    panel.timeline.play_pause()
    panel.set_level(Level.CLEAR)
    run_for(jobs, qtbot)
    panel.toggle_grey()
    run_for(jobs, qtbot)
    coloured = item.playbacks[-1]
    assert not coloured.grey
    assert panel.current_level is Level.CLEAR
    panel.toggle_grey()
    assert all(wiped(frame) for frame in coloured.made), "colour is gone before the grey one is asked for"
    run_for(jobs, qtbot)
    assert item.playbacks[-1].grey


@pytest.mark.parametrize("how", ["hide", "reveil", "clear", "facts", "pause"])
def test_every_way_out_wipes_what_played_clear(panel: ViewerPanel, jobs: HandJobs, qtbot: QtBot, how: str) -> None:
    item = show(panel, jobs)
    panel.timeline.play_pause()
    run_for(jobs, qtbot)
    panel.set_level(Level.CLEAR)
    run_for(jobs, qtbot)
    assert panel.current_level is Level.CLEAR
    {
        "hide": panel.hide,
        "reveil": panel.reveil,
        "clear": panel.clear,
        "facts": lambda: panel.set_level(Level.FACTS),
        "pause": panel.timeline.play_pause,
    }[how]()
    assert panel.view.top_level <= Level.BLURRED
    assert panel.current_level <= Level.BLURRED
    jobs.settle(6)
    assert all(wiped(frame) for playback in item.playbacks for frame in playback.made if frame.level > Level.BLURRED)


@pytest.mark.parametrize(
    "frame", [grey_frame(Level.CLEAR), grey_frame(Level.DRAWING), colour_frame(Level.BLURRED, width=32, height=18)]
)
def test_a_playback_that_shows_more_than_was_asked_is_not_believed(
    panel: ViewerPanel, jobs: HandJobs, frame: Frame
) -> None:
    show(panel, jobs)
    panel.levels.take_played(frame)
    assert wiped(frame)
    assert panel.current_level <= Level.BLURRED


def test_the_policy_closes_clear_while_it_plays_as_well(panel: ViewerPanel, jobs: HandJobs, qtbot: QtBot) -> None:
    item = show(panel, jobs, harm="careful")
    panel.timeline.play_pause()
    jobs.settle()
    panel.timeline.play_pause()
    run_for(jobs, qtbot)
    panel.set_level(Level.CLEAR)
    panel.clear_hold(True)
    run_for(jobs, qtbot)
    assert plays(item) == ["play"]


def test_the_scenes_can_be_jumped_between(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs)
    panel.video.seek(20.0)
    panel.timeline.jump_scene(1)
    jobs.settle()
    assert panel.video.at_s == pytest.approx(24.15)
    panel.timeline.jump_scene(-1)
    assert panel.video.at_s == pytest.approx(16.1)
    panel.video.seek(18.0)
    panel.timeline.jump_scene(-1)
    assert panel.video.at_s == pytest.approx(16.1), "first to where the present scene began"


# scrubbing


def scrub_of(panel: ViewerPanel) -> ScrubBar:
    return panel.video.transport.findChild(ScrubBar)  # type: ignore[return-value]


def test_scrubbing_shows_veiled_previews_one_request_at_a_time(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs)
    bar, preview = scrub_of(panel), panel.video.preview
    before = len(item.asked)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(5, 12))
    for x in range(10, 60, 2):
        QTest.mouseMove(bar, QPoint(x, 12))
    assert jobs.most_waiting <= 2
    jobs.settle()
    assert item.asked[before:] == ["quick", "quick"], "the first place and the last one, none between"
    assert preview.isVisible()
    shown = preview.frame
    assert shown is not None
    assert shown.level is Level.BLURRED
    assert panel.current_level is Level.BLURRED
    panel.video.preview.dismiss()
    assert wiped(shown)
    assert wiped(item.made[-1])


def test_a_preview_on_its_way_is_wiped_when_everything_is(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs)
    bar = scrub_of(panel)
    QTest.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(40, 12))
    jobs.work()
    panel.set_level(Level.FACTS)
    jobs.settle()
    assert wiped(item.made[-1])
    assert not panel.video.preview.isVisible()
    assert panel.current_level is Level.FACTS


def test_a_key_held_on_the_scrub_bar_previews_and_seeks_once(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs)
    panel.video.seek(10.0)
    jobs.settle()
    bar = scrub_of(panel)
    bar.setFocus()
    before = len(item.asked)
    for _ in range(4):
        QTest.keyPress(bar, Qt.Key.Key_Right)
    jobs.settle()
    assert set(item.asked[before:]) == {"quick"}
    assert panel.video.at_s == 10.0
    QTest.keyRelease(bar, Qt.Key.Key_Right)
    jobs.settle()
    assert panel.video.at_s == 30.0
    assert item.asked[-1] == "blurred"
    assert not panel.video.preview.isVisible()


def test_the_storyboard_is_drawn_where_the_person_rests_there_and_veils_with_them(
    panel: ViewerPanel, jobs: HandJobs
) -> None:
    item = show(panel, jobs)
    panel.set_level(Level.DRAWING)
    jobs.settle()
    assert "storyboard DRAWING" not in item.asked, "not before it is asked for"
    panel.timeline.show_storyboard()
    jobs.settle()
    assert item.asked[-1] == "storyboard DRAWING"
    assert panel.current_level is Level.DRAWING
    cells = [frame for frame in item.made if frame.level is Level.DRAWING and frame.width == 80]
    assert len(cells) == 20
    panel.set_level(Level.BLURRED)
    assert all(wiped(frame) for frame in cells)
    assert panel.current_level <= Level.BLURRED
    jobs.settle()
    assert item.asked[-1] == "storyboard"


def test_a_preview_that_shows_more_than_was_asked_is_not_believed(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs)
    item.lie = Level.CLEAR
    QTest.mousePress(scrub_of(panel), Qt.MouseButton.LeftButton, pos=QPoint(40, 12))
    jobs.settle()
    assert item.asked[-1] == "quick"
    assert wiped(item.made[-1])
    assert panel.video.preview.frame is None
