"""The viewer's promises: nothing clear before it is asked for, everything wiped when it goes."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QEvent
from pytestqt.qtbot import QtBot
from viewer_fakes import IMAGE, NOTE, VIDEO, FakeOpenItem, FakeTaken, HandJobs, grey_frame, policy, taken

from reviewer.media.frames import Frame
from reviewer.model.cases import ItemFacts
from reviewer.model.errors import DamagedMedia
from reviewer.model.levels import Kind, Level
from reviewer.ui.notes_card import NotesCard
from reviewer.ui.viewer import ViewerPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


def opened(item: FakeTaken) -> FakeOpenItem:
    assert item.opened is not None
    return item.opened


def wiped(frame: Frame) -> bool:
    return not any(frame.data)


def show(panel: ViewerPanel, jobs: HandJobs, item: FakeTaken, **how: object) -> FakeOpenItem:
    panel.show_item(item, policy(**how), "Reviewer 14")  # type: ignore[arg-type]
    jobs.settle()
    return opened(item)


def test_opens_blurred_and_asks_for_nothing_else(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken())
    assert panel.current_level is Level.BLURRED
    assert item.asked == ["blurred"]


def test_a_harm_type_that_starts_at_facts_asks_for_no_pixel(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken(harm="facts_first"))
    assert panel.current_level is Level.FACTS
    assert item.asked == []


def test_a_first_frame_is_used_or_wiped(panel: ViewerPanel, jobs: HandJobs) -> None:
    first = grey_frame()
    item = show(panel, jobs, taken(first=first))
    assert item.asked == []
    assert panel.current_level is Level.BLURRED
    unwanted = grey_frame()
    show(panel, jobs, taken(harm="facts_first", first=unwanted))
    assert wiped(unwanted)
    assert wiped(first)


def test_clear_veils_itself_and_the_buffer_is_zeroed(panel: ViewerPanel, jobs: HandJobs, qtbot: QtBot) -> None:
    item = show(panel, jobs, taken(), clear_seconds=0.4)
    panel.set_level(Level.CLEAR)
    assert panel.current_level is Level.BLURRED, "what is shown counts, not what was asked for"
    jobs.settle()
    clear = item.made[-1]
    assert panel.current_level is Level.CLEAR
    assert not wiped(clear)
    qtbot.waitUntil(lambda: panel.current_level is Level.BLURRED)
    assert wiped(clear)


def test_levels_shown_are_announced_in_order(panel: ViewerPanel, jobs: HandJobs) -> None:
    seen: list[Level] = []
    panel.levelChanged.connect(seen.append)
    show(panel, jobs, taken())
    panel.set_level(Level.CLEAR)
    jobs.settle()
    panel.reveil()
    panel.set_level(Level.FACTS)
    assert seen == [Level.FACTS, Level.BLURRED, Level.CLEAR, Level.BLURRED, Level.FACTS]


@pytest.mark.parametrize("how", ["hide", "focus", "reveil", "clear", "facts", "next"])
def test_every_way_out_wipes_what_was_clear(panel: ViewerPanel, jobs: HandJobs, how: str) -> None:
    item = show(panel, jobs, taken())
    panel.set_level(Level.CLEAR)
    jobs.settle()
    clear = item.made[-1]
    assert panel.current_level is Level.CLEAR
    {
        "hide": panel.hide,
        "focus": lambda: _lose_focus(panel),
        "reveil": panel.reveil,
        "clear": panel.clear,
        "facts": lambda: panel.set_level(Level.FACTS),
        "next": lambda: panel.show_item(taken(), policy(), "Reviewer 14"),
    }[how]()
    assert wiped(clear)
    assert panel.current_level <= Level.BLURRED
    assert panel.view.top_level <= Level.BLURRED


def _lose_focus(panel: ViewerPanel) -> None:
    panel.isActiveWindow = lambda: False  # type: ignore[method-assign]
    panel.changeEvent(QEvent(QEvent.Type.ActivationChange))


@pytest.mark.parametrize("before", ["work", "deliver"])
def test_a_late_clear_frame_is_wiped_and_not_shown(panel: ViewerPanel, jobs: HandJobs, before: str) -> None:
    item = show(panel, jobs, taken())
    panel.set_level(Level.CLEAR)
    if before == "deliver":
        jobs.work()
    panel.reveil()
    jobs.settle()
    jobs.deliver()
    assert all(wiped(frame) for frame in item.made if frame.level is Level.CLEAR)
    assert panel.current_level is Level.BLURRED


def test_a_frame_of_the_item_before_never_appears(panel: ViewerPanel, jobs: HandJobs) -> None:
    before = taken()
    panel.show_item(before, policy(), "Reviewer 14")
    jobs.work()
    after = show(panel, jobs, taken(harm="facts_first"))
    assert wiped(opened(before).made[0])
    assert after.asked == []
    assert panel.current_level is Level.FACTS


def test_the_policy_s_highest_level_is_enforced_and_said(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken(harm="careful"))
    panel.set_level(Level.CLEAR)
    panel.clear_hold(True)
    panel.lens_hold(True)
    jobs.settle()
    assert item.asked == []
    step = panel.ladder.step(Level.CLEAR)
    assert not step.isEnabled()
    assert "Sexual harm, minor" in step.toolTip()
    panel.set_level(Level.DRAWING)
    jobs.settle()
    assert item.asked == ["drawing"]
    assert panel.current_level is Level.DRAWING


def test_a_worker_that_answers_with_more_than_asked_is_not_believed(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = taken()
    opened(item).lie = Level.CLEAR
    panel.show_item(item, policy(), "Reviewer 14")
    jobs.settle()
    assert panel.current_level is Level.FACTS
    assert wiped(opened(item).made[0])


def test_the_lens_has_one_request_in_flight_and_the_latest_place_wins(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken())
    panel.lens_hold(True)
    for step in range(1, 30):
        panel.view.pointerMoved.emit(step / 40, 0.5)
    assert len(jobs.waiting) == 1
    jobs.settle()
    assert len(item.regions) == 2, "the one in flight and the latest"
    last = item.regions[-1]
    assert last.x + last.width / 2 == pytest.approx(29 / 40)
    assert panel.current_level is Level.LENS
    lens = item.made[-1]
    panel.lens_hold(False)
    assert wiped(lens)
    assert panel.current_level is Level.BLURRED
    assert "clear" not in item.asked


def test_from_facts_the_lens_lies_over_a_blurred_frame_and_both_go(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken(harm="facts_first"))
    panel.lens_hold(True)
    jobs.settle()
    assert sorted(item.asked) == ["blurred", "lens"]
    assert panel.current_level is Level.LENS
    panel.lens_hold(False)
    assert panel.current_level is Level.FACTS
    assert all(wiped(frame) for frame in item.made)


def test_a_tap_looks_for_a_time_and_a_second_tap_ends_it(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, taken())
    panel.clear_hold(True)
    jobs.settle()
    panel.clear_hold(False)
    assert panel.current_level is Level.CLEAR
    panel.clear_hold(True)
    panel.clear_hold(False)
    assert panel.current_level is Level.BLURRED


def test_a_held_look_ends_when_it_is_let_go(
    panel: ViewerPanel, jobs: HandJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(panel, jobs, taken())
    monkeypatch.setattr("reviewer.ui.level_desk.TAP_S", 0.0)
    panel.clear_hold(True)
    jobs.settle()
    assert panel.current_level is Level.CLEAR
    panel.clear_hold(False)
    assert panel.current_level is Level.BLURRED


def test_grey_survives_and_turning_it_on_wipes_colour_at_once(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken())
    panel.set_level(Level.CLEAR)
    jobs.settle()
    panel.toggle_grey()
    jobs.settle()
    assert item.greys == [True, False]
    colour = item.made[-1]
    panel.toggle_grey()
    assert wiped(colour)
    jobs.settle()
    assert item.greys == [True, False, True]
    panel.reveil()
    panel.lens_hold(True)
    jobs.settle()
    assert item.greys[-1] is True


def test_a_failure_is_said_and_the_item_stays(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = taken()
    opened(item).error = DamagedMedia()
    panel.show_item(item, policy(), "Reviewer 14")
    jobs.settle()
    assert DamagedMedia.happened in panel.notice.words
    assert panel.current_level is Level.FACTS


def test_an_item_that_could_not_be_opened_is_facts_with_the_three_sentences(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = taken()
    item.opened = None
    item.trouble = ("It did not open.", "It is kept.", "Decide or pass on.")
    panel.show_item(item, policy(), "Reviewer 14")
    panel.set_level(Level.CLEAR)
    jobs.settle()
    assert panel.current_level is Level.FACTS
    for words in item.trouble:
        assert words in panel.notice.words


def test_a_kind_that_cannot_be_shown_says_so_and_asks_for_nothing(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken(ItemFacts(kind=Kind.CHAT, size=900), viewable=False))
    panel.set_level(Level.BLURRED)
    jobs.settle()
    assert item.asked == []
    assert panel.current_level is Level.FACTS
    assert "cannot show this kind" in panel.ladder.step(Level.BLURRED).toolTip()


def test_notes_are_there_when_somebody_has_seen_it(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, taken(notes=(NOTE,)))
    assert not panel.notes.isVisible()  # at FACTS they stand among the facts
    assert panel.facts.findChild(NotesCard).isVisible()
    panel.set_level(Level.BLURRED)
    jobs.settle()
    assert panel.notes.isVisible()
    show(panel, jobs, taken())
    assert not panel.notes.isVisible()


def test_a_video_opens_as_a_storyboard_and_does_not_play(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken(VIDEO))
    assert panel.video.grid.isVisible()
    assert panel.video.grid.count == 20
    assert "play" not in item.asked
    assert panel.current_level is Level.BLURRED
    panel.clear()
    assert all(wiped(frame) for frame in item.made)


def test_the_storyboard_fills_as_scenes_are_found_and_stays_in_order(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = taken(VIDEO)
    panel.show_item(item, policy(), "Reviewer 14")
    for _ in range(5):
        jobs.work()
        jobs.deliver()
    grid = panel.video.grid
    assert grid.isVisible()
    assert 2 <= grid.count < 20
    before = [rect for _index, rect in grid.cell_rects()][:2]
    jobs.settle()
    assert grid.count == 20
    times = [grid.time_of(index) for index in range(20)]
    assert times == sorted(times)
    assert [rect for _index, rect in grid.cell_rects()][:2] == before, "cells keep their size"


def test_playing_before_the_storyboard_is_whole_says_nothing_and_the_rest_is_found_later(
    panel: ViewerPanel, jobs: HandJobs
) -> None:
    item = taken(VIDEO)
    panel.show_item(item, policy(), "Reviewer 14")
    for _ in range(4):
        jobs.work()
        jobs.deliver()
    panel.timeline.play_pause()
    jobs.settle(10)
    assert panel.video.playing
    assert not panel.notice.isVisible()
    panel.timeline.show_storyboard()
    jobs.settle()
    assert not panel.video.playing
    assert panel.video.grid.count == 20
    panel.clear()
    jobs.settle()
    assert all(wiped(frame) for frame in opened(item).made)


def test_space_plays_blurred_and_pausing_closes_the_playback(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken(VIDEO))
    panel.timeline.play_pause()
    jobs.settle(3)
    assert panel.video.playing
    assert panel.view.isVisible()
    assert panel.current_level is Level.BLURRED
    panel.reveil()
    jobs.settle()
    assert item.playbacks[0].closed
    shown = [frame for frame in item.playbacks[0].made if not wiped(frame)]
    assert len(shown) <= 1, "only the frame in the view may be left"


def test_space_at_facts_opens_the_storyboard_first(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken(VIDEO, harm="facts_first"))
    panel.timeline.play_pause()
    jobs.settle()
    assert not panel.video.playing
    assert "play" not in item.asked
    assert panel.video.grid.isVisible()


def test_clear_of_a_video_is_of_the_moment_chosen(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken(VIDEO))
    panel.video.choose(4)
    jobs.settle()
    panel.set_level(Level.CLEAR)
    jobs.settle()
    assert item.moments[-1] == pytest.approx(4 * 161 / 20)
    clear = item.made[-1]
    panel.timeline.skip(5.0)
    assert wiped(clear), "another moment is behind the veil again"
    jobs.settle()
    assert panel.current_level is Level.BLURRED


def test_facts_have_no_pixels_left(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, taken(VIDEO))
    panel.video.choose(2)
    jobs.settle()
    panel.set_level(Level.FACTS)
    assert all(wiped(frame) for frame in item.made)
    assert panel.facts.isVisible()


def test_the_grey_switch_and_the_ladder_say_their_state(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, taken(IMAGE))
    assert panel.grey_button.text() == "Grey on"
    panel.toggle_grey()
    assert panel.grey_button.text() == "Grey off"
    assert panel.ladder.step(Level.BLURRED).isChecked()
    assert panel.ladder.step(Level.LENS).accessibleName() == "Lens, key hold 4"


def test_a_grey_that_was_chosen_outlives_a_change_of_preferences(panel: ViewerPanel, jobs: HandJobs) -> None:
    rules = policy()
    colour = msgspec.structs.replace(rules, viewing=msgspec.structs.replace(rules.viewing, grey=False))
    panel.show_item(taken(), colour, "Reviewer 14")
    jobs.settle()
    panel.toggle_grey()
    panel.follow(msgspec.structs.replace(colour, viewing=msgspec.structs.replace(colour.viewing, sound_ceiling=0.1)))
    assert panel.levels.grey


def test_the_same_rules_again_change_nothing_of_what_is_looked_at(panel: ViewerPanel, jobs: HandJobs) -> None:
    rules = policy()
    panel.show_item(taken(), rules, "Reviewer 14")
    jobs.settle()
    panel.set_level(Level.CLEAR)
    jobs.settle()
    assert panel.current_level is Level.CLEAR
    panel.follow(msgspec.structs.replace(rules))
    assert panel.current_level is Level.CLEAR


def test_a_wish_to_begin_with_facts_veils_what_is_on_the_desk(panel: ViewerPanel, jobs: HandJobs) -> None:
    rules = policy()
    panel.show_item(taken(), rules, "Reviewer 14")
    jobs.settle()
    assert panel.current_level is Level.BLURRED
    bare = [msgspec.structs.replace(harm, start="facts") for harm in rules.harm_types]
    viewing = msgspec.structs.replace(rules.viewing, grey=True)
    panel.follow(msgspec.structs.replace(rules, harm_types=tuple(bare), viewing=viewing))
    assert panel.current_level is Level.FACTS
    assert panel.levels.grey
    # Asked for, it is shown; veiled, it is facts again.
    panel.set_level(Level.BLURRED)
    jobs.settle()
    assert panel.current_level is Level.BLURRED
    panel.follow(rules)
    panel.set_level(Level.BLURRED)
    jobs.settle()
    panel.reveil()
    assert panel.current_level is Level.BLURRED
