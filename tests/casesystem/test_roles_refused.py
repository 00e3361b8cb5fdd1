"""Refusals over plain HTTP: strangers anywhere, reviewers at colleagues' figures, supervisors at items. All recorded.

Which role may ask for which route is the table of `test_roles_enforced.py`, which no route can be left out of.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta

import httpx
import msgspec
import pytest
from house import BOSS, GATE, NOON, ONE, TWO, House, a_decision, an_event, decided, exposed
from test_roles_enforced import EVERYBODY, ROUTES

from reviewer.casesystem.outsiders import MOST_A_MINUTE
from reviewer.casesystem.tokens import revoke
from reviewer.model.cases import Item
from reviewer.model.decisions import ViewingRecord
from reviewer.model.events import EventBatch, EventType
from reviewer.model.payloads import DecisionRecorded, ItemHeld, ItemPassedOn
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]
ROUTE_IDS = [f"{method} {path}" for method, path, _, _ in ROUTES]


@contextmanager
def database(house: House) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(house.folder / "case.db")) as db, db:
        yield db


def strangers(house: House) -> list[str]:
    with database(house) as db:
        return [what for (what,) in db.execute("SELECT what FROM outsiders ORDER BY id")]


def attempts(house: House) -> list[tuple[str, str]]:
    with database(house) as db:
        return db.execute("SELECT member_id, what FROM attempts ORDER BY id").fetchall()


def test_a_stranger_is_refused_everywhere_and_written_down(raw: httpx.Client, house: House, taken_in: TakeIn) -> None:
    taken_in(size=1000)
    described = raw.get("http://127.0.0.1/openapi.json").json()["paths"]
    templates = {
        f"{method.upper()} {path.removeprefix('/v1')}" for path, methods in described.items() for method in methods
    }
    revoke(house.url, TWO)
    good = {"Reviewer-Workstation": "desk-1"}
    tokens: list[dict[str, str] | dict[str, bytes]] = [
        {},
        {"Authorization": "Bearer unknown", **good},
        {"Authorization": f"Bearer {house.tokens[TWO]}", **good},
        {"Authorization": f"Bearer {house.tokens[ONE]}x"},
        {"Authorization": f"Basic {house.tokens[ONE]}", **good},
        {"Authorization": b"Bearer \xc3\xa9\xff", "Reviewer-Workstation": b"desk-1"},
    ]
    for method, path, body, _ in ROUTES:
        for headers in tokens:
            house.clock.advance(60)
            answer = raw.request(method, path, content=body, headers=headers)
            assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer"), (method, path, headers)
            assert answer.json()["type"] == "urn:reviewer:problem:token-unknown"
    noted = strangers(house)
    assert len(noted) == len(ROUTES) * len(tokens)
    # What was asked for itself may name an item: only the route is kept.
    assert set(noted) == templates
    assert attempts(house) == []


def test_a_stranger_gets_no_body_read(raw: httpx.Client, house: House) -> None:
    headers = {"Content-Length": str(1 << 40), "Authorization": "Bearer unknown", "Reviewer-Workstation": "desk-1"}
    for method, path in (("POST", "events"), ("POST", "leases"), ("PUT", "items/item-1/container")):
        assert raw.request(method, path, headers=headers).status_code == 401
    assert raw.get("exposure/team?days=never").status_code == 401
    assert len(strangers(house)) == 4


def test_a_flood_of_strangers_fills_nothing(raw: httpx.Client, house: House) -> None:
    for _ in range(MOST_A_MINUTE + 15):
        assert raw.get("queue").status_code == 401
    assert len(strangers(house)) == MOST_A_MINUTE


def test_supervisors_are_told_of_strangers_and_of_refusals(as_member: As, raw: httpx.Client, house: House) -> None:
    raw.get("items/item-7")
    house.clock.advance(5)
    raw.get("golden", headers=house.headers(ONE))
    told = as_member(BOSS).attempts()
    assert told.whole
    assert [(one.member, one.what, one.at - NOON) for one in told.attempts] == [
        ("Reviewer 01", "without see_decisions", timedelta(seconds=5)),
        ("", "GET /items/{item_id}", timedelta(0)),
    ]


@pytest.mark.parametrize("asking", [ONE, GATE])
def test_nobody_but_a_supervisor_gets_a_colleagues_figures(
    as_member: As, raw: httpx.Client, house: House, asking: str
) -> None:
    as_member(TWO).post_events([exposed(TWO, 5000.0, at=NOON - timedelta(hours=3))])
    headers = house.headers(asking)
    for path in ("exposure/team", "exposure/team?days=1&purpose=exported", "work/waiting", "attempts"):
        assert raw.get(path, headers=headers).json()["type"] == "urn:reviewer:problem:role-not-allowed"
    # There is no way to name somebody else where one asks for one's own.
    for path in ("exposure/me", "exposure/me/elsewhere", "me/data", "looks/me", "relief/me"):
        own = raw.get(path, headers=headers).json()
        named = raw.get(f"{path}?member={TWO}&member_id={TWO}", headers=headers | {"Reviewer-Member": TWO})
        assert named.json() == own or path == "me/data"
        assert "Reviewer 02" not in named.text
        assert "5000" not in named.text
    for path in (f"exposure/{TWO}", f"exposure/team/{TWO}", f"members/{TWO}/exposure", f"{TWO}/data"):
        assert raw.get(path, headers=headers).status_code == 404
    assert [who for who, _ in attempts(house)] == [asking] * 4
    assert as_member(TWO).looks() == (), "who was refused has seen nothing"


def test_a_supervisor_gets_nothing_of_single_items(
    as_member: As, raw: httpx.Client, house: House, taken_in: TakeIn
) -> None:
    taken_in(size=1000)
    headers = house.headers(BOSS)
    asked = ("GET queue", "GET items/item-1", "GET items/item-1/readings", "GET readings/mine", "GET calibrations/mine")
    for line in asked:
        method, path = line.split()
        assert raw.request(method, path, headers=headers).status_code == 403, line
    assert raw.post("leases", content=b'{"item_id": "item-1"}', headers=headers).status_code == 403
    assert raw.get("exposure/share", headers=headers).status_code == 403
    assert [who for who, _ in attempts(house)] == [BOSS] * 7
    for payload, kind in (
        (ItemPassedOn(item_id="item-1"), EventType.ITEM_PASSED_ON),
        (ItemHeld(item_id="item-1", held=True), EventType.ITEM_HELD),
        (
            DecisionRecorded(decision=a_decision(BOSS), viewing_record=ViewingRecord(item_id="item-1", viewer=BOSS)),
            EventType.DECISION_RECORDED,
        ),
    ):
        body = msgspec.json.encode(EventBatch(events=(an_event(payload, kind, BOSS),)))
        assert raw.post("events", content=body, headers=headers).json()["answers"][0]["status"] == "rejected"


def test_no_answer_to_a_supervisor_says_when_or_how_somebody_worked(
    as_member: As, raw: httpx.Client, house: House, taken_in: TakeIn
) -> None:
    """Whatever they may ask for: no times of work, no viewing records, no ids that tell a time, no leases.

    The record of a case, for a package, has them; it is for who holds the case's key, and who reads it is told of.
    """
    for item_id in ("item-1", "item-2"):
        taken_in(item_id, size=1000)
    house.clock.advance(3 * 3600 + 1111)
    one = as_member(ONE)
    lease = one.lease("item-1")
    record = ViewingRecord(
        item_id="item-1", viewer=ONE, opened_at=house.clock.at, closed_at=house.clock.at, seconds={"clear": 77.625}
    )
    decision = msgspec.structs.replace(a_decision(ONE), decided_at=house.clock.at)
    event = decided(decision, record)
    look = exposed(ONE, 77.625, at=house.clock.at - timedelta(seconds=80))
    one.post_events([event, look])
    kept = one.lease("item-2")
    secret = [decision.id, event.id, look.id, lease.id, kept.id, "77.625", str(int(house.clock.at.timestamp()))]
    secret.append(house.clock.at.isoformat()[:16])
    at = house.clock.at
    house.clock.advance(86_400)
    for method, path, _, allowed in ROUTES:
        if method != "GET" or BOSS not in allowed:
            continue
        answer = raw.get(path, headers=house.headers(BOSS)).content.decode("latin-1")
        assert not [word for word in secret if word in answer], path
    # The words looked for do occur where they belong, so that this can fail.
    assert "77.625" in raw.get("exposure/me", headers=house.headers(ONE)).text
    with database(house) as db:
        assert db.execute("SELECT count(*) FROM decisions WHERE recorded_at = ?", [at.timestamp()]).fetchone() == (1,)


def test_everybody_in_the_table_is_a_role(house: House) -> None:
    assert {one for *_, allowed in ROUTES for one in allowed} == EVERYBODY
    assert len(set(ROUTE_IDS)) == len(ROUTES)
