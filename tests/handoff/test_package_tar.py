"""The inner tar: the same bytes each time and from any offset, read by others, items digested on the way."""

from __future__ import annotations

import io
import subprocess
import tarfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packages import BUILT_AT, FOLDER, SIZES, Reader, a_plan, evidence, items, noise
from sampling import examples

from reviewer.handoff.errors import ItemDamaged, NameUnusable
from reviewer.handoff.inner_tar import TarSource
from reviewer.handoff.item_reading import ItemReading
from reviewer.handoff.plan import Document, Evidence, Plan
from reviewer.handoff.tar_layout import TarLayout, tar_header
from reviewer.model.errors import CaseSystemUnreachable, HandoffError

MTIME = int(BUILT_AT.timestamp())
GIB = 1 << 30


@contextmanager
def source_of(plan: Plan) -> Iterator[TarSource]:
    source = TarSource(plan)
    try:
        yield source
    finally:
        source.close()


def whole(plan: Plan) -> bytes:
    with source_of(plan) as source:
        return source.read()


@pytest.fixture(scope="module")
def everything() -> bytes:
    return whole(a_plan())


def test_python_reads_it_and_nothing_tells_whose_machine_it_was(everything: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(everything)) as archive:
        members = archive.getmembers()
        assert [one.name for one in members] == [f"{FOLDER}/{entry.path}" for entry in a_plan().entries]
        for one in members:
            assert (one.uid, one.gid, one.uname, one.gname, one.mode, one.mtime, one.type) == (
                0, 0, "", "", 0o644, MTIME, tarfile.REGTYPE,
            )  # fmt: skip
        for number, size in enumerate(SIZES):
            file = archive.extractfile(f"{FOLDER}/data/items/2026-01843_{number:03}.bin")
            assert file is not None
            assert file.read() == noise(number, size)


def test_it_is_what_pythons_tarfile_writes(everything: bytes) -> None:
    expected = io.BytesIO()
    with tarfile.open(fileobj=expected, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for entry in a_plan().entries:
            content = entry.content if isinstance(entry, Document) else entry.open().read()  # type: ignore[attr-defined]
            told = tarfile.TarInfo(f"{FOLDER}/{entry.path}")
            told.size, told.mtime = len(content), MTIME
            archive.addfile(told, io.BytesIO(content))
    assert everything == expected.getvalue()


def test_same_plan_same_bytes(everything: bytes) -> None:
    assert whole(a_plan(items(SIZES, most=1000))) == everything


@settings(max_examples=examples(40), deadline=None)
@given(
    offset=st.integers(0, TarLayout.of(a_plan()).size + 10_000),
    sizes=st.lists(st.integers(0, 300_000), max_size=4),
    back=st.integers(0, 200_000),
    most=st.sampled_from([None, 7000]),
)
def test_from_any_offset_and_back(
    everything: bytes, offset: int, sizes: list[int], back: int, most: int | None
) -> None:
    with source_of(a_plan(items(SIZES, most))) as source:
        for start in (offset, max(0, offset - back)):
            assert source.seek(start) == start
            position = start
            for size in sizes:
                piece = source.read(size)
                assert piece == everything[position : position + size]
                position += len(piece)
                assert source.tell() == position


def test_seeking_as_files_do(everything: bytes) -> None:
    with source_of(a_plan()) as source:
        assert source.seek(-10, 2) == len(everything) - 10 == source.size - 10
        assert source.seek(-5, 1) == len(everything) - 15
        assert source.read() == everything[-15:]
        assert source.read(5) == b""
        with pytest.raises(ValueError, match="before the start"):
            source.seek(-1)


def test_one_item_is_open_at_a_time() -> None:
    Reader.most_opened = 0
    whole(a_plan(items([5000] * 30)))
    assert (Reader.most_opened, Reader.opened) == (1, 0)


@pytest.mark.parametrize("size", [0, 1, 1000, 3_000_000])
def test_an_item_that_is_not_what_was_registered(size: int) -> None:
    # The last byte is nought, so that it shows when what is missing is taken for noughts.
    content = noise(1, size)[:-1] + bytes(min(1, size))
    wrong = {"longer": content + b"x"}
    if size:
        wrong["shorter"] = content[:-1]
        wrong["another"] = content[:-1] + bytes([content[-1] ^ 1])
    for found in wrong.values():
        one = evidence("data/items/a.bin", content, lambda found=found: Reader(found))  # type: ignore[misc]
        with source_of(a_plan([evidence("data/items/0.bin", b"before"), one])) as source, pytest.raises(ItemDamaged):
            source.read()
    assert Reader.opened == 0


def test_a_damaged_items_last_byte_never_comes_out() -> None:
    content = noise(1, 3_000_000)
    one = evidence("data/items/a.bin", content, lambda: Reader(b"?" + content[1:]))
    end = next(
        placed.content + placed.size for placed in TarLayout.of(a_plan([one])).files if placed.entry.path == one.path
    )
    with source_of(a_plan([one])) as source:
        while source.tell() < end - 10_000:
            source.read(10_000)
        with pytest.raises(ItemDamaged):
            source.read(end - source.tell())


def test_begun_in_the_middle_an_item_is_digested_from_its_beginning() -> None:
    content = noise(1, 3_000_000)
    one = evidence("data/items/a.bin", content, lambda: Reader(b"?" + content[1:]))
    layout = TarLayout.of(a_plan([one]))
    placed = next(placed for placed in layout.files if placed.entry is one)
    with source_of(a_plan([one])) as source:
        source.seek(placed.content + 2_999_000)
        with pytest.raises(ItemDamaged):
            source.read()
        source.seek(placed.end)
        assert len(source.read()) == layout.size - placed.end


def test_what_reading_raises_passes_and_reading_again_begins_anew(everything: bytes) -> None:
    plan, fails = a_plan(), [True]
    first = next(entry for entry in plan.entries if isinstance(entry, Evidence))

    def flaky() -> Reader:
        if fails:
            fails.clear()
            raise CaseSystemUnreachable
        return Reader(noise(0, SIZES[0]))

    flaked = evidence(first.path, noise(0, SIZES[0]), flaky)
    with source_of(Plan(FOLDER, BUILT_AT, tuple(flaked if one is first else one for one in plan.entries))) as source:
        source.seek(100)
        with pytest.raises(CaseSystemUnreachable):
            source.read(5000)
        assert source.tell() == 100
        assert source.read() == everything[100:]


def test_an_error_of_the_system_while_an_item_is_read_is_not_taken_for_the_targets() -> None:
    def broken() -> Reader:
        raise OSError(5, "Input/output error")

    plan = a_plan([evidence("data/items/a.bin", b"1", broken)])
    with source_of(plan) as source, pytest.raises(HandoffError, match="could not be read on this machine"):
        source.read()


def test_who_waits_for_a_slow_item_is_asked_and_closing_does_not_wait_for_it() -> None:
    released = threading.Event()

    class Slow(Reader):
        def readinto(self, target: memoryview, /) -> int:  # type: ignore[override]
            released.wait(20)
            return super().readinto(target)

    class Enough(Exception):
        pass

    def waiting() -> None:
        raise Enough

    content = noise(1, 1000)
    source = TarSource(a_plan([evidence("data/items/a.bin", content, lambda: Slow(content))]), waiting=waiting)
    start = time.monotonic()
    with pytest.raises(Enough):
        source.read()
    source.close()
    assert time.monotonic() - start < 5  # a fraction of a second, but on a machine that is busy with other things
    released.set()


@pytest.mark.parametrize("size", [8 * GIB - 1, 8 * GIB, 10 * 10**9, 3 << 42])
def test_sizes_that_octal_digits_do_not_hold(size: int, tmp_path: Path) -> None:
    path = f"{FOLDER}/data/items/long.mp4"
    told = tarfile.TarInfo.frombuf(tar_header(path, size, MTIME), "ascii", "strict")
    assert (told.name, told.size, told.mtime) == (path, size, MTIME)
    if size < 1 << 40:
        # A file with nothing but holes after its first block.
        large = tmp_path / "large.tar"
        large.write_bytes(tar_header(path, size, MTIME))
        with large.open("r+b") as file:
            file.truncate(512 + -(-size // 512) * 512 + 1024)
        listed = subprocess.run(["tar", "-tvf", large], capture_output=True, text=True, check=True, timeout=60).stdout
        assert listed.split()[2] == str(size)
        assert listed.split()[-1] == path


def test_what_comes_after_a_large_item_lies_where_it_belongs() -> None:
    size = 9 * GIB + 5
    layout = TarLayout.of(a_plan([Evidence("data/items/a.bin", size, "00" * 32, lambda: pytest.fail("opened"))]))
    at = next(number for number, placed in enumerate(layout.files) if placed.size == size)
    assert layout.files[at + 1].start == layout.files[at].content + 9 * GIB + 512
    assert layout.size > 9 * GIB
    assert layout.size % 10240 == 0


def test_a_long_folder_and_a_long_name_fit_and_longer_ones_are_refused() -> None:
    folder, name = "f" * 100, "n" * 96 + ".bin"
    plan = a_plan([evidence(f"data/items/{name}", b"1")])
    with tarfile.open(fileobj=io.BytesIO(whole(Plan(folder, BUILT_AT, plan.entries)))) as archive:
        assert f"{folder}/data/items/{name}" in archive.getnames()
    for folder_name, path in (("f" * 101, "x"), ("f", "n" * 101), ("..", "x"), ("f", "../x"), ("ä", "x")):
        with pytest.raises(NameUnusable):
            TarLayout.of(Plan(folder_name, BUILT_AT, (Document(path, b""),)))


@pytest.mark.parametrize("most", [None, 300_000, 524_288])
def test_what_was_given_out_may_be_written_over_at_once(most: int | None) -> None:
    """It is digested on another thread, which must be done with it by then."""
    content = noise(5, 3_000_001)
    reading = ItemReading(evidence("data/items/a.bin", content, lambda: Reader(content, most)))
    target, found = bytearray(1_048_576), b""
    try:
        while len(found) < len(content):
            count = reading.readinto(memoryview(target))
            found += target[:count]
            target[:count] = b"?" * count
    finally:
        reading.close()
    assert found == content


def test_without_a_thread_to_be_had_it_is_slower_and_not_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(self: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    content = noise(5, 3_000_001)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", none_left)
        reading = ItemReading(evidence("data/items/a.bin", content))
    try:
        target = bytearray(len(content))
        assert reading.readinto(memoryview(target)) == len(content)
        assert target == content
    finally:
        reading.close()
    assert Reader.opened == 0
