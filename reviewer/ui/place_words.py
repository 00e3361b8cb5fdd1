"""What is written over a picture: who looks, at which item, and how it is turned and enlarged."""

from __future__ import annotations

from PySide6.QtCore import QObject

from reviewer.ui.protected_view import ProtectedView


class PlaceWords(QObject):
    def __init__(self, view: ProtectedView) -> None:
        super().__init__(view)
        self._view = view
        self._words = "", ""
        view.placed.connect(self._say)

    def set_words(self, watermark: str, chip: str) -> None:
        """Said from when the picture is placed next."""
        self._words = watermark, chip

    def _say(self) -> None:
        """The chip says how the picture is turned and enlarged: nobody takes it for the picture itself."""
        watermark, chip = self._words
        parts = [chip]
        if chip and self._view.enlargement > 1.0:
            parts.append(self.tr("{times:g}× larger").format(times=self._view.enlargement))
        if chip and self._view.turns:
            parts.append(self.tr("turned {degrees}°").format(degrees=self._view.turns * 90))
        self._view.set_words(watermark, " · ".join(parts))
