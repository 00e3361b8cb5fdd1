"""Paints frames, never more than one per level, and wipes every frame it lets go of."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.media.frames import Frame, Region
from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.chips import paint_corner_chips, paint_countdown
from reviewer.ui.frame_image import image_over

WHOLE = Region(0.0, 0.0, 1.0, 1.0)
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class ProtectedView(QWidget):
    """One frame per level lies here, higher over lower; `drop_above` is how everything is veiled again.

    `put` takes the frame over: it is wiped when it is replaced, dropped, or the view goes.
    """

    pointerMoved = Signal(float, float)  # in shares of the upright picture, clamped to it
    nudged = Signal(int, int)  # an arrow key: steps right, steps down

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames: dict[Level, Frame] = {}
        self._images: dict[Level, QImage] = {}
        self._aspect = 4 / 3
        self._scale = 1.0
        self._watermark = ""
        self._chip = ""
        self._hint = ""
        self._countdown: tuple[str, float] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.size(self, min_width=240, min_height=160)
        frames, images = self._frames, self._images
        self.destroyed.connect(lambda: _wipe_everything(frames, images))

    # frames

    @property
    def top_level(self) -> Level:
        """The highest level whose pixels lie here; FACTS when there are none."""
        return max(self._frames, default=Level.FACTS)

    def has(self, level: Level) -> bool:
        return level in self._frames

    def put(self, frame: Frame) -> None:
        """Show `frame` at its level. ValueError, and the frame wiped, when its geometry makes no sense."""
        try:
            image = image_over(frame)
        except ValueError:
            frame.wipe()
            raise
        self._wipe(frame.level)
        self._frames[frame.level] = frame
        self._images[frame.level] = image
        if frame.region is None or frame.region == WHOLE:
            self._aspect = frame.width / frame.height
        self._changed()

    def drop(self, level: Level) -> None:
        if level in self._frames:
            self._wipe(level)
            self._changed()

    def drop_above(self, level: Level) -> None:
        """Wipe every frame that shows more than `level`."""
        above = [held for held in self._frames if held > level]
        for held in above:
            self._wipe(held)
        if above:
            self._paint_over()

    def drop_all(self) -> None:
        """Wipe every frame."""
        above = list(self._frames)
        for held in above:
            self._wipe(held)
        if above:
            self._paint_over()

    def _wipe(self, level: Level) -> None:
        self._images.pop(level, None)
        frame = self._frames.pop(level, None)
        if frame is not None:
            frame.wipe()

    def _changed(self) -> None:
        self.update()

    def _paint_over(self) -> None:
        """Now, not at the next turn of the event loop: what was painted lies in the window's own buffer too."""
        self.repaint()

    # words around the picture

    def set_aspect(self, width: int, height: int) -> None:
        """The upright picture's shape before any frame is here."""
        self._aspect = width / height
        self.update()

    def set_scale(self, scale: float) -> None:
        """1.0 fills the room; 0.5 is a quarter of it."""
        self._scale = scale
        self.update()

    def set_words(self, watermark: str, chip: str) -> None:
        """Who looks and what it is, in the corners."""
        self._watermark, self._chip = watermark, chip
        self.update()

    def set_hint(self, words: str) -> None:
        """Words in the middle while no picture is here."""
        self._hint = words
        self.update()

    def set_countdown(self, words: str, left: float) -> None:
        """`left` from 1.0 to 0.0; empty words take it away."""
        self._countdown = (words, left) if words else None
        self.update(0, 0, self.width() // 2, theme.px(56))

    # geometry

    def picture_rect(self) -> QRectF:
        """Where the whole upright picture lies, in this widget's coordinates."""
        room = QRectF(self.rect())
        width = min(room.width(), room.height() * self._aspect) * self._scale
        height = width / self._aspect
        return QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)

    def pixel_size(self) -> QSize:
        """How many device pixels the picture covers: no frame needs more."""
        rect, ratio = self.picture_rect(), self.devicePixelRatioF()
        return QSize(max(1, round(rect.width() * ratio)), max(1, round(rect.height() * ratio)))

    @property
    def aspect(self) -> float:
        """Width over height of the upright picture."""
        return self._aspect

    def share_at(self, at: QPointF) -> tuple[float, float]:
        """A point of this widget in shares of the picture, clamped to it."""
        rect = self.picture_rect()
        x = (at.x() - rect.left()) / max(rect.width(), 1.0)
        y = (at.y() - rect.top()) / max(rect.height(), 1.0)
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.pointerMoved.emit(*self.share_at(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(*step)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(760), theme.px(560))

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            room = QPainterPath()
            room.addRoundedRect(QRectF(self.rect()), theme.radius("panel"), theme.radius("panel"))
            painter.fillPath(room, theme.colour("panel"))
            painter.setClipPath(room)
            for level in sorted(self._frames):
                self._paint_frame(painter, level)
            if not self._frames and self._hint:
                painter.setPen(theme.colour("dim"))
                painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._hint)
            self._paint_words(painter)

    def _paint_frame(self, painter: QPainter, level: Level) -> None:
        region = self._frames[level].region or WHOLE
        whole = self.picture_rect()
        target = QRectF(
            whole.left() + region.x * whole.width(),
            whole.top() + region.y * whole.height(),
            region.width * whole.width(),
            region.height * whole.height(),
        )
        image = self._images[level]
        if level is not Level.LENS:
            painter.drawImage(target, image)
            return
        painter.save()
        edge = QPainterPath()
        edge.addRoundedRect(target, theme.radius(), theme.radius())
        painter.setClipPath(edge, Qt.ClipOperation.IntersectClip)
        painter.drawImage(target, image)
        painter.restore()
        painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
        painter.drawPath(edge)

    def _paint_words(self, painter: QPainter) -> None:
        room = QRectF(self.rect())
        paint_corner_chips(painter, room, watermark=self._watermark if self._frames else "", facts=self._chip)
        if self._countdown is not None:
            words, left = self._countdown
            paint_countdown(painter, room.topLeft() + QPointF(theme.px(12), theme.px(12)), words, left)


def _wipe_everything(frames: dict[Level, Frame], images: dict[Level, QImage]) -> None:
    images.clear()
    for frame in frames.values():
        frame.wipe()
    frames.clear()
