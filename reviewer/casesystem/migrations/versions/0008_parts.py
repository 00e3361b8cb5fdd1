"""Which item an item came out of: files of an archive, attachments of an e-mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("items", sa.Column("part_of", sa.String(length=64), nullable=True))
