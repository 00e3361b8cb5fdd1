"""The RFC 6962 Merkle tree: hashes, proofs and their verification. Pure; storage is a function argument.

A complete subtree of 2**level leaves is named (level, index) and covers leaves index<<level up to (index+1)<<level.
It is hashed once, when its last leaf arrives, and kept; root and proofs then need only O(log n) lookups. The proofs
are those of RFC 6962 sections 2.1.1 and 2.1.2; inclusion is verified as in RFC 9162 section 2.1.3.2. Consistency is
verified by `model.merkle`, as is inclusion: the case system and the check of packages share it.
"""

from __future__ import annotations

from collections.abc import Callable

from reviewer.model.merkle import EMPTY_ROOT, node_hash
from reviewer.model.merkle import inclusion_holds as inclusion_holds
from reviewer.model.merkle import leaf_hash as leaf_hash

# (level, index) -> hash of that complete subtree
Lookup = Callable[[int, int], bytes]


def completed(position: int, leaf: bytes, lookup: Lookup) -> list[bytes]:
    """Hashes of the subtrees that the leaf at `position` completes, lowest first: its own, then parents."""
    hashes = [leaf]
    level, index = 0, position
    while index & 1:
        hashes.append(node_hash(lookup(level, index - 1), hashes[-1]))
        level, index = level + 1, index >> 1
    return hashes


def place(level: int, index: int) -> int:
    """The leaf whose arrival completed this subtree; its `completed` list holds the hash at `level`."""
    return ((index + 1) << level) - 1


class Edge:
    """The right edge of a growing tree: the hash of each complete subtree that is not yet part of a larger one."""

    def __init__(self, size: int = 0, lookup: Lookup | None = None) -> None:
        """An empty tree, or one of `size` leaves whose stored hashes `lookup` finds."""
        self.size = size
        self._hashes: dict[int, bytes] = {}
        if lookup is not None:
            self._hashes = {level: lookup(level, (size >> level) - 1) for level in _levels(size)}

    def add(self, leaf: bytes) -> list[bytes]:
        """Append a leaf hash; returns what `completed` does, to be stored with it."""
        hashes = completed(self.size, leaf, self._at)
        for level in range(len(hashes) - 1):
            del self._hashes[level]
        self._hashes[len(hashes) - 1] = hashes[-1]
        self.size += 1
        return hashes

    def root(self) -> bytes:
        return root(self.size, self._at)

    def _at(self, level: int, _index: int) -> bytes:
        return self._hashes[level]


def _levels(size: int) -> list[int]:
    """Levels of the complete subtrees on the right edge: the set bits of `size`."""
    return [level for level in range(size.bit_length()) if size >> level & 1]


def _range_hash(start: int, end: int, lookup: Lookup) -> bytes:
    """MTH(D[start:end]); `start` must be a multiple of the smallest power of two not below the width."""
    parts, width = [], end - start
    while width:
        level = width.bit_length() - 1
        parts.append(lookup(level, start >> level))
        start += 1 << level
        width -= 1 << level
    total = parts.pop()
    while parts:
        total = node_hash(parts.pop(), total)
    return total


def root(size: int, lookup: Lookup) -> bytes:
    return _range_hash(0, size, lookup) if size else EMPTY_ROOT


def _split(width: int) -> int:
    """The largest power of two smaller than `width`."""
    return 1 << ((width - 1).bit_length() - 1)


def inclusion_proof(position: int, size: int, lookup: Lookup) -> list[bytes]:
    """The audit path of the leaf at `position` in the tree of `size` leaves, from the leaf upwards."""
    if not 0 <= position < size:
        raise ValueError("no such leaf")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if position < middle:
            path.append(_range_hash(middle, end, lookup))
            end = middle
        else:
            path.append(_range_hash(start, middle, lookup))
            start = middle
    return path[::-1]


def consistency_proof(old: int, new: int, lookup: Lookup) -> list[bytes]:
    """Shows that the tree of `new` leaves begins with the tree of `old` leaves. Empty for old == new and old == 0."""
    if not 0 <= old <= new:
        raise ValueError("the old tree must not be larger than the new one")
    if old in (0, new):
        return []
    start, end, path, whole = 0, new, [], True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(_range_hash(middle, end, lookup))
            end = middle
        else:
            path.append(_range_hash(start, middle, lookup))
            start, whole = middle, False
    if not whole:
        path.append(_range_hash(start, end, lookup))
    return path[::-1]
