"""Text of an open item, for the window: its shape, chosen lines, and where words occur. Nothing here is believed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec

from reviewer.media import protocol as wire
from reviewer.media.bulk import ask_for_message
from reviewer.media.link import Link
from reviewer.media.outlines import (
    MAX_LINE_LENGTH,
    MAX_LINES,
    MAX_LINES_AT_ONCE,
    MAX_PARTS,
    LineOutline,
    TextOf,
    TextOutline,
)
from reviewer.model.errors import WorkerLied

_OUTLINE_BYTES = 8 << 20
_FOUND_BYTES = 1 << 20
_BATCH_BYTES = 2048
_MAX_TERM = 80
_JOINERS = "\u200c\u200d"  # unseen, but writing in Persian, Hindi and others falls apart without them


class _Outline(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """`TextOutline` with its caps in the types: a list that is too long is refused before it is built."""

    lines: Annotated[tuple[LineOutline, ...], msgspec.Meta(max_length=MAX_LINES)]
    encoding: Annotated[str, msgspec.Meta(max_length=80)]
    truncated: bool = False
    parts: Annotated[int, msgspec.Meta(ge=0, le=MAX_PARTS)] = 0


_Lines = Annotated[tuple[str, ...], msgspec.Meta(max_length=MAX_LINES_AT_ONCE)]
_Numbers = Annotated[tuple[int, ...], msgspec.Meta(max_length=MAX_LINES)]
_outline: msgspec.msgpack.Decoder[_Outline] = msgspec.msgpack.Decoder(_Outline)
_lines: msgspec.msgpack.Decoder[tuple[str, ...]] = msgspec.msgpack.Decoder(_Lines)
_numbers: msgspec.msgpack.Decoder[tuple[int, ...]] = msgspec.msgpack.Decoder(_Numbers)


def give_terms(link: Link, terms: Sequence[str]) -> None:
    """Tell the worker which words stay masked, in messages that fit."""
    for batch in _batches(terms):
        answer = link.ask(wire.MaskTerms(batch))
        if not isinstance(answer, wire.Started):
            raise WorkerLied


def text_outline(link: Link, of: TextOf) -> TextOutline:
    untrusted = ask_for_message(link, wire.OutlineText(of), _OUTLINE_BYTES, _outline)
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
    if len(untrusted) > count or any(len(line) > MAX_LINE_LENGTH for line in untrusted):
        raise WorkerLied
    return tuple(_plain(line, MAX_LINE_LENGTH) for line in untrusted)


def text_find(link: Link, of: TextOf, words: str) -> tuple[int, ...]:
    """Numbers of the lines that contain `words` (at most 200 characters), ascending."""
    untrusted = ask_for_message(link, wire.FindText(of, _sendable(words, 200)), _FOUND_BYTES, _numbers)
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
    return "".join(c if c.isprintable() or c in _JOINERS else " " for c in untrusted[:most])


def _sendable(text: str, most: int) -> str:
    """Without halves of characters, which a person can paste and no message can carry."""
    return text[:most].encode("utf-8", "ignore").decode("utf-8")


def _batches(terms: Sequence[str]) -> Iterator[tuple[str, ...]]:
    batch: list[str] = []
    size = 0
    for term in terms:
        cut = _sendable(term, _MAX_TERM)
        if size + len(cut.encode()) + 8 > _BATCH_BYTES and batch:
            yield tuple(batch)
            batch, size = [], 0
        batch.append(cut)
        size += len(cut.encode()) + 8
    if batch:
        yield tuple(batch)
