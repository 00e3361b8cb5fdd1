"""The rows of a gallery: cells of the chosen group, which of them are selected, and what can be said of each."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from reviewer.ui.gallery_cells import GalleryCell, Group, sections_of
from reviewer.ui.gallery_heading import heading_words
from reviewer.ui.wording import facts_words, tr

CELL_ROLE = Qt.ItemDataRole.UserRole + 1

_Index = QModelIndex | QPersistentModelIndex


class GalleryModel(QAbstractListModel):
    """`selectionMoved` when what is selected changed. Selection is by item, and survives a new reading."""

    selectionMoved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cells: tuple[GalleryCell, ...] = ()
        self._group: Group | None = None
        self._rows: list[GalleryCell] = []
        self._place: dict[str, int] = {}
        self._sections: list[tuple[GalleryCell, ...]] = []
        self._firsts: list[int] = []  # row of the first cell of each section
        self._selected: set[str] = set()

    # what is shown

    def show(self, cells: Sequence[GalleryCell]) -> None:
        self.beginResetModel()
        self._cells = tuple(cells)
        self._fill()
        self.endResetModel()
        self._selected &= {cell.id for cell in self._cells}
        self.selectionMoved.emit()

    def show_group(self, group: Group | None) -> None:
        """Only cells of one group, None for all. What is selected and not shown any more is no longer selected."""
        self.beginResetModel()
        self._group = group
        self._fill()
        self.endResetModel()
        self._selected &= self._place.keys()
        self.selectionMoved.emit()

    def _fill(self) -> None:
        self._rows = [cell for cell in self._cells if self._group in (None, cell.group)]
        self._place = {cell.id: row for row, cell in enumerate(self._rows)}
        self._sections = sections_of(self._rows)
        self._firsts = list(accumulate((len(section) for section in self._sections), initial=0))[:-1]

    @property
    def cells(self) -> tuple[GalleryCell, ...]:
        """All, whatever group is shown."""
        return self._cells

    @property
    def sections(self) -> list[tuple[GalleryCell, ...]]:
        """The rows, by what they stand under."""
        return self._sections

    def cell(self, row: int) -> GalleryCell | None:
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def row_of(self, item_id: str) -> int | None:
        return self._place.get(item_id)

    def between(self, first: int, last: int) -> list[GalleryCell]:
        return self._rows[max(0, first) : last + 1]

    def counts(self) -> dict[Group, int]:
        """Items, copies included."""
        counts = dict.fromkeys(Group, 0)
        for cell in self._cells:
            counts[cell.group] += len(cell.item_ids)
        return counts

    # what is selected

    @property
    def selected(self) -> list[GalleryCell]:
        return [cell for cell in self._rows if cell.id in self._selected]

    def is_selected(self, cell: GalleryCell) -> bool:
        return cell.id in self._selected

    def toggle(self, row: int) -> None:
        cell = self.cell(row)
        if cell is not None:
            self._selected ^= {cell.id}
            self._tell([row])

    def select_between(self, first: int, last: int) -> None:
        """These rows as well."""
        first, last = min(first, last), max(first, last)
        self._selected |= {cell.id for cell in self.between(first, last)}
        self._tell(range(max(first, 0), min(last, len(self._rows) - 1) + 1))

    def select_all(self, selected: bool = True) -> None:
        self._selected = set(self._place) if selected else set()
        self._tell(range(len(self._rows)))

    def select_only(self, item_ids: Iterable[str]) -> None:
        self._selected = set(item_ids) & self._place.keys()
        self._tell(range(len(self._rows)))

    def _tell(self, rows: Sequence[int]) -> None:
        if rows:
            self.dataChanged.emit(self.index(rows[0]), self.index(rows[-1]))
        self.selectionMoved.emit()

    # what Qt asks

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        cell = self.cell(index.row())
        if cell is None:
            return None
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.DisplayRole:
            return cell.entry.item.exhibit
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._heading(index.row()) + self._words(cell)
        return None

    def _heading(self, row: int) -> str:
        """Said with the first cell under it: it is painted, and no row of its own."""
        at = bisect_right(self._firsts, row) - 1
        if at < 0 or self._firsts[at] != row:
            return ""
        return ", ".join(heading_words(self._sections[at])) + ": "

    def _words(self, cell: GalleryCell) -> str:
        parts = [cell.entry.item.exhibit, facts_words(cell.entry.item.facts)]
        if cell.group is Group.KNOWN:
            parts.append(tr("known"))
        if cell.copies:
            parts.append(tr("stands for {count} items").format(count=len(cell.item_ids)))
        if cell.entry.case.referral.danger:
            parts.append(tr("Danger"))
        if cell.id in self._selected:
            parts.append(tr("selected"))
        return ", ".join(parts)
