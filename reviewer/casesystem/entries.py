"""Queue entries put together: item, case, what earlier viewers noted, who has it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.assignment import assigned_among
from reviewer.casesystem.bodies import etag_of
from reviewer.casesystem.holding import held_among
from reviewer.casesystem.known.shown import matches_of
from reviewer.casesystem.known.stacks import stacks_of
from reviewer.casesystem.second_review.offering import ORDINARY, Sight, sights
from reviewer.casesystem.tables import cases, decisions, items, leases, members
from reviewer.model.cases import Case, EarlierNote, Item, QueueEntry
from reviewer.model.decisions import Decision

# The ledger of one item as it is sent along; older notes stay in the case.
MAX_NOTES = 20
MAX_MESSAGES_NOTED = 100  # of one note: an answer with a page of entries has to stay small


def entries_of(connection: sa.Connection, item_ids: Sequence[str], now: float, viewer: str) -> tuple[QueueEntry, ...]:
    """In the order of `item_ids`; ids that are not known are left out. A few queries, however many ids.

    `viewer` is the member who is told: in a blind round they read nothing of those who decided before.
    """
    found = connection.execute(
        sa.select(items.c.id, items.c.body, cases.c.body.label("case_body"))
        .join(cases, cases.c.id == items.c.case_id)
        .where(items.c.id.in_(item_ids))
    )
    rows = {row.id: row for row in found}
    seen = sights(connection, item_ids, viewer)
    notes = _notes(connection, item_ids, seen)
    held = sa.select(leases.c.item_id, leases.c.member_id).where(
        leases.c.item_id.in_(item_ids), leases.c.expires_at > now
    )
    holders = {row.item_id: row.member_id for row in connection.execute(held)}
    matches, stacks = matches_of(connection, item_ids), stacks_of(connection, viewer, item_ids)
    aside, given = held_among(connection, item_ids), assigned_among(connection, item_ids)
    entries = []
    for item_id in item_ids:
        if item_id not in rows:
            continue
        entry = QueueEntry(
            item=msgspec.json.decode(rows[item_id].body, type=Item),
            case=msgspec.json.decode(rows[item_id].case_body, type=Case),
            notes=tuple(notes[item_id]),
            leased_to=holders.get(item_id),
            matches=matches.get(item_id, ()),
            stack=stacks.get(item_id),
            round=seen.get(item_id, ORDINARY).round,
            held=item_id in aside,
            assigned_to=given.get(item_id),
        )
        entries.append(msgspec.structs.replace(entry, etag=etag_of(entry)))
    return tuple(entries)


def _notes(
    connection: sa.Connection, item_ids: Sequence[str], seen: Mapping[str, Sight]
) -> dict[str, list[EarlierNote]]:
    """The see-once ledger: what those who decided before wrote, labelled and marked, unless they took it back."""
    asked = (
        sa.select(decisions.c.item_id, decisions.c.member_id, decisions.c.body, members.c.name)
        .join(members, members.c.id == decisions.c.member_id)
        .where(decisions.c.item_id.in_(item_ids), decisions.c.standing)
        .order_by(decisions.c.recorded_at.desc(), decisions.c.id.desc())
    )
    notes: dict[str, list[EarlierNote]] = defaultdict(list)
    for row in connection.execute(asked):
        if not seen.get(row.item_id, ORDINARY).shows(row.member_id):
            continue
        decision = msgspec.json.decode(row.body, type=Decision)
        note = EarlierNote(
            author=row.name,
            at=decision.decided_at.astimezone(UTC),
            text=decision.rationale.strip(),
            labels=decision.labels,
            segments=decision.segments,
            messages=decision.messages[:MAX_MESSAGES_NOTED],
        )
        says_something = note.text or note.labels or note.segments or note.messages
        if says_something and len(notes[row.item_id]) < MAX_NOTES:
            notes[row.item_id].append(note)
    return notes


def case_numbers(connection: sa.Connection, case_ids: Sequence[str]) -> dict[str, str]:
    """Case id to the number people call it by."""
    rows = connection.execute(sa.select(cases.c.id, cases.c.body).where(cases.c.id.in_(case_ids)))
    return {row.id: msgspec.json.decode(row.body, type=Case).number for row in rows}


def utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
