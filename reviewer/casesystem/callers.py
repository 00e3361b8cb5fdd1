"""Who is asking: the bearer token, the workstation's name, and whether the role allows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request

from reviewer.casesystem.attempts import record_attempt
from reviewer.casesystem.database import reading
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import members, tokens
from reviewer.casesystem.tokens import ID_FORM, token_sha256
from reviewer.model.roles import Member, Permission, Role, may

_VERSION_ONE = "/v1"
WORKSTATION_HEADER = "Reviewer-Workstation"
_MAX_TOKEN = 256
# Who holds a token. Made once: with every request, that took longer than asking the database.
_HOLDER = (
    sa.select(members)
    .join(tokens, tokens.c.member_id == members.c.id)
    .where(tokens.c.sha256 == sa.bindparam("sent"), tokens.c.revoked_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Caller:
    member: Member
    workstation: str


def member_of(row: Any) -> Member:
    """A row of `members`."""
    return Member(id=row.id, name=row.name, role=Role(row.role), recipient=row.recipient, verifier=row.verifier or "")


def signed_in(service: Service) -> Callable[[Request], Caller]:
    """A dependency: anybody with a good token. Somebody without one is written down as far as that is bounded."""

    def caller(request: Request) -> Caller:
        known: Caller | None = getattr(request.state, "caller", None)
        if known is None:
            known = request.state.caller = look_up(request)
        return known

    def look_up(request: Request) -> Caller:
        scheme, _, untrusted_token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not 0 < len(untrusted_token) <= _MAX_TOKEN:
            raise _unknown(service, request)
        with reading(service.engine) as connection:
            row = connection.execute(_HOLDER, {"sent": token_sha256(untrusted_token)}).one_or_none()
        if row is None:
            raise _unknown(service, request)
        untrusted_workstation = request.headers.get(WORKSTATION_HEADER, "")
        if not ID_FORM.fullmatch(untrusted_workstation):
            raise Refusal(400, "workstation-missing", f"Send the workstation's name as {WORKSTATION_HEADER}.")
        return Caller(member_of(row), untrusted_workstation)

    return caller


def allowed(service: Service, *permissions: Permission) -> Callable[[Request], Caller]:
    """A dependency: a caller whose role has one of these. A refusal is written down before it is answered."""
    known = signed_in(service)

    def caller(request: Request) -> Caller:
        asking = known(request)
        if not any(may(asking.member.role, permission) for permission in permissions):
            record_attempt(service, asking.member.id, asking.workstation, f"without {permissions[0].value}")
            raise Refusal(403, "role-not-allowed", "Your role does not allow this. The attempt was recorded.")
        return asking

    return caller


def version_one(service: Service, tag: str) -> APIRouter:
    """For one part. Who is asking comes first of all: nobody unknown gets as far as having a body read."""
    # Each says so itself: what is included from another router is built twice.
    return APIRouter(prefix=_VERSION_ONE, tags=[tag], dependencies=[Depends(signed_in(service))])


def _unknown(service: Service, request: Request) -> Refusal:
    service.outsiders.note(f"{request.method} {_template(request)}")
    return Refusal(401, "token-unknown", "Sign in again.", {"WWW-Authenticate": "Bearer"})


def _template(request: Request) -> str:
    """The route as it is declared: what was asked for itself may name an item."""
    return str(getattr(request.scope.get("route"), "path", "")).removeprefix(_VERSION_ONE)
