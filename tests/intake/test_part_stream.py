"""What a worker unpacks is counted and wiped on our side: an archive may own its worker."""

from __future__ import annotations

import io
from dataclasses import dataclass, field

import pytest

from reviewer.intake import part_stream
from reviewer.intake.part_stream import Allowance, PartLabel, PartStream
from reviewer.model.errors import MediaTooLarge, WorkerTimeout

DATA = bytes(range(256)) * 10


@dataclass
class Holder:
    """Gives a part in pieces of 700 bytes; `endless`: never stops, whatever it declared."""

    endless: bool = False
    given: list[bytearray] = field(default_factory=list)

    def parts(self) -> tuple[PartLabel, ...]:
        return ()

    def read_part(self, index: int, offset: int) -> bytearray:
        piece = bytearray(b"x" * 700 if self.endless else DATA[offset : offset + 700])
        self.given.append(piece)
        return piece

    def close(self) -> None:
        pass


def test_it_reads_in_order_begins_again_and_reaches_no_other_place() -> None:
    stream = PartStream(Holder(), 0, Allowance())
    assert stream.read(100) == DATA[:100]
    assert stream.seek(0) == 0
    assert stream.readall() == DATA
    with pytest.raises(io.UnsupportedOperation):
        stream.seek(5)


def test_what_was_read_is_wiped() -> None:
    holder = Holder()
    with PartStream(holder, 0, Allowance()) as stream:
        assert stream.read(900) == DATA[:700]
        assert stream.read(50) == DATA[700:750]
    assert len(holder.given) == 2
    assert not any(any(piece) for piece in holder.given)


def test_a_part_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_stream, "MAX_PART_BYTES", 100_000)
    holder = Holder(endless=True)
    with pytest.raises(MediaTooLarge):
        PartStream(holder, 0, Allowance()).readall()
    assert sum(map(len, holder.given)) <= 100_700


def test_all_parts_together_are_stopped() -> None:
    allowance = Allowance(bytes_left=5000)
    PartStream(Holder(), 0, allowance).readall()
    with pytest.raises(MediaTooLarge):
        PartStream(Holder(), 1, allowance).readall()


def test_a_worker_that_keeps_us_waiting_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.intake.part_stream.time.monotonic", iter(range(0, 10_000, 17)).__next__)
    holder = Holder(endless=True)
    allowance = Allowance()
    with pytest.raises(WorkerTimeout):
        PartStream(holder, 0, allowance).readall()
    assert len(holder.given) == pytest.approx(600 / 17, abs=2)
    with pytest.raises(WorkerTimeout):
        PartStream(holder, 1, allowance).readall()
    assert len(holder.given) < 40
