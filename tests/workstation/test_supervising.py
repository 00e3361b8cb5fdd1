"""The export on disk: whole or not at all, for its owner only, never over another file, and asked for as an export."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from reviewer.model.errors import CaseSystemUnreachable
from reviewer.model.events import TeamExposure
from reviewer.model.supervision import LookPurpose
from reviewer.workstation import supervising
from reviewer.workstation.supervising import ExportNotWritten, Supervising

TEAM = TeamExposure(limit_quarter_hours=16, members=())


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


class Asked:
    """The one question an export asks."""

    def __init__(self) -> None:
        self.purposes: list[tuple[int, LookPurpose]] = []
        self.fails = False

    def team_exposure(self, days: int = 28, purpose: LookPurpose = LookPurpose.SEEN) -> TeamExposure:
        if self.fails:
            raise CaseSystemUnreachable
        self.purposes.append((days, purpose))
        return TEAM


@pytest.fixture
def asked() -> Asked:
    return Asked()


@pytest.fixture
def supervision(asked: Asked) -> Supervising:
    return Supervising(asked)  # type: ignore[arg-type]


def test_it_is_written_whole_for_its_owner_only(supervision: Supervising, asked: Asked, tmp_path: Path) -> None:
    supervision.export(tmp_path / "team.csv", 16, lambda team: b"limit %d" % team.limit_quarter_hours)
    assert (tmp_path / "team.csv").read_bytes() == b"limit 16"
    assert stat.S_IMODE((tmp_path / "team.csv").stat().st_mode) == 0o600
    assert names_in(tmp_path) == ["team.csv"]
    assert asked.purposes == [(16, LookPurpose.EXPORTED)]


def test_what_is_there_is_never_replaced(supervision: Supervising, asked: Asked, tmp_path: Path) -> None:
    (tmp_path / "team.csv").write_text("other", encoding="utf-8")
    with pytest.raises(ExportNotWritten, match="of that name already"):
        supervision.export(tmp_path / "team.csv", 16, lambda _team: b"x")
    assert (tmp_path / "team.csv").read_text(encoding="utf-8") == "other"
    assert asked.purposes == []
    assert names_in(tmp_path) == ["team.csv"]


def test_where_nothing_can_be_written_nothing_is_asked(supervision: Supervising, asked: Asked, tmp_path: Path) -> None:
    with pytest.raises(ExportNotWritten):
        supervision.export(tmp_path / "nowhere" / "team.csv", 16, lambda _team: b"x")
    assert asked.purposes == []


def test_a_full_disk_leaves_nothing_and_says_so(
    supervision: Supervising, asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(supervising.os, "fsync", full)
    with pytest.raises(ExportNotWritten) as raised:
        supervision.export(tmp_path / "team.pdf", 16, lambda _team: b"x" * 1000)
    assert names_in(tmp_path) == []
    assert "were asked for" in raised.value.what_was_kept
    assert asked.purposes, "they were, and those in it see it"


def test_offline_leaves_nothing(supervision: Supervising, asked: Asked, tmp_path: Path) -> None:
    asked.fails = True
    with pytest.raises(CaseSystemUnreachable):
        supervision.export(tmp_path / "team.pdf", 16, lambda _team: b"x")
    assert names_in(tmp_path) == []


def test_a_file_system_without_links(supervision: Supervising, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_source: Path, _target: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(supervising.os, "link", none)
    supervision.export(tmp_path / "team.csv", 1, lambda _team: b"x")
    assert names_in(tmp_path) == ["team.csv"]
