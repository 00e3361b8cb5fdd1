"""One question of the decision: its caption, its key, its answers; and a frame while it is pointed at."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLayout, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.key_cap import KeyCap
from reviewer.ui.plain_label import PlainLabel

CAPTION = 18


class Question(QWidget):
    """`point` gives the question itself the focus, not one of its answers: Enter then answers nothing by accident."""

    def __init__(self, caption: str, content: QLayout | QWidget, *, key: str = "", parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(caption)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._target: QWidget | None = None
        label = PlainLabel(caption, self)
        theme.role(label, "caption")
        theme.size(label, min_height=CAPTION)  # the same with a key cap beside it and without
        head = QHBoxLayout()
        theme.space(head, gap=8)
        head.addWidget(label, 1)
        if key:
            head.addWidget(KeyCap(key, self))
        self.column = QVBoxLayout(self)
        theme.space(self.column, (6, 4, 6, 4), 5)
        self.column.addLayout(head)
        if isinstance(content, QWidget):
            self.column.addWidget(content, 1)
            label.setBuddy(content)
        else:
            self.column.addLayout(content)

    def lead_to(self, target: QWidget) -> None:
        """Point at this widget instead: a list to open, words to write."""
        self._target = target

    @property
    def pointed_at(self) -> bool:
        return self.hasFocus() or (self._target is not None and self._target.hasFocus())

    def point(self) -> None:
        (self._target or self).setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus():
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = theme.px(2)
            painter.setPen(QPen(theme.colour("accent"), line))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            box = QRectF(self.rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2)
            painter.drawRoundedRect(box, theme.radius(), theme.radius())
