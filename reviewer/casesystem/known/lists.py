"""Taking a list in, replacing its older version, retiring it: each in one transaction that also matches every item."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import BinaryIO

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.known.columns import Columns, columns_of
from reviewer.casesystem.known.list_file import Written, write_columns
from reviewer.casesystem.known.look_up import Match
from reviewer.casesystem.known.prints import Prints, prints_of
from reviewer.casesystem.known.registered import KnownHashes, insert_matches, lock_state
from reviewer.casesystem.known.tables import item_fingerprints, known_lists, known_matches, known_state
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.tables import items
from reviewer.model.cases import Item
from reviewer.model.ids import uuid7
from reviewer.model.wire import KnownListImport, KnownListLine

# So many items are compared with each part of the list before the next part is fetched.
_ITEMS_AT_ONCE = 256
_STALE_S = 24 * 3600.0
_importing = threading.Lock()
_Rows = Sequence[sa.Row[int, str, str]]


def import_list(
    known: KnownHashes, untrusted_file: BinaryIO, form: str, name: str, version: str, member_id: str, now: float
) -> KnownListImport:
    """All of it or nothing. `Malformed` names line and field; Refusal known-import-busy, known-version-differs,
    known-version-older. The same version with the same entries again changes nothing."""
    with _alone():
        known.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        written = write_columns(_columns(untrusted_file, form), known.folder)
        try:
            return _put_in_force(known, written, name, version, member_id, now)
        finally:
            sweep(known, written.sha256)


def retire_list(known: KnownHashes, name: str, now: float) -> None:
    """From now on it matches nothing. Retired before: fine. Refusal no-such-known-list, known-import-busy."""
    named = known_lists.c.name == name
    with _alone():
        with writing(known.engine) as connection:
            lock_state(connection)
            if connection.execute(sa.select(known_lists.c.id).where(named).limit(1)).one_or_none() is None:
                raise Refusal(404, "no-such-known-list", "There is no list of this name.")
            _retire(connection, named, now)
        sweep(known)


def listed(connection: sa.Connection) -> tuple[KnownListLine, ...]:
    """The lists in force, by name."""
    in_force = sa.select(known_lists).where(known_lists.c.retired_at.is_(None)).order_by(known_lists.c.name)
    rows = connection.execute(in_force).all()
    counted = sa.select(known_matches.c.list_id, sa.func.count(known_matches.c.item_id.distinct()))
    counts = {row[0]: row[1] for row in connection.execute(counted.group_by(known_matches.c.list_id))}
    return tuple(_line(row, counts.get(row.id, 0)) for row in rows)


def sweep(known: KnownHashes, *unused: str) -> None:
    """Remove the files of lists no longer in force, those named, and old ones that a crash left without a list.

    Only old ones: another process may be taking a list in right now.
    """
    if not known.folder.is_dir():
        return
    with reading(known.engine) as connection:
        rows = connection.execute(sa.select(known_lists.c.sha256, known_lists.c.retired_at)).all()
    needed = {row.sha256 for row in rows if row.retired_at is None}
    gone = {row.sha256 for row in rows} | set(unused)
    for path in known.folder.iterdir():
        if path.name not in needed and (path.name in gone or time.time() - path.stat().st_mtime > _STALE_S):
            path.unlink(missing_ok=True)
            known.lists.forget(path.name)


@contextmanager
def _alone() -> Iterator[None]:
    """One change of the lists at a time: taking one in writes its file long before a row refers to it."""
    if not _importing.acquire(blocking=False):
        raise Refusal(409, "known-import-busy", "Another list is being taken in; try again when it is done.")
    try:
        yield
    finally:
        _importing.release()


def _columns(untrusted_file: BinaryIO, form: str) -> Iterator[Columns]:
    if form == "csv":
        from reviewer.casesystem.known.reading_csv import csv_columns

        return csv_columns(untrusted_file)
    from reviewer.casesystem.known.reading_json import read_json, read_vic

    return columns_of(read_json(untrusted_file) if form == "json" else read_vic(untrusted_file))


def _put_in_force(
    known: KnownHashes, written: Written, name: str, version: str, member_id: str, now: float
) -> KnownListImport:
    with reading(known.engine) as connection:
        held = _held(connection, written, name, version)
        if held is not None:
            return KnownListImport(list=held, changed=False)

    def page(after: int) -> _Rows:
        # A view of the database that lasted for minutes would keep what was destroyed meanwhile in SQLite's log.
        with reading(known.engine) as connection:
            return _rows_after(connection, after)

    seen, found = _matched(known, page, written.sha256, 0)
    list_id = uuid7()
    row = {
        "id": list_id,
        "name": name,
        "version": version,
        "sha256": written.sha256,
        "entries": written.entries,
        "skipped": written.skipped,
        "imported_by": member_id,
        "imported_at": now,
    }
    with writing(known.engine) as connection:
        generation = lock_state(connection)
        held = _held(connection, written, name, version)
        if held is not None:
            return KnownListImport(list=held, changed=False)
        _retire(connection, known_lists.c.name == name, now)
        connection.execute(sa.insert(known_lists).values(**row))
        connection.execute(sa.update(known_state).values(generation=generation + 1))
        # Registered while the others were being compared; nobody can register another before this ends.
        found.update(_matched(known, partial(_rows_after, connection), written.sha256, seen)[1])
        insert_matches(connection, list_id, found)
        return KnownListImport(list=next(line for line in listed(connection) if line.name == name), changed=True)


def _held(connection: sa.Connection, written: Written, name: str, version: str) -> KnownListLine | None:
    """The list in force when it is this one already."""
    asked = sa.select(known_lists).where(known_lists.c.name == name).order_by(known_lists.c.imported_at.desc())
    rows = connection.execute(asked).all()
    in_force = next((row for row in rows if row.retired_at is None), None)
    if in_force is None:
        return None
    if in_force.version == version:
        if (in_force.sha256, in_force.skipped) != (written.sha256, written.skipped):
            raise Refusal(409, "known-version-differs", "This version holds other entries. Give yours another version.")
        return next(line for line in listed(connection) if line.name == name)
    if any(row.version == version for row in rows):
        raise Refusal(409, "known-version-older", "This version was replaced. Retire the newer one first.")
    return None


def _matched(
    known: KnownHashes, page: Callable[[int], _Rows], sha256: str, after: int
) -> tuple[int, dict[str, list[Match]]]:
    """(the last item's number, what the list says of those after `after`)"""
    a_list = known.lists.get(sha256)
    found: dict[str, list[Match]] = {}
    while rows := page(after):
        after = rows[-1].number
        matches = a_list.matches([_prints(row.body) for row in rows])
        found.update((row.id, one) for row, one in zip(rows, matches, strict=True) if one)
    return after, found


def _rows_after(connection: sa.Connection, number: int) -> _Rows:
    asked = (
        sa.select(item_fingerprints.c.number, items.c.id, items.c.body)
        .join(items, items.c.id == item_fingerprints.c.item_id)
        .where(item_fingerprints.c.number > number)
        .order_by(item_fingerprints.c.number)
    )
    return connection.execute(asked.limit(_ITEMS_AT_ONCE)).all()


def _prints(body: str) -> Prints:
    try:
        return prints_of(msgspec.json.decode(body, type=Item))
    except ValueError:
        return Prints({}, [], None)


def _retire(connection: sa.Connection, which: sa.ColumnElement[bool], now: float) -> None:
    in_force = sa.and_(which, known_lists.c.retired_at.is_(None))
    if connection.execute(sa.update(known_lists).where(in_force).values(retired_at=now)).rowcount:
        connection.execute(sa.update(known_state).values(generation=known_state.c.generation + 1))


def _line(row: sa.Row[object], matched: int) -> KnownListLine:
    return KnownListLine(
        name=row.name,
        version=row.version,
        entries=row.entries,
        skipped=row.skipped,
        matched=matched,
        imported_at=utc(row.imported_at),
        imported_by=row.imported_by,
    )
