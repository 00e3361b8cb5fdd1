"""The little cap that shows which key does the same."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import theme


def key_cap_width(key: str) -> int:
    """Pixels a cap for `key` takes; 0 for no key."""
    if not key:
        return 0
    width = theme.measured.get(key)
    if width is None:
        words = QFontMetrics(theme.font("small")).horizontalAdvance(key)
        width = theme.measured[key] = max(words + theme.px(10), theme.px(20))
    return width


def key_cap_height() -> int:
    return theme.px(18)


def paint_key_cap(painter: QPainter, right: float, middle: float, key: str, *, ground: QColor, ink: QColor) -> None:
    """Paint a cap that ends at `right` and is centred on `middle`."""
    width, height = key_cap_width(key), key_cap_height()
    box = QRectF(right - width, middle - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, theme.px(4), theme.px(4))
    painter.setFont(theme.font("small"))
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)


class KeyCap(QWidget):
    """A cap on its own, beside a label."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setObjectName("keyCap")
        self.setAccessibleName(self.tr("Key {key}").format(key=key))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(key_cap_width(self._key), key_cap_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_key_cap(
                painter,
                self.width(),
                self.height() / 2,
                self._key,
                ground=theme.colour("raised"),
                ink=theme.colour("dim"),
            )
