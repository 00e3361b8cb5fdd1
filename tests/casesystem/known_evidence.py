"""Items with chosen fingerprints, and lists of them, for the tests of known hashes and stacks."""

from __future__ import annotations

import hashlib
import io
import random
from collections.abc import Iterable

import msgspec
from house import SEALED, a_case, an_item, ciphertext

from reviewer.model.cases import Fingerprints, Item, ItemFacts, SceneHash
from reviewer.model.levels import Kind
from reviewer.model.wire import KnownListImport
from reviewer.sync.client import CaseSystem


def pdq(seed: int, *flipped: int) -> bytes:
    """A hash like no other, with these bits turned over."""
    bits = int.from_bytes(random.Random(seed).randbytes(32), "big")
    for bit in flipped:
        bits ^= 1 << bit
    return bits.to_bytes(32, "big")


def shown_item(
    item_id: str,
    case_id: str = "case-1",
    *,
    content: str | None = None,
    alike: bytes | None = None,
    quality: int = 100,
    scenes: Iterable[tuple[bytes, int]] = (),
    kind: Kind = Kind.IMAGE,
) -> Item:
    """`content` stands for the bytes: the same words, the same digests."""
    said = (content if content is not None else item_id).encode()
    plain = an_item(item_id, case_id, ciphertext(100, seed=len(item_id)))
    prints = Fingerprints(
        sha256=hashlib.sha256(said).hexdigest(),
        sha1=hashlib.sha1(said, usedforsecurity=False).hexdigest(),
        md5=hashlib.md5(said, usedforsecurity=False).hexdigest(),
        pdq=alike.hex() if alike is not None else None,
        pdq_quality=quality if alike is not None else None,
        scenes=tuple(SceneHash(time_s=float(i), pdq=h.hex(), quality=q) for i, (h, q) in enumerate(scenes)),
    )
    return msgspec.structs.replace(plain, fingerprints=prints, facts=ItemFacts(kind=kind, format="x", size=100))


def take_in(gate: CaseSystem, item: Item, *, shared: Iterable[str] = SEALED) -> None:
    container = ciphertext(100, seed=len(item.id))
    gate.register_case(a_case(item.case_id), dict.fromkeys(shared, b"sealed"))
    gate.register_item(item)
    gate.upload_container(item.id, io.BytesIO(container), len(container))


def imported(
    boss: CaseSystem, rows: str | bytes, name: str = "partners", version: str = "1", form: str = "csv"
) -> KnownListImport:
    raw = rows.encode() if isinstance(rows, str) else rows
    return boss.known_lists.take_in(io.BytesIO(raw), name, version, form)
