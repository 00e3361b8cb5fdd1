"""The thread of a case, what became of it, and which account it is about."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_messages",
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.Double(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_messages_case_id")),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name=op.f("fk_case_messages_event_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_case_messages_member_id")),
        sa.PrimaryKeyConstraint("case_id", "number", name=op.f("pk_case_messages")),
        sa.UniqueConstraint("event_id", name=op.f("uq_case_messages_event_id")),
    )
    op.create_table(
        "outcomes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_outcomes_case_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_outcomes_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcomes")),
    )
    op.create_index(op.f("ix_outcomes_case_id"), "outcomes", ["case_id"])
    op.add_column("cases", sa.Column("account", sa.String(length=200), nullable=True))
    op.create_index(op.f("ix_cases_account"), "cases", ["account"])
    cases = sa.table("cases", sa.column("id"), sa.column("body"), sa.column("account"))
    connection = op.get_bind()
    for case_id, body in connection.execute(sa.select(cases.c.id, cases.c.body)).all():
        # As `account_key` of the model was when this step was written.
        account = " ".join(json.loads(body).get("referral", {}).get("account", "").casefold().split())[:200]
        if account:
            connection.execute(sa.update(cases).where(cases.c.id == case_id).values(account=account))
