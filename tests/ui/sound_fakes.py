"""A loudspeaker that only notes what it is given, and an item with sound."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from viewer_fakes import FakeOpenItem

from reviewer.media.outlines import SOUND_RATE, SoundOutline
from reviewer.model.errors import ReviewerError
from reviewer.ui.item_ports import SoundStream


class FakeSound:
    """A stream of so many seconds of a constant; `read` notes nothing but how much was taken."""

    def __init__(self, seconds: float) -> None:
        self.left = int(seconds * SOUND_RATE)
        self.taken = 0
        self.closed = False

    def read(self, samples: int) -> bytes:
        count = min(samples, self.left)
        self.left -= count
        self.taken += count
        return b"\x10\x10" * count

    def close(self) -> None:
        self.closed = True


@dataclass
class FakeOut:
    """Satisfies what `SoundPlayer` uses of `SoundOut`; the test moves `position_s` and ends it."""

    ceiling: float = 0.5
    playing: bool = False
    position_s: float = 0.0
    level: float = 0.4
    volume: float = 1.0
    trouble: ReviewerError | None = None
    fails: ReviewerError | None = None
    started: list[float] = field(default_factory=list)
    stops: int = 0
    closed: bool = False
    stream: SoundStream | None = None
    on_play: Callable[[], None] = lambda: None

    def play(self, stream: SoundStream, start_s: float) -> None:
        self.on_play()
        if self.fails is not None:
            stream.close()
            raise self.fails
        self.stream, self.playing, self.position_s = stream, True, start_s
        self.started.append(start_s)

    def stop(self) -> None:
        self.stops += 1
        self.playing = False
        if self.stream is not None:
            self.stream.close()
            self.stream = None

    def close(self) -> None:
        self.stop()
        self.closed = True

    def end(self, trouble: ReviewerError | None = None) -> None:
        self.playing, self.trouble = False, trouble


@dataclass
class SoundingItem(FakeOpenItem):
    """`heard` notes every stream asked for as (start, muffled)."""

    heard: list[tuple[float, bool]] = field(default_factory=list)
    streams: list[FakeSound] = field(default_factory=list)

    def sound_outline(self, *, buckets: int = 400) -> SoundOutline:
        self.asked.append("sound outline")
        if self.error is not None:
            raise self.error
        shape = bytes(40 + (at * 37) % 180 for at in range(buckets))
        return SoundOutline(
            self.facts.duration_s or 0.0, shape, bytes(200 if (at // 30) % 2 else 20 for at in range(buckets))
        )

    def listen(self, *, start_s: float, muffled: bool) -> FakeSound:
        self.asked.append("muffled" if muffled else "heard clear")
        self.heard.append((start_s, muffled))
        if self.error is not None:
            raise self.error
        self.streams.append(FakeSound((self.facts.duration_s or 0.0) - start_s))
        return self.streams[-1]
