"""Text of an open item, for the window: its shape, chosen lines, and where words occur. Nothing here is believed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

import msgspec

from reviewer.media import protocol as wire
from reviewer.media.bulk import ask_for_message
from reviewer.media.link import Link
from reviewer.media.outlines import MAX_LINE_LENGTH, MAX_LINES, MAX_LINES_AT_ONCE, LineOutline, TextOf, TextOutline
from reviewer.model.errors import WorkerLied

_OUTLINE_BYTES = 8 << 20
_FOUND_BYTES = 1 << 20
_BATCH_BYTES = 2048
_MAX_TERM = 80
_outline: msgspec.msgpack.Decoder[TextOutline] = msgspec.msgpack.Decoder(TextOutline)
_lines: msgspec.msgpack.Decoder[tuple[str, ...]] = msgspec.msgpack.Decoder(tuple[str, ...])
_numbers: msgspec.msgpack.Decoder[tuple[int, ...]] = msgspec.msgpack.Decoder(tuple[int, ...])


def give_terms(link: Link, terms: Sequence[str]) -> None:
    """Tell the worker which words stay masked, in messages that fit."""
    for batch in _batches(terms):
        answer = link.ask(wire.MaskTerms(batch))
        if not isinstance(answer, wire.Started):
            raise WorkerLied


def text_outline(link: Link, of: TextOf) -> TextOutline:
    untrusted = ask_for_message(link, wire.OutlineText(of), _OUTLINE_BYTES, _outline)
    if len(untrusted.lines) > MAX_LINES or untrusted.parts < 0:
        raise WorkerLied
    return TextOutline(
        tuple(_checked(line) for line in untrusted.lines),
        _plain(untrusted.encoding, 24),
        untrusted.truncated,
        untrusted.parts,
    )


def text_lines(link: Link, of: TextOf, first: int, count: int, *, unmask: bool) -> tuple[str, ...]:
    """At most `count` lines from `first`; fewer at the end. Control and direction characters are taken out."""
    count = max(1, min(count, MAX_LINES_AT_ONCE))
    request = wire.ReadText(of, max(0, first), count, unmask)
    untrusted = ask_for_message(link, request, count * (MAX_LINE_LENGTH * 4 + 8) + 8, _lines)
    if len(untrusted) > count:
        raise WorkerLied
    return tuple(_plain(line, MAX_LINE_LENGTH) for line in untrusted)


def text_find(link: Link, of: TextOf, words: str) -> tuple[int, ...]:
    """Numbers of the lines that contain `words` (at most 200 characters), ascending."""
    untrusted = ask_for_message(link, wire.FindText(of, words[:200]), _FOUND_BYTES, _numbers)
    ascending = all(a < b for a, b in itertools.pairwise(untrusted))
    if not ascending or any(not 0 <= number < MAX_LINES for number in untrusted):
        raise WorkerLied
    return untrusted


def _checked(untrusted: LineOutline) -> LineOutline:
    if not 0 <= untrusted.length <= MAX_LINE_LENGTH or not 0 <= untrusted.masked <= MAX_LINE_LENGTH:
        raise WorkerLied
    return LineOutline(
        untrusted.length,
        untrusted.masked,
        _plain(untrusted.sender, 8),
        _plain(untrusted.at, 40),
        untrusted.reported,
    )


def _plain(untrusted: str, most: int) -> str:
    """Text a label may show: no control characters, and none that turn the direction of writing around."""
    return "".join(c if c.isprintable() else " " for c in untrusted[:most])


def _batches(terms: Sequence[str]) -> Iterator[tuple[str, ...]]:
    batch: list[str] = []
    size = 0
    for term in terms:
        cut = term[:_MAX_TERM]
        if size + len(cut.encode()) + 8 > _BATCH_BYTES and batch:
            yield tuple(batch)
            batch, size = [], 0
        batch.append(cut)
        size += len(cut.encode()) + 8
    if batch:
        yield tuple(batch)
