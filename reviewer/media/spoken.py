"""A transcript made on this machine, held in memory alone and read like any other text: outline first, terms masked."""

from __future__ import annotations

from collections.abc import Sequence

from reviewer.media.outlines import MAX_LINES_AT_ONCE, TextOf, TextOutline
from reviewer.media.transcriber import Utterance
from reviewer.media.worker.lines import Lines, Passage  # pure: no parser comes with it


class Spoken:
    """Satisfies `reviewer.ui.ports.Readable`. The words are what a model heard, not what was said.

    A term that begins in one utterance and ends in the next is masked in both.
    """

    def __init__(self, utterances: Sequence[Utterance], masked_terms: Sequence[str]) -> None:
        self._lines = Lines((Passage(said.words, at=_clock(said.start_s)) for said in utterances), "")
        self._lines.mask(masked_terms)

    def text_outline(self, of: TextOf = TextOf.TRANSCRIPT) -> TextOutline:
        """How long each line is and when it is said; no words."""
        return self._lines.outline()

    def text_lines(
        self, first: int, count: int, *, unmask: bool = False, of: TextOf = TextOf.TRANSCRIPT
    ) -> tuple[str, ...]:
        """The words of at most `count` lines from `first`; terms are masked unless `unmask`."""
        return tuple(self._lines.read(max(first, 0), max(0, min(count, MAX_LINES_AT_ONCE)), unmask=unmask))

    def text_find(self, words: str, of: TextOf = TextOf.TRANSCRIPT) -> tuple[int, ...]:
        """Numbers of the lines that contain `words`, whatever the case."""
        return tuple(self._lines.find(words))


def _clock(seconds: float) -> str:
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
