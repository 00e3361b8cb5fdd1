"""The order of the queue in memory: what it is sorted, filtered, grouped and offered by, no entry itself.

A walk along the index costs 50 to 120 ms of processor time for 100,000 lines, most of it the cipher's, and every
question needed one. Here it is walked once; then only lines that changed are read again. Which those are is told by
triggers on the table itself, so that no way of changing it can be forgotten. They and their list are temporary: they
lie in memory, are rolled back with a transaction, and end with the connection.
"""

from __future__ import annotations

import bisect
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.void]
Lines = npt.NDArray[np.int64]

# More than this, and it is walked anew.
_MANY = 5_000
# Up to here each is put in its place; what is more is sorted.
_FEW = 200
# Of `assigned` and `leased`.
NOBODY, ME, SOMEBODY = 0, 1, 2

# As SQLite writes them in `_PACKED`; `rank` is held, calm, no deadline, most significant first; times are microseconds.
_READ = np.dtype(
    [
        ("line", ">i8"), ("due", ">i8"), ("received", ">i8"), ("case", ">i8"), ("person", ">i8"),
        ("flags", ">u2"), ("rank", "u1"), ("assigned", "u1"), ("leased", "u1"),
    ]
)  # fmt: skip
_NAMED = ("source", "kind", "harm")
_ROW = np.dtype(
    [(name, _READ[name].newbyteorder("=")) for name in _READ.names or ()] + [(name, np.dtype("i2")) for name in _NAMED]
)

_MINE = "CASE WHEN {0} IS NULL THEN 0 WHEN {0} = ? THEN 1 ELSE 2 END"
_PACKED = f"""printf('%016x%016x%016x%016x%016x%04x%02x%02x%02x', line, CAST(round(due_at * 1e6) AS INTEGER),
    CAST(round(received_at * 1e6) AS INTEGER), case_key, person_key, flags, held * 4 + calm * 2 + no_deadline,
    {_MINE.format("assigned_to")}, {_MINE.format("leased_to")})"""
_COLUMNS = """line, held, calm, no_deadline, due_at, received_at, flags, source, kind, harm, assigned_to, leased_to,
    case_key, person_key"""
# Put together inside SQLite: rows fetched one by one take Python's lock from the window, each of them.
_WALK = f"""SELECT group_concat({_PACKED}, ''), json_group_array(source), json_group_array(kind), json_group_array(harm)
    FROM (SELECT {_COLUMNS} FROM queue WHERE hidden = 0 {{}}
        ORDER BY held, calm, no_deadline, due_at, received_at, line)"""  # noqa: S608
_CHANGED = "temp.queue_changed"
# Not INSERT OR IGNORE: inside a trigger the conflict clause of the statement that fires it counts instead.
_WATCH = (
    f"CREATE TABLE IF NOT EXISTS {_CHANGED} (line INTEGER PRIMARY KEY)",
    *(
        f"""CREATE TEMP TRIGGER IF NOT EXISTS queue_{verb.lower()} AFTER {verb} ON main.queue
            BEGIN INSERT INTO queue_changed SELECT {row}.line
            WHERE NOT EXISTS (SELECT 1 FROM queue_changed WHERE line = {row}.line); END"""  # noqa: S608
        for verb, row in (("INSERT", "new"), ("UPDATE", "new"), ("DELETE", "old"))
    ),
)
_names = msgspec.json.Decoder(list[str | None])


class QueueOrder:
    """One connection's, as `member_id` sees it (what is leased or given to them, and to others)."""

    def __init__(self, member_id: str) -> None:
        self.member_id = member_id
        self._rows: Rows | None = None
        self._codes: dict[str | None, int] = {}

    def rows(self, db: Any) -> Rows:
        """All that is not hidden in `queue_order`, first what waits, then what is held. Not to be written to."""
        if self._rows is None:
            for statement in _WATCH:
                db.execute(statement)
            self._rows = self._walk(db)
            db.execute(f"DELETE FROM {_CHANGED}")  # noqa: S608
            return self._rows
        joined, count = db.execute(f"SELECT group_concat(line), count(*) FROM {_CHANGED}").fetchone()  # noqa: S608
        if count > _MANY:
            self._rows = self._walk(db)
        elif count:
            self._rows = _merged(
                self._rows[~np.isin(self._rows["line"], numbers(joined))],
                self._walk(db, f"AND line IN (SELECT line FROM {_CHANGED})"),  # noqa: S608
            )
        if count:
            db.execute(f"DELETE FROM {_CHANGED}")  # noqa: S608
        return self._rows

    def code(self, name: str) -> int:
        """What stands for a source, kind or harm type in `rows`; -1 where no row has it."""
        return self._codes.get(name, -1)

    def _walk(self, db: Any, condition: str = "") -> Rows:
        packed, *named = db.execute(_WALK.format(condition), (self.member_id, self.member_id)).fetchone()
        read = np.frombuffer(bytes.fromhex(packed or ""), dtype=_READ)
        rows = np.empty(len(read), dtype=_ROW)
        for name in _READ.names or ():
            rows[name] = read[name]
        for name, texts in zip(_NAMED, named, strict=True):
            names = _names.decode(texts)
            for new in set(names) - self._codes.keys():
                self._codes[new] = len(self._codes)
            rows[name] = np.fromiter(map(self._codes.__getitem__, names), dtype="i2", count=len(names))
        return rows


def _merged(rows: Rows, more: Rows) -> Rows:
    """`more` is in order as well."""
    if len(more) <= _FEW:
        places = [bisect.bisect_left(range(len(rows)), _place(one), key=lambda at: _place(rows[at])) for one in more]
        return np.insert(rows, places, more)
    both = np.concatenate((rows, more))
    return both[np.lexsort((both["line"], both["received"], both["due"], both["rank"]))]


def _place(row: Any) -> tuple[int, ...]:
    return (int(row["rank"]), int(row["due"]), int(row["received"]), int(row["line"]))


def numbers(joined: str | None) -> Lines:
    """What `group_concat` of integers gives, as integers."""
    return np.fromstring(joined, dtype=np.int64, sep=",") if joined else np.zeros(0, dtype=np.int64)
