"""The storyboard: a video as veiled still frames, as a grid before anything plays and as a strip beside it."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.media.frames import Frame
from reviewer.ui import theme
from reviewer.ui.chips import chip_rect, paint_chip, paint_corner_chips
from reviewer.ui.frame_image import image_over
from reviewer.ui.item_words import clock_words

COLUMNS = 5
STRIP_HEIGHT = 52
CORNER = 40  # kept free above and below the grid for the words in the corners


class Shape(Enum):
    """GRID: all cells, five in a row. STRIP: one row, scrolled so that the chosen cell is in it."""

    GRID = "grid"
    STRIP = "strip"


class Storyboard(QWidget):
    """`chosen(index)` by click or Enter; the arrow keys move the mark and `marked(index)` says where it is.

    The frames belong to whoever calls `set_cells`; `clear_cells` lets go of them before they are wiped.
    """

    chosen = Signal(int)
    marked = Signal(int)

    def __init__(self, shape: Shape, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shape = shape
        self._frames: list[Frame] = []
        self._images: list[QImage] = []
        self._mark = 0
        self._expected = 0
        self._watermark = ""
        self._chip = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if shape is Shape.STRIP else Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Storyboard, blurred"))
        if shape is Shape.STRIP:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            theme.size(self, height=STRIP_HEIGHT)
        else:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @property
    def count(self) -> int:
        return len(self._frames)

    @property
    def mark(self) -> int:
        return self._mark

    def set_cells(self, frames: list[Frame], expected: int | None = None) -> None:
        """Show `frames` without taking them over; the mark stays on its frame. Room is kept for `expected` cells.

        ValueError when a frame's geometry makes no sense.
        """
        marked = self._frames[self._mark] if self._frames else None
        self._images = [image_over(frame) for frame in frames]
        self._frames = frames
        self._expected = max(len(frames), expected or 0)
        self.set_mark(next((at for at, frame in enumerate(frames) if frame is marked), 0))

    def clear_cells(self) -> None:
        held = bool(self._frames)
        self._images = []
        self._frames = []
        self._mark = 0
        if held:
            self.repaint()  # now: what was painted lies in the window's own buffer too

    def set_words(self, watermark: str, chip: str) -> None:
        """Who looks and what it is, in the corners."""
        self._watermark, self._chip = watermark, chip
        self.update()

    def set_mark(self, index: int) -> None:
        if self._frames:
            self._mark = min(max(index, 0), len(self._frames) - 1)
            self.setAccessibleDescription(
                self.tr("Scene {index} of {count}, at {time}").format(
                    index=self._mark + 1, count=len(self._frames), time=clock_words(self.time_of(self._mark))
                )
            )
        self.update()

    def time_of(self, index: int) -> float:
        return self._frames[index].time_s or 0.0

    def index_at(self, time_s: float) -> int:
        """The last cell that begins at or before `time_s`."""
        before = [index for index in range(len(self._frames)) if self.time_of(index) <= time_s + 1e-3]
        return before[-1] if before else 0

    # geometry

    def cell_rects(self) -> list[tuple[int, QRectF]]:
        """(index, rectangle) of every cell that is visible."""
        return self._strip_rects() if self._shape is Shape.STRIP else self._grid_rects()

    def _grid_rects(self) -> list[tuple[int, QRectF]]:
        if not self._frames:
            return []
        gap, aspect = float(theme.px(6)), self._frames[0].width / self._frames[0].height
        high = self.height() - 2 * theme.px(CORNER if self._chip else 0)
        rows = -(-self._expected // COLUMNS)
        columns = min(COLUMNS, self._expected)
        wide = self.width() - 2 * theme.px(12)
        width = (wide - gap * (columns - 1)) / columns
        height = min((high - gap * (rows - 1)) / rows, width / aspect)
        width = height * aspect
        left = (self.width() - (width * columns + gap * (columns - 1))) / 2
        top = (self.height() - (height * rows + gap * (rows - 1))) / 2
        return [
            (at, QRectF(left + (at % columns) * (width + gap), top + (at // columns) * (height + gap), width, height))
            for at in range(len(self._frames))
        ]

    def _strip_rects(self) -> list[tuple[int, QRectF]]:
        gap, inset = theme.px(6), theme.px(1)
        wide = theme.px(70)
        fitting = max(1, (self.width() + gap) // (wide + gap))
        shown = min(fitting, len(self._frames))
        if not shown:
            return []
        width = (self.width() - 2 * inset - gap * (fitting - 1)) / fitting
        first = min(max(self._mark - shown // 2, 0), len(self._frames) - shown)
        return [
            (first + at, QRectF(inset + at * (width + gap), inset, width, self.height() - 2 * inset))
            for at in range(shown)
        ]

    def sizeHint(self) -> QSize:
        return QSize(theme.px(600), theme.px(STRIP_HEIGHT if self._shape is Shape.STRIP else 400))

    # input

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for index, rect in self.cell_rects():
            if rect.contains(event.position()):
                self.set_mark(index)
                self.chosen.emit(index)
                return

    def keyPressEvent(self, event: QKeyEvent) -> None:
        moves = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if self._shape is Shape.GRID:
            moves |= {Qt.Key.Key_Up: -COLUMNS, Qt.Key.Key_Down: COLUMNS}
        move = moves.get(Qt.Key(event.key()))
        if move is None or event.modifiers() & Qt.KeyboardModifier.ShiftModifier or not self._frames:
            super().keyPressEvent(event)
            return
        if 0 <= self._mark + move < len(self._frames):
            self.set_mark(self._mark + move)
            self.marked.emit(self._mark)

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            if self._shape is Shape.GRID:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.colour("panel"))
                painter.drawRoundedRect(self.rect(), theme.radius("panel"), theme.radius("panel"))
            for index, rect in self.cell_rects():
                self._paint_cell(painter, index, rect)
            if self._frames:
                paint_corner_chips(painter, QRectF(self.rect()), watermark=self._watermark, facts=self._chip)

    def _paint_cell(self, painter: QPainter, index: int, rect: QRectF) -> None:
        edge = QPainterPath()
        edge.addRoundedRect(rect, theme.px(4), theme.px(4))
        painter.save()
        painter.setClipPath(edge)
        image = self._images[index]
        scale = max(rect.width() / image.width(), rect.height() / image.height())
        covered = QRectF(0, 0, image.width() * scale, image.height() * scale)
        covered.moveCenter(rect.center())
        painter.drawImage(covered, image)
        painter.restore()
        marked = index == self._mark
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent" if marked else "line"), theme.px(2 if marked else 1)))
        painter.drawPath(edge)
        if self._shape is Shape.GRID:
            self._paint_time(painter, index, rect)

    def _paint_time(self, painter: QPainter, index: int, rect: QRectF) -> None:
        words = clock_words(self.time_of(index))
        chip = chip_rect(words, rect.width())
        chip.moveBottomLeft(rect.bottomLeft() + QPointF(theme.px(4), -theme.px(4)))
        paint_chip(painter, chip, words)
