"""Kinds that open at FACTS for now: sound, text, documents, archives, and what nobody knows."""

from __future__ import annotations

from reviewer.media.formats import Format
from reviewer.media.protocol import Facts
from reviewer.media.worker.demux import DEMUXERS, duration_of, open_container
from reviewer.media.worker.failures import Unshowable, unsupported
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.source import RangeSource


class FactsOnly:
    """Tells what it is and how long it sounds. Asking for pixels is refused as unsupported."""

    def __init__(self, source: RangeSource, form: Format) -> None:
        self._form = form
        self._duration_s = -1.0
        self._has_sound = False
        if form in DEMUXERS:
            try:
                with open_container(source, form) as container:
                    self._has_sound = bool(container.streams.audio)
                    self._duration_s = duration_of(container)
            except Unshowable:
                pass  # damaged sound still has a kind and a size

    def facts(self) -> Facts:
        return Facts(int(self._form), -1, -1, self._duration_s, -1, self._has_sound, 1, False)

    def grey(self, long_side: int, at_s: float) -> Picture:
        raise unsupported()

    def colour(self, at_s: float, share: float) -> Picture:
        raise unsupported()

    def turn_to(self, page: int) -> None:
        raise unsupported()

    def time_of(self, at_s: float) -> float:
        raise unsupported()


class Broken:
    """An item whose kind is known but which cannot be opened further: facts now, the reason when pixels are asked."""

    def __init__(self, form: Format, why: Unshowable) -> None:
        self._form = form
        self._why = why

    def facts(self) -> Facts:
        return Facts(int(self._form), -1, -1, -1.0, -1, False, 1, True)

    def grey(self, long_side: int, at_s: float) -> Picture:
        raise Unshowable(self._why.code)

    def colour(self, at_s: float, share: float) -> Picture:
        raise Unshowable(self._why.code)

    def turn_to(self, page: int) -> None:
        raise Unshowable(self._why.code)

    def time_of(self, at_s: float) -> float:
        raise Unshowable(self._why.code)
