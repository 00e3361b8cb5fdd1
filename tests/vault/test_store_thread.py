"""One thread owns the store: order, errors, closing, and nothing left behind."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from vault_samples import four

from reviewer.model.errors import StoreDamaged, StoreUnavailable
from reviewer.vault.owner import StoreThread
from reviewer.vault.store import Store

KEY = bytes(range(32))


def opened(tmp_path: Path) -> StoreThread:
    return StoreThread(lambda: Store.create(tmp_path / "store.db", KEY))


@pytest.fixture(autouse=True)
def before() -> set[threading.Thread]:
    """Store threads of fixtures that outlive a test are not this file's."""
    _before.clear()
    _before.update(threading.enumerate())
    return _before


_before: set[threading.Thread] = set()


def alive() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "store" and thread not in _before]


def test_jobs_run_in_order_on_one_thread_that_is_not_ours(tmp_path: Path) -> None:
    owner = opened(tmp_path)
    seen: list[int] = []
    futures = [owner.submit(lambda _, n=n: seen.append(n) or threading.get_ident()) for n in range(50)]  # type: ignore[misc]
    threads = {future.result() for future in futures}
    owner.close()
    assert seen == list(range(50))
    assert len(threads) == 1
    assert threads != {threading.get_ident()}


def test_many_threads_may_submit_at_once(tmp_path: Path) -> None:
    owner = opened(tmp_path)

    def work() -> None:
        for _ in range(10):
            owner.call(lambda store: store.decide(*four()))

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert owner.call(lambda store: store.decision_count()) == 60
    owner.close()


def test_an_error_reaches_the_caller_and_the_thread_goes_on(tmp_path: Path) -> None:
    owner = opened(tmp_path)

    def fail(_: Store) -> None:
        raise KeyError("of the job")

    with pytest.raises(KeyError):
        owner.call(fail)
    assert owner.call(lambda store: store.decision_count()) == 0
    owner.close()


def test_closing_finishes_what_was_submitted_and_refuses_the_rest(tmp_path: Path) -> None:
    owner = opened(tmp_path)
    records = [four() for _ in range(20)]
    futures = [owner.submit(lambda store, four=four: store.decide(*four)) for four in records]  # type: ignore[misc]
    owner.close()
    owner.close()
    assert [future.result().sequence for future in futures] == list(range(1, 21))
    assert alive() == []
    with pytest.raises(StoreUnavailable):
        owner.submit(lambda store: store.decision_count())
    store = Store.open(tmp_path / "store.db", KEY)
    assert store.decision_count() == 20
    store.close()


def test_a_store_that_does_not_open_raises_and_leaves_no_thread(tmp_path: Path) -> None:
    with pytest.raises(StoreDamaged):
        StoreThread(lambda: Store.open(tmp_path / "missing.db", KEY))
    assert alive() == []


def test_a_cancelled_job_is_skipped(tmp_path: Path) -> None:
    owner = opened(tmp_path)
    gate = threading.Event()
    owner.submit(lambda _: gate.wait(5))
    waiting = owner.submit(lambda store: store.decision_count())
    assert waiting.cancel()
    gate.set()
    assert owner.call(lambda store: store.decision_count()) == 0
    owner.close()


def test_a_job_that_waits_for_another_job_is_refused_rather_than_stuck(tmp_path: Path) -> None:
    owner = opened(tmp_path)
    with pytest.raises(RuntimeError):
        owner.call(lambda _: owner.call(lambda store: store.decision_count()))
    owner.close()
