"""An item as it lies in a package: by what was registered of it, opened when its turn comes."""

from __future__ import annotations

from collections.abc import Callable

from reviewer.handoff.plan import Evidence, PlainReader
from reviewer.model.cases import Item


def evidence(item: Item, path: str, opened: Callable[[Item], PlainReader]) -> Evidence:
    """`path` is its place in the bag."""
    return Evidence(path, item.facts.size, item.fingerprints.sha256, lambda: opened(item))
