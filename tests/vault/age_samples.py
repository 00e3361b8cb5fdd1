"""Sources, plaintexts and damage that the age tests share."""

from __future__ import annotations

import functools
import io
import random

from hypothesis import strategies as st

from reviewer.vault import age

CHUNK = 65536
IDENTITY = age.generate_x25519_identity()
# Sizes at which chunks, read runs (8 and 16 chunks) and their last pieces begin and end.
EDGE_SIZES = sorted(
    {
        0,
        1,
        4095,
        4096,
        4097,
        *(chunks * CHUNK + more for chunks in (1, 2, 3, 7, 8, 9, 15, 16, 17, 18, 33) for more in (-1, 0, 1)),
    }
)


@functools.cache
def plaintext(size: int) -> bytes:
    return random.Random(size).randbytes(size)


@functools.cache
def sealed(size: int) -> bytes:
    target = io.BytesIO()
    assert age.encrypt(io.BytesIO(plaintext(size)), target, [IDENTITY.recipient()]) == size
    return target.getvalue()


def payload_start(file: bytes) -> int:
    """Where the first chunk begins: after the MAC line and the nonce."""
    return file.index(b"\n", file.index(b"\n---") + 1) + 1 + 16


class ShortReads(io.BytesIO):
    """A source without readinto's completeness: every answer is cut to a length of its own."""

    def __init__(self, data: bytes, seed: int = 0) -> None:
        super().__init__(data)
        self._lengths = random.Random(seed)

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        return super().read(min(size, self._lengths.randint(1, 9000)))

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return super().readinto(buffer[: self._lengths.randint(1, 9000)])


class OnlyRead:
    """The least a source may be: read and seek, nothing else."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def read(self, size: int, /) -> bytes:
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._file.seek(offset, whence)


def damaged(file: bytes) -> st.SearchStrategy[bytes]:
    """The file with one thing wrong: a bit flipped, a range cut or repeated, two ranges swapped, a tail added."""
    near_edges = st.sampled_from(
        [
            min(len(file) - 1, max(0, payload_start(file) + chunk * (CHUNK + 16) + shift))
            for chunk in range(len(file) // (CHUNK + 16) + 1)
            for shift in (-17, -16, -1, 0, 1)
        ]
    )
    place = st.one_of(st.integers(0, len(file) - 1), st.integers(0, payload_start(file)), near_edges)
    length = st.one_of(st.integers(1, 40), st.sampled_from([CHUNK, CHUNK + 15, CHUNK + 16, CHUNK + 17, 2 * CHUNK + 32]))

    def flip(at: int, bit: int) -> bytes:
        return file[:at] + bytes([file[at] ^ 1 << bit]) + file[at + 1 :]

    def swap(at: int, size: int) -> bytes:
        return file[:at] + file[at + size : at + 2 * size] + file[at : at + size] + file[at + 2 * size :]

    return st.one_of(
        st.builds(flip, place, st.integers(0, 7)),
        st.builds(lambda at, size: file[:at] + file[at + size :], place, length),
        st.builds(lambda at, size: file[: at + size] + file[at:], place, length),
        st.builds(lambda at: file[:at], place),
        st.builds(swap, place, length),
        st.builds(lambda tail: file + tail, st.binary(min_size=1, max_size=70)),
    )
