"""The queue at the left: what waits, the search, and the cards."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QSortFilterProxyModel, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QLineEdit, QListView, QVBoxLayout, QWidget

from reviewer.model.cases import QueueEntry
from reviewer.model.policy import HarmType
from reviewer.model.queue_view import Grouping, QueueAsk, QueueListing
from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.colleague_list import ColleagueList
from reviewer.ui.key_cap import KeyCap
from reviewer.ui.own_keys import is_offered
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.queue_card import QueueCard
from reviewer.ui.queue_filters import QueueFilters, danger_words, hidden_words
from reviewer.ui.queue_model import QueueModel
from reviewer.ui.wrapped_label import WrappedLabel

COUNTDOWN_MS = 15_000
SEARCH_MS = 120
_Index = QModelIndex | QPersistentModelIndex
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_FOLDING = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_PAGES = (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)  # elsewhere they turn the pages of the item


def _utc_now() -> datetime:
    return datetime.now(UTC)


class SearchField(QLineEdit):
    """Enter goes to the list."""

    def event(self, event: QEvent) -> bool:
        if is_offered(event, _ENTER):
            event.accept()
            return True
        return super().event(event)


class QueueList(QListView):
    """Arrows and page keys move, Enter takes. Letters are left to the window's keys."""

    taken = Signal(QModelIndex)
    folded = Signal(QModelIndex, bool)

    def keyboardSearch(self, _search: str) -> None:
        return

    def event(self, event: QEvent) -> bool:
        if is_offered(event, (*_ENTER, *_PAGES)):
            event.accept()
            return True
        return super().event(event)

    def dataChanged(self, first: _Index, last: _Index, roles: Sequence[int] = ()) -> None:
        # Cards are of one height whatever is in them: QListView would lay out a hundred thousand of them again.
        QAbstractItemView.dataChanged(self, first, last, roles)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ENTER:
            if self.currentIndex().isValid():
                self.taken.emit(self.currentIndex())
            return
        if event.key() in _FOLDING and event.modifiers() in _PLAIN:
            self.folded.emit(self.currentIndex(), event.key() == Qt.Key.Key_Right)
            return
        super().keyPressEvent(event)


class QueuePanel(QFrame):
    """`chosen(QueueEntry)` when the person takes one by click or Enter; `asked(QueueAsk)` when they look for others."""

    chosen = Signal(object)
    asked = Signal(object)

    def __init__(
        self,
        viewer: str,
        parent: QWidget | None = None,
        now: Callable[[], datetime] = _utc_now,
        harms: tuple[HarmType, ...] = (),
    ) -> None:
        super().__init__(parent)
        self._viewer = viewer
        self._ask = QueueAsk()
        self.setObjectName("queuePanel")
        self.setAccessibleName(self.tr("Queue"))
        self.setProperty("surface", "panel")
        self.setProperty("rule", "right")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.model = QueueModel(self)
        # Lays out a hundred thousand rows without a Python call for each: the proxy counts them once, in C++.
        self._rows = QSortFilterProxyModel(self)
        self._rows.setSourceModel(self.model)
        column = QVBoxLayout(self)
        theme.space(column, (10, 12, 10, 10), 10)
        column.addLayout(self._head())
        column.addWidget(self._search_field())
        self.filters = QueueFilters(harms, now, self)
        self.filters.changed.connect(lambda: self._ask_for(self.filters.applied_to(self._ask)))
        self.filters.closed.connect(self.focus_list)
        column.addWidget(self.filters)
        self.colleagues = ColleagueList(self)
        column.addWidget(self.colleagues)
        self._hidden = WrappedLabel(260, self)
        self._hidden.setObjectName("queueHidden")
        theme.role(self._hidden, "small")
        self._danger = WrappedLabel(260, self)
        self._danger.setObjectName("queueDanger")
        theme.role(self._danger, "amber-small")
        for label in (self._hidden, self._danger):
            label.hide()
            column.addWidget(label)
        self.list = QueueList(self)
        self.list.setObjectName("queue")
        self.list.setAccessibleName(self.tr("Queue"))
        self.list.setModel(self._rows)
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._card = QueueCard(now, viewer, self.list)
        self.list.setItemDelegate(self._card)
        self.list.clicked.connect(self._take)
        self.list.taken.connect(self._take)
        self.list.folded.connect(lambda index, opened: self._fold(index.row(), opened))
        self._trouble = WrappedLabel(260, self)
        self._trouble.setObjectName("queueTrouble")
        theme.role(self._trouble, "amber-small")
        self._trouble.hide()
        column.addWidget(self._trouble)
        column.addWidget(self.list, 1)
        self._empty = PlainLabel(parent=self.list)
        self._empty.setObjectName("queueEmpty")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        theme.role(self._empty, "dim")
        self._tick = QTimer(self)
        self._tick.setInterval(COUNTDOWN_MS)
        self._tick.timeout.connect(self.list.viewport().update)
        self._tick.start()
        self._say_count()

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        theme.space(row, gap=8)
        title = PlainLabel(self.tr("Queue"), self)
        theme.role(title, "strong")
        self._count = PlainLabel(parent=self)
        self._count.setObjectName("queueCount")
        theme.role(self._count, "dim")
        row.addWidget(title)
        row.addWidget(self._count, 1)
        row.addWidget(KeyCap("Q", self))
        return row

    def _search_field(self) -> QLineEdit:
        self.search = SearchField(self)
        self.search.setObjectName("search")
        self.search.setAccessibleName(self.tr("Search the queue"))
        self.search.setPlaceholderText(self.tr("Search cases and notes"))
        self.search.setMaxLength(200)
        self.search.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._search_cap = KeyCap("/", self.search)
        self._search_timer = QTimer(self)
        self._search_timer.setSingleShot(True)
        self._search_timer.setInterval(SEARCH_MS)
        self._search_timer.timeout.connect(self._search_now)
        self.search.textChanged.connect(self._search_timer.start)
        self.search.textChanged.connect(lambda text: self._search_cap.setHidden(bool(text)))
        self.search.returnPressed.connect(self.focus_list)
        return self.search

    def show_queue(self, listing: QueueListing) -> None:
        """Show a new state of the queue; what was current stays current, and the place in the list is kept."""
        if listing.ask.words != self._ask.words:
            return  # another search has been typed meanwhile: its answer is on the way
        row = self.list.currentIndex().row()
        line, scrolled = self.model.line(row), self.list.verticalScrollBar().value()
        self._card.by_case = listing.ask.grouping is not Grouping.PERSON
        before = danger_words(self.model.listing)
        if self.model.show(listing):
            self._restore(line)
            self.list.verticalScrollBar().setValue(scrolled)
        self._say_count()
        if danger_words(listing) != before:
            announce(self, danger_words(listing))

    def say_trouble(self, happened: str) -> None:
        """Why the queue may not be the latest; empty when it is."""
        words = self.tr("{happened} This is the queue as known here.").format(happened=happened)
        self._trouble.setText(words)
        self._trouble.setVisible(bool(happened))

    def say_unread(self, counts: Mapping[str, int]) -> None:
        """What colleagues wrote and was not read yet, by case: a small mark on its cards."""
        self.model.say_unread(counts)

    def mark_on_desk(self, item_id: str | None) -> None:
        before, self._card.on_desk = self._card.on_desk, item_id
        row = self.model.row_of(item_id) if item_id is not None else None
        if row is not None:
            self.list.setCurrentIndex(self._rows.index(row, 0))
        # The cards of two rows, not the whole list: this happens on the way to every next item.
        for changed in {before, item_id} if before != item_id else ():
            row = self.model.row_of(changed) if changed is not None else None
            if row is not None:
                self.list.update(self._rows.index(row, 0))

    def first(self, besides: Container[str] = ()) -> QueueEntry | None:
        """The first matching entry nobody else has, none of the item ids in `besides`."""
        return next((one for one in self.model.listing.offered if one.item.id not in besides), None)

    def comes_unasked(self, entry: QueueEntry) -> bool:
        """It is not one of those this person would rather not get for now. The cards do not say which these are."""
        return entry.item.id not in self.model.listing.reluctant

    @property
    def ask(self) -> QueueAsk:
        """How it is searched, filtered and grouped now."""
        return self._ask

    def next_grouping(self) -> None:
        """No groups, by case, by person."""
        following = list(Grouping)[(list(Grouping).index(self._ask.grouping) + 1) % len(Grouping)]
        self._ask_for(replace(self._ask, grouping=following))

    def toggle_filters(self) -> None:
        if self.filters.isVisible():
            self.filters.shut()
        else:
            self.filters.open()

    def _ask_for(self, ask: QueueAsk) -> None:
        if ask != self._ask:
            self._ask = ask
            self.asked.emit(ask)

    def _fold(self, row: int, opened: bool | None = None) -> None:
        head = self.model.fold(row, opened)
        if head is not None:
            self.list.setCurrentIndex(self._rows.index(head, 0))

    def focus_list(self) -> None:
        self._search_now()
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.list.currentIndex().isValid() and self.model.rowCount():
            self.list.setCurrentIndex(self._rows.index(0, 0))

    def focus_search(self) -> None:
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def _search_now(self) -> None:
        self._search_timer.stop()
        self._ask_for(replace(self._ask, words=self.search.text().strip()))

    def _restore(self, line: int | None) -> None:
        row = self.model.row_of_line(line) if line is not None else None
        if row is not None:
            self.list.setCurrentIndex(self._rows.index(row, 0))

    def _say_count(self) -> None:
        listing = self.model.listing
        words = "" if listing.ask.beginning else self.tr("{count:,} waiting").format(count=listing.waiting)
        if listing.with_notes:
            words += self.tr(" · {count:,} with notes").format(count=listing.with_notes)
        self._count.setText(words)
        for label, said in (
            (self._hidden, hidden_words(listing, self.filters.harms)),
            (self._danger, danger_words(listing)),
        ):
            label.setText(said)
            label.setVisible(bool(said))
        nothing = not self.model.rowCount()
        if nothing and listing.waiting:
            self._empty.setText(self.tr("Nothing in the queue matches."))
        elif nothing:
            self._empty.setText(self.tr("Nothing is waiting. New referrals appear here by themselves."))
        self._empty.setVisible(nothing)

    def _take(self, index: QModelIndex) -> None:
        if self.model.group(index.row()) is not None:
            self._fold(index.row())
            return
        entry = self.model.entry(index.row())
        if entry is not None:
            self.chosen.emit(entry)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)  # type: ignore[arg-type]
        self._place()

    def _place(self) -> None:
        cap = self._search_cap.sizeHint()
        self._search_cap.resize(cap)
        field = self.search.size()
        self._search_cap.move(QPoint(field.width() - cap.width() - theme.px(10), (field.height() - cap.height()) // 2))
        self._empty.setGeometry(0, theme.px(24), self.list.width(), theme.px(60))
