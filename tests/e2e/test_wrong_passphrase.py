"""Locked out: a wrong passphrase, and a second window on the same vault."""

from __future__ import annotations

from collections.abc import Callable

from floor import Floor
from shift import CTRL, Key, Shift, three_parts

from reviewer.demo.organisation import PASSPHRASE
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import WrongPassphrase

Begin = Callable[..., Shift]


def test_a_wrong_passphrase_is_said_and_logged_by_the_next_unlock(quiet_floor: Floor, begin: Begin) -> None:
    shift = begin(unlock=False)
    for _ in range(2):
        shift.driver.write("not the passphrase")
        shift.driver.key(Key.Key_Return)
        shift.wait_notice(three_parts(WrongPassphrase))
    assert shift.window.frame is None
    shift.unlock()
    log = shift.custody()
    assert [entry.action for entry in log] == [
        CustodyAction.UNLOCK_REFUSED, CustodyAction.UNLOCK_REFUSED, CustodyAction.UNLOCKED,
    ]  # fmt: skip
    assert {entry.reason for entry in log[:2]} == {WrongPassphrase.code}
    assert log[0].ended_at < log[1].ended_at < log[2].ended_at
    assert not (shift.folder / "refused").exists()


def test_refusals_are_logged_once(quiet_floor: Floor, begin: Begin) -> None:
    shift = begin(unlock=False)
    shift.driver.write("wrong")
    shift.driver.key(Key.Key_Return)
    shift.wait_notice(WrongPassphrase.happened)
    shift.unlock()
    shift.driver.key(Key.Key_L, CTRL)
    shift.driver.wait_until(lambda: shift.window.frame is None, "the lock")
    shift.unlock()
    assert len(shift.custody(CustodyAction.UNLOCK_REFUSED)) == 1


def test_a_second_window_is_refused_and_the_first_works_on(quiet_floor: Floor, begin: Begin) -> None:
    first = begin()
    second = begin(unlock=False)
    second.driver.write(PASSPHRASE)
    second.driver.key(Key.Key_Return)
    words = second.wait_notice("The vault is open in another window on this machine.")
    assert "Everything acknowledged before is safe" in words
    assert "Use that window, or close it first." in words
    assert second.window.frame is None
    assert [entry.action for entry in first.custody()] == [CustodyAction.UNLOCKED]
    first.close()
    second.driver.activate(second.window)
    second.unlock()
    assert second.custody()[-1].action is CustodyAction.UNLOCKED
