"""How long a lock waits for what is on its way to the store, and for what is being built, sent or retracted.

Both are said apart: words that cannot be saved need another thing of the person than a report on its way back.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from reviewer.ui.notice import Notice
from reviewer.ui.wording import tr

ROUNDS = 12  # so often it waits for what is running: a retraction takes up to a minute


class LockPatience(QObject):
    """`over` when the lock is not to wait longer; that something is running and waited for is told by itself."""

    over = Signal()

    def __init__(self, round_ms: int, running: Callable[[], bool], notice: Notice, parent: QObject) -> None:
        super().__init__(parent)
        self._running, self._notice = running, notice
        self._rounds = 0
        self._timer = QTimer(self, singleShot=True, interval=round_ms)
        self._timer.timeout.connect(self._round_ended)

    @property
    def left(self) -> bool:
        return self._timer.isActive()

    def begin(self) -> None:
        self._rounds = 0
        self._timer.start()

    def end(self) -> None:
        self._timer.stop()

    def tell_held_up(self) -> None:
        """What the lock did not come about for."""
        if self._running():
            self._notice.tell(
                tr("What was being built or sent does not end."),
                tr("The session is still open, and everything is hidden."),
                tr("Lock again to leave all the same: how far it came is then not known here."),
            )
        else:
            self._notice.tell(
                tr("The last words of your draft could not be saved."),
                tr("They are still here, and everything is hidden."),
                tr("Free disk space and lock again, or lock again to leave without them."),
            )

    def _round_ended(self) -> None:
        if self._running() and self._rounds < ROUNDS:
            self._rounds += 1
            self._timer.start()
            if self._rounds == 1:
                self._notice.tell(
                    tr("What was being built or sent is being ended: a report that was begun is retracted first."),
                    tr("Nothing was lost, and everything is hidden."),
                    tr("Wait: it locks by itself when that is done, after at most two minutes."),
                )
        elif not self._running() and self._rounds:
            self._rounds = 0  # it ended meanwhile: what is saved after it has a time of its own
            self._timer.start()
        else:
            self.over.emit()
