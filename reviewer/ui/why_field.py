"""Where the person writes why: plain words, which cannot be dragged out of the window."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QPlainTextEdit


class WhyField(QPlainTextEdit):
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Qt begins a drag where a press meets the selection, and has no switch for it: there is none to meet."""
        extends = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.button() == Qt.MouseButton.LeftButton and not extends:
            cursor = self.textCursor()
            cursor.clearSelection()
            self.setTextCursor(cursor)
        super().mousePressEvent(event)
