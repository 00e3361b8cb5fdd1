"""The signed roster, kept and handed out as it is. Workstations check it: this service could not be trusted to."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from reviewer.casesystem.bodies import capped_body
from reviewer.casesystem.callers import Caller, allowed, signed_in, version_one
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import rosters
from reviewer.model.roles import Permission

MAX_ROSTER_BYTES = 8 << 20


def roster_etag(note: str) -> str:
    return f'"{hashlib.sha256(note.encode()).hexdigest()}"'


def routes(service: Service) -> APIRouter:
    router = version_one(service, "members")
    anyone = signed_in(service)
    signing = allowed(service, Permission.SIGN_ROSTER)

    @router.get(
        "/roster",
        summary="The newest signed roster: a C2SP signed note",
        responses={200: {"content": {"application/octet-stream": {}}, "description": "A signed note"}},
    )
    def newest(caller: Caller = Depends(anyone)) -> Response:
        with reading(service.engine) as connection:
            note = _newest(connection)
        if note is None:
            raise Refusal(404, "roster-missing", "No roster has been signed yet.")
        return Response(note.encode(), media_type="application/octet-stream", headers={"ETag": roster_etag(note)})

    @router.put(
        "/roster",
        summary="Hand out another roster. Needs If-Match, or If-None-Match: * for the first one",
        **describes(status=204, refusals=(403, 412, 422, 428)),
    )
    def replace(
        request: Request, body: bytes = Depends(capped_body(MAX_ROSTER_BYTES)), caller: Caller = Depends(signing)
    ) -> Response:
        try:
            note = body.decode()
        except UnicodeDecodeError:
            note = ""
        if not note:
            raise Refusal(422, "roster-unusable", "A roster is a signed note in UTF-8.")
        expected, first = request.headers.get("if-match"), request.headers.get("if-none-match") == "*"
        if expected is None and not first:
            raise Refusal(428, "if-match-missing", "Say in If-Match which roster is to be replaced.")
        with writing(service.engine) as connection:
            held = _newest(connection)
            if expected != (roster_etag(held) if held is not None else None):
                raise Refusal(412, "roster-changed", "Another roster was handed out meanwhile; read it again.")
            row = {"note": note, "member_id": caller.member.id, "at": service.now()}
            connection.execute(sa.insert(rosters).values(**row))
        return Response(status_code=204, headers={"ETag": roster_etag(note)})

    return router


def _newest(connection: sa.Connection) -> str | None:
    found = connection.execute(sa.select(rosters.c.note).order_by(rosters.c.number.desc()).limit(1))
    return found.scalar_one_or_none()
