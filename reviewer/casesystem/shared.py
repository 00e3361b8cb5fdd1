"""Which cases are whose: a member reaches the items of a case while its key is sealed to them.

Destroying a case empties the sealed keys and leaves the rows: who held it can still clean up after it.
"""

from __future__ import annotations

import sqlalchemy as sa

from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.tables import case_keys, entrusted
from reviewer.model.roles import Member, Permission, may


def shared_with(member_id: str, case_id: str | sa.ColumnElement[str]) -> sa.Exists:
    """The one condition, for queries about a case or about a column of case ids."""
    return sa.exists().where(case_keys.c.case_id == case_id, case_keys.c.member_id == member_id)


def refuse_unshared(connection: sa.Connection, member: Member, case_id: str) -> None:
    """no-key-for-you. Who shares and re-keys cases handles the ciphertext of all of them."""
    if may(member.role, Permission.SHARE_CASES):
        return
    if not connection.execute(sa.select(shared_with(member.id, case_id))).scalar_one():
        raise Refusal(404, "no-key-for-you", "This case is not shared with you.")


def entrust(connection: sa.Connection, member_id: str, item_id: str) -> None:
    """Remember that this member was leased the item: what they then decide counts, whatever is shared by that time."""
    insert_or_ignore(connection, entrusted, {"item_id": item_id, "member_id": member_id})


def may_decide(connection: sa.Connection, member_id: str, item_id: str, case_id: str) -> bool:
    leased = sa.exists().where(entrusted.c.item_id == item_id, entrusted.c.member_id == member_id)
    allowed: bool = connection.execute(sa.select(sa.or_(shared_with(member_id, case_id), leased))).scalar_one()
    return bool(allowed)


def refuse_keyless(connection: sa.Connection, member: Member, case_id: str) -> None:
    """no-key-for-you. Roles give no way in: what a case is made of is for those who hold its key."""
    if not connection.execute(sa.select(shared_with(member.id, case_id))).scalar_one():
        raise Refusal(404, "no-key-for-you", "This case is not shared with you.")


def refuse_unreached(connection: sa.Connection, member: Member, case_id: str) -> None:
    """no-key-for-you. Who may see decisions reaches every case, everybody else those whose key they hold."""
    if not may(member.role, Permission.SEE_DECISIONS):
        refuse_keyless(connection, member, case_id)
