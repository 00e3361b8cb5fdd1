"""The order of the queue in memory: what it is sorted, filtered, grouped and offered by, no entry itself.

A walk along the index costs 50 to 120 ms of processor time for 100,000 lines, most of it the cipher's, and every
question needed one. Here it is walked once; then only lines that changed are read again. Which those are is told by
triggers on the table itself, so that no way of changing it can be forgotten. They and their list are temporary: they
lie in memory, are rolled back with a transaction, and end with the connection.

The walk itself goes in steps, between which the store may do other things: what they change is on the list, and is read
again at the end, so that it does not matter on which side of the walk it stood.
"""

from __future__ import annotations

import bisect
from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.void]
Lines = npt.NDArray[np.int64]

# So many lines a step: 30 to 50 ms of processor time.
STEP = 8_000
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
    [(name, _READ[name].newbyteorder("=")) for name in _READ.names or ()] + [(name, np.dtype("i4")) for name in _NAMED]
)

_MINE = "CASE WHEN {0} IS NULL THEN 0 WHEN {0} = ? THEN 1 ELSE 2 END"
_PACKED = f"""printf('%016x%016x%016x%016x%016x%04x%02x%02x%02x', line, CAST(round(due_at * 1e6) AS INTEGER),
    CAST(round(received_at * 1e6) AS INTEGER), case_key, person_key, flags, held * 4 + calm * 2 + no_deadline,
    {_MINE.format("assigned_to")}, {_MINE.format("leased_to")})"""
_COLUMNS = """line, held, calm, no_deadline, due_at, received_at, flags, source, kind, harm, assigned_to, leased_to,
    case_key, person_key"""
_PLACE = "held, calm, no_deadline, due_at, received_at, line"
# Put together inside SQLite: rows fetched one by one take Python's lock from the window, each of them.
_WALK = f"""SELECT group_concat({_PACKED}, ''), json_group_array(source), json_group_array(kind), json_group_array(harm)
    FROM (SELECT {_COLUMNS} FROM queue WHERE hidden = 0 {{}} ORDER BY {_PLACE} LIMIT ?)"""  # noqa: S608
_AFTER = f"AND ({_PLACE}) > (?, ?, ?, ?, ?, ?)"
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
        self._walked: list[Rows] | None = None  # while a walk is under way
        self._at: tuple[Any, ...] = ()  # place of the last line walked
        self._codes: dict[str | None, int] = {}

    def walk(self, db: Any, most: int = STEP) -> bool:
        """One step of what `rows` has to read before it can answer; whether nothing is left of it.

        What fails halfway begins anew the next time: no line is read twice.
        """
        try:
            return self._step(db, most)
        except BaseException:
            self._walked = None
            raise

    def _step(self, db: Any, most: int) -> bool:
        if self._rows is not None and self._changed(db)[1] <= _MANY:
            return True
        if self._walked is None:
            # Watched from before the first line is read.
            for statement in _WATCH:
                db.execute(statement)
            db.execute(f"DELETE FROM {_CHANGED}")  # noqa: S608
            self._rows, self._walked, self._at = None, [], ()
        part = self._read(db, _AFTER if self._at else "", self._at, most)
        self._walked.append(part)
        if len(part) == most:
            line = int(part["line"][-1])
            self._at = db.execute(f"SELECT {_PLACE} FROM queue WHERE line = ?", (line,)).fetchone()  # noqa: S608
            return False
        self._rows, self._walked = np.concatenate(self._walked), None
        return True

    def rows(self, db: Any) -> Rows:
        """All that is not hidden in `queue_order`, first what waits, then what is held. Not to be written to."""
        while not self.walk(db):
            pass
        assert self._rows is not None
        joined, count = self._changed(db)
        if count:
            self._rows = _merged(
                self._rows[~np.isin(self._rows["line"], numbers(joined))],
                self._read(db, f"AND line IN (SELECT line FROM {_CHANGED})"),  # noqa: S608
            )
            db.execute(f"DELETE FROM {_CHANGED}")  # noqa: S608
        return self._rows

    @staticmethod
    def _changed(db: Any) -> tuple[str | None, int]:
        joined, count = db.execute(f"SELECT group_concat(line), count(*) FROM {_CHANGED}").fetchone()  # noqa: S608
        return joined, count

    def code(self, name: str) -> int:
        """What stands for a source, kind or harm type in `rows`; -1 where no row has it."""
        return self._codes.get(name, -1)

    def _read(self, db: Any, condition: str, values: tuple[Any, ...] = (), most: int = -1) -> Rows:
        asked = (self.member_id, self.member_id, *values, most)
        packed, *named = db.execute(_WALK.format(condition), asked).fetchone()
        read = np.frombuffer(bytes.fromhex(packed or ""), dtype=_READ)
        rows = np.empty(len(read), dtype=_ROW)
        for name in _READ.names or ():
            rows[name] = read[name]
        for name, texts in zip(_NAMED, named, strict=True):
            names = _names.decode(texts)
            for new in set(names) - self._codes.keys():
                self._codes[new] = len(self._codes)
            rows[name] = np.fromiter(map(self._codes.__getitem__, names), dtype="i4", count=len(names))
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
