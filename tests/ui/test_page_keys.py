"""Page keys turn pages, but belong to a list or a bar that has the focus."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from reviewer.ui.page_strip import PageStrip
from reviewer.ui.queue_panel import QueueList
from reviewer.ui.scrub_bar import ScrubBar
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.waveform import Waveform

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us


def test_page_keys_belong_to_what_has_the_focus_and_wants_them(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    turned: list[int] = []
    keys = Shortcuts(window)
    keys.bind("on", "PgDown", "on", lambda: turned.append(1), group="test")
    keys.bind("back", "PgUp", "back", lambda: turned.append(-1), group="test")
    queue, bar, wave, strip = QueueList(window), ScrubBar(window), Waveform(window), PageStrip(window)
    queue.setModel(QStringListModel([str(at) for at in range(200)], queue))
    bar.set_length(600.0)
    column = QVBoxLayout(window)
    for widget in (queue, bar, wave, strip):
        column.addWidget(widget)
    window.resize(300, 300)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    queue.setFocus()
    queue.setCurrentIndex(queue.model().index(0, 0))
    QTest.keyClick(queue, Qt.Key.Key_PageDown)
    assert queue.currentIndex().row() > 1
    sought: list[float] = []
    bar.sought.connect(sought.append)
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_PageDown)
    assert sought == [30.0], "on, as with the pages of a document and on the waveform"
    QTest.keyClick(bar, Qt.Key.Key_PageUp)
    assert sought == [30.0, 0.0], "and back"
    wave.setFocus()
    QTest.keyClick(wave, Qt.Key.Key_PageDown)
    assert turned == []
    strip.setFocus()
    QTest.keyClick(strip, Qt.Key.Key_PageDown)
    assert turned == [1]
