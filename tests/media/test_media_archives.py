"""Archives in the real sealed worker: every file comes out whole, and what is hostile ends soon with its code."""

from __future__ import annotations

import gzip
import io
import random
import zipfile
from collections.abc import Callable

import py7zr
import pytest
from archive_samples import linked_tar, locked_zip, overlapping_zip, seven_zip_of, tar_of, words, zip_of
from effort import processor_s

from reviewer.media.broker import Broker
from reviewer.media.opened import OpenedItem
from reviewer.model.errors import DamagedMedia, MediaError, MediaTooLarge, UnsupportedFormat
from reviewer.model.levels import Kind

# One is more than a read gives at once, and mostly nothing, which is quick to press.
FILES = {
    "first.txt": words(1),
    "folder/second.bin": random.Random(5).randbytes(50_000) + bytes(980_000) + random.Random(6).randbytes(50_000),
    "empty.txt": b"",
    "third.txt": words(3),
}


def unpacked(item: OpenedItem, index: int) -> bytes:
    whole = bytearray()
    while data := item.read_part(index, len(whole)):
        whole += data
    return bytes(whole)


# Made by the test that reads them: to press them takes longer than to unpack them.
ARCHIVES: dict[str, Callable[[], bytes]] = {
    "zip stored": lambda: zip_of(FILES, zipfile.ZIP_STORED),
    "zip deflate": lambda: zip_of(FILES, zipfile.ZIP_DEFLATED),
    "zip bzip2": lambda: zip_of(FILES, zipfile.ZIP_BZIP2),
    "zip lzma": lambda: zip_of(FILES, zipfile.ZIP_LZMA),
    "tar": lambda: tar_of(FILES),
    "tar.gz": lambda: tar_of(FILES, "gz"),
    "tar.bz2": lambda: tar_of(FILES, "bz2"),
    "tar.xz": lambda: tar_of(FILES, "xz"),
    "7z lzma2": lambda: seven_zip_of(FILES),
    "7z lzma": lambda: seven_zip_of(FILES, py7zr.FILTER_LZMA),
    "7z bzip2": lambda: seven_zip_of(FILES, py7zr.FILTER_BZIP2),
    "7z deflate": lambda: seven_zip_of(FILES, py7zr.FILTER_DEFLATE),
    "7z zstd": lambda: seven_zip_of(FILES, py7zr.FILTER_ZSTD),
    "7z stored": lambda: seven_zip_of(FILES, py7zr.FILTER_COPY),
}


@pytest.mark.parametrize("kind", ARCHIVES)
def test_every_file_comes_out_whole_in_order_and_out_of_it(broker: Broker, kind: str) -> None:
    item = broker.open(io.BytesIO(ARCHIVES[kind]()))
    assert item.facts.kind is Kind.ARCHIVE
    assert item.holds_parts
    assert not item.viewable
    parts = item.parts()
    by_name = {name.rpartition("/")[2]: data for name, data in FILES.items()}
    assert {part.name: part.size for part in parts} == {name: len(data) for name, data in by_name.items()}
    for index in [*range(len(parts)), *reversed(range(len(parts)))]:
        assert unpacked(item, index) == by_name[parts[index].name]
    assert item.read_part(0, 10 << 20) == b""
    item.close()


def test_one_compressed_file_is_one_part(broker: Broker) -> None:
    out = io.BytesIO()
    with gzip.GzipFile("notes.txt", "wb", fileobj=out) as file:
        file.write(words(7))
    item = broker.open(io.BytesIO(out.getvalue()))
    assert [part.name for part in item.parts()] == ["notes.txt"]
    assert unpacked(item, 0) == words(7)
    item.close()


def test_a_large_compressed_tar_is_one_file_to_be_unpacked_by_itself(broker: Broker) -> None:
    noise = random.Random(3).randbytes(4 << 20)
    tar = tar_of({f"{n}.bin": noise for n in range(66)})
    item = broker.open(io.BytesIO(gzip.compress(tar, 0)))
    assert len(item.parts()) == 1
    assert item.read_part(0, 0) == tar[: 1 << 20]
    item.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda: locked_zip(words(1)),
        lambda: seven_zip_of({"a.txt": words(1)}, password="words"),
        lambda: seven_zip_of({"a.txt": words(1)}, password="words", hide=True),
    ],
    ids=["zip", "7z", "7z with hidden names"],
)
def test_an_encrypted_archive_is_an_item_that_cannot_be_unpacked(broker: Broker, make) -> None:  # type: ignore[no-untyped-def]
    item = broker.open(io.BytesIO(make()))
    assert item.facts.kind is Kind.ARCHIVE
    for _ in range(2):
        with pytest.raises(UnsupportedFormat):
            item.parts()
    assert len(item.fingerprints().sha256) == 64
    item.close()


def test_a_method_whose_library_cannot_be_trusted_is_refused(broker: Broker) -> None:
    item = broker.open(io.BytesIO(seven_zip_of({"a.txt": words(1)}, py7zr.FILTER_PPMD)))
    with pytest.raises(UnsupportedFormat):
        item.read_part(0, 0)
    item.close()


@pytest.mark.parametrize(
    "make",
    [
        lambda: overlapping_zip(),
        lambda: seven_zip_of({"zeros": bytes(70 << 20)}, py7zr.FILTER_ZSTD),
        lambda: zip_of({f"{n}.txt": b"" for n in range(10_001)}, zipfile.ZIP_STORED),
    ],
    ids=["overlapping members", "zeros", "too many files"],
)
def test_bombs_are_refused_by_what_they_declare(broker: Broker, make) -> None:  # type: ignore[no-untyped-def]
    data = make()
    item = broker.open(io.BytesIO(data))
    with pytest.raises(MediaTooLarge):
        item.parts()
    assert processor_s(item) < 5
    item.close()


def test_a_bomb_that_declares_nothing_is_stopped_while_it_unfolds(broker: Broker) -> None:
    item = broker.open(io.BytesIO(gzip.compress(bytes(80 << 20))))
    assert len(item.parts()) == 1
    with pytest.raises(MediaTooLarge):
        unpacked(item, 0)
    assert processor_s(item) < 5
    item.close()


def test_a_compressed_tar_that_is_a_bomb_is_refused_while_it_is_listed(broker: Broker) -> None:
    item = broker.open(io.BytesIO(tar_of({"zeros": bytes(80 << 20), "more": b"x"}, "gz")))
    with pytest.raises(MediaTooLarge):
        item.parts()
    item.close()


def test_links_and_devices_are_left_out_and_no_name_is_a_path(broker: Broker) -> None:
    item = broker.open(io.BytesIO(linked_tar()))
    assert [part.name for part in item.parts()] == ["real.txt"]
    assert unpacked(item, 0) == b"plain"
    item.close()
    names = ["../../up.txt", "/etc/absolute.txt", "C:\\windows\\drive.txt", "bell\x07\u202etxt.exe", ".."]
    item = broker.open(io.BytesIO(zip_of(dict.fromkeys(names, b"x"))))
    shown = [part.name for part in item.parts()]
    assert shown == ["up.txt", "absolute.txt", "drive.txt", "belltxt.exe", ""]
    item.close()


def test_a_symbolic_link_in_a_zip_is_left_out(broker: Broker) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, 0o120777 << 16
        file.writestr(link, "/etc/passwd")
        file.writestr("real.txt", b"plain")
    item = broker.open(io.BytesIO(out.getvalue()))
    assert [part.name for part in item.parts()] == ["real.txt"]
    item.close()


def test_one_damaged_member_leaves_the_others_readable(broker: Broker) -> None:
    data = bytearray(zip_of(FILES, zipfile.ZIP_STORED))
    data[data.index(FILES["first.txt"][:40]) + 900] ^= 0xFF
    item = broker.open(io.BytesIO(bytes(data)))
    with pytest.raises(DamagedMedia):
        unpacked(item, 0)
    assert unpacked(item, 1) == FILES["folder/second.bin"]
    item.close()


def test_a_cut_tar_gives_what_it_still_holds(broker: Broker) -> None:
    whole = tar_of(FILES)
    item = broker.open(io.BytesIO(whole[: whole.index(FILES["third.txt"][:60]) + 5000]))
    assert unpacked(item, 0) == FILES["first.txt"]
    last = len(item.parts()) - 1
    assert item.parts()[last].name == "third.txt"
    with pytest.raises(DamagedMedia):
        unpacked(item, last)
    item.close()


@pytest.mark.parametrize(
    "kind",
    [
        "zip deflate",
        "7z lzma2",
        *(pytest.param(kind, marks=pytest.mark.fuzz) for kind in ("tar", "tar.gz", "7z bzip2")),
    ],
)
def test_mutated_archives_end_with_a_code_and_never_give_more_than_they_may(broker: Broker, kind: str) -> None:
    rng = random.Random(f"mutated {kind}")
    small = {"a.txt": words(1, 300), "b.txt": words(2, 300)}
    whole = {
        "zip deflate": zip_of(small),
        "tar": tar_of(small),
        "tar.gz": tar_of(small, "gz"),
        "7z lzma2": seven_zip_of(small),
        "7z bzip2": seven_zip_of(small, py7zr.FILTER_BZIP2),
    }[kind]
    for _ in range(40):
        data = bytearray(whole)
        for _ in range(rng.choice((1, 3, 20))):
            # Where indexes lie: at the beginning and at the end.
            at = rng.choice((rng.randrange(len(data)), rng.randrange(min(600, len(data))), -rng.randrange(1, 200)))
            data[at] = rng.randrange(256)
        if rng.random() < 0.2:
            del data[rng.randrange(40, len(data)) :]
        item = broker.open(io.BytesIO(bytes(data)))
        try:
            for index, _part in enumerate(item.parts()):
                assert len(unpacked(item, index)) < 64 << 20
        except MediaError as error:
            assert error.code in {"M002", "M003", "M004"}, error.code  # noqa: PT017
        finally:
            item.close()
