"""Letters of a case, kept as versions: each is written once, after the one before, and by one person.

Whoever would write over a version they have not read is refused. They go when the case is destroyed: they name people.
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import living_case
from reviewer.casesystem.database import insert_or_ignore, reading, writing
from reviewer.casesystem.entries import utc
from reviewer.casesystem.handoff_checks import check_letter
from reviewer.casesystem.handoff_tables import letters
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_keyless
from reviewer.casesystem.tables import members
from reviewer.model.handoff import MAX_LETTERS, Letter, LetterList, NewLetter
from reviewer.model.roles import Permission

# MAX_LETTER characters, each escaped as JSON may escape it.
_MAX_BODY = 256 * 1024


def routes(service: Service) -> APIRouter:
    router = version_one(service, "handing off")
    building = allowed(service, Permission.BUILD_HANDOFFS)

    @router.post(
        "/cases/{case_id}/letters",
        summary="Keep the next version of a letter. Sending the same again is fine",
        **describes(Letter, request=NewLetter, status=201, refusals=(403, 404, 409, 410, 413, 422)),
    )
    def keep(
        case_id: str, body: bytes = Depends(capped_body(_MAX_BODY)), caller: Caller = Depends(building)
    ) -> Response:
        new = decoded(body, NewLetter)
        check_letter(new)
        with writing(service.engine) as connection:
            refuse_keyless(connection, caller.member, case_id)
            living_case(connection, case_id, for_update=True)
            made = _keep(connection, case_id, new, caller.member.id, service.now())
            (kept,) = _of(connection, letters.c.id == new.id)
        return answer(kept, 201 if made else 200)

    @router.get(
        "/cases/{case_id}/letters",
        summary="Every version of every letter of a case shared with me, oldest first",
        **describes(LetterList, refusals=(403, 404, 410)),
    )
    def of_case(case_id: str, caller: Caller = Depends(building)) -> Response:
        with reading(service.engine) as connection:
            refuse_keyless(connection, caller.member, case_id)
            living_case(connection, case_id)
            return answer(LetterList(letters=_of(connection, letters.c.case_id == case_id)))

    return router


def forget_letters(connection: sa.Connection, case_id: str) -> None:
    connection.execute(sa.delete(letters).where(letters.c.case_id == case_id))


def _keep(connection: sa.Connection, case_id: str, new: NewLetter, member_id: str, now: float) -> bool:
    """False: it was kept before."""
    before = connection.execute(sa.select(letters).where(letters.c.id == new.id)).one_or_none()
    if before is not None:
        if (before.case_id, before.member_id) != (case_id, member_id) or _new(before.body) != new:
            raise Refusal(409, "letter-differs", "Another version has this id.")
        return False
    versions = sa.select(letters.c.case_id, letters.c.number).where(letters.c.letter_id == new.letter_id)
    found = connection.execute(versions).all()
    if any(row.case_id != case_id for row in found):
        raise Refusal(409, "letter-differs", "Another letter has this id.")
    if new.number != max((row.number for row in found), default=0) + 1:
        raise Refusal(409, "letter-version", "Somebody wrote another version meanwhile; read it first.")
    counted = sa.select(sa.func.count()).select_from(letters).where(letters.c.case_id == case_id)
    if connection.execute(counted).scalar_one() >= MAX_LETTERS:
        raise Refusal(409, "too-many", f"At most {MAX_LETTERS} versions of letters are kept of a case.")
    row = {"id": new.id, "case_id": case_id, "letter_id": new.letter_id, "number": new.number, "member_id": member_id}
    if not insert_or_ignore(connection, letters, {**row, "body": msgspec.json.encode(new).decode(), "at": now}):
        raise Refusal(409, "letter-version", "Somebody wrote another version meanwhile; read it first.")
    return True


def _of(connection: sa.Connection, which: sa.ColumnElement[bool]) -> tuple[Letter, ...]:
    """Oldest first."""
    asked = (
        sa.select(letters, members.c.name)
        .join(members, members.c.id == letters.c.member_id)
        .where(which)
        .order_by(letters.c.at, letters.c.letter_id, letters.c.number)
    )
    found = []
    for row in connection.execute(asked):
        new = _new(row.body)
        found.append(
            Letter(
                id=new.id,
                letter_id=new.letter_id,
                case_id=row.case_id,
                number=new.number,
                audience=new.audience,
                kind=new.kind,
                subject=new.subject,
                text=new.text,
                by=row.name,
                at=utc(row.at),
            )
        )
    return tuple(found)


def _new(body: str) -> NewLetter:
    return msgspec.json.decode(body, type=NewLetter)
