"""The team's figures: coarse, readable without seeing colours, honest when there are none or when some are missing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from handoff_fakes import FakeHandoffs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot
from readings_fakes import SecondFake
from supervision_fakes import WORK, SupervisionFake
from viewer_fakes import HandJobs

from reviewer.model.errors import CaseSystemUnreachable
from reviewer.model.events import ExposureDay, MemberExposure, TeamExposure
from reviewer.model.policy import HarmType, Policy
from reviewer.model.roles import Member, Role
from reviewer.model.supervision import MemberWeeks, TeamWeeks
from reviewer.ui import theme
from reviewer.ui.exposure_table import (
    arranged,
    day_columns,
    days_in,
    exposure_table,
    name_order,
    quantile,
    team_spread,
    week_columns,
    weeks_table,
)
from reviewer.ui.heat_map import HeatMap
from reviewer.ui.heat_panel import HeatPanel
from reviewer.ui.heat_shades import SHADES, contrast, readable_on, shade
from reviewer.ui.supervisor_page import YEAR, SupervisorPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
TODAY = date(2026, 11, 21)
DAYS_16 = day_columns(TODAY, 16)


def member(name: str, *quarters: int, without_break: int = 0, incomplete: int = -1) -> MemberExposure:
    """The last of `quarters` is today; `incomplete` counts back from it, 0 is today."""
    back = len(quarters) - 1
    days = tuple(
        ExposureDay(
            day=(TODAY - timedelta(days=back - at)).isoformat(),
            quarter_hours=amount,
            incomplete=back - at == incomplete,
        )
        for at, amount in enumerate(quarters)
    )
    return MemberExposure(member=name, days=days, member_id=name.lower().replace(" ", "-"), without_break=without_break)


TEAM = TeamExposure(
    limit_quarter_hours=16,
    members=(
        member("Reviewer 01", 4, 0, 6, incomplete=2),
        member("Reviewer 07", 16, 8, 15),
        member("Reviewer 09", without_break=9),
    ),
    withhold_below=5,
)


class TeamSession:
    def __init__(self, team: TeamExposure) -> None:
        self.team = team
        self.second = SecondFake()
        self.policy = Policy(version="1", harm_types=(HarmType(key="violence", words="Violence"),))
        self.member = Member(id="s2", name="Supervisor 02", role=Role.SUPERVISOR, recipient="age1")
        self.supervision = SupervisionFake(lambda: self.team, WORK, today=TODAY)
        self.handoffs = FakeHandoffs(lambda *_call: None)

    @property
    def looks(self) -> list[int]:
        return self.supervision.looks


def page_for(qtbot: QtBot, session: TeamSession, jobs: HandJobs) -> SupervisorPage:
    page = SupervisorPage(session, jobs, today=lambda: TODAY)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1366, 734)
    page.show()
    jobs.settle()
    return page


def said(page: SupervisorPage, part: str) -> str:
    widget = getattr(page, part)
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def test_days_without_a_report_count_as_none_and_today_is_last() -> None:
    table = exposure_table(TEAM, DAYS_16)
    assert len(table.columns) == 16
    assert table.columns[-1].first == TODAY
    assert table.rows[0].quarters == (0,) * 13 + (4, 0, 6)
    assert table.rows[1].today == 15
    assert table.near(15)
    assert not table.near(13)


def test_a_week_has_its_sum_and_its_fullest_day() -> None:
    columns = week_columns(TODAY)
    assert len(columns) == 52
    assert days_in(columns) <= 366
    assert columns[-1].first.weekday() == 0
    assert columns[-1].last == TODAY
    table = exposure_table(TEAM, columns)
    seven = table.rows[1]
    assert (seven.quarters[-1], seven.sums[-1], seven.today) == (16, 39, 15)
    assert table.rows[0].incomplete == {51}


def test_by_name_always_and_those_near_first_only_when_asked() -> None:
    names = [f"Reviewer {at}" for at in (10, 2, 7, 1)]
    team = TeamExposure(
        limit_quarter_hours=16, members=tuple(member(name, 16 if name.endswith("7") else 3) for name in names)
    )
    table = exposure_table(team, DAYS_16)
    assert [row.member[9:] for row in table.rows] == ["1", "2", "7", "10"]
    assert [row.member[9:] for row in arranged(table, near_first=True).rows] == ["7", "1", "2", "10"]
    assert [row.member[9:] for row in arranged(table, "ER 1").rows] == ["1", "10"]
    assert name_order("a") < name_order("B")


def test_the_heat_map_says_all_it_shows(qtbot: QtBot) -> None:
    heat_map = HeatMap()
    qtbot.addWidget(heat_map)
    heat_map.resize(760, 400)
    heat_map.show_table(exposure_table(TEAM, DAYS_16))
    assert "3 people, 16 days; 1 near the limit" in heat_map.accessibleDescription()
    words = heat_map.text_alternative().splitlines()
    assert words[0].startswith("Reviewer 01: today 1 h 30 of 4 h 00")
    assert "Thu 19 Nov 1 h 00, may lack something" in words[0]
    assert "near the limit" not in words[0]
    assert "Reviewer 07: today 3 h 45 of 4 h 00, near the limit" in words[1]
    assert words[2] == "Reviewer 09: today 0 h 00 of 4 h 00, 2 h 15 without a break."
    cell = heat_map.cell_rect(1, 15).center().toPoint()
    assert heat_map.words_at(cell) == "Reviewer 07, Sat 21 Nov: 3 h 45, near the limit"


def test_the_arrow_keys_read_people_and_their_days_and_enter_asks_for_relief(qtbot: QtBot) -> None:
    heat_map = HeatMap()
    qtbot.addWidget(heat_map)
    heat_map.show_table(exposure_table(TEAM, DAYS_16))
    QTest.keyClick(heat_map, Qt.Key.Key_Down)
    assert heat_map.accessibleDescription().startswith("Reviewer 01")
    QTest.keyClick(heat_map, Qt.Key.Key_Down)
    assert heat_map.accessibleDescription().startswith("Reviewer 07: today")
    QTest.keyClick(heat_map, Qt.Key.Key_Left)
    QTest.keyClick(heat_map, Qt.Key.Key_Left)
    assert heat_map.accessibleDescription() == "Reviewer 07, Fri 20 Nov: 2 h 00"
    with qtbot.waitSignal(heat_map.reliefAsked) as asked:
        QTest.keyClick(heat_map, Qt.Key.Key_Return)
    assert asked.args == ["reviewer-07"]


def test_a_large_team_scrolls_under_a_head_that_stays_and_paints_only_what_is_seen(qtbot: QtBot) -> None:
    team = TeamExposure(
        limit_quarter_hours=16, members=tuple(member(f"Reviewer {at:03}", *([at % 16] * 300)) for at in range(200))
    )
    panel = HeatPanel()
    qtbot.addWidget(panel)
    panel.resize(800, 700)
    panel.show_table(exposure_table(team, week_columns(TODAY)))
    panel.show()
    qtbot.waitExposed(panel)
    top = panel.head.mapTo(panel, panel.head.rect().topLeft()).y()
    panel.map.setFocus()
    for _ in range(12):
        QTest.keyClick(panel.map, Qt.Key.Key_PageDown)
    panel.rows_area.viewport().repaint()
    assert panel.rows_area.verticalScrollBar().value() > 1000, "the person who is read is brought into view"
    assert panel.head.mapTo(panel, panel.head.rect().topLeft()).y() == top
    panel.map.grab(panel.map.visibleRegion().boundingRect())
    assert 0 < panel.map.rows_painted < 40
    assert panel.map.plan.bar + panel.map.plan.bar_width <= panel.map.width()


@pytest.mark.parametrize("name", ["dark", "light"])
def test_figures_in_cells_are_readable_in_both_themes(qtbot: QtBot, name: str) -> None:
    before = theme.current()
    theme._current = theme._theme(name, 1.0)
    try:
        table = exposure_table(TEAM, DAYS_16)
        for ground in [theme.colour("amber")] + [shade(table, 4 * at + 1) for at in range(len(SHADES))]:
            assert contrast(readable_on(ground), ground) >= 4.5
    finally:
        theme._current = before


def test_a_group_under_five_has_no_middle_where_the_policy_says_so(qtbot: QtBot) -> None:
    assert team_spread(exposure_table(TEAM, DAYS_16)) == ()
    open_team = TeamExposure(limit_quarter_hours=16, members=TEAM.members)
    assert len(team_spread(exposure_table(open_team, DAYS_16))) == 16
    five = TeamExposure(
        limit_quarter_hours=16, members=tuple(member(f"R{at}", at * 2) for at in range(5)), withhold_below=5
    )
    spread = team_spread(exposure_table(five, DAYS_16))
    assert (spread[-1].low, spread[-1].middle, spread[-1].high) == (2, 4, 6)
    page = page_for(qtbot, TeamSession(TEAM), HandJobs())
    assert "fewer than 5 people" in page.trend.picture.text_alternative()


def test_looking_for_a_name_changes_nothing_of_the_team_s_figures(qtbot: QtBot) -> None:
    five = TeamExposure(
        limit_quarter_hours=16, members=tuple(member(f"R{at}", at * 2) for at in range(5)), withhold_below=5
    )
    page = page_for(qtbot, TeamSession(five), HandJobs())
    before = page.trend.picture.text_alternative()
    page.panel.name_field.setText("R3")
    assert [row.member for row in page.heat_map.table.rows] == ["R3"]
    assert page.trend.picture.text_alternative() == before
    page.panel.name_field.setText("nobody")
    assert "Nobody here" in page.panel.empty.text()
    page.panel.name_field.setText("")
    assert len(page.heat_map.table.rows) == 5
    assert not page.panel.empty.isVisible()


def test_quantile_between_neighbours() -> None:
    assert quantile([0, 10], 0.25) == pytest.approx(2.5)
    assert quantile([3], 0.75) == 3


def test_the_page_names_who_may_need_relief_and_why(qtbot: QtBot) -> None:
    page = page_for(qtbot, TeamSession(TEAM), HandJobs())
    words = said(page, "relief")
    assert "Reviewer 07" in words
    assert "3 h 45 of 4 h 00" in words
    assert "Reviewer 09" in words
    assert "Reviewer 01" not in words
    assert {pill.accessibleName() for pill in page.relief.findChildren(object) if pill.objectName() == "pill"} == {
        "near limit",
        "2 h 15 without a break",
    }


def test_days_that_may_lack_something_are_said(qtbot: QtBot) -> None:
    page = page_for(qtbot, TeamSession(TEAM), HandJobs())
    assert "Figures of 1 person may lack something" in said(page, "panel")
    assert "may lack something" in page.panel.legend.accessibleName()
    whole = TeamExposure(limit_quarter_hours=16, members=(member("Reviewer 01", 4),))
    page = page_for(qtbot, TeamSession(whole), HandJobs())
    assert "may lack something" not in said(page, "panel")
    assert "may lack something" not in page.panel.legend.accessibleName()


def test_weeks_of_the_case_system_are_the_weeks_of_the_days() -> None:
    # What the fake answers is made by the code under test: this one is written out.
    weeks = TeamWeeks(
        limit_quarter_hours=16, today="2026-11-21", mondays=("2026-11-09", "2026-11-16"), withhold_below=5,
        members=(
            MemberWeeks(member="Reviewer 10", fullest=(0, 16), sums=(0, 48), today=15, member_id="reviewer-10"),
            MemberWeeks(
                member="Reviewer 9", fullest=(0, 0), sums=(0, 0), incomplete=(1,), member_id="reviewer-9",
                without_break=9,
            ),
        ),
    )  # fmt: skip
    days = TeamExposure(
        limit_quarter_hours=16,
        members=(
            member("Reviewer 10", 4, 5, 0, 16, 8, 15),
            member("Reviewer 9", 0, incomplete=0, without_break=9),
        ),
        withhold_below=5,
    )
    assert weeks_table(weeks) == exposure_table(days, week_columns(TODAY, 2))


def test_each_look_is_one_look(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TEAM), HandJobs()
    page = page_for(qtbot, session, jobs)
    for index in (0, 2, 1):
        page.head.range.chosen.emit(index)
    page.hide()
    page.show()
    jobs.settle()
    assert session.looks == [28], "changing the range or coming back is not another look"
    QTest.keyClick(page, Qt.Key.Key_F5)
    jobs.settle()
    assert session.looks == [28, 28]


def test_a_year_is_asked_for_when_it_is_wanted_and_shown_in_weeks(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TEAM), HandJobs()
    page = page_for(qtbot, session, jobs)
    page.show_range(YEAR)
    assert not page.heat_map.table.weekly, "what was shown stays until the answer is here"
    jobs.settle()
    assert session.looks[1] == days_in(week_columns(TODAY))
    assert page.heat_map.table.weekly
    page.show_range(0)
    page.show_range(YEAR)
    jobs.settle()
    assert len(session.looks) == 2
    page.refresh()
    jobs.settle()
    assert len(session.looks) == 3
    assert page.heat_map.table.weekly
    page.show_range(0)
    jobs.settle()
    assert session.looks[2:] == [session.looks[1], 28], "days older than the weeks are not shown beside them"
    page.show_range(YEAR)
    jobs.settle()
    assert len(session.looks) == 4
    session.supervision.fail = CaseSystemUnreachable()
    page = page_for(qtbot, session, jobs)
    session.supervision.fail = None
    page.refresh()
    jobs.settle()
    session.supervision.fail = CaseSystemUnreachable()
    page.show_range(YEAR)
    jobs.settle()
    assert page.head.range.index == 1, "the head says which days are shown, not which were wished for"


def test_no_figures_is_said_and_a_failure_keeps_what_was_shown(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TeamExposure(limit_quarter_hours=16, members=())), HandJobs()
    page = page_for(qtbot, session, jobs)
    assert "no reviewers" in page.panel.empty.text()
    session.team = TeamExposure(limit_quarter_hours=16, members=(member("Reviewer 01"),))
    page.refresh()
    jobs.settle()
    assert "No graphic viewing" in page.panel.empty.text()
    session.team = TEAM
    page.refresh()
    jobs.settle()
    assert not page.panel.empty.isVisible()
    session.supervision.fail = CaseSystemUnreachable()
    page.refresh()
    jobs.settle()
    assert CaseSystemUnreachable.happened in page.notice.words
    assert "Reviewer 07" in page.heat_map.text_alternative()
    assert not page.panel.empty.isVisible()
