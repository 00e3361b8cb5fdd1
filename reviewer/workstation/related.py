"""What stands around a case, and what became of others: `reviewer.ui.case_ports.AroundCases`."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from reviewer.model.clock import Clock
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.related import Outcome
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.ui.case_ports import OutcomesView, RelatedView
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.case_thread import GONE

_OUTCOMES, _SEEN = "outcomes", "outcomes_seen"


class Around:
    """Of one session: read from the encrypted store, asked anew of the case system."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem, clock: Clock) -> None:
        self._store = vault.store
        self._case_system = case_system
        self._clock = clock

    def related(self, case_id: str) -> RelatedView | None:
        held = self._store.call(lambda s: s.conversations.related(case_id))
        return None if held is None else RelatedView(held[0], datetime.fromtimestamp(held[1], UTC))

    def refresh_related(self, case_id: str) -> RelatedView:
        """SyncError. What was kept of a case that is not shared any more is dropped."""
        try:
            related = self._case_system.colleagues.related(case_id)
        except CaseSystemRefused as refused:
            if slug_of(refused.problem_type) in GONE:
                self._store.call(lambda s: s.conversations.forget(case_id))
            raise
        now = self._clock.now()
        self._store.call(lambda s: s.conversations.put_related(related, now))
        return RelatedView(related, now)

    def outcomes(self) -> OutcomesView:
        kept, seen = self._store.call(lambda s: (s.get_setting(_OUTCOMES), s.get_setting(_SEEN)))
        outcomes = msgspec.json.decode(kept, type=tuple[Outcome, ...]) if kept is not None else ()
        known = frozenset(msgspec.json.decode(seen, type=list[str])) if seen is not None else frozenset()
        return OutcomesView(outcomes, frozenset(outcome.id for outcome in outcomes) - known)

    def refresh_outcomes(self) -> OutcomesView:
        """SyncError; what is known here is kept."""
        body = msgspec.json.encode(self._case_system.colleagues.outcomes())
        if body != self._store.call(lambda s: s.get_setting(_OUTCOMES)):
            self._store.call(lambda s: s.put_setting(_OUTCOMES, body))
        return self.outcomes()

    def outcomes_seen(self) -> None:
        """All that are kept here now."""
        ids = msgspec.json.encode([outcome.id for outcome in self.outcomes().outcomes])
        self._store.call(lambda s: s.put_setting(_SEEN, ids))
