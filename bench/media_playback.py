"""Films straight from the sealed worker: playing at every level, seeking, storyboard, and the window's stalls.

`rows()` returns (name, value, unit, ratio to the same work done bare by PyAV in this process, or None). Ratios of
times: 1.25 means a quarter slower than bare. Ratios of rates: 0.8 means four fifths of bare. REVIEWER_BENCH_ROUNDS
makes it longer than a minute or so on two idle cores. First pixels and memory stand in media_films.
"""

from __future__ import annotations

import io
import os
import random
import statistics
import time

import av
import cv2
import numpy as np

from bench import today
from bench.long_films import RATE, film, groups
from bench.playing_window import stalls_while_playing
from bench.turns import Row, p95, timed
from reviewer.media.broker import Broker
from reviewer.model.levels import Level

_ROUNDS = max(1, int(os.environ.get("REVIEWER_BENCH_ROUNDS", "1")))
_WINDOW = (1366, 768)
_QUARTER = (683, 384)
_BLURRED_SIDE = 160


def rows() -> list[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    cv2.setNumThreads(1)
    broker = Broker(warm=2)
    broker.start()
    broker.sandbox_report()
    table: list[Row] = []
    try:
        for name, width, height, scenes, seconds in (("1080p", 1920, 1080, 24, 6), ("4K", 3840, 2160, 3, 3)):
            pictures = groups(width, height, scenes)
            clip = film(pictures, [index % scenes for index in range(seconds)], width=width, height=height)
            played, bare = _played(broker, name, clip)
            table += played
            table += today.playback(name, clip, long_side=width, bare_fps=bare)
            if name == "1080p":
                long = film(pictures, [index // 25 for index in range(600)], width=width, height=height)
                table += _sought(broker, long)
                table += _storyboard(broker, long)
            else:
                table += _stalls(broker, film(pictures, [0, 1, 2, 0, 1, 2], width=width, height=height))
    finally:
        broker.close()
    return table


def _played(broker: Broker, name: str, clip: bytes) -> tuple[list[Row], float]:
    """The rows, and frames a second of decoding alone."""

    def bare() -> float:
        with av.open(io.BytesIO(clip), "r") as container:
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
        ("BLURRED, 1366x768 (160 pixels)", Level.BLURRED, True, _WINDOW),
        ("DRAWING, 1366x768 (640 pixels)", Level.DRAWING, True, _WINDOW),
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
    return table, usual


def _sought(broker: Broker, clip: bytes) -> list[Row]:
    """The exact frame at a random time of a ten-minute film, veiled; and the preview while scrubbing."""
    chance = random.Random(5)
    times = [chance.uniform(0.0, 590.0) for _ in range(20 * _ROUNDS)]
    item = broker.open(io.BytesIO(clip))
    item.blurred(at_s=1.0)
    exact = [timed(lambda at=at: item.blurred(at_s=at)) for at in times]  # type: ignore[misc]
    quick = [timed(lambda at=at: item.blurred(at_s=at, quick=True)) for at in times]  # type: ignore[misc]
    item.close()
    container = av.open(io.BytesIO(clip), "r")
    stream = container.streams.video[0]
    stream.thread_type = "AUTO"
    bare = [timed(lambda at=at: _seek_bare(container, stream, at)) for at in times]  # type: ignore[misc]
    container.close()
    table: list[Row] = []
    for words, of in (("median", statistics.median), ("p95", p95)):
        table.append((f"1080p: exact seek in ten minutes, {words}", of(exact) * 1000, "ms", of(exact) / of(bare)))
    table.append(("1080p: preview while scrubbing (key frame before), p95", p95(quick) * 1000, "ms", None))
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


def _stalls(broker: Broker, clip: bytes) -> list[Row]:
    """Played in time in a real window, with the workers as nice as they are shipped."""
    table: list[Row] = []
    for level in (Level.BLURRED, Level.CLEAR):
        played = stalls_while_playing(broker, clip, level, seconds=5.0)
        name = f"4K in a window, {level.name}, worker at niceness {played.niceness}"
        table += [
            (f"{name}: event-loop stall, p99", played.stalls.p99_ms, "ms", None),
            (f"{name}: event-loop stall, longest", played.stalls.max_ms, "ms", None),
            (f"{name}: frames shown", played.rate, "a second", played.rate / RATE),
        ]
    return table


def _blur(frame: av.VideoFrame) -> None:
    plane = frame.planes[0]
    rows = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)[: frame.height, : frame.width]
    share = _BLURRED_SIDE / max(rows.shape)
    small = cv2.resize(rows, None, fx=share, fy=share, interpolation=cv2.INTER_AREA)
    cv2.GaussianBlur(small, (0, 0), _BLURRED_SIDE / 64)
