"""What lies on the desk, one step at a time, whatever order answers and wishes come in."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot
from session_fakes import FakeSession
from viewer_fakes import HandJobs

from reviewer.model.cases import QueueEntry
from reviewer.model.decisions import Action, Confidence, Draft, Imminence
from reviewer.model.errors import LeaseLost, ReviewerError, StoreUnavailable
from reviewer.ui.desk_flow import PAINTED_MS, DeskFlow, DeskState


class Desk:
    def __init__(self) -> None:
        self.session = FakeSession()
        self.jobs = HandJobs()
        self.flow = DeskFlow(self.session, self.jobs, self.next)  # type: ignore[arg-type]
        self.taken: list[str] = []
        self.errors: list[ReviewerError] = []
        self.flow.taken.connect(lambda item: self.taken.append(item.entry.item.id))
        self.flow.failed.connect(self.errors.append)

    def next(self, besides: frozenset[str]) -> QueueEntry | None:
        return next((entry for entry in self.session.entries if entry.item.id not in besides), None)

    def take(self, at: int = 0) -> None:
        self.flow.take(self.session.entries[at])
        self.jobs.settle()

    def names(self) -> list[object]:
        return [call[0] for call in self.session.calls if call[0] != "queue"]


@pytest.fixture
def desk(qtbot: QtBot) -> Desk:
    return Desk()


def complete(item_id: str) -> Draft:
    return Draft(
        item_id=item_id, imminence=Imminence.NO_SIGN, category="violence", severity=1, confidence=Confidence.HIGH,
        action=Action.NONE,
    )  # fmt: skip


def test_taking_opens_and_gives_the_next_one_a_head_start_once_it_is_painted(desk: Desk, qtbot: QtBot) -> None:
    desk.take()
    assert desk.taken == ["item-1843"]
    assert desk.flow.state is DeskState.OPEN
    assert desk.session.named("prefetch") == []
    qtbot.wait(2 * PAINTED_MS)
    desk.jobs.settle()
    assert desk.session.named("prefetch") == [("prefetch", "item-1851")]


def test_taking_another_gives_the_first_back(desk: Desk) -> None:
    desk.take(0)
    desk.take(2)
    assert desk.session.named("put_back") == [("put_back", "item-1843")]
    assert desk.taken[-1] == "item-1838"


def test_a_wish_while_one_is_opening_wins(desk: Desk) -> None:
    desk.flow.take(desk.session.entries[0])
    desk.flow.take(desk.session.entries[1])
    desk.flow.take(desk.session.entries[2])
    desk.jobs.settle()
    assert desk.taken == ["item-1838"]
    assert ("put_back", "item-1843") in desk.session.calls


def test_an_item_that_arrives_after_hide_everything_is_not_shown(desk: Desk) -> None:
    desk.flow.take(desk.session.entries[0])
    desk.flow.put_away()
    desk.jobs.settle()
    assert desk.taken == []
    assert desk.flow.state is DeskState.AWAY
    assert len(desk.session.named("hide_everything")) == 2
    assert "close" in desk.session.open_items[-1].asked


def test_hidden_items_come_back_under_the_same_lease(desk: Desk) -> None:
    desk.take()
    desk.flow.put_away()
    assert desk.flow.state is DeskState.AWAY
    desk.flow.bring_back()
    desk.jobs.settle()
    assert desk.taken == ["item-1843", "item-1843"]
    assert desk.session.named("put_back") == []


def test_a_decision_empties_the_desk_and_is_not_offered_again(desk: Desk) -> None:
    desk.take()
    desk.flow.decide(complete("item-1843"), from_notes=True)
    assert desk.flow.state is DeskState.DECIDING
    desk.flow.take(desk.session.entries[1])
    desk.jobs.settle()
    assert desk.flow.state is DeskState.EMPTY
    assert desk.session.named("decide")[0][2] is True
    desk.flow.take_next()
    desk.jobs.settle()
    assert desk.taken[-1] == "item-1851"


def test_a_full_disk_while_deciding_keeps_the_item_on_the_desk(desk: Desk) -> None:
    desk.take()
    desk.session.fail["decide"] = StoreUnavailable()
    desk.flow.decide(complete("item-1843"), from_notes=False)
    desk.jobs.settle()
    assert desk.flow.state is DeskState.OPEN
    assert [error.code for error in desk.errors] == ["V002"]
    del desk.session.fail["decide"]
    desk.flow.decide(complete("item-1843"), from_notes=False)
    desk.jobs.settle()
    assert len(desk.session.decisions) == 1


def test_hiding_while_a_decision_fails_does_not_bring_the_item_up(desk: Desk) -> None:
    desk.take()
    desk.session.fail["decide"] = StoreUnavailable()
    desk.flow.decide(complete("item-1843"), from_notes=False)
    desk.flow.put_away()
    desk.jobs.settle()
    assert desk.flow.state is DeskState.AWAY
    assert desk.taken == ["item-1843"]


def test_a_lost_lease_empties_the_desk_and_reads_the_queue_again(desk: Desk) -> None:
    desk.session.fail["take"] = LeaseLost()
    desk.take()
    assert desk.flow.state is DeskState.EMPTY
    assert [error.code for error in desk.errors] == ["S004"]
    assert desk.session.named("queue")


def test_passing_on_goes_without_a_reason_and_offers_another(desk: Desk) -> None:
    desk.take()
    passed: list[bool] = []
    desk.flow.passedOn.connect(lambda: passed.append(True))
    desk.flow.pass_on()
    desk.jobs.settle()
    assert passed == [True]
    assert desk.session.named("pass_on") == [("pass_on", "item-1843")]
    assert desk.flow.state is DeskState.EMPTY


def test_an_unreachable_case_system_leaves_the_queue_as_known(desk: Desk) -> None:
    read: list[object] = []
    failed: list[ReviewerError] = []
    desk.flow.queueRead.connect(read.append)
    desk.flow.queueNotRefreshed.connect(failed.append)
    desk.flow.read_queue()
    desk.jobs.settle()
    read.clear()
    desk.session.fail["refresh_queue"] = LeaseLost()
    desk.flow.refresh_queue()
    desk.jobs.settle()
    assert not read
    assert len(failed) == 1


def test_undo_says_when_there_is_nothing_to_undo(desk: Desk) -> None:
    answers: list[object] = []
    desk.flow.undone.connect(answers.append)
    desk.flow.undo()
    desk.jobs.settle()
    assert answers == [None]


def decided(desk: Desk, count: int) -> None:
    for _ in range(count):
        desk.take()
        entry = desk.flow.entry
        assert entry is not None
        desk.flow.decide(complete(entry.item.id), from_notes=False)
        desk.jobs.settle()


def test_two_quick_presses_of_undo_void_one_decision(desk: Desk) -> None:
    decided(desk, 2)
    desk.flow.undo()
    desk.flow.undo()
    desk.jobs.settle()
    assert len(desk.session.decisions) == 1
    assert desk.flow.state is DeskState.EMPTY
    desk.flow.undo()
    desk.jobs.settle()
    assert desk.session.decisions == []


def test_undo_does_nothing_while_an_item_is_decided_or_taken(desk: Desk) -> None:
    decided(desk, 1)
    desk.flow.take(desk.session.entries[0])
    desk.flow.undo()
    desk.jobs.settle()
    assert desk.flow.entry is not None
    desk.flow.decide(complete(desk.flow.entry.item.id), from_notes=False)
    desk.flow.undo()
    desk.jobs.settle()
    assert desk.session.named("undo") == []
    assert len(desk.session.decisions) == 2


def test_nothing_is_decided_or_taken_while_undoing_and_the_item_stays(desk: Desk) -> None:
    decided(desk, 1)
    desk.take()
    entry = desk.flow.entry
    assert entry is not None
    desk.flow.undo()
    assert desk.flow.state is DeskState.UNDOING
    desk.flow.decide(complete(entry.item.id), from_notes=False)
    desk.flow.take(desk.session.entries[1])
    desk.flow.pass_on()
    desk.jobs.settle()
    assert desk.flow.state is DeskState.OPEN
    assert desk.flow.entry is entry
    assert desk.session.named("pass_on") == []
    assert desk.session.decisions == []


def test_an_undo_that_fails_leaves_the_desk_as_it_was(desk: Desk) -> None:
    decided(desk, 1)
    desk.take()
    desk.session.fail["undo"] = StoreUnavailable()
    desk.flow.undo()
    desk.jobs.settle()
    assert desk.flow.state is DeskState.OPEN
    assert [error.code for error in desk.errors] == ["V002"]


@pytest.mark.parametrize("back", [False, True])
def test_hiding_while_undoing_leaves_the_item_hidden_or_opens_it_anew(desk: Desk, back: bool) -> None:
    decided(desk, 1)
    desk.take()
    takes = len(desk.taken)
    desk.flow.undo()
    desk.flow.put_away()
    if back:
        desk.flow.bring_back()
    desk.jobs.settle()
    assert desk.flow.state is (DeskState.OPEN if back else DeskState.AWAY)
    assert len(desk.taken) == takes + back


def test_coming_back_before_a_decision_fails_opens_the_item_anew(desk: Desk) -> None:
    """Its worker ended when everything was hidden: shown as open it would be a blank page."""
    desk.take()
    desk.session.fail["decide"] = StoreUnavailable()
    desk.flow.decide(complete("item-1843"), from_notes=False)
    desk.flow.put_away()
    desk.flow.bring_back()
    desk.jobs.settle()
    assert desk.flow.state is DeskState.OPEN
    assert desk.taken == ["item-1843", "item-1843"]


def test_a_wish_from_before_everything_was_hidden_does_not_open_under_the_cover(desk: Desk) -> None:
    desk.flow.take(desk.session.entries[0])
    desk.flow.take(desk.session.entries[1])
    desk.flow.put_away()
    desk.jobs.settle()
    assert desk.taken == []
    assert desk.session.named("take") == [("take", "item-1843")]
    assert desk.flow.state is DeskState.AWAY


def test_the_first_one_wished_for_again_while_it_opens_is_what_comes(desk: Desk) -> None:
    for at in (0, 1, 0):
        desk.flow.take(desk.session.entries[at])
    desk.jobs.settle()
    assert desk.taken == ["item-1843"]
