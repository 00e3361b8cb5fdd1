"""Two groups of controls in one row, or one under the other where the room is too narrow for both."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QWidget

from reviewer.ui import theme

GAP = 8


class WrapRow(QWidget):
    """`fills` lets the groups share the whole width; otherwise the first stays left and the second right."""

    def __init__(self, first: QWidget, second: QWidget, *, fills: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first, self._second, self._fills = first, second, fills
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        theme.space(self._box, gap=GAP)
        self._box.addWidget(first, 1 if fills else 0)
        self._box.addWidget(second)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._lay()

    @property
    def wrapped(self) -> bool:
        return self._box.direction() is QBoxLayout.Direction.TopToBottom

    def _widths(self) -> tuple[int, int]:
        return self._first.minimumSizeHint().width(), self._second.minimumSizeHint().width()

    def minimumSizeHint(self) -> QSize:
        """Narrower than both side by side: then they wrap."""
        return QSize(max(self._widths()), super().minimumSizeHint().height())

    def _lay(self) -> None:
        wraps = 0 < self.width() < sum(self._widths()) + theme.px(GAP)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        if not self._fills:
            self._align(1, Qt.AlignmentFlag.AlignLeft if wraps else Qt.AlignmentFlag.AlignRight)
            self._align(0, Qt.AlignmentFlag.AlignLeft)
        if wraps is not self.wrapped:
            self._box.setDirection(down if wraps else across)
            self.updateGeometry()

    def _align(self, index: int, side: Qt.AlignmentFlag) -> None:
        # Setting it, even to what it is, asks for another layout, and that comes back here without end.
        item = self._box.itemAt(index)
        if item is not None and item.alignment() != side:
            item.setAlignment(side)
            self._box.invalidate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._lay()  # what is in it changed its width
        return super().event(event)
