"""Handing off when something fails at the worst moment: nothing is doubled, lost, or told as what it is not."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest
from test_handing_off import Desk, desk, unlock
from test_report_sent import house, send, sender

from reviewer.demo.organisation import SUPERVISOR
from reviewer.handoff.errors import BuildCancelled, KeptForLater, SendingFailed, TargetFailed
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Draft
from reviewer.model.errors import CaseSystemRefused, CaseSystemUnreachable
from reviewer.model.handoff import Handoff, NewStep, StepKind, step_draft
from reviewer.model.ids import uuid7
from reviewer.vault.store import Store
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.session import WorkSession

__all__ = ["desk", "house", "sender", "unlock"]


def sent_now() -> NewStep:
    at = SystemClock().now().replace(second=0, microsecond=0)
    return NewStep(id=uuid7(), kind=StepKind.SENT, at=at, to="in person")


def cancelled_half_way(desk: Desk) -> None:
    asked = iter(range(10_000))
    with pytest.raises(BuildCancelled):
        desk.build(cancelled=lambda: next(asked) > 6)


def packed(desk: Desk) -> int:
    rows = desk.session._vault.store.call(lambda s: s.custody_rows())
    return sum(f'"{CustodyAction.PACKAGED.value}"'.encode() in row.entry_json for row in rows)


def test_of_two_preparations_of_one_package_one_is_sent(sender: Desk) -> None:
    made = sender.build().handoff.made
    first = sender.handoffs.prepare_sending(made.id)
    waiting = dict(sender.handoffs._sending._waiting)
    second = sender.handoffs.prepare_sending(made.id)
    sender.handoffs._sending._waiting |= waiting  # as when the second was still being gathered
    send(sender, second)
    with pytest.raises(SendingFailed, match="confirmed before"):
        send(sender, first)


def test_confirmed_and_not_written_down_the_number_is_told(sender: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sending = sender.handoffs.prepare_sending(sender.build().handoff.made.id)
    settle = Store.settle

    def refuse(*_: object) -> None:
        raise CaseSystemUnreachable  # any of ours

    monkeypatch.setattr(Store, "settle", refuse)
    with pytest.raises(SendingFailed, match="confirmed the report as number 4564654"):
        send(sender, sending)
    monkeypatch.setattr(Store, "settle", settle)
    (made,) = sender.handoffs.made(sender.case_id)
    with pytest.raises(SendingFailed, match="It has the number 4564654"):
        sender.handoffs.prepare_sending(made.made.id)


@pytest.mark.parametrize("status", [500, 401, 429])
def test_a_passing_fault_of_the_case_system_drops_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    def broken(_made: object) -> Handoff:
        raise CaseSystemRefused(status, "/problems/internal-error")

    monkeypatch.setattr(desk.session._case_system.handed_off, "add", broken)
    built = desk.build()
    with pytest.raises(CaseSystemUnreachable):
        desk.handoffs.made(desk.case_id)
    monkeypatch.undo()
    assert [one.made for one in desk.handoffs.made(desk.case_id)] == [built.handoff.made]


def test_what_was_refused_is_said_and_shown_until_it_is_taken(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def refusing(_made: object) -> Handoff:
        raise CaseSystemRefused(422, "/problems/handing-off-unusable", "It does not like it.")

    monkeypatch.setattr(desk.session._case_system.handed_off, "add", refusing)
    assert "refused it: It does not like it." in desk.build().handoff.steps[0].words
    (shown,) = desk.handoffs.made(desk.case_id)
    assert "refused it" in shown.steps[0].words
    monkeypatch.undo()
    (taken,) = desk.handoffs.made(desk.case_id)
    assert taken.steps[0].words == ""


def test_a_step_whose_answer_was_lost_is_one_step(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    made = desk.build().handoff.made
    handed_off = desk.session._case_system.handed_off
    step = handed_off.step

    def lost(handoff_id: str, new: NewStep) -> Handoff:
        step(handoff_id, new)
        raise CaseSystemUnreachable

    monkeypatch.setattr(handed_off, "step", lost)
    first = sent_now()
    with pytest.raises(KeptForLater):
        desk.handoffs.record_step(made.id, first)
    monkeypatch.undo()
    again = desk.handoffs.record_step(made.id, msgspec.structs.replace(first, id=uuid7()))
    assert [one.kind for one in again.steps] == [StepKind.BUILT, StepKind.SENT]
    assert [one.kind for one in desk.handoffs.made(desk.case_id)[0].steps] == [StepKind.BUILT, StepKind.SENT]


def test_what_was_sent_offline_is_preserved_once_it_is_told(
    desk: Desk, unlock: Callable[..., WorkSession], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk.build().handoff.made

    def unreachable(*_: object) -> Handoff:
        raise CaseSystemUnreachable

    monkeypatch.setattr(desk.session._case_system.handed_off, "step", unreachable)
    with pytest.raises(KeptForLater):
        desk.handoffs.record_step(made.id, sent_now())
    monkeypatch.undo()
    desk.handoffs.made(desk.case_id)
    kept = [one for one in unlock(SUPERVISOR).handoffs.preservations() if one.case_id == desk.case_id]
    assert len(kept) == 1
    rows = desk.session._vault.store.call(lambda s: s.custody_rows())
    assert sum(f'"{CustodyAction.HANDED_OFF.value}"'.encode() in row.entry_json for row in rows) == 1
    assert desk.handoffs._pending.waiting() == ()


def written_of(handoff_id: str, rationale: str = "by the courier in the grey coat") -> Draft:
    """As the window has it, and as it is stored."""
    return Draft(item_id=handoff_id, rationale=rationale, labels=("sent", "", "in person", "", ""))


def stored(desk: Desk, draft: Draft) -> Draft:
    kept = msgspec.structs.replace(draft, item_id=step_draft(draft.item_id))
    desk.session.save_draft(kept)
    return kept


def test_a_refused_step_is_not_kept_and_what_was_written_of_it_is_until_one_is_taken(desk: Desk) -> None:
    made = desk.build().handoff.made
    draft = stored(desk, written_of(made.id))
    received = NewStep(id=uuid7(), kind=StepKind.RECEIVED, at=SystemClock().now())
    with pytest.raises(CaseSystemRefused):
        desk.handoffs.record_step(made.id, received, written_of(made.id))
    assert desk.handoffs._pending.waiting() == ()
    assert desk.session.second.kept(draft.item_id) == draft
    vault = desk.session._vault.containers._path(desk.items[0].id).parent.parent
    files = [one for one in vault.rglob("*") if one.is_file()]
    assert any(one.name == "store.db" for one in files)
    assert all(b"grey coat" not in one.read_bytes() for one in files)
    desk.handoffs.record_step(made.id, sent_now(), written_of(made.id))
    assert desk.session.second.kept(draft.item_id) is None


@pytest.mark.parametrize("refused", [True, False])
def test_a_step_of_the_command_line_leaves_what_is_being_written_in_the_window(desk: Desk, refused: bool) -> None:
    made = desk.build().handoff.made
    draft = stored(desk, written_of(made.id))
    if refused:
        with pytest.raises(CaseSystemRefused):
            desk.handoffs.record_step(made.id, NewStep(id=uuid7(), kind=StepKind.RECEIVED, at=SystemClock().now()))
    else:
        desk.handoffs.record_step(made.id, sent_now())
    assert desk.session.second.kept(draft.item_id) == draft


def meanwhile(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, do: Callable[[], object], answer: type[Exception] | None = None
) -> None:
    """Done while the case system is being asked to take a step."""
    step = desk.session._case_system.handed_off.step

    def slow(handoff_id: str, new: NewStep) -> Handoff:
        do()
        if answer is not None:
            raise answer
        return step(handoff_id, new)

    monkeypatch.setattr(desk.session._case_system.handed_off, "step", slow)


@pytest.mark.parametrize("answer", [None, CaseSystemUnreachable])
@pytest.mark.parametrize("newer", [None, "by post"])
def test_words_saved_again_while_they_are_recorded_are_gone_and_newer_ones_stay(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, answer: type[Exception] | None, newer: str | None
) -> None:
    made = desk.build().handoff.made
    written = written_of(made.id)
    stored(desk, written)
    again = written if newer is None else written_of(made.id, newer)
    meanwhile(desk, monkeypatch, lambda: stored(desk, again), answer)
    if answer is None:
        desk.handoffs.record_step(made.id, sent_now(), written)
    else:
        with pytest.raises(KeptForLater):
            desk.handoffs.record_step(made.id, sent_now(), written)
    kept = desk.session.second.kept(step_draft(made.id))
    assert (None if kept is None else kept.rationale) == newer


def test_words_typed_while_a_step_is_refused_are_not_overwritten_by_older_ones(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = desk.build().handoff.made
    written, newer = written_of(made.id), written_of(made.id, "by post")
    stored(desk, written)
    meanwhile(desk, monkeypatch, lambda: stored(desk, newer))
    received = NewStep(id=uuid7(), kind=StepKind.RECEIVED, at=SystemClock().now())
    with pytest.raises(CaseSystemRefused):
        desk.handoffs.record_step(made.id, received, written)
    kept = desk.session.second.kept(step_draft(made.id))
    assert kept is not None
    assert kept.rationale == "by post"


@pytest.mark.parametrize("crash_in", [0, 1, 2])
def test_a_crash_after_a_refusal_leaves_the_step_or_its_words(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, crash_in: int
) -> None:
    made = desk.build().handoff.made
    draft = stored(desk, written_of(made.id))
    refused, writes = threading.Event(), iter(range(100))

    def refusing(_handoff_id: str, _new: NewStep) -> Handoff:
        refused.set()
        raise CaseSystemRefused(409, "/problems/step-order")

    @contextmanager
    def crashing() -> Iterator[object]:
        """In one of the transactions after the answer."""
        with store._txn.write() as db:
            yield db
            if refused.is_set() and next(writes) >= crash_in:
                raise KeyboardInterrupt

    monkeypatch.setattr(desk.session._case_system.handed_off, "step", refusing)
    store = desk.session._vault.store.call(lambda s: s)
    monkeypatch.setattr(store, "_write", crashing)
    with pytest.raises((CaseSystemRefused, KeyboardInterrupt)):
        desk.handoffs.record_step(made.id, sent_now(), written_of(made.id))
    waiting = desk.handoffs._pending.waiting()
    assert waiting != () or desk.session.second.kept(draft.item_id) == draft


def test_a_draft_of_a_step_in_which_nothing_is_written_is_none(desk: Desk) -> None:
    made = desk.build().handoff.made
    before = desk.session.own.held_here().drafts
    stored(desk, Draft(item_id=made.id))
    assert desk.session.own.held_here().drafts == before
    stored(desk, written_of(made.id))
    assert desk.session.own.held_here().drafts == before + 1
    stored(desk, Draft(item_id=made.id))
    assert desk.session.own.held_here().drafts == before


@pytest.mark.parametrize("error", [CaseSystemUnreachable(), CaseSystemRefused(503, "/problems/internal-error")])
def test_a_case_that_cannot_be_asked_for_just_now_is_not_one_that_cannot_be_read(
    desk: Desk, unlock: Callable[..., WorkSession], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    made = desk.build().handoff.made
    desk.handoffs._records.clear()

    def failing(_case_id: str) -> None:
        raise error

    monkeypatch.setattr(desk.session._case_system.handed_off, "record", failing)
    step = sent_now()
    with pytest.raises(KeptForLater):
        desk.handoffs.record_step(made.id, step)
    assert desk.handoffs.kept_unread(made.id) is None
    assert [one.step for one in desk.handoffs._pending.waiting()] == [step]
    monkeypatch.undo()
    (known,) = desk.handoffs.made(desk.case_id)
    assert [one.kind for one in known.steps] == [StepKind.BUILT, StepKind.SENT]
    assert desk.handoffs.kept_unread(made.id) is None
    assert desk.handoffs._pending.waiting() == ()
    kept = [one for one in unlock(SUPERVISOR).handoffs.preservations() if one.case_id == desk.case_id]
    assert [one.unread for one in kept] == [False]
    rows = desk.session._vault.store.call(lambda s: s.custody_rows())
    assert sum(f'"{CustodyAction.HANDED_OFF.value}"'.encode() in row.entry_json for row in rows) == 1


def test_a_disk_that_is_not_there_costs_nothing_that_was_begun(desk: Desk) -> None:
    cancelled_half_way(desk)
    away = desk.folder.with_name("away")
    desk.folder.rename(away)
    for ask in (
        lambda: desk.handoffs.resume(desk.case_id, progress=lambda _: None, cancelled=lambda: False),
        desk.build,
    ):
        with pytest.raises(TargetFailed, match="not there"):
            ask()
    away.rename(desk.folder)
    built = desk.handoffs.resume(desk.case_id, progress=lambda _: None, cancelled=lambda: False)
    assert desk.verify(built.path).items == 2


def test_a_folder_named_from_where_one_stands_is_found_from_elsewhere(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(desk.folder.parent)
    desk.folder = Path(desk.folder.name)
    cancelled_half_way(desk)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    built = desk.handoffs.resume(desk.case_id, progress=lambda _: None, cancelled=lambda: False)
    assert built.path.is_absolute()


def test_a_package_nobody_can_open_is_not_left_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A ZIP's passphrase is nowhere but in memory: what fails after it got its name is removed."""
    policy = desk.handoffs._policy
    agency = msgspec.structs.replace(policy.handoff.agencies[0], envelope="zip", recipient="")
    desk.handoffs._policy = msgspec.structs.replace(
        policy, handoff=msgspec.structs.replace(policy.handoff, agencies=(agency,))
    )

    def full(*_: object, **__: object) -> Path:
        raise TargetFailed

    monkeypatch.setattr("reviewer.workstation.packaging.write_kit", full)
    with pytest.raises(TargetFailed):
        desk.build()
    assert desk.left() == []
    assert not desk.handoffs.outline(desk.case_id).unfinished
    monkeypatch.undo()
    built = desk.build()
    assert built.passphrase
    assert built.path.suffix == ".zip"


def test_recorded_once_in_custody_whenever_the_machine_fails(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    settle = Store.settle

    def fails_after(store: Store, *given: object) -> None:
        settle(store, *given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(Store, "settle", fails_after)
    with pytest.raises(KeyboardInterrupt):
        desk.build()
    monkeypatch.undo()
    assert not desk.handoffs.outline(desk.case_id).unfinished, "it was written down whole"
    assert packed(desk) == 2
    assert len(desk.handoffs.made(desk.case_id)) == 1
    desk.handoffs.discard(desk.case_id)
    assert any(name.endswith(".age") for name in desk.left()), "what is recorded is not discarded"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may remove what is read-only")
def test_what_cannot_be_removed_is_said(desk: Desk) -> None:
    cancelled_half_way(desk)
    desk.folder.chmod(0o500)
    try:
        with pytest.raises(TargetFailed, match="could not be removed"):
            desk.handoffs.discard(desk.case_id)
    finally:
        desk.folder.chmod(0o700)
