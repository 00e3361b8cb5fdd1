"""My data: what this workstation and the case system hold about one person, and the file of it."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from evidence import picture
from floor import Floor
from test_exposure_kept import HandClock, vault  # noqa: F401  a fixture

from reviewer.demo.organisation import SUPERVISOR
from reviewer.model.decisions import Action, Confidence, Draft, Imminence
from reviewer.model.errors import CaseSystemUnreachable
from reviewer.model.events import MemberExposure
from reviewer.model.levels import Kind, Level
from reviewer.model.preferences import Preferences, RatherNot, Trait
from reviewer.model.supervision import OwnData as HeldThere
from reviewer.model.wire import OwnExposure, OwnExposureDay, OwnExposureLine
from reviewer.ui.case_ports import OutcomesView
from reviewer.vault.files import write_new
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.exposure import ExposureKeeper
from reviewer.workstation.own_data import NotWritten, OwnData
from reviewer.workstation.policy_in_force import default_policy
from reviewer.workstation.session import WorkSession

WISH = "greenhouses"
SECRET = "half a sentence about the garden"


@dataclass
class CaseSystemFake:
    down: bool = False
    looked: list[str] = field(default_factory=list)

    def own_data(self) -> HeldThere:
        if self.down:
            raise CaseSystemUnreachable
        seen = MemberExposure(member="R", days=(), member_id="r")
        return HeldThere(as_seen=seen, limit_quarter_hours=16, decisions=3, messages=2)

    def own_exposure(self) -> OwnExposure:
        line = OwnExposureLine(day="2026-11-21", level="blurred", seconds=4.0, weight=2.0)
        day = OwnExposureDay(day="2026-11-21", workstation="w", seconds=4.0, weighted=8.0, violent_s=0.0)
        return OwnExposure(limit_quarter_hours=16, lines=(line, line), days=(day,), line_count=7)

    def looks(self) -> tuple[()]:
        return ()


class Room:
    """One person's vault with a meter over it."""

    def __init__(self, opened: OpenVault) -> None:
        self.vault = opened
        self.clock = HandClock()
        self.system = CaseSystemFake()
        self.keeper = ExposureKeeper(self.clock, default_policy(), opened)
        self.own = self.anew()

    def anew(self) -> OwnData:
        return OwnData(
            self.vault,
            self.system,  # type: ignore[arg-type]
            self.clock,
            self.keeper,
            lambda: Preferences(text_scale=1.5, rather_not=(RatherNot(trait=Trait.LABEL, key=WISH),)),
            lambda: OutcomesView((), frozenset()),
        )

    def look(self, seconds: float, level: Level = Level.BLURRED, *, sound: bool = False) -> None:
        self.keeper.showing("item", "violence", level, sound=sound, full_screen=False, kind=Kind.IMAGE)
        for _ in range(int(seconds)):
            self.clock.at += 1.0
            self.keeper.showing("item", "violence", level, sound=sound, full_screen=False, kind=Kind.IMAGE)
        self.keeper.showing(None, "violence", Level.FACTS, sound=False, full_screen=False)


@pytest.fixture
def room(vault: OpenVault) -> Room:  # noqa: F811
    return Room(vault)


def test_what_is_here_is_what_the_meter_counts_also_before_it_is_stored(room: Room) -> None:
    room.look(4.0)
    room.look(2.0, Level.CLEAR, sound=True)
    here, figures = room.own.held_here(), room.keeper.figures()
    for span, counted in (
        (here.today, figures.today_s),
        (here.shift, figures.shift_s),
        (here.week, figures.last_7_days_s),
        (here.month, figures.last_28_days_s),
    ):
        assert span.total.seconds == pytest.approx(counted)
        assert span.total.seconds == pytest.approx(6.0)
    assert here.today.total.weighted == pytest.approx(figures.today_weighted_s)
    assert here.today.with_sound.seconds == pytest.approx(2.0)
    assert here.preferences is not None
    assert [wish.key for wish in here.preferences.rather_not] == [WISH]


def test_a_night_shift_is_one_across_midnight_and_the_shift_before_is_not_in_it(room: Room) -> None:
    room.look(3.0)
    room.clock.at += 14 * 3600.0  # 23:00
    room.look(5.0)
    room.clock.at += 2 * 3600.0
    room.look(7.0)
    here, figures = room.own.held_here(), room.keeper.figures()
    assert here.shift.total.seconds == pytest.approx(figures.shift_s)
    assert here.shift.total.seconds == pytest.approx(12.0)
    assert here.month.total.seconds == pytest.approx(15.0)


def test_drafts_decisions_and_what_waits_are_counted(room: Room) -> None:
    room.vault.store.call(lambda s: s.save_draft(Draft(item_id="a", rationale=SECRET)))
    room.look(3.0)
    room.keeper.keep()
    here = room.own.held_here()
    assert (here.drafts, here.decisions, here.episodes, here.waiting) == (1, 0, 1, 2), (
        "the episode, and that it was seen"
    )


def test_what_was_heard_is_kept_for_when_there_is_no_network(room: Room) -> None:
    assert room.own.last_heard() is None
    heard = room.own.ask()
    assert (heard.line_count, len(heard.lines), heard.heard_at) == (7, 2, room.clock.now())
    room.system.down = True
    later = room.anew()
    with pytest.raises(CaseSystemUnreachable):
        later.ask()
    kept = later.last_heard()
    assert kept is not None
    assert (kept.data, kept.days, kept.line_count, kept.lines) == (heard.data, heard.days, 7, ())


@pytest.mark.parametrize("kept", [b"", b"{}", b'{"heard_at": 3}', b"\xff"])
def test_what_an_earlier_version_kept_is_as_if_nothing_was_heard(room: Room, kept: bytes) -> None:
    room.vault.store.call(lambda s: s.put_setting("own_data_heard", kept))
    assert room.own.last_heard() is None


def test_the_file_is_whole_and_holds_neither_items_nor_words_nor_wishes(room: Room, tmp_path: Path) -> None:
    room.vault.store.call(lambda s: s.save_draft(Draft(item_id="item", rationale=SECRET)))
    room.look(3.0)
    room.own.ask()
    target = tmp_path / "mine.json"
    room.own.write_file(str(target))
    text = target.read_text(encoding="utf-8")
    assert SECRET not in text
    assert WISH not in text
    assert '"item"' not in text
    read = json.loads(text)
    here, there = read["on_this_workstation"], read["at_the_case_system"]
    assert here["graphic_viewing"]["today"]["in_all"]["seconds"] == 3.0
    assert here["drafts"] == 1
    assert here["preferences"]["text_scale"] == 1.5
    assert there["data"]["as_seen"]["member_id"] == "r"
    assert [line["seconds"] for line in there["lines"]] == [4.0, 4.0]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert list(tmp_path.glob("*.part")) == []
    assert list(tmp_path.glob(".*.part")) == []


@pytest.mark.parametrize("path", ["", "mine.json", "/nowhere/at/all/mine.json", "\0", "~nobody-of-this-name/mine.json"])
def test_a_place_that_is_none_is_said(room: Room, path: str) -> None:
    with pytest.raises(NotWritten):
        room.own.write_file(path)


def test_nothing_is_written_over_and_nothing_half_is_left(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    there = folder / "mine.json"
    there.write_text("before")
    with pytest.raises(NotWritten, match="already"):
        room.own.write_file(str(there))
    link = folder / "link.json"
    link.symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(NotWritten):
        room.own.write_file(str(link))

    def full(_handle: int) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr("reviewer.vault.files.os.fsync", full)
    with pytest.raises(NotWritten):
        room.own.write_file(str(folder / "new.json"))
    assert sorted(path.name for path in folder.iterdir()) == ["link.json", "mine.json"]
    assert there.read_text() == "before"


def test_a_folder_without_links_gets_the_file_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_args: object) -> None:
        raise PermissionError

    monkeypatch.setattr("reviewer.vault.files.os.link", no_links)
    write_new(tmp_path / "a", b"one")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", b"two")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a": b"one"}


def test_a_supervisor_gets_exactly_what_one_is_told_they_get(
    own_floor: Floor, unlocked: Callable[..., WorkSession]
) -> None:
    item = own_floor.take_in(picture(160, 120))
    session = unlocked()
    session.refresh_queue()
    taken = session.take(item.id)
    session.showing(item.id, Level.BLURRED)
    session.decide(
        taken,
        Draft(
            item_id=item.id,
            imminence=Imminence.NO_SIGN,
            category="other",
            severity=2,
            confidence=Confidence.HIGH,
            action=Action.NONE,
        ),
        from_notes=False,
    )
    session.sync_now()
    mine = session.own.ask()
    assert mine.data.decisions == 1
    assert mine.line_count >= 1
    assert mine.looks == ()
    (today,) = {day.day for day in mine.days}
    assert sum(day.seconds for day in mine.days) == pytest.approx(session.own.held_here().today.total.seconds, abs=0.01)

    supervisor = unlocked(SUPERVISOR)
    team = supervisor.supervision.team(28)
    (row,) = [member for member in team.members if member.member_id == session.member.id]
    shown = session.own.ask()
    assert shown.data.as_seen == row
    assert [day.day for day in row.days] == [today]
    assert team.limit_quarter_hours == shown.data.limit_quarter_hours
    assert [(look.viewer, look.purpose) for look in shown.looks] == [(supervisor.member.name, "seen")]
    assert shown.looks[0].at - shown.heard_at < timedelta(seconds=5)
