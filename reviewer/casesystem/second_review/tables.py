"""The tables of second readings. Times are Unix seconds, UTC."""

from __future__ import annotations

import sqlalchemy as sa

from reviewer.casesystem.tables import ID, metadata

# What only the case system knows; made when first asked for.
secrets = sa.Table(
    "secrets",
    metadata,
    sa.Column("name", sa.String(32), primary_key=True),
    sa.Column("value", sa.LargeBinary, nullable=False),
)

# Where the readings of an item stand: follows from its decisions, kept so that the queue can ask for it.
review_stages = sa.Table(
    "review_stages",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("stage", sa.String(16), nullable=False, index=True),
    sa.Column("at", sa.Double, nullable=False),
)

# What somebody was to an item: who has seen the readings cannot read it blind any more.
review_parts = sa.Table(
    "review_parts",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True),
    sa.Column("part", sa.String(16), primary_key=True),
)

# Append-only; the newest one made after the last decision on the item is the one that can be accepted.
consensus_proposals = sa.Table(
    "consensus_proposals",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("event_id", ID, sa.ForeignKey("events.id"), nullable=False, unique=True),
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), nullable=False, index=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("viewing_record", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# Append-only as well: a proposal that its maker took back before it was accepted.
withdrawn_proposals = sa.Table(
    "withdrawn_proposals",
    metadata,
    sa.Column("proposal_id", ID, sa.ForeignKey("consensus_proposals.id"), primary_key=True),
    sa.Column("event_id", ID, sa.ForeignKey("events.id"), nullable=False, unique=True),
    sa.Column("at", sa.Double, nullable=False),
)

golden_items = sa.Table(
    "golden_items",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("marked_by", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("marked_at", sa.Double, nullable=False),
    sa.Column("withdrawn_at", sa.Double),
)

# Answers to calibration items: never among the decisions, so that no figure and no report counts them.
calibrations = sa.Table(
    "calibrations",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("event_id", ID, sa.ForeignKey("events.id"), nullable=False, unique=True),
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), nullable=False, index=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False, index=True),
    sa.Column("standing", sa.Boolean, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("viewing_record", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.Double, nullable=False),
)
