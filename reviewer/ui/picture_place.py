"""Where an upright picture lies in a room: fitted, turned by quarters, enlarged about a point. Pure geometry."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

from reviewer.media.frames import Region

ENLARGEMENTS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)


@dataclass(frozen=True, slots=True)
class PicturePlace:
    """`aspect` is the upright picture's width over height; `turns` are quarters clockwise.

    `centre` is the point in shares of the upright picture that lies in the middle of the room, as far as the enlarged
    picture still covers the room. `scale` is the share of each side of the room that may be used (0.5: a quarter).
    """

    room: QRectF
    aspect: float
    turns: int = 0
    enlargement: float = 1.0
    centre: tuple[float, float] = (0.5, 0.5)
    scale: float = 1.0

    def window(self) -> QRectF:
        """The part of the room that may be painted."""
        width, height = self.room.width() * self.scale, self.room.height() * self.scale
        middle = self.room.center()
        return QRectF(middle.x() - width / 2, middle.y() - height / 2, width, height)

    def rect(self) -> QRectF:
        """The whole picture as it lies turned; larger than the window where it is enlarged."""
        window = self.window()
        aspect = 1 / self.aspect if self.turns % 2 else self.aspect
        width = min(window.width(), window.height() * aspect) * self.enlargement
        height = width / aspect
        across, down = self._turned(*self.centre)
        left = _placed(window.left(), window.width(), width, across)
        top = _placed(window.top(), window.height(), height, down)
        return QRectF(left, top, width, height)

    def upright_size(self) -> QSizeF:
        """Width and height of the whole picture before it is turned."""
        size = self.rect().size()
        return size.transposed() if self.turns % 2 else size

    def transform(self) -> QTransform:
        """From a picture of `upright_size` with its corner at 0, 0 to where it lies."""
        rect, size = self.rect(), self.upright_size()
        return (
            QTransform()
            .translate(rect.center().x(), rect.center().y())
            .rotate(90.0 * (self.turns % 4))
            .translate(-size.width() / 2, -size.height() / 2)
        )

    def share_at(self, at: QPointF) -> tuple[float, float]:
        """A point of the room in shares of the upright picture, clamped to it."""
        rect = self.rect()
        across = min(max((at.x() - rect.left()) / max(rect.width(), 1.0), 0.0), 1.0)
        down = min(max((at.y() - rect.top()) / max(rect.height(), 1.0), 0.0), 1.0)
        return self._upright(across, down)

    def visible(self) -> Region:
        """The part of the upright picture that lies in the window."""
        seen = self.rect().intersected(self.window())
        one, other = self.share_at(seen.topLeft()), self.share_at(seen.bottomRight())
        (left, right), (top, bottom) = sorted((one[0], other[0])), sorted((one[1], other[1]))
        return Region(left, top, right - left, bottom - top)

    def direction(self, right: int, down: int) -> tuple[int, int]:
        """A step on the screen as a step on the upright picture."""
        for _ in range(self.turns % 4):
            right, down = down, -right
        return right, down

    def _turned(self, x: float, y: float) -> tuple[float, float]:
        for _ in range(self.turns % 4):
            x, y = 1.0 - y, x
        return x, y

    def _upright(self, x: float, y: float) -> tuple[float, float]:
        for _ in range(self.turns % 4):
            x, y = y, 1.0 - x
        return x, y


def _placed(start: float, room: float, length: float, share: float) -> float:
    """Where `length` begins so that `share` of it lies in the middle, without a gap where it can cover the room."""
    if length <= room:
        return start + (room - length) / 2
    return min(max(start + room / 2 - share * length, start + room - length), start)
