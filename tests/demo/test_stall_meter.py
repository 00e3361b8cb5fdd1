"""The stall meter sees a stall, says where, and is not fooled by the ticks a stall swallows."""

from __future__ import annotations

import sys
import threading
import time
from array import array

import pytest
from PySide6.QtCore import QTimer

from reviewer.demo.driver import Driver
from reviewer.demo.stall_meter import StallMeter, _waits, _where


def hold_everything_up():
    time.sleep(0.2)


def test_a_stall_is_measured_and_placed(qtbot):
    meter = StallMeter()
    with meter:
        QTimer.singleShot(50, hold_everything_up)
        Driver().settle(0.5)
    stalls = meter.stop()
    assert 180 < stalls.max_ms < 500
    assert stalls.over_50_ms >= 1
    assert stalls.seconds == pytest.approx(0.5, abs=0.3)
    assert any("hold_everything_up" in place for place in stalls.worst_where)


def test_a_quiet_loop_has_no_stall(qtbot):
    with StallMeter() as meter:
        Driver().settle(0.3)
    assert meter.stop().p99_ms < 100


def test_swallowed_ticks_are_put_back():
    waits = _waits(array("d", [0.005] * 80 + [0.105]))
    assert max(waits) == pytest.approx(0.1)
    assert len(waits) == pytest.approx(100, abs=2)
    assert sum(1 for wait in waits if wait > 0.05) == pytest.approx(10, abs=2)


def test_nothing_measured_is_nothing(qtbot):
    assert StallMeter().figures().max_ms == 0.0


def test_looking_takes_hold_of_no_frame(monkeypatch):
    """A frame held by the watcher keeps a QPainter alive past its paint event, and that crashes."""

    def held(*_: object) -> None:
        raise AssertionError("a frame was taken hold of")

    monkeypatch.setattr(sys, "_current_frames", held)
    assert any("test_looking_takes_hold" in place for place in _where(threading.get_ident()))


def test_what_is_put_aside_is_not_counted(qtbot):
    with StallMeter() as meter:
        qtbot.wait(60)
        with meter.aside():
            time.sleep(0.2)
        qtbot.wait(60)
        stalls = meter.stop()
    assert stalls.max_ms < 150.0
    assert not any("test_what_is_put_aside" in place for place in stalls.worst_where)
