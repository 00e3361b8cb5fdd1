"""A queue in memory for the tests of the window: what the store answers, for a handful of entries."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import msgspec

from reviewer.model.cases import QueueEntry, queue_order
from reviewer.model.queue_view import Grouping, Only, QueueAsk, QueueGroup, QueueListing
from reviewer.model.roles import Member
from reviewer.model.within import Settings
from reviewer.ui.item_ports import TakenItem


def passes(entry: QueueEntry, ask: QueueAsk, viewer: str) -> bool:
    referral, item = entry.case.referral, entry.item
    kept: dict[Only, Callable[[], bool]] = {
        Only.DANGER: lambda: referral.danger,
        Only.DUE_TODAY: lambda: referral.due_at is not None and referral.due_at.timestamp() < ask.today_ends,
        Only.HELD: lambda: entry.held,
        Only.MINE: lambda: entry.assigned_to == viewer,
        Only.SECOND: lambda: entry.round > 1,
        Only.KNOWN: lambda: bool(entry.matches),
    }
    written = msgspec.json.encode(entry).decode().replace("_", " ").casefold()
    return (
        entry.held is (Only.HELD in ask.only)
        and all(kept[only]() for only in ask.only)
        and ask.source in (None, referral.source)
        and ask.kind in (None, item.facts.kind)
        and ask.harm in (None, item.harm_type)
        and all(word in written for word in ask.words.casefold().split())
    )


def a_listing(
    entries: Sequence[QueueEntry], ask: QueueAsk | None = None, viewer: str = "m07", revision: int = 1
) -> QueueListing:
    """Lines are the places in `entries`, whose order is kept."""
    ask = ask or QueueAsk()
    shown = [line for line, entry in enumerate(entries) if passes(entry, ask, viewer)]
    free = [entries[line] for line in shown if entries[line].leased_to in (None, viewer)]
    groups: dict[str, list[int]] = {}
    if ask.grouping is not Grouping.NONE:
        for line in shown:
            case = entries[line].case
            groups.setdefault(case.id if ask.grouping is Grouping.CASE else case.referral.account, []).append(line)
    danger = [line for line, entry in enumerate(entries) if entry.case.referral.danger and not entry.held]
    return QueueListing(
        ask=ask,
        lines=array("q", shown),
        groups=tuple(
            QueueGroup(hash(key), array("q", lines), sum(line in danger for line in lines))
            for key, lines in groups.items()
        ),
        first=tuple((line, entries[line]) for line in shown[:40]),
        offered=tuple(free[:16]),
        waiting=sum(not entry.held for entry in entries),
        held=sum(entry.held for entry in entries),
        with_notes=sum(bool(entry.notes) for entry in entries),
        danger_not_shown=sum(line not in shown for line in danger),
        danger_held=sum(entry.held and entry.case.referral.danger for entry in entries),
        revision=revision,
    )


class QueueFake:
    """The part of `FakeSession` about the queue."""

    entries: list[QueueEntry]
    member: Member

    @property
    def settings(self) -> Settings:
        raise NotImplementedError

    def _called(self, name: str, *details: object) -> None:
        raise NotImplementedError

    def list_queue(self, ask: QueueAsk) -> QueueListing:
        self._called("queue")
        listing = a_listing(
            list(self.entries), ask, self.member.id, revision=hash(tuple(e.item.id for e in self.entries))
        )
        wishes = self.settings.wishes(datetime.now(UTC).timestamp())
        reluctant = [one for one in listing.offered if wishes.avoids(one) and not wishes.urgent(one)]
        first = tuple(one for one in listing.offered if one not in reluctant)
        return replace(listing, offered=(*first, *reluctant), reluctant=frozenset(one.item.id for one in reluctant))

    def case_queue(self, case_id: str, most: int) -> tuple[Sequence[QueueEntry], int]:
        self._called("queue")
        of_case = [entry for entry in self.entries if entry.case.id == case_id]
        return of_case[:most], len(of_case)

    def queue_entries(self, lines: Iterable[int]) -> Sequence[tuple[int, QueueEntry]]:
        return [(line, self.entries[line]) for line in lines if line < len(self.entries)]

    def pull_queue(self) -> int:
        self._called("refresh_queue")
        return 0

    def hold(self, taken: TakenItem) -> None:
        self._called("hold", taken.entry.item.id)
        self.entries = [
            msgspec.structs.replace(entry, held=True) if entry.item.id == taken.entry.item.id else entry
            for entry in self.entries
        ]

    def colleagues(self, item_id: str) -> Sequence[tuple[str, str]]:
        self._called("colleagues", item_id)
        return [("m09", "Reviewer 09"), ("m12", "Reviewer 12")]

    def assign(self, taken: TakenItem, member_id: str) -> None:
        self._called("assign", taken.entry.item.id, member_id)
        self.entries = [
            msgspec.structs.replace(entry, assigned_to=member_id) if entry.item.id == taken.entry.item.id else entry
            for entry in self.entries
        ]


__all__ = ["QueueFake", "a_listing", "queue_order"]
