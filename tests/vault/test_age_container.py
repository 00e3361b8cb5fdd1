"""encrypt and rewrap: what they write, what they refuse, and how much memory they take."""

from __future__ import annotations

import io
import random
import tracemalloc

import pytest
from age_samples import CHUNK, EDGE_SIZES, IDENTITY, OnlyRead, ShortReads, payload_start, plaintext, sealed
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import each_once

from reviewer.vault import age

SEALED = CHUNK + 16


class ShortWrites(io.RawIOBase):
    """A raw file that takes only some of the bytes at a time."""

    def __init__(self) -> None:
        self.data = b""
        self._lengths = random.Random(7)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # type: ignore[override]
        taken = data[: self._lengths.randint(1, 30_000)]
        self.data += taken
        return len(taken)


@each_once(size=EDGE_SIZES, armor=[False, True])
def test_short_reads_and_short_writes_change_nothing(size: int, armor: bool) -> None:
    target = ShortWrites()
    assert age.encrypt(ShortReads(plaintext(size), size), target, [IDENTITY.recipient()], armor=armor) == size
    with age.open(OnlyRead(target.data), [IDENTITY]) as reader:
        assert reader.read() == plaintext(size)


@pytest.mark.parametrize("size", EDGE_SIZES)
def test_the_file_has_exactly_the_size_the_format_gives(size: int) -> None:
    chunks = max(1, -(-size // CHUNK))
    assert len(sealed(size)) == payload_start(sealed(size)) + size + 16 * chunks


def test_the_same_plaintext_never_gives_the_same_bytes() -> None:
    first, second = io.BytesIO(), io.BytesIO()
    for target in (first, second):
        age.encrypt(io.BytesIO(plaintext(1000)), target, [IDENTITY.recipient()])
    assert first.getvalue()[-1016:] != second.getvalue()[-1016:]


def test_a_source_that_fails_leaves_a_file_nobody_opens() -> None:
    class Failing(io.BytesIO):
        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            if self.tell() > 3_000_000:
                raise OSError("the disk is gone")
            return super().readinto(buffer)

    target = io.BytesIO()
    with pytest.raises(OSError, match="the disk is gone"):
        age.encrypt(Failing(bytes(5_000_000)), target, [IDENTITY.recipient()])
    assert len(target.getvalue()) > 1_000_000
    with pytest.raises(age.PayloadError):
        age.open(target, [IDENTITY])


@pytest.mark.parametrize("make", [age.generate_x25519_identity, age.generate_identity])
@given(size=st.sampled_from(EDGE_SIZES), armored=st.booleans(), armor=st.booleans())
@settings(max_examples=15, deadline=None)
def test_rewrap_changes_the_header_and_no_byte_of_the_payload(
    make: type, size: int, armored: bool, armor: bool
) -> None:
    old_source = io.BytesIO()
    age.encrypt(io.BytesIO(plaintext(size)), old_source, [IDENTITY.recipient()], armor=armored)
    new_identity = make()
    target = io.BytesIO()
    age.rewrap(ShortReads(old_source.getvalue(), size), target, [IDENTITY], [new_identity.recipient()], armor=armor)
    with age.open(target, [new_identity]) as reader:
        assert reader.read() == plaintext(size)
    with pytest.raises(age.NoMatchError):
        age.open(target, [IDENTITY])
    if not armored and not armor:
        old, new = old_source.getvalue(), target.getvalue()
        assert new[payload_start(new) - 16 :] == old[payload_start(old) - 16 :]


def test_rewrap_does_not_decrypt_the_payload() -> None:
    file = bytearray(sealed(3 * CHUNK))
    file[-5] ^= 1
    new_identity = age.generate_identity()
    target = io.BytesIO()
    age.rewrap(io.BytesIO(file), target, [IDENTITY], [new_identity.recipient()])
    assert target.getvalue()[-SEALED:] == file[-SEALED:]
    with pytest.raises(age.PayloadError):
        age.open(target, [new_identity])


def test_rewrap_refuses_what_open_refuses_before_writing() -> None:
    target = io.BytesIO()
    recipients = [age.generate_identity().recipient()]
    altered = sealed(40).replace(b"\n--- ", b"\n-> grease\n\n--- ")
    for file, identity, error in (
        (sealed(40), age.generate_identity(), age.NoMatchError),
        (altered, IDENTITY, age.HmacError),
        (sealed(40)[:100], IDENTITY, age.HeaderError),
        (sealed(40)[: payload_start(sealed(40)) + 7], IDENTITY, age.PayloadError),
    ):
        with pytest.raises(error):
            age.rewrap(io.BytesIO(file), target, [identity], recipients)
    assert target.getvalue() == b""


class _Pattern(io.RawIOBase):
    """Plaintext of any size without holding it."""

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), self._left)
        self._left -= count
        return count


def test_memory_does_not_grow_with_the_file() -> None:
    size = 40 * 1024 * 1024
    file, copy = io.BytesIO(bytes(2 * size)), io.BytesIO(bytes(2 * size))
    for target in (file, copy):
        target.seek(0)
    tracemalloc.start()
    try:
        assert age.encrypt(_Pattern(size), file, [IDENTITY.recipient()]) == size
        file.truncate()
        age.rewrap(file, copy, [IDENTITY], [IDENTITY.recipient()])
        copy.truncate()
        with age.open(copy, [IDENTITY]) as reader:
            for start in range(0, size, 3 * CHUNK + 11):
                reader.seek(start)
                reader.read(70_000)
            reader.seek(0)
            buffer = bytearray(1 << 20)
            while reader.readinto(buffer):
                pass
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    # The two files shrink in place and count nothing; 12 MiB are the buffers of all three operations.
    assert peak < 12 * 1024 * 1024
