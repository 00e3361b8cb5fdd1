"""A transcript made on this machine, held in memory alone and read like any other text: outline first, terms masked."""

from __future__ import annotations

from collections.abc import Sequence

from reviewer.media.outlines import MAX_LINES_AT_ONCE, LineOutline, TextOf, TextOutline
from reviewer.media.transcriber import Utterance
from reviewer.media.worker.masking import MASK, Folded, Terms


class Spoken:
    """Satisfies `reviewer.ui.ports.Readable`. The words are what a model heard, not what was said."""

    def __init__(self, utterances: Sequence[Utterance], masked_terms: Sequence[str]) -> None:
        self._lines = tuple(utterances)
        self._terms = Terms(masked_terms)

    def text_outline(self, of: TextOf = TextOf.TRANSCRIPT) -> TextOutline:
        """How long each line is and when it is said; no words."""
        return TextOutline(
            tuple(
                LineOutline(len(line.words), len(self._spans(line.words)), at=_clock(line.start_s))
                for line in self._lines
            ),
            "",
        )

    def text_lines(
        self, first: int, count: int, *, unmask: bool = False, of: TextOf = TextOf.TRANSCRIPT
    ) -> tuple[str, ...]:
        """The words of at most `count` lines from `first`; terms are masked unless `unmask`."""
        first, count = max(first, 0), min(count, MAX_LINES_AT_ONCE)
        words = [line.words for line in self._lines[first : first + max(count, 0)]]
        return tuple(words) if unmask else tuple(map(self._masked, words))

    def text_find(self, words: str, of: TextOf = TextOf.TRANSCRIPT) -> tuple[int, ...]:
        """Numbers of the lines that contain `words`, whatever the case."""
        return tuple(at for at, line in enumerate(self._lines) if next(Folded(line.words).find(words), None))

    def _spans(self, words: str) -> list[tuple[int, int]]:
        return self._terms.spans(Folded(words)) if self._terms else []

    def _masked(self, words: str) -> str:
        for start, end in self._spans(words):
            words = words[:start] + MASK * (end - start) + words[end:]
        return words


def _clock(seconds: float) -> str:
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
