"""Takes one file in: looks at it in the sealed worker, seals it to its case, registers and uploads it.

Order matters: nothing is registered until the container is complete on disk and is what was examined; the custody entry
is written before the upload that offers the item to reviewers. A crash leaves nothing, or something nobody is offered
and `finish` completes. The plaintext source is only ever read; the only bytes written are age ciphertext.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from io import RawIOBase
from typing import IO, BinaryIO, Protocol, cast

import msgspec

from reviewer.intake.digesting import DigestingReader
from reviewer.model.cases import Fingerprints, Item, ItemFacts
from reviewer.model.clock import Clock
from reviewer.model.errors import IntakeError, WorkerDied, WorkerLied, WorkerTimeout
from reviewer.model.ids import uuid7
from reviewer.model.levels import Kind

Keep = Callable[[Item, bool], None]
"""Writes down, durably, that an item is about to be registered (False) or is whole (True)."""


def keep_nothing(item: Item, whole: bool) -> None:
    """For what need not be completed after a crash."""


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
class _Seen:
    facts: ItemFacts
    fingerprints: Fingerprints | None


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A container that nobody knows of yet. `digests` are of its plaintext."""

    item_id: str
    size: int
    sha256: str
    digests: dict[str, str]


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that was looked at and sealed, and that nobody knows of yet."""

    started: datetime
    seen: _Seen
    sealed: _Sealed


@dataclass(frozen=True, slots=True)
class Intake:
    """`examine` opens a source in the sealed worker; `seal` writes an age file readable by the holders of the case key.

    `unseal` opens a container just made: (item id, case id). `record` appends the custody entry: (item, started_at).
    All are handed in by the workstation.
    """

    examine: Callable[[BinaryIO, str], Examined]
    seal: Callable[[BinaryIO, BinaryIO, str], None]
    unseal: Callable[[str, str], AbstractContextManager[BinaryIO]]
    record: Callable[[Item, datetime], None]
    registry: Registry
    containers: Containers
    clock: Clock

    def take_in(self, submission: Submission, exhibit: str, keep: Keep = keep_nothing) -> Item:
        """The registered item. Raises MediaError (no sandbox), VaultError, SyncError; the source is untouched.

        A file that cannot be decoded is evidence all the same: it is taken in with its hashes and facts. `keep` is told
        of the item before it is registered and when it is whole.
        """
        return self.enter(self.prepare(submission), submission, exhibit, keep)

    def prepare(self, submission: Submission) -> Ready:
        """The first half of `take_in`: for `enter`, or for `discard`. Any thread."""
        started = self.clock.now()
        seen = self._examined(submission.source, submission.declared_format)
        return Ready(started, seen, self._sealed(submission))

    def enter(self, ready: Ready, submission: Submission, exhibit: str, keep: Keep = keep_nothing) -> Item:
        """The second half of `take_in`."""
        return self._complete(self._item(submission, exhibit, ready.started, ready.sealed, ready.seen), keep)

    def discard(self, ready: Ready) -> None:
        self.containers.evict(ready.sealed.item_id)

    def take_in_part(self, submission: Submission, exhibit: str, part_of: str, keep: Keep = keep_nothing) -> Item:
        """A file out of the item `part_of`. Sealed first, then examined as it was sealed.

        So the source is read once and in order: going back in an archive means unpacking it again.
        """
        started = self.clock.now()
        sealed = self._sealed(submission)
        try:
            with self.unseal(sealed.item_id, submission.case_id) as plaintext:
                seen = self._examined(plaintext, submission.declared_format)
        except BaseException:
            self.containers.evict(sealed.item_id)
            raise
        return self._complete(self._item(submission, exhibit, started, sealed, seen, part_of), keep)

    def finish(self, item: Item, *, recorded: bool, keep: Keep) -> Item:
        """What an interrupted `take_in` left to do, its container being here still. `recorded`: it is in the log."""
        return self._complete(item, keep, recorded=recorded)

    def _examined(self, source: BinaryIO, declared_format: str) -> _Seen:
        """What a worker says of it. One that the item ends leaves the item's kind unknown: it is evidence all the same.

        Raises SandboxUnavailable, and whatever the source raises.
        """
        try:
            examined = self.examine(source, declared_format)
            try:
                return _Seen(examined.facts, examined.fingerprints())
            finally:
                examined.close()
        except (WorkerDied, WorkerTimeout, WorkerLied):
            size = source.seek(0, io.SEEK_END)
            return _Seen(ItemFacts(kind=Kind.UNKNOWN, declared_format=declared_format, size=size), None)

    def _sealed(self, submission: Submission) -> _Sealed:
        item_id = uuid7()
        digests: dict[str, str] = {}
        size, digest = self.containers.make(item_id, lambda target: digests.update(self._seal(submission, target)))
        return _Sealed(item_id, size, digest, digests)

    def _item(
        self,
        submission: Submission,
        exhibit: str,
        started: datetime,
        sealed: _Sealed,
        seen: _Seen,
        part_of: str | None = None,
    ) -> Item:
        said = seen.fingerprints
        if said is not None and sealed.digests != {"sha256": said.sha256, "sha1": said.sha1, "md5": said.md5}:
            self.containers.evict(sealed.item_id)
            raise NotWhatWasExamined
        # The digests are ours; of what the worker said only the perceptual hashes are new, which decide nothing.
        fingerprints = msgspec.convert(sealed.digests, Fingerprints)
        if said is not None:
            fingerprints = msgspec.structs.replace(said, **sealed.digests)
        return Item(
            id=sealed.item_id,
            case_id=submission.case_id,
            exhibit=exhibit,
            harm_type=submission.harm_type,
            facts=seen.facts,
            fingerprints=fingerprints,
            container_sha256=sealed.sha256,
            container_size=sealed.size,
            forewarning=submission.forewarning,
            created_at=started,
            part_of=part_of,
        )

    def _complete(self, item: Item, keep: Keep, *, recorded: bool = False) -> Item:
        keep(item, False)
        self.registry.register_item(item)
        container = self.containers.open(item.id)
        if container is None:
            raise IntakeError("The container left the cache before it was uploaded.")
        # Before the upload, which is what offers the item to reviewers: nothing is reviewed that the log does not know.
        with container:
            if not recorded:
                self.record(item, item.created_at)
            self.registry.upload_container(item.id, cast(BinaryIO, container))
        keep(item, True)
        return item

    def _seal(self, submission: Submission, target: BinaryIO) -> dict[str, str]:
        submission.source.seek(0)
        source = DigestingReader(submission.source)
        self.seal(cast(BinaryIO, source), target, submission.case_id)
        return source.hexdigests()


def exhibit_number(case_number: str, position: int) -> str:
    """Exhibit numbers count up inside a case: "2026-01843/003"."""
    return f"{case_number}/{position:03d}"


def part_exhibit(whole: str, index: int) -> str:
    """Parts count inside what they came out of, in the order they lie there, from 0: "2026-01843/003.01"."""
    return f"{whole}.{index + 1:02d}"
