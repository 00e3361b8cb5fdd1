"""Opening the database. SQLite is set up for durability: WAL, every commit on the disk before it is answered."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
    # A destroyed case key must not live on in a freed page.
    "PRAGMA secure_delete=ON",
)


def open_database(url: str) -> sa.Engine:
    """An engine for `url` ("sqlite:////path/case.db", "postgresql+psycopg://..."). Errors never quote bound values."""
    engine = sa.create_engine(url, hide_parameters=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _set_up)
        sa.event.listen(engine, "begin", _begin)
    return engine


def _set_up(raw: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver's own idea of when a transaction starts breaks savepoints; `_begin` says it instead.
    raw.isolation_level = None
    cursor = raw.cursor()
    try:
        for pragma in _PRAGMAS:
            cursor.execute(pragma)
    finally:
        cursor.close()


def _begin(connection: sa.Connection) -> None:
    # A writer that first reads and then upgrades can be refused halfway: take the write lock at once.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One consistent view."""
    with engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One transaction, committed when the block ends and rolled back when it raises."""
    with engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            yield connection


def fold_log(engine: sa.Engine) -> None:
    """Empty SQLite's write-ahead log into the file: what was deleted is then in neither. Elsewhere it does nothing.

    A reader in the middle of something can keep it from emptying: the next one does it.
    """
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            raw = connection.connection.cursor()
            try:
                raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                raw.fetchall()
            finally:
                raw.close()


def insert_or_ignore(connection: sa.Connection, table: sa.Table, values: dict[str, Any]) -> bool:
    """Insert one row; False when its key is there already. Portable: the conflict stays inside a savepoint."""
    try:
        with connection.begin_nested():
            connection.execute(sa.insert(table).values(**values))
    except sa.exc.IntegrityError:
        return False
    return True
