"""Building: nothing counts before it was read again, whatever ends it early; resuming gives the same bytes."""

from __future__ import annotations

import hashlib
import io
import os
import random
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

import pytest
from envelope_samples import certificate, rsa_key
from packages import SIZES, AgeEnvelope, OnceEnvelope, Reader, a_plan, built, evidence, items, noise

from reviewer.handoff import part_file
from reviewer.handoff.cms_envelope import CmsEnvelope, open_cms
from reviewer.handoff.envelope import PlainSource
from reviewer.handoff.errors import BuildCancelled, CannotResume, ItemDamaged, TargetFailed
from reviewer.handoff.finished import read_finished
from reviewer.handoff.inner_tar import TarSource
from reviewer.handoff.part_file import forget_first_name, part_of
from reviewer.handoff.plan import Plan
from reviewer.handoff.zip_envelope import ZipEnvelope, open_zip
from reviewer.model.errors import CaseSystemUnreachable, HandoffError, ReviewerError
from reviewer.vault import age

IDENTITY = age.generate_x25519_identity()
MARKER = b"READABLE-ON-THE-DISK"
KILLED = Path(__file__).with_name("killed_building.py")


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "packages"
    folder.mkdir()
    return folder / "package.tar.age"


def plain(plan: Plan) -> bytes:
    source = TarSource(plan)
    try:
        return source.read()
    finally:
        source.close()


def opened(path: Path) -> bytes:
    with path.open("rb") as file, age.open(file, [IDENTITY]) as reader:
        return reader.read()


def left(target: Path) -> list[str]:
    return sorted(entry.name for entry in target.parent.iterdir())


class Asked:
    """Cancelled at the `at`th question."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self) -> bool:
        self.left -= 1
        return self.left <= 0


def during(phase: str) -> tuple[Callable[[str, int, int], None], Callable[[], bool]]:
    """`progress` and `cancelled`: cancelled as soon as that phase has begun."""
    told: list[str] = []
    return lambda now, done, total: told.append(now), lambda: phase in told


def test_a_package_is_whole_its_own_and_told_as_it_is(target: Path) -> None:
    told: list[tuple[str, int, int]] = []
    plan = a_plan()

    file = built(plan, AgeEnvelope.to(IDENTITY), target, progress=lambda *one: told.append(one))

    sealed = target.read_bytes()
    assert (file.size, file.sha256) == (len(sealed), hashlib.sha256(sealed).hexdigest())
    assert opened(target) == plain(plan)
    assert left(target) == [target.name]
    assert target.stat().st_mode & 0o777 == 0o600
    total = len(plain(plan))
    assert [one for one in told if one[1] in (0, total)] == [
        ("sealing", 0, total), ("sealing", total, total), ("checking", 0, total), ("checking", total, total)
    ]  # fmt: skip
    assert told == sorted(told, key=lambda one: (one[0] == "checking", one[1]))
    assert Reader.opened == 0


def test_built_twice_it_holds_the_same_bytes(target: Path) -> None:
    envelope = AgeEnvelope.to(IDENTITY)
    other = target.with_name("other.tar.age")
    built(a_plan(), envelope, target)
    built(a_plan(items(SIZES, most=999)), envelope.again(), other)
    assert target.read_bytes() == other.read_bytes()


def test_progress_is_never_told_twice(target: Path) -> None:
    class Chatty(AgeEnvelope):
        def seal(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
            time.sleep(0.06)
            check(0)
            super().seal(source, target, check=check)
            check(source.size)

    told: list[tuple[str, int, int]] = []
    built(a_plan(), Chatty.to(IDENTITY), target, progress=lambda *one: told.append(one))
    assert len(set(told)) == len(told) >= 4


def test_the_other_envelopes_hold_the_same_bytes(target: Path) -> None:
    to = certificate(rsa_key())
    cms, zipped = target.with_name("package.tar.p7m"), target.with_name("package.zip")
    built(a_plan(), CmsEnvelope(to), cms)
    with cms.open("rb") as file:
        assert open_cms(file, to, rsa_key()).read() == plain(a_plan())
    envelope = ZipEnvelope()
    built(a_plan(), envelope, zipped)
    with zipped.open("rb") as file:
        assert open_zip(file, envelope.passphrase).read() == plain(a_plan())
    assert left(target) == [cms.name, zipped.name]


def test_readable_bytes_are_never_on_the_disk(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(target.parent))
    content = MARKER * 200_000
    searched: list[str] = []

    def search(phase: str, *_: int) -> None:
        searched.append(phase)
        for path in target.parent.rglob("*"):
            assert MARKER not in path.read_bytes()

    def plan() -> Plan:
        return a_plan([evidence("data/items/a.bin", content), evidence("data/items/b.bin", content[1:])])

    envelope = AgeEnvelope.to(IDENTITY)
    with pytest.raises(BuildCancelled):
        built(plan(), envelope, target, progress=search, cancelled=Asked(4))
    search("cancelled")
    built(plan(), envelope.again(), target, progress=search, resume=True)
    search("built")
    assert {"sealing", "cancelled", "checking", "built"} <= set(searched)
    assert MARKER in opened(target)


def test_never_over_a_file(target: Path) -> None:
    target.write_bytes(b"somebody else's")
    for resume in (False, True):
        with pytest.raises(TargetFailed, match="of this name already"):
            built(a_plan(), AgeEnvelope.to(IDENTITY), target, resume=resume)
    assert left(target) == [target.name]
    assert target.read_bytes() == b"somebody else's"


def test_never_over_a_file_that_came_meanwhile_or_through_a_link(target: Path) -> None:
    def come(phase: str, done: int, total: int) -> None:
        if phase == "checking" and done == total:
            target.write_bytes(b"came meanwhile")

    with pytest.raises(TargetFailed, match="of this name already"):
        built(a_plan(), OnceEnvelope.to(IDENTITY), target, progress=come)
    assert target.read_bytes() == b"came meanwhile"
    target.unlink()
    target.symlink_to(target.parent / "nowhere")
    with pytest.raises(TargetFailed, match="of this name already"):
        built(a_plan(), AgeEnvelope.to(IDENTITY), target)
    target.unlink()
    other = target.parent / "precious"
    other.write_bytes(b"precious")
    part_of(target).symlink_to(other)
    with pytest.raises(TargetFailed):
        built(a_plan(), AgeEnvelope.to(IDENTITY), target)
    assert other.read_bytes() == b"precious"


def test_where_links_are_unknown_it_still_gets_its_name_and_never_over_a_file(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refused)
    built(a_plan(), AgeEnvelope.to(IDENTITY), target)
    assert left(target) == [target.name]
    assert opened(target) == plain(a_plan())
    target.unlink()

    def come(phase: str, done: int, total: int) -> None:
        if phase == "checking" and done == total:
            target.write_bytes(b"came meanwhile")

    with pytest.raises(TargetFailed, match="of this name already"):
        built(a_plan(), AgeEnvelope.to(IDENTITY), target, progress=come)
    assert target.read_bytes() == b"came meanwhile"


def test_a_folder_that_is_not_there(target: Path) -> None:
    target.parent.rmdir()
    with pytest.raises(TargetFailed):
        built(a_plan(), AgeEnvelope.to(IDENTITY), target)


def test_killed_between_its_two_names_only_its_own_is_left(target: Path) -> None:
    envelope = AgeEnvelope.to(IDENTITY)
    made = built(a_plan(), envelope, target)
    part_of(target).hardlink_to(target)
    with pytest.raises(TargetFailed, match="already"):
        built(a_plan(), envelope.again(), target, resume=True)
    assert left(target) == [target.name]
    part_of(target).hardlink_to(target)
    again = read_finished(a_plan(), envelope.again(), target, progress=lambda _done, _all: None, check=lambda: None)
    assert again == made
    assert left(target) == [target.name]
    part_of(target).write_bytes(b"of another build")
    forget_first_name(target)
    assert left(target) == [target.name, part_of(target).name]


def test_two_at_once_do_not_write_one_file(target: Path) -> None:
    refused: list[TargetFailed] = []

    def second(phase: str, done: int, total: int) -> None:
        if not refused:
            for resume in (False, True):
                with pytest.raises(TargetFailed, match="being built already") as caught:
                    built(a_plan(), AgeEnvelope.to(IDENTITY), target, resume=resume)
                refused.append(caught.value)

    built(a_plan(), AgeEnvelope.to(IDENTITY), target, progress=second)
    assert len(refused) == 2
    assert opened(target) == plain(a_plan())


def test_what_an_earlier_build_left_is_replaced_by_a_new_one(target: Path) -> None:
    part_of(target).write_bytes(b"?" * 10_000_000)
    built(a_plan(), AgeEnvelope.to(IDENTITY), target)
    assert left(target) == [target.name]
    assert opened(target) == plain(a_plan())


# cancelled


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5])
def test_cancelled_and_resumed_it_is_the_same_to_the_byte(target: Path, at: int) -> None:
    envelope = AgeEnvelope.to(IDENTITY)
    whole = target.with_name("whole")
    built(a_plan(), envelope.again(), whole)
    with pytest.raises(BuildCancelled, match="can be resumed"):
        built(a_plan(), envelope, target, cancelled=Asked(at))
    assert not target.exists()
    if part_of(target).exists():
        built(a_plan(), envelope.again(), target, resume=True)
    else:
        assert at == 1
        built(a_plan(), envelope.again(), target)
    assert target.read_bytes() == whole.read_bytes()
    assert left(target) == [target.name, "whole"]


@pytest.mark.parametrize("phase", ["sealing", "checking"])
@pytest.mark.parametrize("envelope", [AgeEnvelope, OnceEnvelope])
def test_cancelled_what_can_be_resumed_is_kept_and_else_nothing(
    target: Path, phase: str, envelope: type[AgeEnvelope]
) -> None:
    progress, cancelled = during(phase)
    with pytest.raises(BuildCancelled) as caught:
        built(a_plan(items([9_000_000])), envelope.to(IDENTITY), target, progress=progress, cancelled=cancelled)
    resumable = envelope is AgeEnvelope
    assert ("can be resumed" in str(caught.value)) is resumable
    assert left(target) == ([part_of(target).name] if resumable else [])


def test_cancelled_while_an_item_does_not_come(target: Path) -> None:
    released = threading.Event()

    def late() -> Reader:
        released.wait(20)
        return Reader(b"late")

    progress, cancelled = during("sealing")
    start = time.monotonic()
    with pytest.raises(BuildCancelled):
        built(
            a_plan([evidence("data/items/a.bin", b"late", late)]),
            AgeEnvelope.to(IDENTITY),
            target,
            progress=progress,
            cancelled=cancelled,
        )
    assert time.monotonic() - start < 5  # a fraction of a second, but on a machine that is busy with other things
    released.set()


def test_cancelled_while_the_disk_takes_its_time(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    released, flushing = threading.Event(), threading.Event()

    def slow(descriptor: int) -> None:
        flushing.set()
        released.wait(20)

    monkeypatch.setattr(part_file.os, "fsync", slow)
    envelope = AgeEnvelope.to(IDENTITY)
    start = time.monotonic()
    with pytest.raises(BuildCancelled):
        built(a_plan(), envelope, target, cancelled=flushing.is_set)
    assert time.monotonic() - start < 5  # a fraction of a second, but on a machine that is busy with other things
    monkeypatch.undo()
    built(a_plan(), envelope.again(), target, resume=True)
    released.set()
    assert opened(target) == plain(a_plan())


def test_cancelled_while_an_envelope_reads_all_before_it_gives_anything_out(target: Path) -> None:
    asked, pieces = threading.Event(), []

    class Whole(OnceEnvelope):
        def opened(self, sealed: BinaryIO) -> BinaryIO:
            while piece := sealed.read(100_000):
                pieces.append(piece)
                asked.set()
            pytest.fail("read to its end")

    with pytest.raises(BuildCancelled):
        built(a_plan(), Whole.to(IDENTITY), target, cancelled=asked.is_set)
    assert len(pieces) < 10
    assert left(target) == []


# disk full


@contextmanager
def disk_of(size: int) -> Iterator[None]:
    """No file can grow beyond `size` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("envelope", [AgeEnvelope, OnceEnvelope])
def test_disk_full_at_nine_tenths(target: Path, envelope: type[AgeEnvelope]) -> None:
    used = envelope.to(IDENTITY)
    limit = used.sealed_size(len(plain(a_plan()))) * 9 // 10
    with disk_of(limit), pytest.raises(TargetFailed) as caught:
        built(a_plan(), used, target)
    resumable = envelope is AgeEnvelope
    assert ("resume" in caught.value.what_to_do) is resumable
    assert left(target) == ([part_of(target).name] if resumable else [])
    if resumable:
        assert part_of(target).stat().st_size <= limit
        built(a_plan(), used.again(), target, resume=True)
        assert opened(target) == plain(a_plan())


def test_too_little_free_space_is_said_before_a_byte_is_read(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed = AgeEnvelope.to(IDENTITY).sealed_size(len(plain(a_plan())))
    free = [needed - 1]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(1 << 40, 0, free[0]))  # type: ignore[attr-defined]
    unread = a_plan(
        [evidence(one.path, noise(n, SIZES[n]), lambda: pytest.fail("opened")) for n, one in enumerate(items())]
    )
    envelope = AgeEnvelope.to(IDENTITY)
    with pytest.raises(TargetFailed, match="not enough free disk space"):
        built(unread, envelope, target)
    assert left(target) == []
    free[0] = needed
    with pytest.raises(BuildCancelled):
        built(a_plan(), envelope, target, cancelled=Asked(4))
    # What was sealed already is not needed again.
    free[0] = needed - part_of(target).stat().st_size
    built(a_plan(), envelope.again(), target, resume=True)
    assert opened(target) == plain(a_plan())


# items


@pytest.mark.parametrize("envelope", [AgeEnvelope, OnceEnvelope])
def test_a_damaged_item_leaves_nothing_that_could_be_resumed(target: Path, envelope: type[AgeEnvelope]) -> None:
    content = noise(9, 4_000_000)
    damaged = evidence("data/items/b.bin", content, lambda: Reader(content[:-1] + b"?"))
    with pytest.raises(ItemDamaged):
        built(a_plan([*items(), damaged]), envelope.to(IDENTITY), target)
    assert left(target) == []


def test_an_item_that_cannot_be_had_now_can_be_waited_for(target: Path) -> None:
    def away() -> Reader:
        raise CaseSystemUnreachable

    content = noise(9, 400_000)
    envelope = AgeEnvelope.to(IDENTITY)
    with pytest.raises(CaseSystemUnreachable):
        built(a_plan([*items(), evidence("data/items/b.bin", content, away)]), envelope, target)
    assert left(target) == [part_of(target).name]
    plan = a_plan([*items(), evidence("data/items/b.bin", content)])
    built(plan, envelope.again(), target, resume=True)
    assert opened(target) == plain(plan)


def test_an_item_whose_container_is_damaged_is_refused_by_its_reader(target: Path) -> None:
    content = noise(9, 4_000_000)
    container = io.BytesIO()
    age.encrypt(io.BytesIO(content), container, [IDENTITY.recipient()])
    container.getbuffer()[2_000_000] ^= 1

    def one() -> Reader:
        return cast(Reader, age.open(io.BytesIO(container.getvalue()), [IDENTITY]))

    with pytest.raises(age.PayloadError):
        built(a_plan([evidence("data/items/a.bin", content, one)]), OnceEnvelope.to(IDENTITY), target)
    assert left(target) == []


# resuming


def test_nothing_to_resume(target: Path) -> None:
    with pytest.raises(CannotResume):
        built(a_plan(), AgeEnvelope.to(IDENTITY), target, resume=True)
    part_of(target).mkdir()
    with pytest.raises(CannotResume):
        built(a_plan(), AgeEnvelope.to(IDENTITY), target, resume=True)
    part_of(target).rmdir()
    elsewhere = target.with_name("moved away")
    elsewhere.write_bytes(b"a whole package under another name")
    part_of(target).hardlink_to(elsewhere)
    with pytest.raises(CannotResume):
        built(a_plan(), AgeEnvelope.to(IDENTITY), target, resume=True)
    assert elsewhere.read_bytes() == b"a whole package under another name"


def test_what_this_envelope_cannot_resume_is_left_as_it_is(target: Path) -> None:
    part_of(target).write_bytes(b"perhaps another package's")
    with pytest.raises(CannotResume):
        built(a_plan(), OnceEnvelope.to(IDENTITY), target, resume=True)
    assert part_of(target).read_bytes() == b"perhaps another package's"


def test_another_plan_is_not_resumed_into_a_package(target: Path) -> None:
    envelope = AgeEnvelope.to(IDENTITY)
    with pytest.raises(BuildCancelled):
        built(a_plan(), envelope, target, cancelled=Asked(4))
    others = [evidence(one.path, noise(n + 50, SIZES[n])) for n, one in enumerate(items())]
    with pytest.raises(ReviewerError):
        built(a_plan(others), envelope.again(), target, resume=True)
    assert not target.exists()


# read again


class LyingEnvelope(AgeEnvelope):
    """What it opens is not what it sealed."""

    change: Callable[[bytes], bytes]

    def opened(self, sealed: BinaryIO) -> BinaryIO:
        return io.BytesIO(LyingEnvelope.change(super().opened(sealed).read()))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content[:-1],
        lambda content: content + b"\0",
        lambda content: content[:-1] + b"?",
        lambda content: b"?" + content[1:],
        lambda content: content.replace(b"Begin here.", b"Begin there"),
        lambda content: content.replace(noise(2, 512), noise(3, 512)),
        lambda content: content[:1_000_000] + b"?" + content[1_000_001:],
        lambda content: b"",
    ],
    ids=["short", "long", "end", "header", "document", "item", "large item", "nothing"],
)
def test_what_opens_as_something_else_does_not_count(
    target: Path, change: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LyingEnvelope, "change", staticmethod(change), raising=False)
    with pytest.raises(TargetFailed, match="not what was sealed"):
        built(a_plan(), LyingEnvelope.to(IDENTITY), target)
    assert left(target) == []


@pytest.mark.parametrize("offset", [0, 150, 500, 1_000_000, -1])
def test_a_byte_that_changed_on_the_disk_is_noticed(target: Path, offset: int) -> None:
    def change(phase: str, done: int, total: int) -> None:
        if phase == "checking" and done == 0:
            with part_of(target).open("r+b") as file:
                file.seek(offset, os.SEEK_END if offset < 0 else os.SEEK_SET)
                byte = file.read(1)
                file.seek(-1, os.SEEK_CUR)
                file.write(bytes([byte[0] ^ 1]))

    with pytest.raises(ReviewerError):
        built(a_plan(), AgeEnvelope.to(IDENTITY), target, progress=change)
    assert left(target) == []


def test_a_disk_that_does_not_give_it_back(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(os, "preadv", broken)
    with pytest.raises(TargetFailed, match="could not be read again"):
        built(a_plan(), AgeEnvelope.to(IDENTITY), target)
    assert left(target) == []


def test_errors_tell_no_names(target: Path) -> None:
    def away() -> Reader:
        raise OSError(2, "No such file", "/secret/2026-01843")

    with pytest.raises(HandoffError) as caught:
        built(a_plan([evidence("data/items/2026-01843.bin", b"1", away)]), AgeEnvelope.to(IDENTITY), target)
    assert "2026-01843" not in str(caught.value)


# killed


def killed(target: Path, envelope: AgeEnvelope, when: str, count: int = 0) -> bool:
    """False: it came to its end before that."""
    command = [sys.executable, KILLED, target, when, str(count)]
    environment = os.environ | {"PYTHONPATH": f"{KILLED.parents[2]}:{KILLED.parent}"}
    done = subprocess.run(command, input=envelope.state(), env=environment, capture_output=True, timeout=60)
    assert done.returncode in (0, -9), done.stderr.decode()
    return done.returncode == -9


def test_killed_while_sealing_and_while_checking(target: Path) -> None:
    envelope = AgeEnvelope.to(IDENTITY)
    whole = target.with_name("whole")
    built(a_plan(), envelope.again(), whole)
    assert killed(target, envelope, "sealing", 50)
    assert left(target) == [part_of(target).name, "whole"]
    assert killed(target, envelope, "checking")
    assert left(target) == [part_of(target).name, "whole"]
    built(a_plan(), envelope.again(), target, resume=True)
    assert target.read_bytes() == whole.read_bytes()
    assert left(target) == [target.name, "whole"]


@pytest.mark.fault
def test_killed_again_and_again(target: Path) -> None:
    rng, kills = random.Random(7), 0
    for _ in range(40):
        envelope = AgeEnvelope.to(IDENTITY)
        # A resumed one reads only what is left, so in the end it comes to its end.
        while killed(target, envelope, *rng.choice([("sealing", rng.randrange(1, 66)), ("checking", 0)])):
            kills += 1
            assert not target.exists()
        assert opened(target) == plain(a_plan())
        assert left(target) == [target.name]
        target.unlink()
    assert kills >= 40


@pytest.mark.fault
def test_killed_between_its_name_and_the_end(target: Path) -> None:
    envelope = AgeEnvelope.to(IDENTITY)
    assert killed(target, envelope, "naming")
    assert opened(target) == plain(a_plan())
    target.rename(target.with_name("moved away"))
    with pytest.raises(CannotResume):
        built(a_plan(), envelope.again(), target, resume=True)
    built(a_plan(), envelope.again(), target)
    assert left(target) == ["moved away", target.name]
