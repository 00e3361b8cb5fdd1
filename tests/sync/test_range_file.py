"""The ciphertext as a seekable file: every byte the right one, short of a server that answers."""

from __future__ import annotations

import io
import random
import threading
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from patience import PATIENCE_S

from reviewer.model.errors import CaseSystemNonsense, CaseSystemUnreachable, SyncError
from reviewer.sync.errors import ReadingEnded
from reviewer.sync.ranges import BLOCK, MAX_AHEAD, RangeFile

SIZES = [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 17, 2 * MAX_AHEAD * BLOCK + 3]
BLOBS = {size: random.Random(size).randbytes(size) for size in SIZES}


class Remote:
    def __init__(self, blob: bytes, failures: int = 0) -> None:
        self.blob = blob
        self.failures = failures
        self.asked: list[tuple[int, int]] = []

    def fetch(self, first: int, end: int) -> bytes:
        self.asked.append((first, end))
        assert 0 <= first < end <= len(self.blob)
        if self.failures:
            self.failures -= 1
            raise CaseSystemUnreachable
        return self.blob[first:end]


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_pattern_of_reads_and_seeks_equals_the_blob(data: st.DataObject) -> None:
    blob = BLOBS[data.draw(st.sampled_from(SIZES))]
    remote, local = RangeFile(len(blob), Remote(blob).fetch), io.BytesIO(blob)
    for _ in range(data.draw(st.integers(1, 8))):
        if data.draw(st.booleans()):
            place = data.draw(st.integers(0, len(blob) + 5))
            assert remote.seek(place) == local.seek(place)
        size = data.draw(st.sampled_from([0, 1, 16, 65552, BLOCK, BLOCK + 1, 3 * BLOCK]))
        assert remote.read(size) == local.read(size)
        assert remote.tell() == local.tell()


def test_from_the_end_and_from_here() -> None:
    blob = BLOBS[5 * BLOCK + 17]
    remote = RangeFile(len(blob), Remote(blob).fetch)
    assert remote.seek(-17, io.SEEK_END) == len(blob) - 17
    assert remote.read() == blob[-17:]
    assert remote.seek(-7, io.SEEK_CUR) == len(blob) - 7
    assert remote.readall() == blob[-7:]
    with pytest.raises(ValueError):
        remote.seek(-1)


def test_header_and_last_chunk_cost_two_requests_and_what_is_near_is_kept() -> None:
    blob = random.Random(1).randbytes(40 * BLOCK)
    server = Remote(blob)
    remote = RangeFile(len(blob), server.fetch)
    remote.read(1000)
    remote.seek(-65552, io.SEEK_END)
    remote.read(65552)
    assert server.asked == [(0, BLOCK), (39 * BLOCK, 40 * BLOCK)]
    remote.seek(0)
    remote.read(BLOCK)
    assert len(server.asked) == 2


def test_what_can_be_kept_whole_is_fetched_at_once() -> None:
    blob = random.Random(1).randbytes(2 * MAX_AHEAD * BLOCK)
    server = Remote(blob)
    remote = RangeFile(len(blob), server.fetch)
    remote.seek(-17, io.SEEK_END)
    assert remote.read(17) == blob[-17:]
    remote.seek(0)
    assert remote.readall() == blob
    assert server.asked == [(0, len(blob))]


def test_reading_on_asks_for_more_at_a_time_and_keeps_little() -> None:
    blob = random.Random(1).randbytes(64 * BLOCK)
    server = Remote(blob)
    remote = RangeFile(len(blob), server.fetch)
    assert b"".join(iter(lambda: remote.read(65536), b"")) == blob
    assert len(server.asked) < 14
    assert max(end - first for first, end in server.asked) == MAX_AHEAD * BLOCK
    assert sum(map(len, remote._blocks.values())) <= 2 * MAX_AHEAD * BLOCK


def test_a_short_outage_is_not_noticed_and_a_long_one_is_said() -> None:
    blob = BLOBS[2 * MAX_AHEAD * BLOCK + 3]
    pauses: list[float] = []
    server = Remote(blob, failures=3)
    remote = RangeFile(len(blob), server.fetch, pause=pauses.append)
    assert remote.read(10) == blob[:10]
    assert len(pauses) == 3
    server.failures = 4
    remote.seek(-1, io.SEEK_END)
    with pytest.raises(CaseSystemUnreachable):
        remote.read(1)
    assert remote.read(1) == blob[-1:]


def test_a_lie_is_not_asked_for_again() -> None:
    asked = []

    def lies(first: int, end: int) -> bytes:
        asked.append(first)
        raise CaseSystemNonsense

    with pytest.raises(CaseSystemNonsense):
        RangeFile(100, lies).read(1)
    assert asked == [0]


def test_closed_is_closed() -> None:
    remote = RangeFile(10, Remote(b"0123456789").fetch)
    remote.close()
    remote.close()
    with pytest.raises(ValueError):
        remote.read(1)


class Blocked:
    """A read on another thread, blocked in its fetch until `let_go`."""

    def __init__(self) -> None:
        self.let_go = threading.Event()
        self.blocked = threading.Event()
        self.asked = 0
        self.file = RangeFile(10, self._fetch)
        self.ended: list[BaseException] = []
        self._thread = threading.Thread(target=self._read, name="reader")

    def _fetch(self, first: int, end: int) -> bytes:
        self.asked += 1
        self.blocked.set()
        self.let_go.wait(2 * PATIENCE_S)
        raise CaseSystemUnreachable

    def _read(self) -> None:
        try:
            self.file.read(1)
        except SyncError as error:
            self.ended.append(error)

    def __enter__(self) -> Blocked:
        self._thread.start()
        assert self.blocked.wait(PATIENCE_S)
        return self

    def __exit__(self, *_: object) -> None:
        self.let_go.set()
        self._thread.join(PATIENCE_S)

    def wait(self, seconds: float) -> bool:
        self._thread.join(seconds)
        return not self._thread.is_alive()


def test_abort_ends_a_read_that_is_blocked_at_once() -> None:
    with Blocked() as reader:
        assert not reader.wait(0.2)
        reader.file.abort()
        assert reader.wait(PATIENCE_S)
        assert [type(error) for error in reader.ended] == [ReadingEnded]
        with pytest.raises(ReadingEnded):
            reader.file.read(1)
        reader.file.abort()
        reader.file.close()
    assert reader.asked == 1


def test_abort_ends_the_wait_for_another_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.sync.ranges.delay_s", lambda *_failures, **_how: PATIENCE_S)
    asked = threading.Event()

    def fetch(first: int, end: int) -> bytes:
        asked.set()
        raise CaseSystemUnreachable

    remote = RangeFile(10, fetch)
    ended: list[float] = []

    def read() -> None:
        with pytest.raises(ReadingEnded):
            remote.read(1)
        ended.append(time.monotonic())

    reader = threading.Thread(target=read)
    reader.start()
    assert asked.wait(PATIENCE_S)
    began = time.monotonic()
    remote.abort()
    reader.join(PATIENCE_S)
    assert ended[0] - began < PATIENCE_S / 2


def test_what_is_here_already_is_not_given_after_abort() -> None:
    remote = RangeFile(10, Remote(b"0123456789").fetch)
    assert remote.read(1) == b"0"
    remote.abort()
    with pytest.raises(ReadingEnded):
        remote.read(1)


def test_it_reads_into_any_buffer() -> None:
    blob = BLOBS[BLOCK + 1]
    remote = RangeFile(len(blob), Remote(blob).fetch)
    buffer = bytearray(BLOCK + 100)
    assert remote.readinto(memoryview(buffer)) == BLOCK + 1
    assert bytes(buffer[: BLOCK + 1]) == blob
    with io.BufferedReader(remote, 65536) as buffered:
        buffered.seek(5)
        assert buffered.read(7) == blob[5:12]
