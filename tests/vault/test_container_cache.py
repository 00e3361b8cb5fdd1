"""The ciphertext cache: whole, right and durable, or not there."""

from __future__ import annotations

import hashlib
import os
import resource
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from reviewer.model.errors import StoreDamaged, StoreUnavailable
from reviewer.vault.containers import ContainerCache

WHOLE = os.urandom(300_000)
DIGEST = hashlib.sha256(WHOLE).hexdigest()


def blocks(data: bytes = WHOLE) -> Iterator[bytes]:
    for start in range(0, len(data), 65_536):
        yield data[start : start + 65_536]


def test_what_was_put_is_what_is_read(tmp_path: Path) -> None:
    cache = ContainerCache(tmp_path / "c")
    assert cache.open("i-1") is None
    assert cache.size() == 0
    path = cache.put("i-1", blocks(), sha256=DIGEST.upper(), size=len(WHOLE))
    file = cache.open("i-1")
    assert file is not None
    with file:
        assert file.read() == WHOLE
    assert cache.sha256("i-1") == DIGEST
    assert cache.size() == len(WHOLE)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    cache.evict("i-1")
    cache.evict("i-1")
    assert not cache.holds("i-1")
    assert cache.sha256("i-1") is None


@pytest.mark.parametrize("data", [b"", WHOLE[:-1], WHOLE + b"x", bytes(len(WHOLE))])
def test_what_is_not_as_registered_is_not_kept(tmp_path: Path, data: bytes) -> None:
    cache = ContainerCache(tmp_path)
    with pytest.raises(StoreDamaged):
        cache.put("i-1", blocks(data), sha256=DIGEST, size=len(WHOLE))
    assert list(tmp_path.iterdir()) == []


def test_a_broken_stream_leaves_the_older_container(tmp_path: Path) -> None:
    cache = ContainerCache(tmp_path)
    cache.put("i-1", blocks(), sha256=DIGEST, size=len(WHOLE))

    def broken() -> Iterator[bytes]:
        yield WHOLE[:1000]
        raise ConnectionError

    with pytest.raises(StoreUnavailable):
        cache.put("i-1", broken(), sha256=DIGEST, size=len(WHOLE))
    assert cache.sha256("i-1") == DIGEST
    assert len(list(tmp_path.iterdir())) == 1


def test_an_endless_stream_is_cut_off_at_the_size_promised(tmp_path: Path) -> None:
    def endless() -> Iterator[bytes]:
        while True:
            yield bytes(65_536)

    with pytest.raises(StoreDamaged):
        ContainerCache(tmp_path).put("i-1", endless(), sha256=DIGEST, size=1 << 20)


@pytest.mark.parametrize("item_id", ["", "../x", "a/b", ".hidden", "x" * 101, "a\0b", "a b"])
def test_an_item_id_is_never_a_path(tmp_path: Path, item_id: str) -> None:
    with pytest.raises(ValueError):
        ContainerCache(tmp_path).open(item_id)


@pytest.mark.parametrize("size", [-1, 1 << 60])
def test_senseless_sizes_are_refused_before_anything_is_written(tmp_path: Path, size: int) -> None:
    with pytest.raises(StoreDamaged):
        ContainerCache(tmp_path).put("i-1", blocks(), sha256=DIGEST, size=size)
    assert list(tmp_path.iterdir()) == []


def test_leftovers_of_a_power_cut_are_swept(tmp_path: Path) -> None:
    cache = ContainerCache(tmp_path)
    cache.put("i-1", blocks(), sha256=DIGEST, size=len(WHOLE))
    (tmp_path / "i-2.age.part").write_bytes(b"half")
    cache.sweep()
    assert [path.name for path in tmp_path.iterdir()] == ["i-1.age"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and RLIMIT_FSIZE")
def test_a_full_disk_is_said_to_be_full_and_leaves_nothing(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            ContainerCache(tmp_path).put("i-1", blocks(), sha256=DIGEST, size=len(WHOLE))
        except StoreUnavailable as error:
            os._exit(0 if "full" in str(error) and not list(tmp_path.iterdir()) else 2)
        os._exit(3)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
