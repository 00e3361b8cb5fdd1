from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest

from reviewer.model.policy import Policy, read_policy
from reviewer.resources import resource


class HandClock:
    """A clock moved by hand: `pass_s` is time going by, `jump` only sets the wall clock."""

    def __init__(self, wall: datetime = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)) -> None:
        self.wall = wall
        self.mono = 1000.0

    def now(self) -> datetime:
        return self.wall

    def monotonic(self) -> float:
        return self.mono

    def pass_s(self, seconds: float) -> None:
        self.mono += seconds
        self.wall += timedelta(seconds=seconds)

    def jump(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(scope="session")
def new_clock() -> type[HandClock]:
    """For property tests, which need a fresh clock for every example."""
    return HandClock


@pytest.fixture(scope="session")
def policy() -> Policy:
    return read_policy(resource("policy.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def vienna() -> ZoneInfo:
    try:
        return ZoneInfo("Europe/Vienna")
    except ZoneInfoNotFoundError:
        pytest.skip("this machine has no time zone data")
