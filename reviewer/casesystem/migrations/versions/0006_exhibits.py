"""One exhibit number, one item. Of several items that have the same one already, the first keeps it here."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("exhibit", sa.String(length=200), nullable=True))
    connection = op.get_bind()
    taken: set[tuple[str, str]] = set()
    rows = connection.execute(sa.text("SELECT id, case_id, body FROM items ORDER BY registered_at, id")).all()
    for row in rows:
        exhibit = json.loads(row.body)["exhibit"]
        if (row.case_id, exhibit) not in taken:
            taken.add((row.case_id, exhibit))
            named = sa.text("UPDATE items SET exhibit = :exhibit WHERE id = :id")
            connection.execute(named, {"exhibit": exhibit, "id": row.id})
    op.create_index("ix_items_case_id_exhibit", "items", ["case_id", "exhibit"], unique=True)
