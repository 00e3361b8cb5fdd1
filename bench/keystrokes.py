"""Keystrokes from an item that has opened to the next one that has, for the commonest decisions. The aim is 3.

Counted by pressing them in the real window on a real vault: a key with its modifiers is one. Words that are typed are
not counted, because what has to be said does not depend on the window. `rows()` returns (name, value, unit, None).
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt

from bench.shift_evidence import Evidence
from bench.shift_window import ShiftWindow
from reviewer.demo.markers import jpeg_of
from reviewer.demo.organisation import REVIEWERS, found_organisation
from reviewer.demo.patterns import light, shapes
from reviewer.model.levels import Level
from reviewer.ui.desk_flow import DeskState

Row = tuple[str, float, str, float | None]
AIM = "keystrokes (aim 3)"
ITEMS = 14
_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
_PLAIN = Qt.KeyboardModifier.NoModifier
# What answers a question that is still open, in the order they are asked.
_ANSWERS = (
    ("imminence", Qt.Key.Key_K, _PLAIN),
    ("severity", Qt.Key.Key_2, _ALT),
    ("confidence", Qt.Key.Key_F, _PLAIN),
    ("action", Qt.Key.Key_Z, _PLAIN),
)
_LEVELS = {Level.DRAWING: Qt.Key.Key_3, Level.CLEAR: Qt.Key.Key_5}


class Counted:
    """The window, with every key counted since the last item opened."""

    def __init__(self, window: ShiftWindow) -> None:
        self.window = window
        self.pressed = 0

    def press(self, key: Qt.Key, held: Qt.KeyboardModifier = _PLAIN) -> None:
        self.window.driver.key(key, held)
        self.pressed += 1

    def decide(self, *, preset: int | None, level: Level | None) -> int:
        """Look at `level` if one is named, answer by the preset or one by one, and go on; how many keys that took."""
        bench, driver = self.window.bench, self.window.driver
        self.pressed = 0
        entry = bench.flow.entry
        if level is not None:
            self.press(_LEVELS[level])
            driver.wait_until(lambda: bench.viewer.current_level is level, "the level")
        if preset is not None:
            self.press(Qt.Key(Qt.Key.Key_1.value + preset), _ALT | _SHIFT)
        for question, key, held in _ANSWERS:
            if getattr(bench.decision.draft, question) is None:
                self.press(key, held)
        driver.wait_until(lambda: bench.decision.ready, "the decision to be complete")
        self.press(Qt.Key.Key_Return)
        driver.wait_until(
            lambda: bench.flow.state is DeskState.OPEN and bench.flow.entry is not entry, "the next item to open"
        )
        return self.pressed


def rows() -> list[Row]:
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    rng = np.random.default_rng(12)
    picture = jpeg_of(shapes(light(rng, 640, 480, 1), rng, 1))
    exhibits = Evidence(picture, b"", pictures=ITEMS, films=0)
    with tempfile.TemporaryDirectory() as folder:
        organisation = found_organisation(Path(folder) / "bench", say=lambda _: None, take_in=exhibits.take_in)
        try:
            window = ShiftWindow(organisation.workstation(REVIEWERS[0]))
            try:
                return _counted(window)
            finally:
                window.close()
        finally:
            organisation.close()


def _counted(window: ShiftWindow) -> list[Row]:
    window.unlock()
    window.queue_complete(ITEMS)
    counted = Counted(window)
    window.driver.key(Qt.Key.Key_Return)
    window.driver.wait_until(lambda: window.bench.flow.state is DeskState.OPEN, "the first item")
    made: list[Row] = []
    for at, words in enumerate(window.bench.decision.presets):
        made.append((f"{words.lower()}, as it opened", counted.decide(preset=at, level=None), AIM, None))
    looked = (("after a look at the drawing", Level.DRAWING), ("after a look at it clear", Level.CLEAR))
    if made:
        made += [(f"{made[0][0].split(',')[0]}, {words}", counted.decide(preset=0, level=level), AIM, None)
                 for words, level in looked]  # fmt: skip
    made.append(
        ("every question answered one by one, as it opened", counted.decide(preset=None, level=None), AIM, None)
    )
    return made
