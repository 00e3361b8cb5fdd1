"""The grid of cells: only what is in view is ever painted or asked for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from reviewer.ui import theme
from reviewer.ui.gallery_card import CELL_HEIGHT, CELL_WIDTH, GAP
from reviewer.ui.gallery_model import GalleryModel

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_STEPS = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
}
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class GalleryGrid(QListView):
    """Arrows move, Shift extends, Space selects, Enter opens. `moved` when other cells are in view."""

    opened = Signal(int)
    moved = Signal()

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = model
        self._anchor = 0
        self.setObjectName("galleryGrid")
        self.setAccessibleName(self.tr("Items of the gallery"))
        self.setModel(model)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.moved.emit())
        model.modelReset.connect(self._reset)
        self.fit()

    def fit(self) -> None:
        """After a change of size or scale: the columns share the width."""
        wanted = QSize(self.viewport().width() // self.columns, theme.px(CELL_HEIGHT + GAP))
        if wanted != self.gridSize():
            self.setGridSize(wanted)
        self.verticalScrollBar().setSingleStep(theme.px(CELL_HEIGHT + GAP) // 3)

    @property
    def columns(self) -> int:
        return max(1, self.viewport().width() // theme.px(CELL_WIDTH + GAP))

    def in_view(self, *, ahead: int = 0) -> tuple[int, int]:
        """First and last row of the model of which anything is in view, or within `ahead` screens below."""
        height, top = max(1, self.gridSize().height()), self.verticalScrollBar().value()
        first = top // height * self.columns
        bottom = top + self.viewport().height() * (1 + ahead) - 1
        last = (bottom // height + 1) * self.columns - 1
        return first, min(last, self._cells.rowCount() - 1)

    def keyboardSearch(self, _search: str) -> None:
        return

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._ours(event):
            event.accept()
            return True
        return super().event(event)

    def _ours(self, event: QKeyEvent) -> bool:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in _STEPS:
            return held in (Qt.KeyboardModifier.NoModifier, _SHIFT)
        if event.key() in (Qt.Key.Key_Space, *_ENTER):
            return held == Qt.KeyboardModifier.NoModifier
        return event.key() == Qt.Key.Key_A and held == _CTRL

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if not self._ours(event):
            event.ignore()
        elif event.key() == Qt.Key.Key_Space:
            self._anchor = max(row, 0)
            self._cells.toggle(row)
        elif event.key() in _ENTER:
            if row >= 0:
                self.opened.emit(row)
        elif event.key() == Qt.Key.Key_A:
            self._cells.select_all()
        else:
            self._step(event, row)

    def _step(self, event: QKeyEvent, row: int) -> None:
        extends = bool(event.modifiers() & _SHIFT)
        if not extends:
            self._anchor = -1
        elif self._anchor < 0:
            self._anchor = max(row, 0)
        last = self._cells.rowCount() - 1
        screen = max(1, self.viewport().height() // self.gridSize().height()) * self.columns
        by = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -self.columns,
            Qt.Key.Key_Down: self.columns,
            Qt.Key.Key_PageUp: -screen,
            Qt.Key.Key_PageDown: screen,
            Qt.Key.Key_Home: -last,
            Qt.Key.Key_End: last,
        }
        to = max(0, min(last, row + by[Qt.Key(event.key())]))
        if last < 0:
            return
        self.setCurrentIndex(self._cells.index(to))
        if extends:
            self._cells.select_between(self._anchor, to)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if event.button() != Qt.MouseButton.LeftButton or not index.isValid():
            return
        if event.modifiers() & _SHIFT:
            self._cells.select_between(max(self._anchor, 0), index.row())
        else:
            self._anchor = index.row()
            self._cells.toggle(index.row())
        self.setCurrentIndex(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # Two clicks are two clicks: an item is opened by Enter, never by being too quick.
        self.mousePressEvent(event)

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:
        return

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()
        self.moved.emit()

    def _reset(self) -> None:
        self._anchor = -1
        if self._cells.rowCount() and not self.currentIndex().isValid():
            self.setCurrentIndex(self._cells.index(0))

    def go_to(self, row: int) -> None:
        index: QModelIndex = self._cells.index(row)
        self.setCurrentIndex(index)
        self.scrollTo(index)
