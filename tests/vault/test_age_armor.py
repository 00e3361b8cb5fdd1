"""Armor: strict, and as random as the binary form."""

from __future__ import annotations

import io

import pytest
from age_samples import CHUNK, IDENTITY, OnlyRead, ShortReads, plaintext, sealed
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from reviewer.vault import age
from reviewer.vault.age.armor import ArmoredCiphertext, ArmoringTarget, is_armored

BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
END = b"-----END AGE ENCRYPTED FILE-----"
SIZE = 3 * CHUNK + 1000


def armored(data: bytes) -> bytes:
    target = io.BytesIO()
    sink = ArmoringTarget(target)
    for start in range(0, len(data), 1000):
        sink.write(data[start : start + 1000])
    sink.finish()
    return target.getvalue()


def decoded(file: bytes) -> bytes:
    inside = ArmoredCiphertext(io.BytesIO(file))
    data = bytearray(inside.size)
    inside.read_at(0, memoryview(data))
    return bytes(data)


FILE = armored(sealed(SIZE))


@given(
    data=st.binary(max_size=300),
    line_end=st.sampled_from([b"\n", b"\r\n"]),
    reads=st.lists(st.tuples(st.integers(0, 310), st.integers(0, 310)), max_size=8),
    source=st.sampled_from([io.BytesIO, OnlyRead, ShortReads]),
)
@settings(deadline=None)
def test_any_piece_of_any_armored_bytes(
    data: bytes, line_end: bytes, reads: list[tuple[int, int]], source: type[io.BytesIO]
) -> None:
    inside = ArmoredCiphertext(source(armored(data).replace(b"\n", line_end)))
    assert inside.size == len(data)
    for offset, size in [*reads, (0, len(data))]:
        target = bytearray(size)
        count = inside.read_at(offset, memoryview(target))
        assert target[:count] == data[offset : offset + size]
        assert count == len(data[offset : offset + size])


@given(start=st.integers(0, SIZE), size=st.integers(0, SIZE), crlf=st.booleans())
@settings(max_examples=30, deadline=None)
def test_armored_containers_are_as_random_as_binary_ones(start: int, size: int, crlf: bool) -> None:
    file = FILE.replace(b"\n", b"\r\n") if crlf else FILE
    with age.open(io.BytesIO(file), [IDENTITY]) as reader:
        assert reader.plaintext_size == SIZE
        reader.seek(start)
        assert reader.read(size) == plaintext(SIZE)[start : start + size]


def test_lines_have_64_columns_and_the_last_fewer() -> None:
    first, *lines, end = FILE.splitlines()
    assert (first, end) == (BEGIN, END)
    assert {len(line) for line in lines[:-1]} == {64}
    assert 0 < len(lines[-1]) <= 64


@given(at=st.integers(0, len(FILE) - 2), new=st.binary(max_size=2))
@settings(max_examples=examples(60), deadline=None)
def test_any_changed_byte_of_the_armor_is_noticed(at: int, new: bytes) -> None:
    file = FILE[:at] + new + FILE[at + 1 :]
    if file.strip(b" \t\r\n\v\f") == FILE.strip():
        return
    noticed = False
    try:
        with age.open(io.BytesIO(file), [IDENTITY]) as reader:
            got = b""
            while piece := reader.read(CHUNK):
                got += piece
            assert plaintext(SIZE).startswith(got)
            noticed = got != plaintext(SIZE)
    except age.AgeError:
        noticed = True
    assert noticed


def test_a_damaged_line_is_an_armor_error_when_it_is_reached() -> None:
    middle = len(FILE) // 2
    middle += 5 if FILE[middle : middle + 5].find(b"\n") >= 0 else 0
    file = FILE[:middle] + b"*" + FILE[middle + 1 :]
    with age.open(io.BytesIO(file), [IDENTITY]) as reader:
        assert reader.read(CHUNK) == plaintext(SIZE)[:CHUNK]
        with pytest.raises(age.ArmorError):
            reader.readall()
        reader.seek(3 * CHUNK)
        assert reader.read() == plaintext(SIZE)[3 * CHUNK :]


@pytest.mark.parametrize(
    "file",
    [
        BEGIN,
        BEGIN + b"\n",
        BEGIN + b"\n" + END[:-1],
        BEGIN + b"\r" + END,
        BEGIN + END,
        BEGIN + b" \nQUJD\n" + END,
        BEGIN + b"\nQUJD\n" + END + END,
        BEGIN + b"\nQUJD" + END,
        BEGIN + b"\nQUJD\r\n" + END,
        BEGIN + b"\r\nQUJD\n" + END,
        BEGIN + b"\nQUI\n" + END,
        BEGIN + b"\nQUJ=\n" + END,
        BEGIN + b"\nQQ==QQ==\n" + END,
        BEGIN + b"\nQQ==\nQQ==\n" + END,
        BEGIN + b"\n" + b"Q" * 68 + b"\n" + END,
        BEGIN + b"\n" + b"Q" * 63 + b"=\nQUJD\n" + END,
        BEGIN + b"\n" + b"QUJD" * 16 + b"\n" + b"QUJD" * 15 + b"\n" + b"QUJD" * 16 + b"\n" + END,
        BEGIN + b"\nQ-_D\n" + END,
        BEGIN + b"\n\xff\xff\xff\xff\n" + END,
        b" " * 1025 + BEGIN + b"\nQUJD\n" + END,
        BEGIN + b"\nQUJD\n" + END + b" " * 1025,
    ],
    ids=range(21),
)
def test_what_is_not_strict_is_refused(file: bytes) -> None:
    with pytest.raises(age.ArmorError):
        decoded(file)


def test_white_space_around_the_armor_is_allowed_up_to_its_limit() -> None:
    file = b" " * 1024 + BEGIN + b"\nQUJD\n" + END + b"\n" * 1024
    target = bytearray(9)
    assert ArmoredCiphertext(io.BytesIO(file)).read_at(0, memoryview(target)) == 3
    assert target == b"ABC" + bytes(6)


def test_the_two_forms_are_told_apart() -> None:
    assert not is_armored(io.BytesIO(sealed(40)))
    assert not is_armored(io.BytesIO(b""))
    # The binary form wins: an age file may carry anything in its payload.
    assert not is_armored(io.BytesIO(sealed(40) + BEGIN))
    for file in (FILE, b"\r\n\t " + FILE, b"words before\n" + FILE, b"-----BEGIN SOMETHING ELSE-----"):
        assert is_armored(io.BytesIO(file))
