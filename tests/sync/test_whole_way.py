"""The client and worker against the real service on a real port: a shift on the wire."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from house import GATE, ONE, TWO, House, a_case, a_decision, an_item, ciphertext, decided, exposed, passed

from reviewer.model.errors import CaseSystemUnreachable, LeaseLost
from reviewer.model.events import AnswerStatus, OutboxEvent
from reviewer.sync.client import CaseSystem
from reviewer.sync.worker import SyncWorker


@pytest.fixture
def url(house: House) -> Iterator[str]:
    with house.on_loopback() as address:
        yield address


def take_in(url: str, house: House, count: int, size: int = 5000) -> list[bytes]:
    containers = [ciphertext(size, seed) for seed in range(count)]
    with CaseSystem(url, house.tokens[GATE], "gate") as intake:
        sealed = {ONE: b"sealed to one", TWO: b"sealed to two", GATE: b"k"}
        intake.register_case(a_case(), sealed)
        for number, container in enumerate(containers):
            intake.register_item(an_item(f"item-{number}", container=container))
            intake.upload_container(f"item-{number}", io.BytesIO(container), len(container))
    return containers


def test_a_shift(url: str, house: House) -> None:
    (container, *_) = take_in(url, house, 3, size=1_500_000)
    with CaseSystem(url, house.tokens[ONE], "desk-1") as one, CaseSystem(url, house.tokens[TWO], "desk-2") as two:
        assert [entry.item.id for entry in one.queue()] == ["item-0", "item-1", "item-2"]
        lease = one.lease("item-0")
        with pytest.raises(LeaseLost):
            two.lease("item-0")
        assert one.case_key("case-1") == b"sealed to one"
        item = one.queue()[0].item
        with one.open_container(item.id, item.container_size, item.container_sha256) as ciphertext_file:
            ciphertext_file.seek(-100, io.SEEK_END)
            assert ciphertext_file.read() == container[-100:]
            ciphertext_file.seek(0)
            assert ciphertext_file.readall() == container
        one.renew(lease)
        sent = [decided(a_decision(ONE, "item-0")), exposed(ONE, 30.0), passed(ONE, "item-1")]
        assert {answer.status for answer in one.post_events(sent)} == {AnswerStatus.ACCEPTED}
        assert [entry.item.id for entry in one.queue()] == ["item-2"]
        assert [entry.item.id for entry in two.queue()] == ["item-1", "item-2"]
        assert one.decision_count() == 1
        with pytest.raises(LeaseLost):
            one.renew(lease)


def test_working_offline_and_catching_up(house: House) -> None:
    with house.on_loopback() as address:
        take_in(address, house, 8)
        port = address.rpartition(":")[2]
    outbox: list[OutboxEvent] = [decided(a_decision(ONE, f"item-{n}")) for n in range(8)]
    delivered: list[str] = []

    def answered(answers: object) -> None:
        for answer in answers:  # type: ignore[attr-defined]
            assert answer.status in (AnswerStatus.ACCEPTED, AnswerStatus.DUPLICATE)
            delivered.append(answer.id)
            outbox[:] = [event for event in outbox if event.id != answer.id]

    def connect(base_url: str) -> tuple[CaseSystem, SyncWorker]:
        client = CaseSystem(base_url, house.tokens[ONE], "desk-1", timeout=2.0)
        worker = SyncWorker(
            client.post_events, lambda limit: outbox[:limit], answered, house.clock, counts=lambda: (len(outbox), 0)
        )
        return client, worker

    client, worker = connect(f"http://127.0.0.1:{port}")
    with client:
        assert worker.drain_once().trouble == "The case system does not answer."
        with pytest.raises(CaseSystemUnreachable):
            client.queue()
    assert len(outbox) == 8
    with house.on_loopback() as address:
        client, worker = connect(address)
        with client:
            state = worker.drain_once()
            assert (state.waiting, state.trouble, client.decision_count()) == (0, "", 8)
    assert len(set(delivered)) == len(delivered) == 8


def test_threads_share_one_client(url: str, house: House) -> None:
    import threading

    take_in(url, house, 4, size=600_000)
    with CaseSystem(url, house.tokens[ONE], "desk-1") as client:
        wrong: list[int] = []

        def read(number: int) -> None:
            with client.open_container(f"item-{number}", 600_000) as remote:
                if remote.readall() != ciphertext(600_000, number):
                    wrong.append(number)

        threads = [threading.Thread(target=read, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
