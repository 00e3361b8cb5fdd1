"""How long reported cases are still to be kept: the soonest end first, what is due in words, and how it ends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QListView, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.model.handoff import Preservation
from reviewer.ui import theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.handoff_ports import Handoffs
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.quiet_lines import make_quiet
from reviewer.ui.wording import tr

MOST_LINES, LINE = 4, 50
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


def left_words(one: Preservation, today: date) -> str:
    """How long it is still kept; over and destroyed are said."""
    if one.destroyed:
        return tr("destroyed")
    try:
        days = (date.fromisoformat(one.ends_on) - today).days
    except ValueError:
        return tr("until {day}").format(day=one.ends_on)
    if one.over or days < 0:
        return tr("over since {day}").format(day=one.ends_on)
    if days == 0:
        return tr("ends today")
    words = tr("1 more day, until {day}") if days == 1 else tr("{n} more days, until {day}")
    return words.format(n=days, day=one.ends_on)


def preservation_words(one: Preservation, today: date) -> str:
    due = tr(" · due") if one.due and not one.over and not one.destroyed else ""
    basis = f" · {one.basis}" if one.basis else ""
    unread = tr(" · the agency's rule: the referral's is not known") if one.unread else ""
    return f"{one.case_number} · {left_words(one, today)}{due}\n{one.jurisdiction}{unread}{basis}"


class Preservations(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines: Sequence[Preservation] = ()
        self._today = date.min

    def show_lines(self, lines: Sequence[Preservation], today: date) -> None:
        self.beginResetModel()
        self._lines, self._today = lines, today
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not 0 <= index.row() < len(self._lines):
            return None
        one = self._lines[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return preservation_words(one, self._today)
        if role == Qt.ItemDataRole.ForegroundRole and (one.due or one.over or one.unread) and not one.destroyed:
            return theme.colour("amber")
        return None


class PreservationCard(Card):
    """Asks when `refresh` is called. What is over is not destroyed by itself: two people have to want it."""

    def __init__(self, handoffs: Handoffs, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 16), gap=8, parent=parent)
        self.setObjectName("preservation")
        self.setAccessibleName(self.tr("Kept until"))
        self._handoffs, self._jobs = handoffs, jobs
        title = PlainLabel(self.tr("Reported cases are kept until"), self)
        theme.role(title, "strong")
        self._head = plain_label("", "dim", self)
        self._model = Preservations(self)
        self.list = QListView(self)
        self.list.setObjectName("preservations")
        self.list.setAccessibleName(self.tr("Cases and how long each is kept"))
        self.list.setModel(self._model)
        make_quiet(self.list)
        words = self.tr(
            "A case whose time is over is destroyed only when two people ask for it, each on their own machine: "
            "reviewer case destroy CASE --reason WORDS. Its keys are then gone for good."
        )
        self._how = plain_label(words, "small", self)
        words = self.tr(
            "Where the referral's rule is not known, whoever recorded “Sent” could not read the case. Have somebody "
            "who can read it record “Sent” too: the referral's rule then counts as well."
        )
        self._unread = plain_label(words, "small", self)
        for part in (title, self._head, self.list, self._unread, self._how):
            self.column.addWidget(part)
        self.show_lines(())

    @property
    def words(self) -> str:
        lines = [str(self._model.data(self._model.index(row))) for row in range(self._model.rowCount())]
        below = [one.text() if not one.isHidden() else "" for one in (self._unread, self._how)]
        return "\n".join((self._head.text(), *lines, *below))

    def refresh(self) -> None:
        self._jobs.run(self._handoffs.preservations, then=self.show_lines, failed=self._broke, owner=self)

    def show_lines(self, lines: Sequence[Preservation]) -> None:
        """Soonest end first, as they come; what was destroyed is not waited for any more and is left out."""
        kept = [one for one in lines if not one.destroyed]
        self._model.show_lines(kept, datetime.now(UTC).date())
        due, over = sum(1 for one in kept if one.due and not one.over), sum(1 for one in kept if one.over)
        if not kept:
            self._head.setText(self.tr("No reported case is being kept."))
        else:
            one, more = self.tr("{n} case: {due} due, {over} over"), self.tr("{n} cases: {due} due, {over} over")
            words = one if len(kept) == 1 else more
            self._head.setText(words.format(n=f"{len(kept):,}", due=f"{due:,}", over=f"{over:,}"))
        theme.role(self._head, "amber" if due or over else "dim")
        self.list.setVisible(bool(kept))
        theme.size(self.list, height=LINE * min(max(len(kept), 1), MOST_LINES))
        self._how.setVisible(bool(over))
        self._unread.setVisible(any(one.unread for one in kept))

    def _broke(self, error: ReviewerError) -> None:
        if not self._model.rowCount():
            self._head.setText(error.what_happened)
