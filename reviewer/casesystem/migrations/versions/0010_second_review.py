"""Second readings: where each item stands, what somebody was to it, proposals, calibration items and their answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.String(length=64)


def upgrade() -> None:
    op.add_column("decisions", sa.Column("settling", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "secrets",
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_secrets")),
    )
    op.create_table(
        "review_stages",
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        _of_item("review_stages"),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_review_stages")),
    )
    op.create_index(op.f("ix_review_stages_stage"), "review_stages", ["stage"])
    op.create_table(
        "review_parts",
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("member_id", _ID, nullable=False),
        sa.Column("part", sa.String(length=16), nullable=False),
        _of_item("review_parts"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_review_parts_member_id")),
        sa.PrimaryKeyConstraint("item_id", "member_id", "part", name=op.f("pk_review_parts")),
    )
    op.create_table(
        "consensus_proposals",
        *_arrived("consensus_proposals"),
        sa.Column("at", sa.Double(), nullable=False),
    )
    op.create_index(op.f("ix_consensus_proposals_item_id"), "consensus_proposals", ["item_id"])
    op.create_table(
        "golden_items",
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("marked_by", _ID, nullable=False),
        sa.Column("marked_at", sa.Double(), nullable=False),
        sa.Column("withdrawn_at", sa.Double(), nullable=True),
        _of_item("golden_items"),
        sa.ForeignKeyConstraint(["marked_by"], ["members.id"], name=op.f("fk_golden_items_marked_by")),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_golden_items")),
    )
    op.create_table(
        "calibrations",
        *_arrived("calibrations"),
        sa.Column("standing", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.Double(), nullable=False),
    )
    op.create_index(op.f("ix_calibrations_item_id"), "calibrations", ["item_id"])
    op.create_index(op.f("ix_calibrations_member_id"), "calibrations", ["member_id"])


def _of_item(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f(f"fk_{table}_item_id"))


def _arrived(table: str) -> list[sa.schema.SchemaItem]:
    """A decision that came in an event and is not among the decisions."""
    return [
        sa.Column("id", _ID, nullable=False),
        sa.Column("event_id", _ID, nullable=False),
        sa.Column("item_id", _ID, nullable=False),
        sa.Column("member_id", _ID, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("viewing_record", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f(f"fk_{table}_event_id")),
        _of_item(table),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f(f"fk_{table}_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
        sa.UniqueConstraint("event_id", name=op.f(f"uq_{table}_event_id")),
    ]
