"""The words of the window for the values of the model: short, neutral, the same everywhere."""

from __future__ import annotations

from datetime import datetime
from functools import cache

from PySide6.QtCore import QCoreApplication

from reviewer.model.cases import Item, ItemFacts, QueueEntry, ReferralSource
from reviewer.model.decisions import Action, Confidence, Imminence
from reviewer.model.levels import Kind, Level

NEAR_DEADLINE_S = 3600.0


def tr(text: str) -> str:
    return QCoreApplication.translate("wording", text)


@cache
def source_words(source: ReferralSource) -> str:
    return {
        ReferralSource.LAW_ENFORCEMENT: tr("Law enforcement"),
        ReferralSource.GOVERNMENT: tr("Government"),
        ReferralSource.INTERNAL: tr("Internal team"),
        ReferralSource.USER: tr("User report"),
        ReferralSource.AUTOMATED: tr("Automated"),
    }[source]


@cache
def level_words(level: Level) -> str:
    return {
        Level.FACTS: tr("Facts"),
        Level.BLURRED: tr("Blurred"),
        Level.DRAWING: tr("Drawing"),
        Level.LENS: tr("Lens"),
        Level.CLEAR: tr("Clear"),
    }[level]


@cache
def kind_words(kind: Kind) -> str:
    return {
        Kind.IMAGE: tr("image"),
        Kind.VIDEO: tr("video"),
        Kind.AUDIO: tr("audio"),
        Kind.TEXT: tr("text"),
        Kind.CHAT: tr("chat"),
        Kind.DOCUMENT: tr("document"),
        Kind.EMAIL: tr("e-mail"),
        Kind.ARCHIVE: tr("archive"),
        Kind.UNKNOWN: tr("unknown kind"),
    }[kind]


def countdown_words(level: Level, seconds: int) -> str:
    return tr("{level} · veils itself in {seconds} s").format(level=level_words(level), seconds=seconds)


def length_words(seconds: float) -> str:
    """A length of media: 02:41, or 1:02:41 from an hour on."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def facts_words(facts: ItemFacts) -> str:
    """Kind with its length or number of pages."""
    words = kind_words(facts.kind)
    if facts.duration_s is not None:
        return f"{words} {length_words(facts.duration_s)}"
    pages = pages_words(facts)
    return f"{words}, {pages}" if pages else words


def moves(facts: ItemFacts) -> bool:
    """An animated picture: its pages are frames."""
    return facts.kind is Kind.IMAGE and facts.duration_s is not None


def pages_words(facts: ItemFacts) -> str:
    """12 pages, 40 frames; nothing for a picture that is only one."""
    if not facts.pages:
        return ""
    if facts.pages == 1:
        return tr("1 page") if facts.kind is Kind.DOCUMENT else ""
    return (tr("{count} frames") if moves(facts) else tr("{count} pages")).format(count=facts.pages)


def span_words(seconds: float) -> str:
    """A stretch of work in hours and minutes: 1 h 12, 4 h, 18 min."""
    minutes = max(0, int(seconds // 60))
    hours, rest = divmod(minutes, 60)
    if not hours:
        return tr("{minutes} min").format(minutes=rest)
    if not rest:
        return tr("{hours} h").format(hours=hours)
    return tr("{hours} h {minutes:02}").format(hours=hours, minutes=rest)


def due_words(due_at: datetime | None, now: datetime) -> tuple[str, bool]:
    """(countdown, near): minutes, hours, then the day; near from an hour before on, and ever after."""
    if due_at is None:
        return tr("no deadline"), False
    left = (due_at - now).total_seconds()
    if left < 0:
        late = span_words(-left) if left > -48 * 3600 else tr("{days} days").format(days=min(int(-left // 86400), 9999))
        return tr("overdue {span}").format(span=late), True
    if left > 3650 * 86400:
        return tr("10 years and more"), False
    if left < 48 * 3600:
        return span_words(left if left < 10 * 3600 else left // 3600 * 3600), left <= NEAR_DEADLINE_S
    return tr("{days} days").format(days=int(left // 86400)), False


def time_words(moment: datetime, now: datetime) -> str:
    """The local time of day, with the date when it is not today's."""
    local = moment.astimezone()
    if local.date() == now.astimezone().date():
        return f"{local:%H:%M}"
    return f"{local.day} {local:%b %H:%M}"


@cache
def imminence_words(imminence: Imminence) -> str:
    return {
        Imminence.IMMINENT: tr("Imminent"),
        Imminence.POSSIBLE: tr("Possible"),
        Imminence.NO_SIGN: tr("No sign"),
    }[imminence]


@cache
def confidence_words(confidence: Confidence) -> str:
    return {
        Confidence.LOW: tr("Low"),
        Confidence.MEDIUM: tr("Medium"),
        Confidence.HIGH: tr("High"),
    }[confidence]


@cache
def action_words(action: Action) -> str:
    return {
        Action.REPORT: tr("Report to law enforcement"),
        Action.PRESERVE: tr("Preserve"),
        Action.REMOVE: tr("Remove"),
        Action.RESTRICT: tr("Restrict"),
        Action.SECOND_LOOK: tr("Second look"),
        Action.ESCALATE: tr("Escalate"),
        Action.NONE: tr("No action"),
    }[action]


@cache
def field_words(field: str) -> str:
    """The name of a field of the decision, as `model.completeness.missing` lists it."""
    return {
        "imminence": tr("is somebody in danger"),
        "grounds": tr("what says so"),
        "category": tr("category"),
        "severity": tr("severity"),
        "classification": tr("classification"),
        "age_group": tr("apparent age"),
        "confidence": tr("confidence"),
        "action": tr("action"),
        "rationale": tr("why"),
        "labels": tr("labels"),
    }[field]


def forewarning(item: Item) -> tuple[str, ...]:
    """Facts to be told before the picture: what intake noted, and sound."""
    known = (*item.forewarning, tr("has sound")) if item.facts.has_sound else item.forewarning
    return tuple(dict.fromkeys(known))


def entry_words(entry: QueueEntry) -> str:
    """One line of the queue for those who hear it."""
    parts = [entry.case.number, source_words(entry.case.referral.source), facts_words(entry.item.facts)]
    if entry.case.referral.danger:
        parts.insert(1, tr("somebody may be in danger"))
    return ", ".join([*parts, *forewarning(entry.item)])
