"""Numbered pictures of the windows: 01-unlock.png, 02-queue.png, ..."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from reviewer.demo.driver import TourFailed


class Screenshots:
    """Writes into one folder, counting up. The pictures show synthetic patterns only and go where the user asked."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._taken: list[str] = []
        folder.mkdir(parents=True, exist_ok=True)

    @property
    def taken(self) -> tuple[str, ...]:
        """File names in the order they were taken."""
        return tuple(self._taken)

    def take(self, window: QWidget, name: str) -> Path:
        """Grab the window as it is painted now. TourFailed if there is nothing on it or it cannot be written."""
        picture = window.grab().toImage()
        if _is_one_colour(picture):
            raise TourFailed(f"The picture of {name!r} would show an empty window.")
        path = self._folder / f"{len(self._taken) + 1:02d}-{name}.png"
        if not picture.save(str(path)):
            raise TourFailed("A picture could not be written to the tour's folder.")
        self._taken.append(path.name)
        return path


def _is_one_colour(picture: QImage) -> bool:
    small = picture.scaled(
        QSize(48, 32), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation
    )
    colours = {small.pixel(x, y) for x in range(small.width()) for y in range(small.height())}
    return len(colours) <= 1
