"""The tables. Plain SQL types only, so that SQLite and PostgreSQL hold the same; times are Unix seconds, UTC."""

from __future__ import annotations

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ID = sa.String(64)
# Longer ones are told apart by so much of them.
MAX_HARM_TYPE = 200

members = sa.Table(
    "members",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("role", sa.String(32), nullable=False),
    sa.Column("recipient", sa.Text, nullable=False),
    sa.Column("verifier", sa.Text),
)

# Only the SHA-256 of a token is here: whoever copies the database cannot sign in with it.
tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False, index=True),
    sa.Column("created_at", sa.Double, nullable=False),
    sa.Column("revoked_at", sa.Double),
)

cases = sa.Table(
    "cases",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("keys_version", sa.Integer, nullable=False, default=0),
    # Which key it is, as a member signed it; workstations check it.
    sa.Column("statement", sa.Text),
    # `queue_order` of the model, spelled out so that the database can page through it.
    sa.Column("calm", sa.Integer, nullable=False),
    sa.Column("no_deadline", sa.Integer, nullable=False),
    sa.Column("due_at", sa.Double, nullable=False),
    sa.Column("received_at", sa.Double, nullable=False),
    # `account_key` of the referral's account; none where no account is named.
    sa.Column("account", sa.String(200), index=True),
)

case_keys = sa.Table(
    "case_keys",
    metadata,
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True),
    # Empty once the case was destroyed: the row says who held it.
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

# `open`: still to be decided. `stored`: its container has arrived whole. Only items that are both are offered.
items = sa.Table(
    "items",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), nullable=False, index=True),
    # As in the body; none for an item of before that shares its number with an earlier one.
    sa.Column("exhibit", sa.String(200)),
    # The item it came out of, of the same case.
    sa.Column("part_of", ID),
    # As in the body, so that what waits can be counted by it.
    sa.Column("harm_type", sa.String(MAX_HARM_TYPE)),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("container_sha256", sa.String(64), nullable=False),
    sa.Column("container_size", sa.BigInteger, nullable=False),
    sa.Column("stored", sa.Boolean, nullable=False, default=False),
    sa.Column("open", sa.Boolean, nullable=False, default=True),
    sa.Column("registered_at", sa.Double, nullable=False),
    sa.Column("registered_by", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Index("ix_items_offered", "open", "stored", "id"),
    sa.Index("ix_items_case_id_exhibit", "case_id", "exhibit", unique=True),
)

# Containers that a re-key under way has sent; nobody is offered them before it is complete.
staged_containers = sa.Table(
    "staged_containers",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# What `keys_version` of a case was replaced, when and by whom; with the keys and containers of it.
replaced_sets = sa.Table(
    "replaced_sets",
    metadata,
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("statement", sa.Text),
    sa.Column("replaced_by", ID, sa.ForeignKey("members.id")),
    sa.Column("at", sa.Double, nullable=False),
)

replaced_keys = sa.Table(
    "replaced_keys",
    metadata,
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True),
    sa.Column("sealed", sa.LargeBinary, nullable=False),
)

replaced_containers = sa.Table(
    "replaced_containers",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# Ciphertext to be removed: written in the transaction that stops referring to it.
discarded_blobs = sa.Table(
    "discarded_blobs",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("at", sa.Double, nullable=False),
)

# The first of two consents, waiting for the second.
destructions = sa.Table(
    "destructions",
    metadata,
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("request", ID, nullable=False),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("expires_at", sa.Double, nullable=False),
)

# The primary key of `number` and not of the case: workstations ask for what came after the last one they know.
tombstones = sa.Table(
    "tombstones",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), nullable=False, unique=True),
    sa.Column("first_note", sa.Text, nullable=False),
    sa.Column("second_note", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

rosters = sa.Table(
    "rosters",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# The key that signs each custody log's checkpoints, as first seen.
log_keys = sa.Table(
    "log_keys",
    metadata,
    sa.Column("origin", sa.String(200), primary_key=True),
    sa.Column("verifier", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# The primary key is the promise: one item, one lease.
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("id", ID, nullable=False, unique=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("workstation", sa.String(64), nullable=False),
    sa.Column("expires_at", sa.Double, nullable=False),
)

# Who was ever leased which item.
entrusted = sa.Table(
    "entrusted",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True),
)

# What has been taken in, by event id. The digest tells a repetition from another event under the same id.
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("workstation", sa.String(64), nullable=False),
    sa.Column("sequence", sa.BigInteger, nullable=False),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("received_at", sa.Double, nullable=False),
    sa.Index("ix_events_workstation_sequence", "workstation", "sequence"),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("event_id", ID, sa.ForeignKey("events.id"), nullable=False, unique=True),
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), nullable=False, index=True),
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("action", sa.String(32), nullable=False),
    sa.Column("standing", sa.Boolean, nullable=False, index=True),
    # Made with the readings of others in sight, or agreed on by two: it stands for all of them.
    sa.Column("settling", sa.Boolean, nullable=False, default=False, server_default=sa.false()),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("viewing_record", sa.Text, nullable=False),
    sa.Column("recorded_at", sa.Double, nullable=False),
)

# Decisions that were not accepted: what would replace one need not wait for it.
rejected_decisions = sa.Table(
    "rejected_decisions",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True),
)

# What colleagues say to each other about a case. Numbered from 1 in each case, in the order it arrived.
case_messages = sa.Table(
    "case_messages",
    metadata,
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("event_id", ID, sa.ForeignKey("events.id"), nullable=False, unique=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("written_at", sa.Double, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# What became of a case, as it was heard. The newest one counts; none is ever changed.
outcomes = sa.Table(
    "outcomes",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("case_id", ID, sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

passed_on = sa.Table(
    "passed_on",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), primary_key=True),
)

# No item and no time of day: what is not stored cannot be asked for. Random ids, no row numbers: an event's id, or the
# order rows came in, would tell the time. Idempotency is the business of `events`.
exposure = sa.Table(
    "exposure",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("level", sa.String(16), nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("weight", sa.Double, nullable=False),
    sa.Index("ix_exposure_member_id_day", "member_id", "day"),
    sqlite_with_rowid=False,
)

looks = sa.Table(
    "looks",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("viewer_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("subject_id", ID, sa.ForeignKey("members.id"), nullable=False, index=True),
    sa.Column("at", sa.Double, nullable=False),
    sa.Column("purpose", sa.String(16), nullable=False, default="seen", server_default="seen"),
)

# Refusals: who tried what their role, or the custody log, does not allow.
attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("workstation", sa.String(64), nullable=False),
    sa.Column("what", sa.String(200), nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# The same of people nobody knows: of them only what they asked for. Bounded, because anybody can write here.
outsiders = sa.Table(
    "outsiders",
    metadata,
    sa.Column("id", ID, primary_key=True),
    sa.Column("what", sa.String(200), nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

checkpoints = sa.Table(
    "checkpoints",
    metadata,
    sa.Column("origin", sa.String(200), primary_key=True),
    sa.Column("size", sa.BigInteger, primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)

# Set aside until somebody takes them up again.
held_items = sa.Table(
    "held_items",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("at", sa.Double, nullable=False),
)

assignments = sa.Table(
    "assignments",
    metadata,
    sa.Column("item_id", ID, sa.ForeignKey("items.id"), primary_key=True),
    sa.Column("member_id", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("given_by", ID, sa.ForeignKey("members.id"), nullable=False),
    sa.Column("at", sa.Double, nullable=False),
)
