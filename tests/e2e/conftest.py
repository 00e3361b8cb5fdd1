from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from floor import Floor
from PySide6.QtWidgets import QApplication
from shift import Shift


@pytest.fixture
def quiet_floor(floor: Floor) -> Floor:
    """The organisation with an empty queue and a new reviewer, hired before any case of the test is opened."""
    floor.clear_queue()
    floor.reviewer = floor.newcomer()
    return floor


@pytest.fixture
def begin(quiet_floor: Floor, qapp: QApplication) -> Iterator[Callable[..., Shift]]:
    """Opens the real window for a member, the new reviewer unless one is named. Closed at the end of the test."""
    begun: list[Shift] = []

    def start(member_id: str | None = None, *, unlock: bool = True) -> Shift:
        shift = Shift(quiet_floor, member_id or quiet_floor.reviewer, qapp)
        begun.append(shift)
        if unlock:
            shift.unlock()
        return shift

    yield start
    for shift in begun:
        shift.close()
