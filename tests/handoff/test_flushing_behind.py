"""A package goes to the disk while it is sealed; a disk that refuses or takes its time is noticed as at the end."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from packages import AgeEnvelope, a_plan, built, items
from patience import PATIENCE_S

from reviewer.handoff import flushing
from reviewer.handoff.errors import TargetFailed
from reviewer.handoff.part_file import part_of
from reviewer.vault import age

IDENTITY = age.generate_x25519_identity()
BLOCK = 1_048_576  # sealing tells of blocks of this size
LARGE = [5 * BLOCK]


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "package.tar.age"


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flushing, "EVERY", BLOCK)


def pieces(monkeypatch: pytest.MonkeyPatch, each: Callable[[int], None]) -> list[int]:
    """`each` is called for every piece but the last with the file's size then; all sizes are kept."""
    sizes: list[int] = []

    def put(descriptor: int) -> None:
        sizes.append(os.fstat(descriptor).st_size)
        each(sizes[-1])

    monkeypatch.setattr(flushing, "_put_on_disk", put)
    return sizes


@pytest.mark.usefixtures("small_pieces")
def test_what_is_sealed_goes_to_the_disk_before_all_is(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sizes = pieces(monkeypatch, lambda size: None)
    made = built(a_plan(items(LARGE)), AgeEnvelope.to(IDENTITY), target)
    assert sizes
    assert sizes == sorted(sizes)
    assert 0 < sizes[0] < made.size


@pytest.mark.usefixtures("small_pieces")
def test_a_piece_the_disk_refuses_ends_it_although_the_last_one_goes(
    target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The system tells such a failure once: what comes later would be told to be on the disk."""

    def refuse(size: int) -> None:
        raise OSError(5, "Input/output error")

    pieces(monkeypatch, refuse)
    envelope = AgeEnvelope.to(IDENTITY)
    with pytest.raises(TargetFailed):
        built(a_plan(items(LARGE)), envelope, target)
    assert not target.exists()
    monkeypatch.undo()
    built(a_plan(items(LARGE)), envelope.again(), target, resume=part_of(target).exists())
    assert target.exists()


@pytest.fixture
def slow_disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Takes the first piece and gives no answer until all is sealed."""
    released = threading.Event()
    seen = pieces(monkeypatch, lambda size: _wait(released))
    asked = flushing.FlushingBehind.finish

    def finish(self: flushing.FlushingBehind, check: Callable[[], None]) -> None:
        released.set()
        asked(self, check)

    monkeypatch.setattr(flushing.FlushingBehind, "finish", finish)
    yield seen
    released.set()


def _wait(released: threading.Event) -> None:
    assert released.wait(PATIENCE_S), "sealing waited for the disk"


@pytest.mark.usefixtures("small_pieces")
def test_sealing_never_waits_for_a_slow_disk(target: Path, slow_disk: list[int]) -> None:
    built(a_plan(items(LARGE)), AgeEnvelope.to(IDENTITY), target)
    assert len(slow_disk) == 1
