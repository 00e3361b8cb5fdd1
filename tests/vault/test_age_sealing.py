"""Sealing that can be interrupted: the same bytes as without, the right refusals, and what the age command says."""

from __future__ import annotations

import io
import shutil
import subprocess
import threading
import tracemalloc
from pathlib import Path

import pytest
from age_samples import CHUNK, EDGE_SIZES, IDENTITY, payload_start, plaintext
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.vault import age

SEALED = CHUNK + 16


class Source(io.BytesIO):
    def __init__(self, data: bytes, size: int | None = None) -> None:
        super().__init__(data)
        self.size = len(data) if size is None else size


class Cancelled(Exception):
    pass


def whole(sealing: age.Sealing, data: bytes) -> bytes:
    target = io.BytesIO()
    sealing.seal(Source(data), target)
    return target.getvalue()


@pytest.mark.parametrize("size", EDGE_SIZES)
def test_what_is_sealed_opens_and_has_the_size_that_was_told(size: int) -> None:
    sealing = age.Sealing([IDENTITY.recipient()])
    file = whole(sealing, plaintext(size))
    assert len(file) == sealing.sealed_size(size)
    with age.open(io.BytesIO(file), [IDENTITY]) as reader, sealing.opened(io.BytesIO(file)) as own:
        assert reader.read() == plaintext(size) == own.read()


@given(size=st.sampled_from(EDGE_SIZES), data=st.data())
@settings(max_examples=40, deadline=None)
def test_from_any_place_on_the_same_bytes_come_out(size: int, data: st.DataObject) -> None:
    sealing = age.Sealing([IDENTITY.recipient()])
    file = whole(sealing, plaintext(size))
    start = payload_start(file)
    edges = [0, 1, start - 17, start - 16, start - 1, start, len(file) - 1, len(file), *range(start, len(file), SEALED)]
    end = data.draw(st.one_of(st.integers(0, len(file)), st.sampled_from(edges)))
    target = io.BytesIO(file[:end])
    again = age.Sealing.from_state(sealing.state())
    seen: list[int] = []
    again.resume(Source(plaintext(size)), target, seen.append)
    assert target.getvalue() == file
    assert seen == sorted(seen)


def test_only_what_is_missing_is_read_again() -> None:
    class Counting(Source):
        count = 0

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            read = super().readinto(buffer)
            self.count += read
            return read

    sealing = age.Sealing([IDENTITY.recipient()])
    data = plaintext(33 * CHUNK)
    source = Counting(data)
    sealing.resume(source, io.BytesIO(whole(sealing, data)[: -2 * SEALED]))
    assert source.count == 3 * CHUNK


@given(data=st.data())
@settings(max_examples=30, deadline=None)
def test_what_is_not_its_beginning_is_never_gone_on_with(data: st.DataObject) -> None:
    """Header, nonce, the last whole chunk and the torn one are looked at; what lies before, when all is read again."""
    sealing = age.Sealing([IDENTITY.recipient()])
    file = bytearray(whole(sealing, plaintext(3 * CHUNK)))
    start = payload_start(file)
    end = data.draw(st.integers(1, len(file)))
    looked_at = max(start, start + (max(0, end - start) // SEALED - 1) * SEALED)
    places = [st.integers(0, min(start, end) - 1)] + ([st.integers(looked_at, end - 1)] if looked_at < end else [])
    file[data.draw(st.one_of(*places))] ^= data.draw(st.integers(1, 255))
    target = io.BytesIO(file[:end])
    with pytest.raises(age.NotResumable):
        sealing.resume(Source(plaintext(3 * CHUNK)), target)
    assert target.getvalue() == file[:end]


@pytest.mark.parametrize("end", [CHUNK + 5, 2 * CHUNK, 2 * CHUNK + 1000])
def test_another_plaintext_is_noticed_before_a_byte_is_sealed_under_the_old_nonces(end: int) -> None:
    """The chunk before the end, or the torn one, differs: nothing is written."""
    sealing = age.Sealing([IDENTITY.recipient()])
    begun = whole(sealing, bytes(4 * CHUNK))[: len(sealing.state()) + end]
    target = io.BytesIO(begun)
    with pytest.raises(age.NotResumable):
        sealing.resume(Source(b"\x01" * (4 * CHUNK)), target)
    assert target.getvalue() == begun


def test_longer_than_it_can_be_is_refused() -> None:
    sealing = age.Sealing([IDENTITY.recipient()])
    with pytest.raises(age.NotResumable):
        sealing.resume(Source(b"abc"), io.BytesIO(whole(sealing, b"abc") + b"x"))


@pytest.mark.parametrize("said", [99, 101, CHUNK])
def test_a_source_of_another_length_is_never_finished(said: int) -> None:
    sealing = age.Sealing([IDENTITY.recipient()])
    target = io.BytesIO()
    with pytest.raises(age.PayloadError):
        sealing.seal(Source(plaintext(100), said), target)
    with pytest.raises(age.PayloadError):
        age.open(target, [IDENTITY])


def test_cancelling_ends_it_at_once_and_it_can_go_on() -> None:
    def cancel(done: int) -> None:
        if done >= 2 * 1024 * 1024:
            raise Cancelled

    sealing = age.Sealing([IDENTITY.recipient()])
    data = plaintext(8 * 1024 * 1024)
    target = io.BytesIO()
    with pytest.raises(Cancelled):
        sealing.seal(Source(data), target, cancel)
    assert 2 * 1024 * 1024 < len(target.getvalue()) < 6 * 1024 * 1024
    assert (len(target.getvalue()) - payload_start(target.getvalue())) % SEALED == 0
    sealing.resume(Source(data), target)
    assert target.getvalue() == whole(sealing, data)


def test_a_full_disk_is_told_and_no_thread_is_left() -> None:
    class Full(io.BytesIO):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            if self.tell() > 1_500_000:
                raise OSError(28, "no space")
            return super().write(data)

    before = threading.active_count()
    with pytest.raises(OSError, match="no space"):
        age.Sealing([IDENTITY.recipient()]).seal(Source(plaintext(8 * 1024 * 1024)), Full())
    assert threading.active_count() == before


def test_memory_does_not_grow_with_the_file() -> None:
    class Zeros:
        size = 40 * 1024 * 1024
        place = 0

        def readinto(self, buffer: memoryview) -> int:
            count = min(len(buffer), self.size - self.place)
            self.place += count
            return count

        def read(self, size: int, /) -> bytes:
            return bytes(self.readinto(memoryview(bytearray(size))))

        def seek(self, offset: int, whence: int = 0, /) -> int:
            self.place = offset
            return offset

    class Counting(io.RawIOBase):
        size = 0

        def write(self, data: bytes) -> int:  # type: ignore[override]
            self.size += len(data)
            return len(data)

    target, sealing = Counting(), age.Sealing([IDENTITY.recipient()])
    tracemalloc.start()
    try:
        sealing.seal(Zeros(), target)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert target.size == sealing.sealed_size(Zeros.size)
    assert peak < 8 * 1024 * 1024


def test_every_single_wrong_byte_is_noticed_by_the_own_secrets() -> None:
    sealing = age.Sealing([IDENTITY.recipient()])
    file = bytearray(whole(sealing, plaintext(50)))
    for at in range(len(file)):
        file[at] ^= 1
        with pytest.raises(age.AgeError):
            sealing.opened(io.BytesIO(file))
        file[at] ^= 1


def test_secrets_are_not_told_and_are_gone_when_wiped() -> None:
    sealing = age.Sealing([IDENTITY.recipient()])
    assert "secret" in repr(sealing)
    sealing.wipe()
    with pytest.raises(ValueError, match="wiped"):
        sealing.state()
    with pytest.raises(ValueError, match="wiped"):
        sealing.seal(Source(b"abc"), io.BytesIO())
    with pytest.raises(age.HeaderError):
        age.Sealing.from_state(b"seal")


@pytest.mark.skipif(shutil.which("age") is None, reason="the age command is not installed")
def test_the_age_command_opens_what_was_interrupted(tmp_path: Path) -> None:
    sealing = age.Sealing([IDENTITY.recipient()])
    data = plaintext(17 * CHUNK + 1)
    target = io.BytesIO(whole(sealing, data)[: 9 * CHUNK])
    sealing.resume(Source(data), target)
    (tmp_path / "identity.txt").write_text(IDENTITY.secret_text() + "\n")
    command = ["age", "-d", "-i", str(tmp_path / "identity.txt")]
    assert subprocess.run(command, input=target.getvalue(), capture_output=True, check=True).stdout == data
