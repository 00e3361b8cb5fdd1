"""The share of decisions made without looking is counted from what records say, and flatters nobody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reviewer.model.decisions import Action, Change, Confidence, Decision, Imminence, ViewingRecord
from reviewer.model.unseen import share_not_looked_at

Pair = tuple[Decision, ViewingRecord]


def made(number: int, *, change: Change = Change.FIRST, replaces: str | None = None, **seen: object) -> Pair:
    decision = Decision(
        id=f"d{number}", item_id=f"i{number}", case_id="c", actor="m", decided_at=datetime(2026, 11, 22, tzinfo=UTC),
        imminence=Imminence.NO_SIGN, category="other", severity=1, confidence=Confidence.HIGH, action=Action.NONE,
        change=change, replaces=replaces,
    )  # fmt: skip
    return decision, ViewingRecord(item_id=decision.item_id, viewer="m", **seen)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pairs", "share"),
    [
        ([], None),
        ([made(1)], 1.0),
        ([made(1, seconds={"facts": 9.0})], 1.0),
        ([made(1, seconds={"blurred": 0.1})], 0.0),
        ([made(1, sound_seconds=2.0)], 0.0),
        ([made(1, could_not_open="M003")], 0.0),
        (
            [made(1), made(2, with_stack_of="i1"), made(3, seconds={"clear": 3.0}), made(4, decided_from_notes=True)],
            0.75,
        ),
        # Intention counts for nothing where pixels were shown.
        ([made(1, decided_from_notes=True, seconds={"clear": 1.0})], 0.0),
        # What was taken back was not decided; an amendment is counted instead of what it replaces.
        ([made(1), made(2, change=Change.VOID, replaces="d1")], None),
        ([made(1), made(2, change=Change.AMEND, replaces="d1", seconds={"clear": 1.0})], 0.0),
    ],
)
def test_share(pairs: list[Pair], share: float | None) -> None:
    assert share_not_looked_at(pairs) == share
