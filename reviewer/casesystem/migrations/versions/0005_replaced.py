"""Sets of keys and containers that were replaced, kept for a while."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "replaced_sets",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=True),
        sa.Column("replaced_by", sa.String(length=64), nullable=True),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_replaced_sets_case_id")),
        sa.ForeignKeyConstraint(["replaced_by"], ["members.id"], name=op.f("fk_replaced_sets_replaced_by")),
        sa.PrimaryKeyConstraint("case_id", "version", name=op.f("pk_replaced_sets")),
    )
    op.create_table(
        "replaced_keys",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_replaced_keys_case_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_replaced_keys_member_id")),
        sa.PrimaryKeyConstraint("case_id", "version", "member_id", name=op.f("pk_replaced_keys")),
    )
    op.create_table(
        "replaced_containers",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_replaced_containers_item_id")),
        sa.PrimaryKeyConstraint("item_id", "version", name=op.f("pk_replaced_containers")),
    )
    op.create_index(op.f("ix_replaced_containers_sha256"), "replaced_containers", ["sha256"], unique=False)
