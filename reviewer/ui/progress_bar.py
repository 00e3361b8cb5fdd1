"""How far a long piece of work is: words, and a bar that only repeats them."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.handoff_ports import Progress
from reviewer.ui.handoff_words import phase_words
from reviewer.ui.plain_label import plain_label


class _Bar(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.share = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(theme.px(160), theme.px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            box, half = QRectF(self.rect()), self.height() / 2
            shape = QPainterPath()
            shape.addRoundedRect(box, half, half)
            painter.setClipPath(shape)
            painter.fillRect(box, theme.colour("raised"))
            painter.fillRect(QRectF(0, 0, box.width() * self.share, box.height()), theme.colour("accent"))


class ProgressBar(QWidget):
    """A screen reader is told of each phase once, not of every byte."""

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._phase = ""
        self.words = plain_label("", "", self)
        self._bar = _Bar(self)
        column = QVBoxLayout(self)
        theme.space(column, gap=6)
        column.addWidget(self.words)
        column.addWidget(self._bar)
        self.hide()

    def begin(self, words: str) -> None:
        self._phase = ""
        self._bar.share = 0.0
        self.words.setText(words)
        self.setAccessibleDescription(words)
        self.show()

    def tell(self, progress: Progress) -> None:
        self._bar.share = min(max(progress.done / progress.total, 0.0), 1.0) if progress.total > 0 else 0.0
        self._bar.update()
        words = phase_words(progress)
        self.words.setText(words[:1].upper() + words[1:])
        self.setAccessibleDescription(words)
        if progress.phase != self._phase:
            self._phase = progress.phase
            announce(self, words)

    def say(self, words: str) -> None:
        self.words.setText(words)
        announce(self, words)
