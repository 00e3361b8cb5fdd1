"""The queue's order: danger, then deadline, then age."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from reviewer.model.cases import Case, Fingerprints, Item, ItemFacts, QueueEntry, Referral, ReferralSource, queue_order
from reviewer.model.levels import Kind

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def entry(name: str, *, danger: bool = False, due_h: float | None = None, age_h: float = 1.0) -> QueueEntry:
    referral = Referral(
        source=ReferralSource.USER,
        received_at=NOW - timedelta(hours=age_h),
        due_at=None if due_h is None else NOW + timedelta(hours=due_h),
        danger=danger,
    )
    item = Item(
        id=name,
        case_id="c",
        exhibit="1",
        harm_type="other",
        facts=ItemFacts(kind=Kind.IMAGE),
        fingerprints=Fingerprints(sha256="", sha1="", md5=""),
        container_sha256="",
        container_size=0,
        created_at=NOW,
    )
    return QueueEntry(item=item, case=Case(id="c", number="1", referral=referral, created_at=NOW))


def test_danger_goes_before_deadline_before_age() -> None:
    entries = [
        entry("old, no deadline", age_h=900),
        entry("new, no deadline", age_h=1),
        entry("late deadline", due_h=9),
        entry("early deadline", due_h=1),
        entry("overdue", due_h=-2),
        entry("danger, no deadline", danger=True),
        entry("danger, deadline", danger=True, due_h=5),
    ]
    assert [e.item.id for e in sorted(entries, key=queue_order)] == [
        "danger, deadline",
        "danger, no deadline",
        "overdue",
        "early deadline",
        "late deadline",
        "old, no deadline",
        "new, no deadline",
    ]


def test_a_chat_sent_as_text_is_no_mismatch_but_a_picture_sent_as_text_is() -> None:
    assert not ItemFacts(kind=Kind.CHAT, format="chat", declared_format="txt").mismatch
    assert ItemFacts(kind=Kind.IMAGE, format="png", declared_format="txt").mismatch
    assert ItemFacts(kind=Kind.IMAGE, format="png", declared_format="jpeg").mismatch
