"""An export of the team's figures is an export to everybody in it, and nobody but a supervisor makes one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from house import BOSS, ONE

from reviewer.model.ids import uuid7
from reviewer.model.supervision import LookPurpose, ReliefKind, ReliefRequest
from reviewer.sync.client import CaseSystem
from reviewer.sync.errors import RoleRefused
from reviewer.workstation.supervising import Supervising

As = Callable[..., CaseSystem]


def test_each_person_in_it_sees_that_it_was_exported(as_member: As, tmp_path: Path) -> None:
    supervision = Supervising(as_member(BOSS))
    supervision.team(28)
    supervision.export(tmp_path / "team.csv", 28, lambda team: b"%d" % len(team.members))
    assert [look.purpose for look in as_member(ONE).looks()] == [LookPurpose.EXPORTED, LookPurpose.SEEN]


def test_a_reviewer_exports_nothing(as_member: As, tmp_path: Path) -> None:
    with pytest.raises(RoleRefused):
        Supervising(as_member(ONE)).export(tmp_path / "team.csv", 28, lambda _team: b"figures")
    assert list(tmp_path.glob("*.csv")) == []
    assert list(tmp_path.glob(".*.part")) == []


def test_relief_asked_twice_is_done_once(as_member: As) -> None:
    wanted = ReliefRequest(id=uuid7(), member_id=ONE, kind=ReliefKind.CALL)
    supervision = Supervising(as_member(BOSS))
    assert supervision.relieve(wanted) == supervision.relieve(wanted)
    assert [relief.kind for relief in as_member(ONE).own_relief()] == [ReliefKind.CALL]
