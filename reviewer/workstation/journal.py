"""What a session writes down: custody entries, outbox events, and durable writes that carry both."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from reviewer.model.cases import Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.errors import StoreUnavailable
from reviewer.model.events import EventType, OutboxEvent
from reviewer.model.handoff import NewHandoff
from reviewer.model.ids import uuid7
from reviewer.model.payloads import Payload, as_payload
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store
from reviewer.workstation.custody_author import CustodyAuthor
from reviewer.workstation.custody_debts import CustodyDebts


class Journal:
    """One person at one workstation. `entry` and `event` only make; `note` and `durably` write."""

    def __init__(self, vault: OpenVault, clock: Clock) -> None:
        self._vault = vault
        self._store = vault.store
        self._clock = clock
        self.author = CustodyAuthor(clock, vault.scribe)
        self._debts = CustodyDebts(vault.store)

    def entry(
        self, action: CustodyAction, item: Item | None = None, *, started_at: datetime | None = None, reason: str = ""
    ) -> CustodyEntry:
        """As `CustodyAuthor.entry`."""
        return self.author.entry(action, item, started_at=started_at, reason=reason)

    def event(self, kind: EventType, payload: Payload) -> OutboxEvent:
        return OutboxEvent(
            id=uuid7(),
            sequence=0,  # the store numbers it
            type=kind,
            workstation=self._vault.workstation,
            actor=self._vault.member.id,
            at=self._clock.now(),
            payload=as_payload(payload),
        )

    def note(
        self, action: CustodyAction, item: Item | None = None, *, started_at: datetime | None = None, reason: str = ""
    ) -> None:
        """A custody entry of its own: now if the store takes it, else later."""
        self._debts.write(self.entry(action, item, started_at=started_at, reason=reason))

    def case_entry(
        self, action: CustodyAction, case_id: str, *, reason: str = "", given_to: str = "", receipt: str = ""
    ) -> CustodyEntry:
        """Ending now, about a case and none of its items."""
        return self._vault.scribe.entry(
            action, self._clock.now(), case_id=case_id, reason=reason, given_to=given_to, receipt=receipt
        )

    def note_case(self, action: CustodyAction, case_id: str, *, reason: str = "", receipt: str = "") -> None:
        """As `note`, with a `case_entry`."""
        self._debts.write(self.case_entry(action, case_id, reason=reason, receipt=receipt))

    def package_entry(self, item: Item, started_at: datetime, made: NewHandoff) -> CustodyEntry:
        """That this item went into a package: for whom, and what the package is (`reason`: its SHA-256)."""
        entry = self.author.entry(CustodyAction.PACKAGED, item, started_at=started_at, reason=made.package_sha256)
        return msgspec.structs.replace(entry, given_to=made.agency, receipt=made.id)

    def durably(self, write: Callable[[Store], object], item: Item | None = None) -> None:
        """What is owed first, then `write`; a store that refuses gets an entry about it as soon as it can."""
        try:
            self._debts.pay()
            self._store.call(write)
        except StoreUnavailable:
            self._debts.owe(self.entry(CustodyAction.STORE_FAILED, item, reason=StoreUnavailable.code))
            raise
