"""The record of refusals: who tried what they may not."""

from __future__ import annotations

import sqlalchemy as sa

from reviewer.casesystem.database import writing
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import attempts
from reviewer.model.ids import uuid7


def record_attempt(service: Service, member_id: str, workstation: str, what: str) -> None:
    """In a transaction of its own: the refused request's may be rolled back, this must not be."""
    with writing(service.engine) as connection:
        insert_attempt(connection, service.now(), member_id, workstation, what)


def insert_attempt(connection: sa.Connection, now: float, member_id: str, workstation: str, what: str) -> None:
    row = {"id": uuid7(), "member_id": member_id, "workstation": workstation, "what": what, "at": now}
    connection.execute(sa.insert(attempts).values(**row))
