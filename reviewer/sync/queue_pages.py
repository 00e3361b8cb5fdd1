"""One page of the queue, entry by entry: one that cannot be read or believed spoils none of the others."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec

from reviewer.model.cases import QueueEntry
from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.wire import QUEUE_PAGE
from reviewer.sync.believing import believed_entry


class RawQueuePage(msgspec.Struct, frozen=True, kw_only=True):
    """`QueuePage` with its entries still unread."""

    entries: tuple[msgspec.Raw, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class ReadPage:
    """`unreadable` entries have a value this version does not know, or are not to be believed."""

    entries: tuple[QueueEntry, ...]
    after: str | None
    unreadable: int


def read_page(untrusted_page: RawQueuePage) -> ReadPage:
    """CaseSystemNonsense when the page itself cannot be one: too long, or without an end."""
    if len(untrusted_page.entries) > QUEUE_PAGE or (not untrusted_page.entries and untrusted_page.after is not None):
        raise CaseSystemNonsense
    entries = []
    for raw in untrusted_page.entries:
        try:
            entries.append(believed_entry(msgspec.json.decode(raw, type=QueueEntry)))
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, CaseSystemNonsense):
            continue
    return ReadPage(tuple(entries), untrusted_page.after, len(untrusted_page.entries) - len(entries))
