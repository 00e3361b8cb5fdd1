"""The team's figures: coarse, readable without seeing colours, honest when there are none."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from readings_fakes import SecondFake
from viewer_fakes import HandJobs

from reviewer.model.errors import CaseSystemUnreachable
from reviewer.model.events import ExposureDay, MemberExposure, TeamExposure
from reviewer.model.policy import HarmType, Policy
from reviewer.ui import theme
from reviewer.ui.exposure_table import exposure_table, quantile, team_spread
from reviewer.ui.heat_map import SHADES, HeatMap, _readable_on, contrast
from reviewer.ui.supervisor_page import SupervisorPage

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")
TODAY = date(2026, 11, 21)


def member(name: str, *quarters: int) -> MemberExposure:
    """The last of `quarters` is today."""
    days = [(TODAY - timedelta(days=len(quarters) - 1 - at), amount) for at, amount in enumerate(quarters)]
    return MemberExposure(
        member=name, days=tuple(ExposureDay(day=day.isoformat(), quarter_hours=amount) for day, amount in days)
    )


TEAM = TeamExposure(
    limit_quarter_hours=16,
    members=(member("Reviewer 01", 4, 0, 6), member("Reviewer 07", 16, 8, 15), member("Reviewer 09")),
)


class TeamSession:
    def __init__(self, team: TeamExposure) -> None:
        self.team = team
        self.looks = 0
        self.fails = False
        self.second = SecondFake()
        self.policy = Policy(version="1", harm_types=(HarmType(key="other", words="Other"),))

    def team_exposure(self) -> TeamExposure:
        self.looks += 1
        if self.fails:
            raise CaseSystemUnreachable
        return self.team


def page_for(qtbot: QtBot, session: TeamSession, jobs: HandJobs) -> SupervisorPage:
    page = SupervisorPage(session, jobs, today=lambda: TODAY)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.resize(1366, 734)
    page.show()
    jobs.settle()
    return page


def test_days_without_a_report_count_as_none_and_today_is_last() -> None:
    table = exposure_table(TEAM, TODAY, 16)
    assert len(table.days) == 16
    assert table.days[-1] == TODAY
    assert table.rows[0].quarters == (0,) * 13 + (4, 0, 6)
    assert table.rows[1].today == 15
    assert table.near(15)
    assert not table.near(13)


def test_the_heat_map_says_all_it_shows(qtbot: QtBot) -> None:
    heat_map = HeatMap()
    qtbot.addWidget(heat_map)
    heat_map.resize(760, 400)
    heat_map.show_table(exposure_table(TEAM, TODAY, 16))
    words = heat_map.accessibleDescription().splitlines()
    assert words[0].startswith("Reviewer 01: today 1 h 30 of 4 h 00")
    assert "1 h 00" in words[0]
    assert "near the limit" not in words[0]
    assert "Reviewer 07: today 3 h 45 of 4 h 00, near the limit" in words[1]
    assert words[2] == "Reviewer 09: today 0 h 00 of 4 h 00."
    cell = heat_map.cell_rect(1, 15).center().toPoint()
    assert heat_map.words_at(cell) == "Reviewer 07, Sat 21 Nov: 3 h 45, near the limit"


def test_the_arrow_keys_read_a_person_at_a_time(qtbot: QtBot) -> None:
    heat_map = HeatMap()
    qtbot.addWidget(heat_map)
    heat_map.show_table(exposure_table(TEAM, TODAY, 16))
    QTest.keyClick(heat_map, Qt.Key.Key_Down)
    assert heat_map.accessibleDescription().startswith("Reviewer 01")
    QTest.keyClick(heat_map, Qt.Key.Key_Down)
    assert heat_map.accessibleDescription().startswith("Reviewer 07")


@pytest.mark.parametrize("name", ["dark", "light"])
def test_figures_in_cells_are_readable_in_both_themes(qtbot: QtBot, name: str) -> None:
    heat_map = HeatMap()
    qtbot.addWidget(heat_map)
    before = theme.current()
    theme._current = theme._theme(name, 1.0)
    try:
        heat_map.show_table(exposure_table(TEAM, TODAY, 16))
        grounds = [theme.colour("amber")] + [heat_map._shade(4 * at + 1) for at in range(len(SHADES))]
        for ground in grounds:
            assert contrast(_readable_on(ground), ground) >= 4.5
    finally:
        theme._current = before


def test_a_group_under_five_has_no_middle() -> None:
    assert team_spread(exposure_table(TEAM, TODAY, 7)) == ()
    five = TeamExposure(limit_quarter_hours=16, members=tuple(member(f"R{at}", at * 2) for at in range(5)))
    spread = team_spread(exposure_table(five, TODAY, 7))
    assert (spread[-1].low, spread[-1].middle, spread[-1].high) == (2, 4, 6)


def test_quantile_between_neighbours() -> None:
    assert quantile([0, 10], 0.25) == pytest.approx(2.5)
    assert quantile([3], 0.75) == 3


def test_the_page_names_who_may_need_relief(qtbot: QtBot) -> None:
    page = page_for(qtbot, TeamSession(TEAM), HandJobs())
    said = " ".join(label.text() for label in page.relief.findChildren(type(page._empty)))
    assert "Reviewer 07" in said
    assert "3 h 45 of 4 h 00" in said
    assert "Reviewer 01" not in said


def test_each_look_is_one_look(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TEAM), HandJobs()
    page = page_for(qtbot, session, jobs)
    page._range.chosen.emit(2)
    page.hide()
    page.show()
    jobs.settle()
    assert session.looks == 1, "changing the range or coming back is not another look"
    QTest.keyClick(page, Qt.Key.Key_F5)
    jobs.settle()
    assert session.looks == 2


def test_no_figures_is_said_and_a_failure_keeps_what_was_shown(qtbot: QtBot) -> None:
    session, jobs = TeamSession(TeamExposure(limit_quarter_hours=16, members=())), HandJobs()
    page = page_for(qtbot, session, jobs)
    assert "no reviewers" in page._empty.text()
    session.team = TeamExposure(limit_quarter_hours=16, members=(member("Reviewer 01"),))
    page.refresh()
    jobs.settle()
    assert "No graphic viewing" in page._empty.text()
    session.team = TEAM
    page.refresh()
    jobs.settle()
    assert not page._empty.isVisible()
    session.fails = True
    page.refresh()
    jobs.settle()
    assert CaseSystemUnreachable.happened in page.notice.words
    assert "Reviewer 07" in page.heat_map.text_alternative()
