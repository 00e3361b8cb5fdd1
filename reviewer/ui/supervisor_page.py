"""The supervisor's look at the team: workload against the limits, in quarter hours, and who may need relief."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from reviewer.model.errors import ReviewerError
from reviewer.model.events import TeamExposure
from reviewer.model.supervision import WaitingWork
from reviewer.ui import theme
from reviewer.ui.agreement_card import AgreementCard
from reviewer.ui.bridge import Jobs
from reviewer.ui.draft_keeper import DraftKeeper
from reviewer.ui.export_card import ExportCard
from reviewer.ui.exposure_table import ExposureTable, day_columns, days_in, exposure_table, week_columns, weeks_table
from reviewer.ui.golden_page import GoldenPage
from reviewer.ui.heat_panel import HeatPanel
from reviewer.ui.notice import Notice
from reviewer.ui.plain_label import plain_label
from reviewer.ui.ports import Session
from reviewer.ui.preservation_card import PreservationCard
from reviewer.ui.relief_card import ReliefCard
from reviewer.ui.scrolled import Scrolled
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.supervisor_head import SupervisorHead
from reviewer.ui.supervisor_keys import bind_supervisor
from reviewer.ui.trend_card import TrendCard
from reviewer.ui.waiting_card import WaitingCard

# Days of each choice but the last, a year, which comes in weeks. Those of the most are asked for at once: one look.
DAYS = (1, 16, 28)
BEGIN_WITH, YEAR = 1, 3


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
        # By choice; made of what the looks so far brought, and gone with the next refresh.
        self._tables: dict[int, ExposureTable] = {}
        self._limit = 0
        self._waiting: Sequence[WaitingWork] | None = None
        self._shown = BEGIN_WITH
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
        self.head = SupervisorHead(self)
        self.panel = HeatPanel(self)
        self.heat_map = self.panel.map
        self.trend = TrendCard(self)
        self.agreement = AgreementCard(self._harm_words, self)
        self.relief = ReliefCard(session.supervision, jobs, self)
        self.waiting = WaitingCard(self._harm_words, self)
        self.preservation = PreservationCard(session.handoffs, jobs, self)
        self.export = ExportCard(session.supervision, jobs, session.member.name, self)
        self._lay_out()
        self._connect()

    def _harm_words(self, key: str) -> str:
        return self._session.policy.harm_type(key).words

    def _lay_out(self) -> None:
        beside = QWidget(self)
        side = QVBoxLayout(beside)
        theme.space(side, gap=16)
        for part in (self.relief, self.waiting, self.preservation, self.trend, self.agreement):
            side.addWidget(part, 1 if part is self.trend else 0)
        body = QHBoxLayout()
        theme.space(body, gap=16)
        body.addWidget(self.panel, 5)
        body.addWidget(
            Scrolled(beside, self, by_keys=self.tr("Relief, what waits, what is kept, trend and agreement")), 4
        )
        outer = QVBoxLayout(self)
        theme.space(outer, (16, 12, 16, 12), 0)
        outer.addWidget(self._figures)
        outer.addWidget(self.golden)
        column = QVBoxLayout(self._figures)
        theme.space(column, gap=12)
        column.addWidget(self.head)
        column.addWidget(self.notice)
        column.addWidget(self.export)
        column.addLayout(body, 1)
        words = self.tr("Exposure measures workload and fairness. It does not measure health.")
        column.addWidget(plain_label(words, "small", self))

    def _connect(self) -> None:
        self.head.range.choose(BEGIN_WITH)
        self.head.range.chosen.connect(self.show_range)
        self.head.againAsked.connect(self.refresh)
        self.head.goldenAsked.connect(self.toggle_golden)
        self.head.exportAsked.connect(self.export.toggle)
        self.heat_map.reliefAsked.connect(self.relief.open)

    def bind(self, keys: Shortcuts) -> None:
        """Its actions into the register, and so into the sheet and the palette."""
        bind_supervisor(keys, self)

    def settle(self, then: Callable[[bool], None]) -> None:
        """Save what is being written; `then(False)` when that did not work."""
        self.keeper.settle(then)

    def toggle_golden(self) -> None:
        """From the figures to the calibration items and back; neither shows anything of an item."""
        opened = self.golden.isHidden()
        self._figures.setVisible(not opened)
        self.golden.setVisible(opened)
        (self.golden.list if opened else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def go_to_map(self) -> None:
        self.heat_map.setFocus(Qt.FocusReason.ShortcutFocusReason)

    # figures

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self._tables:
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
            self._ask(self._shown, afresh=True)
            supervision = self._session.supervision
            self._jobs.run(supervision.waiting, then=self._waiting_arrived, failed=self._no_waiting, owner=self)
            self.preservation.refresh()
            agreement = self._session.second.agreement
            # One that does not answer is said once, by the figures above.
            self._jobs.run(agreement, then=self.agreement.show_agreement, failed=lambda _error: None, owner=self)

    def show_range(self, index: int) -> None:
        """Days that are held already are shown at once, and that is no further look."""
        self.head.range.choose(index)
        table = self._held(index)
        if table is not None:
            self._shown = index
            self._show(table)
        elif not self._asking:
            self._ask(index)
        else:
            self.head.range.choose(self._shown)

    def _held(self, index: int) -> ExposureTable | None:
        if index not in self._tables and index != YEAR and self._team is not None:
            self._tables[index] = exposure_table(self._team, day_columns(self._today(), DAYS[index]))
        return self._tables.get(index)

    def _ask(self, index: int, *, afresh: bool = False) -> None:
        """`afresh`: what other looks brought is not to be shown beside what this one brings."""
        self._asking = True
        self.head.say_asking(True)
        if not self._tables:
            self._say_empty()
        supervision, today = self._session.supervision, self._today()

        def asked() -> tuple[TeamExposure | None, ExposureTable]:
            if index == YEAR:
                return None, weeks_table(supervision.team_weeks(days_in(week_columns(today))))
            team = supervision.team(DAYS[-1])
            return team, exposure_table(team, day_columns(today, DAYS[index]))

        self._jobs.run(asked, then=partial(self._arrived, index, afresh), failed=self._broke, owner=self)

    def _arrived(self, index: int, afresh: bool, answer: tuple[TeamExposure | None, ExposureTable]) -> None:
        self._asking = False
        self.head.say_asking(False)
        team, table = answer
        if afresh:
            self._team, self._tables = team, {}
        elif team is not None:
            self._team = team
        self._tables[index], self._limit, self._shown = table, table.limit, index
        self.head.range.choose(index)
        self.notice.dismiss()
        self._show(table)
        self._show_waiting()

    def _broke(self, error: ReviewerError) -> None:
        self._asking = False
        self.head.say_asking(False)
        self.head.range.choose(self._shown)
        self.notice.tell_error(error)
        if not self._tables:
            self._say_empty()

    def _show(self, table: ExposureTable) -> None:
        self.head.say_people(len(table.rows))
        self.panel.show_table(table)
        self.trend.show_table(table)
        self.relief.show_table(table)
        self.export.show_range(table.columns, self._today())
        self._say_empty(table)

    def _say_empty(self, table: ExposureTable | None = None) -> None:
        words = ""
        if not self._tables:
            words = self.tr("Asking the case system.") if self._asking else self.tr("There are no figures here yet.")
        elif table is not None and not table.rows:
            words = self.tr("There are no reviewers in this team yet.")
        elif table is not None and table.empty:
            words = self.tr("No graphic viewing was reported in these days.")
        self.panel.say(words)

    # what waits

    def _waiting_arrived(self, work: Sequence[WaitingWork]) -> None:
        self._waiting = work
        self._show_waiting()

    def _show_waiting(self) -> None:
        if self._waiting is not None and self._tables:
            self.waiting.show_work(self._waiting, self._limit)

    def _no_waiting(self, error: ReviewerError) -> None:
        if self._waiting is None:
            self.waiting.say(error.what_happened)
