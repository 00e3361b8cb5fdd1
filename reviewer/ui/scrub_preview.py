"""A small veiled picture above the scrub bar: what is at the place the pointer or a key is at, and at what time."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHideEvent, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from reviewer.media.frames import Frame
from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.chips import chip_rect, paint_chip
from reviewer.ui.frame_image import image_over
from reviewer.ui.frame_requests import FrameRequests, Request, wipe_all
from reviewer.ui.item_ports import OpenItem
from reviewer.ui.item_words import clock_words

CHANNEL = "preview"
WIDTH, HEIGHT = 168, 96


class ScrubPreview(QWidget):
    """Lies over its parent, hidden until `show_at`. One request under way, the latest place wins; BLURRED and no more.

    Its frame is wiped when it is replaced and when the preview goes. `changed` when `level` may be another.
    """

    changed = Signal()

    def __init__(self, requests: FrameRequests, parent: QWidget) -> None:
        super().__init__(parent)
        self._requests = requests
        self._over = parent
        self._frame: Frame | None = None
        self._image: QImage | None = None
        self._at_s = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(self.tr("Veiled preview"))
        theme.size(self, width=WIDTH, height=HEIGHT)
        self.hide()

    @property
    def frame(self) -> Frame | None:
        return self._frame

    @property
    def level(self) -> Level:
        """What it shows; FACTS while it shows nothing."""
        return Level.FACTS if self._frame is None else self._frame.level

    def show_at(self, opened: OpenItem, at_s: float, above: QPoint) -> None:
        """The picture nearest to `at_s`; `above` is the point of the screen it stands over."""
        self._at_s = at_s
        at, room = self._over.mapFromGlobal(above), self._over.width() - self.width() - theme.px(4)
        left = min(max(at.x() - self.width() // 2, theme.px(4)), max(room, 0))
        self.move(left, max(at.y() - self.height() - theme.px(6), 0))
        self.raise_()
        self.show()
        self.update()
        self._requests.ask(
            CHANNEL, Request(lambda: [opened.blurred(at_s=at_s, quick=True)], self._arrived, lambda _error: None)
        )

    def dismiss(self) -> None:
        """Away, wiped, and what is on its way will be."""
        self._requests.forget(CHANNEL)
        self.hide()

    def hideEvent(self, event: QHideEvent) -> None:
        if self._frame is not None:
            self._wipe()
            self.changed.emit()
        super().hideEvent(event)

    def _arrived(self, frames: list[Frame]) -> None:
        (frame,) = frames
        if frame.level > Level.BLURRED or self.isHidden():
            wipe_all(frames)
            return
        self._wipe()
        self._image, self._frame = image_over(frame), frame
        self.update()
        self.changed.emit()

    def _wipe(self) -> None:
        self._image = None
        if self._frame is not None:
            self._frame.wipe()
        self._frame = None

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            shape = QPainterPath()
            shape.addRoundedRect(box, theme.radius(), theme.radius())
            painter.fillPath(shape, theme.colour("card"))
            painter.save()
            painter.setClipPath(shape)
            if self._image is not None:
                share = min(box.width() / self._image.width(), box.height() / self._image.height())
                width, height = self._image.width() * share, self._image.height() * share
                middle = box.center()
                painter.drawImage(QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height), self._image)
            painter.restore()
            painter.setPen(QPen(theme.colour("line"), 1))
            painter.drawPath(shape)
            words = clock_words(self._at_s)
            chip = chip_rect(words, box.width())
            chip.moveBottomLeft(box.bottomLeft() + QPointF(theme.px(4), -theme.px(4)))
            paint_chip(painter, chip, words)
