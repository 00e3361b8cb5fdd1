"""Known-hash lists over HTTP: matches in the queue, versions, all or nothing, and who may."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest
from house import BOSS, GATE, ONE, House
from known_evidence import imported, pdq, shown_item, take_in

from reviewer.casesystem.known import lists
from reviewer.model.cases import Item
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.known import KnownMatch, MatchKind
from reviewer.model.levels import Kind
from reviewer.sync.client import CaseSystem
from reviewer.sync.errors import RoleRefused
from reviewer.sync.list_trouble import KnownListMalformed
from reviewer.sync.refusals import slug_of

As = Callable[..., CaseSystem]


def matches(client: CaseSystem) -> dict[str, list[tuple[str, str, MatchKind, int, str, str]]]:
    return {
        entry.item.id: [
            (m.list_name, m.list_version, m.kind, m.distance, m.category, m.classification) for m in entry.matches
        ]
        for entry in client.queue()
    }


def row(item: Item, kind: str, words: str = "") -> str:
    return f"{getattr(item.fingerprints, kind)},{words}"


def files(house: House) -> list[Path]:
    return sorted((house.blobs / "known").iterdir())


def test_each_kind_of_match_is_in_the_queue_whichever_came_first(as_member: As) -> None:
    boss, gate = as_member(BOSS), as_member(GATE)
    items = [
        shown_item("same-sha256"),
        shown_item("same-sha1"),
        shown_item("same-md5"),
        shown_item("alike", alike=pdq(5, *range(31))),
        shown_item("unlike", alike=pdq(6, *range(32))),
        shown_item("poor", alike=pdq(5), quality=49),
        shown_item("film", kind=Kind.VIDEO, alike=pdq(6), scenes=[(pdq(1), 100), (pdq(5, 1, 2), 50)]),
        shown_item("poor-film", kind=Kind.VIDEO, scenes=[(pdq(5), 49)]),
    ]
    fingerprints = [item.fingerprints for item in items]
    text = (
        "sha256,sha1,md5,pdq,category,classification\n"
        f"{fingerprints[0].sha256},{fingerprints[0].sha1},,,A,A1\n"
        f",{fingerprints[1].sha1},,,B,\n"
        f",,{fingerprints[2].md5.upper()},,,B2\n"
        f",,,{pdq(5).hex()},C,\n"
        f",,,{pdq(6).hex()},D,\n"
    )
    expected = {
        "same-sha256": [("partners", "1", MatchKind.SHA256, 0, "A", "A1")],
        "same-sha1": [("partners", "1", MatchKind.SHA1, 0, "B", "")],
        "same-md5": [("partners", "1", MatchKind.MD5, 0, "", "B2")],
        "alike": [("partners", "1", MatchKind.PDQ, 31, "C", "")],
        "unlike": [],
        "poor": [],
        "film": [("partners", "1", MatchKind.PDQ, 2, "C", "")],
        "poor-film": [],
    }
    for item in items[:4]:
        take_in(gate, item)
    taken_in = imported(boss, text)
    assert (taken_in.changed, taken_in.list.entries, taken_in.list.matched) == (True, 5, 4)
    for item in items[4:]:
        take_in(gate, item)
    assert matches(as_member(ONE)) == expected
    assert boss.known_lists.in_force()[0].matched == 5
    assert as_member(ONE).keys.item("alike").matches == (
        KnownMatch(list_name="partners", list_version="1", kind=MatchKind.PDQ, distance=31, category="C"),
    )


def test_a_newer_version_replaces_the_older(as_member: As, house: House) -> None:
    boss, gate, one = as_member(BOSS), as_member(GATE), as_member(ONE)
    first, second = shown_item("first"), shown_item("second")
    take_in(gate, first)
    take_in(gate, second)
    imported(boss, "md5,category\n" + row(first, "md5", "old"))
    imported(boss, "md5,category\n" + row(first, "md5", "other list"), name="another")
    imported(boss, "md5,category\n" + row(second, "md5", "new"), version="2")
    assert matches(one) == {
        "first": [("another", "1", MatchKind.MD5, 0, "other list", "")],
        "second": [("partners", "2", MatchKind.MD5, 0, "new", "")],
    }
    assert [(line.name, line.version, line.entries) for line in boss.known_lists.in_force()] == [
        ("another", "1", 1),
        ("partners", "2", 1),
    ]
    assert len(files(house)) == 2
    with pytest.raises(CaseSystemRefused) as refused:
        imported(boss, "md5,category\n" + row(first, "md5", "old"))
    assert slug_of(refused.value.problem_type) == "known-version-older"
    # What an earlier decision was shown can still be told.
    with sqlite3.connect(house.folder / "case.db") as db:
        kept = db.execute("SELECT item_id, category FROM known_matches WHERE category = 'old'").fetchall()
    db.close()
    assert kept == [("first", "old")]


def test_the_same_version_again_changes_nothing(as_member: As, house: House) -> None:
    boss, item = as_member(BOSS), shown_item("first")
    take_in(as_member(GATE), item)
    text = "md5,category\n" + row(item, "md5", "x")
    first = imported(boss, text)
    house.clock.advance(60)
    again = imported(boss, f'[{{"category": "x", "md5": "{item.fingerprints.md5.upper()}"}}]', form="json")
    assert (again.changed, again.list) == (False, first.list)
    with pytest.raises(CaseSystemRefused) as refused:
        imported(boss, text + "\n" + "a" * 32 + ",x\n")
    assert slug_of(refused.value.problem_type) == "known-version-differs"
    assert boss.known_lists.in_force() == (first.list,)
    assert len(files(house)) == 1


def test_a_malformed_list_names_line_and_field_and_changes_nothing(as_member: As, house: House) -> None:
    boss, item = as_member(BOSS), shown_item("first")
    take_in(as_member(GATE), item)
    good = imported(boss, "md5,category\n" + row(item, "md5", "x")).list
    before = matches(as_member(ONE))
    with pytest.raises(KnownListMalformed) as malformed:
        imported(boss, "md5,category\n" + row(item, "md5", "y") + "\nabc,y\n", version="2")
    assert (malformed.value.line, malformed.value.field) == (3, "md5")
    assert "line or record 3, field md5" in str(malformed.value)
    assert "abc" not in str(malformed.value)
    assert boss.known_lists.in_force() == (good,)
    assert matches(as_member(ONE)) == before
    assert len(files(house)) == 1


def test_a_retired_list_matches_nothing_and_can_come_back(as_member: As, house: House) -> None:
    boss, one, item = as_member(BOSS), as_member(ONE), shown_item("first")
    take_in(as_member(GATE), item)
    text = "md5,category\n" + row(item, "md5", "x")
    imported(boss, text)
    for _ in range(2):
        boss.known_lists.retire("partners")
        assert (matches(one), boss.known_lists.in_force(), files(house)) == ({"first": []}, (), [])
    with pytest.raises(CaseSystemRefused) as refused:
        boss.known_lists.retire("unheard of")
    assert slug_of(refused.value.problem_type) == "no-such-known-list"
    assert imported(boss, text).changed
    assert matches(one) == {"first": [("partners", "1", MatchKind.MD5, 0, "x", "")]}


def test_only_supervisors_keep_lists(as_member: As) -> None:
    for member in (ONE, GATE):
        client = as_member(member)
        for attempt in (
            lambda c=client: imported(c, "md5\n" + "a" * 32),
            lambda c=client: c.known_lists.retire("partners"),
            lambda c=client: c.known_lists.in_force(),
        ):
            with pytest.raises(RoleRefused):
                attempt()
    assert as_member(BOSS).known_lists.in_force() == ()


@pytest.mark.parametrize("query", ["name=%0Aa", "name=", f"name={'a' * 101}", "name=a&version=1&format=xml", "name=a"])
def test_names_that_are_none_are_refused(raw: httpx.Client, house: House, query: str) -> None:
    if "version" not in query and query != "name=a":
        query += "&version=1&format=csv"
    answer = raw.post(f"known-lists?{query}", content=b"md5\n", headers=house.headers(BOSS))
    assert (answer.status_code, answer.json()["type"]) == (422, "urn:reviewer:problem:invalid-parameter")


def test_a_wrong_fingerprint_is_refused_at_registration(as_member: As, raw: httpx.Client, house: House) -> None:
    good = shown_item("first", alike=pdq(1))
    take_in(as_member(GATE), good)
    for wrong in ({"md5": "x" * 32}, {"sha256": "ab"}, {"sha1": "  " * 20}, {"pdq": "ab"}):
        fingerprints = msgspec.structs.replace(good.fingerprints, **wrong)
        item = msgspec.structs.replace(good, id="second", exhibit="E-2", fingerprints=fingerprints)
        answer = raw.post("items", content=msgspec.json.encode(item), headers=house.headers(GATE))
        assert (answer.status_code, answer.json()["type"]) == (422, "urn:reviewer:problem:fingerprint-unusable")


def test_an_item_registered_while_a_list_arrives_is_matched(as_member: As, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between comparing the items that are there and putting the list in force another one is registered."""
    boss, gate, late = as_member(BOSS), as_member(GATE), shown_item("late", alike=pdq(1))
    take_in(gate, shown_item("early"))
    plain, threads = lists._matched, []

    def slow(known, connection, sha256, after):  # type: ignore[no-untyped-def]
        found = plain(known, connection, sha256, after)
        if after == 0 and not threads:
            threads.append(threading.Thread(target=take_in, args=(gate, late)))
            threads[0].start()
            threads[0].join(20)
        return found

    monkeypatch.setattr(lists, "_matched", slow)
    imported(boss, "md5,category\n" + row(late, "md5", "x"))
    assert len(threads) == 1
    assert matches(as_member(ONE))["late"] == [("partners", "1", MatchKind.MD5, 0, "x", "")]


def test_a_list_that_came_after_the_look_up_is_looked_up_again(as_member: As, monkeypatch: pytest.MonkeyPatch) -> None:
    from reviewer.casesystem.known.registered import KnownHashes

    boss, gate, item = as_member(BOSS), as_member(GATE), shown_item("first")
    plain = KnownHashes.look_up

    def stale(self, asked):  # type: ignore[no-untyped-def]
        looked_up = plain(self, asked)
        monkeypatch.setattr(KnownHashes, "look_up", plain)
        imported(boss, "md5,category\n" + row(item, "md5", "x"))
        return looked_up

    monkeypatch.setattr(KnownHashes, "look_up", stale)
    take_in(gate, item)
    assert matches(as_member(ONE)) == {"first": [("partners", "1", MatchKind.MD5, 0, "x", "")]}


def test_a_second_import_at_once_is_told_to_wait(as_member: As) -> None:
    with lists._importing, pytest.raises(CaseSystemRefused) as refused:
        imported(as_member(BOSS), "md5\n" + "a" * 32)
    assert slug_of(refused.value.problem_type) == "known-import-busy"
    with lists._importing, pytest.raises(CaseSystemRefused) as refused:
        as_member(BOSS).known_lists.retire("partners")
    assert slug_of(refused.value.problem_type) == "known-import-busy"


def test_items_of_before_are_compared_when_the_service_starts(house: House) -> None:
    def client(member: str, wire: httpx.BaseTransport) -> CaseSystem:
        return CaseSystem("http://127.0.0.1", house.tokens[member], "desk-1", transport=wire)

    first, second = shown_item("first", content="same"), shown_item("second", content="same")
    with house.in_loop() as wire:
        for item in (first, second):
            take_in(client(GATE, wire), item)
        imported(client(BOSS, wire), "md5,category\n" + row(first, "md5", "x"))
    with sqlite3.connect(house.folder / "case.db") as db:
        # As a version before this one left it; and a crash in the middle of an import.
        db.execute("DELETE FROM item_fingerprints")
        db.execute("DELETE FROM known_matches")
    db.close()
    half, fresh = house.blobs / "known" / "list-x.part", house.blobs / "known" / "list-y.part"
    half.write_bytes(b"half")
    os.utime(half, (0, 0))
    fresh.write_bytes(b"another process is at it")
    with house.in_loop() as wire:
        entries = client(ONE, wire).queue()
    assert [(len(entry.matches), entry.stack and entry.stack.size) for entry in entries] == [(1, 2), (1, 2)]
    assert (len(files(house)), half.exists(), fresh.exists()) == (2, False, True)


def test_the_start_loads_nothing_heavy(house: House) -> None:
    """Neither for known evidence, nor, with nltk, for how far people agree, nor to migrate what is up to date."""
    heavy = "{'numpy', 'faiss', 'ijson', 'nltk', 'alembic'}"
    opened = "import sys, pathlib; from reviewer.casesystem.app import create_app as open"
    told = f"{opened}; open(sys.argv[1], pathlib.Path(sys.argv[2])); print({heavy} & set(sys.modules))"
    command = [sys.executable, "-c", told, house.url, str(house.blobs)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "set()\n"
