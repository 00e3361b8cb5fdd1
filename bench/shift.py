"""A shift in the real window: how long a person waits for the unlock page, the queue, the next item; and stalls.

`rows()` returns (name, value, unit, ratio or None). The window is offscreen and driven by keys; case system, vault and
sealed workers are real, and nothing is photographed. A time ends when the window has been painted. Its ratio is to the
median of the bare work on the same bytes in this process: for pictures a reduced grey decode and the blur.
"""

from __future__ import annotations

import io
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np
from PySide6.QtCore import Qt

from bench.shift_evidence import FILM_FPS, Evidence, evidence
from bench.shift_window import ShiftWindow
from reviewer.demo.organisation import REVIEWERS, found_organisation
from reviewer.demo.stall_meter import StallMeter
from reviewer.media.worker.pictures import u8
from reviewer.media.worker.veil import blurred
from reviewer.vault import age, slots

Row = tuple[str, float, str, float | None]

PREFETCHED, COLD, FILMS, STARTS = 30, 20, 4, 5
LOOK_S = 0.7  # a person looks at least so long; the next item is prepared meanwhile
PLAY_S = 8.0


def rows() -> list[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    exhibits = evidence(pictures=PREFETCHED + 4, films=FILMS)
    with tempfile.TemporaryDirectory() as folder:
        organisation = found_organisation(
            Path(folder) / "bench", say=lambda _: None, take_in=exhibits.take_in, work_factor=slots.WORK_FACTOR
        )
        try:
            vault = organisation.workstation(REVIEWERS[0])
            return [*_starts(vault), *_shift(vault, exhibits)]
        finally:
            organisation.close()


def _starts(vault: Path) -> list[Row]:
    bare, ours = [], []
    for _ in range(STARTS):
        bare.append(_first_paint())
        ours.append(_first_paint(str(vault)))
    taken, plain = statistics.median(ours), statistics.median(bare)
    return [("process start to unlock page painted (bare: an empty Qt window)", taken, "ms", taken / plain)]


def _first_paint(*folder: str) -> float:
    begun = time.monotonic()
    command = [sys.executable, "-m", "bench.first_paint", *folder]
    shown = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return (float(shown.split()[-1]) - begun) * 1000.0


def _shift(vault: Path, exhibits: Evidence) -> list[Row]:
    bare_picture, bare_film = _times(lambda: _bare_picture(exhibits.picture)), _times(lambda: _bare_film(exhibits.film))
    key_derivation = _times(_bare_unlock, 3)
    window = ShiftWindow(vault)
    try:
        unlocked = window.unlock()
        window.queue_complete(exhibits.pictures + exhibits.films)
        with StallMeter() as shift:
            cold = _cold(window)
            prefetched = _prefetched(window)
            films = _films(window)
        with StallMeter() as playing:
            painted = window.play(PLAY_S)
    finally:
        window.close()
    bare_picture += _times(lambda: _bare_picture(exhibits.picture))
    bare_film += _times(lambda: _bare_film(exhibits.film))
    found = [_row("unlock to queue painted (bare: scrypt of the passphrase)", [unlocked], key_derivation)]
    for name, aim, measured in (
        ("cold, picked from the queue", 150, cold),
        ("prefetched, by deciding", 50, prefetched),
    ):
        for share, words in ((0.5, "median"), (0.95, f"p95, aim {aim} ms")):
            found.append(_row(f"next 12 MP JPEG veiled, {name}, {words}", measured, bare_picture, share))
    found.append(_row("1080p film veiled, cold, median (bare: PyAV first frame)", films, bare_film))
    for name, stalls in (("the shift", shift.figures()), ("1080p playback", playing.figures())):
        found.append((f"event loop stall in {name}, p99, aim 50 ms", stalls.p99_ms, "ms", None))
        found.append((f"event loop stall in {name}, longest", stalls.max_ms, "ms", None))
    found.append(("1080p playback, frames painted (bare: the film's own rate)", painted / PLAY_S, "fps",
                  painted / PLAY_S / FILM_FPS))  # fmt: skip
    return found


def _cold(window: ShiftWindow) -> list[float]:
    """Every time another item than the one that was prepared. The very first also fetches the case key."""
    window.picked(Qt.Key.Key_Home, Qt.Key.Key_Down)
    times = []
    for _ in range(COLD):
        window.driver.settle(LOOK_S)
        times.append(window.picked(Qt.Key.Key_Down))
    return times


def _prefetched(window: ShiftWindow) -> list[float]:
    times = []
    for _ in range(PREFETCHED):
        window.driver.settle(LOOK_S)
        times.append(window.decided())
    return times


def _films(window: ShiftWindow) -> list[float]:
    window.driver.settle(LOOK_S)
    times = [window.picked(Qt.Key.Key_End)]
    for _ in range(FILMS - 2):
        window.driver.settle(LOOK_S * 3)
        times.append(window.picked(Qt.Key.Key_Up))
    window.driver.settle(LOOK_S * 3)
    return times


def _bare_picture(data: bytes) -> None:
    blurred(u8(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_8)), 160)


def _bare_film(data: bytes) -> None:
    with av.open(io.BytesIO(data), "r") as container:
        container.streams.video[0].thread_type = "AUTO"
        blurred(u8(next(container.decode(video=0)).to_ndarray(format="gray")), 160)


def _bare_unlock() -> None:
    sealed = io.BytesIO()
    age.encrypt(io.BytesIO(bytes(32)), sealed, [slots.passphrase("a passphrase of ordinary length")])


def _times(work: Callable[[], None], rounds: int = 10) -> list[float]:
    """Milliseconds, each."""
    work()
    found = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        found.append((time.perf_counter() - begun) * 1000.0)
    return found


def _row(name: str, measured: list[float], bare: list[float], share: float = 0.5) -> Row:
    value = _at(measured, share)
    return name, value, "ms", value / statistics.median(bare)


def _at(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


if __name__ == "__main__":
    for name, value, unit, ratio in rows():
        print(f"{name:75s} {value:9.1f} {unit:4s} {'' if ratio is None else f'x {ratio:.2f}'}")
