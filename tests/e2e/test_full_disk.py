"""The disk is full when a decision is to be written: refused with words, nothing typed is lost, later it works."""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from evidence import picture
from floor import Floor
from shift import CTRL, Key, Shift

from reviewer.model.custody import CustodyAction
from reviewer.model.errors import StoreUnavailable
from reviewer.ui.desk_flow import DeskState

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs RLIMIT_FSIZE as Linux has it")
Begin = Callable[..., Shift]


@contextmanager
def full_disk() -> Iterator[None]:
    """No file of this process can grow or be written while the block runs: what the store sees is a failed write."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_decision_on_a_full_disk(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(picture())
    shift = begin()
    shift.take(item)
    shift.driver.settle(0.5)
    shift.answer("words that must not be lost")
    with full_disk():
        shift.press_decide()
        words = shift.wait_notice(StoreUnavailable.kept)
        shift.driver.wait_until(lambda: shift.bench.flow.state is DeskState.OPEN, "the item to stay on the desk")
        assert StoreUnavailable.to_do in words
        draft = shift.bench.decision.draft
        assert draft is not None
        assert draft.rationale == "words that must not be lost"
        assert shift.bench.decision.ready
    assert shift.decision_count() == 0
    shift.decide()
    (decision,) = shift.store(lambda s: s.decisions_of(item.id))
    assert decision.rationale == "words that must not be lost"
    log = [entry.action for entry in shift.custody()]
    assert log.index(CustodyAction.STORE_FAILED) < log.index(CustodyAction.DECIDED)
    (failed,) = shift.custody(CustodyAction.STORE_FAILED)
    assert (failed.exhibit, failed.reason) == (item.exhibit, StoreUnavailable.code)
    shift.wait_delivered(item)
    assert shift.session._vault.verify_custody().size == len(shift.custody())


def test_locking_on_a_full_disk_hides_first_and_keeps_the_draft(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(picture())
    shift = begin()
    shift.take(item)
    shift.driver.settle(0.5)
    with full_disk():
        shift.answer("typed on a full disk")
        shift.driver.key(Key.Key_L, CTRL)
        shift.wait_notice("The last words of your draft could not be saved.")
        assert shift.frame.pages.currentWidget() is shift.frame.cover
    shift.driver.key(Key.Key_L, CTRL)
    shift.driver.wait_until(lambda: shift.window.frame is None, "the lock")
    shift.unlock()
    shift.take(item)
    assert shift.bench.decision.draft is not None
    assert shift.bench.decision.draft.rationale == "typed on a full disk"
