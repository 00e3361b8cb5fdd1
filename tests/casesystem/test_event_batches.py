"""Batches: an answer for each event, once only, and one bad event never touches the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx
import msgspec
import pytest
from house import NOON, ONE, TWO, House, a_decision, an_event, decided, exposed, passed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviewer.model.cases import Item
from reviewer.model.decisions import ViewingRecord
from reviewer.model.events import (
    MAX_BATCH,
    MAX_EVENT_BYTES,
    AnswerStatus,
    BatchAnswer,
    EventAnswer,
    EventBatch,
    EventType,
    OutboxEvent,
)
from reviewer.model.payloads import ItemPassedOn
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


def builtin(event: OutboxEvent) -> dict[str, Any]:
    return json.loads(msgspec.json.encode(event))


def post(raw: httpx.Client, house: House, events: list[Any], member: str = ONE) -> tuple[EventAnswer, ...]:
    answer = raw.post("events", content=json.dumps({"events": events}).encode(), headers=house.headers(member))
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=BatchAnswer).answers


def spoilt(path: str, value: Any) -> dict[str, Any]:
    """A good decision event with one field changed, named by its path."""
    event = builtin(decided(a_decision()))
    *way, last = path.split(".")
    inner = event
    for name in way:
        inner = inner[name]
    inner[last] = value
    return event


SPOILT = [
    ("type", "decision.unheard_of"),
    ("type", 7),
    ("sequence", "one"),
    ("sequence", 0),
    ("sequence", 1 << 70),
    ("workstation", "a/b"),
    ("actor", TWO),
    ("at", "yesterday"),
    ("payload", []),
    ("payload", {}),
    ("payload.decision", None),
    ("payload.decision.item_id", "item-unknown"),
    ("payload.decision.case_id", "case-unknown"),
    ("payload.decision.actor", TWO),
    ("payload.decision.severity", 7),
    ("payload.decision.severity", -1),
    ("payload.decision.severity", "1"),
    ("payload.decision.decided_at", "2026-11-21T12:00:00"),
    ("payload.decision.decided_at", "9999-12-31T23:59:59Z"),
    ("payload.decision.imminence", "maybe"),
    ("payload.decision.action", "report"),
    ("payload.decision.replaces", "something"),
    ("payload.decision.change", "void"),
    ("payload.decision.id", "../x"),
    ("payload.decision.rationale", "x" * MAX_EVENT_BYTES),
    ("payload.viewing_record", None),
    ("payload.viewing_record.item_id", "item-2"),
    ("payload.viewing_record.viewer", TWO),
    ("payload.viewing_record.seconds", {"telepathy": 1.0}),
    ("payload.viewing_record.seconds", {"clear": -1.0}),
    ("payload.viewing_record.seconds", {"clear": 1e300}),
    ("payload.viewing_record.sound_seconds", -0.5),
]


@pytest.mark.parametrize("nested", [b"[" * 20_000 + b"]" * 20_000, b'{"a":' * 9_000 + b"1" + b"}" * 9_000])
def test_endless_nesting_is_only_ever_one_rejected_event(raw: httpx.Client, house: House, nested: bytes) -> None:
    good = exposed()
    bad = msgspec.json.encode(exposed())[:-2] + b',"more":' + nested + b"}}"
    body = b'{"events":[' + bad + b"," + msgspec.json.encode(good) + b"]}"
    answer = raw.post("events", content=body, headers=house.headers(ONE))
    if answer.status_code != 200:
        assert answer.status_code in (400, 422)
        return
    statuses = [one.status for one in msgspec.json.decode(answer.content, type=BatchAnswer).answers]
    assert statuses == [AnswerStatus.REJECTED, AnswerStatus.ACCEPTED]


def test_one_bad_field_is_rejected_and_its_neighbours_accepted(
    raw: httpx.Client, house: House, as_member: As, taken_in: TakeIn
) -> None:
    taken_in()
    for path, value in SPOILT:
        bad, before, after = spoilt(path, value), exposed(), exposed()
        answers = post(raw, house, [builtin(before), bad, builtin(after)])
        assert [(answer.id, answer.status) for answer in answers] == [
            (before.id, AnswerStatus.ACCEPTED),
            (bad["id"], AnswerStatus.REJECTED),
            (after.id, AnswerStatus.ACCEPTED),
        ], path
        reason = answers[1].reason
        assert reason.endswith(".")
        assert "item-unknown" not in reason
        assert "xxx" not in reason
    assert as_member(ONE).decision_count() == 0
    assert as_member(ONE).post_events([decided(a_decision())])[0].status is AnswerStatus.ACCEPTED


def test_a_rejected_event_may_come_again_corrected_under_its_id(
    raw: httpx.Client, house: House, as_member: As, taken_in: TakeIn
) -> None:
    taken_in()
    event = spoilt("payload.decision.severity", 9)
    assert post(raw, house, [event])[0].status is AnswerStatus.REJECTED
    event["payload"]["decision"]["severity"] = 2
    assert post(raw, house, [event])[0].status is AnswerStatus.ACCEPTED
    event["payload"]["decision"]["severity"] = 3
    (answer,) = post(raw, house, [event])
    assert (answer.status, answer.reason) == (AnswerStatus.REJECTED, "Another event was recorded under this id.")


def test_nobody_learns_of_or_uses_anothers_event_id(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    event = decided(a_decision())
    as_member(ONE).post_events([event])
    (answer,) = as_member(TWO).post_events([event])
    assert answer.status is AnswerStatus.REJECTED


def test_two_decisions_under_one_id_are_not_confused(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    taken_in("item-2")
    first = a_decision()
    second = msgspec.structs.replace(a_decision(item_id="item-2"), id=first.id)
    answers = as_member(ONE).post_events([decided(first), decided(second)])
    assert [answer.status for answer in answers] == [AnswerStatus.ACCEPTED, AnswerStatus.REJECTED]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"not json", 400),
        (b"\xff\xfe", 400),
        (b"[]", 422),
        (b'{"events": []}', 422),
        (b'{"events": {}}', 422),
        (b'{"events": [], "more": 1}', 422),
        (b'{"events": [{"no": "id"}]}', 422),
        (b'{"events": [{"id": "a b"}]}', 422),
        (b'{"events": [{"id": 5}]}', 422),
        (b'{"events": [7]}', 422),
        (b'{"events": [' + b'{"id": "a"},' * MAX_BATCH + b'{"id": "a"}]}', 422),
        (b"[" * 100_000, 422),
    ],
)
def test_a_batch_that_cannot_be_answered_event_by_event_is_refused(
    raw: httpx.Client, house: House, body: bytes, status: int
) -> None:
    answer = raw.post("events", content=body, headers=house.headers(ONE))
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert set(answer.json()) == {"type", "title", "status", "detail"}


def test_a_huge_batch_is_not_read(raw: httpx.Client, house: House) -> None:
    declared = {**house.headers(ONE), "Content-Length": str(1 << 40)}
    assert raw.post("events", content=b"{}", headers=declared).status_code == 413

    def endless() -> Any:
        for _ in range(200):
            yield b" " * 65536

    assert raw.post("events", content=endless(), headers=house.headers(ONE)).status_code == 413


events_strategy = st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=12), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=events_strategy)
def test_however_batches_overlap_and_repeat_each_event_takes_effect_once(
    as_member: As, two_items: None, batches: list[list[int]]
) -> None:
    """Acknowledged means exactly once: after any history, sending everything again changes nothing."""
    reviewer = as_member(ONE)
    count_before = reviewer.decision_count()
    lines_before = len(reviewer.own_exposure().lines)
    pool: list[OutboxEvent] = [exposed(seconds=10.0 + n) for n in range(8)]
    accepted: set[str] = set()
    for batch in batches:
        sent = [pool[n] for n in batch]
        for event, answer in zip(sent, reviewer.post_events(sent), strict=True):
            expected = AnswerStatus.DUPLICATE if event.id in accepted else AnswerStatus.ACCEPTED
            assert answer == EventAnswer(id=event.id, status=expected)
            accepted.add(event.id)
    assert len(reviewer.own_exposure().lines) - lines_before == len(accepted)
    assert reviewer.decision_count() == count_before


@pytest.fixture
def two_items(taken_in: TakeIn) -> None:
    taken_in("item-1")
    taken_in("item-2")


def test_the_same_event_twice_in_one_batch_counts_once(as_member: As, two_items: None) -> None:
    event = decided(a_decision())
    answers = as_member(ONE).post_events([event, event, passed(ONE, "item-2"), event])
    accepted, duplicate = AnswerStatus.ACCEPTED, AnswerStatus.DUPLICATE
    assert [answer.status for answer in answers] == [accepted, duplicate, accepted, duplicate]
    assert as_member(ONE).decision_count() == 1


def test_a_full_batch_of_large_events_fits(as_member: As, two_items: None) -> None:
    def large() -> OutboxEvent:
        event = exposed()
        padding = MAX_EVENT_BYTES - len(msgspec.json.encode(event)) - len(',"padding":""')
        return msgspec.structs.replace(event, payload={**event.payload, "padding": "x" * padding})

    events = [large() for _ in range(MAX_BATCH)]
    assert all(len(msgspec.json.encode(event)) == MAX_EVENT_BYTES for event in events)
    assert {answer.status for answer in as_member(ONE).post_events(events)} == {AnswerStatus.ACCEPTED}


def test_what_somebody_saw_is_kept_with_the_decision(house: House, as_member: As, taken_in: TakeIn) -> None:
    import sqlite3

    taken_in()
    record = ViewingRecord(item_id="item-1", viewer=ONE, opened_at=NOON, seconds={"clear": 2.5}, sound_seconds=1.0)
    as_member(ONE).post_events([decided(a_decision(), record)])
    db = sqlite3.connect(house.folder / "case.db")
    (kept,) = db.execute("SELECT viewing_record FROM decisions").fetchone()
    db.close()
    assert msgspec.json.decode(kept, type=ViewingRecord) == record


def test_passing_on_what_does_not_exist_is_rejected(as_member: As) -> None:
    event = an_event(ItemPassedOn(item_id="nothing"), EventType.ITEM_PASSED_ON)
    assert as_member(ONE).post_events([event])[0].status is AnswerStatus.REJECTED


def test_the_wire_type_of_the_batch_is_the_models(raw: httpx.Client, house: House) -> None:
    body = msgspec.json.encode(EventBatch(events=(exposed(),)))
    assert raw.post("events", content=body, headers=house.headers(ONE)).status_code == 200
