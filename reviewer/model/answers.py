"""How long and how many the answers of a decision may be. Held by whoever writes one and by whoever takes one in."""

from __future__ import annotations

from reviewer.model.decisions import Decision, Draft, MessageMark
from reviewer.model.segments import MAX_NOTE, usable
from reviewer.model.taxonomy import CLASSIFICATIONS

MAX_KEY = 64
MAX_GROUNDS = 30
MAX_LABELS = 30
MAX_MESSAGES = 500
MAX_LINE = 10_000_000
MAX_RATIONALE = 8000


def out_of_range(answers: Draft | Decision) -> str | None:
    """The name of the first field that cannot be sent; None when all can. Not whether the policy knows the words."""
    if len(answers.rationale) > MAX_RATIONALE:
        return "rationale"
    if not _are_keys(answers.labels, MAX_LABELS):
        return "labels"
    if not usable(answers.segments):
        return "segments"
    if not _are_keys(answers.grounds, MAX_GROUNDS):
        return "grounds"
    if answers.classification is not None and answers.classification not in CLASSIFICATIONS:
        return "classification"
    if answers.age_group is not None and not _are_keys((answers.age_group,), 1):
        return "age_group"
    return None if are_marks(answers.messages) else "messages"


def are_marks(messages: tuple[MessageMark, ...]) -> bool:
    """Few enough, no line twice, in the order of the lines, their notes no longer than `MAX_NOTE`."""
    lines = [mark.line for mark in messages]
    return (
        len(messages) <= MAX_MESSAGES
        and lines == sorted(set(lines))
        and all(0 <= line <= MAX_LINE for line in lines)
        and all(len(mark.note) <= MAX_NOTE for mark in messages)
    )


def _are_keys(keys: tuple[str, ...], most: int) -> bool:
    return (
        len(keys) <= most
        and len(set(keys)) == len(keys)
        and all(0 < len(key) <= MAX_KEY and key.isprintable() for key in keys)
    )
