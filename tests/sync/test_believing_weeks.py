"""An answer about a year of the team is drawn only when its weeks are weeks and its figures can be."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.supervision import MemberWeeks, TeamWeeks
from reviewer.sync.believing_figures import believed_weeks

ONE = MemberWeeks(member="Reviewer 01", fullest=(3, 0), sums=(9, 0), incomplete=(1,), today=2, member_id="reviewer-1")
TEAM = TeamWeeks(limit_quarter_hours=16, today="2026-11-21", mondays=("2026-11-09", "2026-11-16"), members=(ONE,))


def test_what_can_be_is_believed() -> None:
    assert believed_weeks(TEAM, 13) is TEAM
    nobody = msgspec.structs.replace(TEAM, members=())
    assert believed_weeks(nobody, 366) is nobody


@pytest.mark.parametrize(
    "wrong",
    [
        {"fullest": (3,)},
        {"sums": (9, 0, 0)},
        {"fullest": (10, 0)},
        {"sums": (1_000_000_001, 0)},
        {"fullest": (-1, 0)},
        {"incomplete": (2,)},
        {"incomplete": (-1,)},
        {"incomplete": (1, 0)},
        {"incomplete": (1, 1)},
        {"today": -1},
        {"without_break": -1},
        {"member_id": "../x"},
    ],
)
def test_figures_that_cannot_be_are_not(wrong: dict[str, Any]) -> None:
    with pytest.raises(CaseSystemNonsense):
        believed_weeks(msgspec.structs.replace(TEAM, members=(msgspec.structs.replace(ONE, **wrong),)), 13)


@pytest.mark.parametrize(
    "wrong",
    [
        {"limit_quarter_hours": 0},
        {"withhold_below": -1},
        {"mondays": ("2026-11-02", "2026-11-16")},
        {"mondays": ("2026-11-16", "2026-11-09")},
        {"mondays": ("2026-11-10", "2026-11-17")},
        {"today": "2026-11-23"},
        {"today": "yesterday"},
        {"today": "9999-12-31"},
        {"today": "0001-01-01"},
    ],
)
def test_weeks_that_cannot_be_are_not(wrong: dict[str, Any]) -> None:
    with pytest.raises(CaseSystemNonsense):
        believed_weeks(msgspec.structs.replace(TEAM, **wrong), 13)


def test_no_more_weeks_than_were_asked_for() -> None:
    with pytest.raises(CaseSystemNonsense):
        believed_weeks(TEAM, 7)
