"""What a break prompt says: short, neutral, never an order."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from reviewer.model.policy import Policy
from reviewer.wellbeing.prompts import Prompt

PAUSE_KEY, PAUSE_SHOWN = "Alt+P", "Alt P"


def _tr(words: str) -> str:
    return QCoreApplication.translate("break_words", words)


def title_words(prompt: Prompt | None) -> str:
    """None where the person came by themselves."""
    if prompt is None:
        return _tr("A pause, for as long as you like")
    return {
        Prompt.BREAK_DUE: _tr("A pause, if now is a good time"),
        Prompt.AFTER_VIOLENT: _tr("A moment away from pictures, if you like"),
        Prompt.HANDOVER: _tr("The rest can go to a colleague"),
        Prompt.DAILY_CAP: _tr("Enough for today, if you can stop here"),
        Prompt.LONG_CLEAR: _tr("A picture has been clear for a while"),
    }[prompt]


def reason_words(prompt: Prompt | None, minutes_viewed: float, policy: Policy) -> str:
    """Why it is asked now, in one sentence."""
    limits = policy.breaks
    if prompt is Prompt.HANDOVER:
        words = _tr("That was {hours} h of graphic viewing. Nobody asks why you hand over.")
        return words.format(hours=f"{limits.handover_hours:g}")
    if prompt is Prompt.DAILY_CAP:
        words = _tr("Today's limit of {hours} h is reached. It is soft: in an emergency you can go on.")
        return words.format(hours=f"{limits.daily_cap_hours:g}")
    if prompt is Prompt.LONG_CLEAR:
        return _tr("It is veiled again, and nothing else was changed. A pause is there if you like.")
    if prompt is Prompt.AFTER_VIOLENT:
        return _tr("The last item was a violent one. Something without pictures can come next, if you like.")
    minutes = round(minutes_viewed)
    if minutes < 1:
        return _tr("You have been viewing for less than a minute.")
    if minutes == 1:
        return _tr("You have been viewing for one minute.")
    return _tr("You have been viewing for {minutes} minutes.").format(minutes=minutes)


def plain_words(prompt: Prompt | None) -> str:
    """What is offered beside the pause."""
    if prompt is Prompt.AFTER_VIOLENT:
        return _tr("Next: something without pictures")
    return _tr("Next after the pause: something without pictures")


def minutes_words(minutes: float) -> str:
    if minutes == 1:
        return _tr("1 minute")
    return _tr("{minutes} minutes").format(minutes=f"{minutes:g}")


def left_words(seconds: float) -> str:
    """In whole minutes: a pause is not watched by the second."""
    if seconds <= 0:
        return _tr("The pause is over. There is no hurry.")
    if seconds <= 60:
        return _tr("Less than a minute left")
    return _tr("{minutes} minutes left").format(minutes=math.ceil(seconds / 60))


def notice_words(prompt: Prompt, minutes_viewed: float, policy: Policy, key: str) -> tuple[str, str]:
    """What a quiet line says while something is on the desk: (what is so, where the pause is)."""
    where = _tr("{key} is the pause, whenever it suits you; after this item it is offered.").format(key=key)
    if prompt is Prompt.LONG_CLEAR:
        return title_words(prompt), _tr("2 veils it. {where}").format(where=where)
    return title_words(prompt), f"{reason_words(prompt, minutes_viewed, policy)} {where}"


def handed_over_words(items: int, *, reached: bool) -> tuple[str, str, str]:
    """`items` waited for this person by name; `reached` is whether the case system answers just now."""
    if items == 1:
        waited = _tr("1 item that waited for you by name is for whoever is next.")
    else:
        waited = _tr("{count} items that waited for you by name are for whoever is next.").format(count=items)
    what = _tr("What was on your desk is back in the queue.") + (f" {waited}" if items else "")
    later = "" if reached else _tr("Colleagues have it as soon as the case system answers again.")
    return (
        _tr("The rest is handed over."),
        f"{what} {later}".strip(),
        _tr("Your drafts and what you set aside are kept."),
    )
