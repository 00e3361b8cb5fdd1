"""The words of the case panel for the values of the model."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QDate, QLocale, Qt

from reviewer.model.policy import Policy
from reviewer.model.related import (
    CaseEvent,
    CaseEventKind,
    CaseRelated,
    EarlierDecision,
    ItemLine,
    ItemState,
    OutcomeKind,
)
from reviewer.ui.wording import action_words, facts_words, tr


@cache
def outcome_words(kind: OutcomeKind) -> str:
    return {
        OutcomeKind.NO_ACTION: tr("No action was taken"),
        OutcomeKind.ARREST: tr("Somebody was arrested"),
        OutcomeKind.SAFEGUARDED: tr("Somebody was brought to safety"),
        OutcomeKind.REMOVED: tr("The material was removed"),
        OutcomeKind.UNKNOWN: tr("What became of it is not known"),
    }[kind]


def day_words(day: str) -> str:
    """21 Nov, with the year when it is not this one."""
    date = QDate.fromString(day, Qt.DateFormat.ISODate)
    if not date.isValid():
        return day
    return QLocale().toString(date, "d MMM" if date.year() == QDate.currentDate().year() else "d MMM yyyy")


def event_words(event: CaseEvent) -> str:
    one = event.count == 1
    words = {
        CaseEventKind.ARRIVED: tr("Referral came in"),
        CaseEventKind.TAKEN_IN: tr("1 item taken in") if one else tr("{count} items taken in"),
        CaseEventKind.DECIDED: tr("1 decision") if one else tr("{count} decisions"),
        CaseEventKind.HELD: tr("1 item set aside") if one else tr("{count} items set aside"),
        CaseEventKind.MESSAGES: tr("1 message") if one else tr("{count} messages"),
        CaseEventKind.OUTCOME: tr("What became of it was heard"),
    }[event.kind]
    return words.format(count=f"{event.count:,}")


@cache
def state_words(state: ItemState) -> str:
    return {ItemState.WAITING: tr("waiting"), ItemState.HELD: tr("held"), ItemState.DECIDED: tr("decided")}[state]


def counts_words(related: CaseRelated) -> str:
    parts = [tr("{count:,} waiting").format(count=related.waiting)]
    if related.held:
        parts.append(tr("{count:,} held").format(count=related.held))
    parts.append(tr("{count:,} decided").format(count=related.decided))
    return " · ".join(parts)


def item_words(line: ItemLine, policy: Policy) -> tuple[str, str]:
    """(what it is, what came of it): facts only."""
    what = " · ".join((line.exhibit, facts_words(line.facts)))
    made = [policy.harm_type(line.category).words] if line.category else []
    if line.action is not None:
        made.append(action_words(line.action))
    return what, " · ".join([state_words(line.state), *made])


def earlier_words(decision: EarlierDecision, policy: Policy) -> tuple[str, str]:
    """(which item, what was decided about it)."""
    severity = tr("severity {number}").format(number=decision.severity)
    made = (policy.harm_type(decision.category).words, severity, action_words(decision.action))
    return f"{decision.case_number} · {day_words(decision.day)}", " · ".join(made)
