"""The tables of handing off: who saw what, packages and their steps, overrules, letters, what is preserved.

Times are Unix seconds, UTC. All but letters and what custody logs told stay when a case is destroyed.
"""

from __future__ import annotations

import sqlalchemy as sa

from reviewer.casesystem.tables import ID, metadata
from reviewer.model.handoff_terms import MAX_JURISDICTION

# That a person saw an item: not when, how long or at what level. No row numbers: they would tell the order.
seen = sa.Table(
    "seen",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

# `body` is a `NewHandoff`. None is ever changed or removed.
handoffs = sa.Table(
    "handoffs",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# `body` is a `NewStep`. Numbered from 0, which is BUILT, in the order they were recorded.
handoff_steps = sa.Table(
    "handoff_steps",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("handoff_id", ID, sa.ForeignKey("handoffs.id"), nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.Double, nullable=False),
    sa.Index("ix_handoff_steps_handoff_id_number", "handoff_id", "number", unique=True),
)

# `body` is a `NewOverrule`.
overrules = sa.Table(
    "overrules",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# `body` is a `NewLetter`. The unique index is the promise: two people cannot both write the next version.
letters = sa.Table(
    "letters",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("letter_id", ID, nullable=False),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
    sa.Index("ix_letters_letter_id_number", "letter_id", "number", unique=True),
)

# `body` is a `NewPreservation`. An extension is one more row; the one that ends last counts. `jurisdiction` is folded.
preservations = sa.Table(
    "preservations",
    metadata,
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("jurisdiction", sa.String(MAX_JURISDICTION), primary_key=True),
    sa.Column("ends_on", sa.String(10), primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# What a workstation's custody log told of a case, sealed to the case's key; `size` is that of the anchored checkpoint
# it is under. Empty: the key was replaced since, and it is to be told anew.
told_extracts = sa.Table(
    "told_extracts",
    metadata,
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("origin", sa.String(200), primary_key=True, index=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)
