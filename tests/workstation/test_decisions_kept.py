"""Deciding, undoing and passing on: what the vault and the case system hold afterwards."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from evidence import picture
from floor import Floor, entries_of

from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Action, Change, Confidence, Draft, Imminence
from reviewer.model.errors import DecisionIncomplete
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]


def a_draft(item_id: str, rationale: str = "why") -> Draft:
    return Draft(
        item_id=item_id,
        imminence=Imminence.NO_SIGN,
        category="other",
        severity=1,
        confidence=Confidence.HIGH,
        action=Action.NONE,
        rationale=rationale,
    )


def actions(session: WorkSession) -> list[CustodyAction]:
    return [entry.action for entry in entries_of(session._store.call(lambda s: s.custody_rows()))]


def test_a_decision_is_four_records_or_none(own_floor: Floor, unlocked: Unlocked) -> None:
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    taken = session.take(item.id)
    with pytest.raises(DecisionIncomplete):
        session.decide(taken, Draft(item_id=item.id), from_notes=False)
    assert session._store.call(lambda s: s.decision_count()) == 0
    decision = session.decide(taken, a_draft(item.id), from_notes=False)
    assert actions(session) == [CustodyAction.UNLOCKED, CustodyAction.OPENED, CustodyAction.DECIDED]
    session.sync_now()
    assert [d.id for d in own_floor.decisions_of(item.id)] == [decision.id]
    assert session.sync_state().waiting == 0


def test_undo_after_the_queue_was_asked_for_again(own_floor: Floor, unlocked: Unlocked) -> None:
    """The case system no longer lists what was decided; undoing it needs the item all the same."""
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    first = session.decide(session.take(item.id), a_draft(item.id, "first thought"), from_notes=False)
    session.sync_now()
    assert session.refresh_queue() == []
    void = session.undo()
    assert void is not None
    assert (void.change, void.replaces) == (Change.VOID, first.id)
    assert [entry.item.id for entry in session.queue()] == [item.id]
    session.sync_now()
    assert [entry.item.id for entry in session.refresh_queue()] == [item.id]
    taken = session.take(item.id)
    assert taken.draft.rationale == "first thought"
    session.decide(taken, a_draft(item.id, "second thought"), from_notes=False)
    session.sync_now()
    assert [d.rationale for d in own_floor.decisions_of(item.id)] == ["first thought", "", "second thought"]
    assert session.sync_state().parked == 0


def test_passing_on_needs_no_reason_and_reaches_a_colleague(own_floor: Floor, unlocked: Unlocked) -> None:
    session, colleague = unlocked(), unlocked(own_floor.hire())
    item = own_floor.take_in(picture())
    session.refresh_queue()
    session.pass_on(session.take(item.id))
    assert session.queue() == []
    session.sync_now()
    assert session.refresh_queue() == []
    assert CustodyAction.PASSED_ON in actions(session)
    assert [entry.item.id for entry in colleague.refresh_queue()] == [item.id]
    assert colleague.take(item.id).entry.item.id == item.id


def test_the_lock_is_the_last_entry_and_the_log_verifies_after_it(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    session.lock()
    log = own_floor.custody(own_floor.reviewer)
    assert [entry.action for entry in log] == [CustodyAction.UNLOCKED, CustodyAction.LOCKED]
