"""What lies on the desk, and by which way it is met: looked at, watched, read or listened to."""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.model.levels import Kind
from reviewer.ui.item_ports import TakenItem
from reviewer.ui.listening import is_sound
from reviewer.ui.why_not_shown import is_text


@dataclass(frozen=True, slots=True)
class OnDesk:
    """`taken` is None while the desk is empty; then it is met by no way."""

    taken: TakenItem | None = None

    @property
    def kind(self) -> Kind | None:
        return None if self.taken is None else self.taken.entry.item.facts.kind

    @property
    def is_video(self) -> bool:
        return self.kind is Kind.VIDEO

    @property
    def is_text(self) -> bool:
        return self.taken is not None and is_text(self.taken.opened)

    @property
    def is_sound(self) -> bool:
        return self.taken is not None and is_sound(self.taken.opened)

    @property
    def has_picture(self) -> bool:
        return self.taken is not None and not self.is_text and not self.is_sound
