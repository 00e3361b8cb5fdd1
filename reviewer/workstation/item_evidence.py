"""An item as it lies in a package: by what was registered of it, opened when its turn comes."""

from __future__ import annotations

from collections.abc import Callable

from reviewer.handoff.errors import ItemDamaged
from reviewer.handoff.plan import Evidence, PlainReader
from reviewer.model.cases import Item
from reviewer.vault.age import AgeError


def evidence(item: Item, path: str, opened: Callable[[Item], PlainReader]) -> Evidence:
    """`path` is its place in the bag. A container that does not open, or breaks off, is told as ItemDamaged."""

    def open_it() -> PlainReader:
        try:
            return _Told(opened(item))
        except AgeError as error:
            raise ItemDamaged from error

    return Evidence(path, item.facts.size, item.fingerprints.sha256, open_it)


class _Told:
    """The reader, with the container's own failures in the words of a package."""

    def __init__(self, reader: PlainReader) -> None:
        self._reader = reader

    def readinto(self, target: memoryview, /) -> int:
        try:
            return self._reader.readinto(target)
        except AgeError as error:
            raise ItemDamaged from error

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._reader.seek(offset, whence)

    def close(self) -> None:
        self._reader.close()
