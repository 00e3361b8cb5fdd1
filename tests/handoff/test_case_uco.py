"""The case document conforms to CASE 1.4, says what a court would ask for, and is the same each time."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from case_checks import by_kind, sha256_of, shortcomings
from dossiers import HOSTILE, a_dossier, a_hostile_dossier

from reviewer.handoff.case_uco import BUILT_VERSION, case_document
from reviewer.handoff.record_documents import decisions_document


def conforms(path: Path) -> str:
    """What the independent validator says of it; the network is not asked."""
    command = shutil.which("case_validate", path=str(Path(sys.executable).parent)) or shutil.which("case_validate")
    if command is None:
        pytest.skip("case_validate is not installed")
    done = subprocess.run(
        [command, "--built-version", BUILT_VERSION, str(path)], capture_output=True, text=True, timeout=100, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.matrix
def test_it_conforms(tmp_path: Path) -> None:
    """`make test` asks the same validator once, by the script for recipients (test_verify_script.py)."""
    (tmp_path / "case.jsonld").write_bytes(case_document(a_hostile_dossier()))
    assert "Conforms: True" in conforms(tmp_path / "case.jsonld")


def test_it_says_everything_whatever_outsiders_wrote() -> None:
    document = case_document(a_hostile_dossier())
    assert shortcomings(document) == []
    assert by_kind(document, "investigation:Investigation")[0]["investigation:focus"] == HOSTILE


def test_the_same_dossier_gives_the_same_bytes() -> None:
    assert case_document(a_dossier()) == case_document(a_dossier())


def test_its_hashes_are_the_registered_ones() -> None:
    dossier = a_dossier()
    expected = {exhibit.path: exhibit.record.item.fingerprints.sha256 for exhibit in dossier.exhibits}
    assert sha256_of(case_document(dossier)) == expected


def test_every_custody_step_and_decision_and_the_handing_off_is_an_action() -> None:
    dossier = a_dossier()
    steps = sum(len(extract.lines) for extract in dossier.custody)
    actions = by_kind(case_document(dossier), "investigation:InvestigativeAction")
    assert len(actions) == steps + len(dossier.decisions()) + 1
    assert actions[-1]["core:name"] == "handoff"


def test_people_are_pseudonyms_and_not_member_ids() -> None:
    people = {node["core:name"] for node in by_kind(case_document(a_dossier()), "identity:Person")}
    assert people == {"Supervisor 01", "Intake 01", "Reviewer 07", "Reviewer 12"}


def test_a_part_names_what_it_came_out_of() -> None:
    document = case_document(a_dossier())
    records = {
        node["investigation:exhibitNumber"]: node for node in by_kind(document, "investigation:ProvenanceRecord")
    }
    assert records["2026-01843/003.01"]["investigation:rootExhibitNumber"] == "2026-01843/003"
    (relationship,) = by_kind(document, "observable:ObservableRelationship")
    assert relationship["core:kindOfRelationship"] == "Contained_Within"


def test_a_part_without_its_archive_refers_to_nothing_that_is_not_there() -> None:
    dossier = a_dossier()
    alone = tuple(one for one in dossier.exhibits if one.record.item.part_of is not None)
    document = case_document(dataclasses.replace(dossier, exhibits=alone))
    assert shortcomings(document) == []
    assert by_kind(document, "observable:ObservableRelationship") == []


def test_what_was_missing_and_overruled_is_said() -> None:
    document = case_document(a_dossier(missing=("times",), overrule="Nobody knows.", overruled_by="Supervisor 01"))
    (said,) = by_kind(document, "investigation:InvestigativeAction")[-1]["core:description"]
    assert "Missing: Times, each with its time zone. Overruled by Supervisor 01, reason: Nobody knows." in said


def test_a_time_without_a_zone_is_utc_wherever_the_package_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = a_dossier()
    first = dossier.exhibits[0]
    (one, *_) = first.record.decisions
    bare = msgspec.structs.replace(one.decision, decided_at=one.decision.decided_at.replace(tzinfo=None))
    record = msgspec.structs.replace(first.record, decisions=(msgspec.structs.replace(one, decision=bare),))
    document = []
    for zone in ("UTC", "Asia/Tokyo"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        changed = dataclasses.replace(dossier, exhibits=(dataclasses.replace(first, record=record),))
        document.append(case_document(changed) + decisions_document(changed))
    monkeypatch.undo()
    time.tzset()
    assert document[0] == document[1]
    assert b"2026-11-20T12:10:00Z" in document[0]


def drop(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda node: node.pop(name, None)


@pytest.mark.parametrize(
    ("kind", "harm"),
    [
        ("investigation:InvestigativeAction", drop("action:performer")),
        ("investigation:InvestigativeAction", drop("action:startTime")),
        ("investigation:InvestigativeAction", drop("action:instrument")),
        ("investigation:InvestigativeAction", drop("core:description")),
        ("investigation:InvestigativeAction", drop("investigation:wasInformedBy")),
        ("observable:ContentDataFacet", drop("observable:hash")),
        ("investigation:ProvenanceRecord", drop("investigation:exhibitNumber")),
        ("investigation:ProvenanceRecord", drop("investigation:rootExhibitNumber")),
        ("investigation:Authorization", drop("@id")),
    ],
)
def test_the_check_notices_what_is_left_out(kind: str, harm: Callable[[dict[str, Any]], None]) -> None:
    whole = json.loads(case_document(a_dossier()))
    nodes = [node for node in whole["@graph"] if node["@type"] == kind]
    if kind == "investigation:Authorization":
        whole["@graph"].remove(nodes[-1])
    else:
        harm(nodes[-1])
    assert shortcomings(json.dumps(whole).encode())
