"""The items of a case as lines of facts, to choose those that go along. Thousands are no more work than ten."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from reviewer.model.handoff import RecordedItem
from reviewer.ui import theme
from reviewer.ui.handoff_state import HandoffState
from reviewer.ui.handoff_words import item_line
from reviewer.ui.plain_label import plain_tip
from reviewer.ui.wording import tr

_Index = QModelIndex | QPersistentModelIndex
_ITEM = int(Qt.ItemDataRole.UserRole) + 1
_ROOT = QModelIndex()
HEIGHT, BOX = 46, 14
FEW = 50  # changed rows are said one by one up to so many


class HandoffItems(QAbstractListModel):
    """Rows in the order of the case. Checked means: goes along. What is unsettled is named and cannot be checked."""

    def __init__(self, state: HandoffState, harm: Callable[[str], str], parent: QWidget) -> None:
        super().__init__(parent)
        self._state = state
        self._harm = harm
        self._items: tuple[RecordedItem, ...] = ()
        self._rows: dict[str, int] = {}
        self._shown: set[str] = set()  # as chosen when it was said last

    def refresh(self) -> None:
        """The case may be another one, or what is chosen."""
        outline = self._state.outline
        items = outline.items if outline is not None else ()
        changed, self._shown = self._shown ^ self._state.chosen, set(self._state.chosen)
        if items is not self._items:
            self.beginResetModel()
            self._items = items
            self._rows = {one.item.id: row for row, one in enumerate(items)}
            self.endResetModel()
        elif len(changed) > FEW:
            self.dataChanged.emit(self.index(0), self.index(len(items) - 1), [Qt.ItemDataRole.CheckStateRole])
        else:
            for row in (self._rows[item_id] for item_id in changed if item_id in self._rows):
                self.dataChanged.emit(self.index(row), self.index(row), [Qt.ItemDataRole.CheckStateRole])

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self._items):
            return None
        item = self._items[index.row()]
        if role == _ITEM:
            return item_line(item, self._harm)
        if role == Qt.ItemDataRole.CheckStateRole:
            return Qt.CheckState.Checked if item.item.id in self._state.chosen else Qt.CheckState.Unchecked
        if role == Qt.ItemDataRole.DisplayRole:
            return "\n".join(item_line(item, self._harm))
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(item_line(item, self._harm)))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            goes = tr("goes along") if item.item.id in self._state.chosen else tr("stays here")
            return ", ".join((*item_line(item, self._harm), goes))
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if not 0 <= index.row() < len(self._items):
            return Qt.ItemFlag.NoItemFlags
        usable = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        if self._items[index.row()].unsettled:
            return usable
        return usable | Qt.ItemFlag.ItemIsUserCheckable

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not self.flags(index) & Qt.ItemFlag.ItemIsUserCheckable:
            return False
        self._state.toggle(self._items[index.row()].item.id)
        return True


class _ItemLines(QStyledItemDelegate):
    """A box to check, and two lines. The whole line takes a click; Space toggles."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(option.rect.width(), theme.px(HEIGHT))

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, _option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        if isinstance(event, QMouseEvent):
            wanted = event.type() == QEvent.Type.MouseButtonRelease and event.button() == Qt.MouseButton.LeftButton
        else:
            wanted = isinstance(event, QKeyEvent) and event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Select)
        return wanted and model.setData(index, None, Qt.ItemDataRole.CheckStateRole)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        first, second = index.data(_ITEM) or ("", "")
        checkable = bool(index.flags() & Qt.ItemFlag.ItemIsUserCheckable)
        checked = index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        current = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(theme.px(2), theme.px(2), -theme.px(2), -theme.px(2))
        line = theme.px(2)
        painter.setPen(QPen(theme.colour("accent"), line) if current else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("card"))
        painter.drawRoundedRect(box.adjusted(line / 2, line / 2, -line / 2, -line / 2), theme.radius(), theme.radius())
        side = theme.px(BOX)
        mark = QRectF(box.left() + theme.px(12), box.center().y() - side / 2, side, side)
        if checkable:
            self._paint_mark(painter, mark, checked)
        words = box.adjusted(theme.px(38), 0, -theme.px(10), 0)
        half = words.height() / 2
        upper = QRectF(words.left(), words.top() + theme.px(3), words.width(), half - theme.px(3))
        lower = QRectF(words.left(), words.top() + half, words.width(), half - theme.px(3))
        self._paint_line(painter, upper, first, "text", "base")
        self._paint_line(painter, lower, second, "dim" if checkable else "amber", "label")
        painter.restore()

    def _paint_mark(self, painter: QPainter, mark: QRectF, checked: bool) -> None:
        painter.setPen(QPen(theme.colour("accent" if checked else "edge"), theme.px(1)))
        painter.setBrush(theme.colour("accent" if checked else "panel"))
        painter.drawRoundedRect(mark, theme.px(3), theme.px(3))
        if checked:
            painter.setPen(QPen(theme.colour("on_accent"), theme.px(2)))
            middle = mark.center()
            painter.drawPolyline(
                [
                    mark.topLeft() + (middle - mark.topLeft()) * 0.5 + (mark.bottomLeft() - mark.topLeft()) * 0.28,
                    middle + (mark.bottomLeft() - mark.topLeft()) * 0.25 - (mark.topRight() - mark.topLeft()) * 0.05,
                    mark.topRight() + (mark.bottomLeft() - mark.topRight()) * 0.24,
                ]
            )

    def _paint_line(self, painter: QPainter, room: QRectF, words: str, ink: str, size: str) -> None:
        font = theme.font(size)
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        elided = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)


class HandoffItemList(QListView):
    """Arrows move, Space takes an item along or leaves it."""

    def __init__(self, model: HandoffItems, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("handoffItems")
        self.setAccessibleName(tr("Items of the case; Space takes one along or leaves it"))
        self.setModel(model)
        self.setItemDelegate(_ItemLines(self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        model.modelReset.connect(self._first)

    def _first(self) -> None:
        if self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))
