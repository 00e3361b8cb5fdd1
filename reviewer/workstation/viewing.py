"""What of an item has been looked at, from taking it to leaving it: the exposure meter asked item by item."""

from __future__ import annotations

import msgspec

from reviewer.model.decisions import ViewingRecord
from reviewer.model.levels import LEVEL_BY_KEY, Kind, Level
from reviewer.workstation.exposure import ExposureKeeper
from reviewer.workstation.opening import Taken


class Viewing:
    """One person's looking in one session. `showing` and `seen` touch memory only."""

    def __init__(self, exposure: ExposureKeeper, member_id: str) -> None:
        self._exposure = exposure
        self._member_id = member_id
        self._taken: dict[str, tuple[str, Kind]] = {}

    def began(self, taken: Taken) -> None:
        """It comes to the desk: it is told how much of it was seen before, and prompts wait where danger is."""
        item = taken.entry.item
        self._taken[item.id] = item.harm_type, item.facts.kind
        taken.seen = self.seen(item.id)
        self._exposure.busy(taken.entry.case.referral.danger)

    def showing(self, item_id: str | None, level: Level, *, sound: bool, full_screen: bool) -> None:
        harm_type, kind = self._taken.get(item_id or "", ("", None))
        self._exposure.showing(item_id, harm_type, level, sound=sound, full_screen=full_screen, kind=kind)

    def seen(self, item_id: str) -> Level:
        """The highest level at which this person has seen it."""
        shown = self._exposure.viewing(item_id).seconds
        return max((LEVEL_BY_KEY[key] for key, seconds in shown.items() if seconds > 0), default=Level.FACTS)

    def looked_at(self, item_id: str) -> bool:
        """Pixels, text or sound of it reached this person."""
        return self.record_unopened(item_id, from_notes=False).viewed

    def record(self, taken: Taken, *, from_notes: bool) -> ViewingRecord:
        """`from_notes` counts only where nothing was seen or heard, now or before it was taken up again."""
        record = self.record_unopened(taken.entry.item.id, from_notes=from_notes)
        return msgspec.structs.replace(record, could_not_open=taken.code)

    def record_unopened(self, item_id: str, *, from_notes: bool, with_stack_of: str | None = None) -> ViewingRecord:
        """Of an item that need not be on the desk. What was seen of it all the same (in a gallery) is in it."""
        viewing = self._exposure.viewing(item_id)
        record = ViewingRecord(
            item_id=item_id,
            viewer=self._member_id,
            opened_at=viewing.opened_at,
            closed_at=viewing.closed_at,
            seconds=viewing.seconds,
            sound_seconds=viewing.sound_seconds,
            with_stack_of=with_stack_of,
        )
        return msgspec.structs.replace(record, decided_from_notes=from_notes and not record.viewed)

    def left(self, taken: Taken) -> None:
        """It is off the desk: nothing of it is shown any more, and what was measured is kept."""
        item = taken.entry.item
        self._exposure.showing(None, item.harm_type, Level.FACTS, sound=False, full_screen=False)
        self._exposure.item_closed(item.id, item.harm_type)
        self._exposure.busy(False)
        self._exposure.keep()
