"""The server enforces the roles; every refusal is written down. Tokens are kept as hashes only."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

import httpx
import msgspec
import pytest
from house import BOSS, GATE, ONE, House, a_case, an_item

from reviewer.casesystem.tokens import MemberUnusable, provision, revoke
from reviewer.model.cases import Item
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.roles import Member, Role
from reviewer.sync.client import CaseSystem
from reviewer.sync.errors import RoleRefused

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]

EVERYBODY = {ONE, BOSS, GATE}
ROUTES = [
    ("GET", "me", None, EVERYBODY),
    ("GET", "members", None, EVERYBODY),
    ("PUT", "me/keys", b"{}", EVERYBODY),
    ("GET", "roster", None, EVERYBODY),
    ("PUT", "roster", b"x", {BOSS}),
    ("GET", "cases", None, {BOSS, GATE}),
    ("GET", "cases/case-1/items", None, EVERYBODY),
    ("GET", "cases/case-1/keys", None, {BOSS, GATE}),
    ("PUT", "cases/case-1/keys/reviewer-1", b"x", {BOSS, GATE}),
    ("PUT", f"items/item-1/containers/{'0' * 64}", b"x", {BOSS, GATE}),
    ("POST", "cases/case-1/rekey", b"{}", {BOSS, GATE}),
    ("GET", "cases/case-1/destruction", None, {BOSS, GATE}),
    ("POST", "cases/case-1/destruction", b"{}", {BOSS, GATE}),
    ("GET", "tombstones", None, EVERYBODY),
    ("POST", "cases", msgspec.json.encode(a_case("case-2")), {GATE}),
    ("GET", "cases/case-1", None, {BOSS, GATE}),
    ("GET", "cases/case-1/key", None, EVERYBODY),
    ("PUT", "cases/case-1/keys", b'{"keys": {}}', {BOSS, GATE}),
    ("POST", "items", msgspec.json.encode(an_item("item-2")), {GATE}),
    ("PUT", "items/item-1/container", b"x", {GATE}),
    ("GET", "items/item-1", None, {ONE}),
    ("GET", "items/item-1/container", None, EVERYBODY),
    ("GET", "queue", None, {ONE}),
    ("POST", "leases", b'{"item_id": "item-1"}', {ONE}),
    ("PUT", "leases/none", None, {ONE}),
    ("DELETE", "leases/none", None, {ONE}),
    ("GET", "cases/case-1/messages", None, EVERYBODY),
    ("GET", "threads", None, EVERYBODY),
    ("GET", "cases/case-1/related", None, {ONE, BOSS}),
    ("POST", "cases/case-1/outcomes", b"{}", {BOSS, GATE}),
    ("GET", "outcomes", None, EVERYBODY),
    ("GET", "readings/mine", None, {ONE}),
    ("GET", "items/item-1/readings", None, {ONE}),
    ("GET", "items/item-1/colleagues", None, {ONE, BOSS}),
    ("PUT", "items/item-1/assignment", b"{}", {ONE, BOSS}),
    # What one person answered is shown to that person: there is no other route to it, and none is to be added.
    ("GET", "calibrations/mine", None, {ONE}),
    ("GET", "golden", None, {BOSS}),
    ("GET", "golden/candidates", None, {BOSS}),
    ("PUT", "golden/item-1", b"{}", {BOSS}),
    ("DELETE", "golden/item-1", None, {BOSS}),
    ("GET", "agreement", None, {BOSS}),
    ("GET", "decisions/count", None, EVERYBODY),
    ("GET", "decisions?case=case-1", None, {BOSS}),
    ("GET", "exposure/team", None, {BOSS}),
    ("GET", "exposure/team?by=week&days=366", None, {BOSS}),
    ("GET", "exposure/me", None, EVERYBODY),
    ("GET", "exposure/me/elsewhere", None, EVERYBODY),
    ("GET", "exposure/share", None, {ONE}),
    ("GET", "work/waiting", None, {BOSS}),
    ("POST", "relief", b"{}", {BOSS}),
    ("GET", "relief/me", None, EVERYBODY),
    ("GET", "me/data", None, EVERYBODY),
    ("GET", "attempts", None, {BOSS}),
    ("GET", "looks/me", None, EVERYBODY),
    ("GET", "checkpoints?origin=x", None, EVERYBODY),
    ("POST", "checkpoints", b"{}", EVERYBODY),
    # Whose events are whose, and which ones a role may send, is decided event by event.
    ("POST", "events", b"{}", EVERYBODY),
    ("POST", "known-lists?name=a&version=1&format=csv", b"md5\n", {BOSS}),
    ("GET", "known-lists", None, {BOSS}),
    ("DELETE", "known-lists?name=a", None, {BOSS}),
    ("GET", "custody/wanted", None, EVERYBODY),
    ("GET", "cases/case-1/custody/recipient", None, EVERYBODY),
    ("PUT", "cases/case-1/custody?size=1", b"x", EVERYBODY),
    ("GET", "cases/case-1/custody", None, {ONE, BOSS}),
    ("GET", "cases/case-1/record", None, {ONE, BOSS}),
    ("POST", "cases/case-1/handoffs", b"{}", {ONE, BOSS}),
    ("GET", "cases/case-1/handoffs", None, {ONE, BOSS}),
    ("GET", "handoffs/cases", None, {ONE, BOSS}),
    ("GET", "handoffs/none", None, {ONE, BOSS}),
    ("POST", "handoffs/none/steps", b"{}", {ONE, BOSS}),
    ("POST", "cases/case-1/overrules", b"{}", {BOSS}),
    ("GET", "cases/case-1/overrules", None, {ONE, BOSS}),
    ("POST", "cases/case-1/letters", b"{}", {ONE, BOSS}),
    ("GET", "cases/case-1/letters", None, {ONE, BOSS}),
    ("PUT", "cases/case-1/preservation", b"{}", EVERYBODY),
    ("GET", "preservations", None, {BOSS, GATE}),
]


def attempts(house: House) -> list[tuple[str, str, str]]:
    with sqlite3.connect(house.folder / "case.db") as db:
        rows = db.execute("SELECT member_id, workstation, what FROM attempts").fetchall()
    db.close()
    return rows


def test_each_route_is_open_to_its_roles_only(raw: httpx.Client, house: House, taken_in: TakeIn) -> None:
    taken_in(size=1000)
    for method, path, body, allowed in ROUTES:
        before = len(attempts(house))
        for member in sorted(EVERYBODY):
            answer = raw.request(method, path, content=body, headers=house.headers(member))
            assert (answer.status_code != 403) == (member in allowed), (method, path, member)
            if answer.status_code == 403:
                assert answer.headers["content-type"] == "application/problem+json"
                assert answer.json()["type"] == "urn:reviewer:problem:role-not-allowed"
        assert len(attempts(house)) - before == len(EVERYBODY - allowed), (method, path)


def test_no_route_is_left_out_of_the_table(raw: httpx.Client, house: House) -> None:
    described = raw.get("http://127.0.0.1/openapi.json").json()["paths"]
    paths = {(method.upper(), path.removeprefix("/v1/")) for path, methods in described.items() for method in methods}
    tabled = {
        (method, path.partition("?")[0].replace("case-1", "{case_id}").replace("item-1", "{item_id}"))
        for method, path, _, _ in ROUTES
    }
    for example, named in (
        ("leases/none", "leases/{lease_id}"),
        ("handoffs/none", "handoffs/{handoff_id}"),
        ("keys/reviewer-1", "keys/{member_id}"),
        ("0" * 64, "{sha256}"),
    ):
        tabled = {(method, path.replace(example, named)) for method, path in tabled}
    assert paths == tabled


def test_a_refusal_says_who_tried_what_and_where(as_member: As, house: House) -> None:
    with pytest.raises(RoleRefused) as refused:
        as_member(ONE, "desk-7").team_exposure()
    assert refused.value.what_happened == "Your role does not allow this."
    assert attempts(house) == [(ONE, "desk-7", "without see_team_exposure")]


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", "Bearer wrong", "Basic abc", "Bearer " + "x" * 10_000]
)
def test_without_a_good_token_nothing_is_told(raw: httpx.Client, authorization: str) -> None:
    headers = {"Authorization": authorization, "Reviewer-Workstation": "desk-1"}
    for path in ("me", "queue", "items/item-1/container", "exposure/team"):
        answer = raw.get(path, headers=headers)
        assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


def test_a_revoked_token_is_no_token(as_member: As, house: House) -> None:
    client = as_member(ONE)
    assert client.me().id == ONE
    assert revoke(house.url, ONE) == 1
    with pytest.raises(CaseSystemRefused) as refused:
        client.me()
    assert refused.value.status == 401


def test_the_workstation_must_be_named(raw: httpx.Client, house: House) -> None:
    headers = house.headers(ONE)
    del headers["Reviewer-Workstation"]
    assert raw.get("me", headers=headers).json()["type"] == "urn:reviewer:problem:workstation-missing"
    assert raw.get("me", headers=house.headers(ONE, "two words")).status_code == 400


def test_no_token_is_in_the_database(house: House) -> None:
    stored = b"".join(path.read_bytes() for path in house.folder.glob("case.db*"))
    assert not any(token.encode() in stored for token in house.tokens.values())


def test_provisioning_again_updates_and_issues_another_token(house: House, as_member: As) -> None:
    renamed = Member(id=ONE, name="Reviewer 99", role=Role.REVIEWER, recipient="age1new")
    token = provision(house.url, [renamed])[ONE]
    assert token != house.tokens[ONE]
    assert as_member(ONE).me() == renamed


@pytest.mark.parametrize("change", [{"id": "../x"}, {"id": ""}, {"name": ""}, {"recipient": "AGE-SECRET-KEY-1"}])
def test_a_member_that_cannot_be_used_changes_nothing(house: House, change: dict[str, str]) -> None:
    good = Member(id="new-1", name="New", role=Role.REVIEWER, recipient="age1n")
    bad = msgspec.structs.replace(good, **{"id": "new-2", **change})
    with pytest.raises(MemberUnusable):
        provision(house.url, [good, bad])
    with (
        house.in_loop() as transport,
        CaseSystem("http://127.0.0.1", house.tokens[ONE], "desk", transport=transport) as client,
    ):
        assert "new-1" not in {member.id for member in client.members()}
