"""Small packages for tests: items of noise as readers over memory, and an age envelope as the workstation has one."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from reviewer.handoff.bag import plan_bag
from reviewer.handoff.building import BuiltFile, build
from reviewer.handoff.envelope import Envelope, PlainSource
from reviewer.handoff.errors import CannotResume
from reviewer.handoff.plan import Document, Evidence, Plan
from reviewer.vault import age

BUILT_AT = datetime(2026, 11, 22, 9, 30, 15, tzinfo=UTC)
FOLDER = "2026-01843-019a9f00"
INFO = (
    ("Source-Organization", "Example Platform Ltd"),
    ("External-Identifier", "2026-01843"),
    ("Bag-Software-Agent", "reviewer 0.1.0"),
)
SIZES = (70_000, 0, 512, 3_000_001)


class Reader(io.BytesIO):
    """As a container's reader: `readinto`, `seek`, `close`. `most` bytes at a time; `opened` counts the open ones."""

    opened = 0
    most_opened = 0

    def __init__(self, content: bytes, most: int | None = None) -> None:
        super().__init__(content)
        self._most = most
        Reader.opened += 1
        Reader.most_opened = max(Reader.most_opened, Reader.opened)

    def readinto(self, target: memoryview, /) -> int:  # type: ignore[override]
        return super().readinto(target if self._most is None else target[: self._most])

    def close(self) -> None:
        Reader.opened -= not self.closed
        super().close()


@lru_cache(maxsize=64)
def noise(number: int, size: int) -> bytes:
    return random.Random(number).randbytes(size)


def evidence(path: str, content: bytes, opened: Callable[[], Reader] | None = None) -> Evidence:
    return Evidence(path, len(content), hashlib.sha256(content).hexdigest(), opened or (lambda: Reader(content)))


def items(sizes: Sequence[int] = SIZES, most: int | None = None) -> list[Evidence]:
    return [_item(number, size, most) for number, size in enumerate(sizes)]


def _item(number: int, size: int, most: int | None) -> Evidence:
    content = noise(number, size)
    return evidence(f"data/items/2026-01843_{number:03}.bin", content, lambda: Reader(content, most))


def a_plan(evidence: Sequence[Evidence] | None = None, *, stamp: bytes | None = b"stamp") -> Plan:
    return plan_bag(
        folder=FOLDER,
        built_at=BUILT_AT,
        documents=[
            Document("README-FIRST.txt", b"Begin here.\n"),
            Document("metadata/case.jsonld", b'{"@graph": []}\n'),
            Document("metadata/report.pdf", noise(77, 5000)),
        ],
        evidence=items() if evidence is None else evidence,
        info=INFO,
        sign=lambda listed: b"signature of " + hashlib.sha256(listed).digest(),
        stamp=lambda signature: stamp,
    )


class AgeEnvelope:
    """`reviewer.vault.age.Sealing` as an `Envelope`."""

    suffix = ".tar.age"
    passphrase = ""

    def __init__(self, sealing: age.Sealing) -> None:
        self._sealing = sealing

    @classmethod
    def to(cls, identity: age.Identity | age.X25519Identity) -> AgeEnvelope:
        return cls(age.Sealing([identity.recipient()]))  # type: ignore[union-attr]

    def again(self) -> AgeEnvelope:
        """The same envelope, made again from what was kept of it."""
        return AgeEnvelope(age.Sealing.from_state(self.state()))

    def sealed_size(self, plain_size: int) -> int:
        return self._sealing.sealed_size(plain_size)

    def seal(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        self._sealing.seal(source, target, check)

    def resume(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        self._sealing.resume(source, target, check)

    def opened(self, sealed: BinaryIO) -> BinaryIO:
        return cast(BinaryIO, self._sealing.opened(sealed))

    def state(self) -> bytes:
        return self._sealing.state()

    def wipe(self) -> None:
        self._sealing.wipe()


class OnceEnvelope(AgeEnvelope):
    """One that cannot be resumed, as CMS and ZIP cannot."""

    def resume(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        raise CannotResume

    def state(self) -> bytes:
        return b""


def built(
    plan: Plan,
    envelope: Envelope,
    target: Path,
    *,
    cancelled: Callable[[], bool] = lambda: False,
    progress: Callable[[str, int, int], None] = lambda phase, done, total: None,
    resume: bool = False,
) -> BuiltFile:
    return build(plan, envelope, target, progress=progress, cancelled=cancelled, resume=resume)
