"""Custody entries about exhibits: the vault's scribe says who and where, this says which item and its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reviewer.model.cases import Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.vault.custody import Scribe


@dataclass(frozen=True, slots=True)
class CustodyAuthor:
    clock: Clock
    scribe: Scribe

    def entry(
        self, action: CustodyAction, item: Item | None = None, *, started_at: datetime | None = None, reason: str = ""
    ) -> CustodyEntry:
        """An entry ending now. Looking changes nothing, so both hashes are the item's own."""
        now = self.clock.now()
        started = started_at if started_at is not None else now
        if item is None:
            return self.scribe.entry(action, started, now, reason=reason)
        digest = item.fingerprints.sha256
        return self.scribe.entry(
            action,
            started,
            now,
            reason=reason,
            case_id=item.case_id,
            exhibit=item.exhibit,
            root_exhibit=item.root_exhibit,
            sha256_before=digest,
            sha256_after=digest,
        )
