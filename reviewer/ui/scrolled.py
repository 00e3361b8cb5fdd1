"""A part of a page that may need more height than there is: it scrolls, its ground is that of the page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class Scrolled(QScrollArea):
    """Only down: it is never less wide than what is inside. Tab goes through that, and shows what has the focus."""

    def __init__(self, inside: QWidget, parent: QWidget, *, by_keys: str = "") -> None:
        """`by_keys` names a part in which nothing takes the focus: Tab then goes to it, and the arrows scroll it."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if by_keys else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(by_keys)
        self.setProperty("byKeys", bool(by_keys))
        self.setWidget(inside)
        self.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)

    def minimumSizeHint(self) -> QSize:
        inside = self.widget()
        needed = inside.minimumSizeHint().width() if inside is not None else 0
        return QSize(needed + self.verticalScrollBar().sizeHint().width(), 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self.widget():
            self.updateGeometry()  # what came later may need more width
        return super().eventFilter(watched, event)
