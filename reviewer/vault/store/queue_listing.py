"""Answers what is asked of the queue from its order in memory; only the entries of the first screenful are read."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from reviewer.model.cases import QueueEntry
from reviewer.model.choosing import NO_WISHES, Wishes
from reviewer.model.queue_view import Grouping, Only, QueueAsk, QueueGroup, QueueGroups, QueueListing
from reviewer.vault.store import projection, queue_words
from reviewer.vault.store.queue_beginning import FIRST
from reviewer.vault.store.queue_offered import offered
from reviewer.vault.store.queue_order import ME, Lines, QueueOrder, Rows, numbers

_HELD, _CALM, _NO_DEADLINE = 4, 2, 1  # of `rank`
_FLAGS = {Only.KNOWN: projection.MATCHED, Only.SECOND: projection.SECOND}
_GROUP_COLUMNS = {Grouping.CASE: "case", Grouping.PERSON: "person"}
_Mask = npt.NDArray[np.bool_]


def listing(db: Any, ask: QueueAsk, order: QueueOrder, revision: int, wishes: Wishes = NO_WISHES) -> QueueListing:
    """See `QueueListing`, for the member of `order`: what is theirs, and what may be offered to them."""
    rows = order.rows(db)
    held = (rows["rank"] & _HELD) > 0
    danger = (rows["rank"] & _CALM) == 0
    shown = np.flatnonzero(_passing(rows, held, danger, ask, order) & _with_words(db, rows, ask.words))
    column = _GROUP_COLUMNS.get(ask.grouping)
    groups: Sequence[QueueGroup] = ()
    firsts = shown[:FIRST]
    if column is not None:
        shown, starts, keys = _grouped(shown, rows[column][shown])
        firsts = shown[starts[:FIRST]]
        groups = _groups(rows["line"][shown], danger[shown], starts, keys)
    danger_held = int(np.count_nonzero(danger & held))
    danger_waiting = int(np.count_nonzero(danger)) - danger_held
    danger_shown = int(np.count_nonzero(danger[shown]))
    aside = Only.HELD in ask.only
    next_ones, reluctant = offered(db, rows, shown, order, wishes)
    return QueueListing(
        ask=ask,
        lines=_array(rows["line"][shown]),
        groups=groups,
        first=tuple(projection.by_lines(db, _plain(rows["line"][firsts]))),
        offered=next_ones,
        reluctant=reluctant,
        waiting=int(np.count_nonzero(~held)),
        held=int(np.count_nonzero(held)),
        with_notes=int(np.count_nonzero(~held & ((rows["flags"] & projection.NOTED) > 0))),
        danger_not_shown=danger_waiting if aside else danger_waiting - danger_shown,
        danger_held=danger_held - danger_shown if aside else danger_held,
        revision=revision,
    )


def of_case(db: Any, order: QueueOrder, case_id: str, most: int) -> tuple[list[QueueEntry], int]:
    """The first `most` entries of it, what is held last, and how many there are."""
    rows = order.rows(db)
    lines = rows["line"][rows["case"] == projection.number_of(case_id)]
    entries = (entry for _line, entry in projection.by_lines(db, _plain(lines[:most])))
    return [entry for entry in entries if entry.case.id == case_id], len(lines)


def _passing(rows: Rows, held: _Mask, danger: _Mask, ask: QueueAsk, order: QueueOrder) -> _Mask:
    passing: _Mask = held if Only.HELD in ask.only else ~held
    if Only.DANGER in ask.only:
        passing = passing & danger
    if Only.DUE_TODAY in ask.only:
        passing = passing & ((rows["rank"] & _NO_DEADLINE) == 0) & (rows["due"] < round(ask.today_ends * 1e6))
    if Only.MINE in ask.only:
        passing = passing & (rows["assigned"] == ME)
    for only, flag in _FLAGS.items():
        if only in ask.only:
            passing = passing & ((rows["flags"] & flag) > 0)
    for column, chosen in (("source", ask.source), ("kind", ask.kind), ("harm", ask.harm)):
        if chosen is not None:
            passing = passing & (rows[column] == order.code(getattr(chosen, "value", chosen)))
    return passing


def _with_words(db: Any, rows: Rows, words: str) -> _Mask:
    found = queue_words.found(db, words)
    return np.ones(len(rows), dtype=bool) if found is None else np.isin(rows["line"], numbers(found))


def _grouped(shown: Lines, keys: Lines) -> tuple[Lines, Lines, Lines]:
    """(places by group, where each group starts among them, its key); the group of the most urgent one comes first."""
    if not len(shown):
        return shown, shown, keys
    names, firsts, group = np.unique(keys, return_index=True, return_inverse=True)
    # `names` are in order of the number; each group's turn is that of its first line.
    by_urgency = np.argsort(firsts)
    turn = np.empty_like(by_urgency)
    turn[by_urgency] = np.arange(len(by_urgency))
    # Numbers of 16 bits are sorted five times as fast.
    turns = turn[group].astype(np.uint16 if len(names) <= 1 << 16 else np.int64)
    counts = np.bincount(turns)
    return shown[np.argsort(turns, kind="stable")], np.cumsum(counts) - counts, names[by_urgency]


def _groups(lines: Lines, danger: _Mask, starts: Lines, keys: Lines) -> QueueGroups:
    in_danger = np.add.reduceat(danger, starts, dtype=np.int64) if len(starts) else starts
    return QueueGroups(keys=_array(keys), starts=_array(starts), danger=_array(in_danger), lines=_array(lines))


def _array(values: Lines) -> array[int]:
    made = array("q")
    made.frombytes(np.ascontiguousarray(values, dtype=np.int64).tobytes())
    return made


def _plain(values: Lines) -> Iterable[int]:
    return map(int, values)
