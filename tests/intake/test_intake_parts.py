"""Archives and e-mails at intake: every file inside is an item of its own, a bad one stops nothing, nothing doubles."""

from __future__ import annotations

import io
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "media"))

from archive_samples import locked_zip, overlapping_zip, seven_zip_of, tar_of, words, zip_of
from evidence import film, picture, png
from floor import Floor, entries_of
from sampling import each_once

from reviewer.demo.organisation import REVIEWERS
from reviewer.intake.taking_in import Submission
from reviewer.intake.unpacking import LeftOut
from reviewer.model.cases import Case, Item
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.errors import CaseSystemUnreachable, SandboxUnavailable
from reviewer.model.levels import Kind
from reviewer.vault import age

FILES = {"a/one.jpg": picture(21), "a/two.png": png(22), "film.mp4": film(), "notes.txt": words(4)}


def take_in(floor: Floor, data: bytes, case: Case, declared: str = "zip") -> tuple[list[Item], list[LeftOut]]:
    with io.BytesIO(data) as source:
        outcomes = list(floor._desk.take_in_all(Submission(source, case.id, "other", declared), case.number))
    return [o for o in outcomes if isinstance(o, Item)], [o for o in outcomes if isinstance(o, LeftOut)]


def log_of(floor: Floor, case: Case) -> list[CustodyEntry]:
    entries = entries_of(floor._vault.store.call(lambda s: s.custody_rows()))
    return [entry for entry in entries if entry.case_id == case.id]


def plaintext(floor: Floor, item: Item) -> bytes:
    identity = floor._vault.case_identity(item.case_id)
    with age.open(io.BytesIO(floor.blob(item).read_bytes()), [identity]) as opened:
        return bytes(opened.read())


@pytest.mark.parametrize(
    ("make", "declared"),
    [(zip_of, "zip"), (tar_of, "tar"), (lambda files: tar_of(files, "gz"), "gz"), (seven_zip_of, "7z")],
    ids=["zip", "tar", "tar.gz", "7z"],
)
def test_every_file_inside_becomes_an_item(floor: Floor, make, declared: str) -> None:  # type: ignore[no-untyped-def]
    case = floor.open_case()
    data = make(FILES)
    (whole, *parts), left_out = take_in(floor, data, case, declared)
    assert left_out == []
    assert (whole.facts.kind, whole.part_of, whole.exhibit) == (Kind.ARCHIVE, None, f"{case.number}/001")
    assert [part.facts.kind for part in parts] == [Kind.IMAGE, Kind.IMAGE, Kind.VIDEO, Kind.TEXT]
    assert [part.facts.declared_format for part in parts] == ["jpeg", "png", "mp4", "txt"]
    assert [part.exhibit for part in parts] == [f"{case.number}/001.{n:02d}" for n in (1, 2, 3, 4)]
    assert {part.part_of for part in parts} == {whole.id}
    assert {part.root_exhibit for part in parts} == {whole.exhibit}
    assert [plaintext(floor, part) for part in parts] == list(FILES.values())
    assert plaintext(floor, whole) == data
    assert parts[0].fingerprints.pdq is not None
    log = [entry for entry in log_of(floor, case) if entry.action is CustodyAction.TAKEN_IN]
    assert [entry.exhibit for entry in log] == [whole.exhibit, *(part.exhibit for part in parts)]
    assert {entry.root_exhibit for entry in log} == {whole.exhibit}
    assert [entry.reason for entry in log] == ["", *[f"out of exhibit {whole.exhibit}"] * 4]
    with floor.organisation.client(REVIEWERS[0]) as reviewer:
        offered = {entry.item.id: entry.item for entry in reviewer.queue()}
    assert all(offered[item.id] == item for item in (whole, *parts))


def test_the_next_file_is_numbered_on_beside_the_archive(floor: Floor) -> None:
    case = floor.open_case()
    take_in(floor, zip_of(FILES), case)
    (following,), _ = take_in(floor, picture(23), case, "jpeg")
    assert following.exhibit == f"{case.number}/002"
    assert floor.intake_client.item_count(case.id) == 2


def test_no_plaintext_of_a_part_is_left_on_any_disk_of_ours(floor: Floor) -> None:
    inner = zip_of({"deep.txt": words(31), "deep.jpg": picture(24)})
    items, _ = take_in(floor, zip_of({"inner.zip": inner, "top.jpg": picture(25)}), floor.open_case())
    assert len(items) == 5
    pieces = [picture(24)[2000:2064], picture(25)[2000:2064], words(31)[3000:3064], inner[:40], b"deep.txt", b"top.jpg"]
    searched = 0
    for path in floor.root.rglob("*"):
        if path.is_file():
            searched += 1
            data = path.read_bytes()
            assert not [piece for piece in pieces if piece in data], path.name
    assert searched > 10


def test_archives_in_archives_to_a_depth_of_three(floor: Floor) -> None:
    case = floor.open_case()
    data = zip_of({"bottom.txt": words(1)})
    for _ in range(4):
        data = zip_of({"inner.zip": data})
    items, left_out = take_in(floor, data, case)
    assert [item.exhibit.removeprefix(case.number) for item in items] == [
        "/001",
        "/001.01",
        "/001.01.01",
        "/001.01.01.01",
    ]
    assert [(o.exhibit, o.error.code) for o in left_out] == [(items[-1].exhibit, "I002")]


def test_a_mail_gives_its_attachments(floor: Floor) -> None:
    mail = (
        b"From: a@example.org\r\nTo: b@example.org\r\nSubject: the parcel\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n"
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n--x\r\n'
        b'Content-Type: text/plain\r\n\r\nIt may rain.\r\n--x\r\nContent-Type: text/plain; name="list.txt"\r\n'
        b'Content-Disposition: attachment; filename="list.txt"\r\n\r\nspade\r\nrake\r\n--x--\r\n'
    )
    (whole, *parts), left_out = take_in(floor, mail, floor.open_case(), "eml")
    assert (whole.facts.kind, left_out) == (Kind.EMAIL, [])
    assert [(part.facts.kind, part.facts.declared_format) for part in parts] == [(Kind.TEXT, "txt")]
    assert plaintext(floor, parts[0]).split() == [b"spade", b"rake"]


def test_one_damaged_part_is_named_and_the_rest_goes_on(floor: Floor) -> None:
    case = floor.open_case()
    data = bytearray(zip_of(FILES, zipfile.ZIP_STORED))
    data[data.index(FILES["a/two.png"][:64]) + 3000] ^= 0xFF
    (whole, *parts), left_out = take_in(floor, bytes(data), case)
    assert [part.facts.kind for part in parts] == [Kind.IMAGE, Kind.VIDEO, Kind.TEXT]
    assert [(o.exhibit, o.error.code) for o in left_out] == [(f"{whole.exhibit}.02", "M003")]
    said = [entry for entry in log_of(floor, case) if entry.action is CustodyAction.COULD_NOT_OPEN]
    assert [(entry.exhibit, entry.reason) for entry in said] == [
        (whole.exhibit, f"{whole.exhibit}.02 was not unpacked: M003")
    ]


@pytest.mark.parametrize(
    ("make", "code"),
    [(lambda: overlapping_zip(), "M004"), (lambda: locked_zip(words(1)), "M002")],
    ids=["bomb", "encrypted"],
)
def test_what_cannot_be_unpacked_stays_an_item(floor: Floor, make, code: str) -> None:  # type: ignore[no-untyped-def]
    began = time.monotonic()
    items, left_out = take_in(floor, make(), floor.open_case())
    assert [item.facts.kind for item in items] == [Kind.ARCHIVE]
    assert [o.error.code for o in left_out] == [code]
    assert time.monotonic() - began < 10


def test_the_same_archive_again_gives_the_same_items(floor: Floor) -> None:
    case = floor.open_case()
    first, _ = take_in(floor, zip_of(FILES), case)
    again, _ = take_in(floor, zip_of(FILES), case)
    assert again == first
    assert len(log_of(floor, case)) == len(first)


@each_once(step=["register_item", "record", "upload_container"], at=[0, 2])
def test_what_was_interrupted_is_completed_and_nothing_is_doubled(
    floor: Floor, monkeypatch: pytest.MonkeyPatch, step: str, at: int
) -> None:
    case = floor.open_case()
    calls = 0
    target = floor._desk._author.__class__ if step == "record" else floor._desk._registry
    name = "entry" if step == "record" else step
    real = getattr(target, name)

    def failing(*args: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        if calls == at + 1:
            raise CaseSystemUnreachable
        return real(*args, **named)

    with monkeypatch.context() as patched:
        patched.setattr(target, name, failing)
        with pytest.raises(CaseSystemUnreachable):
            take_in(floor, zip_of(FILES), case)
    items, left_out = take_in(floor, zip_of(FILES), case)
    assert left_out == []
    assert [item.exhibit.removeprefix(case.number) for item in items] == [
        "/001",
        *[f"/001.{n:02d}" for n in range(1, 5)],
    ]
    taken = [entry.exhibit for entry in log_of(floor, case) if entry.action is CustodyAction.TAKEN_IN]
    assert sorted(taken) == sorted(item.exhibit for item in items)
    with floor.organisation.client(REVIEWERS[0]) as reviewer:
        offered = [entry.item.id for entry in reviewer.queue() if entry.case.id == case.id]
    assert sorted(offered) == sorted(item.id for item in items)


def test_a_cancelled_run_leaves_only_whole_items(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    case = floor.open_case()
    real = floor._desk._seal
    sealed = 0

    def cancelled(source: BinaryIO, target: BinaryIO, case_id: str) -> None:
        nonlocal sealed
        sealed += 1
        if sealed == 3:
            target.write(source.read(1000))
            raise KeyboardInterrupt
        real(source, target, case_id)

    before = sum(1 for _ in (floor.organisation.workstation("intake-01")).rglob("*.age"))
    with monkeypatch.context() as patched:
        patched.setattr(floor._desk, "_intake", replace(floor._desk._intake, seal=cancelled))
        with pytest.raises(KeyboardInterrupt):
            take_in(floor, zip_of(FILES), case)
    with floor.organisation.client(REVIEWERS[0]) as reviewer:
        offered = [entry.item for entry in reviewer.queue() if entry.case.id == case.id]
    assert sorted(item.exhibit.removeprefix(case.number) for item in offered) == ["/001", "/001.01"]
    assert sum(1 for _ in (floor.organisation.workstation("intake-01")).rglob("*.age")) == before + 2
    assert not list(floor.root.rglob("*.part"))


def test_without_a_sandbox_nothing_more_is_taken_in_and_nothing_half_made_is_left(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = floor.open_case()
    real = floor._desk._intake.examine
    cache = floor.organisation.workstation("intake-01")
    before = sum(1 for _ in cache.rglob("*.age"))

    def examine(source: BinaryIO, declared: str) -> object:
        if declared == "png":
            raise SandboxUnavailable
        return real(source, declared)

    monkeypatch.setattr(floor._desk, "_intake", replace(floor._desk._intake, examine=examine))
    with pytest.raises(SandboxUnavailable):
        take_in(floor, zip_of(FILES), case)
    assert sum(1 for _ in cache.rglob("*.age")) == before + 2
    assert [entry.exhibit.removeprefix(case.number) for entry in log_of(floor, case)] == ["/001", "/001.01"]


def test_a_part_that_ends_its_worker_is_evidence_of_an_unknown_kind(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    from reviewer.media.opened import OpenedItem
    from reviewer.model.errors import WorkerDied

    real = OpenedItem.fingerprints

    def dying(item: OpenedItem) -> object:
        if item.facts.kind is Kind.VIDEO:
            raise WorkerDied
        return real(item)

    monkeypatch.setattr(OpenedItem, "fingerprints", dying)
    items, left_out = take_in(floor, zip_of(FILES), floor.open_case())
    assert left_out == []
    unknown = items[3]
    assert (unknown.facts.kind, unknown.facts.size, unknown.facts.declared_format) == (Kind.UNKNOWN, len(film()), "mp4")
    assert plaintext(floor, unknown) == film()
