"""Films: first veiled, drawn and clear pixels after opening, whatever their size, and memory through four gigabytes.

`rows()` returns (name, value, unit, ratio to the same work done bare by PyAV in this process, or None): 1.25 means a
quarter slower. Taken in turns; each opened item is a new worker, all warm ones ready. How films play, and seeking,
stands in media_playback.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable
from functools import partial

import av
import cv2
import numpy as np

from bench.large_film import LargeFilm
from bench.long_films import film, groups
from bench.turns import Row, compared, first_shown, in_turns
from bench.window_memory import STRIDE, Memory, in_a_process_of_its_own, resident
from reviewer.media.broker import Broker
from reviewer.media.opened import OpenedItem
from reviewer.media.worker import veil
from reviewer.media.worker.planes import luma
from reviewer.model.levels import Level

_ROUNDS = 9
_WARM = 2
_BOX = 1366, 768
_LONG_SIDE = 160
_SMALL_STRIDE = 200_000


def rows() -> list[Row]:
    cv2.setNumThreads(1)
    broker = Broker(warm=_WARM)
    broker.start()
    broker.sandbox_report()
    table: list[Row] = []
    try:
        for name, width, height in (("1080p", 1920, 1080), ("4K", 3840, 2160)):
            clip = film(groups(width, height, 1), [0, 0, 0, 0], width=width, height=height)
            for words, bare, show in _LEVELS:
                table += _first(broker, f"{name} film: {words}", io.BytesIO(clip), bare, show)
        small = film(groups(1280, 720, 2), [index % 2 for index in range(56)], width=1280, height=720)
        words, bare, show = _LEVELS[0]
        for name, stride, index_first in (
            ("280 MB film of 720p, index first", _SMALL_STRIDE, True),
            ("4 GB film of 720p, index first", STRIDE, True),
            ("4 GB film of 720p, index last", STRIDE, False),
        ):
            large = LargeFilm(small, stride=stride, index_first=index_first)
            table += _first(broker, f"{name}: {words}", large, bare, show)
        table += _played_through(broker, large)
    finally:
        broker.close()
    return table + _in_a_window(small)


_File = io.BytesIO | LargeFilm


def _first(
    broker: Broker,
    name: str,
    file: _File,
    bare: Callable[[av.VideoFrame], object],
    show: Callable[[OpenedItem], object],
) -> list[Row]:
    turns = in_turns(partial(_decoded, file, bare), partial(first_shown, broker, file, show, warm=_WARM), _ROUNDS)
    return compared(name, turns)


def _decoded(file: _File, show: Callable[[av.VideoFrame], object]) -> None:
    file.seek(0)
    with av.open(file, "r") as container:
        container.streams.video[0].thread_type = "SLICE"  # as the worker: by frames the first comes later
        show(next(container.decode(video=0)))


def _bare_veiled(frame: av.VideoFrame) -> None:
    share = 2 * _LONG_SIDE / max(frame.width, frame.height)
    veil.blurred(luma(frame, round(frame.width * share), round(frame.height * share)), _LONG_SIDE)


def _bare_drawing(frame: av.VideoFrame) -> None:
    plane = np.frombuffer(memoryview(frame.planes[0]), np.uint8).reshape(-1, frame.planes[0].line_size)
    veil.drawing(plane[: frame.height, : frame.width], *_BOX)


def _bare_clear(frame: av.VideoFrame) -> None:
    width, height = veil.fit(frame.width, frame.height, *_BOX)
    frame.reformat(width=width, height=height, format="bgra").to_ndarray()


_LEVELS: tuple[tuple[str, Callable[[av.VideoFrame], None], Callable[[OpenedItem], object]], ...] = (
    ("open to first veiled frame", _bare_veiled, OpenedItem.blurred),
    (
        "open to first DRAWING (640 pixels)",
        _bare_drawing,
        lambda item: item.drawing(max_width=_BOX[0], max_height=_BOX[1]),
    ),
    (
        "open to first CLEAR in 1366x768",
        _bare_clear,
        lambda item: item.clear(max_width=_BOX[0], max_height=_BOX[1], grey=False),
    ),
)


def _played_through(broker: Broker, large: LargeFilm) -> list[Row]:
    """As fast as it goes, every frame: the worker's memory has no chance to stay out of sight."""
    item = broker.open(large)
    playing = item.play(start_s=0.0, level=Level.BLURRED, grey=True, max_width=_LONG_SIDE, max_height=_LONG_SIDE)
    worker, begun, count = [], time.perf_counter(), 0
    while playing.next() is not None:
        count += 1
        if count % 25 == 0:
            worker.append(resident(item.worker_pid))
    rate = count / (time.perf_counter() - begun)
    item.close()
    return [
        ("4 GB film played through, no window", rate, "fps", None),
        ("its worker, resident, most (ratio: to its first second)", max(worker), "MB", max(worker) / worker[0]),
    ]


def _in_a_window(small: bytes) -> list[Row]:
    window, worker = in_a_process_of_its_own(small)
    return [
        *_resident("4 GB film played and sought in a window: the window's process", window, "by playing it"),
        *_resident("4 GB film played and sought in a window: the worker", worker, "since it was opened"),
    ]


def _resident(name: str, memory: Memory, since: str) -> list[Row]:
    return [
        (f"{name}, most (ratio: to the first second of playing)", memory.most, "MB", memory.flatness),
        (f"{name}, growth {since}", memory.growth, "MB", None),
    ]
