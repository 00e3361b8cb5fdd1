"""Answers what is asked of the queue: one walk along its covering index, in order; no entry is read for it.

Lines come back as one value, put together inside SQLite: a hundred thousand rows fetched one by one cost three times
as much, and every one of them takes Python's lock from the window.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass
from itertools import chain
from typing import Any

from reviewer.model.cases import QueueEntry
from reviewer.model.queue_view import Grouping, Only, QueueAsk, QueueGroup, QueueListing
from reviewer.vault.store import projection, queue_words

# What a window shows before anything is scrolled, and how many to choose the next item from.
FIRST = 40
OFFERED = 16
# Colleagues may have the first few hundred; where they have more than this, the next one is chosen by hand.
LOOKED_AT = 2_000

_FLAGS = {Only.KNOWN: projection.MATCHED, Only.SECOND: projection.SECOND}
_ORDER = "ORDER BY calm, no_deadline, due_at, received_at, line"
_GROUP_COLUMNS = {Grouping.CASE: "case_key", Grouping.PERSON: "person_key"}


@dataclass(frozen=True, slots=True)
class _Where:
    """A condition made of our own words only; every value from outside is a parameter."""

    condition: str
    values: tuple[object, ...]


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Of the whole queue at one `revision`: the same for whatever is asked of it."""

    revision: int
    waiting: int
    held: int
    with_notes: int
    danger: int
    danger_held: int


def counted(db: Any, revision: int) -> QueueCounts:
    return QueueCounts(
        revision=revision,
        waiting=_count(db, "held = 0"),
        held=_count(db, "held = 1"),
        with_notes=_count(db, f"held = 0 AND flags & {projection.NOTED}"),
        danger=_count(db, "held = 0 AND calm = 0"),
        danger_held=_count(db, "held = 1 AND calm = 0"),
    )


def listing(db: Any, ask: QueueAsk, member_id: str, counts: QueueCounts) -> QueueListing:
    """See `QueueListing`. `member_id` is who asks: what is theirs, and what may be offered to them."""
    where = _where(ask, member_id)
    found = queue_words.found(db, ask.words)
    column = _GROUP_COLUMNS.get(ask.grouping)
    groups = _groups(db, where, column, found) if column is not None else ()
    lines = array("q", chain.from_iterable(g.lines for g in groups)) if column else _lines(db, where, found)
    held = Only.HELD in ask.only
    shown_danger = len(_lines(db, _Where(f"{where.condition} AND calm = 0", where.values), found))
    return QueueListing(
        ask=ask,
        lines=lines,
        groups=groups,
        first=tuple(projection.by_lines(db, _first_lines(lines, groups))),
        offered=_offered(db, lines, member_id),
        waiting=counts.waiting,
        held=counts.held,
        with_notes=counts.with_notes,
        danger_not_shown=counts.danger if held else counts.danger - shown_danger,
        danger_held=counts.danger_held - shown_danger if held else counts.danger_held,
        revision=counts.revision,
    )


def _where(ask: QueueAsk, member_id: str) -> _Where:
    conditions, values = [f"held = {int(Only.HELD in ask.only)}"], list[object]()
    if Only.DANGER in ask.only:
        conditions.append("calm = 0")
    if Only.DUE_TODAY in ask.only:
        conditions.append("no_deadline = 0 AND due_at < ?")
        values.append(ask.today_ends)
    if Only.MINE in ask.only:
        conditions.append("assigned_to = ?")
        values.append(member_id)
    conditions += [f"flags & {flag}" for only, flag in _FLAGS.items() if only in ask.only]
    for column, chosen in (("source", ask.source), ("kind", ask.kind), ("harm", ask.harm)):
        if chosen is not None:
            conditions.append(f"{column} = ?")
            values.append(getattr(chosen, "value", chosen))
    return _Where(" AND ".join(conditions), tuple(values))


def _lines(db: Any, where: _Where, found: frozenset[int] | None) -> array[int]:
    ordered = f"SELECT line FROM queue WHERE hidden = 0 AND {where.condition} {_ORDER}"  # noqa: S608
    (joined,) = db.execute(f"SELECT group_concat(line) FROM ({ordered})", where.values).fetchone()  # noqa: S608
    lines = _numbers(joined)
    return lines if found is None else array("q", filter(found.__contains__, lines))


def _groups(db: Any, where: _Where, column: str, found: frozenset[int] | None) -> tuple[QueueGroup, ...]:
    """In the order of their most urgent lines."""
    ordered = f"SELECT line, {column} AS key, calm FROM queue WHERE hidden = 0 AND {where.condition} {_ORDER}"  # noqa: S608
    asked = f"SELECT group_concat(line), group_concat(key), sum(NOT calm) FROM ({ordered})"  # noqa: S608
    lines, keys, danger = db.execute(asked, where.values).fetchone()
    members: dict[int, array[int]] = {}
    counts: dict[int, int] = {}
    # Whoever is in danger comes first in the order.
    for at, (line, key) in enumerate(zip(_numbers(lines), _numbers(keys), strict=True)):
        if found is not None and line not in found:
            continue
        if key not in members:
            members[key], counts[key] = array("q"), 0
        members[key].append(line)
        counts[key] += at < (danger or 0)
    return tuple(QueueGroup(key, held, counts[key]) for key, held in members.items())


def _numbers(joined: str | None) -> array[int]:
    return array("q", map(int, joined.split(","))) if joined else array("q")


def _first_lines(lines: array[int], groups: tuple[QueueGroup, ...]) -> list[int]:
    return [group.lines[0] for group in groups[:FIRST]] if groups else list(lines[:FIRST])


def _count(db: Any, condition: str) -> int:
    return int(db.execute(f"SELECT count(*) FROM queue WHERE hidden = 0 AND {condition}").fetchone()[0])  # noqa: S608


def _offered(db: Any, lines: array[int], member_id: str) -> tuple[QueueEntry, ...]:
    """The first that nobody else has and that were not given to somebody else; what is in danger goes to anybody."""
    asked = """SELECT count(*) FROM queue WHERE line = ? AND (leased_to IS NULL OR leased_to = ?)
        AND (assigned_to IS NULL OR assigned_to = ? OR calm = 0)"""
    free = []
    for line in lines[:LOOKED_AT]:
        if db.execute(asked, (line, member_id, member_id)).fetchone()[0]:
            free.append(line)
            if len(free) == OFFERED:
                break
    return tuple(entry for _line, entry in projection.by_lines(db, free))
