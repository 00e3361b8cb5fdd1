"""Sound of an open item: its shape over time, and a stream of samples for whoever plays it."""

from __future__ import annotations

import contextlib

import msgspec

from reviewer.media import protocol as wire
from reviewer.media.bulk import ask_for_bytes, ask_for_message
from reviewer.media.checks import checked_time
from reviewer.media.link import Link
from reviewer.media.outlines import MAX_BUCKETS, SOUND_RATE, SoundOutline
from reviewer.model.errors import MediaError, WorkerLied

_outline: msgspec.msgpack.Decoder[SoundOutline] = msgspec.msgpack.Decoder(SoundOutline)


def sound_outline(link: Link, buckets: int) -> SoundOutline:
    """Loudness and how speech-like it is, in at most `buckets` steps. Nothing can be heard from it."""
    buckets = max(1, min(buckets, MAX_BUCKETS))

    def check(untrusted: SoundOutline) -> None:
        if len(untrusted.peaks) > buckets or len(untrusted.speech) != len(untrusted.peaks):
            raise WorkerLied
        checked_time(untrusted.duration_s)

    untrusted = ask_for_message(link, wire.OutlineSound(buckets), 2 * MAX_BUCKETS + 64, _outline, check)
    return SoundOutline(checked_time(untrusted.duration_s) or 0.0, untrusted.peaks, untrusted.speech)


class SoundStream:
    """One stream of sound of one open item. Satisfies `reviewer.ui.ports.SoundStream`."""

    def __init__(self, link: Link, stream: int) -> None:
        self._link = link
        self._stream = stream
        self._over = False

    def read(self, samples: int) -> bytes:
        """At most `samples` of mono, signed 16 bit, little-endian sound at `SOUND_RATE`; empty at the end. Blocking."""
        if self._over:
            return b""
        wanted = max(1, min(samples, 2 * SOUND_RATE))
        data = ask_for_bytes(self._link, wire.NextSound(self._stream, wanted), 2 * wanted)
        if data is not None and (len(data) % 2 or not data):
            self._link.kill()
            raise WorkerLied
        self._over = data is None
        return bytes(data or b"")

    def close(self) -> None:
        """Stop decoding. Idempotent; the item stays open."""
        if not self._over:
            self._over = True
            with contextlib.suppress(MediaError):
                self._link.ask(wire.StopSound(self._stream))
