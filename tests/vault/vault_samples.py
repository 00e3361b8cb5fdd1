"""Synthetic records for the vault's tests. Nothing in them stands for anything real."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

from reviewer.model.cases import Case, Fingerprints, Item, ItemFacts, QueueEntry, Referral, ReferralSource
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.decisions import Action, Change, Confidence, Decision, Imminence, ViewingRecord
from reviewer.model.events import EventType, OutboxEvent
from reviewer.model.ids import uuid7
from reviewer.model.levels import Kind
from reviewer.vault.custody import Scribe

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ACTOR = "m-07"
WORKSTATION = "ws-1"
SCRIBE = Scribe(actor=ACTOR, role="reviewer", workstation=WORKSTATION)

Four = tuple[Decision, ViewingRecord, CustodyEntry, OutboxEvent]


def entry(action: CustodyAction = CustodyAction.OPENED, **fields: object) -> CustodyEntry:
    return SCRIBE.entry(action, NOW, **fields)


def event(kind: EventType = EventType.DECISION_RECORDED, **payload: object) -> OutboxEvent:
    return OutboxEvent(
        id=uuid7(), sequence=0, type=kind, workstation=WORKSTATION, actor=ACTOR, at=NOW, payload=dict(payload)
    )


def four(
    item_id: str | None = None, *, rationale: str = "", change: Change = Change.FIRST, of: str | None = None
) -> Four:
    """A decision with all that is recorded with it."""
    decision = Decision(
        id=uuid7(),
        item_id=item_id if item_id is not None else uuid7(),
        case_id="case-1",
        actor=ACTOR,
        decided_at=NOW,
        imminence=Imminence.NO_SIGN,
        category="other",
        severity=1,
        confidence=Confidence.HIGH,
        action=Action.NONE,
        rationale=rationale,
        change=change,
        replaces=of,
    )
    record = ViewingRecord(
        item_id=decision.item_id,
        viewer=ACTOR,
        opened_at=NOW,
        closed_at=NOW + timedelta(seconds=9),
        seconds={"blurred": 6.5, "lens": 1.5},
    )
    custody = entry(CustodyAction.DECIDED, case_id="case-1", exhibit=f"exhibit of {decision.id}")
    sent = event(**msgspec.json.decode(msgspec.json.encode({"decision": decision, "record": record})))
    return decision, record, custody, sent


def queue_entry(item_id: str, *, danger: bool = False, minutes: int = 0) -> QueueEntry:
    at = NOW + timedelta(minutes=minutes)
    return QueueEntry(
        item=Item(
            id=item_id,
            case_id="case-1",
            exhibit="E-1",
            harm_type="other",
            facts=ItemFacts(kind=Kind.IMAGE),
            fingerprints=Fingerprints(sha256="0" * 64, sha1="0" * 40, md5="0" * 32),
            container_sha256="0" * 64,
            container_size=1,
            created_at=at,
        ),
        case=Case(
            id="case-1",
            number="2026-1",
            referral=Referral(source=ReferralSource.USER, received_at=at, danger=danger),
            created_at=at,
        ),
    )
