"""The marked segments of an item, one under the other, with the field for the note of the one that is chosen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from reviewer.model.segments import MAX_NOTE, Segment
from reviewer.ui import theme
from reviewer.ui.item_words import segment_words

ROW = 22
SHOWN = 3
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NoteField(QLineEdit):
    """Enter ends the note, and decides nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setMaxLength(MAX_NOTE)
        self.setPlaceholderText(self.tr("Note on this segment"))
        self.setAccessibleName(self.tr("Note on this segment"))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            event.accept()
            return True
        return super().event(event)


class MarkList(QWidget):
    """Three rows at a time, scrolled to the chosen one. It only asks: `chosen`, `entered`, `removed` (index)."""

    chosen = Signal(int)
    entered = Signal(int)
    removed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._segments: tuple[Segment, ...] = ()
        self._index: int | None = None
        self._open: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Relevant segments"))

    @property
    def words(self) -> list[str]:
        """As listed."""
        return [segment_words(segment) for segment in self._segments]

    def show_segments(self, segments: tuple[Segment, ...], index: int | None, open_index: int | None) -> None:
        """`index` is the chosen one, `open_index` the one whose end is still to come."""
        grown = len(segments) != len(self._segments)
        self._segments, self._index, self._open = segments, index, open_index
        words = self.words
        at = "" if index is None else self.tr("{index} of {count}: {words}")
        self.setAccessibleDescription(
            at.format(index=(index or 0) + 1, count=len(words), words=words[index or 0]) if at else ""
        )
        if grown:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(theme.px(240), theme.px(ROW) * max(1, min(SHOWN, len(self._segments))))

    def minimumSizeHint(self) -> QSize:
        return QSize(theme.px(80), self.sizeHint().height())

    def _first(self) -> int:
        most = max(len(self._segments) - SHOWN, 0)
        return min(max((self._index or 0) - SHOWN // 2, 0), most)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._first() + int(event.position().y()) // theme.px(ROW)
        if 0 <= index < len(self._segments):
            self.entered.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, index = Qt.Key(event.key()), self._index
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(key)
        if step is not None and self._segments:
            self.chosen.emit(min(max((0 if index is None else index + step), 0), len(self._segments) - 1))
        elif key in _ENTER and index is not None:
            self.entered.emit(index)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and index is not None:
            self.removed.emit(index)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _ENTER:
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            first, row = self._first(), theme.px(ROW)
            for at, segment in enumerate(self._segments[first : first + SHOWN]):
                self._paint_row(painter, first + at, segment, QRectF(0, at * row, self.width(), row))

    def _paint_row(self, painter: QPainter, index: int, segment: Segment, box: QRectF) -> None:
        chosen = index == self._index
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("accent_ground" if self.hasFocus() else "card"))
            painter.drawRoundedRect(box.adjusted(0, 1, 0, -1), theme.px(4), theme.px(4))
        painter.fillRect(
            QRectF(theme.px(6), box.top() + theme.px(5), theme.px(2), box.height() - theme.px(10)),
            theme.colour("amber"),
        )
        words = segment_words(segment)
        if index == self._open:
            words = self.tr("{words} · the end is still open").format(words=words)
        font = theme.font("base", QFont.Weight.DemiBold if chosen else QFont.Weight.Normal)
        room = box.adjusted(theme.px(16), 0, -theme.px(8), 0)
        painter.setFont(font)
        painter.setPen(theme.colour("text" if chosen else "dim"))
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
