"""A wrapping label that shows words from outside as plain text, never as markup."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from reviewer.ui import theme


def plain_label(words: str, role: str = "", parent: QWidget | None = None) -> QLabel:
    """`role` is one of reviewer.qss's label roles."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setText(words)
    if role:
        theme.role(label, role)
    return label
