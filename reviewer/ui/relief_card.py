"""Who may need relief, and relief in two clicks: a button for each person, then what to do for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from reviewer.model.errors import CaseSystemRefused, ReviewerError
from reviewer.model.ids import uuid7
from reviewer.model.supervision import Relief, ReliefKind, ReliefRequest
from reviewer.ui import theme
from reviewer.ui.announce import announce
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.exposure_table import ExposureRow, ExposureTable
from reviewer.ui.exposure_words import without_break_words
from reviewer.ui.item_words import hours_words
from reviewer.ui.key_button import KeyButton
from reviewer.ui.pill import Pill, Tone
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.relief_words import CHOICES, done_words, failed_words, kind_words, will_words
from reviewer.ui.team_ports import Supervision

OPEN_KEY, LEAVE_KEY = "R", "X"
# More than this and the list would push away everything below it; the map shows the others.
MOST_LINES = 8


class ReliefCard(Card):
    """`show_table` takes the whole team. One choice is open at a time; what came of it is said under the person."""

    def __init__(self, supervision: Supervision, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(Surface.OUTLINE, margins=(16, 14, 16, 16), gap=8, parent=parent)
        self.setObjectName("relief")
        self.setAccessibleName(self.tr("May need relief"))
        self._supervision = supervision
        self._jobs = jobs
        self._table: ExposureTable | None = None
        self._opened = ""
        self._said: dict[str, tuple[str, bool]] = {}
        self._busy: set[str] = set()
        # Not yet known to be done: chosen again, the same is asked for under the same id.
        self._open_requests: dict[tuple[str, ReliefKind], ReliefRequest] = {}
        self._choices: list[KeyButton] = []

    def show_table(self, table: ExposureTable) -> None:
        self._table = table
        self._build()

    # asking

    @property
    def opened(self) -> str:
        """Id of the person whose choice is open; empty: none is."""
        return self._opened

    def open(self, member_id: str) -> None:
        """Show what can be done for this person, who need not be near a limit."""
        if self._row(member_id) is None:
            return
        self._opened = member_id
        self._build()
        if self._choices:
            self._choices[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_choice(self) -> None:
        self._opened = ""
        self._build()

    def open_next(self) -> None:
        """The key: the first who may need relief, and then the one after."""
        ids = [row.member_id for row in self._needing() if row.member_id]
        if ids:
            at = ids.index(self._opened) + 1 if self._opened in ids else 0
            self.open(ids[at % len(ids)])

    def why_not_open(self) -> str:
        if self._needing():
            return ""
        return self.tr("Nobody is near a limit: choose a person in the map and press Enter.")

    def why_not_choose(self) -> str:
        return "" if self._opened else self.tr("Choose a person first, in the list or in the map.")

    def choose(self, kind: ReliefKind) -> None:
        """Do it for the person whose choice is open."""
        member_id = self._opened
        if not member_id or member_id in self._busy:
            return
        wanted = self._open_requests.setdefault(
            (member_id, kind), ReliefRequest(id=uuid7(), member_id=member_id, kind=kind)
        )
        self._busy.add(member_id)
        self._opened = ""
        self._tell(member_id, self.tr("Asking the case system."), done=True)
        self._jobs.run(
            lambda: self._supervision.relieve(wanted),
            then=partial(self._done, wanted),
            failed=partial(self._failed, wanted),
            owner=self,
        )

    def _done(self, wanted: ReliefRequest, relief: Relief) -> None:
        self._open_requests.pop((wanted.member_id, wanted.kind), None)
        self._busy.discard(wanted.member_id)
        self._tell(wanted.member_id, done_words(wanted.kind, relief), done=True)

    def _failed(self, wanted: ReliefRequest, error: ReviewerError) -> None:
        if isinstance(error, CaseSystemRefused):
            self._open_requests.pop((wanted.member_id, wanted.kind), None)
        self._busy.discard(wanted.member_id)
        self._tell(wanted.member_id, failed_words(error), done=False)

    def _tell(self, member_id: str, words: str, *, done: bool) -> None:
        self._said[member_id] = (words, done)
        self._build()
        row = self._row(member_id)
        announce(self, f"{row.member}: {words}" if row is not None else words, at_once=not done)

    # what is shown

    def _row(self, member_id: str) -> ExposureRow | None:
        rows = self._table.rows if self._table is not None else ()
        return next((row for row in rows if row.member_id == member_id and member_id), None)

    def _needing(self) -> list[ExposureRow]:
        """By name, as everywhere."""
        return [row for row in self._table.rows if self._table.may_need_relief(row)] if self._table is not None else []

    def _build(self) -> None:
        had_focus = self.isAncestorOf(focused) if (focused := self.window().focusWidget()) is not None else False
        self._choices = []
        while (item := self.column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # at once; it is deleted only when the event loop turns
                widget.deleteLater()
        head = PlainLabel(self.tr("May need relief"), self)
        theme.role(head, "strong")
        self._add(head)
        if self._table is None:
            return
        needing = self._needing()
        ids = {row.member_id for row in needing}
        also = [self._opened, *self._said]
        beside = [row for row in self._table.rows if row.member_id in also and row.member_id not in ids]
        shown = needing[:MOST_LINES] + [row for row in needing[MOST_LINES:] if row.member_id in also]
        for row in (*beside, *shown):
            self._add(self._line(row))
        if len(needing) > len(shown):
            more = self.tr("{n} more: “Near a limit first” shows them in the map.")
            self._add(plain_label(more.format(n=len(needing) - len(shown)), "dim", self))
        if not needing:
            words = self.tr("Nobody is near the limit today, or long without a break.")
            self._add(plain_label(words, "dim", self))
        if had_focus and not self._choices:
            button = self.findChild(KeyButton, "reliefButton")
            if button is not None:
                button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add(self, widget: QWidget) -> None:
        """To be seen at once: what is shown only when the event loop turns cannot take the focus."""
        self.column.addWidget(widget)
        widget.show()

    def _line(self, row: ExposureRow) -> Card:
        line = Card(Surface.CARD, margins=(12, 8, 8, 8), gap=8, parent=self)
        line.column.addLayout(self._head_of(line, row))
        if row.member_id and row.member_id == self._opened:
            line.column.addWidget(self._choice_of(line))
        elif row.member_id in self._said:
            words, done = self._said[row.member_id]
            said = plain_label(words, "" if done else "amber", line)
            said.setObjectName("reliefSaid")
            line.column.addWidget(said)
        return line

    def _head_of(self, line: Card, row: ExposureRow) -> QHBoxLayout:
        assert self._table is not None
        words = QVBoxLayout()
        theme.space(words, gap=4)
        name = QHBoxLayout()
        theme.space(name, gap=8)
        who = plain_label(row.member, "", line)
        who.setWordWrap(False)
        name.addWidget(who)
        of = self.tr("{today} of {limit}")
        figure = plain_label(of.format(today=hours_words(row.today), limit=hours_words(self._table.limit)), "dim", line)
        figure.setWordWrap(False)
        name.addWidget(figure)
        name.addStretch(1)
        words.addLayout(name)
        pills = QHBoxLayout()
        theme.space(pills, gap=8)
        if self._table.near(row.today):
            pills.addWidget(Pill(self.tr("near limit"), Tone.AMBER, line))
        if row.without_break:
            pills.addWidget(Pill(without_break_words(row), Tone.AMBER, line))
        pills.addStretch(1)
        if pills.count() > 1:
            words.addLayout(pills)
        whole = QHBoxLayout()
        theme.space(whole, gap=8)
        whole.addLayout(words, 1)
        button = self._button(line, row)
        whole.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        return whole

    def _button(self, line: Card, row: ExposureRow) -> KeyButton:
        if row.member_id and row.member_id == self._opened:
            button = KeyButton(self.tr("Leave it"), LEAVE_KEY, parent=line)
            button.setAccessibleName(self.tr("Leave it: nothing for {member}").format(member=row.member))
            button.clicked.connect(self.close_choice)
        else:
            button = KeyButton(self.tr("Relief"), OPEN_KEY, parent=line)
            button.setObjectName("reliefButton")
            button.setAccessibleName(self.tr("Relief for {member}").format(member=row.member))
            button.setEnabled(bool(row.member_id) and row.member_id not in self._busy)
            button.clicked.connect(partial(self.open, row.member_id))
        return button

    def _choice_of(self, line: Card) -> QWidget:
        choice = QWidget(line)
        grid = QGridLayout(choice)
        theme.space(grid, gap=8)
        grid.setColumnStretch(1, 1)
        for at, (kind, key) in enumerate(CHOICES):
            button = KeyButton(kind_words(kind), key, parent=choice)
            button.setObjectName(f"relief_{kind.value}")
            button.setAccessibleDescription(will_words(kind))
            button.clicked.connect(self._chooser(kind))
            button.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
            grid.addWidget(button, at, 0)
            grid.addWidget(plain_label(will_words(kind), "small", choice), at, 1)
            self._choices.append(button)
        return choice

    def _chooser(self, kind: ReliefKind) -> Callable[[], None]:
        return lambda: self.choose(kind)
