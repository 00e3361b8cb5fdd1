"""What a person is given next: the first that are free for them, in the turn their wishes leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from reviewer.model.cases import QueueEntry
from reviewer.model.choosing import Wishes, in_turn
from reviewer.vault.store import projection, queue_words
from reviewer.vault.store.queue_beginning import OFFERED
from reviewer.vault.store.queue_order import ME, NOBODY, Lines, QueueOrder, Rows, numbers

# Colleagues may have the first few hundred; where they have more than this, the next one is chosen by hand.
LOOKED_AT = 2_000

_CALM, _NO_DEADLINE = 2, 1  # of `rank`
_Mask = npt.NDArray[np.bool_]
_Offered = tuple[tuple[QueueEntry, ...], frozenset[str]]


def offered(db: Any, rows: Rows, shown: Lines, order: QueueOrder, wishes: Wishes) -> _Offered:
    """(entries in their turn, ids of those that are reluctant); `shown` are places in `rows`, as they are listed."""
    if not wishes.any:
        looked_at = rows[shown[:LOOKED_AT]]
        return _entries(db, looked_at["line"][_free(looked_at)][:OFFERED]), frozenset()
    free = rows[shown]
    free = free[_free(free)]
    urgent = _urgent(free, wishes)
    coarse = _by_columns(free, order, wishes)
    some = _first(np.flatnonzero(urgent | ~coarse), np.flatnonzero(coarse & ~urgent))
    labelled = _maybe_labelled(db, wishes)
    left = (free["assigned"] != ME) & (free["received"] >= round(wishes.left_since * 1e6))
    sharable = _among(free["harm"], order, wishes.violent) & left
    waiting = [
        _Line(
            db=db,
            line=int(free["line"][at]),
            urgent=bool(urgent[at]),
            coarse=bool(coarse[at]),
            maybe=int(free["line"][at]) in labelled,
            sharable=bool(sharable[at]),
            wishes=wishes,
        )
        for at in some.tolist()
    ]
    turns = [waiting[at] for at in in_turn(waiting, wishes.places, OFFERED)]
    entries = _entries(db, (one.line for one in turns))
    kept = {one.line for one in turns if one.avoided and not one.urgent}
    lines = {entry.item.id: line for line, entry in projection.by_lines(db, kept)}
    return entries, frozenset(lines)


@dataclass
class _Line:
    """One that is free. Only where a label may be meant is its entry read."""

    db: Any
    line: int
    urgent: bool
    coarse: bool
    maybe: bool
    sharable: bool
    wishes: Wishes

    @cached_property
    def avoided(self) -> bool:
        if self.coarse or not self.maybe:
            return self.coarse
        return any(self.wishes.avoids(entry) for _line, entry in projection.by_lines(self.db, (self.line,)))


def _free(rows: Rows) -> _Mask:
    """Nobody else has it, and it was not given to somebody else; what is in danger goes to anybody."""
    unleased = (rows["leased"] == NOBODY) | (rows["leased"] == ME)
    for_me = (rows["assigned"] == NOBODY) | (rows["assigned"] == ME) | ((rows["rank"] & _CALM) == 0)
    free: _Mask = unleased & for_me
    return free


def _urgent(rows: Rows, wishes: Wishes) -> _Mask:
    soon = ((rows["rank"] & _NO_DEADLINE) == 0) & (rows["due"] <= round(wishes.urgent_until * 1e6))
    urgent: _Mask = ((rows["rank"] & _CALM) == 0) | soon
    return urgent


def _by_columns(rows: Rows, order: QueueOrder, wishes: Wishes) -> _Mask:
    return _among(rows["harm"], order, wishes.harms) | _among(rows["kind"], order, wishes.kinds)


def _among(column: Lines, order: QueueOrder, names: Iterable[str]) -> _Mask:
    codes = [code for code in map(order.code, names) if code >= 0]
    return np.isin(column, np.array(codes, dtype=column.dtype))


def _maybe_labelled(db: Any, wishes: Wishes) -> frozenset[int]:
    """Lines with these words somewhere in what is known of them: all that can be meant, and a few that are not."""
    found: set[int] = set()
    for words in {words for label in wishes.labels for words in label}:
        lines = queue_words.found(db, words)
        found.update(numbers(lines).tolist())
    return frozenset(found)


def _first(ready: Lines, behind: Lines) -> Lines:
    """The first of each, in order."""
    return np.sort(np.concatenate((ready[:LOOKED_AT], behind[:OFFERED])))


def _entries(db: Any, lines: Iterable[int]) -> tuple[QueueEntry, ...]:
    return tuple(entry for _line, entry in projection.by_lines(db, map(int, lines)))
