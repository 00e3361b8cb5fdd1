"""What waits, by harm type, and the graphic viewing it may take: so that shifts can be planned. Nothing of a person."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.model.supervision import WaitingWork
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.item_words import hours_words
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.wording import tr

ROW, BAR, LEAST_BAR = 28, 14, 4
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


class WaitingBars(QWidget):
    """A bar for each harm type, as long as its forecast; without one it says so and the bar has no colour."""

    def __init__(self, harm_words: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._harm_words = harm_words
        self._work: tuple[WaitingWork, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_work(self, work: Sequence[WaitingWork]) -> None:
        self._work = tuple(work)
        self.setAccessibleName(self.text_alternative())
        self.updateGeometry()
        self.update()

    def text_alternative(self) -> str:
        return " ".join(f"{self._harm_words(work.harm_type)}: {self.words(work)}." for work in self._work)

    def words(self, work: WaitingWork) -> str:
        """5 h 10 · 71 items, 2 in danger"""
        cost = self.tr("no forecast") if work.quarter_hours is None else hours_words(work.quarter_hours)
        items = self.tr("1 item") if work.items == 1 else self.tr("{n} items").format(n=work.items)
        words = f"{cost} · {items}"
        return words + self.tr(", {n} in danger").format(n=work.in_danger) if work.in_danger else words

    def sizeHint(self) -> QSize:
        return QSize(theme.px(280), theme.px(ROW) * max(len(self._work), 1))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(200), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        metrics = QFontMetrics(theme.font("small"))
        names = [self._harm_words(work.harm_type) for work in self._work]
        name_room = min(max(map(metrics.horizontalAdvance, names), default=0) + theme.px(12), self.width() * 2 // 5)
        said = max((metrics.horizontalAdvance(self.words(work)) for work in self._work), default=0) + theme.px(10)
        bar_room = max(self.width() - name_room - said, theme.px(40))
        most = max((work.quarter_hours or 0 for work in self._work), default=0) or 1
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setFont(theme.font("small"))
            for at, (work, name) in enumerate(zip(self._work, names, strict=True)):
                top, height = at * theme.px(ROW), theme.px(ROW)
                painter.setPen(theme.colour("dim"))
                short = metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(name_room - theme.px(8)))
                painter.drawText(QRectF(0, top, name_room, height), _LEFT, short)
                length = max(bar_room * (work.quarter_hours or 0) / most, theme.px(LEAST_BAR))
                bar = QRectF(name_room, top + (height - theme.px(BAR)) / 2, length, theme.px(BAR))
                token = "line" if work.quarter_hours is None else "red" if work.in_danger else "blue"
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour(token))
                painter.drawRoundedRect(bar, theme.px(3), theme.px(3))
                painter.setPen(theme.colour("text"))
                words = QRectF(bar.right() + theme.px(8), top, self.width() - bar.right() - theme.px(8), height)
                painter.drawText(words, _LEFT, self.words(work))


class WaitingCard(Card):
    """`harm_words` gives the policy's words of a harm type's key."""

    def __init__(self, harm_words: Callable[[str], str], parent: QWidget | None = None) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        self.setObjectName("waiting")
        self.setAccessibleName(self.tr("What is waiting, and what it may cost"))
        head = PlainLabel(self.accessibleName(), self)
        theme.role(head, "strong")
        self.bars = WaitingBars(harm_words, self)
        self.forecast = plain_label("", "", self)
        how = self.tr("From what the team looked at in the last four weeks; an estimate.")
        self._how = plain_label(how, "small", self)
        for part in (head, self.bars, self.forecast, self._how):
            self.column.addWidget(part)
        self.say(self.tr("Asking the case system."))

    def show_work(self, work: Sequence[WaitingWork], limit: int) -> None:
        """`limit`: a day's, in quarter hours."""
        self.bars.show_work(sorted(work, key=lambda one: (-one.in_danger, -(one.quarter_hours or 0), one.harm_type)))
        self.bars.setVisible(bool(work))
        self._how.setVisible(any(one.quarter_hours is not None for one in work))
        self.forecast.setText(forecast_words(work, limit))

    def say(self, words: str) -> None:
        """Instead of figures."""
        self.bars.hide()
        self._how.hide()
        self.forecast.setText(words)


def forecast_words(work: Sequence[WaitingWork], limit: int) -> str:
    """About how long all of it takes to view, how many people's limit of a day that is, and what is not in it."""
    if not work:
        return tr("Nothing waits.")
    forecast = sum(one.quarter_hours or 0 for one in work)
    without = sum(one.items for one in work if one.quarter_hours is None)
    known = any(one.quarter_hours is not None for one in work)
    parts = []
    if known:
        people = math.ceil(forecast / limit) if limit else 0
        whose = tr("1 person's limit today") if people == 1 else tr("{n} people's limit today").format(n=people)
        about = (
            tr("About {hours} of viewing waits; that is {whose}.") if people else tr("About {hours} of viewing waits.")
        )
        parts.append(about.format(hours=hours_words(forecast), whose=whose))
    if without:
        items = tr("1 item") if without == 1 else tr("{n} items").format(n=without)
        parts.append(
            tr("No forecast for {items}: too little was decided lately, or by too few people.").format(items=items)
        )
    return " ".join(parts)
