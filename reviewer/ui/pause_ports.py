"""What the break screen asks of the workstation. All blocking, through `ui.bridge`; failures are ReviewerErrors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from reviewer.model.cases import QueueEntry
from reviewer.model.supervision import Relief


class AroundPauses(Protocol):
    """Only `reliefs` asks the network."""

    def next_without_pictures(self, besides: frozenset[str]) -> QueueEntry | None:
        """A text, or something that is known already; none of the item ids in `besides`. None where there is none."""
        ...

    def hand_over(self) -> int:
        """What waits for this person by name is for whoever is next again; how many items. Drafts are kept.

        Durable when it returns; the case system hears of it when it next answers.
        """
        ...

    def reliefs(self) -> Sequence[Relief]:
        """What a supervisor did for this person and was not said here yet, oldest first. SyncError."""
        ...

    def relief_seen(self, relief_id: str) -> None: ...
