"""The real viewer panel playing a film from a sealed worker, with a meter on its event loop."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime

from PySide6.QtWidgets import QMainWindow

from reviewer.demo.driver import Driver
from reviewer.demo.stall_meter import StallMeter, Stalls
from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
from reviewer.media.link import Source
from reviewer.media.opened import OpenedItem
from reviewer.model.cases import Case, Fingerprints, Item, QueueEntry, Referral, ReferralSource
from reviewer.model.decisions import Draft
from reviewer.model.levels import Level
from reviewer.model.policy import HarmType, Policy, Viewing
from reviewer.ui.app import START_SIZE, application
from reviewer.ui.bridge import Jobs
from reviewer.ui.viewer import ViewerPanel

_NOW = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass
class _Taken:
    """`reviewer.ui.ports.TakenItem` without a case system behind it."""

    entry: QueueEntry
    opened: OpenedItem
    first: Frame | None = None
    draft: Draft = field(default_factory=lambda: Draft(item_id="film"))
    trouble: tuple[str, str, str] | None = None
    seen: Level = Level.FACTS


@dataclass(frozen=True, slots=True)
class Played:
    """`niceness` of the worker above that of this process: what is shipped, unless somebody changed it."""

    stalls: Stalls
    frames: int
    niceness: int

    @property
    def rate(self) -> float:
        """Frames a second that the window was given."""
        return self.frames / self.stalls.seconds


class PlayingWindow:
    """A window with a viewer panel and one film at a time in it. Made and used on the Qt thread; close it when done."""

    def __init__(self, broker: Broker) -> None:
        application()
        self._broker = broker
        self._driver, self._jobs = Driver(timeout_s=30.0), Jobs()
        self._window, self._panel = QMainWindow(), ViewerPanel(self._jobs)
        self._window.setCentralWidget(self._panel)
        self._window.resize(*START_SIZE)
        self._item: OpenedItem | None = None
        self._given: set[float] = set()
        self._panel.video.player.frameDue.connect(lambda frame: self._given.add(frame.time_s))
        self._driver.step("play a film")
        self._driver.activate(self._window)

    @property
    def item(self) -> OpenedItem:
        assert self._item is not None
        return self._item

    @property
    def frames(self) -> int:
        """Frames given to the window since it began to play, each counted once."""
        return len(self._given)

    def open(self, file: Source) -> None:
        """Until cells of its storyboard are there."""
        self._item = self._broker.open(file)
        viewing = Viewing(clear_seconds=60.0, grey=False)
        harm = HarmType(key="violence", words="Violence", start="blurred", violent=True)
        policy = Policy(version="bench", harm_types=(harm,), viewing=viewing)
        self._panel.show_item(_taken(self._item), policy, "Reviewer")
        self._driver.wait_until(lambda: self._panel.video.grid.count > 0, "the storyboard")

    def play(self, at_s: float, level: Level = Level.BLURRED) -> None:
        """From there, at BLURRED or CLEAR, until the first frame has come. What played before stops."""
        panel = self._panel
        panel.video.pause()
        panel.video.seek(at_s)
        if level is Level.CLEAR:
            panel.set_level(Level.CLEAR)
            self._driver.wait_until(lambda: panel.current_level is Level.CLEAR, "the clear picture")
        self._given.clear()
        panel.video.play_pause()
        self._driver.wait_until(lambda: bool(self._given), "the first frame")
        self._given.clear()

    def settle(self, seconds: float) -> None:
        self._driver.settle(seconds)

    def stalls(self, seconds: float) -> Stalls:
        """Of the event loop, from now on for so long."""
        with StallMeter(self._window) as meter:
            self._driver.settle(seconds)
            return meter.stop()

    def close(self) -> None:
        self._panel.clear()
        self._window.close()
        self._window.deleteLater()
        self._driver.settle(0.0)
        self._jobs.close()
        if self._item is not None:
            self._item.close()


def stalls_while_playing(broker: Broker, clip: bytes, level: Level, *, seconds: float) -> Played:
    """Play `clip` at `level` (BLURRED or CLEAR) in a window of its own."""
    window = PlayingWindow(broker)
    try:
        window.open(io.BytesIO(clip))
        niceness = os.getpriority(os.PRIO_PROCESS, window.item.worker_pid) - os.getpriority(os.PRIO_PROCESS, 0)
        window.play(0.0, level)
        return Played(window.stalls(seconds), window.frames, niceness)
    finally:
        window.close()


def _taken(item: OpenedItem) -> _Taken:
    referral = Referral(source=ReferralSource.LAW_ENFORCEMENT, received_at=_NOW)
    case = Case(id="case", number="2026-1", referral=referral, created_at=_NOW)
    evidence = Item(
        id="film",
        case_id="case",
        exhibit="2026-1/001",
        harm_type="violence",
        facts=item.facts,
        fingerprints=Fingerprints(sha256="0" * 64, sha1="0" * 40, md5="0" * 32),
        container_sha256="0" * 64,
        container_size=item.facts.size + 400,
        created_at=_NOW,
    )
    return _Taken(QueueEntry(item=evidence, case=case), item)
