"""Rows of bytes in ascending order, each once: by their first eight bytes, by the rest only where those are equal."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def sorted_rows(rows: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """`rows`: (count, width of at least 8), C-contiguous. A new array of the distinct ones."""
    import numpy as np

    count, width = rows.shape
    if not count:
        return rows
    keys = np.ascontiguousarray(rows[:, :8]).view(">u8").reshape(-1).astype(np.uint64)
    order = np.argsort(keys)
    keys, rows = keys[order], rows[order]
    again = keys[1:] == keys[:-1]
    if not again.any():
        return rows
    # Rows whose first bytes are not unique. Sorted whole, they come to lie among the same places as before.
    tied = np.flatnonzero(np.append(again, False) | np.append(False, again))
    # Trailing zero bytes do not count for NumPy's strings; at a fixed width that changes no order.
    some = np.sort(rows[tied].view(f"S{width}").reshape(-1)).view(np.uint8).reshape(-1, width)
    rows[tied] = some
    keep = np.ones(count, bool)
    keep[tied[1:]] = (some[1:] != some[:-1]).any(axis=1)
    return rows[keep]


def by_first_bits(rows: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    """Sixteen contiguous arrays: the rows that begin with each four bits."""
    import numpy as np

    first = rows[:, 0] >> 4
    order = np.argsort(first, kind="stable")
    edges = np.searchsorted(first[order], np.arange(17))
    rows = rows[order]
    return [rows[start:end] for start, end in pairwise(edges)]
