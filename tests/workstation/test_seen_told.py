"""That an item was seen is told once, however the look ends: without a decision, by a crash, or on a full disk."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from evidence import picture
from floor import Floor
from test_exposure_kept import HandClock, events_in

from reviewer.model.events import AnswerStatus, EventAnswer, EventType
from reviewer.model.levels import Level
from reviewer.model.roles import Role
from reviewer.vault import age
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store.exposure_table import StoredEpisode
from reviewer.vault.store.kept_exposure import KeptExposure
from reviewer.vault.vault import Vault
from reviewer.workstation.exposure import ExposureKeeper
from reviewer.workstation.opening import Taken
from reviewer.workstation.policy_in_force import default_policy
from reviewer.workstation.session import WorkSession

Opens = Callable[[], OpenVault]


@pytest.fixture
def opens(tmp_path: Path) -> Iterator[Opens]:
    """Opens the same vault again and again; what was open before is locked without any last word."""
    escrow = age.generate_identity()
    Vault(tmp_path).create(
        "a passphrase", escrow.recipient(), member_id="r", name="R", role=Role.REVIEWER, work_factor=8
    )
    opened: list[OpenVault] = []

    def open_again() -> OpenVault:
        if opened:
            opened.pop().lock()
        opened.append(Vault(tmp_path).open("a passphrase"))
        return opened[-1]

    yield open_again
    if opened:
        opened.pop().lock()


def keeper_of(vault: OpenVault, clock: HandClock) -> ExposureKeeper:
    return ExposureKeeper(clock, default_policy(), vault)


def show(keeper: ExposureKeeper, item_id: str | None, level: Level = Level.BLURRED, *, sound: bool = False) -> None:
    keeper.showing(item_id, "violence", level, sound=sound, full_screen=False)


def told(vault: OpenVault) -> list[str]:
    """Items the outbox tells of, in the order they were queued."""
    vault.store.call(lambda _store: None)
    events = events_in(vault, EventType.ITEM_SEEN)
    assert all(event.payload.keys() == {"item_id"} for event in events), "neither seconds nor a level"
    return [event.payload["item_id"] for event in events]


def test_the_first_look_is_told_at_once_and_no_other(opens: Opens) -> None:
    vault, clock = opens(), HandClock()
    keeper = keeper_of(vault, clock)
    show(keeper, "item-1", Level.FACTS)
    clock.at += 60
    assert told(vault) == [], "facts are no look"
    show(keeper, "item-1")
    assert told(vault) == ["item-1"], "before the next heartbeat: a kill loses nothing"
    for level in (Level.LENS, Level.CLEAR, Level.FACTS, Level.BLURRED):
        clock.at += 1
        show(keeper, "item-1", level)
    show(keeper, None)
    show(keeper, "item-2", Level.FACTS, sound=True)
    keeper.stop()
    assert told(vault) == ["item-1", "item-2"], "what is heard reached the person as well"


def test_a_cell_of_a_gallery_counts(opens: Opens) -> None:
    vault, clock = opens(), HandClock()
    keeper = keeper_of(vault, clock)
    keeper.showing_cells({"item-1": "violence", "item-2": "other"})
    clock.at += 1
    keeper.showing_cells({"item-2": "other", "item-3": "other"})
    keeper.showing_cells({})
    assert sorted(told(vault)) == ["item-1", "item-2", "item-3"]


def test_after_a_lock_or_a_kill_it_is_told_still_and_not_again(opens: Opens) -> None:
    vault, clock = opens(), HandClock()
    show(keeper_of(vault, clock), "item-1")
    # No keep, no stop, no last word: as after a kill.
    vault = opens()
    keeper = keeper_of(vault, clock)
    assert told(vault) == ["item-1"]
    show(keeper, "item-1")
    assert told(vault) == ["item-1"]
    event = events_in(vault, EventType.ITEM_SEEN)[0]
    answers = (EventAnswer(id=event.id, status=AnswerStatus.ACCEPTED),)
    vault.store.call(lambda s: s.answered(answers, retry_at=clock.now()))
    keeper.stop()
    vault = opens()
    show(keeper_of(vault, clock), "item-1")
    assert told(vault) == [], "what was delivered is not sent again"


def test_on_a_full_disk_it_waits(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    vault, clock = opens(), HandClock()
    keeper = keeper_of(vault, clock)

    def full(*_args: object) -> None:
        raise OSError(28, "full")

    with monkeypatch.context() as broken:
        broken.setattr(KeptExposure, "tell_seen", full)
        show(keeper, "item-1")
        assert told(vault) == []
    clock.at += 10
    keeper.keep()
    assert told(vault) == ["item-1"]


def test_what_an_older_version_measured_is_told_once(opens: Opens) -> None:
    vault, clock = opens(), HandClock()

    def measured(number: int, item_id: str, level: Level, seconds: float) -> None:
        long_ago = clock.now() - timedelta(days=200)
        episode = StoredEpisode(
            id=f"e{number}", item_id=item_id, harm_type="violence", level=level, started_at=long_ago, seconds=seconds
        )
        vault.store.call(lambda s: s.exposure.keep_running(episode))

    measured(1, "item-1", Level.CLEAR, 5.0)
    measured(2, "item-1", Level.BLURRED, 5.0)
    measured(3, "item-2", Level.FACTS, 5.0)
    measured(4, "", Level.BLURRED, 5.0)
    keeper_of(vault, clock).stop()
    assert told(vault) == ["item-1"], "neither facts nor the gallery itself"
    keeper_of(vault, clock).stop()
    assert told(vault) == ["item-1"]


def test_however_the_look_ends_the_record_of_the_case_says_that_somebody_saw_it(
    own_floor: Floor, unlocked: Callable[..., WorkSession]
) -> None:
    one, other = unlocked(), unlocked(own_floor.hire())
    ends: dict[str, Callable[[Taken], object]] = {
        "passed on": one.pass_on,
        "put back": one.put_back,
        "set aside": one.hold,
        "locked": lambda _taken: None,
    }
    facts, *seen = items = [own_floor.take_in(picture()) for _ in (None, *ends)]
    one.pull_queue()
    taken = one.take(facts.id)
    one.showing(facts.id, Level.FACTS)
    one.put_back(taken)
    for item, end in zip(seen, ends.values(), strict=True):
        taken = one.take(item.id)
        one.showing(item.id, Level.BLURRED)
        end(taken)
    one.sync_now()
    one.lock()
    found = {}
    for case_id in {item.case_id for item in items}:
        found |= {each.item.id: each for each in other._case_system.handed_off.record(case_id)[1]}
    assert [found[item.id].seen for item in items] == [False, True, True, True, True]
    assert not any(found[item.id].decisions for item in items)
