"""The real viewer panel playing a film from a sealed worker, with a meter on its event loop."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import UTC, datetime

from PySide6.QtWidgets import QMainWindow

from reviewer.demo.driver import Driver
from reviewer.demo.stall_meter import StallMeter, Stalls
from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
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


def stalls_while_playing(broker: Broker, clip: bytes, level: Level, *, seconds: float) -> tuple[Stalls, int]:
    """Play `clip` at `level` (BLURRED or CLEAR) in a window: its stalls, and how many frames it was given."""
    application()
    driver, jobs = Driver(timeout_s=30.0), Jobs()
    item = broker.open(io.BytesIO(clip))
    window, panel = QMainWindow(), ViewerPanel(jobs)
    window.setCentralWidget(panel)
    window.resize(*START_SIZE)
    try:
        driver.step("play a film")
        driver.activate(window)
        viewing = Viewing(clear_seconds=60.0, grey=False)
        harm = HarmType(key="violence", words="Violence", start="blurred", violent=True)
        panel.show_item(_taken(item), Policy(version="bench", harm_types=(harm,), viewing=viewing), "Reviewer")
        driver.wait_until(lambda: panel.video.grid.count > 0, "the storyboard")
        panel.video.seek(0.0)
        if level is Level.CLEAR:
            panel.set_level(Level.CLEAR)
            driver.wait_until(lambda: panel.current_level is Level.CLEAR, "the clear picture")
        painted: set[float] = set()
        panel.video.player.frameDue.connect(lambda frame: painted.add(frame.time_s))
        panel.video.play_pause()
        driver.wait_until(lambda: bool(painted), "the first frame")
        painted.clear()
        with StallMeter(window) as meter:
            driver.settle(seconds)
            stalls = meter.stop()
        panel.clear()
    finally:
        window.close()
        window.deleteLater()
        driver.settle(0.0)
        jobs.close()
        item.close()
    return stalls, len(painted)


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
