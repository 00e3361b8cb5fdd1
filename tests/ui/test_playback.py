"""Playback keeps time, drops and wipes what is late, and leaves nothing behind."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from viewer_fakes import FakePlayback, HandJobs, grey_frame

from reviewer.media.frames import Frame
from reviewer.model.errors import WorkerDied
from reviewer.ui.bridge import Jobs
from reviewer.ui.playback import CATCH_UP_S, MediaClock, Player, _fetch_blocking, _Run


class HandClock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def spend(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def real_jobs(qtbot: QtBot) -> Iterator[Jobs]:
    made = Jobs()
    yield made
    made.close()


def wiped(frame: Frame) -> bool:
    return not any(frame.data)


def test_the_clock_knows_position_and_waiting_at_any_speed() -> None:
    clock = MediaClock(origin=10.0, start_s=60.0, speed=0.5)
    assert clock.position(14.0) == pytest.approx(62.0)
    assert clock.wait(63.0, 14.0) == pytest.approx(2.0)
    assert clock.wait(61.0, 14.0) == pytest.approx(-2.0)


def test_late_frames_are_dropped_and_wiped_on_the_job() -> None:
    clock = HandClock()
    playback = FakePlayback(0.0, 60.0, 25.0, lambda: clock.spend(0.001))
    playback.skips = False
    run = _Run(lambda: playback, clock=MediaClock(clock.now - 1.0, 0.0, 1.0))
    frame, dropped = _fetch_blocking(run, clock)
    assert frame is not None
    assert dropped > 20
    assert frame.time_s == pytest.approx(1.0, abs=0.08)
    assert all(wiped(late) for late in playback.made[:-1])
    assert not wiped(frame)


def test_late_frames_are_skipped_where_they_are_decoded() -> None:
    clock = HandClock()
    playback = FakePlayback(0.0, 60.0, 25.0, lambda: clock.spend(0.001))
    run = _Run(lambda: playback, clock=MediaClock(clock.now - 1.0, 0.0, 1.0))
    frame, dropped = _fetch_blocking(run, clock)
    assert frame is not None
    assert frame.time_s == pytest.approx(1.0, abs=0.06)
    assert dropped == 0
    assert len(playback.made) == 1


def test_a_decoder_that_cannot_keep_up_still_shows_something() -> None:
    clock = HandClock()
    playback = FakePlayback(0.0, 60.0, 25.0, lambda: clock.spend(0.1))
    playback.skips = False
    run = _Run(lambda: playback, clock=MediaClock(clock.now - 5.0, 0.0, 1.0))
    began = clock.now
    frame, _dropped = _fetch_blocking(run, clock)
    assert frame is not None
    assert clock.now - began < CATCH_UP_S + 0.2


def test_playback_keeps_time_and_drops_after_a_stall(real_jobs: Jobs, qtbot: QtBot) -> None:
    player = Player(real_jobs)
    playback = FakePlayback(0.0, 60.0, 25.0, lambda: None)
    shown: list[tuple[float, float]] = []

    def take(frame: Frame) -> None:
        shown.append((time.monotonic(), frame.time_s or 0.0))
        frame.wipe()

    player.frameDue.connect(take)
    player.start(lambda: playback, speed=1.0)
    qtbot.waitUntil(lambda: len(shown) >= 4)
    time.sleep(0.4)  # the Qt thread stalls
    stalled_at = len(shown)
    qtbot.waitUntil(lambda: len(shown) >= stalled_at + 5)
    player.stop()
    (first_wall, first_time), (last_wall, last_time) = shown[0], shown[-1]
    assert last_time - first_time == pytest.approx(last_wall - first_wall, abs=0.15)
    assert player.dropped + playback.skipped >= 4
    qtbot.waitUntil(lambda: playback.closed)
    assert all(wiped(frame) for frame in playback.made)


def test_half_speed_takes_twice_as_long(real_jobs: Jobs, qtbot: QtBot) -> None:
    player = Player(real_jobs)
    shown: list[float] = []
    player.frameDue.connect(lambda frame: (shown.append(time.monotonic()), frame.wipe()))
    player.start(lambda: FakePlayback(0.0, 60.0, 25.0, lambda: None), speed=0.5)
    qtbot.waitUntil(lambda: len(shown) >= 6)
    player.stop()
    assert shown[5] - shown[0] > 5 * 0.04 * 1.6


def test_stopping_wipes_what_was_fetched_ahead_and_what_is_on_its_way() -> None:
    jobs, clock = HandJobs(), HandClock()
    player = Player(jobs, monotonic=clock)  # type: ignore[arg-type]
    playback = FakePlayback(0.0, 60.0, 25.0, lambda: None)
    player.start(lambda: playback, speed=1.0)
    jobs.work()
    jobs.deliver()
    assert len(jobs.waiting) == 1, "one frame ahead is being fetched"
    jobs.work()
    player.stop()
    assert len(playback.made) == 2
    assert all(wiped(frame) for frame in playback.made), "before the event loop turns"
    jobs.deliver()
    jobs.settle()
    assert playback.closed


def test_it_ends_by_itself_and_says_so(real_jobs: Jobs, qtbot: QtBot) -> None:
    player = Player(real_jobs)
    playback = FakePlayback(0.0, 0.2, 25.0, lambda: None)
    player.frameDue.connect(lambda frame: frame.wipe())
    with qtbot.waitSignal(player.ended):
        player.start(lambda: playback, speed=2.0)
    assert not player.running
    qtbot.waitUntil(lambda: playback.closed)


def test_a_worker_that_dies_is_reported_once() -> None:
    jobs = HandJobs()
    player = Player(jobs)  # type: ignore[arg-type]
    errors: list[object] = []
    player.failed.connect(errors.append)

    def die() -> FakePlayback:
        raise WorkerDied

    player.start(die, speed=1.0)
    jobs.settle()
    assert len(errors) == 1
    assert not player.running


def test_never_more_than_one_job_at_a_time() -> None:
    jobs = HandJobs()
    player = Player(jobs)  # type: ignore[arg-type]
    player.start(lambda: FakePlayback(0.0, 60.0, 25.0, lambda: None), speed=1.0)
    for _ in range(5):
        if jobs.waiting:
            jobs.work()
            jobs.deliver()
    assert jobs.most_waiting == 1
    player.stop()
    jobs.settle()


def test_a_wipe_shows() -> None:
    frame = grey_frame()
    assert not wiped(frame)
    frame.wipe()
    assert wiped(frame)
