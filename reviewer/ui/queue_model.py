"""The queue as Qt sees it: entries in the order they came, and the part of them that matches the search."""

from __future__ import annotations

import time
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from reviewer.model.cases import QueueEntry
from reviewer.ui.wording import entry_words, facts_words, source_words

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
BREATH = 250
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class QueueSnapshot:
    """The queue at one moment with what the search looks in. Built away from the Qt thread: see `snapshot`."""

    entries: tuple[QueueEntry, ...]
    haystacks: tuple[str, ...]
    place: dict[str, int]
    with_notes: int


def snapshot(entries: Sequence[QueueEntry], before: QueueSnapshot | None = None) -> QueueSnapshot:
    """Entries with their lower-case search text: case, exhibit, the referral's words, earlier notes; no evidence.

    Gives `before` back where nothing changed, so that nothing is laid out anew.
    """
    if before is not None and tuple(entries) == before.entries:
        return before
    haystacks = []
    for at, entry in enumerate(entries, start=1):
        if at % BREATH == 0:
            # Python threads share one lock: let the window have it in between.
            time.sleep(0.0005)
        referral = entry.case.referral
        parts = [
            entry.case.number,
            entry.item.exhibit,
            source_words(referral.source),
            facts_words(entry.item.facts),
            referral.requester,
            referral.claim,
            *entry.item.forewarning,
            *(note.text for note in entry.notes),
        ]
        haystacks.append("\n".join(parts).casefold())
    place = {entry.item.id: at for at, entry in enumerate(entries)}
    return QueueSnapshot(tuple(entries), tuple(haystacks), place, sum(1 for entry in entries if entry.notes))


class QueueModel(QAbstractListModel):
    """Rows are the matching entries. `ENTRY_ROLE` gives the QueueEntry."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._snapshot = QueueSnapshot((), (), {}, 0)
        self._search = ""
        self._rows: list[int] | range = range(0)

    @property
    def waiting(self) -> int:
        return len(self._snapshot.entries)

    @property
    def with_notes(self) -> int:
        return self._snapshot.with_notes

    @property
    def snapshot(self) -> QueueSnapshot:
        return self._snapshot

    def show(self, taken: QueueSnapshot) -> None:
        if taken is self._snapshot:
            return
        self.beginResetModel()
        self._snapshot = taken
        self._rows = self._matching()
        self.endResetModel()

    def search(self, words: str) -> None:
        """Keep the entries that contain every word, wherever; empty shows all."""
        words = words.casefold().strip()
        if words == self._search:
            return
        self.beginResetModel()
        self._search = words
        self._rows = self._matching()
        self.endResetModel()

    def _matching(self) -> list[int] | range:
        words = self._search.split()
        haystacks = self._snapshot.haystacks
        rows: list[int] | range = range(len(haystacks))
        for word in words:
            rows = [row for row in rows if word in haystacks[row]]
        return rows

    def entry(self, row: int) -> QueueEntry | None:
        return self._snapshot.entries[self._rows[row]] if 0 <= row < len(self._rows) else None

    def row_of(self, item_id: str) -> int | None:
        at = self._snapshot.place.get(item_id)
        if at is None:
            return None
        row = bisect_left(self._rows, at)
        return row if row < len(self._rows) and self._rows[row] == at else None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role == ENTRY_ROLE:
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.case.number
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return entry_words(entry)
        return None
