"""The samples of large matrices leave no value out, and what they leave out is still run by `make matrix`."""

from __future__ import annotations

import itertools

import pytest
from sampling import each_once, examples, pairwise, some

VALUES = {"one": "abc", "two": range(5), "three": (True, False)}
WHOLE = list(itertools.product(*VALUES.values()))


def cases(mark: pytest.MarkDecorator) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    """(every case, those of the sample)"""
    rows = mark.args[1]
    return [row.values for row in rows], [row.values for row in rows if not row.marks]


@pytest.mark.parametrize("way", [each_once, pairwise])
def test_every_case_is_there_and_every_value_in_the_sample(way) -> None:  # type: ignore[no-untyped-def]
    every, sample = cases(way(**VALUES))
    assert every == WHOLE
    for at, column in enumerate(VALUES.values()):
        assert {case[at] for case in sample} == set(column)
    assert len(sample) < len(WHOLE) / 1.8


def test_pairs_meet() -> None:
    _, sample = cases(pairwise(**VALUES))
    for (a, one), (b, other) in itertools.combinations(enumerate(VALUES.values()), 2):
        assert {(case[a], case[b]) for case in sample} == set(itertools.product(one, other))


def test_one_parameter_is_sampled_with_both_its_ends() -> None:
    every, sample = cases(some("at", range(12), every=5))
    assert [case for (case,) in every] == list(range(12))
    assert [case for (case,) in sample] == [0, 5, 10, 11]
    assert cases(pairwise(only="ab"))[1] == [("a",), ("b",)]


def test_the_length_of_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REVIEWER_TEST_LENGTH", raising=False)
    assert examples(30) == 30
    monkeypatch.setenv("REVIEWER_TEST_LENGTH", "4")
    assert examples(30) == 120
