"""Who was leased which item: their decisions count also when the case is taken from them before these arrive."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "entrusted",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_entrusted_item_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_entrusted_member_id")),
        sa.PrimaryKeyConstraint("item_id", "member_id", name=op.f("pk_entrusted")),
    )
    # UNION leaves each pair once.
    op.execute(
        "INSERT INTO entrusted (item_id, member_id)"
        " SELECT item_id, member_id FROM leases UNION SELECT item_id, member_id FROM decisions"
    )
