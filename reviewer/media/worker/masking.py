"""Finding words in text whatever their case, width or composition, and the spans of terms that stay masked."""

from __future__ import annotations

import bisect
import re
import unicodedata
from collections.abc import Iterator, Sequence

_Node = dict[str, "_Node"]  # pieces of a pattern, and what may follow each

_MAX_TERM = 80
_MAX_TERMS = 4000
# Writing without spaces between words, or (Hangul) with endings joined to them: a term counts inside a longer run too.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_CHARACTER = re.compile(f"[{_UNSPACED}]")
_NO_WORD_BEFORE = f"(?<![^\\W_{_UNSPACED}])"
_NO_WORD_AFTER = f"(?![^\\W_{_UNSPACED}])"


class Folded:
    """Text made comparable (compatibility form, caseless), with the way back to the places in the original."""

    def __init__(self, text: str) -> None:
        plain: dict[int, str] = {}
        special: dict[str, str] = {}
        for character in set(text):
            folded = fold(character)
            if len(folded) == 1:
                plain[ord(character)] = folded
            else:
                special[character] = folded
        # Where a stretch of `folded` begins, and where that is in the original; inside one, both run alike.
        self._at_folded = [0]
        self._at_text = [0]
        if not special:
            self.text = text.lower() if text.isascii() else text.translate(plain)
            return
        pieces: list[str] = []
        at = length = 0
        for found in re.finditer(f"[{re.escape(''.join(special))}]", text):
            place = found.start()
            instead = special[text[place]]
            pieces += (text[at:place].translate(plain), instead)
            length += place - at
            self._point(length, place)
            length += len(instead)
            at = place + 1
            self._point(length, at)
        pieces.append(text[at:].translate(plain))
        self.text = "".join(pieces)

    def find(self, words: str) -> Iterator[tuple[int, int]]:
        """Where `words` occur, as spans of the original in order. White space in them stands for any."""
        pattern = _loose(fold_all(words))
        if pattern:
            for found in re.finditer(pattern, self.text):
                yield self.span(found.start(), found.end())

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's characters that `start` to `end` of the folded text came from."""
        return self._original(start), self._original(end - 1) + 1

    def _point(self, folded: int, original: int) -> None:
        if self._at_folded[-1] == folded:
            self._at_text[-1] = original
        else:
            self._at_folded.append(folded)
            self._at_text.append(original)

    def _original(self, folded: int) -> int:
        index = bisect.bisect_right(self._at_folded, folded) - 1
        run = folded - self._at_folded[index]
        if index + 1 < len(self._at_text):
            run = min(run, self._at_text[index + 1] - 1 - self._at_text[index])  # inside "ss" that was one letter
        return self._at_text[index] + run


class Terms:
    """Words and phrases that stay masked: whole words, whatever the case, over line ends too."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = tuple(dict.fromkeys(f for f in (fold_all(t[:_MAX_TERM]).strip() for t in terms) if f))[
            :_MAX_TERMS
        ]
        self._patterns: list[re.Pattern[str]] | None = None

    def __bool__(self) -> bool:
        return bool(self._terms)

    def and_also(self, terms: Sequence[str]) -> Terms:
        return Terms((*self._terms, *terms))

    def spans(self, text: Folded) -> list[tuple[int, int]]:
        """Spans of the original that a term covers, in order, overlapping ones as one."""
        if self._patterns is None:
            self._patterns = _patterns(self._terms)
        found = (text.span(*match.span(1)) for pattern in self._patterns for match in pattern.finditer(text.text))
        merged: list[tuple[int, int]] = []
        for start, end in sorted(found):
            if merged and start < merged[-1][1]:
                merged[-1] = merged[-1][0], max(merged[-1][1], end)
            else:
                merged.append((start, end))
        return merged


def fold(character: str) -> str:
    """One character made comparable: compatibility form, no case; nothing for joiners and other unseen ones."""
    if unicodedata.category(character) == "Cf":
        return ""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", character).casefold())


def fold_all(text: str) -> str:
    return "".join(map(fold, unicodedata.normalize("NFC", text)))


def _loose(folded: str) -> str:
    """A pattern for these characters, with any white space where they have some."""
    return r"\s+".join(re.escape(word) for word in folded.split())


def _patterns(folded_terms: Sequence[str]) -> list[re.Pattern[str]]:
    """At most four patterns for all terms, which share their beginnings. Each finds the longest at every place."""
    tries: dict[tuple[bool, bool], _Node] = {}
    for term in folded_terms:
        node = tries.setdefault((_is_word(term[0]), _is_word(term[-1])), {})
        for token in re.findall(r"\s+|\S", term):
            node = node.setdefault(r"\s+" if token.isspace() else re.escape(token), {})
        node[""] = {}
    return [
        re.compile(f"{_NO_WORD_BEFORE if before else ''}(?=({_branches(trie)}){_NO_WORD_AFTER if after else ''})")
        for (before, after), trie in tries.items()
    ]


def _branches(node: _Node) -> str:
    if len(node) == 1:
        ((token, rest),) = node.items()
        return token + (_branches(rest) if rest else "")
    # An end of a term is tried after what goes on from there.
    ends = [token for token, rest in node.items() if not rest]
    longer = [token + _branches(rest) for token, rest in node.items() if rest]
    return f"(?:{'|'.join(longer + ends)})"


def _is_word(character: str) -> bool:
    return character.isalnum() and not _UNSPACED_CHARACTER.match(character)
