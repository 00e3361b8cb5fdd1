"""Taking in: what is registered is what was sealed, and the order of steps leaves nothing half-made on offer."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import BinaryIO

import pytest

from reviewer.intake.taking_in import Intake, NotWhatWasExamined, Submission, exhibit_number
from reviewer.model.cases import Fingerprints, Item, ItemFacts, SceneHash
from reviewer.model.errors import CaseSystemUnreachable
from reviewer.model.levels import Kind

DATA = b"synthetic bytes " * 5000


class StillClock:
    def now(self) -> datetime:
        return datetime(2026, 11, 21, tzinfo=UTC)

    def monotonic(self) -> float:
        return 0.0


def truth(data: bytes) -> Fingerprints:
    return Fingerprints(
        sha256=hashlib.sha256(data).hexdigest(),
        sha1=hashlib.sha1(data).hexdigest(),
        md5=hashlib.md5(data).hexdigest(),
        pdq="0" * 64,
        pdq_quality=80,
        scenes=(SceneHash(time_s=2.5, pdq="1" * 64, quality=70),),
    )


@dataclass
class Worker:
    says: Fingerprints
    facts: ItemFacts = field(default_factory=lambda: ItemFacts(kind=Kind.IMAGE, format="png"))
    closed: bool = False

    def fingerprints(self) -> Fingerprints:
        return self.says

    def close(self) -> None:
        self.closed = True


@dataclass
class Cache:
    held: dict[str, bytes] = field(default_factory=dict)

    def make(self, item_id: str, write: Callable[[BinaryIO], None]) -> tuple[int, str]:
        target = io.BytesIO()
        write(target)
        self.held[item_id] = target.getvalue()
        return len(self.held[item_id]), hashlib.sha256(self.held[item_id]).hexdigest()

    def open(self, item_id: str) -> io.BytesIO:
        return io.BytesIO(self.held[item_id])

    def evict(self, item_id: str) -> None:
        del self.held[item_id]

    @contextmanager
    def unseal(self, item_id: str, case_id: str) -> Iterator[BinaryIO]:
        sealed = self.held[item_id]
        yield io.BytesIO(b"".join(sealed[at : at + 1000][::-1] for at in range(0, len(sealed), 1000)))


@dataclass
class Desk:
    steps: list[str] = field(default_factory=list)
    cache: Cache = field(default_factory=Cache)
    refuse: str = ""

    def _step(self, name: str) -> None:
        if name == self.refuse:
            raise CaseSystemUnreachable
        self.steps.append(name)

    def register_item(self, item: Item) -> None:
        self._step("register")

    def upload_container(self, item_id: str, stream: BinaryIO) -> None:
        self._step("upload")

    def intake(self, worker: Worker) -> Intake:
        def seal(source: BinaryIO, target: BinaryIO, case_id: str) -> None:
            while part := source.read(1000):
                target.write(part[::-1])

        return Intake(
            examine=lambda source, declared: worker,
            seal=seal,
            record=lambda item, started: self._step("record"),
            registry=self,
            containers=self.cache,
            unseal=self.cache.unseal,
            clock=StillClock(),
        )


def submission() -> Submission:
    return Submission(io.BytesIO(DATA), "case", "other", "png")


def test_the_digests_are_of_the_bytes_that_were_sealed() -> None:
    desk = Desk()
    item = desk.intake(worker := Worker(truth(DATA))).take_in(submission(), "2026-1/001")
    assert item.fingerprints == truth(DATA)
    assert item.container_sha256 == hashlib.sha256(desk.cache.held[item.id]).hexdigest()
    assert desk.steps == ["register", "record", "upload"]
    assert worker.closed


@pytest.mark.parametrize("lie", ["sha256", "sha1", "md5"])
def test_a_worker_that_lies_about_a_digest_registers_nothing(lie: str) -> None:
    desk = Desk()
    worker = Worker(replace_digest(truth(DATA), lie))
    with pytest.raises(NotWhatWasExamined):
        desk.intake(worker).take_in(submission(), "2026-1/001")
    assert desk.steps == []
    assert desk.cache.held == {}


def test_a_file_that_changes_between_examining_and_sealing_registers_nothing() -> None:
    desk = Desk()
    with pytest.raises(NotWhatWasExamined):
        desk.intake(Worker(truth(DATA))).take_in(
            replace(submission(), source=io.BytesIO(DATA[:-1] + b"!")), "2026-1/001"
        )
    assert desk.steps == []


def test_an_unreachable_case_system_leaves_no_custody_entry_for_an_item_it_does_not_know() -> None:
    desk = Desk(refuse="register")
    with pytest.raises(CaseSystemUnreachable):
        desk.intake(Worker(truth(DATA))).take_in(submission(), "2026-1/001")
    assert desk.steps == []


def test_exhibits_count_inside_their_case() -> None:
    assert [exhibit_number("2026-01843", n) for n in (1, 12)] == ["2026-01843/001", "2026-01843/012"]


def replace_digest(fingerprints: Fingerprints, name: str) -> Fingerprints:
    digests = {key: getattr(fingerprints, key) for key in ("sha256", "sha1", "md5", "pdq", "pdq_quality")}
    return Fingerprints(**(digests | {name: "0" * len(digests[name])}))
