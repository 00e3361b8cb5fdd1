"""What somebody was to an item. Written once, never taken back: what was seen stays seen."""

from __future__ import annotations

from enum import Enum

import sqlalchemy as sa

from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.second_review.tables import review_parts


class Part(str, Enum):
    """SETTLER: leased it where two disagreed. SEEN: was shown the readings. CALIBRATION: leased it as one."""

    SETTLER = "settler"
    SEEN = "seen"
    CALIBRATION = "calibration"


def note_part(connection: sa.Connection, item_id: str, member_id: str, part: Part) -> None:
    insert_or_ignore(connection, review_parts, {"item_id": item_id, "member_id": member_id, "part": part.value})


def parts_of(connection: sa.Connection, item_id: str, member_id: str) -> frozenset[Part]:
    asked = sa.select(review_parts.c.part).where(
        review_parts.c.item_id == item_id, review_parts.c.member_id == member_id
    )
    return frozenset(Part(part) for part in connection.execute(asked).scalars())
