"""The administrator's policy is used where only its owner may write it, and refused rather than passed over."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reviewer.model.errors import PolicyError
from reviewer.resources import resource
from reviewer.workstation.policy_in_force import MAX_POLICY_BYTES, default_policy, policy_in_force

OWNER = os.getuid()


def written(folder: Path, text: str, mode: int = 0o644) -> Path:
    path = folder / "policy.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def shipped() -> str:
    return resource("policy.toml").read_text(encoding="utf-8")


def test_without_one_the_shipped_policy_is_used(tmp_path: Path) -> None:
    assert policy_in_force(tmp_path / "none.toml") == default_policy()


def test_the_administrators_is_used(tmp_path: Path) -> None:
    path = written(tmp_path, shipped().replace("2026-11-default", "ours"))
    assert policy_in_force(path, OWNER).version == "ours"


@pytest.mark.parametrize("mode", [0o664, 0o646])
def test_one_that_others_may_write_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(PolicyError, match="only root may write"):
        policy_in_force(written(tmp_path, shipped(), mode), OWNER)


def test_somebody_elses_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match="only root may write"):
        policy_in_force(written(tmp_path, shipped()), OWNER + 1)


def test_a_link_and_a_folder_are_refused(tmp_path: Path) -> None:
    link = tmp_path / "link.toml"
    link.symlink_to(written(tmp_path, shipped()))
    for path in (link, tmp_path):
        with pytest.raises(PolicyError):
            policy_in_force(path, OWNER)


def test_what_cannot_be_read_is_not_replaced_by_the_default(tmp_path: Path) -> None:
    for text in ("not toml [", "#" * (MAX_POLICY_BYTES + 1)):
        with pytest.raises(PolicyError):
            policy_in_force(written(tmp_path, text), OWNER)
