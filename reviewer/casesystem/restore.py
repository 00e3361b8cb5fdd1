"""`python -m reviewer.casesystem.restore`: put back a case's keys and containers of before somebody replaced them.

For the administrator, who has the database and no key. What is put back replaces, and is itself undone the same way.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from reviewer.casesystem.cases import living_case
from reviewer.casesystem.clock import SystemClock
from reviewer.casesystem.custody_told import want_told_anew
from reviewer.casesystem.database import open_database, reading, writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.migrate import migrate
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.replaced import change_container, keep_container, keep_keys, set_keys
from reviewer.casesystem.tables import items, replaced_containers, replaced_keys, replaced_sets
from reviewer.model.clock import Clock
from reviewer.model.errors import ReviewerError


class NothingToRestore(ReviewerError):
    code = "C004"
    happened = "There is no such case, it was destroyed, or this version of its keys is not kept."
    kept = "Nothing was changed."
    to_do = "Leave the version out to see which ones are kept."


@dataclass(frozen=True, slots=True)
class Kept:
    """A set of keys that was replaced: by whom (None: an administrator put others back), when, and who held it."""

    version: int
    replaced_by: str | None
    replaced_at: datetime
    holders: tuple[str, ...]


def kept_versions(database_url: str, case_id: str) -> list[Kept]:
    """The newest first."""
    engine = open_database(database_url)
    try:
        migrate(engine)
        with reading(engine) as connection:
            sets = connection.execute(
                sa.select(replaced_sets)
                .where(replaced_sets.c.case_id == case_id)
                .order_by(replaced_sets.c.version.desc())
            ).all()
            return [
                Kept(row.version, row.replaced_by, utc(row.at), tuple(sorted(_keys(connection, case_id, row.version))))
                for row in sets
            ]
    finally:
        engine.dispose()


def restore(database_url: str, case_id: str, version: int, clock: Clock | None = None) -> None:
    """All of it or NothingToRestore. Items taken in after that version stay sealed to the key of their time.

    Workstations that saw a newer key vouched for keep refusing to seal anything new to the older one.
    """
    now = (clock or SystemClock()).now().timestamp()
    engine = open_database(database_url)
    try:
        migrate(engine)
        with writing(engine) as connection:
            _restore(connection, case_id, version, now)
    except Refusal:
        raise NothingToRestore from None
    finally:
        engine.dispose()


def _restore(connection: sa.Connection, case_id: str, version: int, now: float) -> None:
    case = living_case(connection, case_id, for_update=True)
    is_it = sa.and_(replaced_sets.c.case_id == case_id, replaced_sets.c.version == version)
    kept = connection.execute(sa.select(replaced_sets).where(is_it)).one_or_none()
    if kept is None:
        raise NothingToRestore
    sealed = _keys(connection, case_id, version)
    for item in connection.execute(sa.select(items).where(items.c.case_id == case_id)).all():
        # A container stays the same until the next re-key: the first one replaced from that version on.
        later = sa.and_(replaced_containers.c.item_id == item.id, replaced_containers.c.version >= version)
        asked = sa.select(replaced_containers).where(later).order_by(replaced_containers.c.version).limit(1)
        before = connection.execute(asked).one_or_none()
        if before is not None and before.sha256 != item.container_sha256:
            keep_container(connection, item, case.keys_version, now)
            change_container(connection, item, before.sha256, before.size)
    keep_keys(connection, case_id, None, now)
    set_keys(connection, case_id, sealed, kept.statement)
    want_told_anew(connection, case_id)


def _keys(connection: sa.Connection, case_id: str, version: int) -> dict[str, bytes]:
    asked = sa.select(replaced_keys.c.member_id, replaced_keys.c.sealed)
    found = connection.execute(asked.where(replaced_keys.c.case_id == case_id, replaced_keys.c.version == version))
    return {row.member_id: row.sealed for row in found}


def main() -> int:
    """0 done, 1 refused (one line on stderr), 2 usage."""
    parser = argparse.ArgumentParser(prog="python -m reviewer.casesystem.restore")
    parser.add_argument("--database", required=True, help="SQLAlchemy URL, e.g. sqlite:////srv/case.db")
    parser.add_argument("case", help="the case's id")
    parser.add_argument("version", nargs="?", type=int, help="which keys to put back; without it they are listed")
    asked = parser.parse_args()
    try:
        if asked.version is None:
            for kept in kept_versions(asked.database, asked.case):
                at, by = kept.replaced_at.isoformat(timespec="seconds"), kept.replaced_by or "an administrator"
                sys.stdout.write(f"{kept.version}  replaced {at} by {by}; held by {', '.join(kept.holders)}\n")
        else:
            restore(asked.database, asked.case, asked.version)
    except ReviewerError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
