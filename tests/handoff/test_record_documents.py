"""Decisions, marks and custody lines as a recipient gets them: all of it, nothing else, and checkable."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import msgspec
import pytest
from dossiers import CASE_ID, a_dossier, an_extract

from reviewer.handoff.dossier import Dossier
from reviewer.handoff.record_documents import custody_documents, decisions_document, segments_document
from reviewer.handoff.redaction import redacted
from reviewer.handoff.verifying_custody import Noted, check_custody
from reviewer.handoff.verifying_tar import Found
from reviewer.model.custody import CustodyEntry
from reviewer.model.decisions import Change
from reviewer.model.errors import CustodyBroken
from reviewer.model.handoff import Anchor, RecordedDecision
from reviewer.vault import merkle
from reviewer.vault.checkpoint import open_checkpoint
from reviewer.vault.custody import check_export
from reviewer.vault.signed_note import Verifier


def exhibits(document: bytes) -> dict[str, dict[str, Any]]:
    return {one["exhibit"].rpartition("/")[2]: one for one in json.loads(document)["exhibits"]}


def test_every_decision_is_there_and_its_status_said() -> None:
    told = exhibits(decisions_document(a_dossier()))
    first, second = told["001"]["decisions"]
    assert (first["status"], first["replaced_by"]) == ("amended", second["id"])
    assert (second["status"], second["replaces"]) == ("standing", first["id"])
    assert sum(len(one["decisions"]) for one in told.values()) == len(a_dossier().decisions())


def with_second(change: Change, *, standing: bool) -> bytes:
    """The first exhibit's second decision changed; the first one stands if nothing replaces it."""
    dossier = a_dossier()
    exhibit = dossier.exhibits[0]
    first, second = exhibit.record.decisions
    replaces = first.decision.id if change is not Change.FIRST else None
    said = msgspec.structs.replace(second.decision, change=change, replaces=replaces)
    other: RecordedDecision = msgspec.structs.replace(second, decision=said, standing=standing)
    record = msgspec.structs.replace(exhibit.record, decisions=(first, other))
    changed = dataclasses.replace(dossier, exhibits=(dataclasses.replace(exhibit, record=record),))
    return decisions_document(changed)


@pytest.mark.parametrize(
    ("change", "standing", "said"),
    [
        (Change.VOID, True, ["voided", "withdrawal"]),
        (Change.FIRST, True, ["superseded", "standing"]),
        (Change.AMEND, False, ["amended", "superseded"]),
    ],
)
def test_what_was_taken_back_or_settled_otherwise_does_not_stand(
    change: Change, standing: bool, said: list[str]
) -> None:
    told = exhibits(with_second(change, standing=standing))["001"]["decisions"]
    assert [one["status"] for one in told] == said


def test_who_saw_what_is_told_as_recorded() -> None:
    told = exhibits(decisions_document(a_dossier()))
    picture, unseen = told["001"]["decisions"][-1], told["004"]["decisions"][-1]
    assert (picture["by"], picture["viewing"]["viewed"], told["001"]["seen_by_a_person"]) == ("Reviewer 07", True, True)
    assert {one["level"]: one["seconds"] for one in picture["viewing"]["seconds"]} == {"blurred": 20.0, "clear": 8.0}
    assert (unseen["viewing"]["viewed"], told["004"]["seen_by_a_person"]) == (False, False)
    assert unseen["viewing"]["decided_from_notes"]
    assert told["004"]["known_matches"][0]["list"] == "example list"


def test_words_of_the_policy_stand_beside_the_keys() -> None:
    one = exhibits(decisions_document(a_dossier()))["003.01"]["decisions"][-1]
    assert one["category"] == {"key": "grooming_text", "words": "Grooming, text"}
    assert one["grounds"][0] == {"key": "said_so", "words": "Somebody said so"}
    assert one["imminence"] == {"key": "imminent", "words": "Danger is imminent"}


def test_marks_of_standing_decisions_are_told_by_exhibit() -> None:
    told = exhibits(segments_document(a_dossier()))
    assert set(told) == {"002", "003.01"}
    assert [(mark["start_s"], mark["end_s"]) for mark in told["002"]["marks"]] == [(12.0, 18.5), (60.0, 61.0)]
    assert [mark["message"] for mark in told["003.01"]["marks"]] == [4, 9]
    dossier = a_dossier()
    fallen = [
        dataclasses.replace(
            one,
            record=msgspec.structs.replace(
                one.record,
                decisions=tuple(msgspec.structs.replace(said, standing=False) for said in one.record.decisions),
            ),
        )
        for one in dossier.exhibits
    ]
    assert exhibits(segments_document(dataclasses.replace(dossier, exhibits=tuple(fallen)))) == {}


def test_custody_lines_are_those_of_an_export() -> None:
    """The vault's own checker reads them; only that entries of other cases are left out stops it, at the first gap."""
    for number, (document, extract) in enumerate(
        zip(custody_documents(a_dossier())[:-1], a_dossier().custody, strict=True), start=1
    ):
        assert document.path == f"metadata/custody-{number}.jsonl"
        lines = document.content.splitlines(keepends=True)
        verifier = Verifier.parse(extract.verifier)
        with pytest.raises(CustodyBroken, match="entry 0 of the export"):
            check_export(iter(lines), verifier)
        first = json.loads(lines[0])
        signed = open_checkpoint(first["checkpoint"], verifier)
        assert (signed.size, signed.root.hex()) == (first["size"], first["root"])
        assert len(lines) - 1 == len(extract.lines)
        for line in map(json.loads, lines[1:]):
            assert list(line) == ["position", "salt", "entry", "leaf_hash", "proof"]
            leaf = merkle.leaf_hash(bytes.fromhex(line["salt"]) + line["entry"].encode())
            proof = [bytes.fromhex(part) for part in line["proof"]]
            assert merkle.inclusion_holds(line["position"], signed.size, leaf, proof, signed.root)


def test_a_whole_log_passes_the_vaults_own_check() -> None:
    """Where every entry is about the case, the file is an export."""
    dossier = a_dossier()
    entries = [json.loads(line.entry) for line in dossier.custody[0].lines]
    extract = an_extract("gate", [msgspec.convert(entry, CustodyEntry) for entry in entries])
    assert all(entry["case_id"] == CASE_ID for entry in entries)
    (document, _) = custody_documents(dataclasses.replace(dossier, custody=(extract,)))
    signed = check_export(iter(document.content.splitlines(keepends=True)), Verifier.parse(extract.verifier))
    assert signed.size == len(entries)


def test_where_no_names_are_told_a_line_has_no_text_that_was_hashed() -> None:
    documents = custody_documents(redacted(a_dossier()))
    for document in documents[:-1]:
        for line in map(json.loads, document.content.splitlines()[1:]):
            assert list(line) == ["position", "redacted", "leaf_hash", "proof"]
    assert "withheld" in json.loads(documents[-1].content)["names_withheld"]
    assert json.loads(custody_documents(a_dossier())[-1].content)["names_withheld"] == ""


@pytest.mark.parametrize("dossier", [a_dossier(), redacted(a_dossier())], ids=["named", "redacted"])
def test_our_own_verifier_takes_them(dossier: Dossier) -> None:
    def opened(note: str, verifier: str) -> Noted:
        signed = open_checkpoint(note, Verifier.parse(verifier))
        return Noted(signed.origin, signed.size, signed.root)

    files = [Found(one.path, len(one.content), "", one.content) for one in custody_documents(dossier)]
    assert check_custody(files, opened, {}) == sum(len(extract.lines) for extract in dossier.custody)


def test_anchors_of_logs_that_are_not_told_of_are_left_out() -> None:
    dossier = a_dossier()
    other = Anchor(origin="reviewer.invalid/custody/elsewhere", note="", verifier="", at=dossier.built_at)
    told = json.loads(custody_documents(dataclasses.replace(dossier, anchors=(other, *dossier.anchors)))[-1].content)
    assert [one["origin"] for one in told["anchors"]] == [
        "reviewer.invalid/custody/desk",
        "reviewer.invalid/custody/gate",
    ]
    assert "root" in told["what_this_proves"]


def test_the_same_dossier_gives_the_same_bytes() -> None:
    assert decisions_document(a_dossier()) == decisions_document(a_dossier())
    assert segments_document(a_dossier()) == segments_document(a_dossier())
    assert custody_documents(a_dossier()) == custody_documents(a_dossier())
