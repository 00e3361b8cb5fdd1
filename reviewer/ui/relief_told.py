"""What a supervisor did for this person, said once, as a quiet line on the desk, at a good moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QObject, QTimer

from reviewer.model.errors import ReviewerError
from reviewer.model.supervision import Relief, ReliefKind
from reviewer.ui.break_words import PAUSE_SHOWN
from reviewer.ui.bridge import Jobs
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.good_moment import GoodMoment
from reviewer.ui.pause_ports import AroundPauses
from reviewer.ui.wording import tr
from reviewer.ui.workbench import Workbench

HEAR_MS = 60_000
# Older ones are not said any more; they are with the rest of what is held about somebody.
SAID_FOR = timedelta(hours=24)


def relief_words(relief: Relief) -> tuple[str, str]:
    """(what happened, what that means)."""
    who = relief.by
    if relief.kind is ReliefKind.HAND_OVER:
        what = tr("{who} gave what waited for you by name to whoever is next.").format(who=who)
        return what, tr("What is on your desk stays with you; passing it on needs no reason.")
    if relief.kind is ReliefKind.OFFER:
        what = tr("{who} offers you a pause.").format(who=who)
        return what, tr("{key} is the pause, whenever it suits you.").format(key=PAUSE_SHOWN)
    if relief.kind is ReliefKind.THANKS:
        return tr("{who} says thank you.").format(who=who), tr("There is nothing to do.")
    return tr("{who} will call you.").format(who=who), tr("It can wait until you are free.")


class ReliefTold(QObject):
    """Asks the case system once a minute. That nothing answers is in the status bar already."""

    def __init__(self, around: AroundPauses, jobs: Jobs, workbench: Workbench, moment: GoodMoment) -> None:
        super().__init__(workbench)
        self._around = around
        self._jobs = jobs
        self._workbench = workbench
        self._moment = moment
        self._untold: list[Relief] = []
        self._said: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(HEAR_MS)
        self._timer.timeout.connect(self.hear)
        workbench.beat.connect(self.say)

    def start(self) -> None:
        self.hear()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._untold = []

    def hear(self) -> None:
        self._jobs.run(self._around.reliefs, then=self._heard, failed=lambda _error: None, owner=self)

    def say(self) -> None:
        """One of them, if the desk is in view, nothing else is being said, and the person is not busy."""
        bench = self._workbench
        if bench.flow.state not in (DeskState.EMPTY, DeskState.OPEN):
            return  # the next item takes the notice away
        if not self._untold or not bench.isVisible() or bench.notice.isVisible() or self._moment.in_danger_or_busy:
            return
        relief = self._untold.pop(0)
        self._said.add(relief.id)
        bench.notice.tell(*relief_words(relief), "", calm=True)
        around = self._around
        self._jobs.run(lambda: around.relief_seen(relief.id), failed=self._not_kept, owner=self)

    def _heard(self, reliefs: Sequence[Relief]) -> None:
        oldest = datetime.now(UTC) - SAID_FOR
        self._untold = [one for one in reliefs if one.at >= oldest and one.id not in self._said]

    def _not_kept(self, error: ReviewerError) -> None:
        """It was said, and is said again another day: no harm in that, but a store that fails is told of."""
        self._workbench.tell_error(error)
