"""Checks on answers about oneself, before they are kept, added up or shown."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import datetime

from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.levels import LEVEL_BY_KEY
from reviewer.model.supervision import MOST_DAYS, OwnData
from reviewer.model.wire import Look, OwnExposure
from reviewer.sync.believing_figures import believed_member, believed_reliefs

_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_MOST = 1_000_000_000
_LONGEST_NAME = 200


def believed_own_exposure(untrusted: OwnExposure) -> OwnExposure:
    """Amounts that can be, on days that are days, at levels there are."""
    if not 0 < untrusted.limit_quarter_hours <= _MOST:
        raise CaseSystemNonsense
    if untrusted.line_count is not None and not len(untrusted.lines) <= untrusted.line_count <= _MOST:
        raise CaseSystemNonsense
    for line in untrusted.lines:
        if line.level not in LEVEL_BY_KEY or not _fits(line.day, line.seconds, line.weight):
            raise CaseSystemNonsense
    for day in untrusted.days:
        if not _fits(day.day, day.seconds, day.weighted, day.violent_s) or not _is_name(day.workstation):
            raise CaseSystemNonsense
    return untrusted


def believed_looks(untrusted: Sequence[Look]) -> tuple[Look, ...]:
    for look in untrusted:
        if not _is_name(look.viewer) or not _is_time(look.at) or not _is_name(look.purpose):
            raise CaseSystemNonsense
    return tuple(untrusted)


def believed_own_data(untrusted: OwnData) -> OwnData:
    believed_reliefs(untrusted.reliefs)
    believed_member(untrusted.as_seen, MOST_DAYS)
    if not 0 < untrusted.limit_quarter_hours <= _MOST or not _is_name(untrusted.as_seen.member):
        raise CaseSystemNonsense
    if not all(0 <= count <= _MOST for count in (untrusted.decisions, untrusted.messages, untrusted.seen)):
        raise CaseSystemNonsense
    if not all(_is_name(relief.by) for relief in untrusted.reliefs):
        raise CaseSystemNonsense
    if not all(_is_name(attempt.what) and _is_time(attempt.at) for attempt in untrusted.refused):
        raise CaseSystemNonsense
    return untrusted


def _fits(untrusted_day: str, *untrusted_amounts: float) -> bool:
    amounts = all(math.isfinite(amount) and 0.0 <= amount <= _MOST for amount in untrusted_amounts)
    return amounts and _DAY.fullmatch(untrusted_day) is not None


def _is_name(untrusted: str) -> bool:
    return len(untrusted) <= _LONGEST_NAME and (not untrusted or untrusted.isprintable())


def _is_time(untrusted: datetime) -> bool:
    return untrusted.tzinfo is not None and 1970 < untrusted.year < 9000
