"""See-once notes: what earlier viewers wrote down, so that the next need not look."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QDateTime, QLocale
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from reviewer.model.cases import EarlierNote
from reviewer.model.taxonomy import Taxonomy, words_of
from reviewer.ui import theme
from reviewer.ui.card import Card, Surface
from reviewer.ui.item_words import message_words, segment_words
from reviewer.ui.key_cap import KeyCap
from reviewer.ui.pill import Pill, Tone
from reviewer.ui.plain_label import PlainLabel, plain_label

SHOWN = 3
MARKS_SHOWN = 6
FOLD_KEY, FOLD_SHOWN = "Shift+N", "Shift N"


class NotesCard(Card):
    """Hidden when there are none. The latest note first, `shown` of them; `toggle` folds the words away and back.

    Labels are said in the words of the policy's taxonomy; one that it does not know any more by its key.
    """

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        surface: Surface = Surface.OUTLINE,
        shown: int = SHOWN,
        key: str = FOLD_SHOWN,
    ) -> None:
        super().__init__(surface, margins=(12, 10, 12, 10), gap=6, parent=parent)
        self.setObjectName("notes")
        self.setAccessibleName(self.tr("Notes of earlier viewers"))
        self._shown = shown
        self._head = PlainLabel(parent=self)
        theme.role(self._head, "strong")
        row = QHBoxLayout()
        theme.space(row, gap=8)
        self._head.setWordWrap(True)
        row.addWidget(self._head, 1)
        row.addWidget(Pill(self.tr("you can decide from these notes"), Tone.ACCENT, self))
        if key:
            row.addWidget(KeyCap(key, self))
        self.column.addLayout(row)
        self._body: list[PlainLabel] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.hide()

    def show_notes(self, notes: tuple[EarlierNote, ...], taxonomy: Taxonomy | None = None) -> None:
        for label in self._body:
            self.column.removeWidget(label)
            label.hide()
            label.deleteLater()
        self._body = []
        latest = sorted(notes, key=lambda note: note.at, reverse=True)
        if latest:
            self._head.setText(self._seen_by(latest[0]))
            self._head.setAccessibleName(self._seen_by(latest[0]))
        for index, note in enumerate(latest[: self._shown]):
            named = f"{note.author}, {_day(note)}: " if index > 0 else ""
            for words in (note.text, self._label_words(note, taxonomy), *self._mark_words(note)):
                if words:
                    self._add(named + words)
        if len(latest) > self._shown:
            self._add(self.tr("Earlier notes not shown here: {count}").format(count=len(latest) - self._shown))
        self.setVisible(bool(latest))

    def toggle(self) -> None:
        """Fold the words away or back; the line that says there are notes stays."""
        for label in self._body:
            label.setHidden(not label.isHidden())

    def _seen_by(self, note: EarlierNote) -> str:
        return self.tr("Seen once by {author}, {day}").format(author=note.author, day=_day(note))

    def _label_words(self, note: EarlierNote, taxonomy: Taxonomy | None) -> str:
        if not note.labels:
            return ""
        choices = taxonomy.labels if taxonomy is not None else ()
        return self.tr("Labels: {labels}").format(labels=", ".join(words_of(choices, key) for key in note.labels))

    def _mark_words(self, note: EarlierNote) -> Iterator[str]:
        if note.segments:
            parts = self._some([segment_words(segment) for segment in note.segments[:MARKS_SHOWN]], len(note.segments))
            yield self.tr("Relevant segments: {segments}").format(segments=parts)
        if note.messages:
            parts = self._some([message_words(mark) for mark in note.messages[:MARKS_SHOWN]], len(note.messages))
            yield self.tr("Relevant messages: {messages}").format(messages=parts)

    def _some(self, parts: list[str], count: int) -> str:
        rest = [self.tr("and {count} more").format(count=count - len(parts))] if count > len(parts) else []
        return "; ".join([*parts, *rest])

    def _add(self, words: str) -> None:
        label = plain_label(words, "dim", self)
        self._body.append(label)
        self.column.addWidget(label)


def _day(note: EarlierNote) -> str:
    moment = QDateTime.fromSecsSinceEpoch(int(note.at.timestamp()))
    return QLocale().toString(moment, "d MMM")
