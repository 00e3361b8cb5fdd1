"""The lines of the command palette: words at the left, the key at the right, and why one does nothing now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from reviewer.ui import theme
from reviewer.ui.commands import Command
from reviewer.ui.key_cap import key_cap_width, paint_key_cap
from reviewer.ui.wording import tr

ROW = 34
_Index = QModelIndex | QPersistentModelIndex


class CommandModel(QAbstractListModel):
    """`show` replaces all lines."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._commands: Sequence[Command] = ()

    def show(self, commands: Sequence[Command]) -> None:
        self.beginResetModel()
        self._commands = commands
        self.endResetModel()

    def command(self, row: int) -> Command | None:
        return self._commands[row] if 0 <= row < len(self._commands) else None

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._commands)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        command = self.command(index.row())
        if command is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return command.words
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return spoken(command)
        return None


def spoken(command: Command) -> str:
    """All that a line says, for a screen reader."""
    words = tr("{words}, {group}").format(words=command.words, group=command.group)
    if command.shown:
        words += tr(", key {key}").format(key=command.shown)
    return f"{words}. {command.why_not}" if command.why_not else words


class CommandLine(QStyledItemDelegate):
    """Paints one line."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(option.rect.width(), theme.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        command = model.command(index.row()) if isinstance(model, CommandModel) else None
        if command is None:
            return
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        box = QRectF(option.rect).adjusted(0, 0.5, 0, -0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(theme.colour("accent"))
            painter.setBrush(theme.colour("accent_ground"))
            painter.drawRoundedRect(box.adjusted(0.5, 0, -0.5, 0), theme.radius(), theme.radius())
        self._words(painter, box.adjusted(theme.px(10), 0, -theme.px(10), 0), command, chosen)
        painter.restore()

    def _words(self, painter: QPainter, box: QRectF, command: Command, chosen: bool) -> None:
        if command.shown:
            ground, ink = ("raised", "text") if chosen else ("card", "dim")
            paint_key_cap(
                painter,
                box.right(),
                box.center().y(),
                command.shown,
                ground=theme.colour(ground),
                ink=theme.colour(ink),
            )
            box = box.adjusted(0, 0, -key_cap_width(command.shown) - theme.px(10), 0)
        middle = Qt.AlignmentFlag.AlignVCenter
        font, small = theme.font("base"), theme.font("small")
        room = int(box.width())
        said = QFontMetrics(font).elidedText(command.words, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(theme.colour("dim" if command.why_not and not chosen else "text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignLeft | middle, said)
        left = QFontMetrics(font).horizontalAdvance(said) + theme.px(12)
        aside = command.why_not or command.group
        painter.setFont(small)
        painter.setPen(theme.colour("text" if chosen else "dim"))
        aside = QFontMetrics(small).elidedText(aside, Qt.TextElideMode.ElideRight, max(room - left, 0))
        painter.drawText(box.adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignRight | middle, aside)
