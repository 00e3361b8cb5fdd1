"""The supervisor's look at the team: workload against the limits, in quarter hours, and who may need relief."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.model.events import TeamExposure
from reviewer.ui import theme
from reviewer.ui.agreement_card import AgreementCard
from reviewer.ui.bridge import Jobs
from reviewer.ui.card import Card, Surface
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.exposure_table import ExposureTable, exposure_table
from reviewer.ui.golden_form import MARK_KEY, WITHDRAW_KEY
from reviewer.ui.golden_page import KEY, KEY_SHOWN, GoldenPage
from reviewer.ui.heat_map import HeatMap
from reviewer.ui.item_words import hours_words
from reviewer.ui.key_button import KeyButton
from reviewer.ui.notice import Notice
from reviewer.ui.pill import Pill, Tone
from reviewer.ui.plain_label import PlainLabel, plain_label
from reviewer.ui.ports import Session
from reviewer.ui.scrolled import Scrolled
from reviewer.ui.segments import Segments
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.team_trend import TeamTrend

RANGES = (7, 16, 28)


def _today() -> date:
    return datetime.now(UTC).date()


class SupervisorPage(QWidget):
    """Asks for the figures when it is first shown and when told to: each look is recorded and shown to its subject."""

    def __init__(
        self, session: Session, jobs: Jobs, parent: QWidget | None = None, *, today: Callable[[], date] = _today
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._jobs = jobs
        self._today = today
        self._team: TeamExposure | None = None
        self._asking = False
        self.setObjectName("supervisorPage")
        self.setAccessibleName(self.tr("Team"))
        self.setProperty("surface", "ground")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.notice = Notice(self)
        self._figures = QWidget(self)
        self.keeper = DraftKeeper(session, jobs, self)
        self.keeper.failed.connect(self.notice.tell_error)
        self.golden = GoldenPage(session.second, session.policy, jobs, self, self.keeper)
        self.golden.backAsked.connect(self.toggle_golden)
        self.golden.hide()
        self.heat_map = HeatMap(self)
        self.trend = TeamTrend(self)
        self.agreement = AgreementCard(lambda key: session.policy.harm_type(key).words, self)
        self.relief = Card(Surface.OUTLINE, margins=(16, 14, 16, 16), gap=8, parent=self)
        self._people = Pill("", Tone.NEUTRAL, self)
        self._empty = plain_label("", "dim", self)
        self._range = Segments([(self.tr("{n} days").format(n=days), "") for days in RANGES], parent=self)
        self._range.setAccessibleName(self.tr("How many days"))
        self._range.choose(1)
        self._range.chosen.connect(lambda _index: self._show())
        self._lay_out()

    def _lay_out(self) -> None:
        again = KeyButton(self.tr("Look again"), "F5", parent=self)
        again.clicked.connect(self.refresh)
        title = PlainLabel(self.tr("Team"), self)
        theme.role(title, "title")
        head = QHBoxLayout()
        theme.space(head, gap=12)
        head.addWidget(title)
        head.addWidget(self._people, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addStretch(1)
        golden = KeyButton(self.tr("Calibration items"), KEY_SHOWN, parent=self)
        golden.setObjectName("openGolden")
        golden.clicked.connect(self.toggle_golden)
        head.addWidget(golden)
        head.addWidget(self._range)
        head.addWidget(again)
        trend = Card(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=8, parent=self)
        trend.column.addWidget(self._heading(self.tr("Middle of the team"), trend))
        trend.column.addWidget(self.trend, 1)
        spread = self.tr("middle person and the spread of the middle half; groups under five are not shown")
        trend.column.addWidget(plain_label(spread, "small", trend))
        beside = QWidget(self)
        side = QVBoxLayout(beside)
        theme.space(side, gap=16)
        side.addWidget(self.relief)
        side.addWidget(trend, 1)
        side.addWidget(self.agreement)
        body = QHBoxLayout()
        theme.space(body, gap=16)
        body.addWidget(self._map_card(), 5)
        body.addWidget(Scrolled(beside, self, by_keys=self.tr("Relief, trend and agreement")), 3)
        outer = QVBoxLayout(self)
        theme.space(outer, (16, 12, 16, 12), 0)
        outer.addWidget(self._figures)
        outer.addWidget(self.golden)
        column = QVBoxLayout(self._figures)
        theme.space(column, gap=12)
        column.addLayout(head)
        column.addWidget(self.notice)
        column.addLayout(body, 1)
        column.addWidget(
            plain_label(self.tr("Exposure measures workload and fairness. It does not measure health."), "small", self)
        )

    def _map_card(self) -> Card:
        card = Card(Surface.OUTLINE, margins=(16, 14, 16, 14), gap=10, parent=self)
        card.column.addWidget(self._heading(self.tr("Graphic viewing a day, against the limit"), card))
        coarse = self.tr(
            "Weighted by harm, rounded up to quarter hours, days in UTC; never which item, when, or how fast."
        )
        card.column.addWidget(plain_label(coarse, "small", card))
        card.column.addWidget(self._empty)
        scroll = QScrollArea(card)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.heat_map)
        for ground in (scroll.viewport(), self.heat_map):
            ground.setAutoFillBackground(False)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        card.column.addWidget(scroll, 1)
        looked = self.tr("Each look at a person's row is recorded and shown to that person.")
        card.column.addWidget(plain_label(looked, "small", card))
        return card

    def _heading(self, words: str, parent: QWidget) -> PlainLabel:
        label = PlainLabel(words, parent)
        theme.role(label, "strong")
        return label

    def bind(self, keys: Shortcuts) -> None:
        """Its actions into the register, and so into the sheet and the palette."""
        group = self.tr("Team")
        keys.bind("team_again", "F5", self.tr("Look again"), self.refresh, group=group)
        keys.bind("golden", KEY, self.tr("Calibration items, and back"), self.toggle_golden, group=group)
        words = self.tr("Mark the chosen item for calibration")
        marking = ("Ctrl+Return", "Ctrl+Enter")
        keys.bind("golden_mark", marking, words, self.golden.form.ask_to_mark, group=group, shown=MARK_KEY)
        words = self.tr("Withdraw the chosen calibration item")
        keys.bind("golden_withdraw", "Ctrl+Del", words, self.golden.withdraw, group=group, shown=WITHDRAW_KEY)
        keys.explain(self._why_not_golden, "golden_mark", "golden_withdraw")

    def settle(self, then: Callable[[bool], None]) -> None:
        """Save what is being written; `then(False)` when that did not work."""
        self.keeper.settle(then)

    def _why_not_golden(self) -> str:
        return "" if self.golden.isVisible() else self.tr("Only among the calibration items.")

    def toggle_golden(self) -> None:
        """From the figures to the calibration items and back; neither shows anything of an item."""
        opened = self.golden.isHidden()
        self._figures.setVisible(not opened)
        self.golden.setVisible(opened)
        (self.golden.list if opened else self).setFocus(Qt.FocusReason.OtherFocusReason)

    # figures

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._team is None:
            self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F5:
            self.refresh()
        else:
            super().keyPressEvent(event)

    def refresh(self) -> None:
        """Ask the case system; what is shown stays until the answer is here."""
        if self.golden.isVisible():
            self.golden.refresh()
            return
        if not self._asking:
            self._asking = True
            self._say_empty()
            self._jobs.run(self._session.team_exposure, then=self._arrived, failed=self._broke, owner=self)
            agreement = self._session.second.agreement
            # One that does not answer is said once, by the figures above.
            self._jobs.run(agreement, then=self.agreement.show_agreement, failed=lambda _error: None, owner=self)

    def _arrived(self, team: TeamExposure) -> None:
        self._asking = False
        self._team = team
        self.notice.dismiss()
        self._show()

    def _broke(self, error: ReviewerError) -> None:
        self._asking = False
        self.notice.tell_error(error)
        self._say_empty()

    def _show(self) -> None:
        if self._team is None:
            return
        table = exposure_table(self._team, self._today(), RANGES[self._range.index or 0])
        people = len(table.rows)
        self._people.say(self.tr("1 person") if people == 1 else self.tr("{n} people").format(n=people), Tone.NEUTRAL)
        self.heat_map.show_table(table)
        self.trend.show_table(table)
        self._show_relief(table)
        self._say_empty(table)

    def _say_empty(self, table: ExposureTable | None = None) -> None:
        words = ""
        if self._team is None:
            words = self.tr("Asking the case system.") if self._asking else self.tr("There are no figures here yet.")
        elif table is not None and not table.rows:
            words = self.tr("There are no reviewers in this team yet.")
        elif table is not None and table.empty:
            words = self.tr("No graphic viewing was reported in these days.")
        self._empty.setText(words)
        self._empty.setVisible(bool(words))

    def _show_relief(self, table: ExposureTable) -> None:
        column = self.relief.column
        while (item := column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # at once; it is deleted only when the event loop turns
                widget.deleteLater()
        column.addWidget(self._heading(self.tr("May need relief"), self.relief))
        near = [row for row in table.rows if table.near(row.today)]
        for row in near:
            line = Card(Surface.CARD, margins=(12, 8, 12, 8), gap=0, parent=self.relief)
            words = QHBoxLayout()
            theme.space(words, gap=8)
            words.addWidget(Pill(self.tr("near limit"), Tone.AMBER, line))
            words.addWidget(plain_label(row.member, "", line), 1)
            of = self.tr("{today} of {limit}").format(today=hours_words(row.today), limit=hours_words(table.limit))
            figure = plain_label(of, "dim", line)
            figure.setWordWrap(False)
            words.addWidget(figure)
            line.column.addLayout(words)
            column.addWidget(line)
        if not near:
            column.addWidget(plain_label(self.tr("Nobody is near the limit today."), "dim", self.relief))
