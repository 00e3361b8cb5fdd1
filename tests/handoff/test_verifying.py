"""Verifying a package: what is right holds, and altering, removing, adding or reordering anything is noticed."""

from __future__ import annotations

import functools
import hashlib
import json
import random
import threading
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import dossiers
import msgspec
import pytest
from envelope_samples import certificate, ec_key, pem
from verifying_samples import FOLDER, Piece, Short, a_plan, header, joined, pieces, place, tar_of, verified

from reviewer.demo.authorities import Authorities
from reviewer.demo.time_authority import TimeAuthority
from reviewer.handoff.bag import MANIFEST, SIGNATURE, STAMP, TAG_MANIFEST
from reviewer.handoff.case_uco import case_document
from reviewer.handoff.digesting import PIECE
from reviewer.handoff.errors import PackageRefused
from reviewer.handoff.record_documents import custody_documents, decisions_document, segments_document
from reviewer.handoff.redaction import redacted
from reviewer.handoff.signing import SigningKey, sign_detached
from reviewer.handoff.stamping import request_stamp
from reviewer.handoff.tar_layout import BLOCK, tar_header
from reviewer.handoff.verifying import STAMP_LABEL, verify_package
from reviewer.handoff.verifying_tar import TarReading
from reviewer.workstation.opened_package import noted_checkpoint

ITEM, OTHER_ITEM = "data/items/2026-01843_001.jpg", "data/items/2026-01843_002.mp4"
CASE, CUSTODY = "metadata/case.jsonld", "metadata/custody-1.jsonl"


@pytest.fixture(scope="module")
def tar(signing_key: SigningKey) -> bytes:
    return tar_of(a_plan(signing_key))


@pytest.fixture(scope="module")
def stamped(signing_key: SigningKey, time_authority: TimeAuthority) -> bytes:
    def stamp(signature: bytes) -> bytes:
        return request_stamp(time_authority.url, signature, timeout=10)

    return tar_of(a_plan(signing_key, stamp=stamp, label=STAMP))


def test_a_package_holds(tar: bytes, authorities: Authorities) -> None:
    found = verified(tar, authorities.ca_pem)
    exhibits = dossiers.exhibits()
    assert (found.folder, found.items, found.documents) == (FOLDER, len(exhibits), 13)
    assert found.item_bytes == sum(len(dossiers.content(one)) for one in exhibits)
    listed = pieces(tar)[place(pieces(tar), TAG_MANIFEST)].content
    assert found.tagmanifest_sha256 == hashlib.sha256(listed).hexdigest()
    assert found.custody_entries == sum(len(one.lines) for one in dossiers.a_dossier().custody)
    assert found.stamped is None
    assert [one.key for one in found.checks if not one.held] == ["stamp"]


def test_a_stamped_package_holds_also_after_the_certificate_has_expired(
    stamped: bytes, authorities: Authorities
) -> None:
    found = verified(stamped, authorities.ca_pem, tsa_ca_pem=authorities.tsa_ca_pem)
    assert found.stamped is not None
    assert all(one.held for one in found.checks)
    unchecked = verified(stamped, authorities.ca_pem)
    assert unchecked.stamped is None
    assert [one.key for one in unchecked.checks if not one.held] == ["stamp"]


def test_it_holds_where_no_names_are_told(signing_key: SigningKey, authorities: Authorities) -> None:
    tells_none = redacted(dossiers.a_dossier())
    assert all(line.redacted and not line.entry for extract in tells_none.custody for line in extract.lines)
    found = verified(tar_of(a_plan(signing_key, dossier=tells_none)), authorities.ca_pem)
    assert found.custody_entries == sum(len(one.lines) for one in tells_none.custody) > 0


def _without(path: str) -> Callable[[list[Piece]], list[Piece]]:
    return lambda files: [one for one in files if one.path != path]


def _holding(path: str, change: Callable[[bytes], bytes]) -> Callable[[list[Piece]], list[Piece]]:
    return lambda files: [one.holding(change(one.content)) if one.path == path else one for one in files]


def _swapped(path: str, other: str) -> Callable[[list[Piece]], list[Piece]]:
    def swap(files: list[Piece]) -> list[Piece]:
        one, two = place(files, path), place(files, other)
        files[one], files[two] = files[two], files[one]
        return files

    return swap


def _added(path: str, at: int, content: bytes = b"x") -> Callable[[list[Piece]], list[Piece]]:
    def add(files: list[Piece]) -> list[Piece]:
        new = Piece(path, header(path, len(content)), content, bytes(-len(content) % BLOCK))
        files.insert(at if at >= 0 else len(files) + 1 + at, new)
        return files

    return add


def _headed(change: Callable[[bytes], bytes]) -> Callable[[list[Piece]], list[Piece]]:
    """The first header changed, with its sum made right again."""

    def head(files: list[Piece]) -> list[Piece]:
        changed = bytearray(change(files[0].header))
        changed[148:156] = b" " * 8
        changed[148:156] = b"%06o\0 " % sum(changed)
        return [replace(files[0], header=bytes(changed)), *files[1:]]

    return head


def _field(begin: int, data: bytes) -> Callable[[bytes], bytes]:
    return lambda old: old[:begin] + data + old[begin + len(data) :]


TAMPERED: dict[str, Callable[[list[Piece]], list[Piece]]] = {
    "item altered": _holding(ITEM, lambda old: old[:-1] + bytes([old[-1] ^ 1])),
    "item longer": _holding(ITEM, lambda old: old + b"x"),
    "item empty": _holding(ITEM, lambda old: b""),
    "item missing": _without(ITEM),
    "items swapped": _swapped(ITEM, OTHER_ITEM),
    "item twice": lambda files: [*files[:3], files[2], *files[3:]],
    "item renamed": lambda files: [one.named("data/items/x.jpg") if one.path == ITEM else one for one in files],
    "item added": _added("data/items/more.bin", 3),
    "item beside the items": _added("data/more.bin", 3),
    "document added": _added("metadata/more.json", -6),
    "unlisted tag file at the top": _added("more.txt", 1),
    "unlisted tag folder": _added("more/more.txt", 2),
    "file after the signature": _added("metadata/more.json", -1),
    "document missing": _without("metadata/decisions.json"),
    "case missing": _without(CASE),
    "custody missing": _without(CUSTODY),
    "documents swapped": _swapped(CASE, CUSTODY),
    "readme after the items": lambda files: [files[0], *files[2:5], files[1], *files[5:]],
    "bagit missing": _without("bagit.txt"),
    "bagit of another version": _holding("bagit.txt", lambda old: old.replace(b"1.0", b"0.97")),
    "information missing": _without("bag-info.txt"),
    "information altered": _holding("bag-info.txt", lambda old: old.replace(b"Example", b"Xxample")),
    "manifest missing": _without(MANIFEST),
    "manifest with another line": _holding(MANIFEST, lambda old: old + old[:64] + b"  data/items/none.bin\n"),
    "manifest without a line": _holding(MANIFEST, lambda old: old[old.index(b"\n") + 1 :]),
    "manifest with a line twice": _holding(MANIFEST, lambda old: old + old[: old.index(b"\n") + 1]),
    "manifest in another order": _holding(MANIFEST, lambda old: b"".join(sorted(old.splitlines(keepends=True)))),
    "manifest with other line ends": _holding(MANIFEST, lambda old: old.replace(b"\n", b"\r\n")),
    "tag manifest missing": _without(TAG_MANIFEST),
    "tag manifest empty": _holding(TAG_MANIFEST, lambda old: b""),
    "tag manifest with a blank line": _holding(TAG_MANIFEST, lambda old: old + b"\n"),
    "signature missing": _without(SIGNATURE),
    "signature empty": _holding(SIGNATURE, lambda old: b""),
    "signature continued": _holding(SIGNATURE, lambda old: old + b"\0"),
    "a stamp of nothing": _added(STAMP, -1, b"stamp"),
    "mode": _headed(_field(100, b"0000755")),
    "owner": _headed(_field(108, b"0001750")),
    "a long name split for no reason": _headed(
        lambda old: b"bagit.txt".ljust(100, b"\0") + _field(345, FOLDER.encode())(old)[100:]
    ),
    "owner's name": _headed(_field(265, b"root")),
    "time": _headed(_field(136, b"00000000000")),
    "a link": _headed(_field(156, b"2")),
    "an old file type": _headed(_field(156, b"\0")),
    "a name for a link": _headed(_field(157, b"x")),
    "GNU's magic": _headed(_field(257, b"ustar  \0")),
    "a device": _headed(_field(329, b"0000001")),
    "something behind the header's fields": _headed(_field(505, b"x")),
    "size with spaces": _headed(_field(124, b"         65 ")),
    "size in base 256": _headed(lambda old: old[:124] + b"\x80" + int(old[124:135], 8).to_bytes(11, "big") + old[136:]),
    "the whole folder renamed": lambda files: (
        [
            replace(one, header=tar_header(f"other/{one.path}", len(one.content), int(dossiers.BUILT_AT.timestamp())))
            for one in files[:1]
        ]
        + files[1:]
    ),
    "something after a file's end": lambda files: [
        replace(files[0], filling=files[0].filling[:-1] + b"x"),
        *files[1:],
    ],
    "nothing": lambda files: [],
}


@pytest.mark.parametrize("name", TAMPERED)
def test_everything_that_is_done_to_it_is_noticed(name: str, tar: bytes, authorities: Authorities) -> None:
    changed = joined(TAMPERED[name](pieces(tar)))
    assert changed != tar
    with pytest.raises(PackageRefused) as refused:
        verified(changed, authorities.ca_pem)
    assert "2026-01843" not in str(refused.value)


def test_put_together_unchanged_it_holds(tar: bytes, authorities: Authorities) -> None:
    assert joined(pieces(tar)) == tar
    verified(joined(pieces(tar)), authorities.ca_pem)


def _cuts(tar: bytes) -> list[bytes]:
    return [
        b"",
        tar[:BLOCK],
        tar[: len(tar) // 2],
        tar[:-1],
        tar[:-BLOCK],
        tar + b"\0",
        tar + bytes(10_240),
        tar + tar,
        tar[:-1] + b"x",
        bytes(len(tar)),
        bytes(10_240),
    ]


@pytest.mark.parametrize("which", range(11))
def test_cut_continued_or_nothing_it_is_refused(which: int, tar: bytes, authorities: Authorities) -> None:
    with pytest.raises(PackageRefused):
        verified(_cuts(tar)[which], authorities.ca_pem)


def _flips(tar: bytes, count: int) -> list[int]:
    return random.Random(count).sample(range(len(tar)), count)


def test_changed_bytes_are_noticed(tar: bytes, authorities: Authorities) -> None:
    for at in [*_flips(tar, 30), *range(0, BLOCK, 23)]:
        changed = bytearray(tar)
        changed[at] ^= 1 << at % 8
        with pytest.raises(PackageRefused):
            verified(bytes(changed), authorities.ca_pem)


@pytest.mark.matrix
@pytest.mark.timeout(3600)
def test_every_changed_byte_but_few_is_noticed(stamped: bytes, authorities: Authorities) -> None:
    """Each byte of headers, lists, signature and stamp; of the long documents and the items one in many."""
    start = 0
    for one in pieces(stamped):
        content = start + BLOCK
        end = content + len(one.content) + len(one.filling)
        few = one.path.startswith(("data/", "metadata/"))
        for at in [*range(start, content), *range(content, end, 997 if few else 1)]:
            changed = bytearray(stamped)
            changed[at] ^= 1 << at % 8
            with pytest.raises(PackageRefused):
                verified(bytes(changed), authorities.ca_pem, tsa_ca_pem=authorities.tsa_ca_pem)
        start = end


def test_a_stamp_that_was_taken_away_or_altered_is_noticed(stamped: bytes, authorities: Authorities) -> None:
    gone = joined(_without(STAMP)(pieces(stamped)))
    altered = joined(_holding(STAMP, lambda old: old[:-1] + bytes([old[-1] ^ 1]))(pieces(stamped)))
    for changed, tsa in ((gone, None), (gone, authorities.tsa_ca_pem), (altered, authorities.tsa_ca_pem)):
        with pytest.raises(PackageRefused):
            verified(changed, authorities.ca_pem, tsa_ca_pem=tsa)


def test_a_stamp_that_is_expected_and_not_spoken_of_is_missed(
    signing_key: SigningKey, authorities: Authorities
) -> None:
    silent = tar_of(a_plan(signing_key, label=None))
    verified(silent, authorities.ca_pem)
    with pytest.raises(PackageRefused, match="stamp"):
        verified(silent, authorities.ca_pem, tsa_ca_pem=authorities.tsa_ca_pem)


def test_another_authority_or_another_time_is_refused(tar: bytes, authorities: Authorities) -> None:
    for ca, at in (
        (authorities.tsa_ca_pem, None),
        (authorities.ca_pem, datetime.now(UTC) + timedelta(days=4000)),
        (authorities.ca_pem, datetime.now(UTC) - timedelta(days=4000)),
        (b"", None),
    ):
        with pytest.raises(PackageRefused):
            verified(tar, ca, at=at)


def test_a_package_that_somebody_else_made_and_signed_is_refused(authorities: Authorities) -> None:
    today = datetime.now(UTC).replace(microsecond=0)
    own = certificate(
        ec_key(), begins=today - timedelta(days=1), ends=today + timedelta(days=1), usage="digital_signature"
    )
    forged = tar_of(a_plan(SigningKey.from_pem((pem(ec_key()) + pem(own)).encode())))
    with pytest.raises(PackageRefused, match="signature"):
        verified(forged, authorities.ca_pem)


def _edited(document: bytes, old: str, new: str) -> bytes:
    assert old.encode() in document
    return document.replace(old.encode(), new.encode(), 1)


@functools.cache
def _documents() -> dict[str, bytes]:
    dossier = dossiers.a_dossier()
    found = {one.path: one.content for one in custody_documents(dossier)}
    found[CASE] = case_document(dossier)
    found["metadata/decisions.json"] = decisions_document(dossier)
    found["metadata/segments.json"] = segments_document(dossier)
    return found


def _lines(change: Callable[[list[bytes]], list[bytes]]) -> Callable[[bytes], bytes]:
    return lambda old: b"".join(line + b"\n" for line in change(old.splitlines()))


def _line(at: int, **fields: object) -> Callable[[bytes], bytes]:
    def change(lines: list[bytes]) -> list[bytes]:
        lines[at] = json.dumps({**json.loads(lines[at]), **fields}).encode()
        return lines

    return _lines(change)


# Signed, every list right, and yet the package contradicts itself: a mistake of ours, or of whoever holds the key.
CONTRADICTING: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "case is no JSON": (CASE, lambda old: old[:-5]),
    "case is empty": (CASE, lambda old: b"{}"),
    "case nests without end": (CASE, lambda old: b'{"@graph":' + b"[" * 100_000),
    "case names another digest": (
        CASE,
        lambda old: _edited(old, '"types:hashMethod": "SHA256"', '"types:hashMethod": "X"'),
    ),
    "case names another file": (CASE, lambda old: _edited(old, ITEM, "data/items/other.jpg")),
    "case names another size": (CASE, lambda old: old.replace(b"70000", b"70001")),
    "decisions are no JSON": ("metadata/decisions.json", lambda old: b"x"),
    "decisions of another file": ("metadata/decisions.json", lambda old: _edited(old, ITEM, OTHER_ITEM)),
    "decisions have one number twice": (
        "metadata/decisions.json",
        lambda old: _edited(old, '"exhibit": "2026-01843/002"', '"exhibit": "2026-01843/001"'),
    ),
    "marks on another file": ("metadata/segments.json", lambda old: _edited(old, OTHER_ITEM, "data/items/other.mp4")),
    "custody entry altered": (CUSTODY, lambda old: _edited(old, "taken_in", "opened")),
    "custody salt altered": (CUSTODY, _line(1, salt="0" * 64)),
    "custody leaf altered": (CUSTODY, _line(1, leaf_hash="0" * 64)),
    "custody position altered": (CUSTODY, _line(1, position=0)),
    "custody proof cut": (CUSTODY, _line(1, proof=[])),
    "custody proof endless": (CUSTODY, _line(1, proof=["0" * 64] * 5000)),
    "custody hash of another form": (CUSTODY, _line(1, leaf_hash="0x" + "0" * 62)),
    "custody entry withheld and told": (CUSTODY, _line(1, redacted="{}")),
    "custody entries swapped": (CUSTODY, _lines(lambda all_: [all_[0], all_[2], all_[1], *all_[3:]])),
    "custody entry twice": (CUSTODY, _lines(lambda all_: [*all_, all_[-1]])),
    "custody file empty": (CUSTODY, lambda old: b""),
    "checkpoint of another size": (CUSTODY, _line(0, size=6)),
    "checkpoint of another root": (CUSTODY, _line(0, root="0" * 64)),
    "checkpoint altered": (CUSTODY, lambda old: _edited(old, "gate\\n7\\n", "gate\\n8\\n")),
    "checkpoint of another key": (CUSTODY, lambda old: _edited(old, "+591f68fe+", "+591f68ff+")),
    "the same log twice": (CUSTODY, lambda old: _documents()["metadata/custody-2.jsonl"]),
    "anchors are no JSON": ("metadata/checkpoints.json", lambda old: b"[]"),
    "anchor altered": ("metadata/checkpoints.json", lambda old: _edited(old, "desk\\n12\\n", "desk\\n13\\n")),
    "anchor of another log": (
        "metadata/checkpoints.json",
        lambda old: _edited(old, '"origin": "reviewer.invalid/custody/desk"', '"origin": "reviewer.invalid/x"'),
    ),
}


@pytest.mark.parametrize("name", CONTRADICTING)
def test_a_signed_package_that_contradicts_itself_is_refused(
    name: str, signing_key: SigningKey, authorities: Authorities
) -> None:
    path, change = CONTRADICTING[name]
    old = _documents()[path]
    new = change(old)
    assert new != old
    with pytest.raises(PackageRefused):
        verified(tar_of(a_plan(signing_key, changed={path: new})), authorities.ca_pem)


def test_a_payload_sum_that_is_wrong_is_refused_though_signed(
    tar: bytes, signing_key: SigningKey, authorities: Authorities
) -> None:
    files = pieces(tar)
    at, tags, signature = (place(files, path) for path in ("bag-info.txt", TAG_MANIFEST, SIGNATURE))
    old = files[at].content
    files[at] = files[at].holding(old.replace(b"Payload-Oxum: ", b"Payload-Oxum: 1"))
    digests = [hashlib.sha256(content).hexdigest().encode() for content in (old, files[at].content)]
    files[tags] = files[tags].holding(files[tags].content.replace(*digests))
    files[signature] = files[signature].holding(sign_detached(files[tags].content, signing_key, datetime.now(UTC)))
    with pytest.raises(PackageRefused, match="Payload-Oxum"):
        verified(joined(files), authorities.ca_pem)


@pytest.mark.parametrize("path", ["bagit.txt", MANIFEST, CASE, SIGNATURE, CUSTODY])
def test_a_document_of_a_terabyte_is_refused_before_a_byte_of_it_is_kept(
    path: str, tar: bytes, authorities: Authorities
) -> None:
    files = pieces(tar)
    at = place(files, path)
    hostile = joined(files[:at])[: sum(len(one.header + one.content + one.filling) for one in files[:at])]
    hostile += header(path, 1 << 40) + bytes(1 << 16)
    tracemalloc.start()
    try:
        with pytest.raises(PackageRefused, match="larger"):
            verified(hostile, authorities.ca_pem)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def test_memory_does_not_grow_with_an_item_and_it_can_be_cancelled(authorities: Authorities) -> None:
    class Endless:
        """A header of an item of 100 GB, then zeros."""

        def __init__(self) -> None:
            self._left = header("bagit.txt", 0) + header(ITEM, 100 << 30)

        def readinto(self, target: memoryview, /) -> int:
            count = min(len(target), len(self._left)) or len(target)
            target[:count] = self._left[:count] or bytes(count)
            self._left = self._left[count:]
            return count

    class Cancelled(Exception):
        pass

    def cancel(done: int) -> None:
        if done > 64 << 20:
            raise Cancelled

    tracemalloc.start()
    try:
        with pytest.raises(Cancelled):
            verify_package(
                Endless(),
                ca_pem=authorities.ca_pem,
                tsa_ca_pem=None,
                at=None,
                open_checkpoint=noted_checkpoint,
                check=cancel,
            )
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 8 * 1024 * 1024


def test_two_names_that_are_one_where_capital_letters_do_not_count_are_refused() -> None:
    names = ("data/items/a.bin", "data/items/A.bin")
    files = [Piece(path, header(path, 0), b"", b"") for path in names]
    with pytest.raises(PackageRefused, match="twice"):
        list(TarReading(Short(joined(files)), cap=lambda path: None).files())


@pytest.mark.parametrize("size", [0, 1, BLOCK, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 5 * PIECE + 1])
def test_items_of_every_size_are_digested_and_no_thread_is_left(size: int) -> None:
    content, before = random.Random(size).randbytes(size), threading.active_count()
    files = [Piece(path, header(path, size), content, bytes(-size % BLOCK)) for path in (ITEM, OTHER_ITEM)]
    found = list(TarReading(Short(joined(files)), cap=lambda path: None).files())
    assert [(one.path, one.size, one.content) for one in found] == [(ITEM, size, None), (OTHER_ITEM, size, None)]
    assert {one.sha256 for one in found} == {hashlib.sha256(content).hexdigest()}
    cut = joined(files)[: size + BLOCK + size // 2]
    with pytest.raises(PackageRefused):
        list(TarReading(Short(cut), cap=lambda path: None).files())
    assert threading.active_count() == before


def test_what_the_stamp_is_called_in_the_information_is_a_label_of_bagit() -> None:
    assert STAMP_LABEL.replace("-", "").isalpha()


@pytest.mark.parametrize("told", [lambda dossier: dossier, redacted], ids=["named", "redacted"])
def test_other_bytes_under_an_exhibit_of_the_custody_log_are_refused(
    told: Callable[[dossiers.Dossier], dossiers.Dossier], signing_key: SigningKey, authorities: Authorities
) -> None:
    first, *between, last = dossiers.exhibits()
    one, other = first.record.item.exhibit, last.record.item.exhibit

    def numbered(exhibit: dossiers.Exhibit, number: str) -> dossiers.Exhibit:
        item = msgspec.structs.replace(exhibit.record.item, exhibit=number)
        return replace(exhibit, record=msgspec.structs.replace(exhibit.record, item=item))

    logged = dossiers.custody((numbered(first, other), *between, numbered(last, one)))
    dossier = told(dossiers.a_dossier(custody=logged, anchors=()))
    with pytest.raises(PackageRefused, match="other bytes"):
        verified(tar_of(a_plan(signing_key, dossier=dossier)), authorities.ca_pem)


def test_a_stamp_from_before_the_signature_is_refused(signing_key: SigningKey, authorities: Authorities) -> None:
    def earlier(minutes: int) -> bytes:
        at = datetime.now(UTC) - timedelta(minutes=minutes)
        with TimeAuthority(authorities.tsa_pem, now=lambda: at) as authority:

            def stamp(signature: bytes) -> bytes:
                return request_stamp(authority.url, signature, timeout=10)

            return tar_of(a_plan(signing_key, stamp=stamp, label=STAMP))

    assert verified(earlier(5), authorities.ca_pem, tsa_ca_pem=authorities.tsa_ca_pem).stamped is not None
    with pytest.raises(PackageRefused, match="older than the signature"):
        verified(earlier(30), authorities.ca_pem, tsa_ca_pem=authorities.tsa_ca_pem)
