"""What an unlocked workstation keeps when something fails at the worst moment: locking, taking, deciding, undoing."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from reviewer.demo.organisation import PASSPHRASE
from reviewer.model.decisions import Action, Change, Confidence, Draft, Imminence
from reviewer.model.errors import ReviewerError, StoreDamaged, StoreUnavailable
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import Workstation
from reviewer.workstation.opening import Taken
from reviewer.workstation.session import WorkSession

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from evidence import picture

if TYPE_CHECKING:
    from floor import Floor


@pytest.fixture
def desk(floor: Floor) -> Iterator[Workstation]:
    floor.clear_queue()
    opened = Workstation(floor.organisation.workstation(floor.hire()), SystemClock())
    yield opened
    opened.close()


@pytest.fixture
def session(desk: Workstation, floor: Floor) -> WorkSession:
    floor.take_in(picture(), harm_type="violence")
    floor.take_in(picture(), harm_type="violence")
    made = desk.unlock(PASSPHRASE)
    made.refresh_queue()
    return made


def complete(taken: Taken) -> Draft:
    return Draft(
        item_id=taken.entry.item.id,
        imminence=Imminence.NO_SIGN,
        category="violence",
        severity=1,
        confidence=Confidence.HIGH,
        action=Action.NONE,
        rationale="a reason",
    )


def first(session: WorkSession) -> Taken:
    return session.take(session.queue()[0].item.id)


def broken(*_args: object) -> None:
    raise StoreDamaged


@pytest.mark.parametrize("fails", ["checkpoint", "hide"])
def test_keys_go_whatever_fails_while_locking(
    desk: Workstation, session: WorkSession, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    with monkeypatch.context() as patched:
        if fails == "checkpoint":
            patched.setattr(session._vault, "checkpoint", broken)
        else:
            patched.setattr(session._items, "hide_everything", broken)
        session.lock()
        session.farewell(5)
    assert session._vault.store.closed
    assert desk.unlock(PASSPHRASE).member == session.member


def test_locking_does_not_wait_for_a_case_system_that_does_not_answer(
    session: WorkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = threading.Event()
    monkeypatch.setattr(session._case_system, "release", lambda _lease: answer.wait(10))
    taken = first(session)
    started = time.monotonic()
    session.lock()
    took = time.monotonic() - started
    closed, worker_gone = session._vault.store.closed, taken.opened is not None and taken.opened._opened._link.closed
    answer.set()
    session.farewell(10)
    assert took < 2.0
    assert closed
    assert worker_gone


def test_an_item_that_arrives_after_the_lock_is_closed(session: WorkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    broker_open = session._broker.open

    def locked_meanwhile(*args: object, **named: object) -> object:
        item = broker_open(*args, **named)  # type: ignore[arg-type]
        opened.append(item)
        session.lock()
        return item

    monkeypatch.setattr(session._broker, "open", locked_meanwhile)
    with pytest.raises(StoreUnavailable):
        first(session)
    session.farewell(10)
    assert opened
    assert all(item._link.closed for item in opened)


def test_an_item_that_arrives_after_hide_everything_is_closed(
    session: WorkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker_open = session._broker.open

    def hidden_meanwhile(*args: object, **named: object) -> object:
        item = broker_open(*args, **named)  # type: ignore[arg-type]
        session.hide_everything()
        return item

    monkeypatch.setattr(session._broker, "open", hidden_meanwhile)
    taken = first(session)
    assert taken.first is None
    assert taken.opened is not None
    with pytest.raises(ReviewerError):
        taken.opened.clear(max_width=100, max_height=100, grey=True)


def test_a_decision_is_made_once_however_often_it_is_asked_for(
    session: WorkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken = first(session)

    def stumble(_taken: Taken) -> None:
        raise RuntimeError("after the commit")

    with monkeypatch.context() as patched:
        patched.setattr(session._viewing, "left", stumble)
        decision = session.decide(taken, complete(taken), from_notes=False)
    assert session.decide(taken, complete(taken), from_notes=False) == decision
    assert session._store.call(lambda s: s.decision_count()) == 1


def test_undoing_twice_voids_one_decision_and_brings_its_words_back(session: WorkSession) -> None:
    session.decide(taken := first(session), complete(taken), from_notes=False)
    voids = []

    def undo() -> None:
        voids.append(session.undo())

    together = [threading.Thread(target=undo) for _ in range(2)]
    for one in together:
        one.start()
    for one in together:
        one.join()
    made = [void for void in voids if void is not None]
    assert [void.change for void in made] == [Change.VOID]
    draft = session._store.call(lambda s: s.load_draft(taken.entry.item.id))
    assert draft is not None
    assert draft.rationale == "a reason"
    again = session.take(taken.entry.item.id)
    assert session.decide(again, complete(again), from_notes=False).change is Change.FIRST


def test_undo_reaches_back_only_to_this_session(desk: Workstation, session: WorkSession) -> None:
    session.decide(taken := first(session), complete(taken), from_notes=False)
    later = desk.unlock(PASSPHRASE)
    assert later.undo() is None
    assert later._store.call(lambda s: s.decision_count()) == 1


def test_an_undo_that_cannot_be_written_changes_nothing(session: WorkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    session.decide(taken := first(session), complete(taken), from_notes=False)
    call = session._store.call

    def full(job: object) -> object:
        raise StoreUnavailable

    with monkeypatch.context() as patched:
        patched.setattr(
            session._store, "call", lambda job: full(job) if "decide" in job.__code__.co_names else call(job)
        )
        with pytest.raises(StoreUnavailable):
            session.undo()
    assert session._store.call(lambda s: s.decision_count()) == 1
    assert session.undo() is not None
    assert session._store.call(lambda s: s.decision_count()) == 2


def test_an_undone_item_can_be_taken_before_the_void_has_been_sent(
    session: WorkSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    session.decide(taken := first(session), complete(taken), from_notes=False)
    session.sync_now()
    monkeypatch.setattr(session._sync, "wake", lambda: None)
    assert session.undo() is not None
    assert session.take(taken.entry.item.id).entry.item.id == taken.entry.item.id
