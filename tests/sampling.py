"""What of a large matrix of cases `make test` runs, and what waits for `make matrix`.

Each of these is a `pytest.mark.parametrize` over every case; those that are not in the sample are marked `matrix`. The
sample is the same in every run, and holds every value of every parameter at least once.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Mapping, Sequence

import pytest

_LENGTH = "REVIEWER_TEST_LENGTH"


def examples(few: int) -> int:
    """How many examples Hypothesis is to try: `few`, or so many times as many as `make matrix` says."""
    return few * int(os.environ.get(_LENGTH, "1"))


def each_once(**values: Iterable[object]) -> pytest.MarkDecorator:
    """The product of `values`; the sample has each value once or more, in as few cases as the longest one needs."""
    lists = {name: list(column) for name, column in values.items()}
    longest = max(len(column) for column in lists.values())
    places = {tuple(at % len(column) for column in lists.values()) for at in range(longest)}
    return _marked(lists, places)


def pairwise(**values: Iterable[object]) -> pytest.MarkDecorator:
    """The product of `values`; in the sample every two values of two parameters meet at least once."""
    lists = {name: list(column) for name, column in values.items()}
    every = list(itertools.product(*(range(len(column)) for column in lists.values())))
    missing = {pair for case in every for pair in _pairs(case)}
    places: set[tuple[int, ...]] = set()
    while missing:
        best = max(every, key=lambda case: len(missing.intersection(_pairs(case))))  # the first of the best
        places.add(best)
        missing.difference_update(_pairs(best))
    return _marked(lists, places)


def some(name: str, values: Iterable[object], *, every: int) -> pytest.MarkDecorator:
    """One parameter of many like values, positions in a file for instance: the first, every `every`th and the last.

    Only for values that are of one kind: what is left out of the sample is tested by `make matrix` alone.
    """
    column = list(values)
    return _marked({name: column}, {(at,) for at in [*range(0, len(column), every), len(column) - 1]})


def _pairs(case: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    if len(case) == 1:
        return [(0, case[0], 0, case[0])]
    return [(a, case[a], b, case[b]) for a, b in itertools.combinations(range(len(case)), 2)]


def _marked(lists: Mapping[str, Sequence[object]], sample: set[tuple[int, ...]]) -> pytest.MarkDecorator:
    cases = []
    for places in itertools.product(*(range(len(column)) for column in lists.values())):
        case = [column[at] for column, at in zip(lists.values(), places, strict=True)]
        cases.append(pytest.param(*case, marks=() if places in sample else pytest.mark.matrix))
    return pytest.mark.parametrize(",".join(lists), cases)
