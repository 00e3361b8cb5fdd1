"""Handing off: who saw an item, packages and their steps, overrules, letters, preservation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "seen",
        sa.Column("item_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name=op.f("fk_seen_item_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_seen_member_id")),
        sa.PrimaryKeyConstraint("item_id", "member_id", name=op.f("pk_seen")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_seen_member_id"), "seen", ["member_id"])
    _create("handoffs", _column("case_id"), index="case_id")
    op.create_table(
        "handoff_steps",
        _column("id"),
        _column("handoff_id"),
        sa.Column("number", sa.Integer(), nullable=False),
        _column("member_id"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["handoff_id"], ["handoffs.id"], name=op.f("fk_handoff_steps_handoff_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_handoff_steps_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handoff_steps")),
    )
    op.create_index("ix_handoff_steps_handoff_id_number", "handoff_steps", ["handoff_id", "number"], unique=True)
    _create("overrules", _column("case_id"), index="case_id")
    number = sa.Column("number", sa.Integer(), nullable=False)
    _create("letters", _column("case_id"), _column("letter_id"), number, index="case_id")
    op.create_index("ix_letters_letter_id_number", "letters", ["letter_id", "number"], unique=True)
    op.create_table(
        "preservations",
        _column("case_id"),
        sa.Column("jurisdiction", sa.String(length=100), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        _column("member_id"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_preservations_case_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_preservations_member_id")),
        sa.PrimaryKeyConstraint("case_id", "jurisdiction", "ends_on", name=op.f("pk_preservations")),
    )


def _column(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=64), nullable=False)


def _create(name: str, *columns: sa.Column[str] | sa.Column[int], index: str) -> None:
    """A table of what somebody recorded about a case."""
    op.create_table(
        name,
        _column("id"),
        *columns,
        _column("member_id"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f(f"fk_{name}_case_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f(f"fk_{name}_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_{index}"), name, [index])
