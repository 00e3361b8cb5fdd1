"""A sound on the desk: its shape first, then muffled or clear, each only while it plays because somebody asked."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Signal

from reviewer.media.outlines import SoundOutline
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.ui import level_desk
from reviewer.ui.bridge import Jobs
from reviewer.ui.item_ports import OpenItem
from reviewer.ui.late_requests import LateRequest, LateRequests
from reviewer.ui.sound_player import SoundPlayer
from reviewer.ui.text_desk import TextDesk

OUTLINE = "outline"
END_MARGIN_S = 0.05


class AudioDesk(QObject):
    """FACTS, BLURRED (the waveform) or DRAWING (muffled) is where the person rests; CLEAR lasts while it plays.

    `shown` is what can be heard or read now: DRAWING and CLEAR count only while something is heard. The words of its
    transcript have levels of their own, which begin and end with these; the lens is theirs.
    """

    changed = Signal()
    moved = Signal()
    began = Signal()
    failed = Signal(object)

    def __init__(self, jobs: Jobs, player: SoundPlayer, words: TextDesk, parent: QObject) -> None:
        super().__init__(parent)
        self._outlines: LateRequests[SoundOutline] = LateRequests(jobs, self, lambda outlines: outlines.clear())
        self._player = player
        self.words = words
        self._opened: OpenItem | None = None
        self._length = 0.0
        self._position = 0.0
        self._hold_began: float | None = None
        self._muffled_before = False
        self.outline: SoundOutline | None = None
        self.start = Level.FACTS
        self.highest = Level.FACTS
        self.rest = Level.FACTS
        self._clear = False
        words.changed.connect(self.changed)
        player.audibleChanged.connect(self._heard)
        player.ticked.connect(self._ticked)
        player.ended.connect(self._over)
        player.failed.connect(self._broke)

    # items come and go

    def open(self, opened: OpenItem, *, start: Level, highest: Level, length_s: float) -> None:
        """`settle` shows it. Nothing is heard before it is asked for."""
        self.close()
        self._opened = opened
        self._length = length_s
        self.start, self.highest = min(start, Level.BLURRED), highest

    def close(self) -> None:
        """Silence, and nothing of it is kept."""
        if self._opened is not None:
            self._player.stop()
        self._outlines.forget()
        self._hold_began = None
        self._clear = False
        self.words.close()
        self._opened = None
        self.outline = None
        self._length = self._position = 0.0
        self.rest = self.start = self.highest = Level.FACTS
        self.changed.emit()

    # levels

    @property
    def revealing(self) -> Level | None:
        return Level.CLEAR if self._clear else self.words.revealing

    @property
    def shown(self) -> Level:
        return max(self.heard, self.words.shown)

    @property
    def heard(self) -> Level:
        """DRAWING while something is heard muffled, CLEAR while it is heard clear; else what is seen of it."""
        if self._opened is not None and self._player.audible:
            return Level.CLEAR if self._clear else Level.DRAWING
        if self.outline is None or self.rest is Level.FACTS:
            return Level.FACTS
        return Level.BLURRED

    @property
    def clear(self) -> bool:
        """Clear listening was asked for, and has not ended."""
        return self._clear

    @property
    def playing(self) -> bool:
        """Heard, or on its way to be."""
        return self._opened is not None and self._player.wanted

    def settle(self, level: Level) -> None:
        """Rest there. Above DRAWING nobody rests; below it it is silent before this returns."""
        plays_on = self.playing and level is Level.DRAWING
        self.rest = min(level, self.highest, Level.DRAWING)
        self.pause()
        self.words.settle(min(level, Level.BLURRED))
        if self.rest is not Level.FACTS:
            self._ask_outline()
        if plays_on:
            self._play()
        self.changed.emit()

    def reveil(self) -> None:
        """Silent before this returns, and back to where the item started, or lower."""
        self._hold_began = None
        self.settle(min(self.start, self.rest))

    def begin_clear(self) -> None:
        """Play on, clear, until it is paused, let go of or over."""
        if self._opened is None or self.highest < Level.CLEAR or self._clear:
            return
        self._muffled_before = self.playing
        self._pause_here()
        self._clear = True
        self._ask_outline()
        self._play()
        self.changed.emit()

    def end_reveal(self) -> None:
        """No longer clear: what played muffled before plays on so, anything else is silent."""
        self.words.end_reveal()
        if not self._clear:
            return
        self._pause_here()
        self._clear = False
        if self._muffled_before and self.rest is Level.DRAWING:
            self._play()
        self.changed.emit()

    def clear_hold(self, held: bool) -> None:
        """A tap begins or ends clear listening; a longer press ends it when it is let go."""
        if held and self._hold_began is None:
            if self._clear:
                self.end_reveal()
            else:
                self._hold_began = time.monotonic()
                self.begin_clear()
        elif not held and self._hold_began is not None:
            long = time.monotonic() - self._hold_began >= level_desk.TAP_S
            self._hold_began = None
            if long:
                self.end_reveal()

    def toggle_hearing(self) -> None:
        """Off, muffled, clear as far as the policy goes, and off again."""
        if self._clear:
            self.settle(Level.BLURRED)
        elif self.rest is Level.DRAWING:
            if self.highest >= Level.CLEAR:
                self.begin_clear()
            else:
                self.settle(Level.BLURRED)
        elif self.highest >= Level.DRAWING:
            self.settle(Level.DRAWING)

    def begin_lens(self, _at: tuple[float, float] | None = None, *, timed: bool = False) -> None:
        """The words of the transcript's line in focus."""
        self.words.begin_lens(timed=timed)

    def nudge_lens(self, steps_x: int, steps_y: int) -> None:
        """To another line of the transcript."""
        self.words.nudge_lens(steps_x, steps_y)

    # playing

    @property
    def at_s(self) -> float:
        return self._position

    def play_pause(self) -> None:
        """From FACTS first to the waveform; from there muffled, which is the least that can be heard."""
        if self._opened is None or self.highest < Level.BLURRED:
            return
        if self.playing:
            self.pause()
        elif self.rest is Level.FACTS:
            self.settle(Level.BLURRED)
        elif self.highest >= Level.DRAWING:
            if self._position >= self._length - 2 * END_MARGIN_S:
                self._position = 0.0
            self.rest = Level.DRAWING
            self._play()
        self.changed.emit()

    def pause(self) -> None:
        """Silence; what was clear is not clear when it plays again."""
        self._pause_here()
        self._clear = False
        self.changed.emit()

    def seek(self, seconds: float) -> None:
        plays = self.playing
        self._pause_here()
        self._position = min(max(seconds, 0.0), max(self._length - END_MARGIN_S, 0.0))
        if plays:
            self._play()
        self.moved.emit()

    def skip(self, seconds: float) -> None:
        self.seek(self.at_s + seconds)

    # inside

    def _play(self) -> None:
        if self._opened is not None:
            muffled = not self._clear
            self.began.emit()
            self._player.start(self._opened, self._position, muffled=muffled, keeps_up=False)

    def _pause_here(self) -> None:
        if self._opened is not None and self._player.wanted:
            if self._player.audible:
                self._position = self._player.position_s
            self._player.stop()

    def _ask_outline(self) -> None:
        opened = self._opened
        if opened is not None and self.outline is None and not self._outlines.busy(OUTLINE):
            self._outlines.ask(OUTLINE, LateRequest(lambda: [opened.sound_outline()], self._outline_here, self._broke))

    def _outline_here(self, outlines: list[SoundOutline]) -> None:
        self.outline = outlines[0]
        if not self._length:
            self._length = self.outline.duration_s
        self.changed.emit()

    def _heard(self, _audible: bool) -> None:
        if self._opened is not None:
            self.changed.emit()

    def _ticked(self, _loudness: float) -> None:
        if self._opened is not None and self._player.audible:
            self._position = min(self._player.position_s, self._length or self._player.position_s)
            self.moved.emit()

    def _over(self) -> None:
        if self._opened is not None:
            self._position = self._length
            self._clear = False
            self.moved.emit()
            self.changed.emit()

    def _broke(self, error: ReviewerError) -> None:
        if self._opened is not None:
            self.pause()
            self.failed.emit(error)
