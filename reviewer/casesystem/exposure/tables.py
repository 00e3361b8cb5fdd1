"""The tables of exposure and of what supervisors do about it. Times are Unix seconds, UTC; days are ISO dates, UTC."""

from __future__ import annotations

import sqlalchemy as sa

from reviewer.casesystem.tables import ID, MAX_HARM_TYPE, metadata

# Totals of the rows of `exposure`, changed in the transaction that adds one. `incomplete`: something of the day came
# late, was refused, or came with a clock that cannot be right. `workstation` is empty where it was not kept yet.
exposure_days = sa.Table(
    "exposure_days",
    metadata,
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("workstation", sa.String(64), primary_key=True),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("weighted", sa.Double, nullable=False),
    sa.Column("violent_s", sa.Double, nullable=False),
    sa.Column("incomplete", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# What `exposure_days` says of a person's calendar week, in quarter hours: days are rounded up, then added. Written
# anew whenever one of its days changes, so that a year of a team is read and not worked out. `monday` begins it.
exposure_weeks = sa.Table(
    "exposure_weeks",
    metadata,
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True),
    sa.Column("monday", sa.String(10), primary_key=True),
    sa.Column("fullest", sa.Integer, nullable=False),
    sa.Column("quarters", sa.Integer, nullable=False),
    sa.Column("incomplete", sa.Boolean, nullable=False),
    sqlite_with_rowid=False,
)

# Which events of exposure were taken in. Ids tell the time of day, so only their digests are here, in no order.
counted_events = sa.Table(
    "counted_events",
    metadata,
    sa.Column("id_sha256", sa.String(64), primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sqlite_with_rowid=False,
)

# The newest of each workstation, and only until it is out of date; `expires_at` is a whole hour. What came before
# workstations were kept has none, and goes with the next that any of them tells.
without_break = sa.Table(
    "without_break",
    metadata,
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True),
    sa.Column("workstation", sa.String(64), primary_key=True),
    sa.Column("quarter_hours", sa.Integer, nullable=False),
    sa.Column("expires_at", sa.Double, nullable=False),
    sqlite_with_rowid=False,
)

reliefs = sa.Table(
    "reliefs",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False, index=True),
    sa.Column("by_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("handed_over", sa.Integer, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# What the team looked at to decide items of a harm type: of nobody in particular.
work_days = sa.Table(
    "work_days",
    metadata,
    sa.Column("harm_type", sa.String(MAX_HARM_TYPE), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("items", sa.Integer, nullable=False),
    sa.Column("graphic_s", sa.Double, nullable=False),
    sqlite_with_rowid=False,
)

# Who decided items of a harm type at all lately, so that it can be said whether they were enough people.
work_people = sa.Table(
    "work_people",
    metadata,
    sa.Column("harm_type", sa.String(MAX_HARM_TYPE), primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True),
    sa.Column("last_day", sa.String(10), nullable=False),
    sqlite_with_rowid=False,
)
