"""Under the answers of the break page: what is only offered, as quiet words with their keys."""

from __future__ import annotations

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSizePolicy, QWidget

from reviewer.ui import theme
from reviewer.ui.key_button import ButtonKind, KeyButton

GAP = 8


class BreakLinks(QWidget):
    """One row where there is room, two where there is not. `fit` is told how wide the page is."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("breakLinks")
        self.write = self._link(self.tr("Write to a colleague"), "T")
        self.support = self._link(self.tr("Support contacts"), "S")
        self.guide = self._link(self.tr("Breathing guide"), "G")
        self.plain = self._link("", "N")
        self.plain.setCheckable(True)
        self._first = self._row(self.write, self.support, self.guide)
        self._second = self._row(self.plain)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        theme.space(self._box, gap=GAP)
        self._box.addWidget(self._first)
        self._box.addWidget(self._second)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def _link(self, words: str, key: str) -> KeyButton:
        return KeyButton(words, key, kind=ButtonKind.QUIET, parent=self)

    def _row(self, *links: KeyButton) -> QWidget:
        row = QWidget(self)
        line = QHBoxLayout(row)
        theme.space(line, gap=GAP)
        line.addStretch(1)
        for link in links:
            line.addWidget(link)
        line.addStretch(1)
        return row

    def fit(self, width: int) -> None:
        wide = self._first.sizeHint().width() + theme.px(GAP) + self._second.sizeHint().width()
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._box.setDirection(across if wide <= width else down)
        self._box.activate()
        self.updateGeometry()

    def offer_plain(self, words: str, *, there_is: bool) -> None:
        """Whether something without pictures can be had next; where not, the words say so."""
        self.plain.set_words(words)
        self.plain.setEnabled(there_is)
        if not there_is:
            self.plain.setChecked(False)
