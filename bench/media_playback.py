"""Films straight from the sealed worker: first veiled pixels, playing, seeking, storyboard, memory, stalls.

`rows()` returns (name, value, unit, ratio to the same work done bare by PyAV in this process, or None). Ratios of
times: 1.25 means a quarter slower than bare. Ratios of rates: 0.8 means four fifths of bare. REVIEWER_BENCH_ROUNDS
makes it longer than a minute or so on two idle cores.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import av
import cv2
import numpy as np

from bench.large_film import LargeFilm
from bench.long_films import RATE, film, groups
from bench.playing_window import stalls_while_playing
from reviewer.media.broker import Broker
from reviewer.media.link import Source
from reviewer.model.levels import Level

Row = tuple[str, float, str, float | None]

_ROUNDS = max(1, int(os.environ.get("REVIEWER_BENCH_ROUNDS", "1")))
_SAMPLES = 15 * _ROUNDS
_WINDOW = (1366, 768)
_QUARTER = (683, 384)
_STRIDE = 3_000_000
_BLURRED_SIDE = 160


def rows() -> list[Row]:
    cv2.setNumThreads(1)
    broker = Broker(warm=2)
    broker.start()
    broker.sandbox_report()
    table: list[Row] = []
    try:
        for name, width, height, scenes, seconds in (("1080p", 1920, 1080, 24, 8), ("4K", 3840, 2160, 3, 4)):
            pictures = groups(width, height, scenes)
            clip = film(pictures, [index % scenes for index in range(seconds)], width=width, height=height)
            table += _first(broker, name, lambda clip=clip: io.BytesIO(clip))  # type: ignore[misc]
            table += _played(broker, name, clip)
            if name == "1080p":
                long = film(pictures, [index // 25 for index in range(600)], width=width, height=height)
                table += _sought(broker, long)
                table += _storyboard(broker, long)
            else:
                table += _stalls(broker, film(pictures, [0, 1, 2, 0, 1, 2], width=width, height=height))
        table += _large(broker)
    finally:
        broker.close()
    return table + _peers()


def _first(broker: Broker, name: str, source: Callable[[], io.RawIOBase | io.BytesIO]) -> list[Row]:
    """From opening the item to its first veiled pixels in this process, a warm worker waiting."""

    def bare() -> float:
        begun = time.perf_counter()
        with av.open(source()) as container:
            container.streams.video[0].thread_type = "AUTO"
            _blur(next(container.decode(video=0)))
        return time.perf_counter() - begun

    def veiled() -> float:
        while broker.warm_ready < 1:
            time.sleep(0.005)
        time.sleep(0.02)
        file = source()
        begun = time.perf_counter()
        item = broker.open(_as_source(file))
        item.blurred()
        taken = time.perf_counter() - begun
        item.close()
        return taken

    bare(), veiled()
    plain, sealed = zip(*((bare(), veiled()) for _ in range(_SAMPLES)), strict=True)
    table: list[Row] = []
    for words, of in (("median", statistics.median), ("p95", _p95)):
        table.append(
            (f"{name} film: open to first veiled frame, {words}", of(sealed) * 1000, "ms", of(sealed) / of(plain))
        )
    return table


def _played(broker: Broker, name: str, clip: bytes) -> list[Row]:
    def bare() -> float:
        with av.open(io.BytesIO(clip)) as container:
            container.streams.video[0].thread_type = "AUTO"
            begun = time.perf_counter()
            return sum(1 for _ in container.decode(video=0)) / (time.perf_counter() - begun)

    def veiled(level: Level, grey: bool, box: tuple[int, int]) -> float:
        item = broker.open(io.BytesIO(clip))
        begun = time.perf_counter()
        playing = item.play(start_s=0.0, level=level, grey=grey, max_width=box[0], max_height=box[1])
        count = 0
        while playing.next() is not None:
            count += 1
        rate = count / (time.perf_counter() - begun)
        item.close()
        return rate

    ways = (
        ("BLURRED", Level.BLURRED, True, _WINDOW),
        ("DRAWING, at most 640 pixels", Level.DRAWING, True, _WINDOW),
        ("CLEAR grey, 683x384", Level.CLEAR, True, _QUARTER),
        ("CLEAR grey, 1366x768", Level.CLEAR, True, _WINDOW),
        ("CLEAR colour, 683x384", Level.CLEAR, False, _QUARTER),
        ("CLEAR colour, 1366x768", Level.CLEAR, False, _WINDOW),
    )
    rates: dict[str, list[float]] = {way[0]: [] for way in ways}
    plain: list[float] = []
    for _ in range(_ROUNDS):
        for number, (words, level, grey, box) in enumerate(ways):
            if number % 2 == 0:  # between them, so that all see the same machine
                plain.append(bare())
            rates[words].append(veiled(level, grey, box))
    usual = statistics.median(plain)
    table: list[Row] = [(f"{name}: decoding alone, PyAV", usual, "fps", None)]
    for words, seen in rates.items():
        rate = statistics.median(seen)
        table.append((f"{name} playback, {words}", rate, "fps", rate / usual))
    return table


def _sought(broker: Broker, clip: bytes) -> list[Row]:
    """The exact frame at a random time of a ten-minute film, veiled; and the preview while scrubbing."""
    chance = random.Random(5)
    times = [chance.uniform(0.0, 590.0) for _ in range(20 * _ROUNDS)]
    item = broker.open(io.BytesIO(clip))
    item.blurred(at_s=1.0)
    exact = [_timed(lambda at=at: item.blurred(at_s=at)) for at in times]  # type: ignore[misc]
    quick = [_timed(lambda at=at: item.blurred(at_s=at, quick=True)) for at in times]  # type: ignore[misc]
    item.close()
    container = av.open(io.BytesIO(clip))
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    bare = [_timed(lambda at=at: _seek_bare(container, stream, at)) for at in times]  # type: ignore[misc]
    container.close()
    table: list[Row] = []
    for words, of in (("median", statistics.median), ("p95", _p95)):
        table.append((f"1080p: exact seek in ten minutes, {words}", of(exact) * 1000, "ms", of(exact) / of(bare)))
    table.append(("1080p: preview while scrubbing (key frame before), p95", _p95(quick) * 1000, "ms", None))
    return table


def _seek_bare(container: av.container.InputContainer, stream: av.video.stream.VideoStream, at_s: float) -> None:
    assert stream.time_base is not None
    container.seek(int(at_s / stream.time_base), stream=stream)
    for frame in container.decode(stream):
        if (frame.time or 0.0) + 1.0 / RATE > at_s:
            _blur(frame)
            return


def _storyboard(broker: Broker, clip: bytes) -> list[Row]:
    """Ten minutes of 1080p in 24 scenes; the window's cells as they come."""
    first: list[float] = []
    whole: list[float] = []
    cells = 0
    for _ in range(2 * _ROUNDS):
        item = broker.open(io.BytesIO(clip))
        begun = time.perf_counter()
        found = [time.perf_counter() - begun for _ in item.scenes()]
        whole.append(time.perf_counter() - begun)
        first.append(found[0])
        cells = len(found)
        item.close()
    return [
        ("storyboard of ten minutes at 1080p: first cell", statistics.median(first) * 1000, "ms", None),
        (f"storyboard of ten minutes at 1080p: {cells} cells", statistics.median(whole) * 1000, "ms", None),
    ]


def _large(broker: Broker) -> list[Row]:
    """Four gigabytes: does the size cost anything before the first veiled pixels, and does memory stay flat."""
    small = film(groups(1280, 720, 2), [index % 2 for index in range(56)], width=1280, height=720)
    table = _first(broker, "280 MB (720p, index first)", lambda: LargeFilm(small, stride=200_000, index_first=True))
    for words, index_first in (("index first", True), ("index last", False)):
        large = LargeFilm(small, stride=_STRIDE, index_first=index_first)
        table += _first(broker, f"4 GB (720p, {words})", lambda large=large: _rewound(large))  # type: ignore[misc]
    item = broker.open(_as_source(large))
    playing = item.play(start_s=0.0, level=Level.BLURRED, grey=True, max_width=160, max_height=160)
    worker, host, begun = [], [], time.perf_counter()
    count = 0
    while playing.next() is not None:
        count += 1
        if count % 50 == 1:
            worker.append(_resident(item.worker_pid))
            host.append(_resident(os.getpid()))
    rate = count / (time.perf_counter() - begun)
    item.close()
    return [
        *table,
        ("4 GB played through", rate, "fps", None),
        (
            "4 GB played through: worker's memory, most (ratio: to its first second)",
            max(worker),
            "MB",
            max(worker) / worker[1],
        ),
        ("4 GB played through: growth of this process", max(host) - host[0], "MB", None),
    ]


def _rewound(file: LargeFilm) -> LargeFilm:
    file.seek(0)
    return file


def _stalls(broker: Broker, clip: bytes) -> list[Row]:
    table: list[Row] = []
    for level in (Level.BLURRED, Level.CLEAR):
        stalls, shown = stalls_while_playing(broker, clip, level, seconds=4.0)
        table.append((f"event-loop stall, 4K playback {level.name}, p99", stalls.p99_ms, "ms", None))
        table.append((f"event-loop stall, 4K playback {level.name}, longest", stalls.max_ms, "ms", None))
        table.append(
            (
                f"frames painted, 4K playback {level.name}",
                shown / stalls.seconds,
                "a second",
                shown / stalls.seconds / RATE,
            )
        )
    return table


def _peers() -> list[Row]:
    """What people do today: an encrypted mount and a player's blur filter. Only where both are installed."""
    missing = [name for name in ("gocryptfs", "ffmpeg") if shutil.which(name) is None]
    if missing:
        return [
            (f"gocryptfs mount and ffmpeg with a blur: not measured, {' and '.join(missing)} not here", 0.0, "", None)
        ]
    return []


def _as_source(file: io.RawIOBase | io.BytesIO) -> Source:
    return file


def _blur(frame: av.VideoFrame) -> None:
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]
    share = _BLURRED_SIDE / max(rows.shape)
    small = cv2.resize(rows, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    cv2.GaussianBlur(small, (0, 0), _BLURRED_SIDE / 64)


def _timed(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def _p95(times: list[float] | tuple[float, ...]) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * 0.95))]


def _resident(pid: int) -> float:
    """Megabytes resident, what is shared with other processes counted in full."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    raise ProcessLookupError


if __name__ == "__main__":
    for name, value, unit, ratio in rows():
        print(f"{name:72s} {value:9.1f} {unit:10s} {'' if ratio is None else f'x {ratio:.2f}'}")
