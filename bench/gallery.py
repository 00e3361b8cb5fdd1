"""A gallery of 400 items in the window: the first veiled cell, the whole first screen, scrolling through it."""

from __future__ import annotations

import os
import statistics
import time

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMainWindow

from bench.gallery_session import GallerySession
from reviewer.ui.app import START_SIZE, application
from reviewer.ui.bridge import Jobs
from reviewer.ui.gallery_control import GalleryControl

ITEMS = 400
Row = tuple[str, float, str, float | None]


class Stalls:
    """The longest time the event loop was away, in milliseconds, by a timer that wants to fire every 5."""

    def __init__(self) -> None:
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.setInterval(5)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, (now - self._last) * 1000 - 5)
        self._last = now

    def stop(self) -> float:
        self._timer.stop()
        return self.longest


def rows() -> list[Row]:
    app = application()
    with GallerySession(ITEMS) as session:
        single = statistics.median(_timed(session, number) for number in range(5))
        jobs = Jobs()
        window = QMainWindow()
        window.resize(*START_SIZE)
        control = GalleryControl(session, jobs, window)  # type: ignore[arg-type]
        window.setCentralWidget(control.page)
        stalls = Stalls()
        begun = time.perf_counter()
        window.show()
        window.activateWindow()
        control.open_for(None)
        first = screen = 0.0
        while not screen:
            app.processEvents()
            rows_shown = control.model.between(*control.page.grid.in_view())
            there = sum(1 for cell in rows_shown if control.looking.feed.picture(cell.id) is not None)
            if there and not first:
                first = time.perf_counter() - begun
            if rows_shown and there == len(rows_shown):
                screen = time.perf_counter() - begun
        cells = len(rows_shown)
        opening = stalls.stop()
        scrolling, frames = _scroll(control)
        control.looking.drop()
        window.close()
        window.deleteLater()
        jobs.close()
        app.processEvents()
    return [
        ("first veiled cell, from opening the gallery", first * 1000, "ms, to one thumbnail alone", first / single),
        (f"all {cells} cells of the first screen", screen * 1000, "ms, to as many alone", screen / (single * cells)),
        ("event loop while it opens, longest stall", opening, "ms (aim 50)", None),
        ("scroll to the end, a third of a row at a time: p95", frames, "ms a step (aim 100)", None),
        ("event loop while it scrolls, longest stall", scrolling, "ms (aim 50)", None),
    ]


def _timed(session: GallerySession, number: int) -> float:
    begun = time.perf_counter()
    session.gallery.thumbnail(f"item-{number}").wipe()
    return time.perf_counter() - begun


def _scroll(control: GalleryControl) -> tuple[float, float]:
    app = application()
    bar = control.page.grid.verticalScrollBar()
    stalls = Stalls()
    took = []
    while bar.value() < bar.maximum():
        begun = time.perf_counter()
        bar.setValue(bar.value() + bar.singleStep())
        app.processEvents()
        took.append((time.perf_counter() - begun) * 1000)
    return stalls.stop(), float(np.percentile(took, 95))
