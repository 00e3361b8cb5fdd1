"""An album as automated checks find it: many small pictures, most of them copies of a few, some in a known list."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator, Sequence

import numpy as np

from reviewer.demo.corpus import SyntheticItem
from reviewer.demo.markers import Markers, jpeg_of, mark_jpeg
from reviewer.demo.patterns import grain, light, shapes
from reviewer.model.levels import Kind

LIST_NAME, LIST_VERSION = "Demonstration list", "2026-11"
_WIDTH, _HEIGHT = 480, 360


def album(
    seed: int, markers: Markers, *, known: int = 8, copies: Sequence[int] = (6, 5), single: int = 3
) -> Iterator[SyntheticItem]:
    """`known` pictures for a list, one stack of copies for each number in `copies`, and `single` like no other.

    Copies have the same pixels and other bytes, as after somebody sent a picture on. The known come first.
    """
    stacks = [*[1] * known, *copies, *[1] * single]
    for stack, size in enumerate(stacks):
        rng = np.random.default_rng((seed, stack))
        palette = stack % 5
        picture = jpeg_of(grain(shapes(light(rng, _WIDTH, _HEIGHT, palette), rng, palette), rng))
        for copy in range(size):
            marker = markers.next()
            yield SyntheticItem(
                name=f"album-{stack:03}-{copy:02}",
                format="jpeg",
                declared_format="jpeg",
                kind=Kind.IMAGE,
                harm_type="other",
                case_key="automated",
                forewarning=(),
                claim="Picked out by an automated check",
                marker=marker,
                data=mark_jpeg(picture, marker),
            )


def known_list(items: Sequence[SyntheticItem]) -> bytes:
    """A known-hash list of them as CSV, as other organisations send theirs."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("sha256", "category"))
    for item in items:
        rows.writerow((hashlib.sha256(item.data).hexdigest(), "Other"))
    return out.getvalue().encode()
