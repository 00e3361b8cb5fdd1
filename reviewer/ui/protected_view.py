"""Paints frames, never more than one per level, and wipes every frame it lets go of."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.media.frames import Frame, Region
from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.chips import paint_corner_chips, paint_countdown
from reviewer.ui.frame_image import image_over
from reviewer.ui.picture_place import ENLARGEMENTS, PicturePlace

WHOLE = Region(0.0, 0.0, 1.0, 1.0)
_ARROWS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}


class ProtectedView(QWidget):
    """One frame per level lies here, higher over lower; `drop_above` is how everything is veiled again.

    `put` takes the frame over: it is wiped when it is replaced, dropped, or the view goes.
    """

    pointerMoved = Signal(float, float)  # in shares of the upright picture, clamped to it
    nudged = Signal(int, int)  # an arrow key: steps right, steps down on the upright picture
    placed = Signal()  # turned, enlarged or moved: another part of it is visible

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._frames: dict[Level, Frame] = {}
        self._images: dict[Level, QImage] = {}
        self._aspect = 4 / 3
        self._scale = 1.0
        self._turns = 0
        self._enlargement = 1.0
        self._centre = (0.5, 0.5)
        self._drag: QPointF | None = None
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

    @property
    def hint(self) -> str:
        """What is said in the middle while no picture is here."""
        return self._hint

    def set_hint(self, words: str) -> None:
        """Words in the middle while no picture is here."""
        self._hint = words
        self.update()

    def set_countdown(self, words: str, left: float) -> None:
        """`left` from 1.0 to 0.0; empty words take it away."""
        self._countdown = (words, left) if words else None
        self.update(0, 0, self.width() // 2, theme.px(56))

    # turning and enlarging: what is painted, never how much of it was asked for

    @property
    def turns(self) -> int:
        """Quarters clockwise."""
        return self._turns

    @property
    def enlargement(self) -> float:
        """1.0 fits the room."""
        return self._enlargement

    def turn(self, quarters: int) -> None:
        if self._frames:
            self._turns = (self._turns + quarters) % 4
            self._place()

    def enlarge(self, steps: int) -> None:
        """So many steps larger or smaller; at 1.0 the whole picture is in the middle again."""
        if not self._frames:
            return
        at = ENLARGEMENTS.index(self._enlargement) + steps
        self._enlargement = ENLARGEMENTS[min(max(at, 0), len(ENLARGEMENTS) - 1)]
        self._place()

    def fit(self) -> None:
        """Not enlarged."""
        self._enlargement = 1.0
        self._place()

    def stand_upright(self) -> None:
        """Neither turned nor enlarged, as every item begins."""
        self._turns = 0
        self.fit()

    def pan(self, right: float, down: float) -> None:
        """Show another part of an enlarged picture: by shares of the upright picture."""
        x, y = self._centre
        self._centre = min(max(x + right, 0.0), 1.0), min(max(y + down, 0.0), 1.0)
        self._place()

    def _place(self) -> None:
        if self._enlargement == 1.0:
            self._centre = (0.5, 0.5)
        else:
            seen = self.visible()  # kept inside, so that the way back begins at once
            self._centre = seen.x + seen.width / 2, seen.y + seen.height / 2
        self.update()
        self.placed.emit()

    # geometry

    @property
    def place(self) -> PicturePlace:
        room = QRectF(self.rect())
        return PicturePlace(room, self._aspect, self._turns, self._enlargement, self._centre, self._scale)

    def picture_rect(self) -> QRectF:
        """Where the whole picture lies, turned as it is, in this widget's coordinates."""
        return self.place.rect()

    def pixel_size(self, *, enlarged: bool = False) -> QSize:
        """How many device pixels the upright picture covers, fitted into the room or `enlarged` as it is."""
        size, ratio = self.place.upright_size(), self.devicePixelRatioF()
        if not enlarged:
            ratio /= self._enlargement
        return QSize(max(1, round(size.width() * ratio)), max(1, round(size.height() * ratio)))

    def visible(self) -> Region:
        """The part of the upright picture that can be seen."""
        return self.place.visible()

    @property
    def aspect(self) -> float:
        """Width over height of the upright picture."""
        return self._aspect

    def share_at(self, at: QPointF) -> tuple[float, float]:
        """A point of this widget in shares of the picture, clamped to it."""
        return self.place.share_at(at)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._drag = event.position() if self._enlargement > 1.0 else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._drag = None
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag is None or not event.buttons():
            self.pointerMoved.emit(*self.share_at(event.position()))
            return
        (x, y), (old_x, old_y) = self.share_at(event.position()), self.share_at(self._drag)
        self._drag = event.position()
        self.pan(old_x - x, old_y - y)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if self._frames and event.angleDelta().y():
            self.enlarge(1 if event.angleDelta().y() > 0 else -1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is None or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            super().keyPressEvent(event)
        else:
            self.nudged.emit(*self.place.direction(*step))

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
        region, place = self._frames[level].region or WHOLE, self.place
        width, height = place.upright_size().toTuple()
        target = QRectF(region.x * width, region.y * height, region.width * width, region.height * height)
        image = self._images[level]
        painter.save()
        painter.setClipRect(place.window(), Qt.ClipOperation.IntersectClip)
        painter.setTransform(place.transform(), True)
        if level is Level.LENS:
            edge = QPainterPath()
            edge.addRoundedRect(target, theme.radius(), theme.radius())
            painter.save()
            painter.setClipPath(edge, Qt.ClipOperation.IntersectClip)
            painter.drawImage(target, image)
            painter.restore()
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.colour("accent"), theme.px(2)))
            painter.drawPath(edge)
        else:
            painter.drawImage(target, image)
        painter.restore()

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
