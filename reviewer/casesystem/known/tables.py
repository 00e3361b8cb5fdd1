"""The tables of known-hash lists and of copies. The lists' digests are in files (`list_file`), not here."""

from __future__ import annotations

import sqlalchemy as sa

from reviewer.casesystem.tables import ID, metadata

# One row. Whoever registers an item or changes the lists locks it: neither misses what the other just did.
known_state = sa.Table(
    "known_state",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("generation", sa.BigInteger, nullable=False),
)

# Rows stay when a list is replaced or retired: what an old decision saw can be told a year later.
known_lists = sa.Table(
    "known_lists",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("version", sa.String(100), nullable=False),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("entries", sa.BigInteger, nullable=False),
    sa.Column("skipped", sa.BigInteger, nullable=False),
    sa.Column("imported_by", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("imported_at", sa.Double, nullable=False),
    sa.Column("retired_at", sa.Double),
    sa.Index("ix_known_lists_name_version", "name", "version"),
)

known_matches = sa.Table(
    "known_matches",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("list_id", ID, sa.ForeignKey("known_lists.id"), primary_key=True),
    sa.Column("position", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(8), nullable=False),
    sa.Column("distance", sa.Integer, nullable=False),
    sa.Column("category", sa.String(200), nullable=False),
    sa.Column("classification", sa.String(200), nullable=False),
)

# `component`: items that a chain of copies joins, across all cases; never shown. `pdq` only where it may be compared.
item_fingerprints = sa.Table(
    "item_fingerprints",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), nullable=False, unique=True),
    sa.Column("sha256", sa.LargeBinary(32), index=True),
    sa.Column("pdq", sa.LargeBinary(32)),
    sa.Column("component", ID, nullable=False, index=True),
)
