"""The pages of a document, or the frames of an animation, as small veiled pictures in a row."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.media.frames import Frame
from reviewer.ui import theme
from reviewer.ui.chips import chip_rect, paint_chip
from reviewer.ui.frame_image import image_over

HEIGHT = 58
WIDTHS = (38.0, 92.0)  # of one cell, whatever the shape of a page


class PageStrip(QWidget):
    """`chosen(page)` by click or the arrow keys; `looked` when other pages came into view, by wheel or by size.

    The frames belong to whoever calls `put`; `drop` and `clear` let go of them before they are wiped.
    """

    chosen = Signal(int)
    looked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pages = 0
        self._page = 0
        self._first = 0
        self._aspect = 0.75
        self._images: dict[int, QImage] = {}
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Pages, blurred"))
        theme.size(self, height=HEIGHT)

    def set_pages(self, pages: int) -> None:
        """So many pages, none of them here yet."""
        self._pages = pages
        self._page = self._first = 0
        self.clear()

    def set_page(self, page: int) -> None:
        """Mark a page, and bring it into the middle."""
        self._page = page
        self._look_from(page - self._fitting() // 2)
        self.setAccessibleDescription(self.tr("Page {page} of {pages}").format(page=page + 1, pages=self._pages))
        self.update()

    def put(self, page: int, frame: Frame) -> None:
        """Show `frame` without taking it over. ValueError when its geometry makes no sense."""
        image = image_over(frame)
        if not self._images:
            self._aspect = frame.width / frame.height
        self._images[page] = image
        self.update()

    def drop(self, page: int) -> None:
        self._images.pop(page, None)

    def clear(self) -> None:
        held = bool(self._images)
        self._images = {}
        if held:
            self.repaint()  # now: what was painted lies in the window's own buffer too

    def visible_pages(self) -> range:
        return range(self._first, min(self._first + self._fitting(), self._pages))

    # geometry

    def _cell_width(self) -> float:
        narrow, wide = (theme.px(width) for width in WIDTHS)
        return min(max(self.height() * self._aspect, narrow), wide)

    def _fitting(self) -> int:
        gap = theme.px(6)
        return max(1, int((self.width() + gap) // (self._cell_width() + gap)))

    def _look_from(self, first: int) -> None:
        first = min(max(first, 0), max(self._pages - self._fitting(), 0))
        if first != self._first:
            self._first = first
            self.update()
        self.looked.emit()

    def cell_rects(self) -> list[tuple[int, QRectF]]:
        """(page, rectangle) of every page in view."""
        width, gap, inset = self._cell_width(), theme.px(6), theme.px(1)
        return [
            (page, QRectF(inset + at * (width + gap), inset, width, self.height() - 2 * inset))
            for at, page in enumerate(self.visible_pages())
        ]

    def sizeHint(self) -> QSize:
        return QSize(theme.px(600), theme.px(HEIGHT))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._look_from(self._page - self._fitting() // 2)

    # input

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        for page, rect in self.cell_rects():
            if rect.contains(event.position()):
                self.chosen.emit(page)
                return

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() or event.angleDelta().x()
        self._look_from(self._first + (-1 if turned > 0 else 1) * max(1, self._fitting() // 3))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None or not 0 <= self._page + step < self._pages:
            super().keyPressEvent(event)
            return
        self.chosen.emit(self._page + step)

    # painting

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            for page, rect in self.cell_rects():
                self._paint_cell(painter, page, rect)

    def _paint_cell(self, painter: QPainter, page: int, rect: QRectF) -> None:
        edge = QPainterPath()
        edge.addRoundedRect(rect, theme.px(4), theme.px(4))
        painter.fillPath(edge, theme.colour("card"))
        image = self._images.get(page)
        if image is not None:
            painter.save()
            painter.setClipPath(edge)
            scale = min(rect.width() / image.width(), rect.height() / image.height())
            inside = QRectF(0, 0, image.width() * scale, image.height() * scale)
            inside.moveCenter(rect.center())
            painter.drawImage(inside, image)
            painter.restore()
        here = page == self._page
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.colour("accent" if here else "line"), theme.px(2 if here else 1)))
        painter.drawPath(edge)
        words = str(page + 1)
        chip = chip_rect(words, rect.width())
        chip.moveBottomLeft(rect.bottomLeft() + QPointF(theme.px(2), -theme.px(2)))
        paint_chip(painter, chip, words)
