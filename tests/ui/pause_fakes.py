"""What the break screen asks of the workstation, in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from reviewer.model.cases import QueueEntry
from reviewer.model.supervision import Relief


@dataclass
class FakePausing:
    """`called` is told of each call; `plain` are the entries without pictures."""

    called: Callable[..., None]
    plain: list[QueueEntry] = field(default_factory=list)
    told: list[Relief] = field(default_factory=list)
    named: int = 0

    def next_without_pictures(self, besides: frozenset[str]) -> QueueEntry | None:
        self.called("next_without_pictures", besides)
        return next((entry for entry in self.plain if entry.item.id not in besides), None)

    def hand_over(self) -> int:
        self.called("hand_over")
        return self.named

    def reliefs(self) -> Sequence[Relief]:
        self.called("reliefs")
        return list(self.told)

    def relief_seen(self, relief_id: str) -> None:
        self.called("relief_seen", relief_id)
        self.told = [relief for relief in self.told if relief.id != relief_id]
