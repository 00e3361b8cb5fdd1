"""Fakes for the viewer's tests: synthetic gradient frames, an open item that notes what it is asked, jobs by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from reviewer.media.frames import Frame, PixelFormat, Region, SandboxReport
from reviewer.media.outlines import LineOutline, TextOf, TextOutline
from reviewer.model.cases import Case, EarlierNote, Fingerprints, Item, ItemFacts, QueueEntry, Referral, ReferralSource
from reviewer.model.decisions import Draft
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import HarmType, Policy, Viewing

NOW = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)


def grey_frame(
    level: Level = Level.BLURRED, *, width: int = 160, height: int = 90, shift: int = 0, time_s: float | None = None
) -> Frame:
    """A smooth pattern of two bright places; no byte of it is zero, so that a wipe shows."""
    data = bytearray(_pattern(width, height, shift))
    return Frame(level, width, height, width, PixelFormat.GREY8, data, time_s=time_s)


@cache
def _pattern(width: int, height: int, shift: int) -> bytes:
    y, x = np.ogrid[:height, :width]
    one = 1 - np.minimum(1.0, ((x - width * 0.3 - shift) ** 2 + (y - height * 0.4) ** 2) / (height * 0.5) ** 2)
    two = 1 - np.minimum(1.0, ((x - width * 0.65) ** 2 + (y - height * 0.6 + shift) ** 2) / (height * 0.45) ** 2)
    return np.minimum(255, 60 + 60 * one * one + 120 * two * two).astype(np.uint8).tobytes()


def striped_frame(level: Level, *, width: int = 320, height: int = 180) -> Frame:
    """Grey and sharp, so that a grey clear frame looks unlike a blurred one."""
    return Frame(level, width, height, width, PixelFormat.GREY8, bytearray(_stripes(width, height)))


@cache
def _stripes(width: int, height: int) -> bytes:
    y, x = np.ogrid[:height, :width]
    return (60 + 130 * ((x // 6 + y // 6) % 2) + 60 * x // width).astype(np.uint8).tobytes()


def colour_frame(level: Level, *, width: int, height: int, region: Region | None = None) -> Frame:
    """A colour gradient with stripes, so that clear looks unlike blurred."""
    row = bytearray()
    for x in range(width):
        stripe = 60 if (x // 8) % 2 else 0
        row += bytes((40 + 150 * x // width, 90 + stripe, 210 - 150 * x // width, 255))
    return Frame(level, width, height, width * 4, PixelFormat.BGRX32, row * height, region=region)


class HandJobs(QObject):
    """Jobs that run when the test says so: `work` runs the oldest job, `deliver` brings its result to the Qt side."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: list[tuple[Callable[[], Any], Any, Any]] = []
        self.finished: list[Callable[[], None]] = []
        self.most_waiting = 0

    def run(
        self,
        job: Callable[[], Any],
        *,
        owner: QObject,
        then: Callable[[Any], None] | None = None,
        failed: Callable[[ReviewerError], None] | None = None,
    ) -> None:
        self.waiting.append((job, then, failed))
        self.most_waiting = max(self.most_waiting, len(self.waiting))

    def work(self) -> None:
        job, then, failed = self.waiting.pop(0)
        try:
            result = job()
        except ReviewerError as raised:
            error = raised
            if failed is not None:
                self.finished.append(lambda: failed(error))
            return
        if then is not None:
            self.finished.append(lambda: then(result))

    def deliver(self) -> None:
        while self.finished:
            self.finished.pop(0)()

    def settle(self, most: int = 100) -> None:
        """Work and deliver until nothing is left."""
        self.deliver()
        while self.waiting and most:
            most -= 1
            self.work()
            self.deliver()


class FakePlayback:
    """Frames at a fixed rate; `cost` is called before each, so that a test can let time pass."""

    def __init__(
        self,
        start_s: float,
        end_s: float,
        rate: float,
        cost: Callable[[], None],
        level: Level = Level.BLURRED,
        grey: bool = True,
    ) -> None:
        self.level = level
        self.grey = grey
        self.at_s = start_s
        self.end_s = end_s
        self.rate = rate
        self.cost = cost
        self.made: list[Frame] = []
        self.skips = True
        self.skipped = 0
        self.closed = False

    def next(self, *, not_before_s: float = 0.0) -> Frame | None:
        assert not self.closed
        self.cost()
        while self.skips and self.at_s < min(not_before_s, self.end_s):
            self.at_s += 1 / self.rate
            self.skipped += 1
        if self.at_s >= self.end_s:
            return None
        if self.grey:
            frame = grey_frame(self.level, width=32, height=18, shift=len(self.made) % 16, time_s=self.at_s)
        else:
            frame = colour_frame(self.level, width=32, height=18)
            frame.time_s = self.at_s
        self.at_s += 1 / self.rate
        self.made.append(frame)
        return frame

    def close(self) -> None:
        self.closed = True


@dataclass(frozen=True)
class FakeLine:
    """One line of a made-up text; in `words` the terms between stars are masked ones."""

    words: str
    sender: str = ""
    at: str = ""
    reported: bool = False

    @property
    def terms(self) -> list[str]:
        return self.words.split("*")[1::2]

    def said(self, *, unmask: bool) -> str:
        parts = self.words.split("*")
        return "".join(part if unmask or not at % 2 else "•" * len(part) for at, part in enumerate(parts))

    @property
    def outline(self) -> LineOutline:
        return LineOutline(len(self.said(unmask=True)), len(self.terms), self.sender, self.at, self.reported)


@dataclass
class FakeOpenItem:
    """`asked` in order; of text the lines asked for are in `lines_asked` as (first, count, unmask, of)."""

    facts: ItemFacts
    viewable: bool = True
    readable: bool = False
    transcript: bool = False
    lines: Sequence[FakeLine] = ()
    lines_asked: list[tuple[int, int, bool, TextOf]] = field(default_factory=list)
    names: Sequence[str] = ()
    names_asked: list[tuple[int, int, bool]] = field(default_factory=list)
    pages: list[int] = field(default_factory=list)
    error: ReviewerError | None = None
    asked: list[str] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    parts: list[Region | None] = field(default_factory=list)
    sizes: list[tuple[int, int]] = field(default_factory=list)
    greys: list[bool] = field(default_factory=list)
    made: list[Frame] = field(default_factory=list)
    playbacks: list[FakePlayback] = field(default_factory=list)
    moments: list[float] = field(default_factory=list)
    lie: Level | None = None
    sandbox: SandboxReport = field(
        default_factory=lambda: SandboxReport(True, True, True, False, True, True, True, detail="fake")
    )

    def _give(self, what: str, frame: Frame, at_s: float = 0.0, page: int = 0) -> Frame:
        self.asked.append(what)
        self.moments.append(at_s)
        self.pages.append(page)
        if self.error is not None:
            raise self.error
        if self.lie is not None:
            frame.level = self.lie
        self.made.append(frame)
        return frame

    def blurred(self, *, at_s: float = 0.0, page: int = 0, quick: bool = False) -> Frame:
        return self._give("quick" if quick else "blurred", grey_frame(shift=(int(at_s) + 7 * page) % 61), at_s, page)

    def drawing(self, *, max_width: int, max_height: int, at_s: float = 0.0, page: int = 0) -> Frame:
        self.sizes.append((max_width, max_height))
        return self._give("drawing", grey_frame(Level.DRAWING, width=320, height=180), at_s, page)

    def lens(
        self, region: Region, *, max_width: int, max_height: int, grey: bool, at_s: float = 0.0, page: int = 0
    ) -> Frame:
        self.regions.append(region)
        self.sizes.append((max_width, max_height))
        self.greys.append(grey)
        return self._give("lens", colour_frame(Level.LENS, width=80, height=80, region=region), at_s, page)

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
        self.greys.append(grey)
        self.parts.append(region)
        self.sizes.append((max_width, max_height))
        frame = colour_frame(Level.CLEAR, width=320, height=180) if not grey else striped_frame(Level.CLEAR)
        frame.region = region
        return self._give("clear", frame, at_s, page)

    def _read(self, what: str) -> None:
        self.asked.append(what)
        if self.error is not None:
            raise self.error

    def text_outline(self, of: TextOf = TextOf.ITEM) -> TextOutline:
        self._read("outline")
        return TextOutline(tuple(line.outline for line in self.lines), "utf-8", parts=2)

    def text_lines(self, first: int, count: int, *, unmask: bool = False, of: TextOf = TextOf.ITEM) -> tuple[str, ...]:
        if of is TextOf.SENDERS:
            self._read("names")
            self.names_asked.append((first, count, unmask))
            return tuple(self.names[first : first + count])
        self._read("lines")
        self.lines_asked.append((first, count, unmask, of))
        return tuple(line.said(unmask=unmask) for line in self.lines[first : first + count])

    def text_find(self, words: str, of: TextOf = TextOf.ITEM) -> tuple[int, ...]:
        self._read("find")
        found = (at for at, line in enumerate(self.lines) if words.lower() in line.said(unmask=True).lower())
        return tuple(found)

    def storyboard(self, *, cells: int = 20) -> Sequence[Frame]:
        return sorted(self.scenes(cells=cells), key=lambda frame: frame.time_s or 0.0)

    def scenes(self, *, cells: int = 20, level: Level = Level.BLURRED) -> Iterator[Frame]:
        """Every other scene first, then those between, as a coarse search would find them."""
        self.asked.append("storyboard" if level is Level.BLURRED else f"storyboard {level.name}")
        if self.error is not None:
            raise self.error
        length = self.facts.duration_s or 1.0
        for at in (*range(0, cells, 2), *range(1, cells, 2)):
            self.made.append(grey_frame(level, width=80, height=45, shift=at * 2, time_s=at * length / cells))
            yield self.made[-1]

    def play(self, *, start_s: float, level: Level, grey: bool, max_width: int, max_height: int) -> FakePlayback:
        self.asked.append("play" if level is Level.BLURRED else f"play {level.name}")
        self.playbacks.append(FakePlayback(start_s, self.facts.duration_s or 0.0, 25.0, lambda: None, level, grey))
        return self.playbacks[-1]

    def close(self) -> None:
        self.asked.append("close")


@dataclass
class FakeTaken:
    entry: QueueEntry
    opened: FakeOpenItem | None
    first: Frame | None = None
    draft: Draft = field(default_factory=lambda: Draft(item_id="item-1"))
    trouble: tuple[str, str, str] | None = None
    seen: Level = Level.FACTS


def policy(*, clear_seconds: float = 10.0, grey: bool = True) -> Policy:
    return Policy(
        version="test",
        harm_types=(
            HarmType(key="violence", words="Violence", start="blurred", violent=True),
            HarmType(key="careful", words="Sexual harm, minor", start="facts", highest="drawing"),
            HarmType(key="facts_first", words="Threat to life", start="facts"),
        ),
        viewing=Viewing(clear_seconds=clear_seconds, grey=grey),
    )


IMAGE = ItemFacts(kind=Kind.IMAGE, format="jpeg", size=3_482_112, width=4000, height=2250, orientation=6)
VIDEO = ItemFacts(
    kind=Kind.VIDEO, format="mp4", size=18_200_400, width=1920, height=1080, duration_s=161.0, has_sound=True
)
NOTE = EarlierNote(
    author="Reviewer 09",
    at=datetime(2026, 11, 20, 9, 30, tzinfo=UTC),
    text="Two rooms, one window with a street sign (00:16). Speech from 00:40, place name said at 01:05.",
    labels=("street sign",),
)


def entry(
    facts: ItemFacts = IMAGE, *, harm: str = "violence", notes: tuple[EarlierNote, ...] = (), danger: bool = False
) -> QueueEntry:
    item = Item(
        id="item-1",
        case_id="case-1",
        exhibit="3",
        harm_type=harm,
        facts=facts,
        fingerprints=Fingerprints(sha256="0" * 64, sha1="0" * 40, md5="0" * 32),
        container_sha256="0" * 64,
        container_size=facts.size + 400,
        forewarning=("bright flashes",),
        created_at=NOW,
    )
    referral = Referral(
        source=ReferralSource.LAW_ENFORCEMENT,
        received_at=NOW,
        claim="Uploaded to a public account and reported by two other people.",
        danger=danger,
    )
    return QueueEntry(
        item=item, case=Case(id="case-1", number="2026-01843", referral=referral, created_at=NOW), notes=notes
    )


def taken(
    facts: ItemFacts = IMAGE,
    *,
    harm: str = "violence",
    notes: tuple[EarlierNote, ...] = (),
    viewable: bool = True,
    first: Frame | None = None,
) -> FakeTaken:
    return FakeTaken(entry(facts, harm=harm, notes=notes), FakeOpenItem(facts, viewable), first)
