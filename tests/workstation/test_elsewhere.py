"""What one person saw at another workstation: counted once, never believed blindly, and said when it is not known."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import pytest

from reviewer.model.errors import CaseSystemNonsense, CaseSystemUnreachable
from reviewer.model.supervision import OwnDay
from reviewer.wellbeing.elsewhere import ElsewhereDay
from reviewer.workstation import elsewhere
from reviewer.workstation.elsewhere import Elsewhere, believed_days


class CaseSystem:
    """Answers what it is given, or fails."""

    def __init__(self) -> None:
        self.days: tuple[OwnDay, ...] = ()
        self.down = False
        self.asked = threading.Event()

    def exposure_elsewhere(self) -> tuple[OwnDay, ...]:
        self.asked.set()
        if self.down:
            raise CaseSystemUnreachable
        return self.days


def a_day(day: str = "2026-11-21", seconds: float = 60.0, weighted: float = 120.0) -> OwnDay:
    return OwnDay(day=day, seconds=seconds, weighted=weighted)


def test_told_at_once_and_again_and_not_after_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elsewhere, "ASK_EVERY_S", 0.01)
    system, told = CaseSystem(), []
    twice = threading.Event()

    def tell(days: Sequence[ElsewhereDay] | None) -> None:
        told.append(days)
        if len(told) == 2:
            twice.set()

    asking = Elsewhere(system, tell)
    asking.start()
    assert twice.wait(5)
    asking.stop()
    count = len(told)
    assert told[0] == ()
    asking.ask()
    assert len(told) == count


def test_nobody_there_or_nonsense_is_told_as_unheard() -> None:
    system, told = CaseSystem(), []
    asking = Elsewhere(system, told.append)
    system.down = True
    asking.ask()
    system.down, system.days = False, (a_day(seconds=-1.0),)
    asking.ask()
    system.days = (a_day(),)
    asking.ask()
    assert told[:2] == [None, None]
    assert [(d.day.isoformat(), d.seconds, d.weighted) for d in told[2]] == [("2026-11-21", 60.0, 120.0)]


@pytest.mark.parametrize(
    "days",
    [
        (a_day(seconds=float("nan")),),
        (a_day(weighted=float("inf")),),
        (a_day(seconds=1e9),),
        (a_day(day="yesterday"),),
        (a_day(), a_day(seconds=1.0)),
        tuple(a_day(day=f"20{n:02}-01-01") for n in range(99)) * 4,
    ],
)
def test_what_no_day_can_have_is_nonsense(days: tuple[OwnDay, ...]) -> None:
    with pytest.raises(CaseSystemNonsense):
        believed_days(days)
