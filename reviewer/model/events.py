"""Outbox events and the case system's answers: the wire types of journey 2, encoded as JSON by msgspec."""

from __future__ import annotations

from datetime import datetime
from enum import Enum
from typing import Any

import msgspec

MAX_BATCH = 64
MAX_EVENT_BYTES = 64 * 1024


class EventType(str, Enum):
    DECISION_RECORDED = "decision.recorded"
    ITEM_PASSED_ON = "item.passed_on"
    ITEM_HELD = "item.held"
    EXPOSURE_RECORDED = "exposure.recorded"
    CUSTODY_CHECKPOINT = "custody.checkpoint"
    CONSENSUS_PROPOSED = "consensus.proposed"
    CONSENSUS_ACCEPTED = "consensus.accepted"
    CONSENSUS_WITHDRAWN = "consensus.withdrawn"
    CASE_MESSAGE = "case.message"
    WITHOUT_BREAK = "wellbeing.without_break"
    WORK_HANDED_OVER = "work.handed_over"
    ITEM_SEEN = "item.seen"


class OutboxEvent(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is a UUIDv7 and the idempotency key; `sequence` counts up by one per workstation, starting at 1."""

    id: str
    sequence: int
    type: EventType
    workstation: str
    actor: str
    at: datetime
    payload: dict[str, Any]


class AnswerStatus(str, Enum):
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    RETRY = "retry"
    REJECTED = "rejected"


class EventAnswer(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    status: AnswerStatus
    reason: str = ""


class EventBatch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    events: tuple[OutboxEvent, ...]


class BatchAnswer(msgspec.Struct, frozen=True, kw_only=True):
    answers: tuple[EventAnswer, ...]


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    item_id: str
    holder: str
    expires_at: datetime


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """RFC 9457 problem details. `line`, `field` and `reason` where a file was refused: which line (from 1) and why."""

    type: str = "about:blank"
    title: str = ""
    status: int = 0
    detail: str = ""
    line: int = 0
    field: str = ""
    reason: str = ""


class ExposureDay(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One person's graphic viewing on one UTC day, already rounded up to quarter hours by the case system.

    `incomplete`: something of this day came late, was refused, or came with a clock that cannot be right.
    Not for the cycle collector (`gc=False`): a year of a large team is 50,000 of them, and none holds another object.
    """

    day: str
    quarter_hours: int
    incomplete: bool = False


class MemberExposure(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a supervisor may see of a person: never which item, when, or how fast.

    `member` is the name. `without_break` is in quarter hours, and 0 until it reaches the policy's handover.
    """

    member: str
    days: tuple[ExposureDay, ...]
    member_id: str = ""
    without_break: int = 0


class TeamExposure(msgspec.Struct, frozen=True, kw_only=True):
    """`withhold_below`: figures of the whole team are not shown for fewer people; 0: always shown."""

    limit_quarter_hours: int
    members: tuple[MemberExposure, ...]
    withhold_below: int = 0
