"""What the windows ask of an item: opened in its sealed worker, on the desk, or as one veiled cell among many.

`reviewer.workstation` satisfies these; tests may use small fakes. Every method is blocking and is called through
`ui.bridge`, never on the Qt thread, except where its docstring says "immediate". All failures are `ReviewerError`s.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from reviewer.media.frames import Frame, Region, SandboxReport
from reviewer.media.outlines import SoundOutline, TextOf, TextOutline
from reviewer.model.cases import ItemFacts, QueueEntry
from reviewer.model.decisions import Draft
from reviewer.model.levels import Level


class Playback(Protocol):
    def next(self, *, not_before_s: float = 0.0) -> Frame | None:
        """The next frame in presentation order (its `time_s` set), or None at the end. Blocking.

        Frames before `not_before_s` may be skipped where they are decoded.
        """
        ...

    def close(self) -> None: ...


class SoundStream(Protocol):
    def read(self, samples: int) -> bytes:
        """At most `samples` of mono, signed 16 bit, little-endian sound at `SOUND_RATE`; empty at the end. Blocking."""
        ...

    def close(self) -> None: ...


class Readable(Protocol):
    """Words that can be read line by line. Blocking."""

    def text_outline(self, of: TextOf = ...) -> TextOutline: ...
    def text_lines(self, first: int, count: int, *, unmask: bool = False, of: TextOf = ...) -> tuple[str, ...]: ...
    def text_find(self, words: str, of: TextOf = ...) -> tuple[int, ...]: ...


class OpenItem(Protocol):
    """An item open in its own sealed worker. Every method that shows something is blocking; MediaError on failure.

    `page` is a page of a document, a frame of an animation or a picture of a multi-page file, from 0; there are
    `facts.pages` of them.
    """

    @property
    def facts(self) -> ItemFacts: ...
    @property
    def sandbox(self) -> SandboxReport: ...
    @property
    def viewable(self) -> bool:
        """It has pictures. False for text, sound, archives, and what nobody knows."""
        ...

    @property
    def readable(self) -> bool:
        """Text, a chat or an e-mail: the text methods work."""
        ...

    @property
    def transcript(self) -> bool:
        """A transcript was delivered inside the item: the text methods work with `TextOf.TRANSCRIPT`."""
        ...

    def blurred(self, *, at_s: float = 0.0, page: int = 0, quick: bool = False) -> Frame:
        """Small and grey, whatever the item; long side at most the policy's `blurred_long_side`.

        `quick`: the nearest key frame will do, for previews while scrubbing.
        """
        ...

    def drawing(self, *, max_width: int, max_height: int, at_s: float = 0.0, page: int = 0) -> Frame: ...
    def lens(
        self, region: Region, *, max_width: int, max_height: int, grey: bool, at_s: float = 0.0, page: int = 0
    ) -> Frame: ...
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
        ...

    def storyboard(self, *, cells: int = 20) -> Sequence[Frame]:
        """Up to `cells` BLURRED frames of distinct scenes, each with its `time_s`."""
        ...

    def scenes(self, *, cells: int = 20, level: Level = Level.BLURRED) -> Iterator[Frame]:
        """The storyboard's frames one by one as they are found, in any order of time. Each `next` is blocking.

        At BLURRED or DRAWING.
        """
        ...

    def text_outline(self, of: TextOf = TextOf.ITEM) -> TextOutline:
        """The shape of a text, chat, e-mail or transcript: how many lines, how long, from whom. No words."""
        ...

    def text_lines(self, first: int, count: int, *, unmask: bool = False, of: TextOf = TextOf.ITEM) -> tuple[str, ...]:
        """The words of at most `count` lines from `first`; the policy's terms are masked unless `unmask`."""
        ...

    def text_find(self, words: str, of: TextOf = TextOf.ITEM) -> tuple[int, ...]:
        """Numbers of the lines that contain `words`, whatever the case. Reveals nothing else."""
        ...

    def sound_outline(self, *, buckets: int = 400) -> SoundOutline:
        """Loudness and how speech-like it is, over time. Nothing can be heard from it."""
        ...

    def listen(self, *, start_s: float, muffled: bool) -> SoundStream:
        """The sound from `start_s`, beside pictures that play; `muffled` takes away the high part, in the worker."""
        ...

    def play(self, *, start_s: float, level: Level, grey: bool, max_width: int, max_height: int) -> Playback: ...
    def close(self) -> None:
        """Drops every buffer and ends the worker. Idempotent, quick."""
        ...


class TakenItem(Protocol):
    """A leased queue entry on the desk. `opened` is None and `trouble` says why when it could not be opened."""

    @property
    def entry(self) -> QueueEntry: ...
    @property
    def opened(self) -> OpenItem | None: ...
    @property
    def first(self) -> Frame | None:
        """The first veiled frame, when the item starts at BLURRED and could be opened."""
        ...

    @property
    def draft(self) -> Draft: ...
    @property
    def seen(self) -> Level:
        """The highest level at which this person has seen the item before, in this session or an earlier one."""
        ...

    @property
    def trouble(self) -> tuple[str, str, str] | None:
        """(what happened, what was kept, what to do)"""
        ...


class VeiledCells(Protocol):
    """Many items side by side, BLURRED or as facts."""

    @property
    def sealed(self) -> bool | None:
        """Immediate. Whether the worker of the last thumbnail was sealed; None before the first."""
        ...

    def thumbnail(self, item_id: str) -> Frame:
        """One small grey frame, BLURRED; its worker is closed again. Blocking, two at a time; the caller wipes it.

        MediaError, AgeError or SyncError where there is none; `ItemClosed` when `drop` came first.
        """
        ...

    def drop(self) -> None:
        """Immediate. End every worker that is making a thumbnail, and turn away what waits for one."""
        ...

    def showing(self, cells: Mapping[str, str]) -> None:
        """Immediate. Of these items (ids with their harm types) pixels are on the screen now; of no others.

        Called whenever that changes and once a second. Their viewing records count it as seen at BLURRED.
        """
        ...

    def form(self) -> Draft | None:
        """What was answered for many and has not become decisions. Blocking; saved by `Session.save_draft`."""
        ...

    def looked_at(self, item_ids: Iterable[str]) -> frozenset[str]:
        """Immediate. Those of which this person has seen or heard anything, now or in an earlier session."""
        ...
