"""Proofs of an RFC 6962 Merkle log: an entry is in it, and a newer state still begins with every entry of the older.

The algorithms are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2 (the same tree as RFC 6962).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

# A proof names at most one node per level on each side: no honest log needs more.
MAX_PROOF = 2 * 64


def leaf_hash(leaf: bytes) -> bytes:
    """SHA-256(0x00 || leaf), RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 || left || right), RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def inclusion_holds(position: int, size: int, leaf: bytes, proof: Sequence[bytes], tree_root: bytes) -> bool:
    """Whether `proof`, from the leaf upwards, leads from the leaf hash at `position` to the root of `size` entries."""
    if not 0 <= position < size:
        return False
    index, last, total = position, size - 1, leaf
    for part in proof:
        if last == 0 or len(part) != HASH_BYTES:
            return False
        if index & 1 or index == last:
            total = node_hash(part, total)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            total = node_hash(total, part)
        index, last = index >> 1, last >> 1
    return last == 0 and total == tree_root


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, untrusted_proof: Sequence[bytes]
) -> bool:
    """True exactly when `untrusted_proof` shows that the log of `new_size` extends the one of `old_size`.

    Sizes in entries, roots and proof nodes 32 bytes each. Never raises for what the proof holds.
    """
    if not 0 <= old_size <= new_size or len(untrusted_proof) > MAX_PROOF:
        return False
    if any(len(node) != HASH_BYTES for node in (old_root, new_root, *untrusted_proof)):
        return False
    if old_size == 0:
        return old_root == EMPTY_ROOT and not untrusted_proof and (new_size > 0 or new_root == EMPTY_ROOT)
    if old_size == new_size:
        return not untrusted_proof and old_root == new_root
    return _replay(old_size, old_root, new_size, new_root, untrusted_proof)


def _replay(old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]) -> bool:
    nodes = list(proof)
    if old_size & (old_size - 1) == 0:
        nodes.insert(0, old_root)
    if not nodes:
        return False
    first, second = old_size - 1, new_size - 1
    while first & 1:
        first >>= 1
        second >>= 1
    old = new = nodes[0]
    for node in nodes[1:]:
        if second == 0:
            return False
        if first & 1 or first == second:
            old = node_hash(node, old)
            new = node_hash(node, new)
            while first and not first & 1:
                first >>= 1
                second >>= 1
        else:
            new = node_hash(new, node)
        first >>= 1
        second >>= 1
    return second == 0 and old == old_root and new == new_root
