"""Step 5: the packages of the case and what became of each. A state nobody recorded is said to be not recorded."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QListView, QStackedWidget, QVBoxLayout, QWidget

from reviewer.model.handoff import Handoff, StepKind
from reviewer.model.handoff_answers import Question
from reviewer.model.related import Outcome
from reviewer.ui import own_words, theme
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.handoff_ports import KeptUnread
from reviewer.ui.handoff_record import RecordForm
from reviewer.ui.handoff_sending import SendingCard
from reviewer.ui.handoff_state import HandoffState
from reviewer.ui.handoff_words import kept_unread_words, package_words, question_words, recorded_words, state_words
from reviewer.ui.key_button import KeyButton
from reviewer.ui.pill import Pill, Tone
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.ports import Session
from reviewer.ui.quiet_lines import make_quiet
from reviewer.ui.scrolled import Scrolled

PREPARE_KEY = "Alt+H"
NARROW = 860  # below so many pixels at scale 1 the list lies above the rest
_Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class Packages(QAbstractListModel):
    """The newest first."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.handoffs: tuple[Handoff, ...] = ()

    def show_handoffs(self, handoffs: Sequence[Handoff]) -> None:
        """Oldest first, as they come."""
        self.beginResetModel()
        self.handoffs = tuple(reversed(handoffs))
        self.endResetModel()

    def rowCount(self, parent: _Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.handoffs)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        if not 0 <= index.row() < len(self.handoffs):
            return None
        head, states = package_words(self.handoffs[index.row()], datetime.now(UTC))
        return f"{head}\n{states}"


class _States(Card):
    """One package: a pill for each state, and beside it when and by whom, or that it is not recorded."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=parent)
        self.setObjectName("packageStates")
        self._head = plain_label("", "strong", self)
        self._facts = plain_label("", "dim", self)
        self._overruled = plain_label("", "amber", self)
        self.column.addWidget(self._head)
        self.column.addWidget(self._facts)
        self.column.addWidget(self._overruled)
        grid = QGridLayout()
        theme.space(grid, gap=8)
        grid.setColumnStretch(1, 1)
        self._rows: dict[StepKind, tuple[Pill, PlainLabel]] = {}
        for row, kind in enumerate(StepKind):
            pill, words = Pill(state_words(kind), Tone.NEUTRAL, self), plain_label("", "dim", self)
            grid.addWidget(pill, row, 0, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(words, row, 1)
            self._rows[kind] = (pill, words)
        self.column.addLayout(grid)
        self.kept = plain_label("", "amber", self)
        self.column.addWidget(self.kept)

    @property
    def words(self) -> dict[StepKind, str]:
        return {kind: words.text() for kind, (_pill, words) in self._rows.items()}

    def show_handoff(self, handoff: Handoff, unread: KeptUnread | None) -> None:
        now = datetime.now(UTC)
        made = handoff.made
        self._head.setText(self.tr("Package for {agency}").format(agency=made.agency_words))
        stamped = self.tr("with a time stamp") if made.stamped else self.tr("without a time stamp")
        facts = self.tr("{n} items, {stamped}. SHA-256 {digest}")
        if made.items == 1:
            facts = self.tr("1 item, {stamped}. SHA-256 {digest}")
        digest = made.package_sha256
        groups = " ".join(digest[at : at + 16] for at in range(0, len(digest), 16))  # else no line could break in it
        self._facts.setText(facts.format(n=f"{made.items:,}", stamped=stamped, digest=groups))
        self._overruled.setVisible(bool(made.overrule))
        missing = "; ".join(_question(key) for key in made.missing)
        words = self.tr("Sealed although this was missing: {what}. Reason: {reason}")
        self._overruled.setText(words.format(what=missing, reason=made.overrule))
        self.kept.setVisible(unread is not None)
        self.kept.setText(kept_unread_words(unread) if unread is not None else "")
        for kind, (pill, label) in self._rows.items():
            step = handoff.step(kind)
            tone = Tone.AMBER if kind is StepKind.RETRACTED else Tone.ACCENT
            pill.say(state_words(kind), tone if step is not None else Tone.NEUTRAL)
            label.setText(recorded_words(step, now))
            theme.role(label, "" if step is not None else "dim")


def _question(key: str) -> str:
    """In the window's words; a newer version may ask what this one does not know."""
    return question_words(Question(key)) if key in {one.value for one in Question} else key


class AfterStep(QWidget):
    """`prepareAsked(handoff id)`: show what the clearing house would get."""

    prepareAsked = Signal(str)

    def __init__(
        self, state: HandoffState, session: Session, jobs: Jobs, keeper: DraftKeeper | None, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._state, self._handoffs = state, session.handoffs
        self.setAccessibleName(self.tr("Afterwards"))
        self._model = Packages(self)
        self.list = QListView(self)
        self.list.setObjectName("handoffPackages")
        self.list.setAccessibleName(self.tr("Packages of this case"))
        self.list.setModel(self._model)
        make_quiet(self.list)
        self.list.selectionModel().currentChanged.connect(lambda _now, _before: self._show_chosen())
        self._empty = plain_label("", "dim", self)
        self.states = _States(self)
        self.record = RecordForm(session, jobs, keeper, self)
        self.prepare = KeyButton(self.tr("Report to the clearing house: show what would be sent"), "Alt H", parent=self)
        self.prepare.setObjectName("prepareSending")
        self.prepare.clicked.connect(self.ask_prepare)
        self._no_house = plain_label("", "small", self)
        self._outcomes = plain_label("", "", self)
        self.sending = SendingCard(self)
        self.sending.leaveAsked.connect(self.leave_sending)
        self._pages = QStackedWidget(self)
        self._lay_out()
        state.changed.connect(self._show_house)
        self.show_handoffs(())
        self.show_outcomes(())

    def _lay_out(self) -> None:
        listed = Card(Surface.OUTLINE, margins=(12, 12, 12, 12), gap=8, parent=self)
        title = PlainLabel(self.tr("Packages of this case"), listed)
        theme.role(title, "strong")
        listed.column.addWidget(title)
        listed.column.addWidget(self._empty)
        listed.column.addWidget(self.list, 1)
        outcome = Card(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=6, parent=self)
        title = PlainLabel(self.tr("What came of the case"), outcome)
        theme.role(title, "strong")
        outcome.column.addWidget(title)
        outcome.column.addWidget(self._outcomes)
        words = self.tr("Everybody who worked on the case is shown it. It is recorded by “reviewer case outcome”.")
        outcome.column.addWidget(plain_label(words, "small", outcome))
        house = Card(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=6, parent=self)
        house.column.addWidget(self.prepare, 0, Qt.AlignmentFlag.AlignLeft)
        house.column.addWidget(self._no_house)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        theme.space(column, (0, 0, 8, 0), 12)
        for part in (self.states, self.record, house, outcome):
            column.addWidget(part)
        column.addStretch(1)
        overview = QWidget(self)
        self._told = Scrolled(inside, self)
        self._sides = QBoxLayout(QBoxLayout.Direction.LeftToRight, overview)
        theme.space(self._sides, gap=16)
        self._sides.addWidget(listed, 2)
        self._sides.addWidget(self._told, 5)
        self._pages.addWidget(overview)
        self._pages.addWidget(self.sending)
        whole = QVBoxLayout(self)
        theme.space(whole)
        whole.addWidget(self._pages)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side, or the list above where what is told would be cut off."""
        super().resizeEvent(event)
        down, across = QBoxLayout.Direction.TopToBottom, QBoxLayout.Direction.LeftToRight
        self._sides.setDirection(down if self.width() < theme.px(NARROW) else across)

    def minimumSizeHint(self) -> QSize:
        """As one column: that is what they become."""
        widths = (self._told.minimumSizeHint().width(), self.sending.minimumSizeHint().width())
        return QSize(max(widths), 0)

    @property
    def chosen(self) -> Handoff | None:
        row = self.list.currentIndex().row()
        return self._model.handoffs[row] if 0 <= row < len(self._model.handoffs) else None

    @property
    def packages(self) -> tuple[Handoff, ...]:
        """The newest first."""
        return self._model.handoffs

    @property
    def sending_shown(self) -> bool:
        return self._pages.currentWidget() is self.sending

    def focus_first(self) -> None:
        (self.sending.files if self.sending_shown else self.list).setFocus(Qt.FocusReason.OtherFocusReason)

    def show_handoffs(self, handoffs: Sequence[Handoff], choose: str = "") -> None:
        """`choose` is the id of the package to be chosen; else the one that was, or the newest."""
        before = choose or (self.chosen.made.id if self.chosen is not None else "")
        self._model.show_handoffs(handoffs)
        ids = [one.made.id for one in self._model.handoffs]
        self._empty.setVisible(not ids)
        self._empty.setText(self.tr("No package of this case was built yet."))
        self.list.setVisible(bool(ids))
        if ids:
            self.list.setCurrentIndex(self._model.index(ids.index(before) if before in ids else 0))
        self._show_chosen()

    def show_outcomes(self, outcomes: Sequence[Outcome]) -> None:
        lines = [own_words.outcome_line(one) for one in outcomes]
        self._outcomes.setText("\n".join(lines) if lines else self.tr("Nothing was heard yet."))

    def _show_chosen(self) -> None:
        chosen = self.chosen
        for part in (self.states, self.record):
            part.setVisible(chosen is not None)
        self.record.show_package(chosen)
        if chosen is not None:
            self.states.show_handoff(chosen, self._handoffs.kept_unread(chosen.made.id))
        self._show_house()

    def _show_house(self) -> None:
        outline = self._state.outline
        address = outline.clearing_house if outline is not None else ""
        why = self.why_not_prepare()
        self.prepare.setEnabled(not why)
        words = self.tr("To {address}. This key only shows it; nothing is sent.").format(address=address)
        self._no_house.setText(why or words)

    def why_not_prepare(self) -> str:
        outline = self._state.outline
        if outline is None or not outline.clearing_house:
            return self.tr("The policy names no clearing house to report to.")
        return self.tr("Build a package first: the report is made of it.") if self.chosen is None else ""

    def ask_prepare(self) -> None:
        if not self.why_not_prepare() and not self.sending_shown and self.chosen is not None:
            self.prepareAsked.emit(self.chosen.made.id)

    def show_sending(self) -> None:
        self._pages.setCurrentWidget(self.sending)

    def leave_sending(self) -> None:
        self.sending.clear()
        self._pages.setCurrentIndex(0)
        self.focus_first()
