"""Whether somebody is in the middle of a sentence: a text field has the focus and was written in just now."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

# So long after the last key a sentence may still go on.
STILL_WRITING_S = 15.0
_WRITES = frozenset({QEvent.Type.KeyPress, QEvent.Type.InputMethod, QEvent.Type.Drop})


class MidSentence(QObject):
    """Looks at the one field that has the focus, and only at when it was written in, never at what."""

    def __init__(self, parent: QObject, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._field: QWidget | None = None
        self._written_at = float("-inf")
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._focus_changed)
            self._focus_changed(None, QApplication.focusWidget())

    @property
    def on(self) -> bool:
        return self._field is not None and self._monotonic() - self._written_at < STILL_WRITING_S

    def _focus_changed(self, _old: QWidget | None, new: QWidget | None) -> None:
        if self._field is not None:
            self._field.removeEventFilter(self)
            self._field.destroyed.disconnect(self._gone)
            self._field = None
        self._written_at = float("-inf")
        if isinstance(new, QLineEdit | QPlainTextEdit | QTextEdit) and not new.isReadOnly():
            self._field = new
            new.installEventFilter(self)
            new.destroyed.connect(self._gone)

    def _gone(self) -> None:
        self._field = None

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() in _WRITES:
            self._written_at = self._monotonic()
        return False
