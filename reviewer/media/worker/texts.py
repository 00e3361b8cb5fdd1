"""Plain text, tables, JSON, HTML and chats: items that are read line by line and have no picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reviewer.media.formats import Format
from reviewer.media.outlines import TextOf, TextOutline
from reviewer.media.protocol import Facts
from reviewer.media.worker import chats, hypertext
from reviewer.media.worker.chat_fields import Labels
from reviewer.media.worker.encoding import SAMPLE, decoded
from reviewer.media.worker.failures import unsupported
from reviewer.media.worker.lines import MAX_CHARACTERS, Lines, Passage, split
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.source import RangeSource

MAX_BYTES = 64 << 20
"""Of a text that are decoded at all; the outline says so if there are more."""


class TextItem:
    """Read and decoded when its lines are first asked for."""

    def __init__(self, source: RangeSource, form: Format) -> None:
        self._source = source
        self._form = form
        self._lines: dict[TextOf, Lines] = {}
        self._terms: list[str] = []

    def facts(self) -> Facts:
        return Facts(int(self._form), -1, -1, -1.0, -1, False, 1, False, readable=True)

    def mask(self, terms: Sequence[str]) -> None:
        self._terms += terms
        for lines in self._lines.values():
            lines.mask(terms)

    def outline(self, of: TextOf) -> TextOutline:
        return self._read(of).outline()

    def lines(self, of: TextOf, first: int, count: int, *, unmask: bool) -> Sequence[str]:
        return self._read(of).read(first, count, unmask=unmask)

    def find(self, of: TextOf, words: str) -> Sequence[int]:
        return self._read(of).find(words)

    def grey(self, long_side: int, at_s: float) -> Picture:
        raise unsupported()

    def colour(self, at_s: float, share: float) -> Picture:
        raise unsupported()

    def turn_to(self, page: int) -> None:
        raise unsupported()

    def time_of(self, at_s: float) -> float:
        raise unsupported()

    def _read(self, of: TextOf) -> Lines:
        if of is TextOf.TRANSCRIPT:
            raise unsupported()
        if not self._lines:
            data = first_bytes(self._source, MAX_BYTES)
            said = hypertext.declared_encoding(bytes(data[:SAMPLE])) if self._form is Format.HTML else ""
            found = decoded(data, said)
            truncated = self._source.size > len(data) or len(found.text) > 2 * MAX_CHARACTERS
            truncated |= self._form is Format.HTML and len(found.text) > hypertext.MAX_MARKUP
            labels = Labels()
            passages = _passages(found.text[: 2 * MAX_CHARACTERS], self._form, labels)
            lines = Lines(passages, found.name, truncated=truncated)  # and then `labels` knows who wrote them
            self._lines = {TextOf.ITEM: lines, TextOf.SENDERS: Lines(map(Passage, labels.names), found.name)}
            for lines in self._lines.values():
                lines.mask(self._terms)
        return self._lines[of]


def first_bytes(source: RangeSource, most: int) -> bytearray:
    """At most `most` bytes from the start, in one buffer. Raises `RangeFailed` if they cannot be read."""
    if source.size <= most:
        return source.read_all()
    data = bytearray(most)
    source.seek(0)
    del data[source.readinto(data) :]
    return data


def _passages(text: str, form: Format, labels: Labels) -> Iterable[Passage]:
    if form is Format.HTML:
        return split(hypertext.seen_text(text[: hypertext.MAX_MARKUP]))
    if form in (Format.CHAT, Format.JSON, Format.CSV):
        messages = chats.messages(text, labels)
        if messages is not None:
            return messages
    return split(text)
