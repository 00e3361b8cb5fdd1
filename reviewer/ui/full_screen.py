"""The viewer over the whole screen: what is around it steps aside, and no more of the item is shown than before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget


class FullScreen(QObject):
    """`changed(bool)` when it begins and ends. Widgets `aside` are hidden meanwhile."""

    changed = Signal(bool)

    def __init__(self, inside: QWidget, aside: Sequence[QWidget]) -> None:
        super().__init__(inside)
        self._inside = inside
        self._aside = tuple(aside)
        self._was_maximized = False
        self.on = False

    def toggle(self) -> None:
        if self.on:
            self.leave()
        else:
            self._enter()

    def _enter(self) -> None:
        window = self._inside.window()
        self._was_maximized = window.isMaximized()
        self.on = True
        for widget in self._aside:
            widget.hide()
        self.changed.emit(True)
        window.showFullScreen()

    def leave(self) -> None:
        """Back to the window as it was. Nothing happens when it is not on."""
        if not self.on:
            return
        self.on = False
        window = self._inside.window()
        if self._was_maximized:
            window.showMaximized()
        else:
            window.showNormal()
        for widget in self._aside:
            widget.show()
        self.changed.emit(False)
