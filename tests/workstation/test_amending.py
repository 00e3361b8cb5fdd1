"""Changing one's own last decision: a new event that names the old one, and the old one stays."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from evidence import picture
from floor import Floor
from test_decisions_kept import a_draft, actions

from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Action, Change, Draft, Imminence, MessageMark
from reviewer.model.errors import AnswersOutOfRange, BeingChanged, DecisionIncomplete, NothingToAmend
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]


def test_an_amendment_names_the_one_before_and_both_arrive(own_floor: Floor, unlocked: Unlocked) -> None:
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    assert session.reopen() is None
    first = session.decide(session.take(item.id), a_draft(item.id, "first"), from_notes=False)
    reopened = session.reopen()
    assert reopened is not None
    assert (reopened.opened, reopened.draft.rationale) == (None, "first")
    better = msgspec.structs.replace(reopened.draft, rationale="better", action=Action.PRESERVE)
    session.save_draft(better)
    again = session.reopen()
    assert again is not None
    assert again.draft == better, "what was written while changing it is kept like any draft"
    amended = session.decide(reopened, better, from_notes=False)
    assert (amended.change, amended.replaces) == (Change.AMEND, first.id)
    assert session.decide(reopened, better, from_notes=False) == amended, "asked twice it is amended once"
    assert session.queue() == []
    assert actions(session)[-2:] == [CustodyAction.DECIDED, CustodyAction.AMENDED]
    session.sync_now()
    assert [d.rationale for d in own_floor.decisions_of(item.id)] == ["first", "better"]
    assert session.sync_state().parked == 0
    void = session.undo()
    assert void is not None
    assert void.replaces == amended.id
    session.sync_now()
    assert session.sync_state().parked == 0
    assert [entry.item.id for entry in session.refresh_queue()] == [item.id]


def test_what_was_undone_meanwhile_cannot_be_changed(own_floor: Floor, unlocked: Unlocked) -> None:
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    session.decide(session.take(item.id), a_draft(item.id), from_notes=False)
    reopened = session.reopen()
    assert reopened is not None
    session.undo()
    with pytest.raises(NothingToAmend):
        session.decide(reopened, reopened.draft, from_notes=False)


def test_a_decision_needs_what_the_policy_needs_and_holds_only_what_applies(
    own_floor: Floor, unlocked: Unlocked
) -> None:
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    taken = session.take(item.id)
    danger = msgspec.structs.replace(a_draft(item.id), imminence=Imminence.POSSIBLE)
    with pytest.raises(DecisionIncomplete):
        session.decide(taken, danger, from_notes=False)
    with pytest.raises(AnswersOutOfRange):
        session.decide(taken, msgspec.structs.replace(a_draft(item.id), labels=("x" * 65,)), from_notes=False)
    stale = msgspec.structs.replace(a_draft(item.id), grounds=("seen",), classification="A1", age_group="0-5")
    decision = session.decide(taken, stale, from_notes=False)
    assert (decision.grounds, decision.classification, decision.age_group) == ((), None, None)


def test_every_answer_of_a_draft_survives_lock_and_unlock(own_floor: Floor, unlocked: Unlocked) -> None:
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    written = Draft(
        item_id=item.id, imminence=Imminence.POSSIBLE, grounds=("seen", "recent"), category="sexual_harm_minor",
        classification="B1", age_group="16-17", labels=("weapon",), messages=(MessageMark(line=4, note="the place"),),
        rationale="typed",
    )  # fmt: skip
    session.save_draft(written)
    session.lock()
    later = unlocked()
    later.refresh_queue()
    assert later.take(item.id).draft == written


def test_a_report_that_was_undone_is_undone_at_the_case_system_too(own_floor: Floor, unlocked: Unlocked) -> None:
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    report = msgspec.structs.replace(a_draft(item.id, "why"), action=Action.REPORT)
    session.decide(session.take(item.id), report, from_notes=False)
    session.undo()
    session.sync_now()
    assert session.sync_state().parked == 0
    assert [entry.item.id for entry in session.refresh_queue()] == [item.id]


def test_what_is_being_changed_is_neither_set_aside_nor_given_away(own_floor: Floor, unlocked: Unlocked) -> None:
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    session.decide(session.take(item.id), a_draft(item.id), from_notes=False)
    reopened = session.reopen()
    assert reopened is not None
    for refused in (session.hold, session.pass_on, lambda one: session.assign(one, own_floor.reviewer)):
        with pytest.raises(BeingChanged):
            refused(reopened)
    assert session.reopen() is not None, "it can still be changed"
