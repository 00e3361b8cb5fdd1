"""Paints one cell of the gallery: the veiled picture or the facts, what it is, and what is known of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from reviewer.model.cases import ItemFacts
from reviewer.ui import theme
from reviewer.ui.gallery_cells import GalleryCell, Group
from reviewer.ui.gallery_model import CELL_ROLE, GalleryModel
from reviewer.ui.pill import Tone, paint_pill, pill_width
from reviewer.ui.wording import facts_words, kind_words, length_words, tr

CELL_WIDTH, CELL_HEIGHT, GAP = 168, 158, 10
_PICTURE_HEIGHT = 104


class GalleryCard(QStyledItemDelegate):
    """`picture(item_id)` gives the veiled picture that is there, `bare(cell)` says why there is none.

    `column()` is the width of a column in pixels.
    `painted(item_id)` is told of each cell whose pixels were painted: what was never painted was not seen.
    """

    def __init__(
        self,
        model: GalleryModel,
        picture: Callable[[str], QImage | None],
        bare: Callable[[GalleryCell], str],
        painted: Callable[[str], None],
        column: Callable[[], int],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._picture = picture
        self._bare = bare
        self._painted = painted
        self._column = column

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(theme.px(CELL_WIDTH), theme.px(CELL_HEIGHT))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        cell = index.data(CELL_ROLE)
        if not isinstance(cell, GalleryCell):
            return
        rect, state = option.rect, option.state
        # As wide as its column leaves room for: the cells fill the row.
        wide = self._column() - theme.px(GAP)
        box = QRectF(rect.x(), rect.y(), wide, theme.px(CELL_HEIGHT))
        selected = self._model.is_selected(cell)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._ground(painter, box, cell, selected, focused)
        self._show(painter, QRectF(box.x(), box.y(), box.width(), theme.px(_PICTURE_HEIGHT)), cell)
        self._words(painter, box, cell)
        if selected:
            self._tick(painter, box)
        painter.restore()

    def _ground(self, painter: QPainter, box: QRectF, cell: GalleryCell, selected: bool, focused: bool) -> None:
        radius = theme.radius()
        painter.setPen(Qt.PenStyle.NoPen)
        if cell.copies:
            # A second card behind it: it stands for several.
            painter.setBrush(theme.colour("line"))
            painter.drawRoundedRect(box.translated(theme.px(4), theme.px(4)), radius, radius)
        painter.setBrush(theme.colour("accent_ground" if selected else "card"))
        if selected or focused:
            line = theme.px(2)
            painter.setPen(QPen(theme.colour("text" if focused else "accent"), line))
            box = box.adjusted(line / 2, line / 2, -line / 2, -line / 2)
        painter.drawRoundedRect(box, radius, radius)

    def _show(self, painter: QPainter, room: QRectF, cell: GalleryCell) -> None:
        inside = room.adjusted(theme.px(6), theme.px(6), -theme.px(6), 0)
        image = self._picture(cell.id)
        ground = QPainterPath()
        ground.addRoundedRect(inside, theme.px(4), theme.px(4))
        painter.fillPath(ground, theme.colour("ground"))
        if image is None:
            self._say_facts(painter, inside, cell)
            return
        self._painted(cell.id)
        scale = min(inside.width() / image.width(), inside.height() / image.height())
        width, height = image.width() * scale, image.height() * scale
        place = QRectF(
            inside.center() - QPointF(width / 2, height / 2), inside.center() + QPointF(width / 2, height / 2)
        )
        painter.save()
        painter.setClipPath(ground)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, image)
        painter.restore()

    def _say_facts(self, painter: QPainter, room: QRectF, cell: GalleryCell) -> None:
        words = self._bare(cell)
        middle = room.adjusted(theme.px(8), theme.px(4), -theme.px(8), -theme.px(4))
        painter.setFont(theme.font("base", QFont.Weight.DemiBold))
        painter.setPen(theme.colour("dim"))
        upper = QRectF(middle.x(), middle.y(), middle.width(), middle.height() / 2)
        flags = Qt.AlignmentFlag.AlignHCenter
        painter.drawText(upper, flags | Qt.AlignmentFlag.AlignBottom, kind_words(cell.entry.item.facts.kind))
        painter.setFont(theme.font("small"))
        lower = QRectF(middle.x(), middle.center().y() + theme.px(3), middle.width(), middle.height() / 2)
        painter.drawText(lower, flags | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, words)

    def _words(self, painter: QPainter, box: QRectF, cell: GalleryCell) -> None:
        left, width = box.x() + theme.px(9), box.width() - theme.px(18)
        font = theme.font("label", QFont.Weight.DemiBold)
        metrics = QFontMetrics(font)
        facts = theme.font("small")
        painter.setFont(font)
        painter.setPen(theme.colour("text"))
        exhibit = metrics.elidedText(cell.entry.item.exhibit, Qt.TextElideMode.ElideLeft, int(width))
        top = box.y() + theme.px(_PICTURE_HEIGHT + 5)
        painter.drawText(QPointF(left, top + metrics.ascent()), exhibit)
        after = left + metrics.horizontalAdvance(exhibit) + theme.px(6)
        painter.setFont(facts)
        painter.setPen(theme.colour("dim"))
        room = int(left + width - after)
        painter.drawText(QPointF(after, top + metrics.ascent()), _fitting(cell.entry.item.facts, facts, room))
        middle = box.bottom() - theme.px(17)
        pills = pills_of(cell)
        for at, (label, tone) in enumerate(pills):
            rest = len(pills) - at - 1
            more = pill_width(f"+{rest}") + theme.px(4) if rest else 0
            if left + pill_width(label) + more > box.right() - theme.px(8):
                paint_pill(painter, left, middle, f"+{rest + 1}", Tone.NEUTRAL)
                break
            left += paint_pill(painter, left, middle, label, tone) + theme.px(4)

    @staticmethod
    def _tick(painter: QPainter, box: QRectF) -> None:
        """Selected: a shape, not the colour alone."""
        side = theme.px(20)
        circle = QRectF(box.right() - side - theme.px(10), box.y() + theme.px(10), side, side)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.colour("accent"))
        painter.drawEllipse(circle)
        pen = QPen(theme.colour("on_accent"), theme.px(2))
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        points = [
            QPointF(circle.x() + x * side, circle.y() + y * side) for x, y in ((0.28, 0.52), (0.44, 0.68), (0.72, 0.34))
        ]
        painter.drawPolyline(points)


def _fitting(facts: ItemFacts, font: QFont, room: int) -> str:
    """What the item is, in as many words as there is room for; never half a word."""
    length = length_words(facts.duration_s) if facts.duration_s is not None else ""
    metrics = QFontMetrics(font)
    for words in (facts_words(facts), length, kind_words(facts.kind)):
        if metrics.horizontalAdvance(words) <= room:
            return words
    return ""


def pills_of(cell: GalleryCell) -> list[tuple[str, Tone]]:
    """What to know of it, most important first."""
    entry = cell.entry
    pills: list[tuple[str, Tone]] = []
    if entry.case.referral.danger:
        pills.append((tr("Danger"), Tone.RED))
    if cell.copies:
        pills.append((tr("{count} copies").format(count=len(cell.item_ids)), Tone.NEUTRAL))
    if cell.group is Group.KNOWN:
        pills.append((tr("known"), Tone.ACCENT))
    if entry.notes:
        pills.append((tr("has notes"), Tone.ACCENT))
    if entry.item.facts.format:
        pills.append((entry.item.facts.format, Tone.NEUTRAL))
    return pills
