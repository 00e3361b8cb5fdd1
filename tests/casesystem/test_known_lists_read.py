"""Reading hash lists: what is taken, and that every damage is named by line and field."""

from __future__ import annotations

import hashlib
import io
import json
import random
from pathlib import Path

import pytest
from known_evidence import pdq

from reviewer.casesystem.known import list_file, reading_json
from reviewer.casesystem.known.entry import Entry, Malformed
from reviewer.casesystem.known.list_file import ListFile, NotAListFile, write_list
from reviewer.casesystem.known.perceptual import PdqIndex
from reviewer.casesystem.known.reading_csv import MAX_LINE, read_csv
from reviewer.casesystem.known.reading_json import MAX_RECORD, read_json, read_vic
from reviewer.model.known import MatchKind

SHA256, SHA1, MD5 = "ab" * 32, "cd" * 20, "ef" * 16
# Made for this test, in the shape of the exports: OData, media with digests in capitals, other hashes beside them.
VIC = {
    "@odata.context": "http://example.invalid/DataModels/2.0.xml/$metadata#Media",
    "value": [
        {"MediaID": 1, "Category": 2, "MD5": MD5.upper(), "SHA1": SHA1.upper(), "MediaSize": 12, "Hashes": []},
        {"MediaID": 2, "Category": 1, "Hashes": [{"HashName": "SHA256", "HashValue": SHA256}]},
        {"MediaID": 3, "Category": 0, "Hashes": [{"HashName": "PhotoDNA", "HashValue": "AAAA"}]},
    ],
}


def csv_of(text: str | bytes) -> list[Entry]:
    return list(read_csv(io.BytesIO(text.encode() if isinstance(text, str) else text)))


def test_a_csv_in_any_order_and_case_with_columns_of_others() -> None:
    text = f'\ufeffCategory,SHA-256,note,MD5\r\nA,{SHA256.upper()},x,\r\n\r\n"B, b",,"two\nlines",{MD5}\r\n'
    assert csv_of(text) == [
        Entry((bytes.fromhex(SHA256), b"", b"", b""), "A", ""),
        Entry((b"", b"", bytes.fromhex(MD5), b""), "B, b", ""),
    ]


@pytest.mark.parametrize(
    ("text", "line", "field", "reason"),
    [
        ("", 1, "", "empty"),
        ("name,size\nx,1\n", 1, "", "no-column"),
        ("md5,MD5\n", 1, "md5", "twice"),
        (f"md5\n{MD5}\n{MD5[:-1]}\n", 3, "md5", "not-hex"),
        (f"md5\n{MD5[:-2]}zz\n", 2, "md5", "not-hex"),
        (f"sha1,md5\n,{MD5}\n{SHA1[:-2]}  x,\n", 3, "sha1", "not-hex"),
        ("md5\n" + " ".join([MD5[:15], MD5[15:31]]) + "\n", 2, "md5", "not-hex"),
        (f"pdq,md5\n{SHA256[:-1]},{MD5}\n", 2, "pdq", "not-hex"),
        (f"md5,category\n{MD5}\n", 2, "", "other-width"),
        ("md5,category\n,A\n", 2, "md5", "no-digest"),
        (f"md5,category\n{MD5},{'x' * 201}\n", 2, "category", "too-long"),
        (f"md5,classification\n{MD5},a\x07\n", 2, "classification", "not-text"),
        (f'md5\n{MD5}\n"{MD5}\n', 3, "", "not-csv"),
        ("md5\n" + "x" * (MAX_LINE + 10), 2, "", "too-long"),
        (b"md5\n" + MD5.encode() + b"\n\xff\xfe\n", 3, "", "not-text"),
    ],
)
def test_a_damaged_csv_names_line_and_field(text: str | bytes, line: int, field: str, reason: str) -> None:
    with pytest.raises(Malformed) as malformed:
        csv_of(text)
    assert (malformed.value.line, malformed.value.field, malformed.value.reason) == (line, field, reason)


def test_json_records() -> None:
    text = json.dumps([{"SHA1": SHA1, "category": 3}, {"md5": MD5, "sha1": None, "classification": "B2", "n": [1]}])
    assert list(read_json(io.BytesIO(text.encode()))) == [
        Entry((b"", bytes.fromhex(SHA1), b"", b""), "3", ""),
        Entry((b"", b"", bytes.fromhex(MD5), b""), "", "B2"),
    ]


@pytest.mark.parametrize(
    ("text", "line", "field", "reason"),
    [
        ("", 1, "", "not-json"),
        ("[]", 1, "", "empty"),
        ('{"a": 1}', 1, "", "empty"),
        ("[1]", 1, "", "not-a-record"),
        (f'[{{"md5": "{MD5}"}}, {{"md5": "{MD5}"', 2, "", "not-json"),
        (f'[{{"md5": "{MD5}"}}, {{"md5": 7}}]', 2, "md5", "not-text"),
        (f'[{{"md5": "{MD5}"}}, {{"sha256": "{MD5}"}}]', 2, "sha256", "not-hex"),
        (f'[{{"md5": "{MD5}", "category": ["x"]}}]', 1, "category", "not-text"),
        ('[{"category": "x"}]', 1, "sha256", "no-digest"),
        ('[{"md5": "' + "a" * (2 * MAX_RECORD) + '"}]', 1, "", "too-long"),
        ("[" * 200_000, 1, "", None),
    ],
)
def test_a_damaged_json_names_record_and_field(text: str, line: int, field: str, reason: str | None) -> None:
    with pytest.raises(Malformed) as malformed:
        list(read_json(io.BytesIO(text.encode())))
    assert (malformed.value.line, malformed.value.field) == (line, field)
    assert reason in (None, malformed.value.reason)


def test_an_export_of_media() -> None:
    read = list(read_vic(io.BytesIO(json.dumps(VIC).encode())))
    assert read == [
        Entry((b"", bytes.fromhex(SHA1), bytes.fromhex(MD5), b""), "2", ""),
        Entry((bytes.fromhex(SHA256), b"", b"", b""), "1", ""),
        None,
    ]


def test_an_export_of_cases() -> None:
    media = VIC["value"]
    cases = {"@odata.context": "x/$metadata#Cases", "value": [{"CaseID": "1", "Media": media}, {"Media": media[:1]}]}
    assert len(list(read_vic(io.BytesIO(json.dumps(cases).encode())))) == 4


def test_a_damaged_export_names_the_medium() -> None:
    damaged = {"value": [VIC["value"][0], {"MD5": MD5, "SHA1": "123"}]}
    with pytest.raises(Malformed) as malformed:
        list(read_vic(io.BytesIO(json.dumps(damaged).encode())))
    assert (malformed.value.line, malformed.value.field) == (2, "sha1")


def test_records_of_any_number_take_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_json, "MAX_RECORD", 1000)
    monkeypatch.setattr(reading_json, "_BLOCK", 500)
    text = json.dumps([{"md5": MD5, "note": "x" * 100}] * 500)
    assert len(list(read_json(io.BytesIO(text.encode())))) == 500


def entries(count: int, seed: int = 1) -> list[Entry]:
    rng = random.Random(seed)
    return [
        Entry((rng.randbytes(32), rng.randbytes(20), rng.randbytes(16), rng.randbytes(32)), f"c{i % 3}", "")
        for i in range(count)
    ]


def test_every_digest_is_found_again_and_no_other(tmp_path: Path) -> None:
    many = entries(500)
    # Digests that end or begin in zeros are digests like any other.
    many.append(Entry((bytes(32), bytes(20), b"\x01" + bytes(15), bytes(32)), "zeros", "z"))
    written = write_list(iter([*many, None, many[0]]), tmp_path)
    assert (written.entries, written.skipped) == (502, 1)
    assert hashlib.sha256((tmp_path / written.sha256).read_bytes()).hexdigest() == written.sha256
    a_list = ListFile(tmp_path / written.sha256)
    for entry in many:
        for kind, digest in zip(MatchKind, entry.digests, strict=True):
            if kind is not MatchKind.PDQ:
                assert a_list.words_of(kind, digest) == [(entry.category, entry.classification)]
                assert a_list.words_of(kind, bytes([digest[0]]) + bytes(len(digest) - 2) + b"\x05") == []
    assert [path.name for path in tmp_path.iterdir()] == [written.sha256]


def test_the_same_entries_in_another_spelling_are_the_same_file(tmp_path: Path) -> None:
    assert write_list(entries(50), tmp_path) == write_list(entries(50), tmp_path)
    assert write_list(entries(50), tmp_path).sha256 != write_list(entries(49), tmp_path).sha256


def test_alike_is_counted_over_all_256_bits(tmp_path: Path) -> None:
    low, high = tuple(range(16)), tuple(range(200, 216))
    many = [
        Entry((b"", b"", b"", pdq(7, *low, *high[:15])), "31 bits", ""),
        Entry((b"", b"", b"", pdq(7, *low, *high)), "32 bits", ""),
        Entry((b"", b"", b"", pdq(7, 3)), "1 bit", ""),
        *entries(300, seed=9),
    ]
    a_list = ListFile(tmp_path / write_list(many, tmp_path).sha256)
    index = PdqIndex(a_list)
    for queries in ([pdq(7)], [pdq(8), pdq(7), pdq(7)]):
        found = index.near(queries)[-1]
        assert [(a_list.word_at(MatchKind.PDQ, at)[0], bits) for at, bits in found] == [("1 bit", 1), ("31 bits", 31)]


def test_too_many_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_file, "MAX_ENTRIES", 10)
    monkeypatch.setattr(list_file, "MAX_WORDS", 2)
    for many, line, reason in ((entries(11), 3, "too-many-words"), ([entries(1)[0]] * 11, 11, "too-many")):
        with pytest.raises(Malformed) as malformed:
            write_list(many, tmp_path)
        assert (malformed.value.line, malformed.value.reason) == (line, reason)
        assert list(tmp_path.iterdir()) == []
    write_list(entries(2), tmp_path)


@pytest.mark.parametrize("damage", ["cut", "longer", "magic", "header"])
def test_a_file_that_is_not_whole_is_no_list(tmp_path: Path, damage: str) -> None:
    path = tmp_path / write_list(entries(20), tmp_path).sha256
    raw = path.read_bytes()
    path.write_bytes(
        {
            "cut": raw[:-1],
            "longer": raw + b"x",
            "magic": b"X" + raw[1:],
            "header": raw[:8] + (1 << 40).to_bytes(8, "big") + raw[16:],
        }[damage]
    )
    with pytest.raises(NotAListFile):
        ListFile(path)
