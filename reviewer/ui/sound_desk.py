"""The sound beside the pictures of a video: off until asked for, muffled first, and only while they play at 1x."""

from __future__ import annotations

import time
from enum import IntEnum

from PySide6.QtCore import QObject, Signal

from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.ui.item_ports import OpenItem
from reviewer.ui.sound_player import SoundPlayer

DRIFT_S = 0.15  # further from the pictures than this, the sound begins anew where they are
CALM_S = 1.0  # and not again before so long, so that a slow machine does not stutter


class Hearing(IntEnum):
    OFF = 0
    MUFFLED = 1
    CLEAR = 2


class SoundDesk(QObject):
    """`hearing` is what the person asked for; `follow` brings what is heard in step with the pictures."""

    changed = Signal()
    failed = Signal(object)

    def __init__(self, player: SoundPlayer, parent: QObject) -> None:
        super().__init__(parent)
        self._player = player
        self._opened: OpenItem | None = None
        self._begun = 0.0
        self._over = False
        self._playing = False
        self._speed = 1.0
        self.highest = Hearing.OFF
        self.hearing = Hearing.OFF
        player.ended.connect(self._sound_over)
        player.failed.connect(self._broke)

    def open(self, opened: OpenItem | None, highest: Level) -> None:
        """An item with sound beside its pictures, or None; `highest` is the policy's for its pictures."""
        self.off()
        self._opened = opened
        self.highest = highest_hearing(highest) if opened is not None else Hearing.OFF

    def close(self) -> None:
        self.open(None, Level.FACTS)

    @property
    def silent_at(self) -> float | None:
        """The speed at which it plays silently although sound was asked for."""
        asked = self._playing and self.hearing is not Hearing.OFF
        return self._speed if asked and self._speed != 1.0 else None

    def toggle(self) -> None:
        """Off, muffled, clear as far as the policy goes, and off again."""
        if self._opened is not None:
            self.set_hearing(Hearing(self.hearing + 1) if self.hearing < self.highest else Hearing.OFF)

    def off(self) -> None:
        """Silent before this returns, and it stays so."""
        self.set_hearing(Hearing.OFF)

    def set_hearing(self, hearing: Hearing) -> None:
        if hearing is self.hearing or hearing > self.highest:
            return
        self.hearing = hearing
        if self._opened is not None:
            self._player.stop()  # what was heard before is not heard on while the other is on its way
        self._over = False
        self.changed.emit()

    def follow(self, playing: bool, at_s: float, speed: float) -> None:
        """The pictures are at `at_s` and play, or stand still. Called for every picture and every change."""
        if self._opened is None:
            return
        before = self._playing, self._speed
        self._playing, self._speed = playing, speed
        if not playing or speed != 1.0 or self.hearing is Hearing.OFF:
            self._over = False
            if self._player.wanted:
                self._player.stop()
        elif not self._over and (not self._player.wanted or self._apart(at_s)):
            self._begun = time.monotonic()
            muffled = self.hearing is Hearing.MUFFLED
            self._player.start(self._opened, at_s, muffled=muffled, keeps_up=True)
        if (playing, speed) != before:
            self.changed.emit()

    def moved(self) -> None:
        """The person went to another place: the sound ends here and begins there."""
        if self._opened is not None:
            self._over = False
            self._player.stop()

    def _apart(self, at_s: float) -> bool:
        settled = self._player.audible and time.monotonic() - self._begun > CALM_S
        return settled and abs(self._player.position_s - at_s) > DRIFT_S

    def _sound_over(self) -> None:
        """Shorter than the pictures: it does not begin again until they are elsewhere."""
        self._over = self._opened is not None

    def _broke(self, error: ReviewerError) -> None:
        if self._opened is not None:
            self.off()
            self.failed.emit(error)


def highest_hearing(highest: Level) -> Hearing:
    """Clear sound where CLEAR is allowed, muffled where DRAWING is."""
    if highest >= Level.CLEAR:
        return Hearing.CLEAR
    return Hearing.MUFFLED if highest >= Level.DRAWING else Hearing.OFF
