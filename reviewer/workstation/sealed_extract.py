"""A custody extract as it is told to the case system: an export's lines, packed, sealed to the case's key; and back.

Opened, it is believed only as far as it proves itself: signed by the key that is anchored for its log, every entry
about this case, unaltered, and at its place in that log.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

import msgspec

from reviewer.handoff.dossier import CustodyExtract, CustodyLine
from reviewer.model.custody import CustodyEntry
from reviewer.model.custody_told import MAX_SEALED_EXTRACT
from reviewer.model.errors import CustodyBroken
from reviewer.model.merkle import HASH_BYTES, MAX_PROOF, inclusion_holds, leaf_hash
from reviewer.vault import age
from reviewer.vault.checkpoint import Checkpoint, open_checkpoint
from reviewer.vault.signed_note import Verifier

# Entries of one case in one log that are told: the newest. Their lines, unpacked, in bytes.
MAX_LINES = 20_000
_MAX_UNPACKED = 64 * 1024 * 1024
_HEX = frozenset("0123456789abcdef")


class _Told(msgspec.Struct, frozen=True):
    """`left_out` counts older entries that there was no room for. Neighbours share most of a proof: it packs well."""

    checkpoint: str
    verifier: str
    size: int
    root: str
    lines: tuple[CustodyLine, ...]
    left_out: int = 0


def seal_extract(extract: CustodyExtract, recipient: age.Recipient) -> bytes:
    """An age file of at most MAX_SEALED_EXTRACT bytes. Of more than fits in it the newest entries are told."""
    most = min(len(extract.lines), MAX_LINES)
    while True:
        sealed = _sealed(extract, most, recipient)
        if len(sealed) <= MAX_SEALED_EXTRACT:
            return sealed
        most = most * 3 // 4


def _sealed(extract: CustodyExtract, most: int, recipient: age.Recipient) -> bytes:
    lines = extract.lines[len(extract.lines) - most :]
    left_out = len(extract.lines) - most
    told = _Told(extract.checkpoint, extract.verifier, extract.size, extract.root, lines, left_out)
    sealed = io.BytesIO()
    with io.BytesIO(zlib.compress(msgspec.json.encode(told))) as packed:
        age.encrypt(packed, sealed, [recipient])
    return sealed.getvalue()


def open_extract(
    untrusted_sealed: bytes, identities: Sequence[age.Identity], *, case_id: str, verifier: str
) -> tuple[CustodyExtract, int]:
    """The extract, and how many older entries were left out of it. `verifier` is the line anchored for the log.

    age.NoMatchError when it is sealed to another key; CustodyBroken when it proves nothing.
    """
    try:
        with age.open(io.BytesIO(untrusted_sealed), identities) as packed:
            if packed.plaintext_size > MAX_SEALED_EXTRACT:
                raise CustodyBroken("What a custody log told is too large.")
            unpacking = zlib.decompressobj()
            text = unpacking.decompress(packed.readall(), _MAX_UNPACKED)
        if not unpacking.eof:
            raise CustodyBroken("What a custody log told is too large, or cut off.")
        told = msgspec.json.decode(text, type=_Told)
        signed = open_checkpoint(told.checkpoint, Verifier.parse(verifier))
        _check(told, signed, case_id, verifier)
    except age.NoMatchError:
        raise
    except (age.AgeError, zlib.error, msgspec.MsgspecError, ValueError, RecursionError):
        raise CustodyBroken("What a custody log told cannot be read.") from None
    extract = CustodyExtract(told.checkpoint, told.verifier, told.size, told.root, told.lines)
    return extract, told.left_out


def _check(told: _Told, signed: Checkpoint, case_id: str, verifier: str) -> None:
    if (told.verifier, told.size, told.root) != (verifier, signed.size, signed.root.hex()):
        raise CustodyBroken("What a custody log told is not what its checkpoint is of.")
    if not 0 < len(told.lines) <= MAX_LINES or told.left_out < 0:
        raise CustodyBroken("A custody log told of nothing, or of too much.")
    last = -1
    for line in told.lines:
        leaf, proof = _hash(line.leaf_hash), [_hash(part) for part in line.proof[: MAX_PROOF + 1]]
        told_of = msgspec.json.decode(line.entry, type=CustodyEntry).case_id
        if (
            line.position <= last
            or line.redacted
            or told_of != case_id
            or leaf_hash(_hash(line.salt) + line.entry.encode()) != leaf
            or len(proof) > MAX_PROOF
            or not inclusion_holds(line.position, signed.size, leaf, proof, signed.root)
        ):
            raise CustodyBroken("An entry that a custody log told of does not verify.")
        last = line.position


def _hash(untrusted_text: str) -> bytes:
    if len(untrusted_text) != 2 * HASH_BYTES or not _HEX.issuperset(untrusted_text):
        raise ValueError("not a hash")
    return bytes.fromhex(untrusted_text)
