"""Cases, sealed keys, registration, and the queue's order and pages."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import httpx
import msgspec
import pytest
from house import BOSS, GATE, NOON, ONE, ROSTER, SEALED, TWO, House, a_case, a_decision, an_item, ciphertext, decided

from reviewer.model.cases import Item, QueueEntry, SceneHash, queue_order
from reviewer.model.decisions import Action, Change
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.wire import DecisionPage
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


def test_everybody_knows_whom_to_seal_to(as_member: As) -> None:
    assert as_member(ONE).me() == ROSTER[0]
    assert set(as_member(GATE).members()) == set(ROSTER)


def test_a_member_gets_only_their_own_key(as_member: As) -> None:
    as_member(GATE).register_case(a_case(), {ONE: b"for one", BOSS: b"for the supervisor", GATE: b"k"})
    assert as_member(ONE).case_key("case-1") == b"for one"
    assert as_member(BOSS).case_key("case-1") == b"for the supervisor"
    with pytest.raises(CaseSystemRefused) as refused:
        as_member(TWO).case_key("case-1")
    assert slug_of(refused.value.problem_type) == "no-key-for-you"
    assert refused.value.what_happened == "This case is not shared with you."


def test_sharing_replaces_the_set_and_who_is_left_out_loses_theirs(as_member: As) -> None:
    as_member(GATE).register_case(a_case(), {ONE: b"old", GATE: b"k"})
    as_member(BOSS).share_case("case-1", {TWO: b"new", BOSS: b"k"})
    assert as_member(TWO).case_key("case-1") == b"new"
    with pytest.raises(CaseSystemRefused):
        as_member(ONE).case_key("case-1")


def test_two_who_change_the_keys_at_once_do_not_overwrite_each_other(
    as_member: As, raw: httpx.Client, house: House
) -> None:
    as_member(GATE).register_case(a_case(), SEALED)
    headers = house.headers(BOSS)
    etag = raw.get("cases/case-1", headers=headers).headers["etag"]
    body = msgspec.json.encode({"keys": {ONE: b"mine", BOSS: b"k"}})
    first = raw.put("cases/case-1/keys", content=body, headers={**headers, "If-Match": etag})
    second = raw.put("cases/case-1/keys", content=b'{"keys": {}}', headers={**headers, "If-Match": etag})
    without = raw.put("cases/case-1/keys", content=b'{"keys": {}}', headers=headers)
    assert (first.status_code, second.status_code, without.status_code) == (204, 412, 428)
    assert first.headers["etag"] != etag
    assert as_member(ONE).case_key("case-1") == b"mine"


@pytest.mark.parametrize("keys", [{"stranger": b"k"}, {ONE: b""}, {ONE: b"x" * 20_000}])
def test_keys_that_cannot_be_are_refused_whole(as_member: As, keys: dict[str, bytes]) -> None:
    as_member(GATE).register_case(a_case(), {TWO: b"kept", GATE: b"k"})
    with pytest.raises(CaseSystemRefused):
        as_member(BOSS).share_case("case-1", {BOSS: b"k", **keys})
    assert as_member(TWO).case_key("case-1") == b"kept"


def test_registering_again_is_fine_and_something_else_under_the_id_is_not(as_member: As) -> None:
    intake = as_member(GATE)
    for _ in range(2):
        intake.register_case(a_case(), SEALED)
        intake.register_item(an_item())
    with pytest.raises(CaseSystemRefused) as refused:
        intake.register_case(a_case(danger=True), {})
    assert refused.value.status == 409
    with pytest.raises(CaseSystemRefused) as refused:
        intake.register_item(an_item(container=b"other"))
    assert refused.value.status == 409
    with pytest.raises(CaseSystemRefused) as refused:
        intake.register_item(an_item("item-2", "case-unknown"))
    assert slug_of(refused.value.problem_type) == "no-such-case"


def test_one_exhibit_number_one_item(as_member: As) -> None:
    intake = as_member(GATE)
    for case_id in ("case-1", "case-2"):
        intake.register_case(a_case(case_id), SEALED)
    assert intake.item_count("case-1") == 0
    first = an_item("item-1")
    intake.register_item(first)
    intake.register_item(first)
    second = msgspec.structs.replace(an_item("item-2"), exhibit=first.exhibit)
    with pytest.raises(CaseSystemRefused) as refused:
        intake.register_item(second)
    assert slug_of(refused.value.problem_type) == "exhibit-taken"
    assert intake.item_count("case-1") == 1
    intake.register_item(msgspec.structs.replace(second, exhibit="E-2"))
    intake.register_item(msgspec.structs.replace(second, id="item-3", case_id="case-2"))
    assert (intake.item_count("case-1"), intake.item_count("case-2")) == (2, 1)
    with pytest.raises(CaseSystemRefused):
        intake.item_count("case-9")


def test_what_was_fingerprinted_of_a_film_is_kept_and_comes_with_the_item(as_member: As) -> None:
    scenes = tuple(SceneHash(time_s=i * 1.5, pdq=f"{i:064x}", quality=90 + i) for i in range(3))
    intake, container = as_member(GATE), ciphertext()
    intake.register_case(a_case(), SEALED)
    fingerprints = msgspec.structs.replace(an_item().fingerprints, scenes=scenes)
    intake.register_item(msgspec.structs.replace(an_item(container=container), fingerprints=fingerprints))
    intake.upload_container("item-1", io.BytesIO(container))
    assert as_member(ONE).queue()[0].item.fingerprints.scenes == scenes


@pytest.mark.parametrize(
    "change",
    [
        {"id": "a/b"},
        {"id": "a:b"},
        {"exhibit": ""},
        {"exhibit": "E" * 201},
        {"container_sha256": "../../etc/passwd"},
        {"container_sha256": "A" * 64},
        {"container_size": 0},
        {"container_size": 1 << 50},
        {"created_at": NOON.replace(tzinfo=None)},
    ],
)
def test_an_item_that_cannot_be_is_refused(as_member: As, change: dict[str, object]) -> None:
    intake = as_member(GATE)
    intake.register_case(a_case(), SEALED)
    with pytest.raises(CaseSystemRefused) as refused:
        intake.register_item(msgspec.structs.replace(an_item(), **change))
    assert refused.value.status == 422


def test_an_item_is_offered_only_when_its_container_is_here(as_member: As) -> None:
    intake = as_member(GATE)
    intake.register_case(a_case(), SEALED)
    intake.register_item(an_item())
    assert as_member(ONE).queue() == ()
    with pytest.raises(CaseSystemRefused):
        as_member(ONE).lease("item-1")


def test_the_queue_is_in_the_models_order_whatever_the_page_size(
    as_member: As, raw: httpx.Client, house: House, taken_in: TakeIn
) -> None:
    chance = random.Random(3)
    for number in range(25):
        case = {"danger": chance.random() < 0.3, "age_h": chance.choice([1.0, 2.0, 3.0])}
        case["due_in_h"] = chance.choice([None, -1.0, 0.5, 8.0])
        taken_in(f"item-{number:02}", f"case-{number:02}", size=10, **case)
    listed = as_member(ONE).queue()
    assert len(listed) == 25
    assert [queue_order(entry) for entry in listed] == sorted(queue_order(entry) for entry in listed)
    paged: list[str] = []
    after: dict[str, str] = {}
    while True:
        page = raw.get("queue", params={"limit": 4, **after}, headers=house.headers(ONE)).json()
        paged += [entry["item"]["id"] for entry in page["entries"]]
        if page["after"] is None:
            break
        after = {"after": page["after"]}
    assert paged == [entry.item.id for entry in listed]


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=!!", "after=AAAA", "after=" + "A" * 401])
def test_a_page_that_cannot_be_is_refused(raw: httpx.Client, house: House, query: str) -> None:
    answer = raw.get(f"queue?{query}", headers=house.headers(ONE))
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


def test_an_entry_carries_its_etag_which_changes_with_what_it_says(
    as_member: As, raw: httpx.Client, house: House, taken_in: TakeIn
) -> None:
    taken_in()
    (listed,) = as_member(ONE).queue()
    one = raw.get("items/item-1", headers=house.headers(ONE))
    assert one.headers["etag"] == listed.etag != ""
    assert msgspec.json.decode(one.content, type=QueueEntry) == listed
    as_member(TWO).lease("item-1")
    (leased,) = as_member(ONE).queue()
    assert leased.etag != listed.etag


def test_supervisors_read_what_was_decided_and_neither_who_nor_when_nor_what_was_seen(
    as_member: As, raw: httpx.Client, house: House, taken_in: TakeIn
) -> None:
    taken_in("item-1")
    taken_in("item-2")
    first = a_decision(rationale="because", labels=("a",), action=Action.REPORT)
    void = a_decision(change=Change.VOID, replaces=first.id)
    other = a_decision(TWO, "item-2")
    as_member(TWO).post_events([decided(other)])
    as_member(ONE).post_events([decided(first), decided(void)])
    answer = raw.get("decisions", params={"case": "case-1"}, headers=house.headers(BOSS))
    page = msgspec.json.decode(answer.content, type=DecisionPage)
    assert [(one.item_id, one.change, one.standing) for one in page.decisions] == [
        ("item-1", Change.FIRST, False),
        ("item-1", Change.VOID, False),
        ("item-2", Change.FIRST, True),
    ]
    assert (page.decisions[0].rationale, page.decisions[0].labels, page.after) == ("because", ("a",), None)
    for told in ("seconds", "viewing", "2026-", ONE, TWO, "Reviewer 0", first.id, void.id, other.id):
        assert told not in answer.text, told


def test_the_decisions_of_a_large_case_come_in_pages(
    as_member: As, raw: httpx.Client, house: House, taken_in: TakeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.casesystem.recorded._PAGE", 2)
    for number in range(5):
        taken_in(f"item-{number}", size=10)
        as_member(ONE).post_events([decided(a_decision(ONE, f"item-{number}"))])
    seen, after = [], ""
    while after is not None:
        answer = raw.get("decisions", params={"case": "case-1", "after": after}, headers=house.headers(BOSS))
        page = msgspec.json.decode(answer.content, type=DecisionPage)
        seen += [one.item_id for one in page.decisions]
        after = page.after
    assert seen == [f"item-{number}" for number in range(5)]


def test_the_description_names_the_wire_types(raw: httpx.Client) -> None:
    document = raw.get("http://127.0.0.1/openapi.json").json()
    assert document["paths"]["/v1/events"]["post"]["requestBody"]["content"]["application/json"]["schema"] == {
        "$ref": "#/components/schemas/EventBatch"
    }
    schemas = document["components"]["schemas"]
    assert {"EventBatch", "BatchAnswer", "QueuePage", "Lease", "Problem"} <= set(schemas)
    references = {
        part["$ref"].rpartition("/")[2]
        for text in [document]
        for part in _objects(text)
        if isinstance(part.get("$ref"), str)
    }
    assert references <= set(schemas)
    assert all(route["summary"] for methods in document["paths"].values() for route in methods.values())


def _objects(node: object) -> list[dict[str, object]]:
    if isinstance(node, dict):
        return [node, *(found for value in node.values() for found in _objects(value))]
    if isinstance(node, list):
        return [found for value in node for found in _objects(value)]
    return []


def test_unknown_paths_and_methods_are_problems_too(raw: httpx.Client, house: House) -> None:
    for method, path in (("GET", "nothing"), ("DELETE", "me"), ("GET", "items/..%2F..%2Fetc")):
        answer = raw.request(method, path, headers=house.headers(ONE))
        assert answer.status_code in (404, 405)
        assert answer.headers["content-type"] == "application/problem+json"
