"""The ladder of levels: where the picture is, what may be asked for, and by which key."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.key_cap import key_cap_width, paint_key_cap
from reviewer.ui.plain_label import plain_tip


class LadderStep(QAbstractButton):
    """One level with its key. Checked is the level shown; `waiting` is one asked for and not yet here."""

    def __init__(self, level: Level, words: str, key: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.level = level
        self.key = key
        self._short = (words, str(int(level) + 1))
        self._compact = False
        self._waiting = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        self.setText(words)
        self.setAccessibleName(self.tr("{level}, key {key}").format(level=words, key=self.key))
        self.updateGeometry()
        self.update()

    def say(self, words: str) -> None:
        """Other words, in narrow windows too."""
        self._short = (words, self._short[1])
        self.set_words(words)

    def set_compact(self, compact: bool) -> None:
        """Fewer words and less room around them, for narrow windows."""
        self._compact = compact
        self.updateGeometry()
        self.update()

    def _says(self) -> tuple[str, str, int]:
        """Words, key cap, room beside them in pixels."""
        return (*self._short, theme.px(9)) if self._compact else (self.text(), self.key, theme.px(12))

    def set_waiting(self, waiting: bool) -> None:
        self._waiting = waiting
        self.update()

    def nextCheckState(self) -> None:
        """A click asks; only what is really shown checks a step."""

    def sizeHint(self) -> QSize:
        words, key, pad = self._says()
        width = QFontMetrics(theme.font("base", QFont.Weight.DemiBold)).horizontalAdvance(words)
        return QSize(width + 2 * pad + theme.px(8) + key_cap_width(key), theme.px(32))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            usable = self.isEnabled()
            if self.isChecked():
                painter.fillRect(self.rect(), theme.colour("accent_ground"))
            elif self.underMouse() and usable:
                painter.fillRect(self.rect(), theme.colour("raised"))
            font = theme.font("base", QFont.Weight.DemiBold if self.isChecked() else QFont.Weight.Normal)
            font.setStrikeOut(not usable)
            painter.setFont(font)
            painter.setPen(theme.colour("text" if self.isChecked() else "dim"))
            words, key, pad = self._says()
            room = QRectF(self.rect()).adjusted(pad, 0, -pad, 0)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            ground, ink = theme.colour("raised"), theme.colour("dim")
            paint_key_cap(painter, room.right(), self.height() / 2, key, ground=ground, ink=ink)
            if self._waiting or self.hasFocus():
                style = Qt.PenStyle.DotLine if self._waiting else Qt.PenStyle.SolidLine
                painter.setPen(QPen(theme.colour("accent"), theme.px(1.5), style))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                inset = theme.px(3)
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), inset, inset)


class Ladder(QWidget):
    """Five steps in one frame. `chosen` asks for a Level; `show_level` says what is shown."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("How much is shown"))
        row = QHBoxLayout(self)
        theme.space(row, (1, 1, 1, 1), 1)
        self._steps: dict[Level, LadderStep] = {}
        for level, words, key in (
            (Level.FACTS, self.tr("Facts"), "1"),
            (Level.BLURRED, self.tr("Blurred"), "2"),
            (Level.DRAWING, self.tr("Drawing"), "3"),
            (Level.LENS, self.tr("Lens"), self.tr("hold 4")),
            (Level.CLEAR, self.tr("Clear"), "5"),
        ):
            step = LadderStep(level, words, key, self)
            step.clicked.connect(lambda _=False, asked=level: self.chosen.emit(asked))
            row.addWidget(step)
            self._steps[level] = step
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def step(self, level: Level) -> LadderStep:
        return self._steps[level]

    def set_clear_seconds(self, seconds: float) -> None:
        self._steps[Level.CLEAR].set_words(self.tr("Clear, {seconds:g} s").format(seconds=seconds))

    def speak_of_sound(self, sound: bool) -> None:
        """The steps of what is listened to have other words."""
        words = (self.tr("Waveform"), self.tr("Muffled")) if sound else (self.tr("Blurred"), self.tr("Drawing"))
        for level, said in zip((Level.BLURRED, Level.DRAWING), words, strict=True):
            self._steps[level].say(said)
        if sound:
            self._steps[Level.CLEAR].set_words(self.tr("Clear"))

    def set_compact(self, compact: bool) -> None:
        for step in self._steps.values():
            step.set_compact(compact)

    def allow(self, highest: Level, reason: str, lacking: Mapping[Level, str] | None = None) -> None:
        """Steps above `highest` are shown but not offered; their tooltip says why.

        `lacking` has steps that this kind of item does not have, and why.
        """
        for level, step in self._steps.items():
            why = (lacking or {}).get(level, "") or (reason if level > highest else "")
            step.setEnabled(not why)
            step.setToolTip(plain_tip(why))
            step.setAccessibleDescription(why)

    def show_level(self, level: Level, waiting: Level | None = None) -> None:
        for at, step in self._steps.items():
            step.setChecked(at is level)
            step.set_waiting(at is waiting and at is not level)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            edge = QPainterPath()
            edge.addRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), theme.radius(), theme.radius())
            painter.fillPath(edge, theme.colour("panel"))
            painter.setPen(QPen(theme.colour("line"), theme.px(1)))
            painter.drawPath(edge)
            steps = list(self._steps.values())
            for step in steps[1:]:
                x = step.geometry().left() - 0.5
                painter.drawLine(round(x), 1, round(x), self.height() - 2)
