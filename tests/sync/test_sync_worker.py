"""Promise 3 at the workstation: no decision lost, doubled or silently failed, whatever the network does."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import msgspec
import pytest
from house import NOON, HandClock, exposed
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENCE_S

from reviewer.model.errors import (
    CaseSystemNonsense,
    CaseSystemRefused,
    CaseSystemUnreachable,
    ReviewerError,
    StoreUnavailable,
)
from reviewer.model.events import MAX_BATCH, AnswerStatus, EventAnswer, OutboxEvent
from reviewer.sync.worker import SyncWorker

EVENT = exposed()


def events(count: int) -> list[OutboxEvent]:
    return [msgspec.structs.replace(EVENT, id=f"e{n:05}", sequence=n + 1) for n in range(count)]


@dataclass
class Outbox:
    """The workstation's side: what a crash leaves."""

    waiting: list[OutboxEvent]
    parked: dict[str, str] = field(default_factory=dict)
    delivered: list[str] = field(default_factory=list)
    answers: int = 0
    failing: int = 0

    def pending(self, limit: int) -> list[OutboxEvent]:
        if self.failing:
            self.failing -= 1
            raise StoreUnavailable
        return self.waiting[:limit]

    def answered(self, answers: Sequence[EventAnswer]) -> None:
        self.answers += 1
        for answer in answers:
            if answer.status is AnswerStatus.RETRY:
                continue
            assert any(event.id == answer.id for event in self.waiting)
            self.waiting = [event for event in self.waiting if event.id != answer.id]
            if answer.status is AnswerStatus.REJECTED:
                self.parked[answer.id] = answer.reason
            else:
                self.delivered.append(answer.id)

    def counts(self) -> tuple[int, int]:
        return len(self.waiting), len(self.parked)


@dataclass
class Server:
    """The case system's side: each event once."""

    verdicts: dict[str, AnswerStatus] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    troubles: list[Exception | None] = field(default_factory=list)
    lose_answers: int = 0
    taken: list[str] = field(default_factory=list)
    batches: list[list[str]] = field(default_factory=list)

    def post(self, batch: Sequence[OutboxEvent]) -> list[EventAnswer]:
        assert 0 < len(batch) <= MAX_BATCH
        self.batches.append([event.id for event in batch])
        if self.troubles and (trouble := self.troubles.pop(0)) is not None:
            raise trouble
        if any(event.id in self.unreadable for event in batch):
            raise CaseSystemRefused(422)
        answers = [self._one(event.id) for event in batch]
        if self.lose_answers:
            self.lose_answers -= 1
            raise CaseSystemUnreachable
        return answers

    def _one(self, event_id: str) -> EventAnswer:
        verdict = self.verdicts.get(event_id, AnswerStatus.ACCEPTED)
        if verdict is AnswerStatus.ACCEPTED:
            if event_id in self.taken:
                return EventAnswer(id=event_id, status=AnswerStatus.DUPLICATE)
            self.taken.append(event_id)
        return EventAnswer(id=event_id, status=verdict, reason="because")


Make = Callable[..., SyncWorker]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[SyncWorker] = []

    def build(outbox: Outbox, server: Server, **more: object) -> SyncWorker:
        more = {"clock": HandClock(), "counts": outbox.counts, "jitter": lambda: 0.0, **more}
        worker = SyncWorker(server.post, outbox.pending, outbox.answered, **more)  # type: ignore[arg-type]
        made.append(worker)
        return worker

    yield build
    for worker in made:
        assert worker.stop()
    assert not [thread for thread in threading.enumerate() if thread.name == "sync"]


def until(condition: Callable[[], bool], within_s: float = PATIENCE_S) -> None:
    limit = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < limit
        time.sleep(0.005)


def test_everything_goes_in_bounded_batches_in_order(make: Make) -> None:
    outbox, server = Outbox(events(150)), Server()
    state = make(outbox, server).drain_once()
    assert server.taken == outbox.delivered == [event.id for event in events(150)]
    assert [len(batch) for batch in server.batches] == [64, 64, 22]
    assert (state.waiting, state.parked, state.last_contact, state.trouble) == (0, 0, NOON, "")


def test_what_was_taken_in_but_not_acknowledged_is_sent_again_and_counts_once(make: Make) -> None:
    outbox, server = Outbox(events(10)), Server(lose_answers=1)
    worker = make(outbox, server)
    assert worker.drain_once().trouble == "The case system does not answer."
    assert (len(server.taken), outbox.delivered) == (10, [])
    worker.drain_once()
    assert outbox.delivered == server.taken == [event.id for event in events(10)]


def test_a_crash_between_answer_and_store_loses_and_doubles_nothing(make: Make) -> None:
    outbox, server = Outbox(events(10)), Server()

    def dies(answers: Sequence[EventAnswer]) -> None:
        raise StoreUnavailable

    first = SyncWorker(server.post, outbox.pending, dies, HandClock(), counts=outbox.counts)
    assert first.drain_once().trouble == StoreUnavailable.happened
    assert outbox.counts() == (10, 0)
    make(outbox, server).drain_once()
    assert outbox.delivered == server.taken == [event.id for event in events(10)]


def test_rejected_events_are_parked_with_their_reason_and_jam_nothing(make: Make) -> None:
    verdicts = {f"e{n:05}": AnswerStatus.REJECTED for n in range(0, 200, 2)}
    outbox, server = Outbox(events(200)), Server(verdicts=verdicts)
    state = make(outbox, server).drain_once()
    assert (state.waiting, state.parked, state.trouble) == (0, 100, "")
    assert set(outbox.parked.values()) == {"because"}
    assert len(server.taken) == 100


def test_events_told_to_come_later_rest_and_hide_nothing_behind_them(make: Make) -> None:
    verdicts = {f"e{n:05}": AnswerStatus.RETRY for n in range(150)}
    outbox, server, clock = Outbox(events(200)), Server(verdicts=verdicts), HandClock()
    worker = make(outbox, server, clock=clock)
    worker._attempt(hurried=False)
    assert (len(server.taken), len(outbox.waiting)) == (50, 150)
    posts = len(server.batches)
    worker._attempt(hurried=False)
    assert len(server.batches) == posts
    clock.advance(3)
    server.verdicts.clear()
    worker._attempt(hurried=False)
    assert outbox.waiting == []
    assert worker._resting == {}


def test_each_event_is_tried_once_a_drain_even_when_hurried(make: Make) -> None:
    verdicts = {event.id: AnswerStatus.RETRY for event in events(70)}
    outbox, server = Outbox(events(70)), Server(verdicts=verdicts)
    worker = make(outbox, server)
    for _ in range(3):
        worker.drain_once()
    assert sum(map(len, server.batches)) == 3 * 70
    assert worker.state().waiting == 70


def test_the_one_event_that_spoils_a_batch_is_found_and_parked(make: Make) -> None:
    outbox, server = Outbox(events(64)), Server(unreadable={"e00037"})
    make(outbox, server).drain_once()
    assert list(outbox.parked) == ["e00037"]
    assert len(outbox.delivered) == 63
    assert outbox.delivered == sorted(outbox.delivered)


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_refusal_of_the_sender_parks_nothing(make: Make, status: int) -> None:
    outbox, server = Outbox(events(5)), Server(troubles=[CaseSystemRefused(status)])
    worker = make(outbox, server)
    assert worker.drain_once().trouble == "The case system refused this."
    assert outbox.counts() == (5, 0)
    assert worker.drain_once().trouble == ""
    assert len(outbox.delivered) == 5


def test_answers_to_other_questions_are_no_answers(make: Make) -> None:
    outbox = Outbox(events(3))

    def lies(batch: Sequence[OutboxEvent]) -> list[EventAnswer]:
        return [EventAnswer(id="other", status=AnswerStatus.ACCEPTED) for _ in batch]

    worker = SyncWorker(lies, outbox.pending, outbox.answered, HandClock(), counts=outbox.counts)
    assert worker.drain_once().trouble == CaseSystemNonsense.happened
    assert (outbox.answers, outbox.counts()) == (0, (3, 0))
    assert worker.state().last_contact is None


def test_a_store_that_fails_or_code_that_stumbles_is_told_and_the_thread_lives(make: Make) -> None:
    outbox, server = Outbox(events(3), failing=1), Server(troubles=[RuntimeError("evidence words")])
    worker = make(outbox, server)
    assert worker.drain_once().trouble == StoreUnavailable.happened
    trouble = worker.drain_once().trouble
    assert trouble == "Sync stopped unexpectedly and will be tried again."
    assert worker.drain_once().trouble == ""


def test_an_outage_is_reported_once_until_it_changes(make: Make) -> None:
    told: list[str] = []

    def record(error: ReviewerError) -> None:
        told.append(error.code)
        raise StoreUnavailable

    down: list[Exception | None] = [CaseSystemUnreachable()] * 3
    outbox, server = Outbox(events(1)), Server(troubles=[*down, CaseSystemNonsense(), None, *down])
    worker = make(outbox, server, troubled=record)
    for _ in range(5):
        worker.drain_once()
    outbox.waiting = events(2)[1:]
    worker.drain_once()
    assert told == ["S001", "S002", "S001"]


def test_in_the_background_it_sends_what_it_is_woken_for(make: Make) -> None:
    outbox, server = Outbox([]), Server()
    worker = make(outbox, server, idle_s=60.0)
    worker.start()
    for event in events(5):
        outbox.waiting.append(event)
        worker.wake()
        until(lambda: not outbox.waiting)
    assert len(server.taken) == 5


def test_without_being_woken_it_looks_by_itself(make: Make) -> None:
    outbox, server = Outbox([]), Server()
    make(outbox, server, idle_s=0.02).start()
    outbox.waiting.extend(events(1))
    until(lambda: server.taken == ["e00000"])


def test_many_decisions_while_offline_are_not_many_attempts(make: Make) -> None:
    outbox, server = Outbox(events(1)), Server(troubles=[CaseSystemUnreachable()] * 100)
    worker = make(outbox, server)
    worker.start()
    until(lambda: len(server.batches) == 1)
    for _ in range(50):
        worker.wake()
        time.sleep(0.002)
    assert len(server.batches) == 1


def test_stop_is_quick_while_waiting_and_waits_for_the_exchange_under_way(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.sync.worker.delay_s", lambda *_failures, **_how: PATIENCE_S)
    outbox, server = Outbox(events(1)), Server(troubles=[CaseSystemUnreachable()] * 100)
    worker = make(outbox, server)
    worker.start()
    until(lambda: worker.state().trouble != "")
    began = time.monotonic()
    assert worker.stop()
    assert time.monotonic() - began < PATIENCE_S / 2

    entered, leave = threading.Event(), threading.Event()

    def slow(batch: Sequence[OutboxEvent]) -> list[EventAnswer]:
        entered.set()
        leave.wait(PATIENCE_S)
        return [EventAnswer(id=event.id, status=AnswerStatus.ACCEPTED) for event in batch]

    second = Outbox(events(1))
    busy = SyncWorker(slow, second.pending, second.answered, HandClock(), counts=second.counts)
    busy.start()
    assert entered.wait(PATIENCE_S)
    assert not busy.stop(timeout_s=0.05)
    leave.set()
    assert busy.stop()
    assert second.delivered == ["e00000"]


def test_a_worker_never_started_stops(make: Make) -> None:
    assert make(Outbox([]), Server()).stop()


fault = st.sampled_from(["none", "down", "nonsense", "refused", "lost answer", "store fails", "crash"])


@settings(max_examples=60, deadline=None)
@given(count=st.integers(0, 140), faults=st.lists(fault, max_size=8), data=st.data())
def test_whatever_happens_on_the_way_each_event_ends_up_once(
    count: int, faults: list[str], data: st.DataObject
) -> None:
    rejected = data.draw(st.sets(st.integers(0, 139), max_size=5))
    unreadable = data.draw(st.sets(st.integers(0, 139), max_size=2))
    later = data.draw(st.sets(st.integers(0, 139), max_size=70))
    server = Server(unreadable={f"e{n:05}" for n in unreadable})
    server.verdicts = {f"e{n:05}": AnswerStatus.RETRY for n in later}
    server.verdicts |= {f"e{n:05}": AnswerStatus.REJECTED for n in rejected}
    outbox = Outbox(events(count))
    worker = SyncWorker(server.post, outbox.pending, outbox.answered, HandClock(), counts=outbox.counts)
    for trouble in [*faults, "recovered"]:
        if trouble == "recovered":
            server.verdicts = {k: v for k, v in server.verdicts.items() if v is AnswerStatus.REJECTED}
        if trouble == "crash":
            worker = SyncWorker(server.post, outbox.pending, outbox.answered, HandClock(), counts=outbox.counts)
        raised = {"down": CaseSystemUnreachable(), "nonsense": CaseSystemNonsense(), "refused": CaseSystemRefused(500)}
        server.troubles = [raised[trouble]] if trouble in raised else []
        server.lose_answers = int(trouble == "lost answer")
        outbox.failing = int(trouble == "store fails")
        worker.drain_once()
    every = [event.id for event in events(count)]
    parked = [one for one in every if int(one[1:]) in rejected | unreadable]
    assert sorted(outbox.parked) == parked
    assert sorted(outbox.delivered) == sorted(server.taken) == [one for one in every if one not in parked]
    assert outbox.waiting == []
