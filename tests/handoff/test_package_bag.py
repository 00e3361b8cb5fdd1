"""The bag as independent tools see it: bagit.py, sha256sum and GNU tar accept it, and every file is in a list."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from packages import BUILT_AT, FOLDER, INFO, SIZES, a_plan, evidence, items, noise

from reviewer.handoff.bag import plan_bag
from reviewer.handoff.errors import NameUnusable, StampRefused
from reviewer.handoff.inner_tar import TarSource
from reviewer.handoff.plan import Document, Evidence, Plan
from reviewer.model.errors import HandoffError

BAGIT = Path(sys.executable).with_name("bagit.py")
LISTS = ("manifest-sha256.txt", "tagmanifest-sha256.txt")


def document(plan: Plan, path: str) -> bytes:
    return next(one.content for one in plan.entries if isinstance(one, Document) and one.path == path)


def planned(**changed: object) -> Plan:
    told: dict[str, object] = {
        "folder": FOLDER,
        "built_at": BUILT_AT,
        "documents": [],
        "evidence": items([10]),
        "info": INFO,
        "sign": lambda listed: b"signature",
        "stamp": lambda signature: None,
    }
    return plan_bag(**(told | changed))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpacked")
    source = TarSource(a_plan())
    try:
        subprocess.run(["tar", "-xf", "-", "-C", folder], input=source.read(), check=True, timeout=60)
    finally:
        source.close()
    return folder / FOLDER


def test_order_of_a_package() -> None:
    assert [one.path for one in a_plan().entries] == [
        "bagit.txt",
        "README-FIRST.txt",
        *(f"data/items/2026-01843_{number:03}.bin" for number in range(len(SIZES))),
        "metadata/case.jsonld",
        "metadata/report.pdf",
        "bag-info.txt",
        "manifest-sha256.txt",
        "tagmanifest-sha256.txt",
        "tagmanifest-sha256.txt.p7s",
        "tagmanifest-sha256.txt.p7s.tsr",
    ]


def test_without_a_stamp_there_is_no_file_of_it() -> None:
    assert a_plan(stamp=None).entries[-1].path == "tagmanifest-sha256.txt.p7s"


def test_signed_is_the_tag_manifest_and_stamped_is_the_signature() -> None:
    asked: list[tuple[str, bytes]] = []

    def sign(listed: bytes) -> bytes:
        asked.append(("sign", listed))
        return b"the signature"

    def stamp(signature: bytes) -> bytes:
        asked.append(("stamp", signature))
        return b"the stamp"

    plan = planned(sign=sign, stamp=stamp)

    assert asked == [("sign", document(plan, "tagmanifest-sha256.txt")), ("stamp", b"the signature")]
    assert document(plan, "tagmanifest-sha256.txt.p7s") == b"the signature"
    assert document(plan, "tagmanifest-sha256.txt.p7s.tsr") == b"the stamp"


def test_a_stamp_that_is_refused_ends_it() -> None:
    def stamp(_signature: bytes) -> bytes:
        raise StampRefused

    with pytest.raises(StampRefused):
        planned(stamp=stamp)


def test_every_file_but_the_signatures_is_in_exactly_one_list() -> None:
    plan = a_plan()
    listed = b"".join(document(plan, name) for name in LISTS).decode().splitlines()
    paths = [line[66:] for line in listed]
    assert all(line[64:66] == "  " for line in listed)
    assert sorted([*paths, LISTS[1], f"{LISTS[1]}.p7s", f"{LISTS[1]}.p7s.tsr"]) == sorted(
        one.path for one in plan.entries
    )


def test_what_is_said_of_the_bag() -> None:
    size = sum(SIZES)
    assert document(a_plan(), "bag-info.txt").decode() == (
        "Source-Organization: Example Platform Ltd\n"
        "External-Identifier: 2026-01843\n"
        "Bag-Software-Agent: reviewer 0.1.0\n"
        "Bagging-Date: 2026-11-22\n"
        f"Payload-Oxum: {size}.4\n"
    )
    assert document(a_plan(), "bagit.txt") == b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"


def test_a_value_stays_in_its_line_and_an_empty_one_is_left_out() -> None:
    told = (("Source-Organization", "Example\r\nPayload-Oxum: 1.1\u2028\u202eLtd \x00 "), ("Contact-Name", " "))
    assert document(planned(info=told), "bag-info.txt").decode().splitlines() == [
        "Source-Organization: Example Payload-Oxum: 1.1 Ltd",
        "Bagging-Date: 2026-11-22",
        "Payload-Oxum: 10.1",
    ]


@pytest.mark.skipif(not BAGIT.exists(), reason="bagit.py is not installed beside this Python (make setup)")
def test_bagit_accepts_it_and_refuses_it_after_one_byte(unpacked: Path, tmp_path: Path) -> None:
    def validated(bag: Path) -> int:
        command = [sys.executable, BAGIT, "--validate", "--quiet", bag]
        return subprocess.run(command, capture_output=True, timeout=60).returncode

    assert validated(unpacked) == 0
    changed = tmp_path / "changed"
    shutil.copytree(unpacked, changed)
    with (changed / "metadata" / "report.pdf").open("r+b") as file:
        file.write(b"?")
    assert validated(changed) != 0


def test_sha256sum_accepts_both_lists(unpacked: Path) -> None:
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", *LISTS], cwd=unpacked, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count(": OK\n") == len(SIZES) + 6


def test_what_was_unpacked_is_what_was_put_in(unpacked: Path) -> None:
    for number, size in enumerate(SIZES):
        assert (unpacked / f"data/items/2026-01843_{number:03}.bin").read_bytes() == noise(number, size)


@pytest.mark.parametrize(
    "path",
    [
        "metadata/../x",
        "data/x",
        "elsewhere/x",
        "bagit.txt",
        "Bag-Info.txt",
        "readme-first.txt",
        "DATA",
        "metadata",
        "a b",
    ],
)
def test_a_document_that_is_elsewhere_or_not_distinct_is_refused(path: str) -> None:
    with pytest.raises(NameUnusable):
        planned(documents=[Document("README-FIRST.txt", b""), Document(path, b"")])


@pytest.mark.parametrize("path", ["data/x", "data/items/a/b", "metadata/x", "x", "data/items/ä", "data/items/A.bin"])
def test_an_item_that_is_elsewhere_or_not_distinct_is_refused(path: str) -> None:
    with pytest.raises(NameUnusable):
        planned(evidence=[evidence("data/items/a.bin", b"1"), evidence(path, b"2")])


@pytest.mark.parametrize("sha256", ["", "0" * 63, "A" * 64, "0" * 63 + "\n"])
def test_an_item_without_a_digest_is_refused(sha256: str) -> None:
    with pytest.raises(HandoffError, match="never digested"):
        planned(evidence=[Evidence("data/items/a.bin", 1, sha256, lambda: pytest.fail("opened"))])


def test_a_package_without_an_item_is_refused() -> None:
    with pytest.raises(HandoffError, match="without an item"):
        planned(evidence=[])


def test_a_time_that_is_not_in_utc_is_a_defect() -> None:
    for time in (datetime(2026, 11, 22), BUILT_AT.replace(microsecond=1), BUILT_AT.astimezone(ZoneInfo("Asia/Tokyo"))):  # noqa: DTZ001
        with pytest.raises(ValueError, match="whole seconds"):
            planned(built_at=time)


def test_hashes_are_of_the_documents() -> None:
    plan = a_plan()
    for line in document(plan, LISTS[1]).decode().splitlines():
        assert line[:64] == hashlib.sha256(document(plan, line[66:])).hexdigest()
