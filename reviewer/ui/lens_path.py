"""Where the lens is: a square on the picture that follows the pointer or the arrow keys, and never leaves it."""

from __future__ import annotations

from reviewer.media.frames import Region


class LensPath:
    """`share` is the lens's side as a share of the picture's long side; points are in shares of the upright picture."""

    def __init__(self, share: float = 0.22) -> None:
        self.share = share
        self._aspect = 1.0
        self._x = 0.5
        self._y = 0.5

    def fit(self, share: float, aspect: float) -> None:
        """A picture `aspect` times as wide as high; the lens stays where it is, as far as it fits."""
        self.share = share
        self._aspect = aspect

    def move_to(self, x: float, y: float) -> None:
        half_width, half_height = (side / 2 for side in self._sides())
        self._x = min(max(x, half_width), 1.0 - half_width)
        self._y = min(max(y, half_height), 1.0 - half_height)

    def nudge(self, steps_x: int, steps_y: int) -> None:
        """Move by quarters of the lens, so that two looks overlap."""
        width, height = self._sides()
        self.move_to(self._x + steps_x * width / 4, self._y + steps_y * height / 4)

    @property
    def region(self) -> Region:
        width, height = self._sides()
        x = min(max(self._x - width / 2, 0.0), 1.0 - width)
        y = min(max(self._y - height / 2, 0.0), 1.0 - height)
        return Region(x, y, width, height)

    def _sides(self) -> tuple[float, float]:
        if self._aspect >= 1.0:
            return self.share, min(self.share * self._aspect, 1.0)
        return min(self.share / self._aspect, 1.0), self.share
