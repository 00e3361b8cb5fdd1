"""Lines of a list as quiet cards: the first line in full ink, the rest dim; the chosen one on the accent's ground."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from reviewer.ui import theme

LINE, PAD = 17, 6
_Index = QModelIndex | QPersistentModelIndex


class QuietLines(QStyledItemDelegate):
    """Every row is as high as the first one's lines; what is longer than the row ends in an ellipsis."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        lines = str(index.data() or "").count("\n") + 1
        return QSize(option.rect.width(), theme.px(LINE) * lines + 2 * theme.px(PAD) + theme.px(4))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        here = bool(option.state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(0, theme.px(2), 0, -theme.px(2))
        line = theme.px(2 if here else 1)
        painter.setPen(QPen(theme.colour("accent"), line) if chosen or here else Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent_ground" if chosen else "card"))
        painter.drawRoundedRect(box.adjusted(line / 2, line / 2, -line / 2, -line / 2), theme.radius(), theme.radius())
        room = box.adjusted(theme.px(12), theme.px(PAD), -theme.px(10), -theme.px(PAD))
        said = index.data(Qt.ItemDataRole.ForegroundRole)
        for at, words in enumerate(str(index.data() or "").split("\n")):
            font = theme.font("label" if at else "base")
            painter.setFont(font)
            rest = "text" if chosen else "dim"
            painter.setPen(said if isinstance(said, QColor) and not at else theme.colour(rest if at else "text"))
            place = QRectF(room.left(), room.top() + at * theme.px(LINE), room.width(), theme.px(LINE))
            elided = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, int(place.width()))
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
        painter.restore()


def make_quiet(view: QListView) -> None:
    """Give a list this look. Tab goes past it, arrows move in it."""
    view.setItemDelegate(QuietLines(view))
    view.setUniformItemSizes(True)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    view.setTabKeyNavigation(False)
