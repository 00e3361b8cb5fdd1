"""The case system is down, or answers nonsense: decisions wait here and arrive exactly once."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest
from evidence import picture
from floor import Floor
from liar import PAGE, WRONG_IDS, lying_server
from shift import CTRL, Key, Shift

from reviewer.demo.organisation import PASSPHRASE
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import CaseSystemNonsense, CaseSystemUnreachable
from reviewer.ui.desk_flow import DeskState
from reviewer.workstation.enrol import ADDRESS

Begin = Callable[..., Shift]


@pytest.fixture
def outage(quiet_floor: Floor) -> Iterator[Callable[[], None]]:
    """Call it and the case system dies, as by a power cut. It runs again after the test, whatever happened."""
    killed: list[int | None] = []

    def kill() -> None:
        pid = quiet_floor.organisation.case_system_pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        killed.append(pid)

    yield kill
    if quiet_floor.organisation.case_system_pid in killed:
        quiet_floor.organisation.restart_case_system()


def waiting(shift: Shift) -> int:
    return shift.session.sync_state().waiting


def test_down_while_deciding(quiet_floor: Floor, begin: Begin, outage: Callable[[], None]) -> None:
    case = quiet_floor.open_case()
    items = [quiet_floor.take_in(picture(seed), case=case) for seed in (1, 5)]
    shift = begin()
    shift.wait_for_queue(2)
    shift.take(items[0])
    shift.driver.wait_until(lambda: shift.session._items._prepared, "the next item to be prepared")
    outage()
    shift.answer("decided without a line")
    shift.decide()
    # The next item was prepared before the line went; it opens from memory under its lease.
    shift.driver.wait_until(lambda: shift.bench.flow.state is not DeskState.TAKING, "the next item or the reason")
    assert shift.bench.flow.state is DeskState.OPEN
    shift.answer("this one too")
    shift.decide()
    assert shift.decision_count() == 2
    shift.driver.wait_until(lambda: waiting(shift) >= 2, "both to be counted as waiting")
    shift.driver.wait_until(lambda: shift.session.sync_state().trouble, "the trouble to be noticed")
    shift.driver.wait_until(lambda: shift.says("waiting"), "the status bar to count them")
    assert shift.session.sync_state().trouble == CaseSystemUnreachable.happened
    (failed,) = shift.custody(CustodyAction.SYNC_FAILED)
    assert failed.reason == CaseSystemUnreachable.code
    quiet_floor.organisation.restart_case_system()
    assert [quiet_floor.decisions_of(item.id) for item in items] == [[], []]
    for item in items:
        shift.wait_delivered(item)
    shift.driver.wait_until(lambda: shift.says("All decisions synced"), "the status bar to say so")
    assert shift.session.sync_now().trouble == ""
    assert [len(quiet_floor.decisions_of(item.id)) for item in items] == [1, 1]


def test_down_when_an_item_is_wanted(quiet_floor: Floor, begin: Begin, outage: Callable[[], None]) -> None:
    item = quiet_floor.take_in(picture())
    shift = begin()
    shift.wait_for_queue()
    outage()
    shift.driver.key(Key.Key_Return)
    shift.wait_notice(CaseSystemUnreachable.happened)
    assert shift.bench.flow.state is DeskState.EMPTY
    assert shift.bench.queue.model.rowCount() == 1
    (refused,) = shift.custody(CustodyAction.COULD_NOT_OPEN)
    assert (refused.exhibit, refused.reason) == (item.exhibit, CaseSystemUnreachable.code)
    quiet_floor.organisation.restart_case_system()
    shift.take(item)
    shift.answer()
    shift.decide()
    shift.wait_delivered(item)


def test_down_over_a_lock_and_an_unlock(quiet_floor: Floor, begin: Begin, outage: Callable[[], None]) -> None:
    item = quiet_floor.take_in(picture())
    shift = begin()
    shift.take(item)
    outage()
    shift.answer()
    shift.decide()
    shift.driver.key(Key.Key_L, CTRL)
    shift.driver.wait_until(lambda: shift.window.frame is None, "the lock")
    quiet_floor.organisation.restart_case_system()
    shift.driver.write(PASSPHRASE)
    shift.driver.key(Key.Key_Return)
    shift.driver.wait_until(lambda: shift.window.frame is not None, "the desk")
    shift.wait_delivered(item)


@pytest.mark.parametrize(("body", "content_type"), [(PAGE, "text/html"), (WRONG_IDS, "application/json")])
def test_answers_that_make_no_sense(quiet_floor: Floor, begin: Begin, body: bytes, content_type: str) -> None:
    item = quiet_floor.take_in(picture())
    shift = begin()
    shift.take(item)
    real = quiet_floor.organisation.case_system.encode()
    with lying_server(body, content_type) as address:
        http = shift.session._case_system._exchange._http
        http.base_url = f"{address}/v1/"
        shift.answer()
        shift.decide()
        shift.driver.wait_until(lambda: shift.session.sync_state().trouble, "the trouble to be noticed")
        assert shift.session.sync_state().trouble == CaseSystemNonsense.happened
        (failed,) = shift.custody(CustodyAction.SYNC_FAILED)
        assert failed.reason == CaseSystemNonsense.code
        assert shift.says("1 waiting") or waiting(shift) >= 1
        shift.bench.flow.refresh_queue()
        shift.driver.wait_until(lambda: shift.says(CaseSystemNonsense.happened), "the queue to say it is old")
        shift.driver.key(Key.Key_L, CTRL)
        shift.driver.wait_until(lambda: shift.window.frame is None, "the lock")
    assert quiet_floor.decisions_of(item.id) == []
    shift.unlock()
    assert shift.store(lambda s: s.get_setting(ADDRESS)) == real
    shift.wait_delivered(item)
