"""Paints one entry of the queue: case, countdown, where it came from and what it is, and pills."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from reviewer.model.cases import QueueEntry
from reviewer.ui import theme
from reviewer.ui.pill import Tone, paint_pill, pill_width
from reviewer.ui.queue_model import ENTRY_ROLE, GROUP_ROLE, UNREAD_ROLE, GroupHead
from reviewer.ui.unread_mark import paint_unread
from reviewer.ui.wording import due_words, facts_words, forewarning, source_words, tr

CARD_HEIGHT = 84
CARD_GAP = 8


def pills_of(entry: QueueEntry, viewer: str) -> list[tuple[str, Tone]]:
    """What to know before taking it, most important first."""
    pills: list[tuple[str, Tone]] = []
    if entry.case.referral.danger:
        pills.append((tr("Danger"), Tone.RED))
    if entry.held:
        pills.append((tr("set aside"), Tone.NEUTRAL))
    if entry.leased_to and entry.leased_to != viewer:
        pills.append((tr("taken"), Tone.AMBER))
    if entry.assigned_to is not None:
        pills.append(
            (tr("for you"), Tone.ACCENT) if entry.assigned_to == viewer else (tr("for a colleague"), Tone.AMBER)
        )
    if entry.case.referral.lacking:
        pills.append((tr("incomplete"), Tone.AMBER))
    if entry.round > 1:
        pills.append((tr("second review"), Tone.NEUTRAL))
    if entry.matches:
        pills.append((tr("known match"), Tone.ACCENT))
    if entry.notes:
        pills.append((tr("has notes"), Tone.ACCENT))
    pills.extend((words, Tone.NEUTRAL) for words in forewarning(entry.item))
    return pills


class QueueCard(QStyledItemDelegate):
    """Cards of one height, so that a hundred thousand of them cost no more than a screenful."""

    def __init__(self, now: Callable[[], datetime], viewer: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._now = now
        self._viewer = viewer
        self.on_desk: str | None = None
        self.by_case = True

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(200), theme.px(CARD_HEIGHT + CARD_GAP))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry, head, unread = index.data(ENTRY_ROLE), index.data(GROUP_ROLE), index.data(UNREAD_ROLE) or 0
        rect, state = option.rect, option.state
        if isinstance(head, GroupHead):
            self._head(painter, option, head, unread)
            return
        if not isinstance(entry, QueueEntry):
            self._unread(painter, rect)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(rect).adjusted(0, 0, 0, -theme.px(CARD_GAP))
        on_desk = entry.item.id == self.on_desk
        focused = bool(state & QStyle.StateFlag.State_Selected) and bool(state & QStyle.StateFlag.State_HasFocus)
        self._ground(painter, box, on_desk, focused)
        self._lines(painter, box.adjusted(theme.px(13), theme.px(10), -theme.px(13), -theme.px(10)), entry, unread)
        painter.restore()

    def _unread(self, painter: QPainter, rect: QRect) -> None:
        """An empty card: its entry is being read."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, QRectF(rect).adjusted(0, 0, 0, -theme.px(CARD_GAP)), False, False)
        painter.restore()

    def _head(self, painter: QPainter, option: QStyleOptionViewItem, head: GroupHead, unread: int) -> None:
        focused = bool(option.state & QStyle.StateFlag.State_Selected) and bool(
            option.state & QStyle.StateFlag.State_HasFocus
        )
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(0, 0, 0, -theme.px(CARD_GAP))
        self._ground(painter, box, False, focused)
        room = box.adjusted(theme.px(13), theme.px(10), -theme.px(13), -theme.px(10))
        right, normal, strong = Qt.AlignmentFlag.AlignRight, QFont.Weight.Normal, QFont.Weight.DemiBold
        mark = "▾" if head.opened else "▸"
        counted = tr("1 item") if head.count == 1 else tr("{count:,} items").format(count=head.count)
        if head.first is not None:
            referral = head.first.case.referral
            due, near = due_words(referral.due_at, self._now())
            name = head.first.case.number if self.by_case else referral.account or tr("No account named")
            self._text(painter, room.adjusted(0, 0, -theme.px(90), 0), f"{mark} {name[:200]}", strong, "text")
            self._text(painter, room, due, strong if near else normal, "amber" if near else "dim", right, "label")
        second = room.translated(0, theme.px(23))
        self._text(painter, second, counted, normal, "dim", size="label")
        paint_unread(painter, second, unread)
        if head.danger:
            words = tr("Danger") if head.danger == 1 else tr("Danger · {count:,}").format(count=head.danger)
            paint_pill(painter, room.left(), room.top() + theme.px(54), words, Tone.RED)
        painter.restore()

    def _ground(self, painter: QPainter, box: QRectF, on_desk: bool, focused: bool) -> None:
        painter.setBrush(theme.colour("accent_wash" if on_desk else "card"))
        line = theme.px(2) if focused else theme.px(1)
        if on_desk or focused:
            painter.setPen(QPen(theme.colour("accent" if on_desk else "text"), line))
        else:
            painter.setPen(Qt.PenStyle.NoPen)
        inset = line / 2
        painter.drawRoundedRect(box.adjusted(inset, inset, -inset, -inset), theme.radius(), theme.radius())

    def _lines(self, painter: QPainter, room: QRectF, entry: QueueEntry, unread: int) -> None:
        now = self._now()
        due, near = due_words(entry.case.referral.due_at, now)
        strong = QFont.Weight.DemiBold
        self._text(painter, room, entry.case.number, strong, "text")
        weight = strong if near else QFont.Weight.Normal
        right = Qt.AlignmentFlag.AlignRight
        self._text(painter, room, due, weight, "amber" if near else "dim", right, "label")
        second = room.translated(0, theme.px(23))
        words = f"{source_words(entry.case.referral.source)} · {facts_words(entry.item.facts)}"
        second.setRight(second.right() - paint_unread(painter, second, unread))
        self._text(painter, second, words, QFont.Weight.Normal, "dim", size="label")
        left, middle = room.left(), room.top() + theme.px(54)
        pills = pills_of(entry, self._viewer)
        for at, (label, tone) in enumerate(pills):
            rest = len(pills) - at - 1
            more = pill_width(f"+{rest}") + theme.px(6) if rest else 0
            if left + pill_width(label) + more > room.right():
                paint_pill(painter, left, middle, f"+{rest + 1}", Tone.NEUTRAL)
                break
            left += paint_pill(painter, left, middle, label, tone) + theme.px(6)

    @staticmethod
    def _text(
        painter: QPainter,
        room: QRectF,
        words: str,
        weight: QFont.Weight,
        ink: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
        size: str = "base",
    ) -> None:
        """One line along the top of `room`; sizes share a baseline."""
        font = theme.font(size, weight)
        metrics = QFontMetrics(font)
        painter.setFont(font)
        painter.setPen(theme.colour(ink))
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(room.width()))
        left = room.right() - metrics.horizontalAdvance(words) if side == Qt.AlignmentFlag.AlignRight else room.left()
        baseline = room.top() + QFontMetrics(theme.font("base")).ascent()
        painter.drawText(QPoint(round(left), round(baseline)), words)
