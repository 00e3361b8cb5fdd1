"""A label that wraps at a width of its own, and so knows its height without asking the layout."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from reviewer.ui import theme


class WrappedLabel(QLabel):
    """`width` in pixels at scale 1. Height-for-width is off: it makes layouts around it guess, and clip."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        width = theme.px(self._width)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()
