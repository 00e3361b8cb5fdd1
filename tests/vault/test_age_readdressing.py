"""Other recipients by a new header alone: in place, survived by a kill at any step, and what cannot be done so."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import struct
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from age_samples import CHUNK, IDENTITY, payload_start, plaintext, sealed

from reviewer.vault import age
from reviewer.vault.age import readdressing

AGENCY = age.generate_x25519_identity()
PQ = age.generate_identity()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "item.age"
    path.write_bytes(sealed(3 * CHUNK + 1))
    return path


def opens(path: Path, identity: age.Identity) -> bool:
    with path.open("rb") as file:
        try:
            with age.open(file, [identity]) as reader:
                return reader.read() == plaintext(3 * CHUNK + 1)
        except age.NoMatchError:
            return False


def test_a_header_of_the_same_length_is_written_over_and_nothing_else_changes(file: Path) -> None:
    before, inode = file.read_bytes(), file.stat().st_ino
    assert age.readdress(file, [IDENTITY], [AGENCY.recipient()]) is age.Readdressed.IN_PLACE
    after = file.read_bytes()
    assert after[payload_start(after) - 16 :] == before[payload_start(before) - 16 :]
    assert file.stat().st_ino == inode
    assert opens(file, AGENCY)
    assert not opens(file, IDENTITY)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_shorter_header_is_filled_up_and_the_age_command_skips_the_filling(file: Path, tmp_path: Path) -> None:
    source = io.BytesIO()
    age.encrypt(io.BytesIO(plaintext(3 * CHUNK + 1)), source, [PQ.recipient(), age.generate_identity().recipient()])
    file.write_bytes(source.getvalue())
    assert age.readdress(file, [PQ], [AGENCY.recipient()]) is age.Readdressed.IN_PLACE
    assert len(file.read_bytes()) == len(source.getvalue())
    assert opens(file, AGENCY)
    if shutil.which("age") is None:
        pytest.skip("the age command is not installed")
    (tmp_path / "identity.txt").write_text(AGENCY.secret_text() + "\n")
    done = subprocess.run(["age", "-d", "-i", str(tmp_path / "identity.txt"), str(file)], capture_output=True)
    assert done.stdout == plaintext(3 * CHUNK + 1), done.stderr


def test_a_longer_header_is_copied_where_blocks_cannot_be_shared_and_that_is_said(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fcntl.ioctl", _refuse)
    assert age.readdress(file, [IDENTITY], [PQ.recipient()]) is age.Readdressed.COPIED
    assert opens(file, PQ)
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("recipient", [AGENCY.recipient(), PQ.recipient()], ids=["same length", "longer"])
def test_where_blocks_are_shared_the_new_file_is_right(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recipient: age.Recipient
) -> None:
    """The file system's part is played here: it takes whole blocks only."""

    def share(handle: int, _request: int, told: bytes) -> int:
        source, start, length, to = struct.unpack("=qQQQ", told)
        assert (start, length, to % 4096) == (0, 0, 0)
        os.pwrite(handle, os.pread(source, os.fstat(source).st_size, 0), to)
        return 0

    monkeypatch.setattr("fcntl.ioctl", share)
    before, target = file.read_bytes(), tmp_path / "other.age"
    assert age.readdress(file, [IDENTITY], [recipient], target=target) is age.Readdressed.SHARED
    assert opens(target, AGENCY if recipient == AGENCY.recipient() else PQ)
    assert file.read_bytes() == before


def _refuse(*_arguments: object) -> int:
    raise OSError(95, "not supported")


def test_what_cannot_be_readdressed_is_as_it_was(file: Path) -> None:
    before = file.read_bytes()
    for identities, recipients, error in (
        ([AGENCY], [PQ.recipient()], age.NoMatchError),
        ([IDENTITY], [PQ.recipient(), AGENCY.recipient()], age.RecipientsError),
        ([IDENTITY], [], age.RecipientsError),
    ):
        with pytest.raises(error):
            age.readdress(file, identities, recipients)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


class Killed(BaseException):
    """Nothing of ours catches it, as nothing catches a kill."""


_STEPS: list[tuple[str, Callable[..., object]]] = [
    ("open", os.open),
    ("fsync", os.fsync),
    ("replace", Path.replace),
    ("unlink", Path.unlink),
]


@contextlib.contextmanager
def killed_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The `step`th call that touches the disk is not made, and nothing after it is: not even cleaning up."""
    calls: list[str] = []

    def counted(name: str, real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            calls.append(name)
            if len(calls) > step:
                raise Killed
            return real(*arguments, **more)

        return call

    def write(file: object, header: bytes) -> None:
        calls.append("header")
        if len(calls) > step:
            file.seek(0)  # type: ignore[attr-defined]
            file.write(header[: len(header) // 2])  # type: ignore[attr-defined]
            raise Killed
        real_write(file, header)  # type: ignore[arg-type]

    real_write = readdressing._write_at_start
    with monkeypatch.context() as patch:
        for name, real in _STEPS:
            patch.setattr(Path if name in ("replace", "unlink") else os, name, counted(name, real))
        patch.setattr(readdressing, "_write_at_start", write)
        yield calls


def test_killed_at_any_step_it_is_the_old_one_or_the_new_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcomes, step = [], 0
    while True:
        path = tmp_path / f"{step}.age"
        path.write_bytes(sealed(3 * CHUNK + 1))
        with killed_at(step, monkeypatch) as calls:
            with contextlib.suppress(Killed):
                age.readdress(path, [IDENTITY], [AGENCY.recipient()])
            over = len(calls) <= step
        age.settle(path)
        outcomes.append(opens(path, AGENCY))
        assert outcomes[-1] != opens(path, IDENTITY)
        assert not path.with_name(path.name + readdressing.JOURNAL).exists()
        if over:
            break
        step += 1
    # Once the journal is there it is the new one, and it always gets that far.
    assert outcomes == sorted(outcomes)
    assert len(outcomes) > 8
    assert outcomes[-1]


def test_a_journal_of_another_container_is_not_written_into_this_one(file: Path) -> None:
    other = sealed(1000)
    start = payload_start(other)
    file.with_name(file.name + readdressing.JOURNAL).write_bytes(other[start - 16 : start] + other[: start - 16])
    before = file.read_bytes()
    age.settle(file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_it_takes_no_longer_for_a_large_file(tmp_path: Path) -> None:
    """A hole of 20 GB behind the header: nothing of it is read or written."""
    path = tmp_path / "large.age"
    path.write_bytes(sealed(10))
    os.truncate(path, payload_start(sealed(10)) + 300_000 * (CHUNK + 16))
    started = time.process_time()
    assert age.readdress(path, [IDENTITY], [AGENCY.recipient()]) is age.Readdressed.IN_PLACE
    assert time.process_time() - started < 0.5
    assert path.stat().st_blocks < 1000
