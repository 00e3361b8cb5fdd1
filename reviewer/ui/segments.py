"""A row of choices joined into one control, one of them chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import theme
from reviewer.ui.key_cap import key_cap_width, paint_key_cap


class Segments(QWidget):
    """`chosen(index)` is emitted for a choice of the person's, not for `choose`. Left and Right move when focused."""

    chosen = Signal(int)

    def __init__(
        self, segments: Sequence[tuple[str, str]], *, stretch: bool = False, parent: QWidget | None = None
    ) -> None:
        """`segments` are (words, key); `stretch` makes them equally wide over the whole width."""
        super().__init__(parent)
        self._segments = tuple(segments)
        self._stretch = stretch
        self._index: int | None = None
        self._enabled = [True] * len(self._segments)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding if stretch else QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed
        )

    @property
    def index(self) -> int | None:
        return self._index

    def choose(self, index: int | None) -> None:
        self._index = index
        words = "" if index is None else self._segments[index][0]
        self.setAccessibleDescription(words)
        self.update()

    def allow(self, index: int, allowed: bool) -> None:
        """A segment that is not allowed is shown faint and cannot be chosen."""
        self._enabled[index] = allowed
        self.update()

    def _font(self, strong: bool) -> QFont:
        return theme.font("base", QFont.Weight.DemiBold if strong else QFont.Weight.Normal)

    def _natural(self, index: int) -> int:
        words, key = self._segments[index]
        width = QFontMetrics(self._font(True)).horizontalAdvance(words) + theme.px(24)
        return width + (key_cap_width(key) + theme.px(8) if key else 0)

    def sizeHint(self) -> QSize:
        widths = [self._natural(index) for index in range(len(self._segments))]
        return QSize(max(widths) * len(widths) if self._stretch else sum(widths), theme.px(32))

    def minimumSizeHint(self) -> QSize:
        return QSize(sum(self._natural(index) for index in range(len(self._segments))), theme.px(32))

    def _edges(self) -> list[float]:
        edges = [0.0]
        for index in range(len(self._segments)):
            width = self.width() / len(self._segments) if self._stretch else self._natural(index)
            edges.append(edges[-1] + width)
        edges[-1] = self.width()
        return edges

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        edges = self._edges()
        for index in range(len(self._segments)):
            place = event.position()
            if edges[index] <= place.x() < edges[index + 1] and QRectF(self.rect()).contains(place):
                self._pick(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._pick(max(0, min(len(self._segments) - 1, (-1 if self._index is None else self._index) + step)))

    def _pick(self, index: int) -> None:
        if self._enabled[index] and self.isEnabled():
            self.choose(index)
            self.chosen.emit(index)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            line = theme.px(2) if self.hasFocus() else theme.px(1)
            box = QRectF(self.rect()).adjusted(line / 2, line / 2, -line / 2, -line / 2)
            outline = QPainterPath()
            outline.addRoundedRect(box, theme.radius(), theme.radius())
            painter.fillPath(outline, theme.colour("panel"))
            edges = self._edges()
            painter.save()
            painter.setClipPath(outline)
            for index in range(len(self._segments)):
                self._paint_segment(painter, index, edges[index], edges[index + 1])
            painter.restore()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent" if self.hasFocus() else "line"), line))
            painter.drawPath(outline)

    def _paint_segment(self, painter: QPainter, index: int, left: float, right: float) -> None:
        words, key = self._segments[index]
        picked = index == self._index
        if picked:
            painter.fillRect(QRectF(left, 0, right - left, self.height()), theme.colour("accent_ground"))
        if index:
            painter.fillRect(QRectF(round(left), 0, theme.px(1), self.height()), theme.colour("line"))
        font = self._font(picked)
        font.setStrikeOut(not self._enabled[index])
        cap = key_cap_width(key) + theme.px(8) if key else 0
        width = QFontMetrics(font).horizontalAdvance(words)
        start = left + (right - left - width - cap) / 2
        painter.setFont(font)
        painter.setPen(theme.colour("text" if picked else "dim"))
        painter.drawText(
            QRectF(start, 0, width + 2, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            words,
        )
        if key:
            ground, ink = theme.colour("raised"), theme.colour("dim")
            paint_key_cap(painter, start + width + cap, self.height() / 2, key, ground=ground, ink=ink)
