"""Checks on decoded answers that their types do not make: the answer must be one to what was asked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from reviewer.model.cases import Item, QueueEntry
from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.events import EventAnswer, Lease, OutboxEvent
from reviewer.model.known import PDQ_MATCH, KnownMatch, Stack
from reviewer.model.wire import QUEUE_PAGE, ItemPage, QueuePage

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_id(untrusted_id: str) -> bool:
    """Fit for a path of the service, the local projection, and a file name of the container cache on any system."""
    return _ID.fullmatch(untrusted_id) is not None


def path_part(identifier: str) -> str:
    """An id about to become part of a path."""
    if not is_id(identifier):
        raise ValueError("not an id")
    return identifier


def believed_answers(asked: Sequence[OutboxEvent], untrusted_answers: Sequence[EventAnswer]) -> tuple[EventAnswer, ...]:
    """Exactly one answer for each event, in the order sent."""
    if [event.id for event in asked] != [answer.id for answer in untrusted_answers]:
        raise CaseSystemNonsense
    return tuple(untrusted_answers)


def believed_lease(item_id: str, untrusted_lease: Lease) -> Lease:
    if untrusted_lease.item_id != item_id or not is_id(untrusted_lease.id) or not is_time(untrusted_lease.expires_at):
        raise CaseSystemNonsense
    return untrusted_lease


def believed_page(untrusted_page: QueuePage, seen: set[str]) -> tuple[QueueEntry, ...]:
    """The entries of one page; adds their ids to `seen`. An item listed before ended up on two pages: kept once."""
    if len(untrusted_page.entries) > QUEUE_PAGE:
        raise CaseSystemNonsense
    fresh = []
    for entry in untrusted_page.entries:
        _check_entry(entry)
        if entry.item.id not in seen:
            seen.add(entry.item.id)
            fresh.append(entry)
    return tuple(fresh)


def believed_items(case_id: str, untrusted_page: ItemPage, after: str) -> tuple[Item, ...]:
    """One page of the items of this case, in the order of their ids."""
    last = after
    for item in untrusted_page.items:
        if item.case_id != case_id or item.id <= last or not is_item(item):
            raise CaseSystemNonsense
        last = item.id
    return untrusted_page.items


def believed_entry(untrusted_entry: QueueEntry) -> QueueEntry:
    _check_entry(untrusted_entry)
    return untrusted_entry


def _check_entry(untrusted_entry: QueueEntry) -> None:
    item, case = untrusted_entry.item, untrusted_entry.case
    times = (case.created_at, case.referral.received_at, case.referral.due_at)
    sound = (
        is_item(item)
        and is_id(case.id)
        and item.case_id == case.id
        and all(at is None or is_time(at) for at in (*times, *(note.at for note in untrusted_entry.notes)))
        and all(is_match(match) for match in untrusted_entry.matches)
        and (untrusted_entry.stack is None or _is_stack(untrusted_entry.stack))
    )
    if not sound:
        raise CaseSystemNonsense


def is_match(untrusted_match: KnownMatch) -> bool:
    return 0 <= untrusted_match.distance <= (0 if untrusted_match.kind.exact else PDQ_MATCH)


def _is_stack(untrusted_stack: Stack) -> bool:
    return is_id(untrusted_stack.id) and untrusted_stack.size > 1 and 0 <= untrusted_stack.distance <= PDQ_MATCH


def is_item(untrusted_item: Item) -> bool:
    return (
        is_id(untrusted_item.id)
        and (untrusted_item.part_of is None or is_id(untrusted_item.part_of))
        and _SHA256.fullmatch(untrusted_item.container_sha256) is not None
        and untrusted_item.container_size > 0
        and is_time(untrusted_item.created_at)
    )


def is_time(untrusted_at: datetime) -> bool:
    return untrusted_at.tzinfo is not None and 1970 < untrusted_at.year < 9000
