"""Known-hash lists, what they say of items, and which items are copies of each other.

Items registered before are compared when the service starts: it has the code for it, a step must not change with it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    state = op.create_table(
        "known_state",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_state")),
    )
    op.bulk_insert(state, [{"id": 1, "generation": 0}])
    op.create_table(
        "known_lists",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.BigInteger(), nullable=False),
        sa.Column("imported_by", sa.String(length=64), nullable=False),
        sa.Column("imported_at", sa.Double(), nullable=False),
        sa.Column("retired_at", sa.Double(), nullable=True),
        sa.ForeignKeyConstraint(["imported_by"], ["members.id"], name=op.f("fk_known_lists_imported_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_known_lists")),
    )
    op.create_index("ix_known_lists_name_version", "known_lists", ["name", "version"])
    op.create_table(
        "known_matches",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("list_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("distance", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=200), nullable=False),
        sa.Column("classification", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_known_matches_item_id")),
        sa.ForeignKeyConstraint(["list_id"], ["known_lists.id"], name=op.f("fk_known_matches_list_id")),
        sa.PrimaryKeyConstraint("item_id", "list_id", "position", name=op.f("pk_known_matches")),
    )
    op.create_table(
        "item_fingerprints",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.LargeBinary(length=32), nullable=True),
        sa.Column("pdq", sa.LargeBinary(length=32), nullable=True),
        sa.Column("component", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_item_fingerprints_item_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_item_fingerprints")),
        sa.UniqueConstraint("item_id", name=op.f("uq_item_fingerprints_item_id")),
    )
    op.create_index(op.f("ix_item_fingerprints_sha256"), "item_fingerprints", ["sha256"])
    op.create_index(op.f("ix_item_fingerprints_component"), "item_fingerprints", ["component"])
