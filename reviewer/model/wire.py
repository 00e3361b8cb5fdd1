"""Requests and answers of the case system's HTTP service that are not domain types of their own. JSON by msgspec."""

from __future__ import annotations

from datetime import datetime

import msgspec

from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Decision
from reviewer.model.roles import Member

QUEUE_PAGE = 100


class MemberList(msgspec.Struct, frozen=True, kw_only=True):
    members: tuple[Member, ...]


class SealedKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case key, sealed once per member of the case: member id to a small age file (base64 in JSON)."""

    keys: dict[str, bytes]


class QueuePage(msgspec.Struct, frozen=True, kw_only=True):
    """At most `QUEUE_PAGE` entries in `queue_order`. `after` asks for the next page; None: this was the last."""

    entries: tuple[QueueEntry, ...]
    after: str | None = None


class LeaseRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    item_id: str


class DecisionCount(msgspec.Struct, frozen=True, kw_only=True):
    """`recorded` counts every decision ever taken in, amendments and voids included; `standing` those in force."""

    recorded: int
    standing: int


class RecordedDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as the case holds it. Never what its maker saw, or for how long."""

    decision: Decision
    recorded_at: datetime
    standing: bool


class DecisionPage(msgspec.Struct, frozen=True, kw_only=True):
    decisions: tuple[RecordedDecision, ...]
    after: str | None = None


class OwnExposureLine(msgspec.Struct, frozen=True, kw_only=True):
    """All that is held about one episode. No item and no time of day: they are not stored."""

    day: str
    level: str
    seconds: float
    weight: float


class OwnExposure(msgspec.Struct, frozen=True, kw_only=True):
    limit_quarter_hours: int
    lines: tuple[OwnExposureLine, ...]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody looked at your exposure figures. `viewer` is a pseudonym."""

    viewer: str
    at: datetime


class LookList(msgspec.Struct, frozen=True, kw_only=True):
    looks: tuple[Look, ...]


class Anchored(msgspec.Struct, frozen=True, kw_only=True):
    """The newest checkpoint the case system holds for one custody log. Size 0: none yet."""

    size: int
    root: bytes
