"""An open item whose later failures are noticed: a worker that dies while a picture is shown belongs in the log too.

It also owns the plaintext reader: when the item is closed the reader wipes its key and what it has decrypted.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from reviewer.media.frames import Frame, Region, SandboxReport
from reviewer.media.link import ItemClosed
from reviewer.media.listening import SoundStream
from reviewer.media.opened import OpenedItem
from reviewer.media.outlines import SoundOutline, TextOf, TextOutline
from reviewer.media.playback import Playback
from reviewer.model.cases import ItemFacts
from reviewer.model.errors import CaseSystemNonsense, ReviewerError
from reviewer.model.levels import Level


class Plaintext(Protocol):
    """`close` wipes what was decrypted and the key it was decrypted with. Idempotent.

    `forget` wipes what was decrypted, from any thread, while a read may be waiting for the network.
    """

    def close(self) -> None: ...
    def forget(self) -> None: ...


Failed = Callable[[ReviewerError], None]


class ContainerNotAsRegistered(CaseSystemNonsense):
    """The bytes of this item do not come as they were registered; stated of the item, not of sync."""

    code = "S007"
    happened = "The item's container is not as it was registered."
    kept = "The item can still be decided; nothing of it was believed."
    to_do = "Decide from the facts, or pass the item on, and tell your administrator."


class WatchedItem:
    """`reviewer.ui.item_ports.OpenItem`. `failed` hears of each kind of failure once, before it is raised to who asked.

    Closing the item under a request is nobody's failure and is not told.
    """

    def __init__(self, opened: OpenedItem, plaintext: Plaintext, failed: Failed) -> None:
        self._opened = opened
        self._plaintext = plaintext
        self._failed = failed
        self._told: set[str] = set()
        self._lock = threading.Lock()
        self._requests = 0
        self._closed = False

    @property
    def facts(self) -> ItemFacts:
        return self._opened.facts

    @property
    def sandbox(self) -> SandboxReport:
        return self._opened.sandbox

    @property
    def viewable(self) -> bool:
        return self._opened.viewable

    @property
    def worker_pid(self) -> int:
        return self._opened.worker_pid

    @property
    def readable(self) -> bool:
        return self._opened.readable

    @property
    def transcript(self) -> bool:
        return self._opened.transcript

    def blurred(self, *, at_s: float = 0.0, page: int = 0, quick: bool = False) -> Frame:
        with self._watching():
            return self._opened.blurred(at_s=at_s, page=page, quick=quick)

    def drawing(self, *, max_width: int, max_height: int, at_s: float = 0.0, page: int = 0) -> Frame:
        with self._watching():
            return self._opened.drawing(max_width=max_width, max_height=max_height, at_s=at_s, page=page)

    def lens(
        self, region: Region, *, max_width: int, max_height: int, grey: bool, at_s: float = 0.0, page: int = 0
    ) -> Frame:
        with self._watching():
            return self._opened.lens(
                region, max_width=max_width, max_height=max_height, grey=grey, at_s=at_s, page=page
            )

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
        with self._watching():
            return self._opened.clear(
                max_width=max_width, max_height=max_height, grey=grey, at_s=at_s, page=page, region=region
            )

    def storyboard(self, *, cells: int = 20) -> Sequence[Frame]:
        with self._watching():
            return self._opened.storyboard(cells=cells)

    def scenes(self, *, cells: int = 20, level: Level = Level.BLURRED) -> Iterator[Frame]:
        found = iter(self._opened.scenes(cells=cells, level=level))
        while True:
            with self._watching():
                frame = next(found, None)
            if frame is None:
                return
            yield frame

    def text_outline(self, of: TextOf = TextOf.ITEM) -> TextOutline:
        with self._watching():
            return self._opened.text_outline(of)

    def text_lines(self, first: int, count: int, *, unmask: bool = False, of: TextOf = TextOf.ITEM) -> tuple[str, ...]:
        with self._watching():
            return self._opened.text_lines(first, count, unmask=unmask, of=of)

    def text_find(self, words: str, of: TextOf = TextOf.ITEM) -> tuple[int, ...]:
        with self._watching():
            return self._opened.text_find(words, of)

    def sound_outline(self, *, buckets: int = 400) -> SoundOutline:
        with self._watching():
            return self._opened.sound_outline(buckets=buckets)

    def listen(self, *, start_s: float, muffled: bool) -> WatchedSound:
        with self._watching():
            return WatchedSound(self._opened.listen(start_s=start_s, muffled=muffled), self._watching)

    def play(self, *, start_s: float, level: Level, grey: bool, max_width: int, max_height: int) -> WatchedPlayback:
        with self._watching():
            playback = self._opened.play(
                start_s=start_s, level=level, grey=grey, max_width=max_width, max_height=max_height
            )
        return WatchedPlayback(playback, self._watching)

    def close(self) -> None:
        """Does not wait: a request that is under way ends with its worker, and the last one closes the reader."""
        with self._lock:
            self._closed = True
        self._opened.close()
        self._plaintext.forget()
        self._close_plaintext()

    def _close_plaintext(self) -> None:
        with self._lock:
            if not self._closed or self._requests:
                return
        self._plaintext.close()

    @contextmanager
    def _watching(self) -> Iterator[None]:
        with self._lock:
            if self._closed:
                raise ItemClosed
            self._requests += 1
        try:
            with as_registered():
                yield
        except ItemClosed:
            raise
        except ReviewerError as error:
            if self._closed:
                raise ItemClosed from None
            if error.code not in self._told:
                self._told.add(error.code)
                self._failed(error)
            raise
        finally:
            with self._lock:
                self._requests -= 1
            self._close_plaintext()


class WatchedPlayback:
    """`reviewer.ui.item_ports.Playback` of a watched item."""

    def __init__(self, playback: Playback, watching: Callable[[], AbstractContextManager[None]]) -> None:
        self._playback = playback
        self._watching = watching

    def next(self, *, not_before_s: float = 0.0) -> Frame | None:
        with self._watching():
            return self._playback.next(not_before_s=not_before_s)

    def close(self) -> None:
        self._playback.close()


class WatchedSound:
    """`reviewer.ui.item_ports.SoundStream` of a watched item."""

    def __init__(self, sound: SoundStream, watching: Callable[[], AbstractContextManager[None]]) -> None:
        self._sound = sound
        self._watching = watching

    def read(self, samples: int) -> bytes:
        with self._watching():
            return self._sound.read(samples)

    def close(self) -> None:
        self._sound.close()


@contextmanager
def as_registered() -> Iterator[None]:
    """While an item's ciphertext is read: an answer that makes no sense is about the item's container."""
    try:
        yield
    except ContainerNotAsRegistered:
        raise
    except CaseSystemNonsense:
        raise ContainerNotAsRegistered from None
