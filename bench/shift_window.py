"""The real window on a real vault, driven by keys, with the moment at which something was painted."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from reviewer.demo.driver import Driver, TourFailed
from reviewer.demo.organisation import PASSPHRASE
from reviewer.model.levels import Level
from reviewer.ui.app import START_SIZE, application
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.main_window import MainWindow
from reviewer.ui.workbench import Workbench
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import Workstation

_ALT = Qt.KeyboardModifier.AltModifier


class PaintWatch(QObject):
    """`at` becomes the time at which one of the widgets had been painted while `shows` held, and is None until then."""

    def __init__(self, widgets: list[QWidget], shows: Callable[[], bool]) -> None:
        super().__init__()
        self._widgets = widgets
        self._shows = shows
        self._seen = False
        self.at: float | None = None
        for widget in widgets:
            widget.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and not self._seen and self._shows():
            self._seen = True
            QTimer.singleShot(0, self, self._painted)  # once the whole window has been painted
        return False

    def _painted(self) -> None:
        self.at = perf_counter()
        for widget in self._widgets:
            widget.removeEventFilter(self)


class ShiftWindow:
    """Times are in milliseconds, from the key until the painted window. Close it when done."""

    def __init__(self, folder: Path) -> None:
        application()
        self.driver = Driver(timeout_s=60.0)
        self._jobs = Jobs()
        self._desk = Workstation(folder, SystemClock())
        self._window = MainWindow(self._desk, self._jobs)
        self._window.resize(*START_SIZE)
        self.driver.activate(self._window)

    def close(self) -> None:
        if self._window.frame is not None:
            self._window.frame.lock()
            self.driver.wait_until(lambda: self._window.frame is None, "the lock")
        self._window.close()
        self._window.deleteLater()
        self.driver.settle(0.0)
        self._jobs.close()
        self._desk.close()

    def unlock(self) -> float:
        """Until the queue is painted with entries in it."""
        d = self.driver
        d.step("unlock")
        d.settle(0.5)
        d.write(PASSPHRASE)
        begun = perf_counter()
        d.key(Qt.Key.Key_Return)
        d.wait_until(lambda: self._window.frame is not None, "the desk")
        queue = self.bench.queue
        watch = PaintWatch([queue.list.viewport()], lambda: queue.model.rowCount() > 0)
        return self._until(watch, begun)

    def queue_complete(self, count: int) -> None:
        self.driver.wait_until(lambda: self.bench.queue.model.rowCount() >= count, "the whole queue")

    def picked(self, *ways: Qt.Key) -> float:
        """Go along the queue by these keys and take what is there, until its first veiled pixels are painted."""
        d = self.driver
        d.step("another item from the queue")
        d.key(Qt.Key.Key_Q)
        for way in ways:
            d.key(way)
        d.settle(0.1)
        return self._next_veiled(Qt.Key.Key_Return)

    def decided(self) -> float:
        """Answer the questions, decide, until the next item's first veiled pixels are painted."""
        d = self.driver
        d.step("decide")
        d.key(Qt.Key.Key_K)
        d.key(Qt.Key.Key_1, _ALT)
        d.key(Qt.Key.Key_F)
        d.key(Qt.Key.Key_Z)
        d.wait_until(lambda: self.bench.decision.ready, "the decision to be complete")
        d.settle(0.1)
        return self._next_veiled(Qt.Key.Key_Return)

    def play(self, seconds: float) -> int:
        """Play the film on the desk for so long; how many of its frames were painted."""
        d = self.driver
        d.step("play")
        painted: set[float] = set()
        player = self.bench.viewer.video.player
        counted = player.frameDue.connect(lambda frame: painted.add(frame.time_s))
        d.key(Qt.Key.Key_Space)
        d.settle(seconds)
        d.key(Qt.Key.Key_Space)
        player.frameDue.disconnect(counted)
        return len(painted)

    @property
    def bench(self) -> Workbench:
        if self._window.frame is None or self._window.frame.workbench is None:
            raise TourFailed("There is no workbench.")
        return self._window.frame.workbench

    def _next_veiled(self, key: Qt.Key) -> float:
        bench = self.bench
        before = self._item_id()

        def shows() -> bool:
            grid = bench.viewer.video.grid
            here = bench.viewer.view.top_level is Level.BLURRED or (grid.isVisible() and grid.count > 0)
            return here and bench.flow.state is DeskState.OPEN and self._item_id() != before

        watch = PaintWatch([bench.viewer.view, bench.viewer.video.grid], shows)
        begun = perf_counter()
        self.driver.key(key)
        return self._until(watch, begun)

    def _until(self, watch: PaintWatch, begun: float) -> float:
        at = self.driver.wait_for(lambda: watch.at, "the window to be painted")
        return (at - begun) * 1000.0

    def _item_id(self) -> str | None:
        entry = self.bench.flow.entry
        return entry.item.id if entry is not None else None
