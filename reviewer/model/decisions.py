"""Decisions and the viewing record. Decisions are append-only: amend and void are new ones that name the old."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import msgspec

from reviewer.model.levels import LEVEL_KEYS, Level
from reviewer.model.segments import Segment


class Imminence(str, Enum):
    IMMINENT = "imminent"
    POSSIBLE = "possible"
    NO_SIGN = "no_sign"


class Action(str, Enum):
    NONE = "none"
    REMOVE = "remove"
    RESTRICT = "restrict"
    PRESERVE = "preserve"
    ESCALATE = "escalate"
    SECOND_LOOK = "second_look"
    REPORT = "report"


class Confidence(str, Enum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Change(str, Enum):
    """What this decision is to the one it names in `replaces`."""

    FIRST = "first"
    AMEND = "amend"
    VOID = "void"


class MessageMark(msgspec.Struct, frozen=True, kw_only=True):
    """A message or line of a text that matters, by its number from 0. `note` is one short line, or empty."""

    line: int
    note: str = ""


class ViewingRecord(msgspec.Struct, frozen=True, kw_only=True):
    """What one person truthfully saw of one item before deciding. A court may rely on `viewed`.

    `seconds` maps level keys ("blurred", "clear", ...) to seconds shown; a level never shown is absent.
    `viewed` is true exactly when pixels, text or sound of the item reached the person at any level above FACTS.
    `with_stack_of` is the item that was looked at instead: this one was decided with it as its copy.
    """

    item_id: str
    viewer: str
    opened_at: datetime | None = None
    closed_at: datetime | None = None
    seconds: dict[str, float] = {}
    sound_seconds: float = 0.0
    decided_from_notes: bool = False
    could_not_open: str | None = None
    with_stack_of: str | None = None

    @property
    def viewed(self) -> bool:
        shown = sum(s for level, s in self.seconds.items() if level != LEVEL_KEYS[Level.FACTS])
        return shown > 0 or self.sound_seconds > 0


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    item_id: str
    case_id: str
    actor: str
    decided_at: datetime
    imminence: Imminence
    category: str
    severity: int
    confidence: Confidence
    action: Action
    rationale: str = ""
    labels: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()
    grounds: tuple[str, ...] = ()
    classification: str | None = None
    age_group: str | None = None
    messages: tuple[MessageMark, ...] = ()
    policy_version: str = ""
    change: Change = Change.FIRST
    replaces: str | None = None


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An unfinished decision. Kept encrypted after each word so that a crash or lock loses nothing."""

    item_id: str
    imminence: Imminence | None = None
    category: str | None = None
    severity: int | None = None
    confidence: Confidence | None = None
    action: Action | None = None
    rationale: str = ""
    labels: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()
    grounds: tuple[str, ...] = ()
    classification: str | None = None
    age_group: str | None = None
    messages: tuple[MessageMark, ...] = ()


def as_draft(decision: Decision) -> Draft:
    """What was written, as a draft again: a decision that was undone loses no word."""
    return Draft(
        item_id=decision.item_id,
        imminence=decision.imminence,
        category=decision.category,
        severity=decision.severity,
        confidence=decision.confidence,
        action=decision.action,
        rationale=decision.rationale,
        labels=decision.labels,
        segments=decision.segments,
        grounds=decision.grounds,
        classification=decision.classification,
        age_group=decision.age_group,
        messages=decision.messages,
    )
