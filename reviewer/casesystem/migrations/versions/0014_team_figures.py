"""Figures of days kept as totals, stretches without a break, relief, what the team's work took, and strangers.

Ids and arrival times of events of exposure leave the list of events: they told a day's pauses.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_AT_ONCE = 10_000


def upgrade() -> None:
    _days()
    _counted()
    op.create_table(
        "without_break",
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("quarter_hours", sa.Integer(), nullable=False),
        sa.Column("expires_at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_without_break_member_id")),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_without_break")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reliefs",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("by_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("handed_over", sa.Integer(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_reliefs_member_id")),
        sa.ForeignKeyConstraint(["by_id"], ["members.id"], name=op.f("fk_reliefs_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reliefs")),
    )
    op.create_index("ix_reliefs_member_id", "reliefs", ["member_id"], unique=False)
    op.create_table(
        "outsiders",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outsiders")),
    )
    op.add_column("looks", sa.Column("purpose", sa.String(length=16), nullable=False, server_default="seen"))
    _harm_types()
    _work()


def _days() -> None:
    days = op.create_table(
        "exposure_days",
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("workstation", sa.String(length=64), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("weighted", sa.Double(), nullable=False),
        sa.Column("violent_s", sa.Double(), nullable=False),
        sa.Column("incomplete", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_exposure_days_member_id")),
        sa.PrimaryKeyConstraint("member_id", "day", "workstation", name=op.f("pk_exposure_days")),
        sqlite_with_rowid=False,
    )
    kept = sa.text(
        "SELECT member_id, day, sum(seconds) AS seconds, sum(seconds * weight) AS weighted"
        " FROM exposure GROUP BY member_id, day"
    )
    unknown = {"workstation": "", "violent_s": 0.0, "incomplete": False}
    _insert(days, [{**row, **unknown} for row in op.get_bind().execute(kept).mappings()])


def _counted() -> None:
    counted = op.create_table(
        "counted_events",
        sa.Column("id_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id_sha256", name=op.f("pk_counted_events")),
        sqlite_with_rowid=False,
    )
    for part in _in_slices("SELECT id, sha256 FROM events WHERE type = 'exposure.recorded'"):
        rows = [{"id_sha256": hashlib.sha256(row.id.encode()).hexdigest(), "sha256": row.sha256} for row in part]
        op.bulk_insert(counted, rows)
    op.execute("DELETE FROM events WHERE type = 'exposure.recorded'")


def _harm_types() -> None:
    op.add_column("items", sa.Column("harm_type", sa.String(length=200), nullable=True))
    bind = op.get_bind()
    change = sa.text("UPDATE items SET harm_type = :harm_type WHERE id = :id")
    for part in _in_slices("SELECT id, body FROM items WHERE TRUE"):
        rows = [{"id": row.id, "harm_type": str(json.loads(row.body).get("harm_type", ""))[:200]} for row in part]
        bind.execute(change, rows)


def _work() -> None:
    days = op.create_table(
        "work_days",
        sa.Column("harm_type", sa.String(length=200), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("graphic_s", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("harm_type", "day", name=op.f("pk_work_days")),
        sqlite_with_rowid=False,
    )
    people = op.create_table(
        "work_people",
        sa.Column("harm_type", sa.String(length=200), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("last_day", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_work_people_member_id")),
        sa.PrimaryKeyConstraint("harm_type", "member_id", name=op.f("pk_work_people")),
        sqlite_with_rowid=False,
    )
    kept = sa.text(
        "SELECT d.item_id, d.member_id, d.viewing_record, d.recorded_at, d.body, i.harm_type"
        " FROM decisions d JOIN items i ON i.id = d.item_id ORDER BY d.recorded_at, d.id"
    )
    sums: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0, 0.0])
    last_days: dict[tuple[str, str], str] = {}
    decided: set[str] = set()
    for row in op.get_bind().execute(kept):
        if json.loads(row.body).get("change", "first") != "first":
            continue
        day = datetime.fromtimestamp(row.recorded_at, UTC).date().isoformat()
        total = sums[row.harm_type, day]
        total[0] += row.item_id not in decided
        total[1] += _graphic_seconds(json.loads(row.viewing_record))
        decided.add(row.item_id)
        last_days[row.harm_type, row.member_id] = day
    _insert(days, [{"harm_type": harm, "day": day, "items": n, "graphic_s": s} for (harm, day), (n, s) in sums.items()])
    _insert(people, [{"harm_type": h, "member_id": m, "last_day": day} for (h, m), day in last_days.items()])


def _graphic_seconds(record: dict[str, Any]) -> float:
    shown = sum(seconds for level, seconds in record.get("seconds", {}).items() if level != "facts")
    return float(max(shown, record.get("sound_seconds", 0.0)))


def _in_slices(asked: str) -> Iterator[Sequence[sa.Row[Any]]]:
    """By id, so that of the largest tables never more than a slice is in memory."""
    slices = sa.text(f"{asked} AND id > :last ORDER BY id LIMIT {_AT_ONCE}")
    last = ""
    while rows := op.get_bind().execute(slices, {"last": last}).all():
        yield rows
        last = rows[-1].id


def _insert(table: sa.Table, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        op.bulk_insert(table, rows[start : start + _AT_ONCE])
