"""Stretches without a break that are told: the longest that any workstation of a person told and that is not old."""

from __future__ import annotations

import sqlalchemy as sa

from reviewer.casesystem.exposure.tables import without_break


def stretches_told(connection: sa.Connection, now: float, handover: int) -> dict[str, int]:
    """Quarter hours by member id; only from `handover` quarter hours on."""
    table = without_break.c
    longest = sa.func.max(table.quarter_hours)
    asked = sa.select(table.member_id, longest).where(table.expires_at > now).group_by(table.member_id)
    return {row[0]: row[1] for row in connection.execute(asked.having(longest >= handover))}
