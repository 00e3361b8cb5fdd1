"""Exposure is neither lost nor doubled when the store cannot be written for a while."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from reviewer.model.errors import StoreUnavailable
from reviewer.model.events import AnswerStatus, EventAnswer, EventType, OutboxEvent
from reviewer.model.levels import Kind, Level
from reviewer.model.roles import Role
from reviewer.vault import age
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store.kept_exposure import KeptExposure
from reviewer.vault.vault import Vault
from reviewer.workstation.exposure import ExposureKeeper
from reviewer.workstation.local_zone import local_zone
from reviewer.workstation.policy_in_force import default_policy


@dataclass
class HandClock:
    at: float = 0.0
    start: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 9, tzinfo=UTC))

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[OpenVault]:
    escrow = age.generate_identity()
    Vault(tmp_path).create(
        "a passphrase", escrow.recipient(), member_id="r", name="R", role=Role.REVIEWER, work_factor=8
    )
    opened = Vault(tmp_path).open("a passphrase")
    yield opened
    opened.lock()


def events_in(vault: OpenVault, kind: EventType) -> list[OutboxEvent]:
    late = datetime(2027, 1, 1, tzinfo=UTC)
    return [event for event in vault.store.call(lambda s: s.pending(1000, now=late)) if event.type is kind]


def test_episodes_that_could_not_be_stored_are_stored_later_and_announced_once(
    vault: OpenVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock()
    keeper = ExposureKeeper(clock, default_policy(), vault)

    def look(seconds: float) -> None:
        keeper.showing("item", "violence", Level.BLURRED, sound=False, full_screen=False)
        clock.at += seconds
        keeper.showing(None, "violence", Level.FACTS, sound=False, full_screen=False)

    finish: Callable[..., None] = KeptExposure.finish_episodes

    def full(*_args: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(KeptExposure, "finish_episodes", full)
    look(4.0)
    keeper.keep()
    vault.store.call(lambda _store: None)
    monkeypatch.setattr(KeptExposure, "finish_episodes", finish)
    look(3.0)
    keeper.keep()
    keeper.keep()
    keeper.stop()
    stored = vault.store.call(lambda s: s.exposure.seconds_since(clock.start - timedelta(days=1)))
    assert stored.seconds == pytest.approx(7.0)
    announced = events_in(vault, EventType.EXPOSURE_RECORDED)
    assert sum(event.payload["seconds"] for event in announced) == pytest.approx(7.0)
    assert len(announced) == 2


def beat(keeper: ExposureKeeper, clock: HandClock, seconds: float, harm: str = "violence", **how: Any) -> None:
    """A heartbeat every quarter of a minute; the store's thread is given the time it would have had."""
    shown = {"sound": False, "full_screen": False} | how
    for _ in range(int(seconds // 15)):
        keeper.showing("item", harm, Level.BLURRED, **shown)
        keeper._store.call(lambda _store: None)
        clock.at += 15
    keeper.showing("item", harm, Level.BLURRED, **shown)


def test_the_kind_is_kept_here_and_only_violence_is_announced(vault: OpenVault) -> None:
    clock = HandClock()
    keeper = ExposureKeeper(clock, default_policy(), vault)
    beat(keeper, clock, 30, kind=Kind.VIDEO)
    beat(keeper, clock, 15, "self_harm", kind=Kind.IMAGE)
    keeper.stop()
    announced = [event.payload for event in events_in(vault, EventType.EXPOSURE_RECORDED)]
    assert [(told["seconds"], told["violent"]) for told in announced] == [(30.0, True), (15.0, False)]
    assert not any("kind" in told or "item" in told for told in announced)
    again = ExposureKeeper(clock, default_policy(), vault)
    found = again.broken_down(again.today(), again.today())
    assert {kind: tally.seconds for kind, tally in found.by_kind.items()} == {Kind.VIDEO: 30.0, Kind.IMAGE: 15.0}
    assert found.total.seconds == again.figures().today_s == 45.0


def test_the_breakdown_has_what_runs_now_and_what_is_not_stored_yet(
    vault: OpenVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock()
    keeper = ExposureKeeper(clock, default_policy(), vault)

    def full(*_args: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(KeptExposure, "finish_episodes", full)
        beat(keeper, clock, 30)
        beat(keeper, clock, 30, full_screen=True)
        beat(keeper, clock, 30, sound=True)
        clock.at += 4
        found = keeper.broken_down(keeper.today(), keeper.today())
    assert (found.total.seconds, found.full_screen.seconds, found.with_sound.seconds) == (94.0, 30.0, 34.0)
    assert found.total.seconds == keeper.figures().today_s
    keeper.stop()


def test_a_long_stretch_is_told_by_the_quarter_hour_and_taken_back_at_a_break(vault: OpenVault) -> None:
    clock = HandClock()
    keeper = ExposureKeeper(clock, default_policy(), vault)
    beat(keeper, clock, 2.3 * 3600, "other")
    keeper.break_started()
    clock.at += 600
    keeper.break_ended()
    keeper.stop()
    told = [event.payload for event in events_in(vault, EventType.WITHOUT_BREAK)]
    assert told == [{"member": "r", "quarter_hours": n} for n in (8, 9, 0)]


def test_a_crash_in_a_long_stretch_is_followed_by_what_holds_then(vault: OpenVault) -> None:
    clock = HandClock()
    beat(ExposureKeeper(clock, default_policy(), vault), clock, 2.1 * 3600, "other")
    vault.store.call(lambda _store: None)
    clock.at += 3600  # nobody was there
    again = ExposureKeeper(clock, default_policy(), vault)
    beat(again, clock, 30, "other")
    again.stop()
    told = [event.payload["quarter_hours"] for event in events_in(vault, EventType.WITHOUT_BREAK)]
    assert told == [8, 0]


def test_a_crash_on_facts_after_a_long_stretch_takes_it_back_at_the_next_unlock(vault: OpenVault) -> None:
    clock = HandClock()
    keeper = ExposureKeeper(clock, default_policy(), vault)
    beat(keeper, clock, 2.1 * 3600, "other")
    keeper.showing(None, "other", Level.FACTS, sound=False, full_screen=False)
    keeper.keep()
    vault.store.call(lambda _store: None)
    assert vault.store.call(lambda s: s.exposure.unfinished_episodes()) == []
    clock.at += 3600
    again = ExposureKeeper(clock, default_policy(), vault)
    again.keep()
    again.stop()
    ExposureKeeper(clock, default_policy(), vault).stop()
    told = [event.payload["quarter_hours"] for event in events_in(vault, EventType.WITHOUT_BREAK)]
    assert told == [8, 0]


def test_a_stretch_that_could_not_be_stored_is_told_later_and_only_as_it_is_then(
    vault: OpenVault, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = HandClock()
    keeper = ExposureKeeper(clock, default_policy(), vault)

    def full(*_args: object) -> None:
        raise StoreUnavailable

    with monkeypatch.context() as broken:
        broken.setattr(KeptExposure, "tell_stretch", full)
        beat(keeper, clock, 2.3 * 3600, "other")
        vault.store.call(lambda _store: None)
        assert events_in(vault, EventType.WITHOUT_BREAK) == []
    keeper.keep()
    keeper.keep()
    vault.store.call(lambda _store: None)
    told = [event.payload["quarter_hours"] for event in events_in(vault, EventType.WITHOUT_BREAK)]
    assert told == [9]
    keeper.stop()


def test_lock_in_a_long_stretch_takes_it_back(vault: OpenVault) -> None:
    clock = HandClock()
    keeper = ExposureKeeper(clock, default_policy(), vault)
    beat(keeper, clock, 2.0 * 3600 + 30, "other")
    assert keeper.goodbye() == ()
    keeper.stop()
    told = events_in(vault, EventType.WITHOUT_BREAK)
    assert [e.payload["quarter_hours"] for e in told] == [8, 0]
    assert keeper.goodbye() == tuple(told), "the end is not sent past what was told before it"
    vault.store.call(
        lambda s: s.answered([EventAnswer(id=told[0].id, status=AnswerStatus.ACCEPTED)], retry_at=clock.now())
    )
    again = ExposureKeeper(clock, default_policy(), vault)
    again.stop()
    assert again.goodbye() == (told[1],)


@pytest.mark.parametrize(
    ("setting", "offset_h"),
    [("Europe/Vienna", (1, 2)), ("America/New_York", (-5, -4)), ("Asia/Kathmandu", (5.75, 5.75))],
)
def test_the_zone_of_the_machine_has_its_clock_changes(
    setting: str, offset_h: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", setting)
    zone = local_zone(HandClock())
    winter, summer = (datetime(2026, month, 1, 12, tzinfo=UTC).astimezone(zone).utcoffset() for month in (1, 7))
    assert (winter, summer) == tuple(timedelta(hours=hours) for hours in offset_h)


def test_a_zone_nobody_knows_is_the_offset_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Nowhere/Garden")
    assert local_zone(HandClock()).utcoffset(None) == timedelta(0)


@pytest.mark.parametrize("worked_s", [20 * 60.0, 2.3 * 3600])
def test_nothing_of_a_break_is_measured_and_no_event_tells_how_long_it_was(tmp_path: Path, worked_s: float) -> None:
    """Two people take a break of six and of fifty minutes: the same is told of both, word for word but for times."""
    told = []
    for minutes in (6, 50):
        escrow = age.generate_identity()
        folder = tmp_path / str(minutes)
        made = Vault(folder)
        made.create("a passphrase", escrow.recipient(), member_id="r", name="R", role=Role.REVIEWER, work_factor=8)
        opened, clock = made.open("a passphrase"), HandClock()
        keeper = ExposureKeeper(clock, default_policy(), opened)
        beat(keeper, clock, worked_s)
        keeper.break_started()
        figures = keeper.figures()
        for _ in range(minutes * 60):
            clock.at += 1
            keeper.showing(None, "", Level.FACTS, sound=False, full_screen=False)  # the heartbeat of the window goes on
        keeper.keep()
        assert keeper.figures().today_s == figures.today_s
        keeper.break_ended()
        keeper.stop()
        # Which of two things of one moment is written first is between two threads, and tells nothing.
        told.append(sorted(repr((e.type, e.payload | {"started_at": ""})) for e in every_event(opened)))
        opened.lock()
    assert told[0] == told[1]
    assert told[0]


def every_event(vault: OpenVault) -> list[OutboxEvent]:
    return vault.store.call(lambda s: s.pending(1000, now=datetime(2027, 1, 1, tzinfo=UTC)))
