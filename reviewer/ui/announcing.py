"""What a person who does not see the window is told when it changes by itself or by a key: never what is in an item."""

from __future__ import annotations

from PySide6.QtCore import QObject

from reviewer.model.levels import Level
from reviewer.ui.announce import announce
from reviewer.ui.wording import level_words, tr
from reviewer.ui.workbench import Workbench


class Announcing(QObject):
    """Levels as they are painted, and what became of a decision. Notices announce themselves."""

    def __init__(self, desk: Workbench) -> None:
        super().__init__(desk)
        self._desk = desk
        desk.viewer.levelChanged.connect(self._level)
        desk.viewer.soundChanged.connect(self._sound)
        desk.flow.taken.connect(lambda item: self._say(tr("Case {number}").format(number=item.entry.case.number)))
        desk.flow.decided.connect(lambda _decision: self._say(tr("Decision recorded.")))
        desk.flow.passedOn.connect(lambda: self._say(tr("Passed on.")))
        desk.flow.heldAside.connect(lambda: self._say(tr("Set aside.")))
        desk.flow.given.connect(lambda: self._say(tr("Given to a colleague.")))

    def _level(self, level: Level) -> None:
        self._say(tr("{level} is shown.").format(level=level_words(level)))

    def _sound(self, audible: bool) -> None:
        self._say(tr("Sound can be heard.") if audible else tr("Sound is off."))

    def _say(self, words: str) -> None:
        announce(self._desk, words)
