"""An item open in its own sealed worker, as the windows use it. Satisfies `reviewer.ui.ports.OpenItem`."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reviewer.media import protocol as wire
from reviewer.media.checks import checked_digests, checked_facts, checked_size, checked_time, error_of
from reviewer.media.frames import Frame, PixelFormat, Region, SandboxReport
from reviewer.media.link import Link, Take
from reviewer.media.listening import SoundStream, sound_outline
from reviewer.media.outlines import Part, SoundOutline, TextOf, TextOutline
from reviewer.media.parts import PartReader
from reviewer.media.playback import Playback
from reviewer.media.reading import give_terms, text_find, text_lines, text_outline
from reviewer.media.veils import Veils
from reviewer.model.cases import Fingerprints, ItemFacts
from reviewer.model.errors import UnsupportedFormat, WorkerLied
from reviewer.model.levels import Level

_T = TypeVar("_T")
_SLOWEST_DIGESTS = 10 << 20  # bytes a second that any machine manages
_SHOWN_AS = {Level.BLURRED: wire.Look.BLURRED, Level.DRAWING: wire.Look.DRAWING, Level.CLEAR: wire.Look.CLEAR}


class OpenedItem:
    """Blocking, one request at a time; `close` from any thread ends a request that is under way."""

    def __init__(self, link: Link, sandbox: SandboxReport, *, size: int, declared_format: str, veils: Veils) -> None:
        self._link = link
        self._size = size
        self._sandbox = sandbox
        self._long_side = veils.blurred_long_side
        self._streams = itertools.count(1)
        self._parts = PartReader(link)
        untrusted = _expect(link.ask(wire.Open(size, veils.blurred_style, veils.drawing_style)), wire.Facts)
        self._facts = checked_facts(untrusted, declared_format=declared_format, size=size)
        self._viewable = untrusted.viewable
        self._readable = untrusted.readable
        self._transcript = untrusted.transcript
        self._holds_parts = untrusted.holds_parts
        if self._readable or self._transcript:
            give_terms(link, veils.masked_terms)

    @property
    def facts(self) -> ItemFacts:
        return self._facts

    @property
    def sandbox(self) -> SandboxReport:
        return self._sandbox

    @property
    def viewable(self) -> bool:
        return self._viewable

    @property
    def readable(self) -> bool:
        """It is text, a chat or an e-mail: `text_outline` and its like work."""
        return self._readable

    @property
    def transcript(self) -> bool:
        """A transcript was delivered inside the item: the text methods work with `TextOf.TRANSCRIPT`."""
        return self._transcript

    @property
    def holds_parts(self) -> bool:
        """An archive, or an e-mail with attachments."""
        return self._holds_parts

    @property
    def worker_pid(self) -> int:
        return self._link.pid

    def blurred(self, *, at_s: float = 0.0, page: int = 0, quick: bool = False) -> Frame:
        """Small and grey: long side at most the `blurred_long_side` the item was opened with."""
        self._must_be_viewable()
        side = self._long_side
        shape = _Shape(Level.BLURRED, PixelFormat.GREY8, side, side)
        return self._link.ask_for(wire.ShowBlurred(side, _time(at_s), max(0, page), quick), shape.frame)

    def drawing(self, *, max_width: int, max_height: int, at_s: float = 0.0, page: int = 0) -> Frame:
        self._must_be_viewable()
        width, height = _box(max_width, max_height)
        width, height = min(width, wire.DRAWING_LONG_SIDE), min(height, wire.DRAWING_LONG_SIDE)
        shape = _Shape(Level.DRAWING, PixelFormat.GREY8, width, height)
        return self._link.ask_for(wire.ShowDrawing(width, height, _time(at_s), max(0, page)), shape.frame)

    def lens(
        self, region: Region, *, max_width: int, max_height: int, grey: bool, at_s: float = 0.0, page: int = 0
    ) -> Frame:
        """The pixels of `region` alone; the frame's own region is the one snapped to whole pixels."""
        self._must_be_viewable()
        return self._region(Level.LENS, self._snapped(region), (max_width, max_height), grey, at_s, page)

    def clear(
        self,
        *,
        max_width: int,
        max_height: int,
        grey: bool,
        at_s: float = 0.0,
        page: int = 0,
        region: Region | None = None,
    ) -> Frame:
        """The whole picture, or of an enlarged one the part that is looked at."""
        self._must_be_viewable()
        part = None if region is None else self._snapped(region)
        return self._region(Level.CLEAR, part, (max_width, max_height), grey, at_s, page)

    def storyboard(self, *, cells: int = 20, budget_s: float = 4.0) -> Sequence[Frame]:
        """Up to `cells` BLURRED frames of distinct scenes in order of time, found within about `budget_s` seconds."""
        return sorted(self.scenes(cells=cells, budget_s=budget_s), key=lambda frame: frame.time_s or 0.0)

    def scenes(self, *, cells: int = 20, budget_s: float = 4.0, level: Level = Level.BLURRED) -> Iterator[Frame]:
        """The storyboard's frames one by one as they are found, for a window that fills its cells as they come.

        At BLURRED or DRAWING; a cell at DRAWING has a long side of at most twice `blurred_long_side`.
        """
        self._must_be_viewable()
        side, look = self._long_side, wire.Look.BLURRED
        if level is Level.DRAWING:
            side, look = min(2 * side, wire.DRAWING_LONG_SIDE), wire.Look.DRAWING
        elif level is not Level.BLURRED:
            raise UnsupportedFormat
        stream = next(self._streams)
        wanted = max(1, min(cells, wire.MAX_CELLS))
        self._start(wire.StartStoryboard(stream, wanted, side, budget_s, look))
        shape = _Shape(level, PixelFormat.GREY8, side, side)
        for _ in range(wanted):
            frame = self._link.ask_for(wire.Next(stream, 0.0), shape.frame_or_end)
            if frame is None:
                return
            yield frame

    def play(self, *, start_s: float, level: Level, grey: bool, max_width: int, max_height: int) -> Playback:
        """Frames in order from `start_s` at BLURRED, DRAWING or CLEAR. One stream at a time: a new one ends the old."""
        self._must_be_viewable()
        look = _SHOWN_AS.get(level)
        if look is None:
            raise UnsupportedFormat
        width, height = _box(max_width, max_height)
        if look is wire.Look.BLURRED:
            width = height = self._long_side
        elif look is wire.Look.DRAWING:
            width, height = min(width, wire.DRAWING_LONG_SIDE), min(height, wire.DRAWING_LONG_SIDE)
        pixel_format = PixelFormat.GREY8 if grey or look is not wire.Look.CLEAR else PixelFormat.BGRX32
        stream = next(self._streams)
        start = wire.StartPlay(stream, _time(start_s), look, grey, width, height, self._long_side)
        self._start(start)
        return Playback(self._link, stream, _Shape(level, pixel_format, width, height).frame_or_end)

    def text_outline(self, of: TextOf = TextOf.ITEM) -> TextOutline:
        """The shape of a text, chat, e-mail or transcript: how many lines, how long, from whom. No words."""
        return text_outline(self._link, of)

    def text_lines(self, first: int, count: int, *, unmask: bool = False, of: TextOf = TextOf.ITEM) -> tuple[str, ...]:
        """The words of at most `count` lines from `first`; the policy's terms are masked unless `unmask`."""
        return text_lines(self._link, of, first, count, unmask=unmask)

    def text_find(self, words: str, of: TextOf = TextOf.ITEM) -> tuple[int, ...]:
        """Numbers of the lines that contain `words`, whatever the case. Reveals nothing else."""
        return text_find(self._link, of, words)

    def sound_outline(self, *, buckets: int = 400) -> SoundOutline:
        """Loudness and how speech-like it is, over time. Nothing can be heard from it."""
        return sound_outline(self._link, buckets)

    def listen(self, *, start_s: float, muffled: bool) -> SoundStream:
        """The sound from `start_s`, beside pictures that play; `muffled` takes away the high part, in the worker."""
        stream = next(self._streams)
        self._start(wire.StartSound(stream, _time(start_s), muffled))
        return SoundStream(self._link, stream)

    def parts(self) -> tuple[Part, ...]:
        """The files inside an archive, or an e-mail's attachments."""
        return self._parts.parts()

    def read_part(self, index: int, offset: int) -> bytearray:
        """The next bytes of a part, at most a megabyte; empty at its end."""
        return self._parts.read(index, offset)

    def fingerprints(self) -> Fingerprints:
        """Digests of the plaintext, streamed through the worker; PDQ as well for what has pictures that decode."""
        more_s = self._size / _SLOWEST_DIGESTS
        # Checked before anybody else may ask: a lie ends the worker.
        return self._link.ask_for(
            wire.TakeFingerprints(), lambda answer, _: checked_digests(_expect(answer, wire.Digests)), more_s=more_s
        )

    def close(self) -> None:
        """Ends the worker and zeroes what was shared with it. Idempotent, quick, from any thread."""
        self._link.close()

    def _start(self, stream: wire.Request) -> None:
        """Anything but the start of it, or a failure, is a lie that ends the worker."""
        self._link.ask_for(stream, lambda answer, _: _expect(answer, wire.Started))

    def _must_be_viewable(self) -> None:
        if not self._viewable:
            raise UnsupportedFormat

    def _region(
        self, level: Level, region: Region | None, box: tuple[int, int], grey: bool, at_s: float, page: int
    ) -> Frame:
        width, height = _box(*box)
        part = region if region is not None else Region(0.0, 0.0, 1.0, 1.0)
        where = part.x, part.y, part.width, part.height
        request = wire.ShowRegion(*where, width, height, grey, _time(at_s), max(0, page))
        pixel_format = PixelFormat.GREY8 if grey else PixelFormat.BGRX32
        return self._link.ask_for(request, _Shape(level, pixel_format, width, height, region).frame)

    def _snapped(self, region: Region) -> Region:
        x, y = _share(region.x), _share(region.y)
        width, height = min(_share(region.width), 1.0 - x), min(_share(region.height), 1.0 - y)
        columns, rows = self._facts.width, self._facts.height
        if not columns or not rows:
            return Region(x, y, width, height)
        left, top = min(int(x * columns + 0.5), columns - 1), min(int(y * rows + 0.5), rows - 1)
        right = max(left + 1, min(int((x + width) * columns + 0.5), columns))
        bottom = max(top + 1, min(int((y + height) * rows + 0.5), rows))
        return Region(left / columns, top / rows, (right - left) / columns, (bottom - top) / rows)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a frame that was asked for may look like at most. Its methods run while nobody else may ask the worker."""

    level: Level
    pixel_format: PixelFormat
    max_width: int
    max_height: int
    region: Region | None = None

    def frame(self, answer: wire.Answer, take: Take) -> Frame:
        untrusted = _expect(answer, wire.Pixels)
        checked_size(untrusted, max_width=self.max_width, max_height=self.max_height, pixel_format=self.pixel_format)
        time_s = checked_time(untrusted.time_s)
        width, height, stride = untrusted.width, untrusted.height, untrusted.stride
        data = take(untrusted.offset, stride * height)
        return Frame(self.level, width, height, stride, self.pixel_format, data, self.region, time_s)

    def frame_or_end(self, answer: wire.Answer, take: Take) -> Frame | None:
        return None if isinstance(answer, wire.End) else self.frame(answer, take)


def _expect(answer: wire.Answer, kind: type[_T]) -> _T:
    if isinstance(answer, wire.Failed):
        raise error_of(answer)
    if not isinstance(answer, kind):
        raise WorkerLied
    return answer


def _time(at_s: float) -> float:
    return at_s if math.isfinite(at_s) and at_s > 0 else 0.0


def _share(value: float) -> float:
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else 0.0


def _box(max_width: int, max_height: int) -> tuple[int, int]:
    """The asked-for box, cut so that four bytes a pixel always fit the slot."""
    width, height = max(1, min(max_width, wire.MAX_SIDE)), max(1, min(max_height, wire.MAX_SIDE))
    share = math.sqrt(wire.SLOT_BYTES / 4 / (width * height))
    return (width, height) if share >= 1.0 else (max(1, int(width * share)), max(1, int(height * share)))
