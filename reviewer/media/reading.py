"""Text of an open item, for the window: its shape, chosen lines, and where words occur. Nothing here is believed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import Annotated

import msgspec

from reviewer.media import protocol as wire
from reviewer.media.bulk import ask_for_message
from reviewer.media.link import Link, Take
from reviewer.media.outlines import (
    MAX_LINE_LENGTH,
    MAX_LINES,
    MAX_LINES_AT_ONCE,
    MAX_PARTS,
    LineOutline,
    TextOf,
    TextOutline,
    sender_label,
)
from reviewer.media.times import shown_time
from reviewer.model.errors import WorkerLied

_OUTLINE_BYTES = 8 << 20
_FOUND_BYTES = 1 << 20
_BATCH_BYTES = 2048
_MAX_TERM = 80
_ENCODING = re.compile(r"(?:[a-z0-9]{1,9}(?:[-_][a-z0-9]{1,9}){0,2})?")
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
        link.ask_for(wire.MaskTerms(batch), _started)


def text_outline(link: Link, of: TextOf) -> TextOutline:
    untrusted = ask_for_message(link, wire.OutlineText(of), _OUTLINE_BYTES, _outline, _check_outline)
    return TextOutline(untrusted.lines, untrusted.encoding, untrusted.truncated, untrusted.parts)


def text_lines(link: Link, of: TextOf, first: int, count: int, *, unmask: bool) -> tuple[str, ...]:
    """At most `count` lines from `first`; fewer at the end. Control and direction characters are taken out."""
    count = max(1, min(count, MAX_LINES_AT_ONCE))
    request = wire.ReadText(of, max(0, first), count, unmask)

    def check(untrusted: tuple[str, ...]) -> None:
        if len(untrusted) > count or any(len(line) > MAX_LINE_LENGTH for line in untrusted):
            raise WorkerLied

    untrusted = ask_for_message(link, request, count * (MAX_LINE_LENGTH * 4 + 8) + 8, _lines, check)
    return tuple(_plain(line, MAX_LINE_LENGTH) for line in untrusted)


def text_find(link: Link, of: TextOf, words: str) -> tuple[int, ...]:
    """Numbers of the lines that contain `words` (at most 200 characters), ascending."""
    return ask_for_message(link, wire.FindText(of, _sendable(words, 200)), _FOUND_BYTES, _numbers, _check_numbers)


def _started(untrusted: wire.Answer, _take: Take) -> None:
    if not isinstance(untrusted, wire.Started):
        raise WorkerLied


def _check_outline(untrusted: _Outline) -> None:
    """Nothing in an outline may carry words: times are times, and labels come one after the other."""
    labels = {""}
    for line in untrusted.lines:
        if not 0 <= line.length <= MAX_LINE_LENGTH or not 0 <= line.masked <= MAX_LINE_LENGTH:
            raise WorkerLied
        if line.sender not in labels:
            if line.sender != sender_label(len(labels) - 1):
                raise WorkerLied
            labels.add(line.sender)
        if line.at and shown_time(line.at) != line.at:
            raise WorkerLied
    if not _ENCODING.fullmatch(untrusted.encoding):
        raise WorkerLied


def _check_numbers(untrusted: tuple[int, ...]) -> None:
    ascending = all(a < b for a, b in itertools.pairwise(untrusted))
    if not ascending or any(not 0 <= number < MAX_LINES for number in untrusted):
        raise WorkerLied


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
