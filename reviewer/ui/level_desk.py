"""The levels of one open item: which pixels are asked for, which lie in the view, and when they are wiped."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from reviewer.media.frames import Frame, PixelFormat
from reviewer.model.errors import ReviewerError
from reviewer.model.levels import Level
from reviewer.model.policy import Viewing
from reviewer.ui.frame_requests import FrameRequests, Request, wipe_all
from reviewer.ui.item_ports import OpenItem
from reviewer.ui.lens_path import LensPath
from reviewer.ui.protected_view import ProtectedView
from reviewer.ui.reveal_clock import RevealClock

TAP_S = 0.3  # a shorter press of the CLEAR key starts the timed look, a longer one holds it
BASE = "base"
REVEAL = "reveal"


class LevelDesk(QObject):
    """A resting level (FACTS, BLURRED, DRAWING) that stays, and LENS or CLEAR over it for a while.

    Nothing above the resting level is ever asked for before `begin_lens` or `begin_clear`. While `plays()`, CLEAR is
    not asked for here: the pictures of the playback bring it.
    """

    changed = Signal()
    failed = Signal(object)

    def __init__(
        self,
        requests: FrameRequests,
        view: ProtectedView,
        moment: Callable[[], float],
        plays: Callable[[], bool] = lambda: False,
        page: Callable[[], int] = lambda: 0,
    ) -> None:
        """`moment` gives the time in seconds at which a still is wanted, `page` its page from 0; 0 where there is none.

        Who changes either says so with `moment_changed`.
        """
        super().__init__(view)
        self._requests = requests
        self._view = view
        self._moment = moment
        self._page = page
        self._plays = plays
        self._opened: OpenItem | None = None
        self._viewing = Viewing()
        self._lens = LensPath()
        self._hold_began: float | None = None
        self.start = Level.FACTS
        self.highest = Level.FACTS
        self.rest = Level.FACTS
        self.revealing: Level | None = None
        self.grey = True
        self.clock = RevealClock(self)
        self.clock.ended.connect(self.end_reveal)
        view.placed.connect(self._looked_elsewhere)

    # items come and go

    def open(self, opened: OpenItem | None, *, start: Level, highest: Level, viewing: Viewing) -> None:
        """An item, or None for one that cannot be opened: then nothing is ever asked."""
        self._opened = opened
        self._viewing = viewing
        self.start, self.highest = start, highest
        self.grey = viewing.grey

    def take_first(self, first: Frame) -> None:
        """A frame made beforehand; wiped at once when it shows more than the start level."""
        if first.level > min(self.start, Level.BLURRED):
            first.wipe()
        else:
            self._view.put(first)

    def close(self) -> None:
        """Disown what is on its way and wipe what is here."""
        self._requests.forget(BASE)
        self._requests.forget(REVEAL)
        self.clock.stop()
        self._hold_began = None
        self.revealing = None
        self._opened = None
        self.rest = self.start = self.highest = Level.FACTS
        self._view.drop_all()
        self.changed.emit()

    # levels

    def settle(self, level: Level) -> None:
        """Rest at FACTS, BLURRED or DRAWING. What shows more is wiped before this returns."""
        self.rest = level
        self._requests.forget(BASE)
        self.end_reveal()
        self._ask_base()

    def reveil(self) -> None:
        """Back to the start level, or stay lower; everything above is wiped before this returns."""
        self._hold_began = None
        self.settle(min(self.start, self.rest))

    def begin_clear(self) -> None:
        """Ask for CLEAR; it veils itself `clear_seconds` after it is shown."""
        if self._may_begin(Level.CLEAR):
            self._ask_clear()
            self.changed.emit()

    def begin_lens(self, at: tuple[float, float] | None = None, *, timed: bool) -> None:
        """Ask for the lens at a point in shares of the picture. `timed` ends it when CLEAR would end."""
        if self._may_begin(Level.LENS):
            if at is not None:
                self._lens.move_to(*at)
            self._ask_base()
            self._ask_lens()
            if timed:
                self.clock.start(self._viewing.clear_seconds)
            self.changed.emit()

    def end_reveal(self) -> None:
        """Wipe what lies above the resting level, now."""
        self.clock.stop()
        self._requests.forget(REVEAL)
        if self.rest is Level.FACTS:
            self._requests.forget(BASE)
        self.revealing = None
        self._view.drop_above(self.rest)
        self.changed.emit()

    def clear_hold(self, held: bool) -> None:
        """The CLEAR key: a tap starts the timed look or ends it; a longer press looks until it is let go."""
        if held and self._hold_began is None:
            if self.revealing is Level.CLEAR:
                self.end_reveal()
            else:
                self._hold_began = time.monotonic()
                self.begin_clear()
        elif not held and self._hold_began is not None:
            long = time.monotonic() - self._hold_began >= TAP_S
            self._hold_began = None
            if long and self.revealing is Level.CLEAR:
                self.end_reveal()

    def set_grey(self, grey: bool) -> None:
        """For LENS and CLEAR. Turning grey on wipes what is shown in colour before the grey one is asked for."""
        self.grey = grey
        if grey:
            self._view.drop_above(Level.DRAWING)
            self.changed.emit()
        self._ask_again()

    def move_lens(self, x: float, y: float) -> None:
        """Shares of the picture."""
        self._lens.move_to(x, y)
        if self.revealing is Level.LENS:
            self._ask_lens()

    def nudge_lens(self, steps_x: int, steps_y: int) -> None:
        self._lens.nudge(steps_x, steps_y)
        if self.revealing is Level.LENS:
            self._ask_lens()

    def moment_changed(self) -> None:
        """Another moment of a video, or another page: what was revealed was of the old one."""
        self.end_reveal()
        self._view.drop_above(Level.BLURRED)
        if self.rest is not Level.FACTS:
            self._ask_base(anew=True)
        self.changed.emit()

    # playing

    @property
    def moving(self) -> tuple[Level, bool]:
        """(level, grey) at which a video that plays may show its pictures now."""
        if self.revealing is Level.CLEAR:
            return Level.CLEAR, self.grey
        return (Level.DRAWING if self.rest is Level.DRAWING else Level.BLURRED), True

    def take_played(self, frame: Frame) -> None:
        """A picture of the playback; wiped at once when it shows anything but what is wanted now."""
        level, grey = self.moving
        if self.rest is Level.FACTS or frame.level is not level or (grey and frame.pixel_format is PixelFormat.BGRX32):
            wipe_all([frame])
            return
        self._view.put(frame)
        self._shown(level)

    def playing_ended(self) -> None:
        """What was revealed while it played goes on over the still picture, until its time is over."""
        if self.revealing is Level.CLEAR and not self._view.has(Level.CLEAR):
            self._ask_clear()

    # pixels

    def _may_begin(self, level: Level) -> bool:
        if self._opened is None or level > self.highest or self.revealing is level:
            return False
        self.end_reveal()
        self.revealing = level
        return True

    def _ask_base(self, *, anew: bool = False) -> None:
        """The veiled frame that lies below: DRAWING where the person rests there, else BLURRED."""
        opened, at_s, page, size = self._opened, self._moment(), self._page(), self._view.pixel_size()
        if opened is None or (self.rest is Level.FACTS and self.revealing is None):
            return
        if self.rest is Level.DRAWING and (anew or not self._view.has(Level.DRAWING)):
            width, height = size.width(), size.height()
            self._ask(
                BASE,
                Level.DRAWING,
                lambda: opened.drawing(max_width=width, max_height=height, at_s=at_s, page=page),
            )
        elif self.rest is not Level.DRAWING and (anew or not self._view.has(Level.BLURRED)):
            self._ask(BASE, Level.BLURRED, lambda: opened.blurred(at_s=at_s, page=page))

    def _looked_elsewhere(self) -> None:
        """Turned, enlarged or moved: what is revealed is asked for in the pixels it now covers, and nothing else is."""
        self._ask_again()

    def _ask_again(self) -> None:
        if self.revealing is Level.CLEAR:
            self._ask_clear()
        elif self.revealing is Level.LENS:
            self._ask_lens()

    def _ask_clear(self) -> None:
        opened, at_s, page, grey = self._opened, self._moment(), self._page(), self.grey
        size = self._view.pixel_size(enlarged=True)
        if opened is None or self._plays():
            return
        part = self._view.visible() if self._view.enlargement > 1.0 else None
        width, height = size.width(), size.height()
        if part is not None:
            width, height = max(1, round(width * part.width)), max(1, round(height * part.height))
        self._ask(
            REVEAL,
            Level.CLEAR,
            lambda: opened.clear(max_width=width, max_height=height, grey=grey, at_s=at_s, page=page, region=part),
        )

    def _ask_lens(self) -> None:
        opened, at_s, page, grey = self._opened, self._moment(), self._page(), self.grey
        whole = self._view.pixel_size(enlarged=True)
        self._lens.fit(self._viewing.lens_share, self._view.aspect)
        region = self._lens.region
        width, height = max(1, round(whole.width() * region.width)), max(1, round(whole.height() * region.height))
        if opened is not None:
            self._ask(
                REVEAL,
                Level.LENS,
                lambda: opened.lens(region, max_width=width, max_height=height, grey=grey, at_s=at_s, page=page),
            )

    def _ask(self, channel: str, level: Level, produce: Callable[[], Frame]) -> None:
        grey = self.grey
        self._requests.ask(
            channel,
            Request(lambda: [produce()], lambda frames: self._arrived(level, grey, frames[0]), self._broke),
        )

    def _arrived(self, asked: Level, grey: bool, frame: Frame) -> None:
        reveals = asked > Level.DRAWING
        if frame.level > asked or (reveals and (asked is not self.revealing or grey is not self.grey)):
            wipe_all([frame])
            return
        self._view.put(frame)
        self._shown(asked)

    def _shown(self, level: Level) -> None:
        if level is Level.CLEAR and not self.clock.running:
            self.clock.start(self._viewing.clear_seconds)
        self.changed.emit()

    def _broke(self, error: ReviewerError) -> None:
        self.end_reveal()
        self.failed.emit(error)
