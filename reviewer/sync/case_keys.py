"""The part of the case system that is about case keys: who holds them, re-keying, destruction, the signed roster."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO

import msgspec

from reviewer.model.cases import Item, QueueEntry
from reviewer.model.errors import CaseSystemNonsense, CaseSystemRefused
from reviewer.model.wire import (
    CaseLine,
    CasePage,
    ConsentGiven,
    Destruction,
    ItemPage,
    KeyState,
    MemberKeys,
    Rekeyed,
    Tombstone,
    TombstonePage,
)
from reviewer.sync.believing import believed_items, is_id, path_part
from reviewer.sync.exchange import JSON, OCTETS, Exchange, etag_of
from reviewer.sync.refusals import slug_of

MAX_ROSTER = 8 << 20
_MAX_PAGES = 10_000
_UPLOAD_CHUNK = 1 << 20


class CaseKeys:
    """As `CaseSystem.keys`; raises what that raises."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    # people
    def enrol(self, recipient: str, verifier: str) -> None:
        """Say what this member's vault is addressed by and checked with. A signed roster has to name it to count."""
        body = msgspec.json.encode(MemberKeys(recipient=recipient, verifier=verifier))
        self._exchange.tell("PUT", "me/keys", content=body, headers={"Content-Type": JSON})

    def roster(self) -> tuple[str, str] | None:
        """(the signed note, unchecked; its ETag), or None when there is none."""
        try:
            untrusted_note, headers = self._exchange.octets("roster", max_bytes=MAX_ROSTER)
        except CaseSystemRefused as refused:
            if slug_of(refused.problem_type) == "roster-missing":
                return None
            raise
        try:
            return untrusted_note.decode(), etag_of(headers)
        except UnicodeDecodeError:
            raise CaseSystemNonsense from None

    def put_roster(self, note: str, etag: str | None) -> None:
        """`etag` of the one it replaces; None for the first. Refused with roster-changed."""
        condition = {"If-Match": etag} if etag is not None else {"If-None-Match": "*"}
        self._exchange.tell("PUT", "roster", content=note.encode(), headers={"Content-Type": OCTETS, **condition})

    # cases
    def cases(self) -> Iterator[CaseLine]:
        """All of them, by id, fetched as they are asked for."""
        after = ""
        for _ in range(_MAX_PAGES):
            page = self._exchange.ask("GET", "cases", CasePage, params={"after": after})[0]
            for line in page.cases:
                if not is_id(line.case.id) or line.case.id <= after:
                    raise CaseSystemNonsense
                after = line.case.id
                yield line
            if page.after is None:
                return
            if not page.cases:
                break
        raise CaseSystemNonsense

    def items(self, case_id: str) -> Iterator[Item]:
        """All items of the case, by id, decided ones included."""
        after = ""
        for _ in range(_MAX_PAGES):
            path = f"cases/{path_part(case_id)}/items"
            page = self._exchange.ask("GET", path, ItemPage, params={"after": after})[0]
            found = believed_items(case_id, page, after)
            yield from found
            if page.after is None:
                return
            if not found:
                break
            after = found[-1].id
        raise CaseSystemNonsense

    def item(self, item_id: str) -> QueueEntry:
        """The item as the queue would list it now."""
        entry = self._exchange.ask("GET", f"items/{path_part(item_id)}", QueueEntry)[0]
        if entry.item.id != item_id or entry.item.case_id != entry.case.id:
            raise CaseSystemNonsense
        return entry

    def state(self, case_id: str) -> tuple[KeyState, str]:
        """(who holds the key and the unchecked statement of which it is; the ETag changes need). case-destroyed."""
        state, headers = self._exchange.ask("GET", f"cases/{path_part(case_id)}/keys", KeyState)
        if not all(map(is_id, state.holders)):
            raise CaseSystemNonsense
        return state, etag_of(headers)

    def give(self, case_id: str, member_id: str, sealed: bytes, etag: str) -> None:
        """Hand one more member the key. Refused with keys-changed when somebody else changed the set."""
        path = f"cases/{path_part(case_id)}/keys/{path_part(member_id)}"
        self._exchange.tell("PUT", path, content=sealed, headers={"If-Match": etag, "Content-Type": OCTETS})

    def stage(self, item_id: str, stream: BinaryIO, sha256: str, size: int) -> None:
        """Send a container that `rekey` will change over to. Sending it again is fine."""
        chunks = iter(lambda: stream.read(_UPLOAD_CHUNK), b"")
        headers = {"Content-Type": OCTETS, "Content-Length": str(size)}
        self._exchange.tell("PUT", f"items/{path_part(item_id)}/containers/{sha256}", content=chunks, headers=headers)

    def rekey(self, case_id: str, change: Rekeyed, etag: str) -> None:
        """All of it or nothing. Refused with keys-changed, items-changed (begin again) or item-arriving."""
        body = msgspec.json.encode(change)
        headers = {"If-Match": etag, "Content-Type": JSON}
        self._exchange.tell("POST", f"cases/{path_part(case_id)}/rekey", content=body, headers=headers)

    # the end of a case
    def destruction(self, case_id: str) -> Destruction | None:
        """The consent that waits for a second person, unchecked; None when there is none."""
        try:
            found = self._exchange.ask("GET", f"cases/{path_part(case_id)}/destruction", Destruction)[0]
        except CaseSystemRefused as refused:
            if slug_of(refused.problem_type) == "no-destruction":
                return None
            raise
        if found.case_id != case_id or len(found.notes) != 1:
            raise CaseSystemNonsense
        return found

    def consent(self, case_id: str, note: str) -> Destruction:
        """Refused with consent-same-person, consent-expired, consent-unusable or case-destroyed."""
        body = msgspec.json.encode(ConsentGiven(note=note))
        stands = self._exchange.ask("POST", f"cases/{path_part(case_id)}/destruction", Destruction, content=body)[0]
        if stands.case_id != case_id or note not in stands.notes:
            raise CaseSystemNonsense
        return stands

    def tombstones(self, after: int) -> Iterator[Tombstone]:
        """Those numbered higher than `after`, in order. Their notes are unchecked."""
        for _ in range(_MAX_PAGES):
            page = self._exchange.ask("GET", "tombstones", TombstonePage, params={"after": after})[0]
            for stone in page.tombstones:
                if stone.number <= after or not is_id(stone.case_id) or not _is_time(stone.destroyed_at):
                    raise CaseSystemNonsense
                after = stone.number
                yield stone
            if not page.tombstones:
                return
        raise CaseSystemNonsense


def _is_time(untrusted_at: datetime) -> bool:
    return untrusted_at.tzinfo is not None and 1970 < untrusted_at.year < 9000
