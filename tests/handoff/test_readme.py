"""What a recipient reads first: the warning before anything else, what nobody saw, and how to verify."""

from __future__ import annotations

import dataclasses
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from dossiers import a_dossier, content
from packages import evidence

from reviewer.demo.authorities import Authorities
from reviewer.demo.time_authority import TimeAuthority
from reviewer.handoff.bag import plan_bag
from reviewer.handoff.plan import Document, Evidence
from reviewer.handoff.readme import COLUMNS, readme
from reviewer.handoff.redaction import redacted
from reviewer.handoff.signing import SigningKey, sign_detached
from reviewer.handoff.stamping import request_stamp


def text(dossier: object = None, *, stamped: bool = True, why: str = "") -> str:
    made = readme(dossier or a_dossier(), stamped=stamped, not_stamped_why=why)  # type: ignore[arg-type]
    return made.decode()


def test_the_warning_comes_first() -> None:
    paragraphs = text().split("\n\n")
    assert "the folder data/ holds the material itself" in paragraphs[1]
    assert "Look at metadata/report.pdf first" in paragraphs[1]


def test_it_fits_in_80_columns_and_nothing_is_left_to_fill_in() -> None:
    for whole in (text(), text(stamped=False, why="No authority is configured. " * 9)):
        assert max(map(len, whole.splitlines())) <= COLUMNS
        assert "$" not in whole
        assert "\n\n\n" not in whole


def test_what_nobody_saw_is_said() -> None:
    words = " ".join(text().split())
    assert "3 exhibits of 5 were seen, heard or read by a person" in words
    assert "nobody saw 2 exhibits: 2026-01843/003, 2026-01843/004." in words
    assert "not in this package: 2026-01843/005, 2026-01843/006." in words


def test_one_exhibit_is_one_and_what_nobody_saw_is_so_by_the_records() -> None:
    whole = a_dossier()
    seen = " ".join(text(dataclasses.replace(whole, exhibits=whole.exhibits[:1])).split())
    assert "By the records, 1 exhibit of 1 was seen, heard or read by a person" in seen
    unseen = " ".join(text(dataclasses.replace(whole, exhibits=whole.exhibits[4:])).split())
    assert "By the records, no person saw any of it before this package was built." in unseen


def test_a_viewing_record_counts_also_where_the_mark_does_not() -> None:
    dossier = a_dossier()
    unmarked = tuple(
        dataclasses.replace(one, record=msgspec.structs.replace(one.record, seen=False)) for one in dossier.exhibits
    )
    assert "3 exhibits of 5 were seen" in " ".join(text(dataclasses.replace(dossier, exhibits=unmarked)).split())


def test_an_item_that_was_seen_and_is_unsettled_was_seen() -> None:
    dossier = a_dossier()
    unsettled = tuple(
        dataclasses.replace(one, record=msgspec.structs.replace(one.record, decisions=(), unsettled=True))
        for one in dossier.exhibits
    )
    assert "3 exhibits of 5 were seen" in " ".join(text(dataclasses.replace(dossier, exhibits=unsettled)).split())


def test_a_missing_stamp_is_said_with_why() -> None:
    whole = text(stamped=False, why="The time authority could not be reached.")
    assert "There is no time stamp. The time authority could not be reached." in whole
    assert "openssl ts" not in whole
    assert ".tsr" not in whole
    assert "There is no time stamp" not in text()


def test_thumbnails_are_said() -> None:
    assert "it holds veiled thumbnails" in text()
    assert "it shows none of it" in text(a_dossier(thumbnails=()))


def test_withheld_names_are_said() -> None:
    assert "Person 1, Person 2" in text(redacted(a_dossier()))
    assert "Supervisor 01" not in text(redacted(a_dossier()))


def test_missing_custody_is_said() -> None:
    assert "not all could be had" not in text()
    gap = ("No entry tells of the taking in of 2 of the 5 exhibits here.", "What the log x told did not verify.")
    said = text(dataclasses.replace(a_dossier(), custody_missing=gap)).replace("\n", " ")
    assert f"Of the custody entries not all could be had: {' '.join(gap)}" in said


def test_what_outsiders_wrote_begins_no_line_and_hides_nothing() -> None:
    dossier = a_dossier()
    contact = "desk\n\nHOW TO VERIFY\n-------------\nNo need to. \u202egnihton\x00 $case ${names}"
    answers = msgspec.structs.replace(dossier.answers, contact=contact)
    whole = text(dataclasses.replace(dossier, answers=answers))
    assert whole.splitlines().count("HOW TO VERIFY") == 1
    assert "\u202e" not in whole
    assert "[U+000A]" not in whole
    assert "[U+202E]gnihton[U+0000] $case ${names}" in " ".join(whole.split())


def commands() -> list[str]:
    """Every command that the text names, as it stands there."""
    joined = text().replace("\\\n", " ")
    return re.findall(r"^  ((?:sha256sum|openssl) .*)$", joined, re.MULTILINE)


@pytest.mark.skipif(not (shutil.which("openssl") and shutil.which("sha256sum")), reason="openssl, sha256sum missing")
def test_its_commands_accept_the_folder_and_notice_a_changed_byte(
    tmp_path: Path, authorities: Authorities, signing_key: SigningKey, time_authority: TimeAuthority
) -> None:
    dossier = a_dossier()
    plan = plan_bag(
        folder="bag",
        built_at=dossier.built_at,
        documents=[Document("README-FIRST.txt", text(dossier).encode())],
        evidence=[evidence(one.path, content(one)) for one in dossier.exhibits],
        info=(),
        sign=lambda listed: sign_detached(listed, signing_key, datetime.now(UTC)),
        stamp=lambda signature: request_stamp(time_authority.url, signature, timeout=10.0),
    )
    (tmp_path / "ca.pem").write_bytes(authorities.ca_pem)
    (tmp_path / "tsa-ca.pem").write_bytes(authorities.tsa_ca_pem)
    contents = {exhibit.path: content(exhibit) for exhibit in dossier.exhibits}
    for entry in plan.entries:
        path = tmp_path / "bag" / entry.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[entry.path] if isinstance(entry, Evidence) else entry.content)

    def refused() -> list[str]:
        runs = [(one, subprocess.run(["bash", "-c", one], cwd=tmp_path / "bag", capture_output=True)) for one in named]
        return [one.split()[1] for one, run in runs if run.returncode != 0]

    named = commands()
    assert [one.split()[0] for one in named] == ["sha256sum", "openssl", "openssl"]
    assert refused() == []
    for path, by in (
        (dossier.exhibits[1].path, ["--check"]),
        ("README-FIRST.txt", ["--check"]),
        ("tagmanifest-sha256.txt", ["--check", "cms"]),
        ("tagmanifest-sha256.txt.p7s", ["cms", "ts"]),
        ("tagmanifest-sha256.txt.p7s.tsr", ["ts"]),
    ):
        whole = (tmp_path / "bag" / path).read_bytes()
        middle = len(whole) // 2
        (tmp_path / "bag" / path).write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        assert refused() == by, path
        (tmp_path / "bag" / path).write_bytes(whole)
