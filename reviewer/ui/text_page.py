"""A text in the viewer: what it is made of, the field to find words, the lines, and who looks."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.media.outlines import MASK, TextOf, TextOutline, sender_label
from reviewer.model.levels import Level
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.chips import chip_rect, paint_countdown
from reviewer.ui.elided_label import ElidedLabel
from reviewer.ui.find_bar import FindBar
from reviewer.ui.key_button import KeyButton
from reviewer.ui.line_marks import LineMarks
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.text_desk import TextDesk
from reviewer.ui.text_view import TextView
from reviewer.ui.wording import countdown_words, level_words

_NAME_CHARS = 40
"""Of a name that is not alone; the lens shows it whole."""
_ISOLATED = "\u2068{}\u2069"  # a name written from right to left leaves what is around it where it is


class _Countdown(QWidget):
    """How long the words stay; takes its room even while it is empty, so that nothing jumps."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._words = ""
        self._left = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, words: str, left: float) -> None:
        if words != self._words:
            self._words = words
            self.updateGeometry()
        self._left = left
        self.update()

    def sizeHint(self) -> QSize:
        rect = chip_rect(self._words, 10_000.0)
        return QSize(round(rect.width()) + 1 if self._words else 0, round(rect.height()) + theme.px(8))

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._words:
            with QPainter(self) as painter:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                paint_countdown(painter, QPointF(0, 0), self._words, self._left)


class TextPage(QWidget):
    """`desk` is what the viewer drives; this page shows and asks."""

    def __init__(self, jobs: Jobs, parent: QWidget | None = None, *, of: TextOf = TextOf.ITEM) -> None:
        super().__init__(parent)
        self.view = TextView(self)
        self.desk = TextDesk(jobs, self.view, of)
        self.line_marks = LineMarks(self.view)
        self.find_bar = FindBar(self.desk, self)
        self._made_of = ElidedLabel("dim", self)
        self._names_are_up = False
        self._how = ElidedLabel("dim", self)
        self._countdown = _Countdown(self)
        self._watermark = PlainLabel(parent=self)
        theme.role(self._watermark, "dim")
        self._reported = KeyButton("", "H", parent=self)
        self._terms = KeyButton(self.tr("Masked words"), "T", parent=self)
        self._find = KeyButton(self.tr("Find"), "Ctrl F", parent=self)
        head = QHBoxLayout()
        theme.space(head, gap=12)
        head.addWidget(self._made_of, 1)
        head.addWidget(self._countdown)
        head.addWidget(self._watermark)
        foot = QHBoxLayout()
        theme.space(foot, gap=8)
        for button in (self._reported, self._terms, self._find):
            foot.addWidget(button)
        foot.addWidget(self._how, 1)
        column = QVBoxLayout(self)
        theme.space(column, gap=8)
        column.addLayout(head)
        column.addWidget(self.find_bar)
        column.addWidget(self.view, 1)
        column.addLayout(foot)
        self._connect()
        self._refresh()

    def _connect(self) -> None:
        self._reported.clicked.connect(self.desk.next_reported)
        self._terms.clicked.connect(self.desk.toggle_terms)
        self._find.clicked.connect(self.find_words)
        self.find_bar.closed.connect(self.view.setFocus)
        self.desk.changed.connect(self._refresh)
        self.desk.clock.ticked.connect(self._count_down)

    def set_words(self, watermark: str) -> None:
        """Who looks."""
        self._watermark.setText(watermark)

    def find_words(self) -> None:
        """Look for words in the text, which stays veiled. At FACTS it is shown as bars first."""
        if self.desk.highest >= Level.BLURRED:
            if self.desk.rest is Level.FACTS:
                self.desk.settle(Level.BLURRED)
            self.find_bar.begin()

    def close_item(self) -> None:
        """Let go of everything: words, marks, and what was looked for."""
        self.find_bar.close_bar()
        self.desk.close()
        self.set_words("")

    def _refresh(self) -> None:
        outline = self.desk.outline
        self._say_head(outline, self.desk.names)
        self.view.set_hint(
            self.tr("Opening, veiled …") if outline is None else self.tr("There is nothing written here.")
        )
        reported = 0 if outline is None else sum(line.reported for line in outline.lines)
        self._reported.setVisible(reported > 0)
        self._reported.set_words(self.tr("Reported: {count}").format(count=reported))
        self._terms.setVisible(outline is not None and any(line.masked for line in outline.lines))
        self._terms.setEnabled(self.desk.can_show_terms)
        self._terms.set_words(self.tr("Mask words again") if self.desk.terms_shown else self.tr("Masked words"))
        self.view.setAccessibleName(self.tr("Text: {level}").format(level=level_words(self.desk.shown)))
        self._how.say(self._how_to_read(outline, self.desk.names))
        if not self.desk.clock.running:
            self._countdown.say("", 0.0)

    def _count_down(self, seconds: int, left: float) -> None:
        self._countdown.say(countdown_words(self.desk.revealing or Level.CLEAR, seconds), left)

    def _how_to_read(self, outline: TextOutline | None, names: Mapping[int, str]) -> str:
        if any(MASK in name for name in names.values()):
            return self.tr("Masked words in a sender's name stay masked")
        readable = outline is not None and self.desk.highest >= Level.LENS
        return self.tr("Hold 4 to read the marked line") if readable else ""

    def _say_head(self, outline: TextOutline | None, names: Mapping[int, str]) -> None:
        """What the text is made of; while it is revealed, who wrote it."""
        if outline is None:
            self._made_of.say("")
        elif names:
            self._made_of.say(self._who(outline, names), tip=False)
        else:
            self._made_of.say(self._what_it_is(outline))
        if self._names_are_up:
            self._made_of.repaint()  # now: what was painted lies in the window's own buffer too
        self._names_are_up = bool(names)

    def _who(self, outline: TextOutline, names: Mapping[int, str]) -> str:
        """A Rosemary · B Basil · 3 more"""
        parts = []
        for number, name in names.items():
            short = name if len(names) == 1 or len(name) <= _NAME_CHARS else f"{name[: _NAME_CHARS - 1]}…"
            parts.append(f"{sender_label(number)} {_ISOLATED.format(short)}")
        more = len({line.sender for line in outline.lines if line.sender}) - len(names)
        if more > 0 and self.desk.revealing is Level.CLEAR:
            parts.append(self.tr("{count} more").format(count=more))
        return " · ".join(parts)

    def _what_it_is(self, outline: TextOutline) -> str:
        """428 messages · 2 senders · 2 attachments · utf-8"""
        senders = len({line.sender for line in outline.lines if line.sender})
        count = len(outline.lines)
        if senders:
            parts = [
                self.tr("{count} messages").format(count=count) if count != 1 else self.tr("1 message"),
                self.tr("{count} senders").format(count=senders) if senders != 1 else self.tr("1 sender"),
            ]
        else:
            parts = [self.tr("{count} lines").format(count=count) if count != 1 else self.tr("1 line")]
        if outline.truncated:
            parts.append(self.tr("longer than is shown here"))
        if outline.parts:
            words = self.tr("1 attachment") if outline.parts == 1 else self.tr("{count} attachments")
            parts.append(words.format(count=outline.parts))
        parts.append(outline.encoding)
        return " · ".join(part for part in parts if part)
