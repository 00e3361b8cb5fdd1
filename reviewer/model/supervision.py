"""What supervisors are told of the team and people of themselves: wire types, coarse on purpose. JSON by msgspec."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import msgspec

from reviewer.model.events import MemberExposure

# The longest stretch of days that can be asked for: a year and a day.
MOST_DAYS = 366
# Below so many people a figure of the team would be a figure of persons.
SMALLEST_TEAM = 5
# So many refused attempts are told at once.
MOST_ATTEMPTS = 500


class LookPurpose(str, Enum):
    SEEN = "seen"
    EXPORTED = "exported"


# As a `Look`'s purpose: not figures were looked at, but when and how one decided, in a case's record for a package.
RECORD_LOOK = "record"


class MemberWeeks(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A person's calendar weeks in quarter hours, in the order of the answer's `mondays`.

    `fullest` has the fullest day of each week, `sums` all its days, each rounded up before it is added. `incomplete`
    are the places of weeks with an incomplete day. `today` is of the answer's day. The rest is as in MemberExposure.
    """

    member: str
    fullest: tuple[int, ...]
    sums: tuple[int, ...]
    incomplete: tuple[int, ...] = ()
    today: int = 0
    member_id: str = ""
    without_break: int = 0


class TeamWeeks(msgspec.Struct, frozen=True, kw_only=True):
    """What TeamExposure says, by the week: `mondays` begin them, and the last one has `today` in it. UTC, ISO dates."""

    limit_quarter_hours: int
    today: str
    mondays: tuple[str, ...]
    members: tuple[MemberWeeks, ...]
    withhold_below: int = 0


class WaitingWork(msgspec.Struct, frozen=True, kw_only=True):
    """What waits of one harm type, and the graphic viewing it may take.

    `quarter_hours` is None where no forecast can be made: too little was decided lately, or by too few people.
    """

    harm_type: str
    items: int
    in_danger: int = 0
    quarter_hours: int | None = None


class WaitingPage(msgspec.Struct, frozen=True, kw_only=True):
    """By harm type."""

    waiting: tuple[WaitingWork, ...]


class ReliefKind(str, Enum):
    HAND_OVER = "hand_over"
    OFFER = "offer"
    THANKS = "thanks"
    CALL = "call"


class ReliefRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`id` is a UUIDv7 and the idempotency key: asked twice, done once."""

    id: str
    member_id: str
    kind: ReliefKind


class Relief(msgspec.Struct, frozen=True, kw_only=True):
    """What a supervisor did for somebody. `handed_over` counts what was given to nobody in particular again."""

    id: str
    kind: ReliefKind
    by: str
    at: datetime
    handed_over: int = 0


class ReliefList(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first."""

    reliefs: tuple[Relief, ...]


class OwnDay(msgspec.Struct, frozen=True, kw_only=True):
    """What one's other workstations reported of a UTC day, so that this one's meter can count it too."""

    day: str
    seconds: float
    weighted: float


class OwnDays(msgspec.Struct, frozen=True, kw_only=True):
    days: tuple[OwnDay, ...]


class ViolentShare(msgspec.Struct, frozen=True, kw_only=True):
    """Graphic seconds of violent items in the seven UTC days up to yesterday: one's own, and the team's even share.

    `even_s` is rounded up to quarter hours, and None where the team is too small to say.
    """

    own_s: float
    even_s: float | None = None


class RefusedAttempt(msgspec.Struct, frozen=True, kw_only=True):
    what: str
    at: datetime


class Attempt(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was refused, and whose it was: a pseudonym, or empty for somebody nobody knows."""

    member: str
    what: str
    at: datetime


class AttemptList(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first; not `whole`: there are older ones."""

    attempts: tuple[Attempt, ...]
    whole: bool = True


class OwnData(msgspec.Struct, frozen=True, kw_only=True):
    """All that the case system holds about the one who asks, but for exposure day by day and who looked.

    `as_seen` is what a supervisor gets of them, made by the same code. `seen` counts the items of which this person's
    workstations told that something reached their eyes or ears.
    """

    as_seen: MemberExposure
    limit_quarter_hours: int
    decisions: int
    messages: int
    reliefs: tuple[Relief, ...] = ()
    refused: tuple[RefusedAttempt, ...] = ()
    seen: int = 0
