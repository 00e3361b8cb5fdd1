"""Which of millions of PDQ hashes lie within so many bits of one: every one of them, by comparing with all.

Two hashes within 31 bits are within 31 bits in their first halves as well, and next to no others are: so only the first
halves are held in memory and compared (faiss counts the bits), and the few that pass are read whole from the file.
This is exact; indexes that are not (HNSW found two thirds) would let known material pass for unknown.
"""

from __future__ import annotations

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from reviewer.casesystem.known.list_file import ListFile, NotAListFile
from reviewer.model.known import PDQ_MATCH

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_HALF = 16
# So many hashes fit the processor's cache and are compared with every query before the next are fetched.
_BLOCK = 1 << 15
_PROCESSORS = os.cpu_count() or 1
_scanning = threading.Lock()
# Makes its threads when they are first needed.
_threads = ThreadPoolExecutor(_PROCESSORS, thread_name_prefix="known-hashes")


class PdqIndex:
    """The PDQ hashes of one list, 16 bytes of memory each."""

    def __init__(self, list_file: ListFile) -> None:
        import numpy as np

        self._list = list_file
        self._count, start, self._tails = list_file.pdq_halves()
        self._heads = np.empty((self._count, _HALF), np.uint8)
        view, read = self._heads.reshape(-1).data if self._count else memoryview(b""), 0
        while read < len(view):
            got = os.preadv(list_file.fileno(), [view[read : read + (64 << 20)]], start + read)
            if not got:
                raise NotAListFile
            read += got

    def near(self, queries: list[bytes]) -> list[list[tuple[int, int]]]:
        """For each query (32 bytes) the (position, distance in bits) of all within `PDQ_MATCH`, nearest first."""
        import numpy as np

        found: list[list[tuple[int, int]]] = [[] for _ in queries]
        if not self._count or not queries:
            return found
        asked = np.frombuffer(b"".join(queries), np.uint8).reshape(-1, 2 * _HALF)
        heads = np.ascontiguousarray(asked[:, :_HALF])
        for query, position, distance in _scanned(heads, self._heads):
            tail = os.pread(self._list.fileno(), _HALF, self._tails + position * _HALF)
            whole = distance + _bits_apart(tail, queries[query][_HALF:])
            if whole <= PDQ_MATCH:
                found[query].append((position, whole))
        for hits in found:
            hits.sort(key=lambda hit: (hit[1], hit[0]))
        return found


def _scanned(queries: NDArray[np.uint8], hashes: NDArray[np.uint8]) -> list[tuple[int, int, int]]:
    """As `within`. faiss shares queries among processors, not hashes: of one query each does its part of the hashes."""
    parts = max(1, min(_PROCESSORS, len(hashes) // _BLOCK))
    step = -(-len(hashes) // parts) if len(queries) == 1 else _BLOCK
    starts = range(0, len(hashes), step)

    def scan(start: int) -> list[tuple[int, int, int]]:
        near = within(queries, hashes[start : start + step])
        return [(query, start + position, distance) for query, position, distance in near]

    # One scan at a time: each would have all processors, and they wait for the same memory.
    with _scanning:
        pieces = _threads.map(scan, starts) if len(queries) == 1 and parts > 1 else map(scan, starts)
        return [hit for piece in pieces for hit in piece]


def within(queries: NDArray[np.uint8], hashes: NDArray[np.uint8]) -> list[tuple[int, int, int]]:
    """(query, hash, distance in bits) of every pair within `PDQ_MATCH`. Rows of equally many bytes, C-contiguous."""
    import faiss
    import numpy as np

    if not len(queries) or not len(hashes):
        return []
    result = faiss.RangeSearchResult(len(queries))
    width: Any = queries.shape[1]
    # faiss excludes the radius itself, and lets other threads run meanwhile.
    faiss.hamming_range_search(  # type: ignore[attr-defined]
        faiss.swig_ptr(queries), faiss.swig_ptr(hashes), len(queries), len(hashes), PDQ_MATCH + 1, width, result
    )
    limits = faiss.rev_swig_ptr(result.lims, len(queries) + 1)
    total = int(limits[-1])
    if not total:
        return []
    positions, distances = faiss.rev_swig_ptr(result.labels, total), faiss.rev_swig_ptr(result.distances, total)
    asking = np.repeat(np.arange(len(queries)), [int(b) - int(a) for a, b in pairwise(limits)])
    return [(int(a), int(p), int(d)) for a, p, d in zip(asking, positions, distances, strict=True)]


def _bits_apart(one: bytes, other: bytes) -> int:
    if len(one) != len(other):
        raise NotAListFile
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()
