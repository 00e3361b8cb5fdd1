"""Words from outside are shown as they are, never as markup: labels, and tooltips."""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from reviewer.ui import theme


class PlainLabel(QLabel):
    """Every label of ours: Qt would guess from the words whether they are markup."""

    def __init__(self, words: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(words)


def plain_label(words: str, role: str = "", parent: QWidget | None = None) -> PlainLabel:
    """One that wraps. `role` is one of reviewer.qss's label roles."""
    label = PlainLabel(words, parent)
    label.setWordWrap(True)
    if role:
        theme.role(label, role)
    return label


def plain_tip(words: str) -> str:
    """A tooltip that says `words` and nothing else. Qt has no plain tooltips: it guesses, so they are escaped."""
    return f"<p style='white-space: pre-wrap'>{html.escape(words)}</p>" if words else ""
