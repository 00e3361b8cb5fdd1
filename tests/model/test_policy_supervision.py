"""How few people nothing is said of is the organisation's to choose, but never so few that a figure is a person's."""

from __future__ import annotations

import pytest

from reviewer.model.errors import PolicyError
from reviewer.model.policy import read_policy
from reviewer.model.supervision import SMALLEST_TEAM
from reviewer.resources import resource


def default_text() -> str:
    return resource("policy.toml").read_text(encoding="utf-8")


def test_it_can_be_chosen_and_left_out() -> None:
    assert read_policy(default_text()).supervision.withhold_below == SMALLEST_TEAM
    twelve = default_text().replace("withhold_below = 5", "withhold_below = 12")
    assert read_policy(twelve).supervision.withhold_below == 12
    without = default_text().replace("[supervision]\nwithhold_below = 5\n", "")
    assert without != default_text()
    assert read_policy(without).supervision.withhold_below == SMALLEST_TEAM


@pytest.mark.parametrize("value", ["2", "0", "-1", "1001", "4.5", '"few"'])
def test_too_few_or_no_number_is_refused_with_its_line(value: str) -> None:
    with pytest.raises(PolicyError, match=r"Line \d+: .*withhold_below"):
        read_policy(default_text().replace("withhold_below = 5", f"withhold_below = {value}"))
