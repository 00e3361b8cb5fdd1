"""What is recorded of handing off, for the tests of both ends of the wire."""

from __future__ import annotations

from datetime import datetime

from house import NOON, ONE, an_event

from reviewer.model.events import EventType, OutboxEvent
from reviewer.model.handoff import (
    Audience,
    LetterKind,
    NewHandoff,
    NewLetter,
    NewOverrule,
    NewPreservation,
    NewStep,
    StepKind,
)
from reviewer.model.payloads import ItemSeen


def saw(actor: str = ONE, item_id: str = "item-1") -> OutboxEvent:
    return an_event(ItemSeen(item_id=item_id), EventType.ITEM_SEEN, actor)


def a_package(handoff_id: str = "handoff-1", case_id: str = "case-1", **fields: object) -> NewHandoff:
    made: dict[str, object] = {
        "id": handoff_id,
        "case_id": case_id,
        "built_at": NOON,
        "agency": "north",
        "agency_words": "Police of the North",
        "envelope": "age",
        "package_sha256": "a" * 64,
        "package_size": 1 << 40,
        "tagmanifest_sha256": "b" * 64,
        "items": 3,
        "stamped": True,
    }
    return NewHandoff(**(made | fields))  # type: ignore[arg-type]


def a_step(kind: StepKind, step_id: str = "", at: datetime = NOON, **fields: str) -> NewStep:
    return NewStep(id=step_id or f"step-{kind.value}", kind=kind, at=at, **fields)


def an_overrule(overrule_id: str = "overrule-1", *missing: str) -> NewOverrule:
    """For the agency of `a_package`."""
    reason = "A child may be in danger now."
    return NewOverrule(id=overrule_id, missing=missing or ("contact", "times"), reason=reason, agency="north")


def a_version(number: int = 1, version_id: str = "", letter_id: str = "letter-1", text: str = "Dear all.") -> NewLetter:
    return NewLetter(
        id=version_id or f"version-{number}",
        letter_id=letter_id,
        number=number,
        audience=Audience.LAW_ENFORCEMENT,
        kind=LetterKind.GRANTED,
        subject="Your request of 3 November",
        text=text,
    )


def kept_until(ends_on: str, jurisdiction: str = "Northland", **fields: object) -> NewPreservation:
    made: dict[str, object] = {"jurisdiction": jurisdiction, "basis": "Act 7", "starts_on": "2026-11-21"}
    return NewPreservation(**(made | {"ends_on": ends_on} | fields))  # type: ignore[arg-type]
