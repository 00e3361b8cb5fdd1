"""Evidence in: sealed before it is registered, logged last, the original only read, nothing readable left behind."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from evidence import damaged_picture, film, picture, png, unknown
from floor import Floor, entries_of

from reviewer.intake.taking_in import Submission, exhibit_number
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import CaseSystemRefused, IntakeError
from reviewer.model.levels import Kind
from reviewer.vault import age


@pytest.mark.parametrize(
    ("data", "declared", "kind", "found"),
    [
        (picture(), "jpeg", Kind.IMAGE, "jpeg"),
        (png(), "jpeg", Kind.IMAGE, "png"),
        (film(), "mp4", Kind.VIDEO, "mp4"),
        (damaged_picture(), "jpeg", Kind.IMAGE, "jpeg"),
        (unknown(), "mp4", Kind.UNKNOWN, ""),
    ],
    ids=["picture", "lying type", "film", "damaged", "unknown"],
)
def test_facts_and_fingerprints_come_from_the_sealed_worker(
    floor: Floor, data: bytes, declared: str, kind: Kind, found: str
) -> None:
    item = floor.take_in(data, declared)
    assert item.fingerprints.sha256 == hashlib.sha256(data).hexdigest()
    assert item.fingerprints.md5 == hashlib.md5(data).hexdigest()
    assert (item.facts.kind, item.facts.size) == (kind, len(data))
    assert found in item.facts.format
    assert item.facts.mismatch is (bool(found) and declared != found)


def test_the_container_opens_with_the_case_key_and_holds_exactly_the_original(floor: Floor) -> None:
    item = floor.take_in(picture(9))
    blob = floor.blob(item).read_bytes()
    assert hashlib.sha256(blob).hexdigest() == item.container_sha256
    assert len(blob) == item.container_size
    identity = floor._vault.case_identity(item.case_id)
    with age.open(io.BytesIO(blob), [identity]) as plaintext:
        assert plaintext.read() == picture(9)


def test_no_plaintext_is_left_on_any_disk_of_ours(floor: Floor) -> None:
    item = floor.take_in(picture(10))
    piece = picture(10)[2000:2064]
    searched = 0
    for path in floor.root.rglob("*"):
        if path.is_file():
            searched += 1
            assert piece not in path.read_bytes(), path.name
    assert searched > 10
    assert item.container_size > len(piece)


def test_the_custody_entry_names_exhibit_and_bytes(floor: Floor) -> None:
    case = floor.open_case()
    items = [floor.take_in(data, case=case) for data in (picture(), picture(5))]
    log = [
        entry for entry in entries_of(floor._vault.store.call(lambda s: s.custody_rows()))
        if entry.case_id == case.id
    ]  # fmt: skip
    assert [entry.action for entry in log] == [CustodyAction.TAKEN_IN] * 2
    assert [entry.exhibit for entry in log] == [exhibit_number(case.number, n) for n in (1, 2)]
    assert [entry.sha256_after for entry in log] == [item.fingerprints.sha256 for item in items]


def test_a_case_nobody_knows_is_refused_and_nothing_is_registered(floor: Floor) -> None:
    before = len(entries_of(floor._vault.store.call(lambda s: s.custody_rows())))
    with io.BytesIO(picture()) as source, pytest.raises(CaseSystemRefused):
        floor._desk.take_in(Submission(source, "no-such-case", "other", "jpeg"), "2026-X")
    assert len(entries_of(floor._vault.store.call(lambda s: s.custody_rows()))) == before


def test_a_container_that_vanished_is_not_called_taken_in(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    case = floor.open_case()
    monkeypatch.setattr(floor._desk._intake.containers, "open", lambda _item_id: None)
    with io.BytesIO(picture()) as source, pytest.raises(IntakeError):
        floor._desk.take_in(Submission(source, case.id, "other", "jpeg"), case.number)
