"""Lines of untrusted text, none longer than a limit, read in blocks: a call for each line would be most of the work."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from reviewer.casesystem.known.entry import Malformed

MAX_LINE = 64 * 1024
_BLOCK = 1 << 20


class TextLines:
    """UTF-8, a mark at its start or not. An iterator over its lines, which end with a line feed and keep it.

    `text` is a stretch of whole lines, `at` how far into it lines were handed out, `number` how many that were so far.
    """

    def __init__(self, untrusted_file: BinaryIO) -> None:
        self._blocks = _blocks(untrusted_file)
        self.text = ""
        self.at = 0
        self.number = 0

    def __iter__(self) -> TextLines:
        return self

    def __next__(self) -> str:
        if not self.more():
            raise StopIteration
        start, self.at = self.at, self.text.find("\n", self.at) + 1 or len(self.text)
        self.number += 1
        return self.text[start : self.at]

    def more(self) -> bool:
        """Whether there are lines left; from now on in `text`. `Malformed`: too-long, not-text, with its line."""
        while self.at == len(self.text):
            text = next(self._blocks, None)
            if text is None:
                return False
            self.text, self.at = text, 0
        return True

    def rest(self) -> str:
        """What is left of `text`."""
        return self.text[self.at :]

    def pass_over(self) -> None:
        """All that is left of `text` counts as handed out."""
        self.number += self.text.count("\n", self.at) + (not self.text.endswith("\n"))
        self.at = len(self.text)


def _blocks(untrusted_file: BinaryIO) -> Iterator[str]:
    begun, number = b"", 0
    while block := untrusted_file.read(_BLOCK):
        whole, feed, left = (begun + block).rpartition(b"\n")
        yield from _decoded(whole + feed, number)
        number += whole.count(b"\n") + len(feed)
        begun = left
        if len(begun) > MAX_LINE:
            raise Malformed(number + 1, "", "too-long")
    if begun:
        yield from _decoded(begun, number)


def _decoded(raw: bytes, before: int) -> Iterator[str]:
    """`before`: how many lines came earlier. The lines before one that is wrong are still handed out."""
    good, reason = _short_lines(raw), "too-long"
    text = raw[:good]
    try:
        decoded = text.decode()
    except UnicodeDecodeError as error:
        good, reason = text.rfind(b"\n", 0, error.start) + 1, "not-text"
        decoded = text[:good].decode()
    yield decoded.removeprefix("\ufeff") if not before else decoded
    if good < len(raw):
        raise Malformed(before + raw.count(b"\n", 0, good) + 1, "", reason)


def _short_lines(raw: bytes) -> int:
    """How many bytes come before the first line that is too long."""
    start = 0
    while len(raw) - start > MAX_LINE:
        # The farthest line feed within reach: every line up to there is within reach of where it begins.
        feed = raw.rfind(b"\n", start, start + MAX_LINE)
        if feed < 0:
            return start
        start = feed + 1
    return len(raw)
