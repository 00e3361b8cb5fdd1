"""Checks on answers about exposure: numbers that can be, and days that are days, before anything is drawn or added."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.events import ExposureDay, MemberExposure, TeamExposure
from reviewer.model.supervision import OwnDay, Relief, ViolentShare, WaitingWork
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
    return _DAY.fullmatch(untrusted_day.day) is not None and 0 <= untrusted_day.quarter_hours <= _MOST


def _is_amount(untrusted_seconds: float) -> bool:
    return math.isfinite(untrusted_seconds) and 0.0 <= untrusted_seconds <= _MOST
