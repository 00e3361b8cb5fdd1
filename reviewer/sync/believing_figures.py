"""Checks on answers about exposure: numbers that can be, and days that are days, before anything is drawn or added."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import lru_cache

from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.events import ExposureDay, MemberExposure, TeamExposure
from reviewer.model.supervision import MemberWeeks, OwnDay, Relief, TeamWeeks, ViolentShare, WaitingWork
from reviewer.sync.believing import is_id

# Generous: a team, not a nation.
MOST_MEMBERS = 10_000
_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_MOST = 1_000_000_000


def believed_team(untrusted_team: TeamExposure, days: int) -> TeamExposure:
    """At most `days` days of each, and the day that has begun elsewhere already."""
    if len(untrusted_team.members) > MOST_MEMBERS or not 0 <= untrusted_team.withhold_below <= MOST_MEMBERS:
        raise CaseSystemNonsense
    if not 0 < untrusted_team.limit_quarter_hours <= _MOST:
        raise CaseSystemNonsense
    for member in untrusted_team.members:
        believed_member(member, days)
    return untrusted_team


def believed_member(untrusted_member: MemberExposure, days: int) -> MemberExposure:
    """Days in order, each once."""
    known = not untrusted_member.member_id or is_id(untrusted_member.member_id)
    if not known or len(untrusted_member.days) > days + 1 or not 0 <= untrusted_member.without_break <= _MOST:
        raise CaseSystemNonsense
    last = ""
    for day in untrusted_member.days:
        if not _is_day(day) or day.day <= last:
            raise CaseSystemNonsense
        last = day.day
    return untrusted_member


def believed_weeks(untrusted_team: TeamWeeks, days: int) -> TeamWeeks:
    """Calendar weeks in order without a gap, no more than `days` can begin; all that is said of people fits them."""
    if len(untrusted_team.members) > MOST_MEMBERS or not 0 <= untrusted_team.withhold_below <= MOST_MEMBERS:
        raise CaseSystemNonsense
    if not 0 < untrusted_team.limit_quarter_hours <= _MOST or not _are_mondays(untrusted_team, days):
        raise CaseSystemNonsense
    count = len(untrusted_team.mondays)
    for member in untrusted_team.members:
        if not _is_of_weeks(member, count):
            raise CaseSystemNonsense
    return untrusted_team


def _are_mondays(untrusted_team: TeamWeeks, days: int) -> bool:
    try:
        today = date.fromisoformat(untrusted_team.today)
    except ValueError:
        return False
    if not 1970 < today.year < 9000:
        return False
    last = today - timedelta(days=today.weekday())
    count = len(untrusted_team.mondays)
    expected = tuple((last - timedelta(weeks=back)).isoformat() for back in range(min(count, days) - 1, -1, -1))
    return untrusted_team.mondays == expected and count <= (days + 6) // 7


def _is_of_weeks(untrusted_member: MemberWeeks, count: int) -> bool:
    member = untrusted_member
    known = not member.member_id or is_id(member.member_id)
    if not known or len(member.fullest) != count or len(member.sums) != count:
        return False
    if not 0 <= member.without_break <= _MOST or not 0 <= member.today <= _MOST:
        return False
    if any(not 0 <= fullest <= total <= _MOST for fullest, total in zip(member.fullest, member.sums, strict=True)):
        return False
    # Each once, in order, and a place there is.
    places = member.incomplete
    return all(0 <= place < count for place in places) and list(places) == sorted(set(places))


def believed_waiting(untrusted: Sequence[WaitingWork]) -> tuple[WaitingWork, ...]:
    for work in untrusted:
        if not 0 <= work.in_danger <= work.items <= _MOST or not 0 <= (work.quarter_hours or 0) <= _MOST:
            raise CaseSystemNonsense
    return tuple(untrusted)


def believed_reliefs(untrusted: Sequence[Relief]) -> tuple[Relief, ...]:
    for relief in untrusted:
        at = relief.at
        if not is_id(relief.id) or relief.handed_over < 0 or at.tzinfo is None or not 1970 < at.year < 9000:
            raise CaseSystemNonsense
    return tuple(untrusted)


def believed_days(untrusted: Sequence[OwnDay]) -> tuple[OwnDay, ...]:
    for day in untrusted:
        if not _DAY.fullmatch(day.day) or not _is_amount(day.seconds) or not _is_amount(day.weighted):
            raise CaseSystemNonsense
    return tuple(untrusted)


def believed_share(untrusted: ViolentShare) -> ViolentShare:
    if not _is_amount(untrusted.own_s) or not _is_amount(untrusted.even_s or 0.0):
        raise CaseSystemNonsense
    return untrusted


def _is_day(untrusted_day: ExposureDay) -> bool:
    return 0 <= untrusted_day.quarter_hours <= _MOST and _reads_as_day(untrusted_day.day)


@lru_cache(maxsize=1024)
def _reads_as_day(untrusted: str) -> bool:
    """A year of a large team has each day hundreds of times."""
    return _DAY.fullmatch(untrusted) is not None


def _is_amount(untrusted_seconds: float) -> bool:
    return math.isfinite(untrusted_seconds) and 0.0 <= untrusted_seconds <= _MOST
