"""Waiting: doubling, capped, and never all at the same moment."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from reviewer.sync.backoff import BASE_S, CAP_S, delay_s


def test_it_doubles_and_is_capped() -> None:
    assert [delay_s(n, jitter=lambda: 1.0) for n in range(8)] == [1, 2, 4, 8, 16, 32, 60, 60]
    assert [delay_s(n, jitter=lambda: 0.0) for n in range(3)] == [0.5, 1, 2]


@given(st.integers(0, 10**9))
def test_it_is_always_within_bounds(failures: int) -> None:
    assert BASE_S / 2 <= delay_s(failures) <= CAP_S


def test_chance_spreads_it() -> None:
    assert len({delay_s(5) for _ in range(20)}) > 10
