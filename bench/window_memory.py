"""`python -m bench.window_memory`: memory of a window's process, and of its worker, while it plays and seeks a film.

A process of its own, because a bench that encodes and decodes films itself has their memory too: here is what the
product's window process has, with all of the window's code loaded, and no decoder. The film is the one whose bytes come
on the standard input, blown up to gigabytes (`bench.large_film`). Prints the figures as one line of JSON.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

STRIDE = 3_000_000
"""Bytes that every picture of the film takes: 56 s of 25 a second are 4.2 GB."""

_PLAYED_S = 6.0
_PLACES = 16
_LOOKED_AT_S = 0.6
_EVERY_MS = 20
_LONGEST_S = 150


@dataclass(frozen=True, slots=True)
class Memory:
    """Resident megabytes of one process, what it shares with others counted in full.

    `before`: as the film was to be opened (of a worker: as it had been opened). `early`: the middle of the first second
    of playing. `most`: the highest that was seen.
    """

    before: float
    early: float
    most: float

    @property
    def growth(self) -> float:
        return self.most - self.before

    @property
    def flatness(self) -> float:
        """1.0: never more than in the first second of playing."""
        return self.most / self.early


@dataclass
class Watched:
    """Samples of one process, taken every so often."""

    pid: int
    samples: list[float] = field(default_factory=list)

    def look(self) -> None:
        self.samples.append(resident(self.pid))

    def memory(self, before: float, first_second: int) -> Memory:
        """`first_second`: how many of the samples fell into it, at least one."""
        return Memory(before, statistics.median(self.samples[:first_second]), max(before, *self.samples))


def in_a_process_of_its_own(small: bytes) -> tuple[Memory, Memory]:
    """The window's process, and the worker's, with that film made large. Takes about half a minute."""
    command = [sys.executable, "-m", "bench.window_memory"]
    done = subprocess.run(command, input=small, stdout=subprocess.PIPE, check=True, timeout=_LONGEST_S)
    window, worker = json.loads(done.stdout)
    return Memory(**window), Memory(**worker)


def resident(pid: int) -> float:
    """Megabytes (2^20) resident, what is shared with other processes counted in full."""
    return resident_of(Path(f"/proc/{pid}/status").read_text())


def resident_of(status: str) -> float:
    """From the text of /proc/PID/status, proc(5). A process that has ended has no such line: ProcessLookupError."""
    for line in status.splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError


def _measured(small: bytes) -> Sequence[Memory]:
    from PySide6.QtCore import QTimer

    import reviewer.ui.main_window
    import reviewer.workstation.desk  # noqa: F401  its code is part of the window's process
    from bench.large_film import LargeFilm
    from bench.playing_window import PlayingWindow
    from reviewer.media.broker import Broker

    film = LargeFilm(small, stride=STRIDE, index_first=False)
    broker = Broker(warm=2)
    broker.start()
    broker.sandbox_report()
    window = PlayingWindow(broker)
    try:
        window.settle(1.0)
        before = resident(os.getpid())
        window.open(film)
        worker_before = resident(window.item.worker_pid)
        watched = Watched(os.getpid()), Watched(window.item.worker_pid)
        timer = QTimer()
        timer.setInterval(_EVERY_MS)
        for each in watched:
            timer.timeout.connect(each.look)
        length_s = window.item.facts.duration_s or 0.0
        window.play(0.0)
        timer.start()
        window.settle(1.0)
        first_second = max(1, len(watched[0].samples))
        window.settle(_PLAYED_S - 1.0)
        for place in range(_PLACES):
            window.play(length_s * (place * 7 % _PLACES) / _PLACES)  # to and fro
            window.settle(_LOOKED_AT_S)
        timer.stop()
        return watched[0].memory(before, first_second), watched[1].memory(worker_before, first_second)
    finally:
        window.close()
        broker.close()


def main() -> None:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    print(json.dumps([asdict(memory) for memory in _measured(sys.stdin.buffer.read())]))


if __name__ == "__main__":
    main()
