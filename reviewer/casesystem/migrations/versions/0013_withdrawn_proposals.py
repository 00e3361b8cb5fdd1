"""Proposals for both that their makers took back."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "withdrawn_proposals",
        sa.Column("proposal_id", sa.String(length=64), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["consensus_proposals.id"], name=op.f("fk_withdrawn_proposals_proposal_id")
        ),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_withdrawn_proposals_event_id")),
        sa.PrimaryKeyConstraint("proposal_id", name=op.f("pk_withdrawn_proposals")),
        sa.UniqueConstraint("event_id", name=op.f("uq_withdrawn_proposals_event_id")),
    )
