"""What items with sound can do beside showing pictures: be listened to, outlined, and read where a transcript is in."""

from __future__ import annotations

from collections.abc import Sequence

from reviewer.media.formats import Format
from reviewer.media.outlines import SoundOutline, TextOf, TextOutline
from reviewer.media.worker.failures import unsupported
from reviewer.media.worker.lines import Lines
from reviewer.media.worker.sound import SoundReader
from reviewer.media.worker.sound_outline import outline
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.transcript import read_transcript


class Heard:
    """For audio and video items. Satisfies `abilities.Audible`, and `abilities.Readable` for the transcript."""

    def __init__(self, source: RangeSource, form: Format) -> None:
        self._source = source
        self._form = form
        self._masked: list[str] = []
        self._transcript: Lines | None = None

    def sound_outline(self, buckets: int) -> SoundOutline:
        return outline(self._source, self._form, buckets)

    def sound(self, start_s: float, *, muffled: bool) -> SoundReader:
        reader = SoundReader(self._source, self._form, muffled=muffled)
        try:
            if start_s > 0.0:
                reader.start_at(start_s)
        except BaseException:
            reader.close()
            raise
        return reader

    def mask(self, terms: Sequence[str]) -> None:
        self._masked += terms
        if self._transcript is not None:
            self._transcript.mask(terms)

    def outline(self, of: TextOf) -> TextOutline:
        return self._lines(of).outline()

    def lines(self, of: TextOf, first: int, count: int, *, unmask: bool) -> Sequence[str]:
        return self._lines(of).read(first, count, unmask=unmask)

    def find(self, of: TextOf, words: str) -> Sequence[int]:
        return self._lines(of).find(words)

    def _lines(self, of: TextOf) -> Lines:
        if of is TextOf.SENDERS:
            return Lines((), "utf-8")
        if of is not TextOf.TRANSCRIPT:
            raise unsupported()
        if self._transcript is None:
            self._transcript = read_transcript(self._source, self._form)
            self._transcript.mask(self._masked)
        return self._transcript
