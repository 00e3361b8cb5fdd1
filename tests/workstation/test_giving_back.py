"""A lease given back in the background never takes away the one that is asked for next; locking leaves no thread."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest

from reviewer.model.events import Lease
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.opening import ItemOpener, Taken

SOON = datetime.now(UTC) + timedelta(hours=1)


class SlowCaseSystem:
    """Answers a release only once it is allowed to; says in which order things were done."""

    def __init__(self) -> None:
        self.may_release = threading.Event()
        self.asked_release = threading.Event()
        self.done: list[str] = []

    def lease(self, item_id: str) -> Lease:
        self.done.append("lease")
        return Lease(id="lease-1", item_id=item_id, holder="m-07", expires_at=SOON)

    def release(self, _lease: Lease) -> None:
        self.asked_release.set()
        assert self.may_release.wait(10)
        self.done.append("release")


def opener(case_system: SlowCaseSystem) -> ItemOpener:
    vault = SimpleNamespace(store=None)
    return ItemOpener(
        case_system=cast(Any, case_system), broker=cast(Any, None), vault=cast(Any, vault), rules_for=cast(Any, None),
        clock=SystemClock(), broke=lambda _item, _error: None,
    )  # fmt: skip


def taken(lease: Lease) -> Taken:
    entry = SimpleNamespace(item=SimpleNamespace(id=lease.item_id))
    return Taken(entry=cast(Any, entry), lease=lease, started_at=datetime.now(UTC))


def test_giving_back_does_not_wait_and_the_same_item_again_does() -> None:
    case_system = SlowCaseSystem()
    items = opener(case_system)
    items.release(taken(items._lease("item-1")))
    assert case_system.asked_release.wait(10)
    with ThreadPoolExecutor(1) as other:
        again = other.submit(items._lease, "item-1")
        other_item = items._lease("item-2")
        assert other_item.item_id == "item-2"
        assert not again.done()
        case_system.may_release.set()
        assert again.result(10).item_id == "item-1"
    assert case_system.done == ["lease", "lease", "release", "lease"]
    items.close()


def test_no_thread_is_left_and_closing_still_works_after_the_end() -> None:
    case_system = SlowCaseSystem()
    case_system.may_release.set()
    items = opener(case_system)
    one = taken(items._lease("item-1"))
    items.release(one)
    items.close()
    assert not [t.name for t in threading.enumerate() if t.name.startswith(("item-closer", "lease-releaser"))]
    items.finished(one)
    items.release(one)


def test_what_is_being_opened_or_on_the_desk_keeps_its_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    case_system = SlowCaseSystem()
    case_system.may_release.set()
    opening, may_open = threading.Event(), threading.Event()

    def slow(_opener: ItemOpener, _taken: Taken, _entry: object) -> None:
        opening.set()
        assert may_open.wait(10)

    monkeypatch.setattr(ItemOpener, "_open", slow)
    items = opener(case_system)
    items._store = cast(Any, SimpleNamespace(call=lambda _job: None))
    entry = cast(Any, SimpleNamespace(item=SimpleNamespace(id="item-1")))
    with ThreadPoolExecutor(1) as desk:
        taking = desk.submit(items.take, entry)
        assert opening.wait(10)
        assert items.on_desk("item-1")
        items.let_go("item-1")
        items.let_all_go()
        may_open.set()
        assert taking.result(10).code is None
    items.let_go("item-1")
    items.let_all_go()
    assert list(items._leases) == ["item-1"]
    items._lease("item-2")
    items.let_all_go()
    assert list(items._leases) == ["item-1"]
    items.close()
    assert case_system.done == ["lease", "lease", "release", "release"]


def test_what_could_not_be_opened_for_the_desk_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_opener: ItemOpener, _entry: object) -> Taken:
        raise OSError

    monkeypatch.setattr(ItemOpener, "_prepare", fails)
    items = opener(SlowCaseSystem())
    with pytest.raises(OSError):
        items.take(cast(Any, SimpleNamespace(item=SimpleNamespace(id="item-1"))))
    assert not items.on_desk("item-1")
    items.close()
