"""A circle that grows and shrinks at the pace of slow breathing. Still where motion is off."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from reviewer.ui import theme

IN_S = 4.0
OUT_S = 6.0
FRAME_MS = 50
SIDE = 224
ROOMY = 170  # below so many pixels at scale 1 the letters are smaller
# (radius at rest, share of it that breathes, strength of the accent)
CIRCLES = ((112.0, 0.16, 0.10), (84.0, 0.12, 0.16), (54.0, 0.08, 0.30))


class BreathingGuide(QWidget):
    """Motion follows the person's and the system's preference until `set_motion`; it runs only while seen."""

    def __init__(self, parent: QWidget | None = None, monotonic: Callable[[], float] = time.monotonic) -> None:
        super().__init__(parent)
        self._monotonic = monotonic
        self._wanted: bool | None = None
        self._began = 0.0
        self._side = 0
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self.update)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("A circle to breathe by: four seconds in, six seconds out"))

    def set_motion(self, motion: bool) -> None:
        self._wanted = motion
        if not motion:
            self._timer.stop()
        elif self.isVisible():
            self._timer.start()
        self.update()

    @property
    def _motion(self) -> bool:
        return theme.motion() if self._wanted is None else self._wanted

    def breath(self) -> tuple[bool, float]:
        """(breathing in?, fullness 0.0-1.0) now."""
        at = (self._monotonic() - self._began) % (IN_S + OUT_S)
        if at < IN_S:
            return True, (1 - math.cos(math.pi * at / IN_S)) / 2
        return False, (1 + math.cos(math.pi * (at - IN_S) / OUT_S)) / 2

    def set_side(self, pixels: int) -> None:
        """How large it is, where there is less room than it would take."""
        if pixels != self._side:
            self._side = pixels
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        side = min(self._side, theme.px(SIDE)) or theme.px(SIDE)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def showEvent(self, event: QShowEvent) -> None:
        self._began = self._monotonic()
        if self._motion:
            self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            inward, fullness = self.breath() if self._motion else (True, 1.0)
            centre = QPointF(self.width() / 2, self.height() / 2)
            painter.setPen(Qt.PenStyle.NoPen)
            for radius, swing, strength in CIRCLES:
                ink = QColor(theme.colour("accent"))
                ink.setAlphaF(strength)
                painter.setBrush(ink)
                reach = radius * min(self.width(), self.height()) / SIDE * (1 - swing * (1 - fullness))
                painter.drawEllipse(centre, reach, reach)
            words = self.tr("breathe in") if inward else self.tr("breathe out")
            painter.setFont(theme.font("title" if self.width() >= theme.px(ROOMY) else "base"))
            painter.setPen(theme.colour("text"))
            words = words if self._motion else self.tr("at your pace")
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, words)
