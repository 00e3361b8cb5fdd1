"""Playing keeps time: late frames are dropped, not queued up, whatever is slow; large films cost no memory."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import media_samples as samples
import numpy as np
import pytest
import video_samples as films
from video_samples import Film

from reviewer.media import protocol as wire
from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
from reviewer.media.playback import Playback
from reviewer.media.worker.source import BLOCK, RangeSource
from reviewer.model.levels import Level

FAST = {"preset": "ultrafast"}


class SlowSource(io.BytesIO):
    """Gives at most `rate` bytes a second once `slow` is set, as a poor network does."""

    def __init__(self, data: bytes, rate: float) -> None:
        super().__init__(data)
        self.rate = rate
        self.slow = False

    def readinto(self, buffer: memoryview) -> int:
        if self.slow:
            time.sleep(len(buffer) / self.rate)
        return super().readinto(buffer)


def played_in_time(playing: Playback, seconds: float, cost_s: float = 0.0) -> list[tuple[float, float]]:
    """(time of each frame, how far behind the clock it came), for so long, as the window plays."""
    begun = time.monotonic()
    got = []
    while (now := time.monotonic() - begun) < seconds:
        frame = playing.next(not_before_s=max(0.0, now - 0.02))
        if frame is None:
            break
        at_s = frame.time_s or 0.0
        ahead = at_s - (time.monotonic() - begun)
        got.append((at_s, -ahead))
        time.sleep(cost_s if ahead <= 0 else ahead + cost_s)
    return got


@pytest.mark.parametrize("level", [Level.BLURRED, Level.DRAWING, Level.CLEAR])
def test_a_viewer_that_is_slow_drops_frames_and_stays_in_time(broker: Broker, level: Level) -> None:
    item = broker.open(io.BytesIO(films.counting(75, Film(options=FAST))))
    playing = item.play(start_s=0.0, level=level, grey=True, max_width=320, max_height=240)
    got = played_in_time(playing, 2.0, cost_s=0.15)
    item.close()
    times = [at for at, _ in got]
    assert times == sorted(times)
    assert times[-1] > 1.4, "two seconds on, the film is there too"
    assert len(times) < 20
    assert sorted(behind for _, behind in got)[len(got) // 2] < 0.3


def test_a_source_that_is_slower_than_the_film_does_not_make_it_fall_behind(broker: Broker) -> None:
    rng = np.random.default_rng(1)
    noisy = [rng.integers(0, 255, (240, 320, 3), np.uint8) for _ in range(25)]
    data = films.encoded(noisy * 8, Film(options=FAST | {"crf": "23"}, gop=10))
    source = SlowSource(data, rate=len(data) / 8.0 * 0.5)
    item = broker.open(source)
    item.blurred()
    source.slow = True
    playing = item.play(start_s=0.0, level=Level.BLURRED, grey=True, max_width=320, max_height=240)
    got = played_in_time(playing, 5.0)
    item.close()
    assert len(got) >= 3
    assert got[-1][0] > 2.5, "half the bytes come in time: later key frames are jumped to"
    assert max(behind for _, behind in got) < 2.5
    assert [at for at, _ in got] == sorted(at for at, _ in got)


def test_of_a_slow_source_less_is_read_ahead() -> None:
    for rate, most in ((300_000, 2 * BLOCK), (1e12, wire.WINDOW_BYTES)):
        asked: list[int] = []

        def fetch(offset: int, into: memoryview, rate: float = rate, asked: list[int] = asked) -> int:
            asked.append(len(into))
            time.sleep(len(into) / rate)
            return len(into)

        source = RangeSource(fetch, 40 * BLOCK)
        for _ in range(8 if rate < 1e6 else 40):
            source.read(BLOCK)
        assert max(asked) <= most
        assert max(asked) > BLOCK // 2
        assert rate < 1e6 or max(asked) == wire.WINDOW_BYTES


def test_a_stop_and_a_new_start_far_away_begin_there(broker: Broker) -> None:
    item = broker.open(io.BytesIO(films.counting(200, Film(options=FAST, gop=50))))
    playing = item.play(start_s=0.0, level=Level.CLEAR, grey=True, max_width=320, max_height=240)
    playing.next()
    late = playing.next(not_before_s=6.0)
    after = playing.next()
    item.close()
    assert [number(late), number(after)] == [150, 151]


def number(frame: Frame | None) -> int:
    assert frame is not None
    return films.number_on(films.grey_of(frame.data, frame.height, frame.stride, frame.width))


@pytest.mark.scale
def test_the_window_and_the_worker_stay_the_same_size_through_a_film_of_gigabytes(broker: Broker) -> None:
    from bench.large_film import LargeFilm
    from bench.long_films import film, groups

    small = film(groups(320, 240, 2, frames=5), [index % 2 for index in range(60)], width=320, height=240)
    for index_first in (True, False):
        large = LargeFilm(small, stride=4_000_000, index_first=index_first)
        assert large.size > 1_100_000_000
        item = broker.open(large)
        begun = time.monotonic()
        first = item.blurred()
        assert time.monotonic() - begun < 3.0
        assert first.time_s == 0.0
        item.blurred(at_s=11.0)
        before, own = memory(item.worker_pid), memory(os.getpid())
        count = 0
        playing = item.play(start_s=0.0, level=Level.BLURRED, grey=True, max_width=99, max_height=99)
        while playing.next() is not None:
            count += 1
        after, own_after = memory(item.worker_pid), memory(os.getpid())
        item.close()
        assert count == 300
        assert after - before < 60, "megabytes"
        assert own_after - own < 30


def memory(pid: int) -> float:
    """Megabytes that are the process's own."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) / 1024
    raise AssertionError


def test_playing_at_drawing_is_a_sketch_at_every_frame(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.video(samples.moving(640, 360, 10))))
    playing = item.play(start_s=0.0, level=Level.DRAWING, grey=True, max_width=640, max_height=640)
    frames = []
    while (frame := playing.next()) is not None:
        frames.append(frame)
    item.close()
    assert len(frames) == 10
    assert all((frame.level, frame.width) == (Level.DRAWING, 640) for frame in frames)
    assert all(max(frame.data) <= 245 for frame in frames)
