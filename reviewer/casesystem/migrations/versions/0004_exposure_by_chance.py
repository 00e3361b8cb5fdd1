"""Exposure under random ids: the id of an event tells the time of day, and so does the order rows were written in."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept = sa.text("SELECT member_id, day, level, seconds, weight FROM exposure")
    rows = [dict(row) for row in op.get_bind().execute(kept).mappings()]
    op.drop_table("exposure")
    exposure = op.create_table(
        "exposure",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_exposure_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exposure")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_exposure_member_id_day", "exposure", ["member_id", "day"], unique=False)
    if rows:
        op.bulk_insert(exposure, [{"id": secrets.token_hex(16), **row} for row in rows])
