"""Known hashes at the case system: taking a list in, looking an item up, memory held, and ingest beside hashing alone.

`rows()` returns (name, value, unit, ratio or None). Every entry has all four kinds of digest, every look-up asks for
all four of an item that is not in the list. Ratios: of a look-up to faiss's own index of whole hashes (median to
median), of taking in to Python's CSV reader on the same rows, of ingest to the digests and PDQ of the same bytes.

1,000,000 hashes; REVIEWER_BENCH_SCALE=1 adds 10,000,000 (5 GB in the temp folder, some minutes) and ingests 10,000
items instead of 100; REVIEWER_BENCH_INGEST sets how many.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import cv2
import numpy as np

from reviewer.demo.markers import jpeg_of
from reviewer.demo.organisation import INTAKE, PASSPHRASE, SUPERVISOR, Organisation, found_organisation
from reviewer.demo.patterns import grain, light, shapes
from reviewer.intake.taking_in import Submission
from reviewer.media.broker import Broker
from reviewer.media.worker.fingerprint import perceptual
from reviewer.model.cases import Case, Referral, ReferralSource
from reviewer.model.ids import uuid7
from reviewer.vault import slots
from reviewer.vault.vault import Vault
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import connect
from reviewer.workstation.ingest import IntakeDesk

Row = tuple[str, float, str, float | None]

SCALE = os.environ.get("REVIEWER_BENCH_SCALE") == "1"
QUERIES = 200
INGEST = int(os.environ.get("REVIEWER_BENCH_INGEST", "10000" if SCALE else "100"))
IN_FORCE = 1_000_000 if SCALE else 100_000
HEADER = b"sha256,sha1,md5,pdq,category,classification\n"


class Rows:
    """A CSV of `count` entries that is made while it is read."""

    def __init__(self, count: int) -> None:
        self._left = count
        self._rng = random.Random(3)
        self._header = True

    def readline(self, _limit: int = -1) -> bytes:
        if self._header:
            self._header = False
            return HEADER
        if not self._left:
            return b""
        self._left -= 1
        digits = self._rng.randbytes(100).hex()
        return f"{digits[:64]},{digits[64:104]},{digits[104:136]},{digits[136:]},{self._left % 5},\n".encode()

    def read(self, size: int) -> bytes:
        block = bytearray()
        while len(block) < size and (line := self.readline()):
            block += line
        return bytes(block)


def rows() -> list[Row]:
    found = _list(1_000_000)
    if SCALE:
        found += _list(10_000_000)
    return found + _ingest()


def _list(count: int) -> list[Row]:
    with tempfile.TemporaryDirectory() as name:
        source = Path(name, "list.csv")
        with source.open("wb") as target:
            rows = Rows(count)
            while block := rows.read(1 << 20):
                target.write(block)
        taken_in = _told("bench.known_import", str(source), name)
        told = _told("bench.known_lookups", str(Path(name, taken_in["sha256"])), str(QUERIES))
    times, flat = told["times_ms"], statistics.median(told["flat_ms"])
    said, seconds = f"{count:,} known hashes", taken_in["seconds"]
    middle, slow = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    return [
        (f"look-up of an item, {said}, median", middle, "ms, ratio to faiss flat", middle / flat),
        (f"look-up of an item, {said}, p95, aim 40 ms", slow, "ms", None),
        (f"resident, {said}, aim 400 MB", told["resident_mb"], "MB", None),
        ("the same before the first look-up", told["base_mb"], "MB", None),
        ("the same at its highest", told["peak_mb"], "MB", None),
        (f"taking a CSV in, {said}", seconds, "s, ratio to csv.reader", seconds / taken_in["reader_seconds"]),
        ("resident at its highest while taking it in", taken_in["peak_mb"], "MB", None),
    ]


def _told(module: str, *arguments: str) -> dict[str, Any]:
    """What a process of its own prints."""
    command = [sys.executable, "-m", module, *arguments]
    ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return cast(dict[str, Any], json.loads(ran.stdout))


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _ingest() -> list[Row]:
    rng = np.random.default_rng(5)
    pictures = [jpeg_of(grain(shapes(light(rng, 1280, 960, 1), rng, 1), rng)) for _ in range(20)]
    # Bytes after the end of a picture make another file of it that looks the same.
    evidence = [pictures[number % 20] + number.to_bytes(4, "big") for number in range(INGEST)]
    digests = _timed(lambda: [_digests(data) for data in evidence])
    alone = _timed(lambda: [(_digests(data), _perceptual(data)) for data in evidence])
    took: list[float] = []

    def take_in(organisation: Organisation, _say: Callable[[str], None]) -> None:
        boss = organisation.client(SUPERVISOR)
        boss.known_lists.take_in(cast(Any, Rows(IN_FORCE)), "bench", "1", "csv")
        boss.close()
        vault, broker, clock = Vault(organisation.workstation(INTAKE)).open(PASSPHRASE), Broker(warm=1), SystemClock()
        try:
            with connect(vault) as case_system:
                broker.start()
                desk = IntakeDesk(vault, case_system, broker, clock)
                now = clock.now()
                referral = Referral(source=ReferralSource.USER, received_at=now)
                case = Case(id=uuid7(), number="2026-01", referral=referral, created_at=now)
                desk.open_case(case)
                began = time.perf_counter()
                submissions = (Submission(io.BytesIO(data), case.id, "other", "jpeg") for data in evidence)
                with closing(desk.take_in_each(submissions, case.number)) as outcomes:
                    assert sum(1 for _ in outcomes) == INGEST
                took.append(time.perf_counter() - began)
        finally:
            broker.close()
            vault.lock()

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "bench"
        found_organisation(root, say=lambda _: None, take_in=take_in, work_factor=slots.WORK_FACTOR).close()
    each = took[0] / INGEST * 1000.0
    said = f"ingest of {INGEST:,} pictures of 1.2 MP, {IN_FORCE:,} known hashes"
    return [
        (f"{said}, each", each, "ms, ratio to digests + PDQ alone", took[0] / alone),
        ("the same", each, "ms, ratio to the three digests alone", took[0] / digests),
    ]


def _digests(data: bytes) -> tuple[bytes, ...]:
    return (
        hashlib.sha256(data).digest(),
        hashlib.sha1(data, usedforsecurity=False).digest(),
        hashlib.md5(data, usedforsecurity=False).digest(),
    )


def _perceptual(data: bytes) -> tuple[bytes, int]:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return perceptual(cast(Any, picture))
