"""A label of one line that gives up room first: it ends in an ellipsis then, and its tooltip says all."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent

from reviewer.ui.plain_label import PlainLabel, plain_tip


class ShrinkingLabel(PlainLabel):
    """Takes its looks from its role, as every label does; `ElidedLabel` is for the words of a heading."""

    def say(self, words: str, more: str = "") -> None:
        """`more` is said by the tooltip alone, after the words."""
        self.setText(words)
        self.setToolTip(plain_tip(f"{words}\n{more}" if more else words))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() >= self.sizeHint().width():
            super().paintEvent(event)
            return
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        with QPainter(self) as painter:
            painter.setPen(self.palette().windowText().color())
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
