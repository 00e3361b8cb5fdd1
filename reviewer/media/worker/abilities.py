"""What an open item may be able to do beside giving pictures. The server asks with `isinstance`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from reviewer.media.outlines import Part, SoundOutline, TextOf, TextOutline


@runtime_checkable
class Readable(Protocol):
    """Text, chat, e-mail, or a transcript inside sound. Lines are numbered from 0 as the outline has them."""

    def mask(self, terms: Sequence[str]) -> None:
        """Add terms (whole words, whatever the case) that stay masked unless asked for."""
        ...

    def outline(self, of: TextOf) -> TextOutline: ...
    def lines(self, of: TextOf, first: int, count: int, *, unmask: bool) -> Sequence[str]: ...
    def find(self, of: TextOf, words: str) -> Sequence[int]: ...


class Sound(Protocol):
    def read(self, samples: int) -> bytes:
        """At most `samples` of mono, signed 16 bit sound at `SOUND_RATE`; empty at the end."""
        ...

    def close(self) -> None: ...


@runtime_checkable
class Audible(Protocol):
    def sound_outline(self, buckets: int) -> SoundOutline: ...
    def sound(self, start_s: float, *, muffled: bool) -> Sound: ...


@runtime_checkable
class Holder(Protocol):
    """Archives and e-mail: files inside that become items at intake."""

    def parts(self) -> Sequence[Part]: ...
    def read_part(self, index: int, offset: int, length: int) -> bytes:
        """Bytes of the unpacked part; empty at its end. In order is quick, going back unpacks it again."""
        ...
