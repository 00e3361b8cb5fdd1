"""First veiled pixels and veiled playback, each beside the same decode done bare in this process.

`rows()` returns (name, value, unit, ratio to bare or None). Ratios of times: 1.25 means a quarter slower than bare.
Ratios of rates: 0.8 means four fifths of bare.
"""

from __future__ import annotations

import io
import statistics
import time
from collections.abc import Callable

import av
import cv2
import numpy as np

from reviewer.media.broker import Broker
from reviewer.model.levels import Level

Row = tuple[str, float, str, float | None]

_ROUNDS = 7


def rows() -> list[Row]:
    broker = Broker(warm=2)
    broker.start()
    broker.sandbox_report()
    try:
        table = [_sealing(broker)]
        for name, width, height in (("12 MP JPEG", 4000, 3000), ("48 MP JPEG", 8000, 6000)):
            table += _picture(broker, name, _jpeg(width, height))
        clip = _video(1920, 1080, 150)
        table += _first_frame(broker, clip)
        table += _playback(broker, clip)
        table.append(_storyboard(broker))
    finally:
        broker.close()
    return table


def _sealing(broker: Broker) -> Row:
    broker.sandbox_report()
    cold = Broker(warm=0)
    try:
        cold.sandbox_report()
        spawn = _median(lambda: _closed(cold, b"x"))
    finally:
        cold.close()
    return "sealed worker, forked to closed, none warm", spawn * 1000, "ms", None


def _closed(broker: Broker, data: bytes) -> None:
    broker.open(io.BytesIO(data)).close()


def _picture(broker: Broker, name: str, data: bytes) -> list[Row]:
    compressed = np.frombuffer(data, np.uint8)
    bare, veiled = _side_by_side(
        lambda: cv2.imdecode(compressed, cv2.IMREAD_REDUCED_GRAYSCALE_8), lambda: _opened(broker, data, Level.BLURRED)
    )
    bare_full, clear = _side_by_side(
        lambda: cv2.imdecode(compressed, cv2.IMREAD_COLOR), lambda: _opened(broker, data, Level.CLEAR)
    )
    return [
        (f"{name}: open to first veiled frame, warm worker", veiled * 1000, "ms", veiled / bare),
        (f"{name}: open to clear, 1366x768 (bare: full decode)", clear * 1000, "ms", clear / bare_full),
    ]


def _opened(broker: Broker, data: bytes, level: Level) -> float:
    _wait_for_warm(broker)
    begun = time.perf_counter()
    item = broker.open(io.BytesIO(data))
    if level is Level.BLURRED:
        item.blurred()
    else:
        item.clear(max_width=1366, max_height=768, grey=False)
    taken = time.perf_counter() - begun
    item.close()
    return taken


def _first_frame(broker: Broker, clip: bytes) -> list[Row]:
    def bare() -> None:
        with av.open(io.BytesIO(clip)) as container:
            container.streams.video[0].thread_type = "AUTO"
            next(container.decode(video=0)).to_ndarray(format="gray")

    plain, veiled = _side_by_side(bare, lambda: _opened(broker, clip, Level.BLURRED))
    return [("1080p video: open to first veiled frame", veiled * 1000, "ms", veiled / plain)]


def _playback(broker: Broker, clip: bytes) -> list[Row]:
    def bare() -> float:
        with av.open(io.BytesIO(clip)) as container:
            container.streams.video[0].thread_type = "AUTO"
            begun = time.perf_counter()
            return sum(1 for _ in container.decode(video=0)) / (time.perf_counter() - begun)

    def played(level: Level) -> float:
        item = broker.open(io.BytesIO(clip))
        playing = item.play(start_s=0.0, level=level, grey=False, max_width=683, max_height=384)
        begun, count = time.perf_counter(), 0
        while playing.next() is not None:
            count += 1
        rate = count / (time.perf_counter() - begun)
        item.close()
        return rate

    plain = statistics.median(bare() for _ in range(3))
    table: list[Row] = []
    for level in (Level.BLURRED, Level.DRAWING, Level.CLEAR):
        rate = statistics.median(played(level) for _ in range(3))
        table.append((f"1080p playback, {level.name} in a quarter window", rate, "fps", rate / plain))
    return table


def _storyboard(broker: Broker) -> Row:
    clip = _video(1280, 720, 40 * 25, scene=25)
    item = broker.open(io.BytesIO(clip))
    begun = time.perf_counter()
    cells = len(item.storyboard())
    taken = time.perf_counter() - begun
    item.close()
    return f"storyboard of 40 s at 720p, {cells} cells", taken * 1000, "ms", None


def _side_by_side(bare: Callable[[], object], veiled: Callable[[], float]) -> tuple[float, float]:
    """Medians in seconds, taken in turns so that both see the same machine. `veiled` times itself."""
    bare()
    veiled()
    plain: list[float] = []
    sealed: list[float] = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        bare()
        plain.append(time.perf_counter() - begun)
        sealed.append(veiled())
    return statistics.median(plain), statistics.median(sealed)


def _median(job: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        begun = time.perf_counter()
        job()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def _wait_for_warm(broker: Broker) -> None:
    while broker.warm_ready < 1:
        time.sleep(0.005)
    time.sleep(0.02)


def _jpeg(width: int, height: int) -> bytes:
    rng = np.random.default_rng(7)
    coarse = rng.integers(0, 255, (height // 40, width // 40, 3), np.uint8)
    picture = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    grain = rng.integers(0, 12, (height // 4, width // 4, 1), np.uint8).repeat(4, 0).repeat(4, 1)
    return cv2.imencode(".jpg", cv2.add(picture, grain.repeat(3, 2)), [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()


def _video(width: int, height: int, count: int, scene: int = 50) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.options = {"preset": "veryfast", "crf": "26"}
        base = None
        for index in range(count):
            if index % scene == 0:
                rng = np.random.default_rng(index)
                coarse = rng.integers(0, 255, (height // 30, width // 30, 3), np.uint8)
                base = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
            moved = np.ascontiguousarray(np.roll(base, -6 * index, axis=1))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(moved, format="bgr24")))
        container.mux(stream.encode(None))
    return out.getvalue()


if __name__ == "__main__":
    for name, value, unit, ratio in rows():
        print(f"{name:60s} {value:9.1f} {unit:4s} {'' if ratio is None else f'x {ratio:.2f}'}")
