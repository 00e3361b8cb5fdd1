"""Keys that a widget with the focus keeps for itself, though they mean something elsewhere in the window."""

from __future__ import annotations

from collections.abc import Container

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)


def is_offered(event: QEvent, keys: Container[int]) -> bool:
    """Qt asks whether one of `keys`, unmodified, is wanted here: accept the event, or a shortcut gets the key."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return event.key() in keys and event.modifiers() in _PLAIN
