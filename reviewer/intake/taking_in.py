"""Takes one file in: looks at it in the sealed worker, seals it to its case, registers and uploads it.

Order matters: nothing is registered until the container is complete on disk and is what was examined; the custody entry
is written before the upload that offers the item to reviewers. A crash leaves nothing, or something nobody is offered.
The plaintext source is only ever read; the only bytes written are age ciphertext.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from typing import IO, BinaryIO, Protocol, cast

from reviewer.intake.digesting import DigestingReader
from reviewer.model.cases import Fingerprints, Item, ItemFacts
from reviewer.model.clock import Clock
from reviewer.model.errors import IntakeError
from reviewer.model.ids import uuid7


class NotWhatWasExamined(IntakeError):
    """The file changed while it was read, or the worker that examined it is not to be believed."""

    code = "I001"
    happened = "The file that was sealed is not the one that was examined, so it was not registered."
    to_do = "Make sure nothing writes to the file, then take it in again; if it happens again, treat it as hostile."


class Examined(Protocol):
    """What the sealed worker says about a plaintext source without showing it."""

    @property
    def facts(self) -> ItemFacts: ...
    def fingerprints(self) -> Fingerprints: ...
    def close(self) -> None: ...


class Registry(Protocol):
    """The part of the case system intake talks to."""

    def register_item(self, item: Item) -> None: ...
    def upload_container(self, item_id: str, stream: BinaryIO) -> None: ...


class Containers(Protocol):
    """The workstation's ciphertext cache."""

    def make(self, item_id: str, write: Callable[[BinaryIO], None]) -> tuple[int, str]: ...
    def open(self, item_id: str) -> IO[bytes] | RawIOBase | None: ...
    def evict(self, item_id: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Submission:
    """A file as it arrived. `declared_format` is what its name or sender claimed ("jpeg"), empty if nothing."""

    source: BinaryIO
    case_id: str
    harm_type: str
    declared_format: str = ""
    forewarning: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Intake:
    """`examine` opens a source in the sealed worker; `seal` writes an age file readable by the holders of the case key.

    `record` appends the custody entry: (item, started_at). All are handed in by the workstation.
    """

    examine: Callable[[BinaryIO, str], Examined]
    seal: Callable[[BinaryIO, BinaryIO, str], None]
    record: Callable[[Item, datetime], None]
    registry: Registry
    containers: Containers
    clock: Clock

    def take_in(self, submission: Submission, exhibit: str) -> Item:
        """The registered item. Raises MediaError (no sandbox), VaultError, SyncError; the source is untouched.

        A file that cannot be decoded is evidence all the same: it is taken in with its hashes and facts.
        """
        started = self.clock.now()
        examined = self.examine(submission.source, submission.declared_format)
        try:
            facts, untrusted = examined.facts, examined.fingerprints()
        finally:
            examined.close()
        item_id = uuid7()
        sealed: dict[str, str] = {}
        size, digest = self.containers.make(item_id, lambda target: sealed.update(self._seal(submission, target)))
        if sealed != {"sha256": untrusted.sha256, "sha1": untrusted.sha1, "md5": untrusted.md5}:
            self.containers.evict(item_id)
            raise NotWhatWasExamined
        # The digests are ours; of what the worker said only the perceptual hashes are kept, which decide nothing.
        fingerprints = Fingerprints(
            **sealed, pdq=untrusted.pdq, pdq_quality=untrusted.pdq_quality, scenes=untrusted.scenes
        )
        item = Item(
            id=item_id,
            case_id=submission.case_id,
            exhibit=exhibit,
            harm_type=submission.harm_type,
            facts=facts,
            fingerprints=fingerprints,
            container_sha256=digest,
            container_size=size,
            forewarning=submission.forewarning,
            created_at=started,
        )
        self.registry.register_item(item)
        container = self.containers.open(item.id)
        if container is None:
            raise IntakeError("The container left the cache before it was uploaded.")
        # Before the upload, which is what offers the item to reviewers: nothing is reviewed that the log does not know.
        self.record(item, started)
        with container:
            self.registry.upload_container(item.id, cast(BinaryIO, container))
        return item

    def _seal(self, submission: Submission, target: BinaryIO) -> dict[str, str]:
        submission.source.seek(0)
        source = DigestingReader(submission.source)
        self.seal(cast(BinaryIO, source), target, submission.case_id)
        return source.hexdigests()


def exhibit_number(case_number: str, position: int) -> str:
    """Exhibit numbers count up inside a case: "2026-01843/003"."""
    return f"{case_number}/{position:03d}"
