"""The words of "My data": what is held, in short lines. Nothing here compares anybody with anybody."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TypeVar

import msgspec
from PySide6.QtCore import QDate, QLocale, Qt

from reviewer.model.events import MemberExposure
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Policy
from reviewer.model.preferences import Preferences, RatherNot
from reviewer.model.related import Outcome
from reviewer.model.supervision import RECORD_LOOK, LookPurpose, RefusedAttempt, Relief, ReliefKind
from reviewer.model.wire import Look, OwnExposureDay
from reviewer.ui.case_words import outcome_words
from reviewer.ui.item_words import hours_words
from reviewer.ui.own_ports import HeldHere
from reviewer.ui.wording import kind_words, level_words, span_words, time_words, tr
from reviewer.wellbeing.breakdown import Breakdown, Tally

_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the figures: `cells` for today, this shift, 7 and 28 days. A heading has none."""

    words: str
    cells: tuple[str, ...] = ()
    strong: bool = False


def length_words(seconds: float) -> str:
    """As `span_words`, under a minute in seconds: nothing that was there reads as none."""
    return tr("{n} s").format(n=math.ceil(seconds)) if 0 < seconds < 60 else span_words(seconds)


def figure_rows(here: HeldHere, policy: Policy) -> list[Row]:
    """Every group holds the same seconds, in an order that ranks nothing; what is in none of the spans is left out."""
    spans = (here.today, here.shift, here.week, here.month)

    def cells(tally: Callable[[Breakdown], Tally]) -> tuple[str, ...]:
        return tuple(length_words(tally(span).seconds) for span in spans)

    rows = [
        Row(tr("All graphic viewing"), cells(lambda span: span.total), strong=True),
        Row(tr("Weighted by harm"), tuple(length_words(span.total.weighted) for span in spans)),
        Row(tr("Items looked at in turn"), tuple(f"{span.total.episodes:,}" for span in spans)),
        Row(tr("With sound"), cells(lambda span: span.with_sound)),
        Row(tr("In full screen"), cells(lambda span: span.full_screen)),
    ]
    if not here.month.total.seconds and not here.shift.total.seconds:
        return rows

    def group(
        title: str,
        of: Callable[[Breakdown], Mapping[_Key, Tally]],
        order: Sequence[_Key],
        words: Callable[[_Key], str],
    ) -> None:
        rows.append(Row(title))
        seen = {key for span in spans for key in of(span)}
        last = sorted(seen.difference(order), key=str)
        for key in (*(key for key in order if key in seen), *last):
            rows.append(Row(words(key), cells(lambda span, key=key: of(span).get(key, Tally()))))  # type: ignore[misc]

    severities: tuple[int | None, ...] = (*range(1, len(policy.severity_words) + 1), None)
    kinds: tuple[Kind | None, ...] = (*Kind, None)
    harms = tuple(harm.key for harm in policy.harm_types)
    group(tr("By level"), lambda span: span.by_level, tuple(Level), _level_words)
    group(tr("By kind"), lambda span: span.by_kind, kinds, _kind_words)
    group(tr("By severity, as you decided"), lambda span: span.by_severity, severities, _severity_words(policy))
    group(tr("By category of the referral"), lambda span: span.by_harm_type, harms, lambda k: policy.harm_type(k).words)
    return rows


def _kind_words(kind: Kind | None) -> str:
    return tr("side by side, or not known") if kind is None else kind_words(kind)


def _level_words(level: Level) -> str:
    return tr("Facts, with sound") if level is Level.FACTS else level_words(level)


def _severity_words(policy: Policy) -> Callable[[int | None], str]:
    def words(severity: int | None) -> str:
        if severity is None:
            return tr("not decided by you here")
        named = policy.severity_words
        return tr("Severity {words}").format(
            words=named[severity - 1] if 1 <= severity <= len(named) else str(severity)
        )

    return words


def elsewhere_words(here: HeldHere) -> str:
    parts = []
    if here.elsewhere_today_s > 0:
        words = tr("{span} today at your other workstations; not in these figures.")
        parts.append(words.format(span=length_words(here.elsewhere_today_s)))
    if here.elsewhere_unheard:
        parts.append(tr("Your other workstations could not be asked for."))
    return " ".join(parts)


def kept_here_lines(here: HeldHere) -> list[tuple[str, str]]:
    """(what, how much and how long)."""
    store = tr("{n}; until this vault is removed")
    return [
        (tr("Episodes of viewing"), store.format(n=f"{here.episodes:,}")),
        (tr("Decisions"), store.format(n=f"{here.decisions:,}")),
        (
            tr("Drafts"),
            tr("{n}; each until its item is decided, or what it says is recorded").format(n=f"{here.drafts:,}"),
        ),
        (tr("Waiting to be sent"), tr("{n}; until the case system has them").format(n=f"{here.waiting:,}")),
        (tr("Not accepted"), tr("{n}; until they are sent again").format(n=f"{here.parked:,}")),
    ]


def preference_lines(preferences: Preferences | None) -> list[tuple[str, str]]:
    """Every one of them, also those this page has no words of its own for."""
    if preferences is None:
        return [(tr("Preferences"), tr("none chosen; as the organisation set them"))]
    lines = []
    for name, value in msgspec.structs.asdict(preferences).items():
        lines.append((_preference_name(name), _value_words(value)))
    return lines


def _preference_name(name: str) -> str:
    return {
        "look": tr("Dark or light"),
        "text_scale": tr("Size of the window's text"),
        "less_motion": tr("Less motion"),
        "guide": tr("Breathing guide in breaks"),
        "facts_first": tr("No pixel comes by itself for"),
        "grey": tr("Grey"),
        "sound": tr("Sound at most"),
        "loudest": tr("Loudest"),
        "break_after_minutes": tr("Minutes between breaks"),
        "break_minutes": tr("Minutes of a break"),
        "rather_not": tr("Rather not for now"),
    }.get(name, name.replace("_", " ").capitalize())


def _value_words(value: object) -> str:
    if value is None:
        return tr("as the organisation set it")
    if isinstance(value, bool):
        return tr("yes") if value else tr("no")
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, RatherNot):
        return _rather_not_words(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(_value_words(one) for one in value) or tr("none")
    return str(value.value if isinstance(value, Enum) else value).replace("_", " ")


def _rather_not_words(wish: RatherNot) -> str:
    words = f"{_value_words(wish.trait)} {wish.key}"
    if wish.until is None:
        return words
    until = datetime.fromtimestamp(wish.until, UTC)
    return tr("{what} until {time}").format(what=words, time=time_words(until, datetime.now(UTC)))


def look_words(look: Look, now: datetime) -> str:
    exported = look.purpose == LookPurpose.EXPORTED.value
    what = tr("{who} put your figures into a file") if exported else tr("{who} looked at your figures")
    if look.purpose == RECORD_LOOK:
        what = tr("{who} read, for a package, when and how you decided in a case")
    return f"{time_words(look.at, now)} · {what.format(who=look.viewer)}"


def relief_words(relief: Relief, now: datetime) -> str:
    words = {
        ReliefKind.HAND_OVER: tr("{who} gave what was assigned to you to others ({n} items)"),
        ReliefKind.OFFER: tr("{who} offered you a break"),
        ReliefKind.THANKS: tr("{who} thanked you"),
        ReliefKind.CALL: tr("{who} wanted to call you"),
    }[relief.kind]
    return f"{time_words(relief.at, now)} · {words.format(who=relief.by, n=f'{relief.handed_over:,}')}"


def refused_words(attempt: RefusedAttempt, now: datetime) -> str:
    return f"{time_words(attempt.at, now)} · {attempt.what}"


def outcome_line(outcome: Outcome) -> str:
    words = f"{date_words(outcome.day)} · {outcome.case_number} · {outcome_words(outcome.kind)}"
    return f"{words}. {outcome.text}" if outcome.text else words


def day_lines(days: Iterable[OwnExposureDay]) -> list[tuple[str, ...]]:
    """(day, workstation, plain, weighted, violent, whether it is whole), newest first."""
    return [
        (
            date_words(day.day),
            day.workstation or tr("not known"),
            length_words(day.seconds),
            length_words(day.weighted),
            length_words(day.violent_s),
            tr("incomplete") if day.incomplete else "",
        )
        for day in sorted(days, key=lambda one: (one.day, one.workstation), reverse=True)
    ]


def date_words(day: str) -> str:
    """Mon 16 Nov, with the year when it is not this one; a day that is none as it is."""
    date = QDate.fromString(day, Qt.DateFormat.ISODate)
    if not date.isValid():
        return day
    form = "ddd d MMM" if date.year() == QDate.currentDate().year() else "ddd d MMM yyyy"
    return QLocale().toString(date, form)


def without_break_words(member: MemberExposure) -> str:
    """Of the stretch a supervisor is told of; empty when they are told of none."""
    if not member.without_break:
        return ""
    words = tr("They are also told that you have worked {span} without a break.")
    return words.format(span=hours_words(member.without_break))
