"""The worker's loop: one item, one request at a time, until the broker hangs up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from reviewer.media import protocol as wire
from reviewer.media.formats import Format, kind_of
from reviewer.media.protocol import Code
from reviewer.media.worker import fingerprint, veil
from reviewer.media.worker.channel import Channel, HostGone, RangeFailed
from reviewer.media.worker.failures import Unshowable, damaged
from reviewer.media.worker.identify import HEAD, identify
from reviewer.media.worker.images import ImageItem
from reviewer.media.worker.others import FactsOnly
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.video import VideoItem
from reviewer.model.levels import Kind


class Item(Protocol):
    """An item open in the worker. Pictures are upright, uint8; `at_s` is ignored by stills."""

    def facts(self) -> wire.Facts: ...
    def grey(self, long_side: int, at_s: float) -> NDArray[np.uint8]: ...
    def colour(self, at_s: float) -> NDArray[np.uint8]: ...
    def time_of(self, at_s: float) -> float: ...


class Server:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._item: Item | None = None
        self._size = 0
        self._stream: Iterator[wire.Pixels] | None = None

    def run(self) -> None:
        """Serve until the broker hangs up. Nothing an item does ends the loop, except ending the process."""
        while True:
            try:
                request = self._channel.receive()
                self._channel.send(self._answer(request))
            except HostGone:
                return

    def _answer(self, request: wire.Request) -> wire.Answer:
        try:
            return self._handle(request)
        except HostGone:
            raise
        except Unshowable as error:
            return wire.Failed(int(error.code))
        except RangeFailed:
            return wire.Failed(int(Code.SOURCE))
        except MemoryError:
            return wire.Failed(int(Code.TOO_LARGE))
        except cv2.error as error:
            return wire.Failed(int(Code.TOO_LARGE if "Insufficient memory" in str(error) else Code.DAMAGED))
        except (av.FFmpegError, OSError, ValueError, ArithmeticError, LookupError):
            return wire.Failed(int(Code.DAMAGED))
        except Exception:  # whatever a codec raises is a fact about the item, not a reason to die
            return wire.Failed(int(Code.INTERNAL))

    def _handle(self, request: wire.Request) -> wire.Answer:
        match request:
            case wire.Open(size):
                return self._open(size)
            case wire.ShowBlurred(long_side, at_s):
                item = self._opened()
                small = veil.blurred(item.grey(long_side, at_s), long_side)
                return self._channel.put(small, item.time_of(at_s))
            case wire.ShowDrawing(max_width, max_height, at_s):
                item = self._opened()
                sketch = veil.drawing(item.grey(veil.DRAWING_LONG_SIDE, at_s), max_width, max_height)
                return self._channel.put(sketch, item.time_of(at_s))
            case wire.ShowRegion(x, y, width, height, max_width, max_height, grey, at_s):
                item = self._opened()
                part = veil.region(item.colour(at_s), x, y, width, height, (max_width, max_height), grey)
                return self._channel.put(part, item.time_of(at_s))
            case wire.TakeFingerprints():
                return self._fingerprints()
            case wire.Next():
                if self._stream is None:
                    return wire.End()
                return next(self._stream, wire.End())
            case wire.Stop():
                self._stream = None
                return wire.End()
            case _:
                raise damaged()

    def _open(self, size: int) -> wire.Facts:
        self._size = size
        source = RangeSource(self._channel.fetch, size)
        form = identify(source.read(min(size, HEAD)) or b"")
        source.seek(0)
        kind = kind_of(form)
        try:
            if kind is Kind.IMAGE:
                self._item = ImageItem(source, form)
            elif kind is Kind.VIDEO or form is Format.M4A:
                video = VideoItem(source, form)
                self._item = video if video.has_picture else FactsOnly(source, form)
            else:
                self._item = FactsOnly(source, form)
        except Unshowable as error:
            self._item = Broken(form, error)
        return self._item.facts()

    def _opened(self) -> Item:
        if self._item is None:
            raise damaged()
        return self._item

    def _fingerprints(self) -> wire.Digests:
        item = self._opened()
        picture: NDArray[np.uint8] | None = None
        if isinstance(item, ImageItem):
            try:
                picture = item.colour(0.0)
            except (Unshowable, cv2.error, MemoryError, OSError, ValueError):
                picture = None  # the digests of a damaged picture still matter
        return fingerprint.digests(self._channel.fetch, self._size, picture)


class Broken:
    """An item whose kind is known but which cannot be opened further: facts now, the reason when pixels are asked."""

    def __init__(self, form: Format, why: Unshowable) -> None:
        self._form = form
        self._why = why

    def facts(self) -> wire.Facts:
        return wire.Facts(int(self._form), -1, -1, -1.0, -1, False, 1, True)

    def grey(self, long_side: int, at_s: float) -> NDArray[np.uint8]:
        raise Unshowable(self._why.code)

    def colour(self, at_s: float) -> NDArray[np.uint8]:
        raise Unshowable(self._why.code)

    def time_of(self, at_s: float) -> float:
        raise Unshowable(self._why.code)
