"""My data: everything that is held about the one who works here, by this workstation and by the case system.

For nobody else. What a supervisor sees is drawn first and by the supervisor's own widget; the rest is only here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.ui import own_words, theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.case_ports import OutcomesView
from reviewer.ui.key_button import KeyButton
from reviewer.ui.notice import Notice
from reviewer.ui.own_as_seen import AsSeen, today_utc
from reviewer.ui.own_figures import OwnFigures
from reviewer.ui.own_file import OwnFile
from reviewer.ui.own_lists import ListCard
from reviewer.ui.own_ports import HeardOfMe, HeldHere
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.ports import Session
from reviewer.ui.scrolled import Scrolled
from reviewer.ui.wording import time_words

KEY = "F6"
NARROW = 1000  # below so many pixels at scale 1 there is one column


class OwnPage(QWidget):
    """Asked anew whenever it is shown. `backAsked` leads to the desk."""

    backAsked = Signal()

    def __init__(
        self, session: Session, jobs: Jobs, parent: QWidget | None = None, *, today: Callable[[], date] = today_utc
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._asking = False
        self._heard: HeardOfMe | None = None
        self.setObjectName("ownPage")
        self.setAccessibleName(self.tr("My data"))
        self.setProperty("surface", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.notice = Notice(self)
        self.as_of = plain_label("", "small", self)
        self.seen = AsSeen(self, today=today)
        self.figures = OwnFigures(self)
        self.elsewhere = plain_label("", "dim", self)
        none = self.tr("nothing")
        self.kept = ListCard(self.tr("Kept on this workstation"), self.tr("In its encrypted store; yours alone."), self)
        self.choices = ListCard(self.tr("Your choices"), self.tr("Kept here and sent nowhere."), self)
        looked = self.tr("Each look at your figures is recorded, and cannot be kept from you.")
        self.looks = ListCard(self.tr("Who looked at your figures"), looked, self)
        by_day = self.tr("By UTC day and workstation, without items and times of day. Supervisors get the row above.")
        self.days = ListCard(self.tr("At the case system, day by day"), by_day, self)
        self.counts = ListCard(self.tr("Also at the case system"), "", self)
        self.reliefs = ListCard(self.tr("What supervisors did for you"), "", self)
        refused = self.tr("What the case system refused you. Supervisors can read these.")
        self.refused = ListCard(self.tr("Refused"), refused, self)
        self.outcomes = ListCard(self.tr("What came of your reports"), "", self)
        self.file = OwnFile(self)
        self.file.asked.connect(self._write)
        self._lay_out()
        for part in (self.kept, self.choices, self.outcomes):
            part.show_lines((), none)
        self._show_heard(None)

    def _lay_out(self) -> None:
        back = KeyButton(self.tr("Back to the desk"), KEY, parent=self)
        back.setObjectName("ownBack")
        back.clicked.connect(self.backAsked)
        again = KeyButton(self.tr("Look again"), "F5", parent=self)
        again.setObjectName("ownAgain")
        again.clicked.connect(self.refresh)
        title = PlainLabel(self.tr("My data"), self)
        theme.role(title, "title")
        self.as_of.setWordWrap(False)
        head = QHBoxLayout()
        theme.space(head, gap=12)
        head.addWidget(back)
        head.addWidget(title)
        head.addStretch(1)
        head.addWidget(self.as_of)
        head.addWidget(again)
        here = Card(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=6, parent=self)
        heading = PlainLabel(self.tr("Your graphic viewing on this workstation"), here)
        theme.role(heading, "strong")
        here.column.addWidget(heading)
        words = self.tr("Finer than anything that leaves this machine. It measures workload, not health.")
        here.column.addWidget(plain_label(words, "small", here))
        here.column.addWidget(self.figures)
        here.column.addWidget(self.elsewhere)
        body = QWidget(self)
        column = QVBoxLayout(body)
        theme.space(column, (0, 0, 8, 0), 16)
        column.addWidget(self.seen)
        sides = (self.looks, self.reliefs, self.outcomes, self.days, self.counts, self.refused)
        column.addWidget(_Halves(_stacked(here, self.kept, self.choices), _stacked(*sides), body))
        column.addWidget(self.file)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        theme.space(outer, (24, 16, 24, 16), 12)
        outer.addLayout(head)
        outer.addWidget(self.notice)
        outer.addWidget(Scrolled(body, self, by_keys=self.tr("All that is held about you")), 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F5:
            self.refresh()
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        """What is here at once, what the case system holds when it answers; until then what it said last."""
        if self._asking:
            return
        self._asking = True
        session = self._session
        self._jobs.run(lambda: session.own.held_here(), then=self._show_here, failed=self._broke_here, owner=self)
        self._jobs.run(lambda: session.own.last_heard(), then=self._show_last, failed=self._broke_here, owner=self)
        self._jobs.run(lambda: session.around.outcomes(), then=self._show_outcomes, failed=self._broke_here, owner=self)
        self._jobs.run(lambda: session.own.ask(), then=self._arrived, failed=self._broke, owner=self)

    def write_file(self) -> None:
        if self.isVisible():
            self.file.ask()

    # what came

    def _show_here(self, here: HeldHere) -> None:
        self.figures.show_rows(own_words.figure_rows(here, self._session.policy))
        words = own_words.elsewhere_words(here)
        self.elsewhere.setText(words)
        self.elsewhere.setVisible(bool(words))
        self.kept.show_table(own_words.kept_here_lines(here), "")
        self.choices.show_table(own_words.preference_lines(here.preferences), "")

    def _show_last(self, heard: HeardOfMe | None) -> None:
        if self._asking:
            self._show_heard(heard)

    def _arrived(self, heard: HeardOfMe) -> None:
        self._asking = False
        self.notice.dismiss()
        self._show_heard(heard)
        session = self._session
        # It was reached just now; where this fails nevertheless, what is known of outcomes stays.
        self._jobs.run(
            lambda: session.around.refresh_outcomes(), then=self._show_outcomes, failed=lambda _error: None, owner=self
        )

    def _broke(self, error: ReviewerError) -> None:
        self._asking = False
        self.notice.tell(
            error.what_happened,
            self.tr("What it holds about you is shown as it was heard last.")
            if self._heard is not None
            else self.tr("What it holds about you was never heard here and is missing below."),
            self.tr("Look again later (F5)."),
            error.code,
        )
        self._show_heard(self._heard)

    def _broke_here(self, error: ReviewerError) -> None:
        self.notice.tell_error(error)

    def _show_outcomes(self, view: OutcomesView) -> None:
        lines = [own_words.outcome_line(outcome) for outcome in view.outcomes]
        self.outcomes.show_lines(lines, self.tr("Nothing was heard yet."))

    def _show_heard(self, heard: HeardOfMe | None) -> None:
        self._heard = heard
        now = datetime.now(UTC)
        if heard is None:
            words = self.tr("Asking the case system.") if self._asking else self.tr("Could not be heard.")
            self.as_of.setText("")
            self.seen.say_nothing(words)
            for part in (self.looks, self.days, self.counts, self.reliefs, self.refused):
                part.show_lines((), words)
            return
        when = time_words(heard.heard_at, now)
        self.as_of.setText(self.tr("The case system's part is as of {time}").format(time=when))
        data = heard.data
        self.seen.show_data(data)
        self.looks.show_lines([own_words.look_words(look, now) for look in heard.looks], self.tr("Nobody so far."))
        heads = (
            self.tr("Day"),
            self.tr("Workstation"),
            self.tr("Seen"),
            self.tr("Weighted"),
            self.tr("Violent"),
            "",
        )
        self.days.show_table(own_words.day_lines(heard.days), self.tr("Nothing was reported."), heads)
        counts = [
            (self.tr("Episodes (day, level, seconds, weight)"), f"{heard.line_count:,}"),
            (self.tr("Decisions, with their viewing records"), f"{data.decisions:,}"),
            (self.tr("Items you saw, whatever came of it; no times"), f"{data.seen:,}"),
            (self.tr("Messages to colleagues"), f"{data.messages:,}"),
            (self.tr("How long"), self.tr("this version deletes none of it by itself")),
        ]
        self.counts.show_table(counts, "")
        reliefs = [own_words.relief_words(relief, now) for relief in data.reliefs]
        self.reliefs.show_lines(reliefs, self.tr("Nothing so far."))
        refused = [own_words.refused_words(attempt, now) for attempt in data.refused]
        self.refused.show_lines(refused, self.tr("Nothing so far."))

    def _write(self, path: str) -> None:
        session = self._session
        self._jobs.run(
            lambda: session.own.write_file(path),
            then=lambda _nothing: self.file.written(),
            failed=self.file.broke,
            owner=self,
        )


class _Halves(QWidget):
    """Two columns side by side, or one under the other where each would be narrow."""

    def __init__(self, left: QVBoxLayout, right: QVBoxLayout, parent: QWidget) -> None:
        super().__init__(parent)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        theme.space(self._box, gap=16)
        self._box.addLayout(left, 1)
        self._box.addLayout(right, 1)
        self._parts = (left, right)

    def minimumSizeHint(self) -> QSize:
        """As one column: that is what they become."""
        return QSize(max(part.minimumSize().width() for part in self._parts), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._box.setDirection(down if self.width() < theme.px(NARROW) else across)


def _stacked(*cards: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    theme.space(column, gap=16)
    for card in cards:
        column.addWidget(card)
    column.addStretch(1)
    return column
