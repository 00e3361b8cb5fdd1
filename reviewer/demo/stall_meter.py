"""Measures how long the event loop leaves an input waiting, and where the window's thread was at the worst moment."""

from __future__ import annotations

import faulthandler
import os
import re
import threading
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType

from PySide6.QtCore import QObject, Qt, QTimer

_TICK_S = 0.005

# A stall longer than this is worth knowing the place of.
_LOOK_AFTER_S = 0.03
_PLACES = 6
_PLACE = re.compile(r'^  File "(.*)", line (\d+) in (.*)$', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Stalls:
    """Milliseconds an input would have waited. `p99_ms` is over all moments of the run, not over the ticks that came.

    `worst_where` is the innermost code of the longest stall that was looked at, "file:line function" outwards.
    """

    max_ms: float
    p99_ms: float
    over_50_ms: int
    seconds: float
    worst_where: tuple[str, ...] = ()


class StallMeter:
    """Start it on the Qt thread. A timer ticks in the event loop; a gap between ticks is a stall."""

    def __init__(self, parent: QObject | None = None) -> None:
        self._timer = QTimer(parent)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(round(_TICK_S * 1000))
        self._timer.timeout.connect(self._tick)
        self._gaps = array("d")
        self._last = 0.0
        self._started = 0.0
        self._thread_id = threading.get_ident()
        self._done = threading.Event()
        self._watcher: threading.Thread | None = None
        self._aside = False
        self._worst: tuple[float, tuple[str, ...]] = (0.0, ())

    def __enter__(self) -> StallMeter:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def start(self) -> None:
        self._thread_id = threading.get_ident()
        self._started = self._last = time.perf_counter()
        self._timer.start()
        self._watcher = threading.Thread(target=self._watch, name="stall-meter", daemon=True)
        self._watcher.start()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """What happens in the block is not the window's doing (a picture is taken of it) and is not counted."""
        self._tick()
        self._timer.stop()
        self._aside = True
        try:
            yield
        finally:
            self._last = time.perf_counter()
            self._aside = False
            self._timer.start()

    def stop(self) -> Stalls:
        """Stop measuring; the same figures again when called twice."""
        if self._watcher is not None:
            self._tick()
            self._timer.stop()
            self._done.set()
            self._watcher.join()
            self._watcher = None
        return self.figures()

    def figures(self) -> Stalls:
        waits = _waits(self._gaps)
        return Stalls(
            max_ms=max(waits, default=0.0) * 1000.0,
            p99_ms=waits[min(len(waits) - 1, int(len(waits) * 0.99))] * 1000.0 if waits else 0.0,
            over_50_ms=sum(1 for gap in self._gaps if gap - _TICK_S > 0.05),
            seconds=self._last - self._started,
            worst_where=self._worst[1],
        )

    def _tick(self) -> None:
        now = time.perf_counter()
        self._gaps.append(now - self._last)
        self._last = now

    def _watch(self) -> None:
        while not self._done.wait(_LOOK_AFTER_S / 3):
            waited = time.perf_counter() - self._last
            if not self._aside and waited > max(_LOOK_AFTER_S, self._worst[0]):
                self._worst = (waited, _where(self._thread_id))


def _waits(gaps: array[float]) -> list[float]:
    """Seconds that inputs arriving at each tick would have waited, sorted; ticks a gap swallowed are put back in."""
    waits: list[float] = []
    for gap in gaps:
        late = gap - _TICK_S
        waits.append(max(0.0, late))
        while late > _TICK_S:
            late -= _TICK_S
            waits.append(late)
    return sorted(waits)


def _where(thread_id: int) -> tuple[str, ...]:
    """The innermost code of that thread, "file:line function" outwards; empty where it cannot be told.

    By faulthandler, which looks without touching: a frame held here for a moment keeps that code's locals alive, and a
    QPainter that outlives its paint event crashes the window.
    """
    read_end, write_end = os.pipe()
    try:
        os.set_blocking(write_end, False)  # more than a pipe holds is cut off, not waited for
        faulthandler.dump_traceback(write_end)
        os.close(write_end)
        write_end = -1
        with os.fdopen(read_end, encoding="utf-8", errors="replace", closefd=False) as lines:
            dumped = lines.read()
    finally:
        os.close(read_end)
        if write_end >= 0:
            os.close(write_end)
    _, _, ours = dumped.partition(f"{thread_id:#018x}")
    ours, _, _ = ours.partition("\n\n")
    places = _PLACE.findall(ours)[:_PLACES]
    return tuple(f"{path.rsplit('/', 1)[-1]}:{line} {name}" for path, line, name in places)
