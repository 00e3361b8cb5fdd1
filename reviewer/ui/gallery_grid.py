"""The grid of cells under their headings: only what is in view is ever painted or asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QStyle, QStyleOptionViewItem, QWidget

from reviewer.ui import theme
from reviewer.ui.gallery_bands import GalleryBands
from reviewer.ui.gallery_card import CELL_HEIGHT, CELL_WIDTH, GAP
from reviewer.ui.gallery_heading import HEAD_HEIGHT, paint_heading
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
_Index = QModelIndex | QPersistentModelIndex
_SHIFT, _CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


class GalleryGrid(QListView):
    """Arrows move, Shift extends, Space selects, Enter opens. `moved` when other cells are in view.

    The places of the cells are its own (`GalleryBands`): a list of Qt's knows no headings and lays out every row.
    """

    opened = Signal(int)
    moved = Signal()

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = model
        self._anchor = 0
        self._current = ("", 0)  # its item and row: the place is kept when the rows are read anew
        self._bands = GalleryBands((), 1, line=1, head=0)
        self._kept = (0, 0)  # the cell that is to be first in view, and the place of the bar for it
        self.setObjectName("galleryGrid")
        self.setAccessibleName(self.tr("Items of the gallery"))
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # It paints all of its ground: what scrolls is moved on the screen, and only what is new is painted.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.moved.emit())
        model.modelReset.connect(self._reset)
        self.fit()

    def fit(self) -> None:
        """After a change of size, scale or rows: the columns share the width, and what is first in view stays first."""
        bar, before = self.verticalScrollBar(), self._bands
        kept, place = self._kept
        # Unless the person scrolled since: lines of another width begin with other cells, and it would creep.
        first = kept if place == bar.value() else self.in_view()[0]
        headed = before.heading_of(first) >= bar.value()
        columns = max(1, self.viewport().width() // theme.px(CELL_WIDTH + GAP))
        line = theme.px(CELL_HEIGHT + GAP)
        counts = [len(section) for section in self._cells.sections]
        self._bands = GalleryBands(counts, columns, line=line, head=theme.px(HEAD_HEIGHT))
        self.updateGeometries()
        if self._bands.rows and self._bands.columns != before.columns:
            first = min(first, self._bands.rows - 1)
            bar.setValue(self._bands.heading_of(first) if headed else self._bands.place(first)[1])
            self._kept = (first, bar.value())
        self.viewport().update()

    @property
    def columns(self) -> int:
        return self._bands.columns

    @property
    def column_width(self) -> int:
        """In pixels, the gap beside a cell included."""
        return self.viewport().width() // self.columns

    def in_view(self, *, ahead: int = 0) -> tuple[int, int]:
        """First and last row of the model of which anything is in view, or within `ahead` screens below."""
        top = self.verticalScrollBar().value()
        return self._bands.rows_between(top, top + self.viewport().height() * (1 + ahead))

    # what a view of Qt's is asked: where things are

    def updateGeometries(self) -> None:
        bar, room = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self._bands.height - room))
        bar.setPageStep(max(1, room))
        bar.setSingleStep(self._bands.line // 3)

    def doItemsLayout(self) -> None:
        self.updateGeometries()

    def scrollContentsBy(self, _dx: int, dy: int) -> None:
        self.viewport().scroll(0, dy)

    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    def visualRect(self, index: _Index) -> QRect:
        if not index.isValid() or index.row() >= self._bands.rows:
            return QRect()
        column, top = self._bands.place(index.row())
        wide = self.column_width
        return QRect(column * wide, top - self.verticalOffset(), wide, self._bands.line)

    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self._bands.row_at(point.x() // max(1, self.column_width), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self._cells.index(row)

    def scrollTo(
        self, index: _Index, _hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid() or index.row() >= self._bands.rows:
            return
        bar, room = self.verticalScrollBar(), self.viewport().height()
        column_top = self._bands.place(index.row())[1]
        heading = self._bands.heading_of(index.row())
        # The first line of a section is shown with its heading.
        top = heading if column_top - heading <= theme.px(HEAD_HEIGHT) else column_top
        if top < bar.value():
            bar.setValue(top)
        elif column_top + self._bands.line > bar.value() + room:
            bar.setValue(column_top + self._bands.line - room)

    def paintEvent(self, event: QPaintEvent) -> None:
        delegate = self.itemDelegate()
        top = self.verticalOffset()
        option = QStyleOptionViewItem()
        areas = list(cast("Iterable[QRect]", event.region()))
        with QPainter(self.viewport()) as painter:
            for area in areas:
                painter.fillRect(area, theme.colour("ground"))
            for area in areas:
                for number, at in self._bands.heads_between(top + area.top(), top + area.bottom() + 1):
                    paint_heading(painter, at - top, self.viewport().width(), self._cells.sections[number])
            current = self.currentIndex().row() if self.hasFocus() else -1
            for row in self._rows_in(areas, top):
                index = self._cells.index(row)
                option.rect = self.visualRect(index)
                option.state = QStyle.StateFlag.State_Enabled
                if row == current:
                    option.state |= QStyle.StateFlag.State_HasFocus
                delegate.paint(painter, option, index)

    def _rows_in(self, areas: Iterable[QRect], top: int) -> list[int]:
        rows: set[int] = set()
        for area in areas:
            first, last = self._bands.rows_between(top + area.top(), top + area.bottom() + 1)
            rows |= {row for row in range(first, last + 1) if self.visualRect(self._cells.index(row)).intersects(area)}
        return sorted(rows)

    # keys and the mouse

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
        if last < 0:
            return
        screen, row, key = max(1, self.viewport().height() // self._bands.line), max(row, 0), Qt.Key(event.key())
        lines = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -screen, Qt.Key.Key_PageDown: screen}
        if key in lines:
            to = self._bands.lines_away(row, lines[key])
        else:
            by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -last, Qt.Key.Key_End: last}
            to = max(0, min(last, row + by[key]))
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

    def currentChanged(self, current: _Index, previous: _Index) -> None:
        super().currentChanged(current, previous)
        cell = self._cells.cell(current.row())
        if cell is not None:
            self._current = (cell.id, current.row())

    def _reset(self) -> None:
        """Other rows: the same item stays current, and the place on the screen is kept."""
        self._anchor = -1
        place = self.verticalScrollBar().value()
        self.fit()
        if not self._cells.rowCount():
            return
        item_id, row = self._current
        there = self._cells.row_of(item_id)
        self._go_to(min(row, self._cells.rowCount() - 1) if there is None else there, place)

    def _go_to(self, row: int, place: int) -> None:
        self.setCurrentIndex(self._cells.index(row))
        self.verticalScrollBar().setValue(place)
        self.scrollTo(self._cells.index(row))
