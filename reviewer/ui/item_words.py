"""Facts as short neutral words: times, sizes, kinds. No word here is about what is in the picture."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from reviewer.model.cases import ItemFacts
from reviewer.model.decisions import MessageMark
from reviewer.model.levels import Kind
from reviewer.model.segments import Segment
from reviewer.ui.wording import kind_words, pages_words


def _tr(words: str) -> str:
    return QCoreApplication.translate("item_words", words)


def clock_words(seconds: float) -> str:
    """02:41, or 1:02:41 from one hour on."""
    whole = max(0, int(seconds))
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"


def segment_words(segment: Segment) -> str:
    """00:12–00:19 · note"""
    times = f"{clock_words(segment.start_s)}–{clock_words(segment.end_s)}"
    return f"{times} · {segment.note}" if segment.note else times


def message_words(mark: MessageMark) -> str:
    """12 · asks for a place: numbered from 1, as the text shows them"""
    number = str(mark.line + 1)
    return f"{number} · {mark.note}" if mark.note else number


def hours_words(quarter_hours: int) -> str:
    """3 h 45, as in the team's figures."""
    return _tr("{hours} h {minutes:02}").format(hours=quarter_hours // 4, minutes=quarter_hours % 4 * 15)


def size_words(size: int) -> str:
    """Decimal units, one digit after the point under ten."""
    amount, unit = float(size), "B"
    for bigger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, bigger
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"


def extent_words(facts: ItemFacts) -> str:
    """1080p for video, width and height for a picture, pages where there are many; empty when nothing is known."""
    pages = pages_words(facts)
    if pages:
        return pages
    if not facts.width or not facts.height:
        return ""
    if facts.kind is Kind.VIDEO:
        return f"{min(facts.width, facts.height)}p"
    return dimension_words(facts)


def dimension_words(facts: ItemFacts) -> str:
    """1920 × 1080 pixels, or pages where there are no pixels."""
    if facts.width and facts.height:
        return f"{facts.width} × {facts.height}"
    return extent_words(facts)


def item_line(exhibit: str, facts: ItemFacts) -> str:
    """Item 3 · video 02:41 · 1080p"""
    kind = kind_words(facts.kind)
    if facts.duration_s is not None:
        kind = f"{kind} {clock_words(facts.duration_s)}"
    parts = [_tr("Item {exhibit}").format(exhibit=exhibit), kind, extent_words(facts)]
    return " · ".join(part for part in parts if part)


def looker_words(name: str) -> str:
    """Who looks and since when: Reviewer 14 · 21 Nov 14:02"""
    return f"{name} · {QLocale().toString(QDateTime.currentDateTime(), 'd MMM HH:mm')}"


def orientation_words(orientation: int) -> str:
    """EXIF orientation 1-8 in words; the worker already shows the picture upright."""
    return {
        2: _tr("mirrored; shown upright"),
        3: _tr("turned 180°; shown upright"),
        4: _tr("mirrored, turned 180°; shown upright"),
        5: _tr("mirrored, turned 90°; shown upright"),
        6: _tr("turned 90°; shown upright"),
        7: _tr("mirrored, turned 270°; shown upright"),
        8: _tr("turned 270°; shown upright"),
    }.get(orientation, _tr("upright"))
