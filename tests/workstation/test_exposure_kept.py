"""Exposure is neither lost nor doubled when the store cannot be written for a while."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from reviewer.model.events import EventType
from reviewer.model.levels import Level
from reviewer.model.roles import Role
from reviewer.vault import age
from reviewer.vault.store import Store
from reviewer.vault.vault import Vault
from reviewer.workstation.desk import default_policy
from reviewer.workstation.exposure import ExposureKeeper


@dataclass
class HandClock:
    at: float = 0.0
    start: datetime = field(default_factory=lambda: datetime(2026, 11, 21, 9, tzinfo=UTC))

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at


def test_episodes_that_could_not_be_stored_are_stored_later_and_announced_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    escrow = age.generate_identity()
    Vault(tmp_path).create(
        "a passphrase", escrow.recipient(), member_id="r", name="R", role=Role.REVIEWER, work_factor=8
    )
    vault = Vault(tmp_path).open("a passphrase")
    clock = HandClock()
    keeper = ExposureKeeper(clock, default_policy(), vault)

    def look(seconds: float) -> None:
        keeper.showing("item", "violence", Level.BLURRED, sound=False, full_screen=False)
        clock.at += seconds
        keeper.showing(None, "violence", Level.FACTS, sound=False, full_screen=False)

    finish: Callable[..., None] = Store.finish_episodes

    def full(*_args: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(Store, "finish_episodes", full)
    look(4.0)
    keeper.keep()
    vault.store.call(lambda _store: None)
    monkeypatch.setattr(Store, "finish_episodes", finish)
    look(3.0)
    keeper.keep()
    keeper.keep()
    keeper.stop()
    stored = vault.store.call(lambda s: s.seconds_since(clock.start - timedelta(days=1)))
    events = vault.store.call(lambda s: s.pending(100, now=clock.now() + timedelta(days=1)))
    vault.lock()
    assert stored.seconds == pytest.approx(7.0)
    announced = [event for event in events if event.type is EventType.EXPOSURE_RECORDED]
    assert sum(event.payload["seconds"] for event in announced) == pytest.approx(7.0)
    assert len(announced) == 2
