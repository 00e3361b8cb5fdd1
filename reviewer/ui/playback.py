"""Plays veiled frames in time: each by its `time_s` against a monotonic clock, late ones dropped and wiped."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from reviewer.media.frames import Frame
from reviewer.model.errors import ReviewerError
from reviewer.ui.bridge import Jobs
from reviewer.ui.item_ports import Playback

LATE_S = 0.040  # a frame this far behind is not worth showing when another is to be had
CATCH_UP_S = 0.25  # longest a job skips frames before it shows one, so that a slow decoder still moves
GIVE_WAY_S = 0.5  # further behind than this, the clock waits for the decoder
AHEAD = 2  # the frame waiting for its moment, and one more


@dataclass(frozen=True, slots=True)
class MediaClock:
    """Where in the video it should be: `start_s` at monotonic `origin`, then `speed` seconds a second."""

    origin: float
    start_s: float
    speed: float

    def position(self, now: float) -> float:
        return self.start_s + (now - self.origin) * self.speed

    def wait(self, time_s: float, now: float) -> float:
        """Seconds until `time_s` is due; negative when it is late."""
        return (time_s - self.position(now)) / self.speed


@dataclass(slots=True)
class _Run:
    """One playback from start to stop, shared between the Qt thread and one job at a time."""

    open: Callable[[], Playback]
    clock: MediaClock | None = None
    stale: bool = False
    playback: Playback | None = None
    fetching: bool = False
    at_end: bool = False
    ready: deque[Frame] = field(default_factory=deque)
    on_the_way: Frame | None = None

    def close(self) -> None:
        playback, self.playback = self.playback, None
        if playback is not None:
            playback.close()


class Player(QObject):
    """`frameDue` hands over a Frame: the receiver wipes it. Everything else is wiped here."""

    frameDue = Signal(object)
    ended = Signal()
    failed = Signal(object)

    def __init__(
        self, jobs: Jobs, parent: QObject | None = None, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._monotonic = monotonic
        self._run: _Run | None = None
        self._speed = 1.0
        self.dropped = 0
        self._due = QTimer(self)
        self._due.setSingleShot(True)
        self._due.setTimerType(Qt.TimerType.PreciseTimer)
        self._due.timeout.connect(self._show_due)

    @property
    def running(self) -> bool:
        return self._run is not None

    @property
    def speed(self) -> float:
        return self._speed

    def start(self, open_playback: Callable[[], Playback], *, speed: float) -> None:
        """Stop what plays and begin anew; `open_playback` blocks and runs on a job."""
        self.stop()
        self._speed = speed
        self.dropped = 0
        self._run = _Run(open_playback)
        self._fetch(self._run)

    def set_speed(self, speed: float) -> None:
        self._speed = speed
        run = self._run
        if run is not None and run.clock is not None:
            now = self._monotonic()
            run.clock = MediaClock(now, run.clock.position(now), speed)
            self._schedule(run)

    def stop(self) -> None:
        """Wipe what was fetched ahead and close the playback; a frame still on its way is wiped where it arrives."""
        run, self._run = self._run, None
        self._due.stop()
        if run is None:
            return
        run.stale = True
        while run.ready:
            run.ready.popleft().wipe()
        if run.on_the_way is not None:
            run.on_the_way.wipe()
        if not run.fetching:
            self._close(run)

    def _close(self, run: _Run) -> None:
        self._jobs.run(run.close, owner=self)

    def _fetch(self, run: _Run) -> None:
        if run.fetching or run.at_end or run.stale or len(run.ready) >= AHEAD:
            return
        run.fetching = True
        self._jobs.run(
            lambda: _fetch_blocking(run, self._monotonic),
            then=lambda got: self._arrived(run, got),
            failed=lambda error: self._broke(run, error),
            owner=self,
        )

    def _arrived(self, run: _Run, got: tuple[Frame | None, int]) -> None:
        frame, dropped = got
        run.fetching = False
        run.on_the_way = None
        if run.stale:
            if frame is not None:
                frame.wipe()
            self._close(run)
            return
        self.dropped += dropped
        if frame is None:
            run.at_end = True
        else:
            self._keep_time(run, frame)
            run.ready.append(frame)
        self._schedule(run)
        self._fetch(run)

    def _keep_time(self, run: _Run, frame: Frame) -> None:
        now, time_s = self._monotonic(), frame.time_s or 0.0
        if run.clock is None or (not run.ready and run.clock.wait(time_s, now) < -GIVE_WAY_S):
            run.clock = MediaClock(now, time_s, self._speed)

    def _schedule(self, run: _Run) -> None:
        if run.ready and run.clock is not None:
            wait = run.clock.wait(run.ready[0].time_s or 0.0, self._monotonic())
            self._due.start(max(0, round(wait * 1000)))
        elif run.at_end:
            self.stop()
            self.ended.emit()

    def _show_due(self) -> None:
        run = self._run
        if run is None or not run.ready or run.clock is None:
            return
        frame = run.ready.popleft()
        now = self._monotonic()
        if run.ready and run.clock.wait(run.ready[0].time_s or 0.0, now) <= 0:
            frame.wipe()
            self.dropped += 1
            frame = run.ready.popleft()
        self.frameDue.emit(frame)
        if self._run is run:
            self._fetch(run)
            self._schedule(run)

    def _broke(self, run: _Run, error: ReviewerError) -> None:
        run.fetching = False
        was_stale = run.stale
        if self._run is run:
            self.stop()
        else:
            self._close(run)
        if not was_stale:
            self.failed.emit(error)


def _fetch_blocking(run: _Run, monotonic: Callable[[], float]) -> tuple[Frame | None, int]:
    """(the next frame worth showing or None at the end, how many were dropped). Runs on a job."""
    dropped = 0
    if run.stale:
        return None, dropped
    if run.playback is None:
        run.playback = run.open()
    began = monotonic()
    frame = run.playback.next(not_before_s=_worth_showing(run.clock, began))
    while frame is not None and not run.stale:
        clock, now = run.clock, monotonic()
        if clock is None or clock.wait(frame.time_s or 0.0, now) >= -LATE_S or now - began > CATCH_UP_S:
            break
        frame.wipe()
        dropped += 1
        frame = run.playback.next(not_before_s=_worth_showing(clock, now))
    # Noted before `stale` is read, while `stop` turns `stale` before it reads this: one always sees the other.
    run.on_the_way = frame
    if run.stale and frame is not None:
        frame.wipe()
    return frame, dropped


def _worth_showing(clock: MediaClock | None, now: float) -> float:
    """The earliest time in the video that is not late; 0.0 while the clock has not begun."""
    return 0.0 if clock is None else max(clock.position(now) - LATE_S / 2 * clock.speed, 0.0)
