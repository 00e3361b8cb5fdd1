"""How much of an item may be shown, and in one sentence why not more."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Policy
from reviewer.ui.item_ports import OpenItem, TakenItem
from reviewer.ui.listening import is_sound, most_heard
from reviewer.ui.wording import kind_words


def _tr(words: str) -> str:
    return QCoreApplication.translate("why_not_shown", words)


def is_text(opened: OpenItem | None) -> bool:
    """It is read, not looked at."""
    return opened is not None and opened.readable and not opened.viewable


def why_not_shown(taken: TakenItem) -> str:
    """Empty for what has a picture or words to show."""
    if taken.opened is None:
        return _tr("The item could not be opened. It can be decided from the facts, or passed on.")
    if taken.opened.viewable or taken.opened.readable or is_sound(taken.opened):
        return ""
    kind = taken.entry.item.facts.kind
    if kind is Kind.ARCHIVE:
        return _tr("The files inside this archive are items of their own. Decide each of them from what it shows.")
    words = _tr("This version cannot show this kind of item ({kind}). Decide from the facts and the notes.")
    return words.format(kind=kind_words(kind))


def bounds_of(taken: TakenItem, policy: Policy, *, protection_missing: bool) -> tuple[Level, Level, str]:
    """(where it starts, the highest level, why not more). `protection_missing` closes what is above DRAWING."""
    sentence = why_not_shown(taken)
    if sentence:
        return Level.FACTS, Level.FACTS, sentence
    harm = policy.harm_type(taken.entry.item.harm_type)
    if protection_missing and harm.highest_level >= Level.DRAWING:
        reason = _tr("A required protection is missing on this machine; see F2.")
    else:
        reason = _tr("Your organisation's policy keeps this level closed for “{harm}”.").format(harm=harm.words)
    # What is known of it may make looking unnecessary: no pixel comes by itself.
    start = Level.FACTS if taken.entry.known_unseen else harm.start_level
    return start, harm.highest_level, reason


def lacking(opened: OpenItem | None, policy: Policy) -> dict[Level, str]:
    """Steps that this item does not have, or that nothing is heard at, and why."""
    if is_text(opened):
        return {Level.DRAWING: _tr("Words have no drawing; the lens shows them line by line.")}
    if not is_sound(opened) or opened is None:
        return {}
    lacks = {} if opened.transcript else {Level.LENS: _tr("A sound has no lens.")}
    unheard = [level for level in (Level.DRAWING, Level.CLEAR) if level > most_heard(policy)]
    quiet = _tr("Your organisation's policy or your preferences keep the sound closed here.")
    return lacks | dict.fromkeys(unheard, quiet)
