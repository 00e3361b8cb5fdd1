"""A sealed worker that dies takes its item's pixels with it and nothing else."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable

import pytest
from evidence import film, picture
from floor import Floor
from shift import Key, Shift, three_parts

from reviewer.model.custody import CustodyAction
from reviewer.model.errors import WorkerDied
from reviewer.model.levels import Level

pytestmark = pytest.mark.usefixtures("workers_ahead")

Begin = Callable[..., Shift]


def kill_worker(shift: Shift) -> None:
    os.kill(shift.opened.worker_pid, signal.SIGKILL)
    time.sleep(0.05)


def reasons(shift: Shift) -> list[tuple[str | None, str]]:
    return [(entry.exhibit, entry.reason) for entry in shift.custody(CustodyAction.COULD_NOT_OPEN)]


def test_killed_while_a_picture_is_shown(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(picture())
    shift = begin()
    shift.take(item)
    shift.wait_level(Level.BLURRED)
    kill_worker(shift)
    shift.driver.key(Key.Key_5)
    shift.wait_notice(three_parts(WorkerDied))
    assert shift.bench.viewer.current_level is Level.BLURRED
    shift.driver.key(Key.Key_3)
    shift.driver.settle(0.2)
    assert reasons(shift) == [(item.exhibit, WorkerDied.code)]
    shift.answer("what could be seen until then")
    shift.decide()
    shift.wait_delivered(item)


def test_the_item_opens_again_after_its_worker_died(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(picture())
    shift = begin()
    shift.take(item)
    shift.wait_level(Level.BLURRED)
    shift.driver.key(Key.Key_W)
    shift.driver.write("half a sentence")
    dead = shift.opened.worker_pid
    kill_worker(shift)
    shift.hide_and_come_back(item)
    shift.wait_level(Level.BLURRED)
    assert shift.opened.worker_pid != dead
    assert shift.bench.decision.draft is not None
    assert shift.bench.decision.draft.rationale == "half a sentence"
    shift.level(Key.Key_5, Level.CLEAR)
    shift.wait_level(Level.BLURRED)


def test_killed_while_a_video_plays(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(film(), "mp4")
    shift = begin()
    shift.take(item)
    shift.wait_level(Level.BLURRED)
    video = shift.bench.viewer.video
    shift.driver.key(Key.Key_Space)
    shift.driver.wait_until(lambda: video.playing and video.position, "the video to play")
    kill_worker(shift)
    shift.wait_notice(three_parts(WorkerDied))
    assert not video.playing
    assert reasons(shift) == [(item.exhibit, WorkerDied.code)]
    shift.hide_and_come_back(item)
    shift.wait_level(Level.BLURRED)
    shift.driver.key(Key.Key_Space)
    shift.driver.wait_until(lambda: video.playing and video.position, "the video to play again")
    shift.answer()
    shift.decide()


def test_killed_between_two_items(quiet_floor: Floor, begin: Begin) -> None:
    """The worker that was prepared for the next item dies unseen: the item opens all the same, in another one."""
    case = quiet_floor.open_case()
    first, second = quiet_floor.take_in(picture(), case=case), quiet_floor.take_in(picture(5), case=case)
    shift = begin()
    shift.wait_for_queue(2)
    shift.take(first)
    opener = shift.session._items
    prepared = shift.driver.wait_for(lambda: opener._prepared, "the next item to be prepared")
    assert prepared.opened is not None
    os.kill(prepared.opened.worker_pid, signal.SIGKILL)
    shift.answer()
    shift.decide()
    shift.wait_open(second)
    shift.wait_level(Level.BLURRED)
    shift.driver.key(Key.Key_5)
    shift.driver.wait_until(
        lambda: shift.bench.viewer.current_level is Level.CLEAR or shift.notice(), "the picture or the reason"
    )
    shift.answer()
    shift.decide()
