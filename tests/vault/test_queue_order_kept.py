"""The order of the queue in memory: as many names as there are, and no line twice after a step that failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from reviewer.vault.store.queue_order import QueueOrder

# What of the store's table it reads.
_TABLE = """CREATE TABLE queue (line INTEGER PRIMARY KEY, hidden DEFAULT 0, held DEFAULT 0, calm DEFAULT 0,
    no_deadline DEFAULT 0, due_at DEFAULT 1, received_at DEFAULT 1, flags DEFAULT 0, source, kind DEFAULT 'image',
    harm DEFAULT 'other', assigned_to, leased_to, case_key DEFAULT 1, person_key DEFAULT 1)"""
_MORE_THAN_16_BITS = 33_000


@pytest.fixture
def db() -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute(_TABLE)
        yield db


def test_there_may_be_more_names_than_sixteen_bits_count(db: sqlite3.Connection) -> None:
    names = [(f"source {number}",) for number in range(_MORE_THAN_16_BITS)]
    db.executemany("INSERT INTO queue (source) VALUES (?)", names)
    order = QueueOrder("me")
    rows = order.rows(db)
    last = rows[rows["source"] == order.code(names[-1][0])]
    assert last["line"].tolist() == [_MORE_THAN_16_BITS]


class Failing:
    """Passes on to a connection what is asked of it, until the statement that names the last line of a step."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def execute(self, statement: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        if "WHERE line = ?" in statement:
            raise OSError
        return self._db.execute(statement, values)


def test_a_step_that_failed_is_not_walked_twice(db: sqlite3.Connection) -> None:
    db.executemany("INSERT INTO queue (source) VALUES (?)", [("a",)] * 10)
    order = QueueOrder("me")
    with pytest.raises(OSError):
        order.walk(Failing(db), 4)
    while not order.walk(db, 4):
        pass
    assert order.rows(db)["line"].tolist() == list(range(1, 11))
