"""One line of plain text that ends in an ellipsis where the room ends; the tooltip and screen readers get all."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import theme
from reviewer.ui.plain_label import plain_tip


class ElidedLabel(QWidget):
    def __init__(self, ink: str = "dim", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink = ink
        self._words = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)

    @property
    def words(self) -> str:
        return self._words

    def say(self, words: str, *, tip: bool = True) -> None:
        """Without `tip` for what must go at once: a tooltip that is up stays up."""
        self._words = words
        self.setAccessibleName(words)
        self.setToolTip(plain_tip(words) if tip else "")
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(theme.font())
        return QSize(metrics.horizontalAdvance(self._words) + 1, metrics.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(0, QFontMetrics(theme.font()).height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            font = theme.font()
            painter.setFont(font)
            painter.setPen(theme.colour(self._ink))
            words = QFontMetrics(font).elidedText(self._words, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(QRect(0, 0, self.width(), self.height()), Qt.AlignmentFlag.AlignVCenter, words)
