"""Exposure taken in: by the day, each event once. What cannot be right marks the day it would have changed.

Late is what arrives more than a day after its day ended; it still counts in its own day. What began in the future of
this clock counts on the day it arrived, for it cannot have ended later. So that nobody can read a day's pauses from the
database, neither an event's id nor the time it came is kept.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import UTC, datetime, timedelta

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.applying import Arrived, RejectedEvent
from reviewer.casesystem.bodies import UNREADABLE
from reviewer.casesystem.callers import Caller
from reviewer.casesystem.checks import is_amount, is_time
from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.exposure.days import DayPart, add_to_day, by_day, day_of
from reviewer.casesystem.exposure.tables import counted_events, without_break
from reviewer.casesystem.tables import exposure
from reviewer.model.events import EventType
from reviewer.model.levels import LEVEL_BY_KEY
from reviewer.model.payloads import ExposureRecorded, WithoutBreak

# Of these events no time of day is kept, not even in the list of what was taken in.
TIMELESS = frozenset({EventType.EXPOSURE_RECORDED, EventType.WITHOUT_BREAK, EventType.ITEM_SEEN})
FORGOTTEN_AFTER_S = 12 * 3600.0

_LONGEST_S = 86400.0
_HEAVIEST = 10.0
_EARLY_S = 600.0
_LATE = timedelta(days=1)
# Workstations without a network for so long are rarer than clocks that were never set.
_LONG_AGO = timedelta(days=28)
_MOST_QUARTERS = 96
_HOUR_S = 3600.0


def counted_before(connection: sa.Connection, event_id: str) -> str | None:
    """The digest of the event of exposure taken in under this id; None: there was none."""
    asked = sa.select(counted_events.c.sha256).where(counted_events.c.id_sha256 == _digest(event_id))
    found: str | None = connection.execute(asked).scalar_one_or_none()
    return found


def note_counted(connection: sa.Connection, event_id: str, sha256: str) -> None:
    connection.execute(sa.insert(counted_events).values(id_sha256=_digest(event_id), sha256=sha256))


def apply_exposure(connection: sa.Connection, arrived: Arrived, untrusted: ExposureRecorded) -> None:
    """Keep seconds per UTC day. When the episode began, and of which item it was, is forgotten here."""
    member_id, now = arrived.caller.member.id, datetime.fromtimestamp(arrived.now, UTC)
    if untrusted.member != member_id:
        raise RejectedEvent("Exposure can only be sent by the person whose it is.")
    if not is_time(untrusted.started_at) or untrusted.level not in LEVEL_BY_KEY:
        raise RejectedEvent("The episode's time or level cannot be used.")
    if not is_amount(untrusted.seconds, _LONGEST_S) or not is_amount(untrusted.weight, _HEAVIEST):
        raise RejectedEvent("The episode's seconds or weight are out of range.")
    length = timedelta(seconds=untrusted.seconds)
    started_at = untrusted.started_at.astimezone(UTC)
    early = started_at + length > now + timedelta(seconds=_EARLY_S)
    for day, seconds in by_day(now - length if early else started_at, untrusted.seconds):
        row: dict[str, object] = {"id": secrets.token_hex(16), "member_id": member_id, "day": day}
        row |= {"level": untrusted.level, "seconds": seconds, "weight": untrusted.weight}
        connection.execute(sa.insert(exposure).values(**row))
        late = now > _end_of(day) + _LATE
        violent_s = seconds if untrusted.violent else 0.0
        part = DayPart(seconds, seconds * untrusted.weight, violent_s, incomplete=early or late)
        add_to_day(connection, member_id, day, arrived.caller.workstation, part)
    if started_at < now - _LONG_AGO:
        _mark(connection, arrived.caller, day_of(arrived.now))


def note_refused(connection: sa.Connection, caller: Caller, now: float, untrusted_event: msgspec.Raw) -> None:
    """Mark what a refused event of exposure leaves incomplete: its day where that can be believed, else today."""
    try:
        told = msgspec.json.decode(untrusted_event, type=_Refused)
    except UNREADABLE:
        return
    if told.type != EventType.EXPOSURE_RECORDED.value:
        return
    day = day_of(now)
    try:
        untrusted = msgspec.json.decode(told.payload, type=_Told)
    except UNREADABLE:
        _mark(connection, caller, day)
        return
    if untrusted.member != caller.member.id:
        return
    at = datetime.fromtimestamp(now, UTC)
    if is_time(untrusted.started_at) and at - _LONG_AGO < untrusted.started_at < at + timedelta(seconds=_EARLY_S):
        day = untrusted.started_at.astimezone(UTC).date().isoformat()
    _mark(connection, caller, day)


def apply_without_break(connection: sa.Connection, arrived: Arrived, untrusted: WithoutBreak) -> None:
    """Keep the workstation's newest, until it is out of date: what ends at one desk does not end what another told.

    What was true when it was made is out of date so long after that, however late it came, and ends nothing newer. The
    hour it ends at is a whole one: it does not say when it was made.
    """
    member_id, workstation = arrived.caller.member.id, arrived.caller.workstation
    if untrusted.member != member_id:
        raise RejectedEvent("This can only be sent by the person whose it is.")
    if not 0 <= untrusted.quarter_hours <= _MOST_QUARTERS:
        raise RejectedEvent("The quarter hours are out of range.")
    out_of_date = without_break.c.expires_at <= arrived.now
    mine = sa.and_(without_break.c.member_id == member_id, without_break.c.workstation.in_((workstation, "")))
    expires_at = (arrived.at + FORGOTTEN_AFTER_S) // _HOUR_S * _HOUR_S
    older = sa.and_(mine, without_break.c.expires_at <= expires_at)
    connection.execute(sa.delete(without_break).where(sa.or_(older, out_of_date)))
    if untrusted.quarter_hours and expires_at > arrived.now:
        # Where a newer one of this workstation stands, it stays.
        row: dict[str, object] = {"member_id": member_id, "workstation": workstation, "expires_at": expires_at}
        row["quarter_hours"] = untrusted.quarter_hours
        insert_or_ignore(connection, without_break, row)


class _Refused(msgspec.Struct):
    type: str
    payload: msgspec.Raw


class _Told(msgspec.Struct):
    member: str
    started_at: datetime


def _mark(connection: sa.Connection, caller: Caller, day: str) -> None:
    add_to_day(connection, caller.member.id, day, caller.workstation, DayPart(incomplete=True))


def _end_of(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)


def _digest(event_id: str) -> str:
    return hashlib.sha256(event_id.encode()).hexdigest()
