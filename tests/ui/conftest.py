"""The viewer in a window, driven by hand; and Python's cycle collector runs between the tests, never inside Qt.

Set off while Qt destroys a QObject it may destroy another one under the same lock, and the test hangs. The product
does the same: see `reviewer.ui.cycle_collector`.
"""

from __future__ import annotations

import gc
from collections.abc import Generator, Iterator

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from viewer_fakes import HandJobs

from reviewer.ui.viewer import ViewerPanel


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    gc.disable()
    try:
        return (yield)
    finally:
        _destroy_what_was_put_off()
        gc.collect(1)
        gc.enable()


def _destroy_what_was_put_off() -> None:
    """Without an event loop `deleteLater` waits for ever: thousands of widgets would be styled again by later tests."""
    application = QApplication.instance()
    if application is not None:
        application.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def jobs() -> HandJobs:
    return HandJobs()


@pytest.fixture
def panel(qtbot: QtBot, jobs: HandJobs) -> Iterator[ViewerPanel]:
    """Inside a window, as on the desk: hiding the panel is then not also losing the window's focus."""
    window = QWidget()
    qtbot.addWidget(window)
    made = ViewerPanel(jobs, window)  # type: ignore[arg-type]
    made.resize(900, 800)
    window.resize(900, 800)
    window.show()
    yield made
    window.close()
