"""How violent items were shared over the team in the seven days up to the end of yesterday (UTC).

A mean that moved while people work would tell, asked again and again, when a colleague looks at how much. So today is
in neither figure, and the mean is rounded up to quarter hours.
"""

from __future__ import annotations

import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import reading
from reviewer.casesystem.exposure.days import day_of, quarter_hours, since
from reviewer.casesystem.exposure.tables import exposure_days
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import members
from reviewer.model.roles import PERMISSIONS, Permission, Role
from reviewer.model.supervision import ViolentShare

SHARE_DAYS = 7
_DAY_S = 86400.0
_QUARTER_S = 900.0
_REVIEWING = [role.value for role in Role if Permission.REVIEW_ITEMS in PERMISSIONS[role]]


def routes(service: Service) -> APIRouter:
    router = version_one(service, "exposure")
    reviewing = allowed(service, Permission.REVIEW_ITEMS)

    @router.get(
        "/exposure/share",
        summary="Graphic seconds of violent items in the seven days up to yesterday: mine, and the even share",
        **describes(ViolentShare, refusals=(403,)),
    )
    def share(caller: Caller = Depends(reviewing)) -> Response:
        table = exposure_days.c
        yesterday = day_of(service.now() - _DAY_S)
        first = since(yesterday, SHARE_DAYS)
        asked = (
            sa.select(table.member_id, sa.func.sum(table.violent_s), sa.func.sum(table.seconds))
            .join(members, members.c.id == table.member_id)
            .where(table.day >= first, table.day <= yesterday, members.c.role.in_(_REVIEWING))
            .group_by(table.member_id)
        )
        with reading(service.engine) as connection:
            rows = connection.execute(asked).all()
        # Who did not look at anything all week is away, and takes no share.
        working = {member_id: violent_s for member_id, violent_s, seconds in rows if seconds > 0}
        # Whoever asks is not counted in: else they would be told the mean of one fewer.
        enough = len(working) >= service.terms.withhold_below
        own_s = working.setdefault(caller.member.id, 0.0)
        even_s = quarter_hours(sum(working.values()) / len(working)) * _QUARTER_S if enough else None
        return answer(ViolentShare(own_s=own_s, even_s=even_s))

    return router
