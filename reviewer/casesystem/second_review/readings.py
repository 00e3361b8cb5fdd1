"""The readings side by side, for those to whom they may be shown: the third who took the item, and the readers."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.second_review.consensus import current_proposal
from reviewer.casesystem.second_review.parts import Part, note_part
from reviewer.casesystem.second_review.stages import Made, blind_readings, stage_now, standing_decisions
from reviewer.casesystem.second_review.tables import review_stages
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_unshared
from reviewer.casesystem.tables import cases, decisions, items, leases, members
from reviewer.model.cases import Case, Item
from reviewer.model.decisions import Action, Decision, as_draft
from reviewer.model.readings import OwnReadings, Proposal, Reading, ReadingLine, Readings, Stage, differing
from reviewer.model.roles import Permission

MOST_LINES = 100
_TWICE_READ = (Stage.THIRD, Stage.CONSENSUS, Stage.AGREED, Stage.SETTLED)


def routes(service: Service) -> APIRouter:
    router = version_one(service, "readings")
    reviewing = allowed(service, Permission.REVIEW_ITEMS)

    @router.get(
        "/readings/mine",
        summary="Items I decided and somebody else as well, and where each stands",
        **describes(OwnReadings, refusals=(403,)),
    )
    def mine(caller: Caller = Depends(reviewing)) -> Response:
        with reading(service.engine) as connection:
            lines = _lines(connection, caller.member.id)
        return answer(OwnReadings(lines=lines))

    @router.get(
        "/items/{item_id}/readings",
        summary="Both readings side by side: for the third who leased the item, and for the readers in their time",
        **describes(Readings, refusals=(403, 404, 409)),
    )
    def side_by_side(item_id: str, caller: Caller = Depends(reviewing)) -> Response:
        # Written down in the same transaction: who has seen them is never asked to read blind.
        with writing(service.engine) as connection:
            found = connection.execute(
                sa.select(items.c.body, cases.c.id.label("case_id"), cases.c.body.label("case_body"))
                .join(cases, cases.c.id == items.c.case_id)
                .where(items.c.id == item_id)
            ).one_or_none()
            if found is None:
                raise Refusal(404, "no-such-item", "There is no such item.")
            refuse_unshared(connection, caller.member, found.case_id)
            stage, made = stage_now(connection, item_id), standing_decisions(connection, item_id)
            if not _may_see(connection, stage, made, item_id, caller, service.now()):
                raise Refusal(409, "readings-withheld", "The readings of this item are not shown to you now.")
            note_part(connection, item_id, caller.member.id, Part.SEEN)
            shown = Readings(
                item=msgspec.json.decode(found.body, type=Item),
                case_number=msgspec.json.decode(found.case_body, type=Case).number,
                stage=stage,
                readings=_side_by_side(connection, made, caller.member.id),
                differ=_differ(blind_readings(made), service.second_review.fields),
                proposal=_proposal(connection, item_id, caller.member.id) if stage is Stage.CONSENSUS else None,
            )
        return answer(shown)

    return router


def _may_see(
    connection: sa.Connection, stage: Stage, made: Sequence[Made], item_id: str, caller: Caller, now: float
) -> bool:
    """While two differ, the third sees both once the item is theirs and the two go on not seeing each other's, unless
    it is for them to agree. Afterwards all who decided see all."""
    decided = {one.decision.actor for one in made if one.is_reading}
    if stage is Stage.THIRD:
        held = sa.exists().where(
            leases.c.item_id == item_id,
            leases.c.member_id == caller.member.id,
            leases.c.workstation == caller.workstation,
            leases.c.expires_at > now,
        )
        return caller.member.id not in decided and bool(connection.execute(sa.select(held)).scalar_one())
    return stage in _TWICE_READ and caller.member.id in decided


def _side_by_side(connection: sa.Connection, made: Sequence[Made], member_id: str) -> tuple[Reading, ...]:
    names = _names(connection, [one.decision.actor for one in made])
    settling = next((one.decision.id for one in made if one.settling), None)
    return tuple(
        Reading(
            author=names[one.decision.actor],
            words=as_draft(one.decision),
            mine=one.decision.actor == member_id,
            settles=one.decision.id == settling,
            decision_id=one.decision.id if one.decision.actor == member_id else None,
        )
        for one in made
        if one.is_reading
    )


def _differ(blind: Sequence[Decision], fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for name in fields if any(differing(blind[0], other, (name,)) for other in blind[1:]))


def _proposal(connection: sa.Connection, item_id: str, member_id: str) -> Proposal | None:
    row = current_proposal(connection, item_id)
    if row is None:
        return None
    words = as_draft(msgspec.json.decode(row.body, type=Decision))
    author = _names(connection, [row.member_id])[row.member_id]
    return Proposal(id=row.id, author=author, words=words, mine=row.member_id == member_id)


def _names(connection: sa.Connection, member_ids: Sequence[str]) -> dict[str, str]:
    asked = sa.select(members.c.id, members.c.name).where(members.c.id.in_(member_ids))
    return {row.id: row.name for row in connection.execute(asked)}


def _lines(connection: sa.Connection, member_id: str) -> tuple[ReadingLine, ...]:
    mine = sa.exists().where(
        decisions.c.item_id == items.c.id,
        decisions.c.member_id == member_id,
        decisions.c.standing,
        decisions.c.action != Action.SECOND_LOOK.value,
    )
    waits = review_stages.c.stage.in_([Stage.THIRD.value, Stage.CONSENSUS.value])
    asked = (
        sa.select(items.c.id, items.c.body, cases.c.body.label("case_body"), review_stages.c.stage)
        .select_from(
            review_stages.join(items, items.c.id == review_stages.c.item_id).join(cases, cases.c.id == items.c.case_id)
        )
        .where(mine, review_stages.c.stage.in_([stage.value for stage in _TWICE_READ]))
        .order_by(sa.case((waits, 0), else_=1), review_stages.c.at.desc(), items.c.id)
        .limit(MOST_LINES)
    )
    lines = []
    for row in connection.execute(asked).all():
        stage = Stage(row.stage)
        proposal = current_proposal(connection, row.id) if stage is Stage.CONSENSUS else None
        line = ReadingLine(
            item_id=row.id,
            exhibit=msgspec.json.decode(row.body, type=Item).exhibit,
            case_number=msgspec.json.decode(row.case_body, type=Case).number,
            stage=stage,
            proposed=proposal is not None and proposal.member_id != member_id,
        )
        lines.append(line)
    return tuple(lines)
