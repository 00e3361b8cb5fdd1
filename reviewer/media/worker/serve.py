"""The worker's loop: one item, one request at a time, until the broker hangs up."""

from __future__ import annotations

from collections.abc import Iterator

import av
import cv2

from reviewer.media import protocol as wire
from reviewer.media.formats import Format, kind_of
from reviewer.media.protocol import Code
from reviewer.media.worker import fingerprint, streams, veil
from reviewer.media.worker.answers import SoundDesk, part_answer, text_answer
from reviewer.media.worker.archives import ArchiveItem
from reviewer.media.worker.audio import AudioItem
from reviewer.media.worker.channel import Channel, HostGone
from reviewer.media.worker.documents import PdfItem
from reviewer.media.worker.failures import Unshowable, damaged, unsupported
from reviewer.media.worker.identify import identify_source
from reviewer.media.worker.images import ImageItem
from reviewer.media.worker.mails import MailItem
from reviewer.media.worker.others import Broken, FactsOnly
from reviewer.media.worker.pictures import Item, Picture
from reviewer.media.worker.plausible import plausible
from reviewer.media.worker.source import RangeFailed, RangeSource
from reviewer.media.worker.texts import TextItem
from reviewer.media.worker.video import VideoItem
from reviewer.model.levels import Kind


class Server:
    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._item: Item | None = None
        self._source: RangeSource | None = None
        self._asked = wire.Open(0)
        self._size = 0
        self._stream: Iterator[streams.Timed] | None = None
        self._number = 0
        self._playing: streams.Playing | None = None
        self._ahead: streams.Timed | Exception | None = None
        self._behind = False
        self._sounds = SoundDesk(channel)

    def run(self) -> None:
        """Serve until the broker hangs up. Nothing an item does ends the loop, except ending the process."""
        while True:
            try:
                request = self._channel.receive()
                self._channel.send(self._answer(request))
                self._look_ahead()
            except HostGone:
                return

    def _answer(self, request: wire.Request) -> wire.Answer:
        try:
            return self._handle(request)
        except HostGone:
            raise
        except Exception as error:  # whatever a codec raises is a fact about the item, not a reason to die
            return wire.Failed(int(_code_of(error)))

    def _handle(self, request: wire.Request) -> wire.Answer:
        if self._source is not None:
            self._source.try_again()
        match request:
            case wire.Open():
                self._asked = request
                return self._open(request.size)
            case wire.ShowBlurred(long_side, at_s, page, quick):
                item = self._turned(page)
                if quick and isinstance(item, VideoItem):
                    glance, found_s = item.glance(long_side, at_s)
                    return self._channel.put(veil.blurred(glance, long_side, self._asked.blurred_style), found_s)
                small = veil.blurred(item.grey(long_side, at_s), long_side, self._asked.blurred_style)
                return self._channel.put(small, item.time_of(at_s))
            case wire.ShowDrawing(max_width, max_height, at_s, page):
                item = self._turned(page)
                grey = item.grey(wire.DRAWING_LONG_SIDE, at_s)
                sketch = veil.drawing(grey, max_width, max_height, self._asked.drawing_style)
                return self._channel.put(sketch, item.time_of(at_s))
            case wire.ShowRegion():
                return self._show_region(request)
            case wire.TakeFingerprints():
                return self._fingerprints()
            case wire.StartStoryboard():
                self._begin(request.stream, streams.storyboard(self._video(), request, self._asked))
                return wire.Started()
            case wire.StartPlay():
                playing = streams.Playing(self._video(), request, self._asked)
                self._begin(request.stream, iter(playing))
                self._playing = playing
                return wire.Started()
            case wire.Next(stream, not_before_s):
                return self._next(not_before_s) if stream == self._number else wire.End()
            case wire.Stop(stream):
                if stream == self._number:
                    self._begin(0, None)
                return wire.End()
            case _:
                return self._beyond_pictures(request)

    def _beyond_pictures(self, request: wire.Request) -> wire.Answer:
        item = self._opened()
        match request:
            case wire.MaskTerms() | wire.OutlineText() | wire.ReadText() | wire.FindText():
                return text_answer(self._channel, item, request)
            case wire.StartSound() | wire.NextSound() | wire.StopSound() | wire.OutlineSound():
                return self._sounds.answer(item, request)
            case wire.ListParts() | wire.ReadPart():
                return part_answer(self._channel, item, request)
            case _:
                raise damaged()

    def _open(self, size: int) -> wire.Facts:
        self._size = size
        source = self._source = RangeSource(self._channel.fetch, size)
        form = identify_source(source)
        kind = kind_of(form)
        try:
            if kind is Kind.IMAGE:
                self._item = ImageItem(source, form)
            elif kind is Kind.VIDEO or form is Format.M4A:
                video = VideoItem(source, form)
                self._item = video if video.has_picture else AudioItem(source, form)
            elif kind is Kind.AUDIO:
                self._item = AudioItem(source, form)
            elif kind is Kind.ARCHIVE:
                self._item = ArchiveItem(source, form)
            elif kind in (Kind.TEXT, Kind.CHAT):
                self._item = TextItem(source, form)
            elif kind is Kind.EMAIL:
                self._item = MailItem(source)
            elif kind is Kind.DOCUMENT:
                self._item = PdfItem(source)
            else:
                self._item = FactsOnly(source, form)
        except Unshowable as error:
            self._item = AudioItem(source, form) if kind is Kind.AUDIO else Broken(form, error)
        return plausible(self._item.facts())

    def _show_region(self, asked: wire.ShowRegion) -> wire.Answer:
        item = self._turned(asked.page)
        facts = item.facts()
        box = asked.max_width, asked.max_height
        share = veil.share_needed(facts.width, facts.height, (asked.width, asked.height), box)
        whole = item.colour(asked.at_s, share)
        part = veil.region(whole, asked.x, asked.y, asked.width, asked.height, box, asked.grey)
        if isinstance(item, ImageItem) and not asked.grey:
            part = item.in_srgb(part)
        return self._channel.put(part, item.time_of(asked.at_s))

    def _next(self, not_before_s: float) -> wire.Answer:
        ready, self._ahead = self._ahead, None
        if self._playing is not None:
            self._playing.not_before_s = not_before_s
        if isinstance(ready, Exception):
            raise ready
        self._behind = ready is not None and ready[1] < not_before_s
        if ready is None or self._behind:
            ready = next(self._stream, None) if self._stream is not None else None
        if ready is None:
            self._begin(0, None)
            return wire.End()
        return self._channel.put(*ready)

    def _look_ahead(self) -> None:
        """While the broker shows one frame, decode the next. What goes wrong is told when it is asked for."""
        if self._stream is None or self._ahead is not None or self._behind:
            return  # behind the viewer's clock the next frame would be late as well, and drawn for nothing
        try:
            self._ahead = next(self._stream, None)
        except HostGone:
            raise
        except Exception as error:  # kept for `_next`
            self._ahead = error

    def _begin(self, number: int, stream: Iterator[streams.Timed] | None) -> None:
        self._number, self._stream = number, stream
        self._playing = self._ahead = None
        self._behind = False

    def _video(self) -> VideoItem:
        item = self._opened()
        if isinstance(item, Broken):
            item.time_of(0.0)  # raises why
        if not isinstance(item, VideoItem):
            raise unsupported()
        return item

    def _opened(self) -> Item:
        if self._item is None:
            raise damaged()
        return self._item

    def _turned(self, page: int) -> Item:
        item = self._opened()
        item.turn_to(page)
        return item

    def _fingerprints(self) -> wire.Digests:
        item = self._opened()
        picture: Picture | None = None
        scenes: fingerprint.Scenes = ()
        if isinstance(item, VideoItem):
            scenes = fingerprint.scenes_of(item)
        elif item.facts().viewable:
            try:
                item.turn_to(0)
                picture = item.colour(0.0, 1.0)
            except (Unshowable, cv2.error, MemoryError, OSError, ValueError):
                picture = None  # the digests of a damaged picture still matter
        return fingerprint.digests(self._channel.fetch, self._size, picture, scenes)


def _code_of(error: Exception) -> Code:
    if isinstance(error, Unshowable):
        return error.code
    if isinstance(error, RangeFailed):
        return Code.SOURCE
    if isinstance(error, MemoryError) or (isinstance(error, cv2.error) and "nsufficient memory" in str(error)):
        return Code.TOO_LARGE
    if isinstance(error, (av.FFmpegError, cv2.error, OSError, ValueError, ArithmeticError, LookupError)):
        return Code.DAMAGED
    return Code.INTERNAL
