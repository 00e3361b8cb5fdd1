"""The promise: whatever is read, wherever, it is the plaintext; damage is noticed before a wrong byte comes out."""

from __future__ import annotations

import io
import os
import random
import threading

import pytest
from age_samples import CHUNK, EDGE_SIZES, IDENTITY, OnlyRead, ShortReads, damaged, payload_start, plaintext, sealed
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sampling import examples

from reviewer.vault import age
from reviewer.vault.age import chunks

SEALED_CHUNK = CHUNK + 16


def _damaged_chunk(size: int, index: int, at: int = 5) -> bytes:
    file = bytearray(sealed(size))
    file[payload_start(sealed(size)) + index * SEALED_CHUNK + at] ^= 1
    return bytes(file)


@pytest.mark.parametrize("size", EDGE_SIZES)
def test_round_trip_at_every_edge(size: int) -> None:
    with age.open(io.BytesIO(sealed(size)), [IDENTITY]) as reader:
        assert reader.plaintext_size == size
        assert reader.read() == plaintext(size)
        assert reader.read(1) == b""
        assert reader.readinto(bytearray(10)) == 0
        reader.seek(0)
        buffer = bytearray(size + 10)
        assert reader.readinto(buffer) == size
        assert buffer == plaintext(size) + bytes(10)


position = st.one_of(
    st.integers(0, 34 * CHUNK),
    st.builds(lambda chunk, shift: max(0, chunk * CHUNK + shift), st.integers(0, 34), st.integers(-2, 2)),
)
operation = st.one_of(
    st.tuples(st.just("seek"), position),
    st.tuples(st.just("seek_end"), position),
    st.tuples(st.just("read"), position),
    st.tuples(st.just("readinto"), position),
    st.tuples(st.just("read"), st.sampled_from([0, 1, 1000, 32768, CHUNK])),
    st.tuples(st.just("readinto"), st.sampled_from([0, 1, 1000, 32768, CHUNK, 16 * CHUNK])),
)


@given(size=st.sampled_from(EDGE_SIZES), operations=st.lists(operation, max_size=20), source=st.integers(0, 2))
@settings(max_examples=examples(60), deadline=None)
def test_any_pattern_of_reads_and_seeks_equals_the_plaintext(
    size: int, operations: list[tuple[str, int]], source: int
) -> None:
    file = sealed(size)
    expected = io.BytesIO(plaintext(size))
    kinds = (io.BytesIO, ShortReads, OnlyRead)
    with age.open(kinds[source](file), [IDENTITY]) as reader:
        for kind, number in operations:
            if kind == "seek":
                assert reader.seek(number) == expected.seek(number)
            elif kind == "seek_end":
                back = -min(number, size)
                assert reader.seek(back, os.SEEK_END) == expected.seek(back, os.SEEK_END)
            elif kind == "read":
                assert reader.read(number) == expected.read(number)
            else:
                mine, theirs = bytearray(number), bytearray(number)
                assert reader.readinto(mine) == expected.readinto(theirs)
                assert mine == theirs
            assert reader.tell() == expected.tell()


@pytest.mark.parametrize("size", [0, 40, 2 * CHUNK, 2 * CHUNK + 777])
@given(data=st.data())
@settings(max_examples=examples(40), deadline=None, suppress_health_check=[HealthCheck.data_too_large])
def test_damage_is_noticed_before_a_wrong_byte_is_returned(size: int, data: st.DataObject) -> None:
    file = data.draw(damaged(sealed(size)))
    step = data.draw(st.sampled_from([1000, CHUNK, 3 * CHUNK]))
    if file == sealed(size):
        return
    noticed = False
    try:
        with age.open(io.BytesIO(file), [IDENTITY]) as reader:
            for start in range(0, reader.plaintext_size, step):
                reader.seek(start)
                got = reader.read(step)
                assert plaintext(size)[start:].startswith(got)
                noticed = noticed or len(got) < min(step, reader.plaintext_size - start)
    except age.AgeError:
        noticed = True
    assert noticed


@pytest.mark.parametrize("count", [3, 12, 20])
@pytest.mark.parametrize("bad", [0, 1, 2, 6, 9, 11, 18])
def test_a_bad_chunk_gives_the_bytes_before_it_and_leaves_no_trace_of_itself(count: int, bad: int) -> None:
    if bad >= count:
        pytest.skip("no such chunk")
    size = count * CHUNK + 100
    with age.open(io.BytesIO(_damaged_chunk(size, bad)), [IDENTITY]) as reader:
        buffer = bytearray(size)
        if bad:
            assert reader.readinto(buffer) == bad * CHUNK
        assert buffer[: bad * CHUNK] == plaintext(size)[: bad * CHUNK]
        with pytest.raises(age.PayloadError):
            reader.readinto(memoryview(buffer)[bad * CHUNK :])
        # The cipher has written the wrong plaintext before it knew: it must be gone from the caller's buffer.
        assert not any(buffer[bad * CHUNK :])
        with pytest.raises(age.PayloadError):
            reader.read(1)
        reader.seek(0)
        with pytest.raises(age.PayloadError):
            reader.read()
        reader.seek((bad + 1) * CHUNK)
        assert reader.read() == plaintext(size)[(bad + 1) * CHUNK :]


def test_a_bad_chunk_ahead_of_the_reader_does_not_spoil_what_comes_before_it() -> None:
    size = 20 * CHUNK
    with age.open(io.BytesIO(_damaged_chunk(size, 13)), [IDENTITY]) as reader:
        got = b""
        while len(got) < 13 * CHUNK:
            got += reader.read(1000)
        with pytest.raises(age.PayloadError):
            reader.read(1)
        assert got == plaintext(size)[: 13 * CHUNK]


def test_after_a_bad_chunk_nothing_old_is_taken_for_what_was_kept() -> None:
    size = 20 * CHUNK
    with age.open(io.BytesIO(_damaged_chunk(size, 5)), [IDENTITY]) as reader:
        assert reader.read(1000) == plaintext(size)[:1000]
        reader.seek(5 * CHUNK + 1)
        with pytest.raises(age.PayloadError):
            reader.read(1000)
        reader.seek(0)
        assert reader.read(1000) == plaintext(size)[:1000]


def test_the_final_chunk_is_checked_before_open_returns() -> None:
    size = 3 * CHUNK
    for file in (
        _damaged_chunk(size, 2),
        sealed(size)[:-1],
        sealed(size) + b"x",
        sealed(size)[:-SEALED_CHUNK],
        _damaged_chunk(0, 0),
        sealed(0)[:-16],
    ):
        with pytest.raises(age.PayloadError):
            age.open(io.BytesIO(file), [IDENTITY])


def test_a_file_that_shrinks_under_the_reader_gives_an_error_not_old_bytes() -> None:
    size = 20 * CHUNK
    source = io.BytesIO(sealed(size))
    with age.open(source, [IDENTITY]) as reader:
        assert reader.read(CHUNK) == plaintext(size)[:CHUNK]
        source.truncate(payload_start(sealed(size)) + 9 * SEALED_CHUNK + 500)
        reader.seek(0)
        buffer = bytearray(size)
        assert reader.readinto(buffer) == 9 * CHUNK
        assert buffer == plaintext(size)[: 9 * CHUNK] + bytes(size - 9 * CHUNK)
        with pytest.raises(age.PayloadError):
            reader.read(1)


def test_a_file_replaced_under_the_reader_gives_an_error() -> None:
    size = 3 * CHUNK
    source = io.BytesIO(sealed(size))
    other = io.BytesIO()
    age.encrypt(io.BytesIO(bytes(size)), other, [IDENTITY.recipient()])
    with age.open(source, [IDENTITY]) as reader:
        source.seek(0)
        source.write(other.getvalue())
        with pytest.raises(age.PayloadError):
            reader.read(CHUNK)


class _Unreliable(io.BytesIO):
    broken_from = 1 << 40

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.tell() > self.broken_from:
            raise OSError("the disk is gone")
        return super().readinto(buffer)


@pytest.mark.parametrize("broken", [7, 20], ids=["in the first run", "in a later run"])
def test_an_error_of_the_source_passes_through_and_the_reader_recovers(broken: int) -> None:
    size = 33 * CHUNK
    source = _Unreliable(sealed(size))
    with age.open(source, [IDENTITY]) as reader:
        source.broken_from = broken * SEALED_CHUNK
        buffer = bytearray(size)
        with pytest.raises(OSError, match="the disk is gone"):
            reader.readinto(buffer)
        buffer.clear()  # the second thread holds no view of it any more
        assert reader.tell() == 0
        with pytest.raises(OSError, match="the disk is gone"):
            reader.read(size)
        assert reader.tell() == 0
        source.broken_from = 1 << 40
        assert reader.read() == plaintext(size)


def test_without_a_second_thread_the_bytes_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_thread(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    size = 33 * CHUNK + 1
    with age.open(io.BytesIO(sealed(size)), [IDENTITY]) as reader:
        monkeypatch.setattr(threading.Thread, "start", no_thread)
        buffer = bytearray(size)
        assert reader.readinto(buffer) == size
        assert buffer == plaintext(size)


def test_close_wipes_ends_the_thread_and_drops_the_key() -> None:
    size = 20 * CHUNK
    source = io.BytesIO(sealed(size))
    before = threading.active_count()
    reader = age.open(source, [IDENTITY])
    reader.readinto(bytearray(size))
    assert reader.read(0) == b""
    reader.seek(10)
    assert reader.read(40) == plaintext(size)[10:50]
    assert any(reader._window)
    reader.close()
    reader.close()
    assert not any(reader._window)
    assert reader._chunks._cipher is None
    assert threading.active_count() == before
    assert not source.closed
    for use in (reader.read, reader.tell, lambda: reader.seek(0), lambda: reader.readinto(bytearray(1))):
        with pytest.raises(ValueError, match="closed"):
            use()


def test_close_source_closes_the_source_also_when_opening_fails() -> None:
    source = io.BytesIO(sealed(40))
    age.open(source, [IDENTITY], close_source=True).close()
    assert source.closed
    for file, identity in ((sealed(40), age.generate_identity()), (sealed(40)[:-1], IDENTITY), (b"", IDENTITY)):
        source = io.BytesIO(file)
        with pytest.raises(age.AgeError):
            age.open(source, [identity], close_source=True)
        assert source.closed


def test_positions_and_refusals_are_those_of_a_raw_file() -> None:
    with age.open(io.BytesIO(sealed(40)), [IDENTITY]) as reader:
        assert reader.readable()
        assert reader.seekable()
        assert not reader.writable()
        assert reader.seek(5) == 5
        assert reader.seek(2, os.SEEK_CUR) == 7
        assert reader.seek(1000) == 1000
        assert reader.read(5) == b""
        with pytest.raises(ValueError, match="before the start"):
            reader.seek(-41, os.SEEK_END)
        with pytest.raises(ValueError, match="whence"):
            reader.seek(0, 9)
        with pytest.raises(io.UnsupportedOperation):
            reader.write(b"x")
        reader.seek(0)
        assert io.BufferedReader(reader).read(7) == plaintext(40)[:7]


def test_the_position_of_the_source_does_not_matter_and_may_move() -> None:
    size = 5 * CHUNK
    source = io.BytesIO(sealed(size))
    source.seek(0, os.SEEK_END)
    moves = random.Random(1)
    with age.open(source, [IDENTITY]) as reader:
        while got := reader.read(30_000):
            assert plaintext(size)[reader.tell() - len(got) :].startswith(got)
            source.seek(moves.randrange(len(sealed(size))))


def test_sealed_buffers_stay_small_however_large_the_file() -> None:
    size = 33 * CHUNK
    with age.open(io.BytesIO(sealed(size)), [IDENTITY]) as reader:
        assert len(reader._window) == chunks.MAX_RUN * CHUNK
        assert len(reader._chunks._sealed) == chunks.MAX_RUN * SEALED_CHUNK


@pytest.mark.parametrize("kind", [io.BytesIO, OnlyRead])
def test_bytes_of_an_earlier_read_are_never_given_for_a_file_that_shrank(kind: type[io.BytesIO]) -> None:
    size = 20 * CHUNK
    source = kind(sealed(size))
    with age.open(source, [IDENTITY]) as reader:
        buffer = bytearray(16 * CHUNK)
        assert reader.readinto(buffer) == len(buffer)
        (source if isinstance(source, io.BytesIO) else source._file).truncate(3 * SEALED_CHUNK)
        reader.seek(0)
        buffer = bytearray(16 * CHUNK)
        assert reader.readinto(buffer) == 2 * CHUNK
        assert buffer == plaintext(size)[: 2 * CHUNK] + bytes(14 * CHUNK)
        with pytest.raises(age.PayloadError):
            reader.readinto(buffer)


def test_forget_zeroes_what_was_decrypted_without_closing() -> None:
    identity = age.generate_x25519_identity()
    sealed = io.BytesIO()
    age.encrypt(io.BytesIO(b"synthetic " * 20_000), sealed, [identity.recipient()])
    reader = age.open(sealed, [identity])
    assert reader.read(10) == b"synthetic "
    assert b"synthetic" in bytes(reader._window)
    reader.forget()
    assert not bytes(reader._window).strip(b"\0")
    reader.close()


def test_alone_it_decrypts_the_same_without_a_thread() -> None:
    size = 33 * CHUNK + 7
    for alone in (True, False):
        with age.open(io.BytesIO(sealed(size)), [IDENTITY]) as reader:
            if alone:
                reader.decrypt_alone()
            assert reader.readall() == plaintext(size)
            assert ("age-chunks" in {thread.name for thread in threading.enumerate()}) is not alone
