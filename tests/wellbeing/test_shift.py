"""Which episodes are of this shift: what the meter counted in it, and not a second of the one before."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from reviewer.model.levels import Level
from reviewer.wellbeing.episodes import Episode
from reviewer.wellbeing.shift import of_this_shift

EVENING = datetime(2026, 11, 21, 22, tzinfo=UTC)


def an_episode(number: int, hours: float, seconds: float) -> Episode:
    return Episode(
        id=f"e{number}", item_id=f"i{number}", harm_type="other", level=Level.BLURRED,
        started_at=EVENING + timedelta(hours=hours), seconds=seconds, weight=1.0, sound=False, full_screen=False,
    )  # fmt: skip


BEFORE, LATE, AFTER = an_episode(0, -9.0, 600.0), an_episode(1, 1.5, 1200.0), an_episode(2, 3.0, 300.0)


@pytest.mark.parametrize(
    ("shift_s", "found"),
    [(0.0, []), (300.0, [AFTER]), (1500.0, [LATE, AFTER]), (9e9, [BEFORE, LATE, AFTER])],
)  # fmt: skip
def test_the_newest_that_make_it_up(shift_s: float, found: list[Episode]) -> None:
    assert of_this_shift([AFTER, BEFORE, LATE, AFTER], shift_s) == found
