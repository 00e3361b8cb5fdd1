"""What the policy that is shipped asks for where nobody has chosen yet."""

from __future__ import annotations

from reviewer.model.policy import read_policy
from reviewer.resources import resource


def test_a_small_share_is_read_twice_and_no_kind_is_named() -> None:
    asked = read_policy(resource("policy.toml").read_text(encoding="utf-8")).second_review
    assert 0.0 < asked.share <= 0.1
    assert (asked.categories, asked.actions, asked.settled_by) == ((), (), "third")
