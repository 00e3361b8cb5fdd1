"""The queue as Qt sees it: an order of line numbers, and the entries of those lines that were looked at."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal

from reviewer.model.cases import QueueEntry
from reviewer.model.queue_view import Grouping, QueueGroup, QueueListing
from reviewer.ui.wording import entry_words, tr

ENTRY_ROLE = Qt.ItemDataRole.UserRole + 1
GROUP_ROLE = Qt.ItemDataRole.UserRole + 2
UNREAD_ROLE = Qt.ItemDataRole.UserRole + 3
_ROLES = (ENTRY_ROLE, GROUP_ROLE, UNREAD_ROLE, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
KEPT = 2_000  # entries in memory: many screenfuls, far fewer than a queue
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class GroupHead:
    """The head of a group: its most urgent entry (None until it was read), how many there are, whether it is open."""

    first: QueueEntry | None
    count: int
    danger: int
    opened: bool


class QueueModel(QAbstractListModel):
    """Rows are lines of the listing, under the heads of their groups where there are groups.

    `ENTRY_ROLE` gives the QueueEntry, None until it was read; `GROUP_ROLE` the GroupHead of a row that is one;
    `UNREAD_ROLE` how many messages of colleagues about its case were not read, 0 where a head stands for several cases.
    `linesWanted(lines)` asks for what somebody looks at; the answer goes to `supply`.
    """

    linesWanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._listing = QueueListing()
        # A line number, or -1 - n for the head of group n.
        self._rows: array[int] = array("q")
        self._opened: set[int] = set()
        self._entries: dict[int, tuple[int, QueueEntry]] = {}
        self._line_of: dict[str, int] = {}
        self._unread: dict[str, int] = {}
        self._wanted: dict[int, int] = {}  # by line, the row it was looked at in
        self._asked: dict[int, int] = {}
        self._ask = QTimer(self)
        self._ask.setSingleShot(True)
        self._ask.setInterval(0)
        self._ask.timeout.connect(self._ask_now)

    @property
    def waiting(self) -> int:
        return self._listing.waiting

    @property
    def with_notes(self) -> int:
        return self._listing.with_notes

    @property
    def listing(self) -> QueueListing:
        return self._listing

    def show(self, listing: QueueListing) -> bool:
        """Another state of the queue, or another question; whether rows changed. Entries of before are shown until
        they have been read again."""
        before, self._listing = self._listing, listing
        self._asked.clear()
        self._keep(listing.first)
        same = before.lines == listing.lines and before.groups == listing.groups
        if same:
            self._repaint(range(len(self._rows)))
            return False
        self.beginResetModel()
        if not before.groups or before.ask.grouping is not listing.ask.grouping:
            self._opened.clear()
        self._lay_out()
        self.endResetModel()
        return True

    def _lay_out(self) -> None:
        if not self._listing.groups:
            self._rows = self._listing.lines
            return
        groups = self._listing.groups
        if not self._opened:
            self._rows = array("q", range(-1, -1 - len(groups), -1))
            return
        rows: array[int] = array("q")
        for number, group in enumerate(groups):
            rows.append(-1 - number)
            if group.key in self._opened:
                rows.extend(group.lines)
        self._rows = rows

    def supply(self, entries: Iterable[tuple[int, QueueEntry]]) -> None:
        """What `linesWanted` asked for."""
        read = list(entries)
        self._keep(read)
        rows = [self._asked.get(line, -1) for line, _entry in read]
        if all(self._is_in(row, line) for row, (line, _entry) in zip(rows, read, strict=True)):
            self._repaint(range(min(rows, default=0), max(rows, default=-1) + 1))
        else:
            # A group was opened or closed since: they are somewhere else.
            self._repaint(range(len(self._rows)))

    def _is_in(self, row: int, line: int) -> bool:
        group = self._group(row)
        return self.line(row) == line or (group is not None and group.lines[0] == line)

    def say_unread(self, counts: Mapping[str, int]) -> None:
        """How many messages were not read, by the id of the case; cases that are not named have none."""
        if self._unread != counts:
            self._unread = dict(counts)
            self._repaint(range(len(self._rows)))

    def unread(self, row: int) -> int:
        """Of the case of this row, 0 until its entry was read."""
        head = self.group(row)
        if head is not None and self._listing.ask.grouping is not Grouping.CASE:
            return 0
        entry = self.entry(row) if head is None else head.first
        return self._unread.get(entry.case.id, 0) if entry is not None and self._unread else 0

    def _repaint(self, rows: range) -> None:
        if rows:
            self.dataChanged.emit(
                self.index(rows[0], 0), self.index(rows[-1], 0), [ENTRY_ROLE, GROUP_ROLE, UNREAD_ROLE]
            )

    def _keep(self, entries: Iterable[tuple[int, QueueEntry]]) -> None:
        for line, entry in entries:
            self._entries.pop(line, None)
            self._entries[line] = (self._listing.revision, entry)
            self._line_of[entry.item.id] = line
        while len(self._entries) > KEPT:
            _revision, oldest = self._entries.pop(next(iter(self._entries)))
            self._line_of.pop(oldest.item.id, None)

    def _read(self, line: int, row: int) -> QueueEntry | None:
        kept = self._entries.get(line)
        if (kept is None or kept[0] != self._listing.revision) and line not in self._asked:
            self._wanted[line] = row
            if not self._ask.isActive():
                self._ask.start()
        return kept[1] if kept is not None else None

    def _ask_now(self) -> None:
        # The last looked at first: whoever scrolls fast does not wait for what went by.
        lines = tuple(reversed(self._wanted))[:200]
        self._asked.update((line, self._wanted[line]) for line in lines)
        self._wanted.clear()
        self.linesWanted.emit(lines)

    def line(self, row: int) -> int | None:
        """The line of an entry; None for the head of a group."""
        return self._rows[row] if 0 <= row < len(self._rows) and self._rows[row] >= 0 else None

    def entry(self, row: int) -> QueueEntry | None:
        line = self.line(row)
        return self._read(line, row) if line is not None else None

    def group(self, row: int) -> GroupHead | None:
        group = self._group(row)
        if group is None:
            return None
        return GroupHead(self._read(group.lines[0], row), len(group.lines), group.danger, group.key in self._opened)

    def _group(self, row: int) -> QueueGroup | None:
        if not 0 <= row < len(self._rows) or self._rows[row] >= 0:
            return None
        return self._listing.groups[-1 - self._rows[row]]

    def fold(self, row: int, opened: bool | None = None) -> int | None:
        """Open or close the group that `row` heads or is in (None: the other way); the row of its head."""
        head = row
        while 0 <= head < len(self._rows) and self._rows[head] >= 0:
            head -= 1
        group = self._group(head)
        if group is None:
            return None
        if opened is None:
            opened = group.key not in self._opened
        if opened is (group.key in self._opened):
            return head
        after = head + 1
        if opened:
            self.beginInsertRows(QModelIndex(), after, after + len(group.lines) - 1)
            self._opened.add(group.key)
        else:
            self.beginRemoveRows(QModelIndex(), after, after + len(group.lines) - 1)
            self._opened.discard(group.key)
        self._lay_out()
        self.endInsertRows() if opened else self.endRemoveRows()
        return head

    def row_of(self, item_id: str) -> int | None:
        """Of an item that was looked at, unless its group is closed."""
        line = self._line_of.get(item_id)
        return self.row_of_line(line) if line is not None else None

    def row_of_line(self, line: int) -> int | None:
        try:
            return self._rows.index(line)
        except ValueError:
            return None

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in _ROLES:
            return None
        if role == UNREAD_ROLE:
            return self.unread(index.row())
        head = self.group(index.row())
        if role == GROUP_ROLE or (role == ENTRY_ROLE and head is not None):
            return head if role == GROUP_ROLE else None
        entry = self.entry(index.row()) if head is None else head.first
        if role == ENTRY_ROLE:
            return entry
        if entry is None:
            return tr("being read")
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.case.number
        words = entry_words(entry) if head is None else group_words(head)
        unread = unread_words(self.unread(index.row()))
        return f"{words}, {unread}" if unread else words


def unread_words(count: int) -> str:
    """2 new messages; empty for none."""
    if not count:
        return ""
    return tr("1 new message") if count == 1 else tr("{count:,} new messages").format(count=count)


def group_words(head: GroupHead) -> str:
    """One head for those who hear it."""
    number = head.first.case.number if head.first is not None else ""
    words = tr("Group {name}, {count} items, {state}").format(
        name=number, count=head.count, state=tr("open") if head.opened else tr("closed")
    )
    if head.danger:
        words += ", " + tr("somebody may be in danger")
    return words
