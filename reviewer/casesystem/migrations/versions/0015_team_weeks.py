"""Figures of weeks kept as totals, and stretches without a break by workstation."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_AT_ONCE = 10_000


def upgrade() -> None:
    weeks = op.create_table(
        "exposure_weeks",
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("monday", sa.String(length=10), nullable=False),
        sa.Column("fullest", sa.Integer(), nullable=False),
        sa.Column("quarters", sa.Integer(), nullable=False),
        sa.Column("incomplete", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_exposure_weeks_member_id")),
        sa.PrimaryKeyConstraint("member_id", "monday", name=op.f("pk_exposure_weeks")),
        sqlite_with_rowid=False,
    )
    _insert(weeks, _weeks())
    kept = op.get_bind().execute(sa.text("SELECT member_id, quarter_hours, expires_at FROM without_break")).mappings()
    stretches = [{**row, "workstation": ""} for row in kept]
    op.drop_table("without_break")
    told = op.create_table(
        "without_break",
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("workstation", sa.String(length=64), nullable=False),
        sa.Column("quarter_hours", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_without_break_member_id")),
        sa.PrimaryKeyConstraint("member_id", "workstation", name=op.f("pk_without_break")),
        sqlite_with_rowid=False,
    )
    _insert(told, stretches)


def _weeks() -> list[dict[str, Any]]:
    days: dict[tuple[str, str], tuple[float, bool]] = {}
    kept = sa.text(
        "SELECT member_id, day, weighted, incomplete FROM exposure_days ORDER BY member_id, day, workstation"
    )
    for row in op.get_bind().execute(kept):
        total, incomplete = days.get((row.member_id, row.day), (0.0, False))
        days[row.member_id, row.day] = (total + row.weighted, incomplete or bool(row.incomplete))
    weeks: dict[tuple[str, str], list[tuple[int, bool]]] = defaultdict(list)
    for (member_id, day), (total, incomplete) in days.items():
        at = date.fromisoformat(day)
        quarters = math.ceil((total - 0.0005) / 900.0)
        weeks[member_id, (at - timedelta(days=at.weekday())).isoformat()].append((quarters, incomplete))
    return [
        {
            "member_id": member_id,
            "monday": monday,
            "fullest": max(quarters for quarters, _ in of_days),
            "quarters": sum(quarters for quarters, _ in of_days),
            "incomplete": any(incomplete for _, incomplete in of_days),
        }
        for (member_id, monday), of_days in weeks.items()
    ]


def _insert(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        op.bulk_insert(table, rows[start : start + _AT_ONCE])
