"""The custody lines of a package: each entry's hash, its place in the log, and the checkpoint that fixes the log."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from reviewer.handoff.errors import PackageRefused
from reviewer.handoff.verifying_lists import content_of
from reviewer.handoff.verifying_tar import Found
from reviewer.model.custody import CustodyEntry
from reviewer.model.errors import ReviewerError
from reviewer.model.merkle import MAX_PROOF, inclusion_holds, leaf_hash

_T = TypeVar("_T")
CHECKPOINTS = "metadata/checkpoints.json"
CUSTODY = re.compile(r"metadata/custody-(0|[1-9][0-9]{0,5})\.jsonl", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Noted:
    """A checkpoint that is properly signed: the log it is of, its size in entries, and its root (32 bytes)."""

    origin: str
    size: int
    root: bytes


# Opens a signed note with the line of its verifier. ReviewerError or ValueError when it is not properly signed.
OpenCheckpoint = Callable[[str, str], Noted]


class _Anchor(msgspec.Struct):
    origin: str
    checkpoint: str
    verifier: str


class _Anchors(msgspec.Struct):
    anchors: tuple[_Anchor, ...]


class _First(msgspec.Struct, forbid_unknown_fields=True):
    checkpoint: str
    verifier: str
    size: int
    root: str


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    """Without `salt` and `entry` where names are not told: then `redacted` is what may be read."""

    position: int
    leaf_hash: str
    proof: tuple[str, ...]
    salt: str = ""
    entry: str = ""
    redacted: str = ""


def check_custody(files: Sequence[Found], open_checkpoint: OpenCheckpoint, digests: Mapping[str, str]) -> int:
    """The number of custody lines, all of which hold. `digests` are the SHA-256 (hex) of the package's items by
    exhibit: an entry about one of them must be about these bytes. PackageRefused names no entry by its content."""
    noted: dict[tuple[str, str, int], bytes] = {}
    for anchor in _anchors(files):
        signed = _opened(open_checkpoint, anchor.checkpoint, anchor.verifier)
        if signed.origin != anchor.origin:
            raise PackageRefused("A custody checkpoint is of another log than it says.")
        _agree(noted, anchor.verifier, signed)
    logs: set[tuple[str, str]] = set()
    cases: set[str | None] = set()
    count = 0
    for one in files:
        if CUSTODY.fullmatch(one.path) is None or one.content is None:
            continue
        first, *lines = one.content.splitlines() or [b""]
        head = _decoded(first, _First)
        signed = _opened(open_checkpoint, head.checkpoint, head.verifier)
        if (head.size, head.root) != (signed.size, signed.root.hex()) or (head.verifier, signed.origin) in logs:
            raise PackageRefused("A custody log says something else than its checkpoint, or is there twice.")
        logs.add((head.verifier, signed.origin))
        _agree(noted, head.verifier, signed)
        cases |= _check_lines(lines, signed, digests)
        count += len(lines)
    if len(cases) > 1:
        raise PackageRefused("There are custody entries of more than one case in the package.")
    return count


def _anchors(files: Sequence[Found]) -> tuple[_Anchor, ...]:
    return _decoded(content_of(files, CHECKPOINTS), _Anchors).anchors


def _agree(noted: dict[tuple[str, str, int], bytes], verifier: str, signed: Noted) -> None:
    """Two checkpoints of one log and one size must be of the same entries."""
    if noted.setdefault((verifier, signed.origin, signed.size), signed.root) != signed.root:
        raise PackageRefused("Two custody checkpoints contradict each other.")


def _opened(open_checkpoint: OpenCheckpoint, untrusted_note: str, untrusted_verifier: str) -> Noted:
    try:
        return open_checkpoint(untrusted_note, untrusted_verifier)
    except (ReviewerError, ValueError) as error:
        raise PackageRefused("A custody checkpoint is not properly signed.") from error


def _check_lines(lines: Sequence[bytes], signed: Noted, digests: Mapping[str, str]) -> set[str | None]:
    """The cases that the entries are of."""
    last, cases = -1, set()
    for untrusted_line in lines:
        line = _decoded(untrusted_line, _Line)
        if line.position <= last:
            raise PackageRefused("The custody entries are not in their order.")
        last = line.position
        if bool(line.entry) == bool(line.redacted) or bool(line.entry) != bool(line.salt):
            raise PackageRefused("A custody entry is neither whole nor redacted.")
        told = _decoded((line.entry or line.redacted).encode(), CustodyEntry)
        cases.add(told.case_id)
        if told.sha256_before is not None and digests.get(told.exhibit or "", told.sha256_before) != told.sha256_before:
            raise PackageRefused("A custody entry says that an exhibit is other bytes than those in the package.")
        leaf, proof = _hash(line.leaf_hash), [_hash(part) for part in line.proof[: MAX_PROOF + 1]]
        if line.entry and leaf_hash(_hash(line.salt) + line.entry.encode()) != leaf:
            raise PackageRefused("A custody entry was altered.")
        if len(proof) > MAX_PROOF or not inclusion_holds(line.position, signed.size, leaf, proof, signed.root):
            raise PackageRefused("A custody entry is not in the log that was signed for.")
    return cases


def _hash(untrusted_text: str) -> bytes:
    if _HASH.fullmatch(untrusted_text) is None:
        raise PackageRefused("A custody entry cannot be read.")
    return bytes.fromhex(untrusted_text)


def _decoded(untrusted: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(untrusted, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PackageRefused("The package's custody entries or checkpoints cannot be read.") from error
