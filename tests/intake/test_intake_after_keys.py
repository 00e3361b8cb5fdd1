"""Intake that was cut off while keys changed is completed, whoever shared or re-keyed the case since."""

from __future__ import annotations

import io
import sys
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "media"))

from archive_samples import words, zip_of
from floor import Floor
from sampling import each_once
from test_intake_parts import log_of, take_in

from reviewer.demo.organisation import REVIEWERS
from reviewer.intake.unpacking import LeftOut
from reviewer.model.cases import Case, Item
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import CaseSystemUnreachable, WorkerDied
from reviewer.model.levels import Kind

INNER = zip_of({"x.txt": words(5), "y.txt": words(6)})
FILES = {"a.txt": words(1), "b.zip": INNER, "c.txt": words(3)}
ALL = ["/001", "/001.01", "/001.02", "/001.02.01", "/001.02.02", "/001.03"]


def interrupt(floor: Floor, case: Case, monkeypatch: pytest.MonkeyPatch, step: str, at: int) -> None:
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


def offered(floor: Floor, case: Case) -> list[str]:
    with floor.organisation.client(REVIEWERS[0]) as reviewer:
        return sorted(e.item.exhibit.removeprefix(case.number) for e in reviewer.queue() if e.case.id == case.id)


def expect_all(floor: Floor, case: Case, outcome: tuple[list[Item], list[LeftOut]], whole: str = "/001") -> None:
    items, left_out = outcome
    every = [exhibit.replace("/001", whole) for exhibit in ALL]
    assert left_out == []
    assert [item.exhibit.removeprefix(case.number) for item in items] == every
    assert offered(floor, case) == every
    taken = [e.exhibit or "" for e in log_of(floor, case) if e.action is CustodyAction.TAKEN_IN]
    assert sorted(taken) == sorted(item.exhibit for item in items)


@each_once(step=["register_item", "record", "upload_container"], at=[0, 1])
def test_shared_meanwhile(floor: Floor, monkeypatch: pytest.MonkeyPatch, step: str, at: int) -> None:
    case, colleague = floor.open_case(), floor.newcomer()
    interrupt(floor, case, monkeypatch, step, at)
    floor._desk._keys.share(case.id, colleague)
    # What the case system had not heard of yet is sealed again, under the next number.
    whole = "/002" if (step, at) == ("register_item", 0) else "/001"
    expect_all(floor, case, take_in(floor, zip_of(FILES), case), whole)
    assert floor._desk._keys.take(case.id, REVIEWERS[1]).items == len(ALL)


@pytest.mark.parametrize("at", [1, 2, 3], ids=["the archive", "a part", "the archive inside"])
def test_re_keyed_meanwhile(floor: Floor, monkeypatch: pytest.MonkeyPatch, at: int) -> None:
    case = floor.open_case()
    interrupt(floor, case, monkeypatch, "register_item", at)
    assert floor._desk._keys.take(case.id, REVIEWERS[1]).items == at
    expect_all(floor, case, take_in(floor, zip_of(FILES), case))


def test_re_keyed_on_another_machine_and_the_old_containers_still_here(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = floor.open_case()
    interrupt(floor, case, monkeypatch, "register_item", 3)
    with monkeypatch.context() as patched:
        real = floor._vault.containers.evict
        patched.setattr(
            type(floor._vault.containers), "evict", lambda self, name: real(name) if name.endswith("rekey") else None
        )
        floor._desk._keys.take(case.id, REVIEWERS[1])
    expect_all(floor, case, take_in(floor, zip_of(FILES), case))


def test_re_keyed_after_the_last_upload_but_before_it_was_written_down(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = floor.open_case()
    real = floor._desk._registry.upload_container
    calls = 0

    def uploaded(item_id: str, stream: BinaryIO) -> None:
        nonlocal calls
        calls += 1
        real(item_id, stream)
        if calls == 2:
            raise CaseSystemUnreachable

    with monkeypatch.context() as patched:
        patched.setattr(floor._desk._registry, "upload_container", uploaded)
        with pytest.raises(CaseSystemUnreachable):
            take_in(floor, zip_of(FILES), case)
    floor._desk._keys.take(case.id, REVIEWERS[1])
    expect_all(floor, case, take_in(floor, zip_of(FILES), case))


def test_a_part_whose_container_is_lost_stops_nothing_else(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    case = floor.open_case()
    interrupt(floor, case, monkeypatch, "upload_container", 1)
    lost = next(i for i in floor.intake_client.keys.items(case.id) if i.exhibit.endswith(".01"))
    floor._vault.containers.evict(lost.id)
    for _ in range(2):
        items, left_out = take_in(floor, zip_of(FILES), case)
        assert [item.exhibit.removeprefix(case.number) for item in items] == [e for e in ALL if e != "/001.01"]
        assert [o.exhibit for o in left_out] == [lost.exhibit]


def test_a_part_left_out_is_written_down_once(floor: Floor) -> None:
    case = floor.open_case()
    data = bytearray(zip_of(FILES, zipfile.ZIP_STORED))
    data[data.index(FILES["c.txt"][:64]) + 90] ^= 0xFF
    for _ in range(3):
        _, left_out = take_in(floor, bytes(data), case)
        assert len(left_out) == 1
    said = [e.exhibit for e in log_of(floor, case) if e.action is CustodyAction.COULD_NOT_OPEN]
    assert said == [f"{case.number}/001"]


MAIL = (
    b"From: a@example.org\r\nTo: b@example.org\r\nSubject: x\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\n"
    b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="x"\r\n\r\n'
)
WIDE = MAIL + b"--x\r\nContent-Type: image/png; name=a.png\r\n\r\nAA\r\n" + b"--x\r\n\r\n\r\n" * 40_001 + b"--x--\r\n"
DEEP = MAIL + b"".join(
    b'--%s\r\nContent-Type: multipart/mixed; boundary="b%d"\r\n\r\n' % (b"x" if n == 0 else b"b%d" % (n - 1), n)
    for n in range(3000)
)


@pytest.mark.parametrize("mail", [WIDE, DEEP], ids=["wide", "deep"])
def test_a_mail_that_hides_what_it_holds_is_named(floor: Floor, mail: bytes) -> None:
    items, left_out = take_in(floor, mail, floor.open_case(), "eml")
    assert [item.facts.kind for item in items] == [Kind.EMAIL]
    assert [o.exhibit for o in left_out] == [items[0].exhibit]


def test_words_of_file_names_are_no_formats(floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    data = zip_of({"garden.annamueller": words(1), "b.TXT": words(2)})
    items, _ = take_in(floor, data, floor.open_case(), "anna mueller, school 7")
    assert [item.facts.declared_format for item in items] == ["", "", "txt"]

    def dying(source: io.BytesIO, declared: str) -> object:
        raise WorkerDied

    monkeypatch.setattr(floor._desk, "_intake", replace(floor._desk._intake, examine=dying))
    items, _ = take_in(floor, data, floor.open_case(), "anna mueller, school 7")
    assert [item.facts.declared_format for item in items] == [""]
