"""Signed rosters, statements of case keys, re-keying, destruction by two people, and the keys of custody logs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("members", sa.Column("verifier", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("statement", sa.Text(), nullable=True))
    op.create_table(
        "staged_containers",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_staged_containers_item_id")),
        sa.PrimaryKeyConstraint("item_id", "sha256", name=op.f("pk_staged_containers")),
    )
    op.create_table(
        "discarded_blobs",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_discarded_blobs")),
    )
    op.create_table(
        "destructions",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("request", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_destructions_case_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_destructions_member_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_destructions")),
    )
    op.create_table(
        "tombstones",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("first_note", sa.Text(), nullable=False),
        sa.Column("second_note", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_tombstones_case_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tombstones")),
        sa.UniqueConstraint("case_id", name=op.f("uq_tombstones_case_id")),
    )
    op.create_table(
        "rosters",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_rosters_member_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rosters")),
    )
    op.create_table(
        "log_keys",
        sa.Column("origin", sa.String(length=200), nullable=False),
        sa.Column("verifier", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("origin", name=op.f("pk_log_keys")),
    )
