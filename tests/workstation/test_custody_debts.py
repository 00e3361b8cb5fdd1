"""Entries that cannot be written now are written later: once each, in order."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.errors import StoreUnavailable
from reviewer.vault.custody import Scribe
from reviewer.workstation.custody_debts import CustodyDebts

SCRIBE = Scribe(actor="r", role="reviewer", workstation="w")


def entry(reason: str) -> CustodyEntry:
    return SCRIBE.entry(CustodyAction.OPENED, datetime(2026, 11, 21, tzinfo=UTC), reason=reason)


class FullNowAndThen:
    """A store thread whose disk is full while `full` is set."""

    def __init__(self) -> None:
        self.full = False
        self.log: list[str] = []

    def call(self, job: Callable[[FullNowAndThen], object]) -> object:
        if self.full:
            raise StoreUnavailable
        return job(self)

    def append_custody(self, one: CustodyEntry) -> CustodyEntry:
        self.log.append(one.reason)
        return one


@pytest.fixture
def store() -> FullNowAndThen:
    return FullNowAndThen()


@pytest.fixture
def debts(store: FullNowAndThen) -> CustodyDebts:
    return CustodyDebts(store)  # type: ignore[arg-type]


def test_nothing_is_lost_or_reordered_over_a_full_disk(store: FullNowAndThen, debts: CustodyDebts) -> None:
    debts.write(entry("1"))
    store.full = True
    debts.write(entry("2"))
    debts.write(entry("3"))
    with pytest.raises(StoreUnavailable):
        debts.pay()
    store.full = False
    debts.write(entry("4"))
    assert store.log == ["1", "2", "3", "4"]


def test_many_threads_write_each_entry_once(store: FullNowAndThen, debts: CustodyDebts) -> None:
    def work(name: int) -> None:
        for number in range(50):
            debts.write(entry(f"{name}-{number}"))

    threads = [threading.Thread(target=work, args=(name,)) for name in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(store.log) == sorted(f"{name}-{number}" for name in range(4) for number in range(50))
