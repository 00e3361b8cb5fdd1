"""Undo takes back the last thing that was settled here, and never an older one in its place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest
from evidence import picture
from floor import Floor
from test_decisions_kept import a_draft, actions

from reviewer.model.cases import Item
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Action, Change, Decision, as_draft
from reviewer.model.errors import NothingToAmend
from reviewer.model.readings import Proposal, Reading, Readings, Stage, Withdrawn
from reviewer.workstation.second_review import AgreedByBoth
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]


def decided(floor: Floor, session: WorkSession) -> tuple[Item, Decision]:
    item = floor.take_in(picture())
    session.refresh_queue()
    return item, session.decide(session.take(item.id), a_draft(item.id, "first words"), from_notes=False)


def differ(item: Item, own: Decision, *, offered: bool = False) -> Readings:
    """As the case system shows it once a colleague decided otherwise."""
    words = as_draft(own)
    theirs = msgspec.structs.replace(words, action=Action.PRESERVE)
    return Readings(
        item=item,
        case_number="2026-1",
        stage=Stage.CONSENSUS,
        readings=(
            Reading(author="me", words=words, mine=True, decision_id=own.id),
            Reading(author="a colleague", words=theirs),
        ),
        proposal=Proposal(id="their-proposal", author="a colleague", words=theirs) if offered else None,
    )


def made(session: WorkSession, item: Item) -> list[Change]:
    decisions = session._vault.store.call(lambda s: s.decisions_of(item.id))
    return [decision.change for decision in decisions]


def test_after_a_proposal_it_is_the_proposal_that_is_withdrawn(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    item, own = decided(own_floor, session)
    offer = session.second.propose(differ(item, own), a_draft(item.id, "for both"))
    assert session.undo() == Withdrawn(item_id=item.id, proposal_id=offer.id)
    assert made(session, item) == [Change.FIRST], "the person's own decision stands"
    assert actions(session)[-1] is CustodyAction.VOIDED
    void = session.undo()
    assert isinstance(void, Decision)
    assert void.replaces == own.id, "asked once more, it is the decision before"
    assert session.undo() is None


def test_a_decision_made_after_the_proposal_goes_first(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    item, own = decided(own_floor, session)
    session.second.propose(differ(item, own), a_draft(item.id, "for both"))
    _, later = decided(own_floor, session)
    void = session.undo()
    assert isinstance(void, Decision)
    assert void.replaces == later.id
    assert isinstance(session.undo(), Withdrawn)


def test_what_was_accepted_is_not_undone_and_nothing_else_in_its_place(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    item, own = decided(own_floor, session)
    session.second.accept(differ(item, own, offered=True))
    for _ in range(2):
        with pytest.raises(AgreedByBoth):
            session.undo()
    assert made(session, item) == [Change.FIRST]


def test_an_amendment_to_agree_is_undone_before_what_was_decided_since(own_floor: Floor, unlocked: Unlocked) -> None:
    """The older item was amended last: that is what the person means."""
    session = unlocked()
    item, own = decided(own_floor, session)
    other, _ = decided(own_floor, session)
    amended = session.second.amend(differ(item, own), a_draft(item.id, "as they say"))
    void = session.undo()
    assert isinstance(void, Decision)
    assert void.replaces == amended.id
    assert made(session, other) == [Change.FIRST]


def test_an_amendment_of_an_earlier_sessions_decision_is_the_last(own_floor: Floor, unlocked: Unlocked) -> None:
    before = unlocked()
    item, own = decided(own_floor, before)
    before.lock()
    before.farewell(10)
    session = unlocked()
    other, _ = decided(own_floor, session)
    amended = session.second.amend(differ(item, own), a_draft(item.id, "as they say"))
    void = session.undo()
    assert isinstance(void, Decision)
    assert void.replaces == amended.id
    assert made(session, other) == [Change.FIRST]


def test_an_undo_meanwhile_waits_for_an_amendment_and_undoes_that(
    own_floor: Floor, unlocked: Unlocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = unlocked()
    item, own = decided(own_floor, session)
    write, written, go_on = session._journal.durably, threading.Event(), threading.Event()

    def slow(*what: Any) -> None:
        write(*what)
        written.set()
        assert go_on.wait(10)

    with ThreadPoolExecutor(2) as others:
        with monkeypatch.context() as patch:
            patch.setattr(session._journal, "durably", slow)
            amending = others.submit(session.second.amend, differ(item, own), a_draft(item.id, "as they say"))
            assert written.wait(10)
        undoing = others.submit(session.undo)
        with pytest.raises(TimeoutError):
            undoing.result(0.2)
        go_on.set()
        void = undoing.result(10)
    assert isinstance(void, Decision)
    assert void.replaces == amending.result().id
    assert session.undo() is None


def test_what_was_undone_meanwhile_is_not_amended(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    item, own = decided(own_floor, session)
    assert isinstance(session.undo(), Decision)
    with pytest.raises(NothingToAmend):
        session.second.amend(differ(item, own), a_draft(item.id, "as they say"))
    assert made(session, item) == [Change.FIRST, Change.VOID]
