"""Sets of keys and containers that were replaced are kept for a while: one person must not be able to end a case.

Only somebody with the database can put them back (`python -m reviewer.casesystem.restore`). Destroying a case by two
people ends these as well.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.tables import (
    case_keys,
    cases,
    discarded_blobs,
    items,
    replaced_containers,
    replaced_keys,
    replaced_sets,
)
from reviewer.model.cases import Item


def keep_keys(connection: sa.Connection, case_id: str, by: str | None, now: float) -> None:
    """The set of keys as it is, about to be replaced by this member (None: an administrator). An empty one is not."""
    version, statement = connection.execute(
        sa.select(cases.c.keys_version, cases.c.statement).where(cases.c.id == case_id)
    ).one()
    columns = (case_keys.c.case_id, sa.literal(version), case_keys.c.member_id, case_keys.c.sealed)
    held = sa.select(*columns).where(case_keys.c.case_id == case_id)
    kept = sa.insert(replaced_keys).from_select(["case_id", "version", "member_id", "sealed"], held)
    if connection.execute(kept).rowcount:
        row = {"case_id": case_id, "version": version, "statement": statement, "replaced_by": by, "at": now}
        connection.execute(sa.insert(replaced_sets).values(**row))


def keep_container(connection: sa.Connection, held: sa.Row[*tuple[object, ...]], version: int, now: float) -> None:
    """The container of this row of `items`, as it was under this set of keys. Its bytes go when this is forgotten."""
    row = {"item_id": held.id, "version": version, "sha256": held.container_sha256, "size": held.container_size}
    connection.execute(sa.insert(replaced_containers).values(**row, at=now))
    insert_or_ignore(connection, discarded_blobs, {"sha256": held.container_sha256, "at": now})


def change_container(connection: sa.Connection, held: sa.Row[*tuple[object, ...]], sha256: str, size: int) -> None:
    item = msgspec.json.decode(held.body, type=Item)
    changed = msgspec.structs.replace(item, container_sha256=sha256, container_size=size)
    row = {"container_sha256": sha256, "container_size": size, "body": msgspec.json.encode(changed).decode()}
    connection.execute(sa.update(items).where(items.c.id == held.id).values(**row))


def set_keys(connection: sa.Connection, case_id: str, sealed: Mapping[str, bytes], statement: str | None) -> int:
    """These are the keys now, and no others. Returns the new version."""
    connection.execute(sa.delete(case_keys).where(case_keys.c.case_id == case_id))
    rows = [{"case_id": case_id, "member_id": member, "sealed": key} for member, key in sealed.items()]
    connection.execute(sa.insert(case_keys), rows)
    changed = sa.update(cases).where(cases.c.id == case_id)
    connection.execute(changed.values(keys_version=cases.c.keys_version + 1, statement=statement))
    version: int = connection.execute(sa.select(cases.c.keys_version).where(cases.c.id == case_id)).scalar_one()
    return version


def forget_keys(connection: sa.Connection, case_id: str) -> None:
    """The case is destroyed: so is every set of keys it ever had."""
    connection.execute(sa.delete(replaced_keys).where(replaced_keys.c.case_id == case_id))
    connection.execute(sa.delete(replaced_sets).where(replaced_sets.c.case_id == case_id))


def clean_up(connection: sa.Connection, until: float) -> None:
    """What was replaced at `until` or before cannot be put back any more."""
    old = sa.exists().where(
        replaced_sets.c.case_id == replaced_keys.c.case_id,
        replaced_sets.c.version == replaced_keys.c.version,
        replaced_sets.c.at <= until,
    )
    connection.execute(sa.delete(replaced_keys).where(old))
    connection.execute(sa.delete(replaced_sets).where(replaced_sets.c.at <= until))
    connection.execute(sa.delete(replaced_containers).where(replaced_containers.c.at <= until))
