"""Cases and their sealed keys. A member is only ever given the key that was sealed to them."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, signed_in, version_one
from reviewer.casesystem.checks import check_case
from reviewer.casesystem.database import insert_or_ignore, reading, writing
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.replaced import keep_keys, set_keys
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import case_keys, cases, items, members, tombstones
from reviewer.model.cases import Case
from reviewer.model.related import account_key
from reviewer.model.roles import Permission
from reviewer.model.wire import ITEMS_HEADER, SealedKeys

MAX_SEALED = 16 * 1024
MAX_KEYS_BODY = 4 * 1024 * 1024


def keys_etag(version: int) -> str:
    return f'"keys-{version}"'


def routes(service: Service) -> APIRouter:
    router = version_one(service, "cases")
    registering = allowed(service, Permission.REGISTER_ITEMS)
    sharing = allowed(service, Permission.SHARE_CASES)
    anyone = signed_in(service)

    @router.post("/cases", summary="Register a case", **describes(Case, request=Case, status=201, refusals=(403, 409)))
    def register(body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(registering)) -> Response:
        case = decoded(body, Case)
        check_case(case)
        with writing(service.engine) as connection:
            made = insert_or_ignore(connection, cases, _row(case))
            held = connection.execute(sa.select(cases.c.body, cases.c.keys_version).where(cases.c.id == case.id)).one()
            if msgspec.json.decode(held.body, type=Case) != case:
                raise Refusal(409, "case-differs", "Another case has this id.")
        return answer(case, 201 if made else 200, {"ETag": keys_etag(held.keys_version)})

    @router.get(
        "/cases/{case_id}",
        summary=f"A case; the ETag is that of its set of keys, {ITEMS_HEADER} how many items it has, parts not counted",
        **describes(Case),
    )
    def one(case_id: str, caller: Caller = Depends(sharing)) -> Response:
        with reading(service.engine) as connection:
            held = held_case(connection, case_id)
            counted = sa.select(sa.func.count()).select_from(items).where(items.c.case_id == case_id)
            counted = counted.where(items.c.part_of.is_(None))
            count = connection.execute(counted).scalar_one()
        headers = {"ETag": keys_etag(held.keys_version), ITEMS_HEADER: str(count)}
        return answer(msgspec.Raw(held.body.encode()), 200, headers)

    @router.put(
        "/cases/{case_id}/keys",
        summary="Replace the set of sealed keys: members left out lose theirs; yours must be in it. Needs If-Match",
        **describes(request=SealedKeys, status=204, refusals=(403, 404, 410, 412, 422, 428)),
    )
    def seal(
        case_id: str,
        request: Request,
        body: bytes = Depends(capped_body(MAX_KEYS_BODY)),
        caller: Caller = Depends(sharing),
    ) -> Response:
        sealed = decoded(body, SealedKeys)
        check_sealed(sealed.keys, sealed.statement)
        with writing(service.engine) as connection:
            held = living_case(connection, case_id, for_update=True)
            expect_keys(request, held.keys_version)
            version = replace_keys(connection, service, case_id, sealed.keys, sealed.statement, caller)
        return Response(status_code=204, headers={"ETag": keys_etag(version)})

    @router.get(
        "/cases/{case_id}/key",
        summary="The case key as sealed to me: an age file",
        responses={200: {"content": {"application/octet-stream": {}}, "description": "A small age file"}},
    )
    def my_key(case_id: str, caller: Caller = Depends(anyone)) -> Response:
        mine = sa.select(case_keys.c.sealed).where(
            case_keys.c.case_id == case_id, case_keys.c.member_id == caller.member.id
        )
        with reading(service.engine) as connection:
            refuse_destroyed(connection, case_id)
            sealed = connection.execute(mine).scalar_one_or_none()
            if sealed is None:
                raise Refusal(404, "no-key-for-you", "This case is not shared with you.")
            version = held_case(connection, case_id).keys_version
        return Response(sealed, media_type="application/octet-stream", headers={"ETag": keys_etag(version)})

    return router


def _row(case: Case) -> dict[str, object]:
    referral = case.referral
    return {
        "id": case.id,
        "body": msgspec.json.encode(case).decode(),
        "keys_version": 0,
        "calm": int(not referral.danger),
        "no_deadline": int(referral.due_at is None),
        "due_at": referral.due_at.timestamp() if referral.due_at is not None else 0.0,
        "received_at": referral.received_at.timestamp(),
        "account": account_key(referral.account) or None,
    }


def held_case(connection: sa.Connection, case_id: str, *, for_update: bool = False) -> sa.Row[Any]:
    asked = sa.select(cases).where(cases.c.id == case_id)
    row = connection.execute(asked.with_for_update() if for_update else asked).one_or_none()
    if row is None:
        raise Refusal(404, "no-such-case", "There is no such case.")
    return row


def living_case(connection: sa.Connection, case_id: str, *, for_update: bool = False) -> sa.Row[Any]:
    """The case, unless its keys were destroyed: then nothing about its keys can ever change again."""
    row = held_case(connection, case_id, for_update=for_update)
    refuse_destroyed(connection, case_id)
    return row


def refuse_destroyed(connection: sa.Connection, case_id: str) -> None:
    if connection.execute(sa.select(tombstones.c.number).where(tombstones.c.case_id == case_id)).first() is not None:
        raise Refusal(410, "case-destroyed", "The keys of this case were destroyed.")


def expect_keys(request: Request, version: int) -> None:
    """The request names, in If-Match, the set of keys it was made for, and that is still the one."""
    expected = request.headers.get("if-match")
    if expected is None:
        raise Refusal(428, "if-match-missing", "Say in If-Match which set of keys is to be replaced.")
    if expected != keys_etag(version):
        raise Refusal(412, "keys-changed", "Somebody changed this case's keys; read it again.")


def check_sealed(untrusted_keys: dict[str, bytes], untrusted_statement: str) -> None:
    if any(not 0 < len(key) <= MAX_SEALED for key in untrusted_keys.values()) or len(untrusted_statement) > MAX_SEALED:
        raise Refusal(422, "key-unusable", "A sealed key is empty or too large.")


def replace_keys(
    connection: sa.Connection, service: Service, case_id: str, sealed: dict[str, bytes], statement: str, caller: Caller
) -> int:
    """The new version. Who replaces keys had to open one to seal it again: a set without theirs is a mistake or worse.

    That also refuses an empty set. The set that is replaced is kept for a while.
    """
    if caller.member.id not in sealed:
        raise Refusal(422, "keys-without-yours", "The set of keys must have your own in it.")
    known = set(connection.execute(sa.select(members.c.id)).scalars())
    if not sealed.keys() <= known:
        raise Refusal(422, "no-such-member", "A key is sealed to somebody who is not a member.")
    keep_keys(connection, case_id, caller.member.id, service.now())
    return set_keys(connection, case_id, sealed, statement)
