"""Items set aside, and items given to a member by name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held_items",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_held_items_item_id")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_held_items")),
    )
    op.create_table(
        "assignments",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("given_by", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_assignments_item_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_assignments_member_id")),
        sa.ForeignKeyConstraint(["given_by"], ["members.id"], name=op.f("fk_assignments_given_by")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_assignments")),
    )
