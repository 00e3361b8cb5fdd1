"""Checks on the pages of a case's record: of this case, each item once, every decision and viewing record in place."""

from __future__ import annotations

import math

from reviewer.model.cases import Case
from reviewer.model.decisions import ViewingRecord
from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.handoff import MAX_ANCHORS, RECORD_PAGE, Anchor, CaseRecord, RecordedDecision, RecordedItem
from reviewer.model.levels import LEVEL_BY_KEY
from reviewer.sync.believing import is_id, is_item, is_match, is_time

# Generous: more than one case ever had.
MOST_ITEMS = 200_000
_MOST_DECISIONS = 10_000
_LONGEST_NAME = 200
_LONGEST_NOTE = 64 * 1024
_DAY_S = 86400.0


def believed_record(case_id: str, untrusted_page: CaseRecord, seen: set[str], *, first: bool) -> CaseRecord:
    """One page; adds the ids of its items to `seen`. Anchors come with the first page only."""
    if len(untrusted_page.items) > RECORD_PAGE or not _is_case(case_id, untrusted_page.case):
        raise CaseSystemNonsense
    for one in untrusted_page.items:
        if one.item.id in seen or one.item.case_id != case_id or not _is_recorded(one):
            raise CaseSystemNonsense
        seen.add(one.item.id)
    if len(seen) > MOST_ITEMS:
        raise CaseSystemNonsense
    after = untrusted_page.after
    if after is not None and (not untrusted_page.items or after != untrusted_page.items[-1].item.id):
        raise CaseSystemNonsense
    if not first and untrusted_page.anchors:
        raise CaseSystemNonsense
    _check_anchors(untrusted_page.anchors)
    return untrusted_page


def _is_case(case_id: str, untrusted: Case) -> bool:
    due_at = untrusted.referral.due_at
    times = (untrusted.created_at, untrusted.referral.received_at, *(() if due_at is None else (due_at,)))
    return untrusted.id == case_id and all(map(is_time, times))


def _is_recorded(untrusted: RecordedItem) -> bool:
    if not is_item(untrusted.item) or (untrusted.unsettled and untrusted.decisions):
        return False
    if not untrusted.seen and any(one.viewing_record.viewed for one in untrusted.decisions):
        return False
    ids = {one.decision.id for one in untrusted.decisions}
    return (
        len(ids) == len(untrusted.decisions) <= _MOST_DECISIONS
        and all(_is_decision(untrusted.item.id, untrusted.item.case_id, one) for one in untrusted.decisions)
        and all(map(is_match, untrusted.matches))
    )


def _is_decision(item_id: str, case_id: str, untrusted: RecordedDecision) -> bool:
    decision, record = untrusted.decision, untrusted.viewing_record
    return (
        (decision.item_id, decision.case_id) == (item_id, case_id)
        and (record.item_id, record.viewer) == (item_id, decision.actor)
        and is_id(decision.id)
        and is_id(decision.actor)
        and (decision.replaces is None or is_id(decision.replaces))
        and is_time(decision.decided_at)
        and is_time(untrusted.recorded_at)
        and 0 <= decision.severity <= 6
        and is_name(untrusted.author)
        and _is_viewing(record)
    )


def _is_viewing(untrusted: ViewingRecord) -> bool:
    times = (untrusted.opened_at, untrusted.closed_at)
    amounts = (*untrusted.seconds.values(), untrusted.sound_seconds)
    return (
        all(at is None or is_time(at) for at in times)
        and untrusted.seconds.keys() <= LEVEL_BY_KEY.keys()
        and all(math.isfinite(amount) and 0.0 <= amount <= _DAY_S for amount in amounts)
    )


def _check_anchors(untrusted: tuple[Anchor, ...]) -> None:
    """Whether a note verifies is for who relies on it."""
    sound = len(untrusted) <= MAX_ANCHORS and len({one.origin for one in untrusted}) == len(untrusted)
    for one in untrusted:
        sound = (
            sound
            and 0 < len(one.origin) <= _LONGEST_NAME
            and 0 < len(one.note) <= _LONGEST_NOTE
            and 0 < len(one.verifier) <= _LONGEST_NOTE
            and one.note.startswith(one.origin + "\n")
            and is_time(one.at)
        )
    if not sound:
        raise CaseSystemNonsense


def is_name(untrusted: str) -> bool:
    """A name or pseudonym in one line."""
    return 0 < len(untrusted) <= _LONGEST_NAME and untrusted.isprintable()
