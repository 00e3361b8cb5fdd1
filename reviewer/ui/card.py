"""A surface to put things on: a frame with one of the theme's grounds and a column layout."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from reviewer.ui import theme


class Surface(Enum):
    """CARD is filled, OUTLINE has a line around it, WASH is a quiet accent, AMBER an honest warning."""

    CARD = "card"
    OUTLINE = "outline"
    WASH = "wash"
    AMBER = "amber"


class Card(QFrame):
    """`column` takes the content; margins and gap are pixels at scale 1."""

    def __init__(
        self,
        surface: Surface = Surface.CARD,
        *,
        margins: tuple[int, int, int, int] = (12, 12, 12, 12),
        gap: int = 4,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", surface.value)
        self.column = QVBoxLayout(self)
        theme.space(self.column, margins, gap)

    def set_surface(self, surface: Surface) -> None:
        if self.property("surface") != surface.value:
            self.setProperty("surface", surface.value)
            self.style().unpolish(self)
            self.style().polish(self)
