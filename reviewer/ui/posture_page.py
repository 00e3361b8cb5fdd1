"""The posture page: each protection, whether it is in force here, and how that was found out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.key_button import KeyButton
from reviewer.ui.notice import Notice
from reviewer.ui.pill import Pill, Tone
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.ports import PostureLine, Session


class ForceMark(QWidget):
    """A filled circle with a tick: in force. An open one with a bar: missing. The words stand beside it."""

    def __init__(self, in_force: bool, required: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._in_force = in_force
        self._ink = "accent" if in_force else "amber" if required else "dim"
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(18), theme.px(18))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            side, ink = self.width(), theme.colour(self._ink)
            circle = QRectF(self.rect()).adjusted(2, 2, -2, -2)
            painter.setPen(QPen(ink, theme.px(1.5)))
            painter.setBrush(ink if self._in_force else Qt.BrushStyle.NoBrush)
            painter.drawEllipse(circle)
            pen = QPen(theme.colour("on_accent") if self._in_force else ink, theme.px(2))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            points = ((0.30, 0.52), (0.44, 0.66), (0.70, 0.36)) if self._in_force else ((0.34, 0.5), (0.66, 0.5))
            for (x1, y1), (x2, y2) in pairwise(points):
                painter.drawLine(round(x1 * side), round(y1 * side), round(x2 * side), round(y2 * side))


class PosturePage(QWidget):
    """Asks when shown, so that it is never about yesterday."""

    def __init__(self, session: Session, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._asking = False
        self._lines: tuple[PostureLine, ...] = ()
        self.setObjectName("posturePage")
        self.setAccessibleName(self.tr("What protects this machine"))
        self.setProperty("surface", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.notice = Notice(self)
        self._sum = plain_label("", "dim", self)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QFrame.Shape.NoFrame)
        self._scroll.setAccessibleName(self.tr("Protections, one a line"))
        again = KeyButton(self.tr("Check again"), "F5", parent=self)
        again.clicked.connect(self.refresh)
        title = PlainLabel(self.tr("What protects this machine"), self)
        theme.role(title, "head")
        words = QVBoxLayout()
        theme.space(words, gap=4)
        words.addWidget(title)
        words.addWidget(self._sum)
        head = QHBoxLayout()
        theme.space(head, gap=12)
        head.addLayout(words, 1)
        head.addWidget(again)
        column = QVBoxLayout(self)
        theme.space(column, (24, 20, 24, 16), 12)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addWidget(self._scroll, 1)

    @property
    def lines(self) -> tuple[PostureLine, ...]:
        return self._lines

    @property
    def summary(self) -> str:
        return self._sum.text()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F5:
            self.refresh()
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        if not self._asking:
            self._asking = True
            self._sum.setText(self.tr("Checking."))
            self._jobs.run(lambda: tuple(self._session.posture()), then=self._arrived, failed=self._broke, owner=self)

    def _arrived(self, lines: Sequence[PostureLine]) -> None:
        self._asking = False
        self.notice.dismiss()
        # What is missing and required first: that is what somebody comes here for.
        self._lines = tuple(sorted(lines, key=lambda line: (line.in_force, not line.required)))
        self._sum.setText(self._sum_words())
        self._scroll.setWidget(self._table())

    def _broke(self, error: ReviewerError) -> None:
        self._asking = False
        self._sum.setText(self.tr("The protections could not be checked."))
        self.notice.tell_error(error)

    def _sum_words(self) -> str:
        there = sum(line.in_force for line in self._lines)
        lacking = sum(line.required and not line.in_force for line in self._lines)
        words = self.tr("{there} of {all} are in force.").format(there=there, all=len(self._lines))
        if lacking:
            more = self.tr("Required by your organisation and missing: {lacking}. Tell your administrator.")
            return f"{words} {more.format(lacking=lacking)}"
        return f"{words} {self.tr('Nothing that your organisation requires is missing.')}"

    def _table(self) -> QWidget:
        page = QWidget(self)
        outer = QVBoxLayout(page)
        theme.space(outer)
        card = Card(Surface.OUTLINE, margins=(20, 16, 20, 16), gap=0, parent=page)
        grid = QGridLayout()
        theme.space(grid, gap=10)
        grid.setHorizontalSpacing(theme.px(16))
        grid.setColumnStretch(1, 2)
        grid.setColumnStretch(3, 3)
        for at, words in enumerate((self.tr("Protection"), self.tr("Here"), self.tr("How it was checked"))):
            label = PlainLabel(words, card)
            theme.role(label, "caption")
            grid.addWidget(label, 0, at + 1)
        for row, line in enumerate(self._lines, start=1):
            self._add_line(grid, row, line, card)
        card.column.addLayout(grid)
        outer.addWidget(card)
        outer.addStretch(1)
        return page

    def _add_line(self, grid: QGridLayout, row: int, line: PostureLine, parent: QWidget) -> None:
        top = Qt.AlignmentFlag.AlignTop
        state, tone = self.state_words(line), Tone.ACCENT if line.in_force else Tone.NEUTRAL
        if line.required and not line.in_force:
            tone = Tone.AMBER
        name = plain_label(line.words, "", parent)
        name.setAccessibleName(f"{line.words}: {state}. {line.how}")
        grid.addWidget(ForceMark(line.in_force, line.required, parent), row, 0, top)
        grid.addWidget(name, row, 1, top)
        grid.addWidget(Pill(state, tone, parent), row, 2, top | Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(plain_label(line.how, "dim", parent), row, 3, top)

    def state_words(self, line: PostureLine) -> str:
        if line.in_force:
            return self.tr("in force")
        return self.tr("missing, required") if line.required else self.tr("missing")
