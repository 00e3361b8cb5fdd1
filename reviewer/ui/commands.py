"""What the command palette offers, and how well typed letters fit it. No widgets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

# Each is worth more than any number of the next.
_WORD_START, _INSIDE, _SCATTERED = 3.0, 2.0, 1.0


@dataclass(frozen=True, slots=True)
class Command:
    """One line. `shown` is its key as a cap says it, `why_not` why it does nothing now (empty: it does something).

    `run` answers False when it did nothing after all.
    """

    name: str
    group: str
    words: str
    shown: str
    why_not: str
    run: Callable[[], bool]


def fit(typed: str, command: Command) -> float:
    """How well `typed` fits, 0.0 when it does not: every word of it must, in the words, the group or the key.

    At the start of a word beats inside one, and that beats letters in the right order with others between; of those
    the closest together. The usual way of such palettes; a library's edit distance would forgive typing errors but
    not find "pio" in "Pass the item on".
    """
    words, group, key = command.words.casefold(), command.group.casefold(), command.shown.casefold()
    if not typed.strip():
        return _SCATTERED
    if typed.casefold().strip() == key:
        return 4.0
    total = 0.0
    for part in typed.casefold().split():
        best = max(_part_fit(part, words), 0.8 * _part_fit(part, group), 0.8 * (_INSIDE if part in key.split() else 0))
        if best == 0.0:
            return 0.0
        total += best
    return total / len(typed.split())


def ranked(typed: str, commands: Iterable[Command]) -> list[Command]:
    """Those that fit, the best first; of equals what can be done now first, then the order they came in."""
    fitting = [(fit(typed, command), command) for command in commands]
    chosen = [(worth, command) for worth, command in fitting if worth > 0.0]
    chosen.sort(key=lambda pair: (-round(pair[0], 2), bool(pair[1].why_not)))
    return [command for _worth, command in chosen]


def _part_fit(part: str, words: str) -> float:
    at = words.find(part)
    if at >= 0:
        starts = at == 0 or f" {part}" in words
        # The more of the line it is, the better.
        return (_WORD_START if starts else _INSIDE) + len(part) / (len(words) + 1)
    span = _shortest_span(part, words)
    return _SCATTERED * len(part) / span if span else 0.0


def _shortest_span(part: str, words: str) -> int:
    """Length of the shortest stretch of `words` that has the letters of `part` in order; 0 for none."""
    best = 0
    for first, letter in enumerate(words):
        if letter != part[0]:
            continue
        at = first
        for wanted in part[1:]:
            at = words.find(wanted, at + 1)
            if at < 0:
                return best
        length = at - first + 1
        best = length if not best else min(best, length)
    return best
