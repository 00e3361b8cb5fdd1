"""The queue page by page: what is missing leaves, what is odd arrives, and nothing of it jams the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from reviewer.model.cases import (
    Case,
    Fingerprints,
    Item,
    ItemFacts,
    QueueEntry,
    Referral,
    ReferralSource,
    queue_order,
)
from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.levels import Kind
from reviewer.model.queue_view import QueueAsk
from reviewer.sync.queue_pages import RawQueuePage, ReadPage, read_page
from reviewer.vault.owner import StoreThread
from reviewer.vault.store import Store
from reviewer.workstation.pulling import QueuePull

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SIZE = 7


def an_entry(number: int, case: int, **referral: Any) -> QueueEntry:
    says = Referral(source=ReferralSource.USER, received_at=NOW + timedelta(minutes=case), **referral)
    return QueueEntry(
        item=Item(
            id=f"item-{number:04}", case_id=f"case-{case}", exhibit=str(number), harm_type="other",
            facts=ItemFacts(kind=Kind.IMAGE), container_sha256="0" * 64, container_size=1, created_at=NOW,
            fingerprints=Fingerprints(sha256="0" * 64, sha1="0" * 40, md5="0" * 32),
        ),
        case=Case(id=f"case-{case}", number=f"2026-{case:05}", referral=says, created_at=NOW),
    )  # fmt: skip


class Pages:
    """A case system that has only a queue, `SIZE` entries a page."""

    def __init__(self, entries: list[QueueEntry]) -> None:
        self.entries = entries
        self.asked: list[int] = []
        self.before: Callable[[int], None] = lambda at: None

    def queue_page(self, after: str | None) -> ReadPage:
        at = int(after or 0)
        self.asked.append(at)
        self.before(at)
        ordered = sorted(self.entries, key=lambda entry: (queue_order(entry), entry.item.id))
        raw = tuple(msgspec.Raw(msgspec.json.encode(one)) for one in ordered[at : at + SIZE])
        more = str(at + SIZE) if at + SIZE < len(ordered) else None
        return read_page(RawQueuePage(entries=raw, after=more))


@pytest.fixture
def thread(tmp_path: Any) -> Any:
    made = StoreThread(lambda: Store.create(tmp_path / "store.db", bytes(32)))
    yield made
    made.close()


def pulling(thread: StoreThread, pages: Pages, stopping: threading.Event | None = None) -> QueuePull:
    return QueuePull(thread, pages, stopping or threading.Event())  # type: ignore[arg-type]


def here(thread: StoreThread) -> list[str]:
    return [entry.item.id for entry in thread.call(lambda s: s.queue())]


def test_all_of_it_arrives_and_what_left_leaves(thread: StoreThread) -> None:
    # Cases of one, of a page and a half, and of four pages: their entries share one place in the order.
    entries = [an_entry(n, case) for n, case in enumerate([1] + [2] * 10 + [3] * 28 + [4] * 2)]
    pages = Pages(entries)
    pull = pulling(thread, pages)
    pull.some()
    assert here(thread) == [entry.item.id for entry in entries]
    gone = {"item-0000", "item-0005", "item-0020", "item-0040"}
    pages.entries = [entry for entry in entries if entry.item.id not in gone]
    pull.some()
    assert here(thread) == [entry.item.id for entry in pages.entries]
    pages.entries = []
    pull.some()
    assert here(thread) == []


def test_later_pulls_fetch_the_top_and_go_on_with_the_rest(thread: StoreThread, monkeypatch: Any) -> None:
    monkeypatch.setattr("reviewer.workstation.pulling.TOP", 2)
    monkeypatch.setattr("reviewer.workstation.pulling.STRETCH", 3)
    entries = [an_entry(n, n) for n in range(SIZE * 12)]
    pages = Pages(entries)
    pull = pulling(thread, pages)
    pull.some()
    assert len(pages.asked) == 12
    pages.entries = entries[:1] + entries[2:-2]
    for _ in range(5):
        pages.asked.clear()
        pull.some()
        assert len(pages.asked) <= 5
        assert pages.asked[:2] == [0, SIZE]
        assert "item-0001" not in here(thread)
    assert here(thread) == [entry.item.id for entry in pages.entries]


def test_a_pull_is_ended_by_a_lock_after_its_page_and_keeps_what_came(thread: StoreThread) -> None:
    pages, stopping = Pages([an_entry(n, n) for n in range(SIZE * 5)]), threading.Event()
    pages.before = lambda at: stopping.set() if at == SIZE else None
    pulling(thread, pages, stopping).some()
    assert pages.asked == [0, SIZE]
    assert len(here(thread)) == 2 * SIZE - 1, "the last may share its place with the next page"


def test_odd_referrals_arrive_and_can_be_listed_and_found(thread: StoreThread) -> None:
    odd = [
        an_entry(1, 1),
        an_entry(2, 2, claim=" ", requester="", account=" "),
        an_entry(3, 3, claim="gate " * 20_000, account="x" * 5_000),
        an_entry(4, 4, due_at=datetime(8999, 12, 31, tzinfo=UTC)),
        an_entry(5, 5, due_at=datetime(1971, 1, 1, tzinfo=UTC)),
        an_entry(6, 6, claim="\0\u202egate \U0001f331", jurisdiction="\n" * 50),
    ]
    pulling(thread, Pages(odd)).some()
    assert len(here(thread)) == 6
    assert here(thread)[:2] == ["item-0005", "item-0004"]
    listing = thread.call(lambda s: s.list_queue(QueueAsk(words="gate"), "m"))
    assert len(listing.lines) == 2
    kept = thread.call(lambda s: s.queue_entry("item-0002"))
    assert kept is not None
    assert kept.case.referral.lacking == ("claim",)


def test_what_cannot_be_read_is_counted_and_jams_nothing() -> None:
    good = msgspec.json.encode(an_entry(1, 1))
    fields = msgspec.json.decode(good)
    newer = {
        **fields,
        "colour": "green",
        "case": {**fields["case"], "referral": {**fields["case"]["referral"], "x": 1}},
    }
    strange: dict[str, Any] = msgspec.json.decode(good)
    strange["case"]["referral"]["source"] = "embassy"
    far: dict[str, Any] = msgspec.json.decode(good)
    far["case"]["referral"]["due_at"] = "9999-12-31T00:00:00Z"
    raw = tuple(msgspec.Raw(msgspec.json.encode(one)) for one in (strange, newer, far, {}, 7, fields))
    page = read_page(RawQueuePage(entries=raw, after=None))
    assert [entry.item.id for entry in page.entries] == ["item-0001"] * 2
    assert page.unreadable == 4


@pytest.mark.parametrize(
    "page", [RawQueuePage(entries=(), after="more"), RawQueuePage(entries=(msgspec.Raw(b"1"),) * 101)]
)
def test_a_page_that_cannot_be_one_is_refused(page: RawQueuePage) -> None:
    with pytest.raises(CaseSystemNonsense):
        read_page(page)
