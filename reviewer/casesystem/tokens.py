"""Bearer tokens: 256 random bits, shown once, kept as SHA-256 only."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence

import sqlalchemy as sa

from reviewer.casesystem.clock import SystemClock
from reviewer.casesystem.database import insert_or_ignore, open_database, writing
from reviewer.casesystem.migrate import migrate
from reviewer.casesystem.notes import verifier_name
from reviewer.casesystem.tables import members, tokens
from reviewer.model.clock import Clock
from reviewer.model.errors import ReviewerError
from reviewer.model.roles import Member
from reviewer.model.statements import member_key_name

ID_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class MemberUnusable(ReviewerError):
    code = "C002"
    happened = "A member's id, name or recipient cannot be used."
    kept = "No member was changed."
    to_do = "Use letters, digits and . _ - in ids, and a recipient that begins with age1."


def token_sha256(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def provision(database_url: str, roster: Sequence[Member], clock: Clock | None = None) -> dict[str, str]:
    """Make or update these members and issue each a new token. Returns member id to token: the only time it is seen.

    Creates the database if need be. Tokens issued earlier stay good until `revoke`d. All or nothing.
    """
    for member in roster:
        if not ID_FORM.fullmatch(member.id) or not 0 < len(member.name) <= 200:
            raise MemberUnusable
        if not member.recipient.startswith("age1") or len(member.recipient) > 4096:
            raise MemberUnusable
        if member.verifier and not _is_verifier(member):
            raise MemberUnusable
    now = (clock or SystemClock()).now().timestamp()
    engine = open_database(database_url)
    try:
        migrate(engine)
        issued = {}
        with writing(engine) as connection:
            for member in roster:
                issued[member.id] = _issue(connection, member, now)
        return issued
    finally:
        engine.dispose()


def _issue(connection: sa.Connection, member: Member, now: float) -> str:
    row = {"id": member.id, "name": member.name, "role": member.role.value, "recipient": member.recipient}
    row["verifier"] = member.verifier
    if not insert_or_ignore(connection, members, row):
        connection.execute(sa.update(members).where(members.c.id == member.id).values(**row))
    token = secrets.token_urlsafe(32)
    connection.execute(sa.insert(tokens).values(sha256=token_sha256(token), member_id=member.id, created_at=now))
    return token


def _is_verifier(member: Member) -> bool:
    try:
        return verifier_name(member.verifier) == member_key_name(member.id)
    except ValueError:
        return False


def revoke(database_url: str, member_id: str, clock: Clock | None = None) -> int:
    """Make every token of this member useless. Returns how many there were."""
    now = (clock or SystemClock()).now().timestamp()
    engine = open_database(database_url)
    try:
        migrate(engine)
        with writing(engine) as connection:
            ended = sa.update(tokens).where(tokens.c.member_id == member_id, tokens.c.revoked_at.is_(None))
            return connection.execute(ended.values(revoked_at=now)).rowcount
    finally:
        engine.dispose()
