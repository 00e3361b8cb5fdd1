"""Text as numbered lines: its outline, chosen lines with the policy's terms masked, and where words occur.

A line longer than the cap goes on in the next, so that nothing is cut off. Masks are laid over the whole text, so that
a term that runs over the end of a line is masked in both.
"""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from reviewer.media.outlines import MASK, MAX_LINE_LENGTH, MAX_LINES, LineOutline, TextOutline
from reviewer.media.times import shown_time
from reviewer.media.worker.masking import Folded, Terms

MAX_CHARACTERS = 8 << 20
"""Of one text; what comes after is not shown, and the outline says so."""

_ENDS = re.compile("\r\n|[\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029]")
_JOINERS = "\u200c\u200d"


@dataclass(frozen=True, slots=True)
class Passage:
    """A line of a text, or one message: `sender` is a label, never a name.

    `at` is what stands where its time belongs. If that is no time it is read as part of the words.
    """

    text: str
    sender: str = ""
    at: str = ""
    reported: bool = False


class Lines:
    """Lines numbered from 0, none longer than `MAX_LINE_LENGTH`, at most `MAX_LINES`."""

    def __init__(self, passages: Iterable[Passage], encoding: str, *, truncated: bool = False) -> None:
        self._encoding = encoding
        self._terms = Terms(())
        self._starts: list[int] = []
        self._ends: list[int] = []
        self._about: list[Passage] = []
        self._truncated = truncated
        self._text = self._laid_out(passages)
        self._folded: Folded | None = None
        self._spans: list[tuple[int, int]] | None = None

    def mask(self, terms: Sequence[str]) -> None:
        self._terms = self._terms.and_also(terms)
        self._spans = None

    def outline(self, parts: int = 0) -> TextOutline:
        times = {about.at for about in self._about} if self._terms else set()
        veiled = {at for at in times if self._terms.spans(Folded(at))}
        shapes = tuple(
            LineOutline(
                end - start,
                len(self._masked(start, end)),
                about.sender,
                "" if about.at in veiled else about.at,
                about.reported,
            )
            for start, end, about in zip(self._starts, self._ends, self._about, strict=True)
        )
        return TextOutline(shapes, self._encoding, self._truncated, parts)

    def read(self, first: int, count: int, *, unmask: bool) -> list[str]:
        lines = []
        for start, end in zip(self._starts[first : first + count], self._ends[first : first + count], strict=True):
            lines.append(self._text[start:end] if unmask else self._veiled(start, end))
        return lines

    def find(self, words: str) -> list[int]:
        """Numbers of the lines `words` occur in, whatever the case; both where they run over the end of a line."""
        found: list[int] = []
        for start, end in self._fold().find(words):
            number = max(0, bisect.bisect_right(self._starts, start) - 1)
            while number < len(self._starts) and self._starts[number] < end:
                if self._ends[number] > start and (not found or found[-1] < number):
                    found.append(number)
                number += 1
        return found

    def _veiled(self, start: int, end: int) -> str:
        line = self._text[start:end]
        for first, last in self._masked(start, end):
            a, b = max(first, start) - start, min(last, end) - start
            line = line[:a] + MASK * (b - a) + line[b:]
        return line

    def _masked(self, start: int, end: int) -> list[tuple[int, int]]:
        """The masked spans that touch a part of the text."""
        if self._spans is None:
            self._spans = self._terms.spans(self._fold()) if self._terms else []
        at = bisect.bisect_right(self._spans, (start, start))
        if at and self._spans[at - 1][1] > start:
            at -= 1
        touching = []
        while at < len(self._spans) and self._spans[at][0] < end:
            if self._spans[at][1] > start:
                touching.append(self._spans[at])
            at += 1
        return touching

    def _fold(self) -> Folded:
        if self._folded is None:
            self._folded = Folded(self._text)
        return self._folded

    def _laid_out(self, passages: Iterable[Passage]) -> str:
        kept: list[str] = []
        at = 0
        for passage in passages:
            if len(self._starts) >= MAX_LINES or at >= MAX_CHARACTERS:
                self._truncated = True
                break
            when = shown_time(clean(passage.at[:100]))
            said = passage.text if when or not passage.at.strip() else f"{passage.at} {passage.text}"
            text = clean(said[: MAX_CHARACTERS - at])
            self._truncated |= len(said) > MAX_CHARACTERS - at
            about = replace(passage, text="", at=when)
            for start, end in _wrapped(text):
                if len(self._starts) >= MAX_LINES:
                    self._truncated = True
                    text = text[:start]
                    break
                self._starts.append(at + start)
                self._ends.append(at + end)
                self._about.append(about)
            kept.append(text)
            at += len(text) + 1
        return "\n".join(kept)


def split(text: str) -> Iterator[Passage]:
    """The lines of a plain text, without their ends; not one more for an end at the very end."""
    at = 0
    for end in _ENDS.finditer(text):
        yield Passage(text[at : end.start()])
        at = end.end()
    if at < len(text):
        yield Passage(text[at:])


def clean(text: str) -> str:
    """What a label may show, in composed form (NFC): no control or direction characters, tabs as spaces."""
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text.replace("\t", "    "))
    if text.isprintable():
        return text
    return "".join(kept for kept in map(_CLEANED.__getitem__, text))


class _Cleaned(dict[str, str]):
    def __missing__(self, character: str) -> str:
        if character.isprintable() or character in _JOINERS:
            shown = character
        else:
            shown = "" if unicodedata.category(character) == "Cf" else " "
        self[character] = shown
        return shown


_CLEANED = _Cleaned()


def _wrapped(text: str) -> Iterator[tuple[int, int]]:
    """Stretches of at most `MAX_LINE_LENGTH`, broken at a space where there is one near the end."""
    start = 0
    while len(text) - start > MAX_LINE_LENGTH:
        space = text.rfind(" ", start + MAX_LINE_LENGTH - 200, start + MAX_LINE_LENGTH)
        end = space + 1 if space > start else start + MAX_LINE_LENGTH
        yield start, end
        start = end
    yield start, len(text)
