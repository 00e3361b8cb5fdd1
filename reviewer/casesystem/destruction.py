"""Destroying a case takes two people: the first consent is kept for a while, the second by somebody else is the end.

What is destroyed are the sealed keys, also those that were replaced, the letters, and what custody logs
told, which was sealed to the key. Containers, decisions, custody and what is recorded of packages stay; nobody can open
the containers again. While a preservation runs nothing is destroyed.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from reviewer.casesystem.attempts import record_attempt
from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, signed_in, version_one
from reviewer.casesystem.cases import living_case
from reviewer.casesystem.checks import is_id
from reviewer.casesystem.custody_told import forget_told
from reviewer.casesystem.database import fold_log, reading, writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.letters import forget_letters
from reviewer.casesystem.notes import signed_text
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.preservation import refuse_preserved
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.replaced import forget_keys
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import case_keys, cases, destructions, items, leases, members, tombstones
from reviewer.model.roles import Permission, Role, may
from reviewer.model.statements import Consent, belong_together, read_consent
from reviewer.model.wire import ConsentGiven, Destruction, Tombstone, TombstonePage

PAGE = 100
_SKEW = timedelta(minutes=5)


def routes(service: Service) -> APIRouter:
    router = version_one(service, "cases")
    destroying = allowed(service, Permission.DESTROY_CASES)
    anyone = signed_in(service)

    @router.get(
        "/cases/{case_id}/destruction",
        summary="The consent that waits for a second person",
        **describes(Destruction, refusals=(403, 404, 410)),
    )
    def waiting(case_id: str, caller: Caller = Depends(destroying)) -> Response:
        with reading(service.engine) as connection:
            living_case(connection, case_id)
            held = _waiting(connection, case_id)
        if held is None:
            raise Refusal(404, "no-destruction", "Nobody has asked for this case to be destroyed.")
        return answer(Destruction(case_id=case_id, notes=(held.note,), expires_at=utc(held.expires_at)))

    @router.post(
        "/cases/{case_id}/destruction",
        summary="Consent. The first is kept until it expires; the second, by somebody else, destroys the keys",
        **describes(Destruction, request=ConsentGiven, status=201, refusals=(403, 404, 409, 410, 422)),
    )
    def consent(
        case_id: str, body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(destroying)
    ) -> Response:
        note = decoded(body, ConsentGiven).note
        try:
            given = _read(service, note, case_id, caller)
        except Refusal:
            record_attempt(service, caller.member.id, caller.workstation, "unusable consent")
            raise
        with writing(service.engine) as connection:
            living_case(connection, case_id, for_update=True)
            refuse_preserved(connection, case_id, service.now())
            stands = _take(connection, service, note, given)
        if stands.destroyed_at is not None:
            fold_log(service.engine)
        return answer(stands, 201)

    @router.get("/tombstones", summary="Destroyed cases, in the order they were", **describes(TombstonePage))
    def buried(caller: Caller = Depends(anyone), after: int = Query(0, ge=0, lt=1 << 62)) -> Response:
        asked = sa.select(tombstones).where(tombstones.c.number > after).order_by(tombstones.c.number).limit(PAGE)
        with reading(service.engine) as connection:
            rows = connection.execute(asked).all()
        found = (
            Tombstone(number=r.number, case_id=r.case_id, destroyed_at=utc(r.at), notes=(r.first_note, r.second_note))
            for r in rows
        )
        return answer(TombstonePage(tombstones=tuple(found)))

    return router


def _read(service: Service, untrusted_note: str, case_id: str, caller: Caller) -> Consent:
    """The consent, once it is the caller's own, of this case, and of now."""
    if not caller.member.verifier:
        raise Refusal(409, "no-member-key", "The case system does not know what your vault signs with.")
    try:
        given = read_consent(signed_text(untrusted_note, caller.member.verifier))
    except ValueError:
        raise Refusal(422, "consent-unusable", "This is not a consent signed by your vault.") from None
    if (given.case_id, given.member_id) != (case_id, caller.member.id) or not is_id(given.request):
        raise Refusal(422, "consent-unusable", "This consent is of another case or person.")
    now = datetime.fromtimestamp(service.now(), UTC)
    if not given.signed_at - _SKEW <= now < given.expires_at:
        raise Refusal(409, "consent-expired", "This consent no longer holds.")
    return given


def _waiting(connection: sa.Connection, case_id: str) -> sa.Row[str, str, str, str, float] | None:
    return connection.execute(sa.select(destructions).where(destructions.c.case_id == case_id)).one_or_none()


def _take(connection: sa.Connection, service: Service, note: str, given: Consent) -> Destruction:
    """Keep it as the first, or act on it as the second. A first one that has expired counts for nothing."""
    now = service.now()
    held = _waiting(connection, given.case_id)
    if held is None or held.expires_at <= now:
        if held is not None and held.request == given.request:
            raise Refusal(409, "consent-expired", "The first consent no longer holds; ask for one again.")
        expires_at = given.expires_at.timestamp()
        row = {"request": given.request, "member_id": given.member_id, "note": note, "expires_at": expires_at}
        connection.execute(sa.delete(destructions).where(destructions.c.case_id == given.case_id))
        connection.execute(sa.insert(destructions).values(case_id=given.case_id, **row))
        return Destruction(case_id=given.case_id, notes=(note,), expires_at=given.expires_at)
    if held.member_id == given.member_id:
        raise Refusal(409, "consent-same-person", "The second consent must be somebody else's.")
    _check_first(connection, held, given)
    _destroy(connection, given.case_id, (held.note, note), now)
    return Destruction(
        case_id=given.case_id, notes=(held.note, note), expires_at=given.expires_at, destroyed_at=utc(now)
    )


def _check_first(connection: sa.Connection, held: sa.Row[str, str, str, str, float], second: Consent) -> None:
    """Read again from what was kept: who gave it may have lost the right, or the row may have been tampered with."""
    member = connection.execute(sa.select(members).where(members.c.id == held.member_id)).one()
    try:
        first = read_consent(signed_text(held.note, member.verifier or ""))
    except ValueError:
        raise Refusal(409, "consent-unusable", "The first consent does not verify; ask for one again.") from None
    if not may(Role(member.role), Permission.DESTROY_CASES) or not belong_together(first, second):
        raise Refusal(409, "consent-unusable", "The two consents do not belong together.")


def _destroy(connection: sa.Connection, case_id: str, notes: tuple[str, str], now: float) -> None:
    of_case = sa.select(items.c.id).where(items.c.case_id == case_id)
    connection.execute(sa.update(case_keys).where(case_keys.c.case_id == case_id).values(sealed=b""))
    forget_keys(connection, case_id)
    forget_letters(connection, case_id)
    forget_told(connection, case_id)
    connection.execute(sa.delete(leases).where(leases.c.item_id.in_(of_case)))
    connection.execute(sa.delete(destructions).where(destructions.c.case_id == case_id))
    connection.execute(sa.update(cases).where(cases.c.id == case_id).values(keys_version=cases.c.keys_version + 1))
    row = {"case_id": case_id, "first_note": notes[0], "second_note": notes[1], "at": now}
    connection.execute(sa.insert(tombstones).values(**row))
