"""The custody log: writing entries, checking all of it, and taking it elsewhere with its proofs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from reviewer import __version__
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.errors import CustodyBroken
from reviewer.model.ids import uuid7
from reviewer.model.merkle import EMPTY_ROOT, HASH_BYTES
from reviewer.vault import merkle
from reviewer.vault.checkpoint import Checkpoint, open_checkpoint
from reviewer.vault.signed_note import Verifier
from reviewer.vault.store import CustodyRow, Store

TOOL = "reviewer"
_PAGE = 2000


@dataclass(frozen=True, slots=True)
class Scribe:
    """Who writes entries here: fills in what is the same in each of one person's entries on one workstation."""

    actor: str
    role: str
    workstation: str

    def entry(
        self, action: CustodyAction, started_at: datetime, ended_at: datetime | None = None, **fields: Any
    ) -> CustodyEntry:
        """`fields` are CustodyEntry's own: case_id, exhibit, reason, authority, sha256_before, ..."""
        return CustodyEntry(
            id=uuid7(),
            action=action,
            actor=self.actor,
            role=self.role,
            workstation=self.workstation,
            started_at=started_at,
            ended_at=ended_at if ended_at is not None else started_at,
            tool=TOOL,
            tool_version=__version__,
            **fields,
        )


@dataclass(frozen=True, slots=True)
class Verified:
    """`covered` is how many entries a signed checkpoint vouches for; the rest rests on the store's key alone."""

    size: int
    root: bytes
    covered: int


def verify(store: Store, verifier: Verifier, anchors: Sequence[str] = ()) -> Verified:
    """Read and rehash the whole log. CustodyBroken, naming the first entry that is wrong.

    `anchors` are signed notes kept outside (the case system has them): with one, even a store put back to an older
    state shows. Checks, per entry: position, hash, chain to the entry before, stored subtree hashes; then the size the
    store's head remembers, and the root of every checkpoint.
    """
    wanted = _roots_wanted(store, verifier, anchors)
    head = store.custody_head()
    tree = merkle.Edge()
    previous: str | None = None
    _compare(tree, wanted)
    for row in _rows(store):
        previous = _check_row(row, tree, previous)
        _compare(tree, wanted)
    should = max(head.floor, *wanted, 0)
    if tree.size < should:
        raise CustodyBroken(f"The custody log has {tree.size} entries and should have {should}.")
    return Verified(tree.size, tree.root(), max(wanted, default=0))


def verify_recent(store: Store, verifier: Verifier) -> Verified:
    """What can be checked in milliseconds however long the log is: the last signed checkpoint against the stored
    hashes, and every entry after it in full. Entries before it are checked by `verify` only."""
    signed = Checkpoint(verifier.name, 0, EMPTY_ROOT)
    noted = store.checkpoints(last=1)
    if noted:
        signed = _own_checkpoint(noted[0][1], verifier, noted[0][0])
    head = store.custody_head()
    if head.size < max(head.floor, signed.size):
        raise CustodyBroken(f"The custody log has {head.size} entries and should have {max(head.floor, signed.size)}.")
    tree = store.custody_edge(signed.size)
    if tree.root() != signed.root:
        raise CustodyBroken(f"The first {signed.size} custody entries are not those that were signed for.")
    before = store.custody_rows(signed.size - 1, 1) if signed.size else []
    previous = before[0].id if before else None
    for row in _rows(store, signed.size):
        previous = _check_row(row, tree, previous)
    return Verified(tree.size, tree.root(), signed.size)


def _own_checkpoint(untrusted_note: str, verifier: Verifier, size: int | None) -> Checkpoint:
    signed = open_checkpoint(untrusted_note, verifier)
    if size is not None and size != signed.size:
        raise CustodyBroken("A custody checkpoint is kept under another size than it was signed for.")
    return signed


def _roots_wanted(store: Store, verifier: Verifier, anchors: Sequence[str]) -> dict[int, bytes]:
    wanted: dict[int, bytes] = {}
    for size, note in [*store.checkpoints(), *((None, anchor) for anchor in anchors)]:
        signed = _own_checkpoint(note, verifier, size)
        if wanted.setdefault(signed.size, signed.root) != signed.root:
            raise CustodyBroken(f"Two signed checkpoints of {signed.size} entries contradict each other.")
    return wanted


def _compare(tree: merkle.Edge, wanted: dict[int, bytes]) -> None:
    if tree.size in wanted and wanted[tree.size] != tree.root():
        raise CustodyBroken(f"The first {tree.size} custody entries are not those that were signed for.")


def _rows(store: Store, start: int = 0) -> Iterator[CustodyRow]:
    while page := store.custody_rows(start, _PAGE):
        yield from page
        start = page[-1].position + 1


def _check_row(row: CustodyRow, tree: merkle.Edge, previous: str | None) -> str:
    if row.position != tree.size:
        raise CustodyBroken(f"Custody entry {tree.size} is missing.")
    if b"".join(tree.add(merkle.leaf_hash(row.leaf))) != row.hashes:
        raise CustodyBroken(f"Custody entry {row.position} was altered.")
    try:
        entry = msgspec.json.decode(row.entry_json, type=CustodyEntry)
    except msgspec.MsgspecError:
        raise CustodyBroken(f"Custody entry {row.position} cannot be read.") from None
    if entry.previous != previous or entry.id != row.id:
        raise CustodyBroken(f"Custody entry {row.position} does not follow the one before it.")
    return entry.id


def export(store: Store, note: str, verifier: Verifier) -> Iterator[bytes]:
    """JSON lines: first the checkpoint, then each entry it covers with its salt, leaf hash and inclusion proof.

    Everything needed to check one entry is on its line and the first: `entry` is the exact JSON text that was hashed,
    SHA-256(0x00 || salt || entry) is `leaf_hash`, and `proof` leads from it to the checkpoint's root (RFC 6962).
    """
    signed = open_checkpoint(note, verifier)
    yield _line({"checkpoint": note, "verifier": str(verifier), "size": signed.size, "root": signed.root.hex()})
    for row in _rows(store):
        if row.position >= signed.size:
            return
        proof = store.inclusion_proof(row.position, signed.size)
        yield _line(
            {
                "position": row.position,
                "salt": row.salt.hex(),
                "entry": row.entry_json.decode(),
                "leaf_hash": row.hashes[:HASH_BYTES].hex(),
                "proof": [part.hex() for part in proof],
            }
        )


def _line(fields: dict[str, Any]) -> bytes:
    return msgspec.json.encode(fields) + b"\n"


def check_export(untrusted_lines: Iterator[bytes], verifier: Verifier) -> Checkpoint:
    """Check an export without the store. CustodyBroken unless every entry of the checkpoint is there and right."""
    try:
        first = msgspec.json.decode(next(untrusted_lines), type=dict[str, Any])
        signed = open_checkpoint(str(first["checkpoint"]), verifier)
        count = 0
        for line in untrusted_lines:
            entry = msgspec.json.decode(line, type=dict[str, Any])
            leaf = merkle.leaf_hash(bytes.fromhex(entry["salt"]) + str(entry["entry"]).encode())
            proof = [bytes.fromhex(part) for part in entry["proof"]]
            if entry["position"] != count or not merkle.inclusion_holds(count, signed.size, leaf, proof, signed.root):
                raise CustodyBroken(f"Custody entry {count} of the export does not verify.")
            count += 1
    except (KeyError, TypeError, ValueError, StopIteration, msgspec.MsgspecError) as error:
        raise CustodyBroken("The custody export cannot be read.") from error
    if count != signed.size:
        raise CustodyBroken(f"The custody export has {count} entries and should have {signed.size}.")
    return signed
