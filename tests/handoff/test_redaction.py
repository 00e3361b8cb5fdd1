"""A package that tells no names: nobody is named anywhere, one person keeps one number, and proofs hold."""

from __future__ import annotations

import dataclasses
import json

import msgspec
from case_checks import by_kind, shortcomings
from dossiers import BOSS, GATE, PSEUDONYMS, SEVEN, TWELVE, a_dossier, an_entry, an_extract, root_of

from reviewer.handoff.case_uco import case_document
from reviewer.handoff.dossier import Dossier
from reviewer.handoff.redaction import redacted
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.vault import merkle

NAMES = [name for pair in PSEUDONYMS for name in pair]


def everything_in(dossier: Dossier) -> str:
    """All of it as text, but for the policy, the answers and the agency, which are told on purpose."""
    fields = [one.name for one in dataclasses.fields(dossier) if one.name not in ("policy", "answers", "agency")]
    return repr([getattr(dossier, name) for name in fields])


def talkative() -> Dossier:
    """With names in free text, too, and in every field of an entry that can hold one."""
    dossier = a_dossier(overrule="Asked by Reviewer 12.", overruled_by="Supervisor 01", missing=("times",))
    first = dossier.exhibits[0]
    (one, two) = first.record.decisions
    said = msgspec.structs.replace(one.decision, rationale="As Reviewer 12 (reviewer-12) saw; not Reviewer 123.")
    record = msgspec.structs.replace(first.record, decisions=(msgspec.structs.replace(one, decision=said), two))
    steps = an_extract(
        "desk-2",
        [
            an_entry(CustodyAction.GIVEN, SEVEN, "desk-2", 1, first.record.item, reason="left-long-ago"),
            an_entry(CustodyAction.KEY_SHARED, BOSS, "desk-2", 2, case_id="case-1843", given_to="left-before"),
            an_entry(CustodyAction.KEY_TAKEN, TWELVE, "desk-2", 3, case_id="case-1843", received_from=GATE),
            an_entry(
                CustodyAction.KEY_DESTROYED, BOSS, "desk-2", 4, case_id="case-1843", authority=f"r-1: {BOSS}, left-too"
            ),
        ],
    )
    exhibits = (dataclasses.replace(first, record=record), *dossier.exhibits[1:])
    return dataclasses.replace(dossier, exhibits=exhibits, custody=(*dossier.custody, steps))


def test_nobody_is_named() -> None:
    before, after = everything_in(talkative()), everything_in(redacted(talkative()))
    hidden = [*NAMES, "left-long-ago", "left-before", "left-too"]
    assert all(name in before for name in hidden)
    assert [name for name in hidden if name in after.replace("Reviewer 123", "")] == []
    assert "Reviewer 123" in after


def test_one_person_has_one_number_by_first_appearance() -> None:
    dossier = redacted(a_dossier())
    authors = [one.author for one in dossier.decisions()]
    assert authors == ["Person 1", "Person 1", "Person 2", "Person 2", "Person 2", "Person 1"]
    assert all(one.author == one.decision.actor == one.viewing_record.viewer for one in dossier.decisions())
    first = msgspec.json.decode(dossier.custody[0].lines[0].told, type=CustodyEntry)
    last = msgspec.json.decode(dossier.custody[-1].lines[-1].told, type=CustodyEntry)
    assert first.actor == "Person 3"
    assert last.actor == dossier.built_by == "Person 4"
    assert last.given_to == "Forensic Unit North"


def test_the_leaf_is_still_proven_and_its_text_is_withheld() -> None:
    known, told = a_dossier(), redacted(a_dossier())
    for before, after in zip(known.custody, told.custody, strict=True):
        assert (after.checkpoint, after.size, after.root) == (before.checkpoint, before.size, before.root)
        for kept, line in zip(before.lines, after.lines, strict=True):
            assert (line.salt, line.entry) == ("", "")
            leaf = bytes.fromhex(line.leaf_hash)
            proof = [bytes.fromhex(part) for part in line.proof]
            assert merkle.inclusion_holds(line.position, after.size, leaf, proof, root_of(after))
            # What is disclosed later must be what was sealed.
            assert merkle.leaf_hash(bytes.fromhex(kept.salt) + kept.entry.encode()) == leaf


def test_the_rest_of_an_entry_is_as_it_was() -> None:
    for before, after in zip(a_dossier().custody, redacted(a_dossier()).custody, strict=True):
        for kept, line in zip(before.lines, after.lines, strict=True):
            was, now = json.loads(kept.entry), json.loads(line.redacted)
            assert {key for key in was if was[key] != now[key]} <= {"actor", "given_to"}


def test_it_is_the_same_each_time_and_twice_changes_nothing() -> None:
    assert redacted(talkative()) == redacted(talkative())
    assert redacted(redacted(a_dossier())) == redacted(a_dossier())


def test_the_case_document_of_it_says_everything_but_names() -> None:
    document = case_document(redacted(talkative()))
    assert shortcomings(document) == []
    assert all(node["core:name"].startswith("Person ") for node in by_kind(document, "identity:Person"))
    assert not any(name.encode() in document.replace(b"Reviewer 123", b"") for name in NAMES)
