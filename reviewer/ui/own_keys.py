"""Keys that a widget with the focus keeps for itself, though they mean something elsewhere in the window."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

_WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def is_offered(event: QEvent, keys: Container[int]) -> bool:
    """Qt asks whether one of `keys`, unmodified, is wanted here: accept the event, or a shortcut gets the key."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.key() in keys and event.modifiers() in _PLAIN


def claimed(event: QEvent) -> bool:
    """For a list that is answered by plain keys: every one of them is accepted here. Esc stays the window's."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    if event.key() == Qt.Key.Key_Escape or event.modifiers() & _WITH:
        return False
    event.accept()
    return True
