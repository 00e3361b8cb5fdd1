"""The veiled lines of a text or a chat: bars of their length, and the words of those lines that were revealed."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import contextmanager

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTextLayout
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from reviewer.media.outlines import LineOutline, TextOutline
from reviewer.ui import theme
from reviewer.ui.text_layout import LineLayout, Measures
from reviewer.ui.text_paint import (
    Marks,
    Place,
    laid_out,
    natural_span,
    paint_bubble,
    paint_gutter,
    paint_veiled,
    paint_words,
    row_height,
    words_height,
)

MOST_ROW_CHARS = 96  # longer rows are hard to read
MOST_CHAT_WIDTH = 1000  # wider, and the two sides of a conversation lose each other
_STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class TextView(QAbstractScrollArea):
    """Paints only what is in view. The words it holds are those in `shown`; nothing can be selected or copied.

    It asks and never decides: `stepped` by so many lines, `pointed` at a line by the pointer, `clicked` a line,
    `scrolled` when other lines came into view.
    """

    stepped = Signal(int)
    pointed = Signal(int)
    clicked = Signal(int)
    scrolled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: tuple[LineOutline, ...] = ()
        self._layout: LineLayout | None = None
        self._words: dict[int, QTextLayout] = {}
        self._hits: frozenset[int] = frozenset()
        self._relevant: frozenset[int] = frozenset()
        self._focus = 0
        self._chat = False
        self._two = False
        self._open_terms: int | None = None
        self._hint = ""
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Text, veiled"))
        self.viewport().setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().valueChanged.connect(lambda _value: self.scrolled.emit())
        theme.size(self, min_width=240, min_height=120)

    # lines and words

    @property
    def count(self) -> int:
        return len(self._lines)

    @property
    def shown(self) -> Mapping[int, str]:
        """The words that lie here, by line."""
        return {line: layout.text() for line, layout in self._words.items()}

    @property
    def reveals(self) -> bool:
        return bool(self._words)

    def holds(self, line: int) -> bool:
        """The words of this line lie here."""
        return line in self._words

    def set_outline(self, outline: TextOutline | None) -> None:
        """The shape of a text; None takes everything away."""
        self._words = {}
        self._lines = outline.lines if outline is not None else ()
        self._chat = any(line.sender for line in self._lines)
        self._two = len({line.sender for line in self._lines if line.sender}) == 2
        self._hits = frozenset()
        self._open_terms = None
        self._focus = next((at for at, line in enumerate(self._lines) if line.reported), 0)
        self._fit()
        self.verticalScrollBar().setValue(0)
        self.set_focus_line(self._focus)
        self.viewport().repaint()

    def put_words(self, words: Mapping[int, str]) -> None:
        """Show the words of these lines."""
        if self._layout is None:
            return
        width = self._layout.measures.text_width
        made = {line: laid_out(said, width) for line, said in words.items() if 0 <= line < len(self._lines)}
        self._words |= made
        with self._anchored():
            self._layout.grow({line: words_height(layout) for line, layout in made.items()})
        self.viewport().update()

    def drop_words(self, kept: Container[int] = ()) -> None:
        """Let go of all words but those of `kept`. They are off the screen before this returns."""
        gone = [line for line in self._words if line not in kept]
        if not gone:
            return
        for line in gone:
            del self._words[line]
        if self._layout is not None:
            with self._anchored():
                self._layout.shrink(list(self._words))
        self.viewport().repaint()  # now: what was painted lies in the window's own buffer too

    # where the person is

    @property
    def focus_line(self) -> int:
        return self._focus

    def set_focus_line(self, line: int) -> None:
        """Mark a line and bring it into view."""
        if not self._lines:
            self._focus = 0
            return
        self._focus = min(max(line, 0), len(self._lines) - 1)
        self._show_line(self._focus)
        self.setAccessibleDescription(self._said(self._focus))
        self.viewport().update()

    def set_hits(self, lines: Iterable[int]) -> None:
        """Lines in which words were found."""
        self._hits = frozenset(lines)
        self.viewport().update()

    def set_relevant(self, lines: Iterable[int]) -> None:
        """Lines that the decision rests on."""
        self._relevant = frozenset(lines)
        if self._lines:
            self.setAccessibleDescription(self._said(self._focus))
        self.viewport().update()

    def mark_open_terms(self, line: int | None) -> None:
        """The line whose masked terms are shown."""
        self._open_terms = line
        self.viewport().update()

    def set_hint(self, words: str) -> None:
        """Words in the middle while there are no lines."""
        self._hint = words
        self.viewport().update()

    def visible_lines(self) -> range:
        """Lines of which some of it is in view."""
        if self._layout is None:
            return range(0)
        top = self.verticalScrollBar().value() - self._lead()
        return self._layout.between(top, top + self.viewport().height())

    def _show_line(self, line: int) -> None:
        if self._layout is None:
            return
        bar, margin = self.verticalScrollBar(), theme.px(24)
        top = self._lead() + self._layout.top(line)
        bottom = top + self._layout.height(line)
        if top - margin < bar.value():
            bar.setValue(round(top - margin))
        elif bottom + margin > bar.value() + self.viewport().height():
            bar.setValue(round(min(bottom + margin - self.viewport().height(), top - margin)))

    def _said(self, number: int) -> str:
        """A line for those who hear it: everything but its words."""
        line = self._lines[number]
        parts = [self.tr("Line {number} of {count}").format(number=number + 1, count=len(self._lines))]
        if line.sender:
            parts.append(self.tr("from {sender}").format(sender=line.sender))
        if line.at:
            parts.append(line.at)
        parts.append(self.tr("{length} characters").format(length=line.length))
        if line.masked:
            parts.append(self.tr("{masked} masked").format(masked=line.masked))
        if line.reported:
            parts.append(self.tr("reported"))
        if number in self._hits:
            parts.append(self.tr("found"))
        if number in self._relevant:
            parts.append(self.tr("marked as relevant"))
        return ", ".join(parts)

    # geometry

    def _lead(self) -> int:
        return theme.px(12)

    def _wide(self) -> float:
        """How much of the width lines may use; what is left lies beside them."""
        wide = self.viewport().width()
        return float(min(wide, theme.px(MOST_CHAT_WIDTH)) if self._chat else wide)

    def _gutter_width(self) -> float:
        metrics = QFontMetricsF(theme.font("small"))
        if not self._chat:
            return metrics.horizontalAdvance(str(max(len(self._lines), 100))) + theme.px(10)
        widest = max((metrics.horizontalAdvance(line.at) for line in self._lines[:200]), default=0.0)
        return min(widest, theme.px(130), self.viewport().width() * 0.28) + theme.px(14)

    def _measures(self) -> Measures:
        metrics = QFontMetricsF(theme.font())
        char = metrics.averageCharWidth() * 1.06
        gutter = self._gutter_width()
        room = self._wide() - gutter - 2 * theme.px(14)
        if self._chat:
            room = (room - 2 * theme.px(30)) * 0.8 - 2 * theme.px(12)
        width = max(min(room, MOST_ROW_CHARS * char), 8 * char)
        padding, gap = (theme.px(5), theme.px(6)) if self._chat else (theme.px(1), theme.px(1))
        return Measures(gutter, char, row_height(), width, padding, gap)

    def _fit(self) -> None:
        """Lay everything out anew."""
        with self._anchored():
            self._layout = LineLayout(self._lines, self._measures()) if self._lines else None
            if self._layout is not None:
                width = self._layout.measures.text_width
                self._words = {line: laid_out(held.text(), width) for line, held in self._words.items()}
                self._layout.grow({line: words_height(held) for line, held in self._words.items()})

    @contextmanager
    def _anchored(self) -> Iterator[None]:
        """Whatever heights change in here, the line at the top of the view stays where it is."""
        before, bar, lead = self._layout, self.verticalScrollBar(), self._lead()
        at = before.line_at(bar.value() - lead) if before is not None else 0
        inside = bar.value() - before.top(at) if before is not None else 0.0
        yield
        self._bound()
        if before is not None and self._layout is not None and at < len(self._layout) and bar.value():
            bar.setValue(round(self._layout.top(at) + inside))

    def _bound(self) -> None:
        bar, high = self.verticalScrollBar(), self.viewport().height()
        total = self._layout.total + 2 * self._lead() if self._layout is not None else 0.0
        bar.setRange(0, max(0, round(total - high)))
        bar.setPageStep(max(high - theme.px(40), 1))
        bar.setSingleStep(round(row_height()))

    def _place(self, number: int, measures: Measures) -> Place:
        assert self._layout is not None
        line, held = self._lines[number], self._words.get(number)
        y = self._lead() + self._layout.top(number) - self.verticalScrollBar().value()
        high, side = self._layout.height(number), (self.viewport().width() - self._wide()) / 2
        wide = self._wide() + side
        whole = QRectF(side, y, self._wide(), high)
        first = min(high, measures.row_height + 2 * measures.padding)
        gutter = QRectF(side + theme.px(14), y, measures.gutter - theme.px(14), first)
        pad, badge_width = theme.px(12), theme.px(26)
        if not self._chat:
            bubble = QRectF(measures.gutter + theme.px(8), y, wide - measures.gutter - theme.px(16), high)
            words = QRectF(bubble.left() + theme.px(8), y + measures.padding, measures.text_width, high)
            return Place(whole, gutter, bubble, words, None, False)
        rows = self._layout.row_widths(number)
        begins, ends = natural_span(held) if held is not None else (0.0, 0.0)
        inner = min(max(max(rows, default=0.0), ends - begins, theme.px(16)), measures.text_width)
        mirrored = self._two and line.sender == "B"
        left = wide - theme.px(14) - badge_width - inner - 2 * pad if mirrored else side + measures.gutter + badge_width
        bubble = QRectF(left, y, inner + 2 * pad, high)
        badge = QRectF(bubble.right() if mirrored else left - badge_width, y, badge_width, first)
        shift = inner - ends if begins > 1.0 else -begins  # what is written from right to left begins at the right
        words = QRectF(left + pad + shift, y + measures.padding, inner, high)
        return Place(whole, gutter, bubble, words, badge, mirrored)

    def line_under(self, at: QPointF) -> int:
        if self._layout is None:
            return 0
        return self._layout.line_at(at.y() + self.verticalScrollBar().value() - self._lead())

    def sizeHint(self) -> QSize:
        return QSize(theme.px(760), theme.px(520))

    # events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        bar, before = self.verticalScrollBar(), event.oldSize().height()
        in_view = self._layout is not None and self._inside(self._focus, bar.value(), before)
        self._fit()
        if in_view:
            self._show_line(self._focus)
        self.scrolled.emit()

    def _inside(self, line: int, top: int, high: int) -> bool:
        """A line lies at least in part in a view of height `high` scrolled to `top`."""
        assert self._layout is not None
        y = self._lead() + self._layout.top(line)
        return line < len(self._layout) and y < top + high and y + self._layout.height(line) > top

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._fit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._lines:
            self.pointed.emit(self.line_under(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self._lines:
            self.clicked.emit(self.line_under(event.position()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _STEPS.get(Qt.Key(event.key()))
        if step is not None and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.stepped.emit(step)
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.stepped.emit(len(self._lines) if event.key() == Qt.Key.Key_End else -len(self._lines))
        else:
            event.ignore()

    def turn(self, pages: int) -> None:
        """So many windows full down, or up."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pages * bar.pageStep())

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self.viewport()) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.colour("panel"))
            painter.drawRoundedRect(self.viewport().rect(), theme.radius("panel"), theme.radius("panel"))
            if self._layout is None:
                painter.setPen(theme.colour("dim"))
                painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self._hint)
                return
            measures = self._layout.measures
            for number in self.visible_lines():
                self._paint_line(painter, number, measures)

    def _paint_line(self, painter: QPainter, number: int, measures: Measures) -> None:
        assert self._layout is not None
        line, place = self._lines[number], self._place(number, measures)
        marks = Marks(number == self._focus, number in self._hits, number == self._open_terms, number in self._relevant)
        paint_bubble(painter, place, line, marks)
        paint_gutter(painter, place, number, line, chat=self._chat)
        held = self._words.get(number)
        if held is not None:
            paint_words(painter, place, held)
        else:
            paint_veiled(painter, place, line, self._layout.row_widths(number), measures.char_width)
