"""The demo's policy is the default one, but for what is read twice: by chance nothing, so that each run is the same."""

from __future__ import annotations

import msgspec

from reviewer.demo.organisation import demo_policy
from reviewer.model.policy import read_policy
from reviewer.model.taxonomy import SecondReview
from reviewer.workstation.policy_in_force import default_policy


def test_one_harm_type_is_read_twice_and_nothing_is_drawn() -> None:
    policy = read_policy(demo_policy())
    assert policy.second_review == SecondReview(categories=("self_harm",))
    assert msgspec.structs.replace(policy, second_review=default_policy().second_review) == default_policy()
