"""The ZIP envelope: other tools' reading of it, its size, every changed byte, its memory, its passphrase."""

from __future__ import annotations

import io
import shutil
import subprocess
import tracemalloc
from pathlib import Path

import pytest
from envelope_samples import Plain, plaintext, unchecked
from sampling import some
from stream_unzip import stream_unzip

from reviewer.handoff import zip_envelope
from reviewer.handoff.errors import CannotResume, PackageRefused
from reviewer.handoff.zip_envelope import ZipEnvelope, fresh_passphrase, open_zip

SIZES = [0, 1, 65_534, 65_535, 65_536, 16 * 65_535, 16 * 65_535 + 1, 3_000_000]


def sealed(envelope: ZipEnvelope, size: int) -> bytes:
    target = io.BytesIO()
    envelope.seal(Plain(size), target, check=unchecked)
    return target.getvalue()


@pytest.mark.parametrize("size", SIZES)
def test_it_has_the_size_that_was_told_and_is_read_again(size: int) -> None:
    envelope = ZipEnvelope()
    file = sealed(envelope, size)
    assert len(file) == envelope.sealed_size(size)
    assert envelope.opened(io.BytesIO(file)).read() == plaintext(size)


def test_a_zip_library_reads_one_file_and_it_is_the_tar() -> None:
    envelope = ZipEnvelope()
    members = [
        (name, b"".join(blocks))
        for name, _, blocks in stream_unzip([sealed(envelope, 200_000)], password=envelope.passphrase.encode())
    ]
    assert members == [(b"package.tar", plaintext(200_000))]


@pytest.mark.skipif(not (shutil.which("7z") or shutil.which("bsdtar")), reason="neither 7z nor bsdtar is installed")
def test_a_zip_program_opens_it(tmp_path: Path) -> None:
    envelope = ZipEnvelope()
    (tmp_path / "package.zip").write_bytes(sealed(envelope, 200_000))
    if shutil.which("7z"):
        command = ["7z", "x", f"-p{envelope.passphrase}", "package.zip"]
    else:
        command = ["bsdtar", "-x", "--passphrase", envelope.passphrase, "-f", "package.zip"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    assert (tmp_path / "package.tar").read_bytes() == plaintext(200_000)


@some("at", range(760), every=20)
def test_every_changed_byte_is_noticed(at: int) -> None:
    envelope = ZipEnvelope()
    file = bytearray(sealed(envelope, 300))
    file[at % len(file)] ^= 0x10
    with pytest.raises(PackageRefused):
        envelope.opened(io.BytesIO(file)).read()


def test_what_is_refused_once_is_never_taken_for_the_end() -> None:
    envelope = ZipEnvelope()
    file = bytearray(sealed(envelope, 200_000))
    file[100_000] ^= 1
    opened = envelope.opened(io.BytesIO(file))
    with pytest.raises(PackageRefused):
        opened.read()
    with pytest.raises(PackageRefused):
        opened.read(1)


def test_cut_continued_or_with_another_passphrase_it_is_refused() -> None:
    envelope = ZipEnvelope()
    file = sealed(envelope, 70_000)
    for data, passphrase in (
        (file[:-1], envelope.passphrase),
        (file + b"\0", envelope.passphrase),
        (b"", envelope.passphrase),
        (file[:50] + file[51:], envelope.passphrase),
        (file, fresh_passphrase()),
        (file, ""),
    ):
        with pytest.raises(PackageRefused):
            open_zip(io.BytesIO(data), passphrase).read()


def test_memory_does_not_grow_with_the_package() -> None:
    class Zeros:
        size = 24 * 1024 * 1024
        place = 0

        def read(self, size: int, /) -> bytes:
            count = min(size, self.size - self.place)
            self.place += count
            return bytes(count)

        def seek(self, offset: int, whence: int = 0, /) -> int:
            self.place = offset
            return offset

    class Nothing(io.RawIOBase):
        def write(self, data: bytes) -> int:  # type: ignore[override]
            return len(data)

    seen: list[int] = []
    tracemalloc.start()
    try:
        ZipEnvelope().seal(Zeros(), Nothing(), check=seen.append)  # type: ignore[arg-type]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 12 * 1024 * 1024
    assert seen[-1] == Zeros.size
    assert max(after - before for before, after in zip([0, *seen], seen, strict=False)) <= 8 * 1024 * 1024


def test_sizes_beyond_four_gigabytes_fit_their_fields() -> None:
    head, tail = zip_envelope._framing(10 * 1024**3)
    assert (10 * 1024**3).to_bytes(8, "little") in tail
    assert len(head) + len(tail) == sum(map(len, zip_envelope._framing(0)))


def test_it_is_never_resumed_and_has_a_passphrase_of_its_own() -> None:
    envelope = ZipEnvelope()
    with pytest.raises(CannotResume):
        envelope.resume(Plain(10), io.BytesIO(), check=unchecked)
    assert envelope.state() == b""
    groups = envelope.passphrase.split("-")
    assert [len(group) for group in groups] == [5] * 8
    assert not set("".join(groups)) & set("01loi")
    assert ZipEnvelope().passphrase != envelope.passphrase
    envelope.wipe()
    assert envelope.passphrase == ""
