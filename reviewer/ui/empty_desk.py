"""What stands in the picture's place while there is none."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from reviewer.ui.desk_flow import DeskState
from reviewer.ui.plain_page import PlainPage

PATIENCE_MS = 150  # an item that is here sooner needs no page that says it is coming


class EmptyDesk(PlainPage):
    """`due` when the page has something to say and should be seen."""

    due = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("emptyDesk", "", "", parent, width=320)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._state = DeskState.EMPTY
        self._some = self._reluctant = False
        self._between = QTimer(self)
        self._between.setSingleShot(True)
        self._between.timeout.connect(self._say_between)

    def follow(self, state: DeskState, *, some: bool, reluctant: bool = False) -> None:
        """`some` is whether anything waits in the queue; `reluctant` that it is only what they would rather not get."""
        self._state, self._some, self._reluctant = state, some, reluctant
        if state is DeskState.TAKING:
            self._between.start(PATIENCE_MS)
        elif state is DeskState.EMPTY:
            # A decision is followed by the next item at once: only a desk that stays empty says so.
            self._between.start(0)
        else:
            self._between.stop()

    def _say_between(self) -> None:
        if self._state is DeskState.TAKING:
            self.say(self.tr("Opening"), self.tr("In a sealed worker, veiled."))
        elif self._reluctant:
            words = self.tr(
                "What waits now is what you would rather not get. It can stay for colleagues, and nobody is told. "
                "Enter takes the first of it all the same: it begins with its facts, and P passes it on unseen."
            )
            self.say(self.tr("Nothing else is waiting"), words)
        elif self._some:
            words = self.tr("The most urgent item is at the top of the queue. Nothing opens by itself.")
            self.say(self.tr("Nothing is on the desk"), words)
        else:
            self.say(self.tr("Nothing is waiting"), self.tr("New referrals appear in the queue by themselves."))
        self.due.emit()
