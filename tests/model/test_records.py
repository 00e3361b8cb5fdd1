"""The viewing record and the draft: what they say must be true."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

import reviewer
from reviewer.model import errors
from reviewer.model.decisions import ViewingRecord
from reviewer.model.ids import uuid7


@pytest.mark.parametrize(
    ("seconds", "sound", "viewed"),
    [({}, 0.0, False), ({"facts": 90.0}, 0.0, False), ({"blurred": 0.1}, 0.0, True), ({"facts": 1.0}, 2.0, True)],
)
def test_viewed_means_something_above_the_facts_reached_the_person(
    seconds: dict[str, float], sound: float, viewed: bool
) -> None:
    assert ViewingRecord(item_id="i", viewer="r", seconds=seconds, sound_seconds=sound).viewed is viewed


def test_ids_grow_and_carry_version_seven() -> None:
    made = [uuid7() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {one[14] for one in made} == {"7"}


def test_every_error_has_a_code_of_its_own() -> None:
    def tree(kind: type[errors.ReviewerError]) -> list[type[errors.ReviewerError]]:
        return [kind, *(below for child in kind.__subclasses__() for below in tree(child))]

    for module in pkgutil.walk_packages(reviewer.__path__, "reviewer."):
        # The one runs a server, the others are run by alembic.
        if not module.name.endswith("__main__") and ".migrations" not in module.name:
            importlib.import_module(module.name)
    ours = [kind for kind in tree(errors.ReviewerError) if kind.__module__.startswith("reviewer.")]
    codes = [kind.code for kind in ours]
    assert len(set(codes)) == len(codes), sorted(code for code in codes if codes.count(code) > 1)
