"""A button that shows its key."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton, QSizePolicy, QWidget

from reviewer.ui import theme
from reviewer.ui.key_cap import key_cap_width, paint_key_cap


class ButtonKind(Enum):
    """PLAIN stands alone, PRIMARY is the one main action, DANGER hides everything, CHOICE is one of a column.

    QUIET is words and a cap without a ground, for what is only offered beside the rest.
    """

    PLAIN = "plain"
    PRIMARY = "primary"
    DANGER = "danger"
    CHOICE = "choice"
    QUIET = "quiet"


class KeyButton(QPushButton):
    """Words and a key cap; takes focus by Tab only, so that a click never leaves Enter pointing at it.

    A CHOICE is checkable and lays its words left and its cap right; the others centre both.
    """

    def __init__(
        self, words: str, key: str = "", *, kind: ButtonKind = ButtonKind.PLAIN, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._key = self._spoken = key
        self._kind = kind
        self._current = False
        self.setCheckable(kind is ButtonKind.CHOICE)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(
            QSizePolicy.Policy.Expanding if kind is ButtonKind.CHOICE else QSizePolicy.Policy.Preferred,
            QSizePolicy.Policy.Fixed,
        )
        self.set_words(words)

    def set_words(self, words: str) -> None:
        self.setText(words)
        self.setAccessibleName(words)
        if self._spoken:
            self.setAccessibleDescription(self.tr("Key {key}").format(key=self._spoken))
        self.updateGeometry()

    def say_key(self, key: str) -> None:
        """The whole key for a screen reader, where the cap shows none or a part of it because the rest stands near."""
        self._spoken = key
        self.set_words(self.text())

    def set_current(self, current: bool) -> None:
        """Where the arrow keys are in a list that has the focus itself: framed as if it had it."""
        if current is not self._current:
            self._current = current
            self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(self._font())
        width = metrics.horizontalAdvance(self.text()) + theme.px(24)
        if self._key:
            width += key_cap_width(self._key) + theme.px(8)
        return QSize(width, theme.px(32 if self._kind is ButtonKind.CHOICE else 34))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _font(self) -> QFont:
        bold = self._kind is ButtonKind.PRIMARY or (self.isChecked() and self._kind is not ButtonKind.CHOICE)
        return theme.font("base", QFont.Weight.DemiBold if bold else QFont.Weight.Normal)

    def _colours(self) -> tuple[QColor, QColor, QColor, QColor, QColor | None]:
        """Ground, ink, cap ground, cap ink, border."""
        colour = theme.colour
        if self._kind is ButtonKind.QUIET and not self.isChecked():
            bare = colour("raised")
            bare.setAlphaF(0.6 if self.isEnabled() and (self.isDown() or self.underMouse()) else 0.0)
            return bare, colour("dim"), colour("raised"), colour("dim"), None
        if not self.isEnabled():
            return colour("card"), colour("dim"), colour("panel"), colour("dim"), None
        pressed = self.isDown()
        if self._kind is ButtonKind.PRIMARY:
            ground = colour("accent").darker(112) if pressed else colour("accent")
            return ground, colour("on_accent"), colour("accent").darker(125), colour("on_accent"), None
        if self._kind is ButtonKind.DANGER:
            ground = colour("red_ground").lighter(115) if pressed else colour("red_ground")
            edge = colour("red")
            edge.setAlphaF(0.5)
            return ground, colour("red_text"), colour("raised"), colour("text"), edge
        if self.isChecked():
            return colour("accent_ground"), colour("text"), colour("raised"), colour("text"), colour("accent")
        ground = colour("line") if pressed or self.underMouse() else colour("raised")
        return ground, colour("text"), colour("card"), colour("dim"), None

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ground, ink, cap_ground, cap_ink, border = self._colours()
            framed = self.hasFocus() or self._current
            line = theme.px(2) if framed else theme.px(1)
            if framed:
                own = self._kind is ButtonKind.PRIMARY or self.isChecked()  # these have the accent already
                border = theme.colour("text" if own else "accent")
            inset = line / 2 if border is not None else 0.0
            painter.setPen(QPen(border, line) if border is not None else Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, theme.radius(), theme.radius())
            self._paint_words(painter, ink, cap_ground, cap_ink)

    def _paint_words(self, painter: QPainter, ink: QColor, cap_ground: QColor, cap_ink: QColor) -> None:
        font = self._font()
        metrics = QFontMetrics(font)
        pad, gap, cap = theme.px(12), theme.px(8), key_cap_width(self._key)
        words = self.text()
        room = self.width() - 2 * pad - (cap + gap if cap else 0)
        if self._kind is ButtonKind.CHOICE:
            left, right = pad, self.width() - theme.px(10)
        else:
            content = min(metrics.horizontalAdvance(words), room) + (cap + gap if cap else 0)
            left = (self.width() - content) // 2
            right = left + content
        painter.setFont(font)
        painter.setPen(ink)
        words_box = QRectF(left, 0, max(right - left - (cap + gap if cap else 0), 0), self.height())
        painter.drawText(
            words_box,
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            metrics.elidedText(words, Qt.TextElideMode.ElideRight, int(words_box.width()) + 1),
        )
        if self._key:
            paint_key_cap(painter, right, self.height() / 2, self._key, ground=cap_ground, ink=cap_ink)
