"""A label of one line that gives up room first: it ends in an ellipsis then, and its tooltip says all."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from reviewer.ui.plain_label import PlainLabel, plain_tip


class ShrinkingLabel(PlainLabel):
    """Takes its looks from its role, as every label does; `ElidedLabel` is for the words of a heading."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._kept = ""

    def say(self, words: str, more: str = "", kept: str = "") -> None:
        """`more` is said by the tooltip alone, after the words. `kept` is how they begin, and never given up."""
        self._kept = kept
        self.setText(words)
        self.setToolTip(plain_tip(f"{words}\n{more}" if more else words))

    def minimumSizeHint(self) -> QSize:
        whole = super().minimumSizeHint()
        begin = self.fontMetrics().horizontalAdvance(f"{self._kept} …") + 2 if self._kept else 0
        return QSize(min(begin, whole.width()), whole.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() >= self.sizeHint().width():
            super().paintEvent(event)
            return
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        with QPainter(self) as painter:
            painter.setPen(self.palette().windowText().color())
            painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), words)
