"""The small parts that both pages of the case panel are made of."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLayout, QPushButton, QWidget

from reviewer.ui import theme
from reviewer.ui.wrapped_label import WrappedLabel

PANEL_WIDTH = 348
_LONG = re.compile(r"(\S{24})(?=\S)")
WORDS_WIDTH = PANEL_WIDTH - 2 * 14 - 16  # less the margins, and the room of a scroll bar


def wrapped(words: str, role: str, parent: QWidget, *, width: int = WORDS_WIDTH) -> WrappedLabel:
    """Plain words that wrap; a word that is longer than the line is broken rather than cut."""
    label = WrappedLabel(width, parent)
    label.setText(_LONG.sub("\\1\u200b", words))
    label.setAccessibleName(words)
    if role:
        theme.role(label, role)
    return label


def quiet_button(words: str, parent: QWidget) -> QPushButton:
    button = QPushButton(words, parent)
    theme.role(button, "quiet")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAccessibleName(words)
    return button


def emptied(layout: QLayout) -> None:
    """Take out all that is in it, and have it destroyed."""
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
