"""Answers about text, sound and parts: what an item that can do it says, put into the slot."""

from __future__ import annotations

import msgspec

from reviewer.media import protocol as wire
from reviewer.media.outlines import MAX_BUCKETS, MAX_LINES_AT_ONCE
from reviewer.media.worker.abilities import Audible, Holder, Readable, Sound
from reviewer.media.worker.channel import Channel
from reviewer.media.worker.failures import damaged, unsupported
from reviewer.media.worker.pictures import Item

_MAX_READ = 1 << 20
_MAX_SAMPLES = 48_000
_encode = msgspec.msgpack.Encoder().encode


def text_answer(channel: Channel, item: Item, request: wire.Request) -> wire.Answer:
    if not isinstance(item, Readable):
        raise unsupported()
    match request:
        case wire.MaskTerms(terms):
            item.mask(terms)
            return wire.Started()
        case wire.OutlineText(of):
            return channel.put_bytes(_encode(item.outline(of)))
        case wire.ReadText(of, first, count, unmask):
            count = max(1, min(count, MAX_LINES_AT_ONCE))
            return channel.put_bytes(_encode(list(item.lines(of, max(0, first), count, unmask=unmask))))
        case wire.FindText(of, words):
            return channel.put_bytes(_encode(list(item.find(of, words))))
    raise damaged()


def part_answer(channel: Channel, item: Item, request: wire.Request) -> wire.Answer:
    if not isinstance(item, Holder):
        raise unsupported()
    match request:
        case wire.ListParts():
            return channel.put_bytes(_encode(list(item.parts())))
        case wire.ReadPart(index, offset, length):
            data = item.read_part(index, offset, max(1, min(length, _MAX_READ)))
            return channel.put_bytes(data) if data else wire.End()
    raise damaged()


class SoundDesk:
    """The one stream of sound that may run beside a stream of pictures."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel
        self._number = 0
        self._sound: Sound | None = None

    def answer(self, item: Item, request: wire.Request) -> wire.Answer:
        if not isinstance(item, Audible):
            raise unsupported()
        match request:
            case wire.OutlineSound(buckets):
                return self._channel.put_bytes(_encode(item.sound_outline(max(1, min(buckets, MAX_BUCKETS)))))
            case wire.StartSound(stream, start_s, muffled):
                self._end()
                self._number, self._sound = stream, item.sound(start_s, muffled=muffled)
                return wire.Started()
            case wire.NextSound(stream, samples):
                return self._next(stream, max(1, min(samples, _MAX_SAMPLES)))
            case wire.StopSound(stream):
                if stream == self._number:
                    self._end()
                return wire.End()
        raise damaged()

    def _next(self, stream: int, samples: int) -> wire.Answer:
        if self._sound is None or stream != self._number:
            return wire.End()  # of a stream another has taken the place of; that one goes on
        data = self._sound.read(samples)
        if data:
            return self._channel.put_bytes(data)
        self._end()
        return wire.End()

    def _end(self) -> None:
        sound, self._sound, self._number = self._sound, None, 0
        if sound is not None:
            sound.close()
