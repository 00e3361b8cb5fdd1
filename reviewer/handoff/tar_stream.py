"""The bytes of the inner tar in order, from any offset on. One item is open at a time, and only while it is read."""

from __future__ import annotations

from reviewer.handoff.item_reading import ItemReading
from reviewer.handoff.plan import Document, Evidence
from reviewer.handoff.tar_layout import Placed, TarLayout

_ZEROS = bytes(64 * 1024)


class TarStream:
    """Begins at `offset`. Blocks while items are read; for one thread."""

    def __init__(self, layout: TarLayout, offset: int = 0) -> None:
        self._layout = layout
        self._position = offset
        self._index = next((at for at, placed in enumerate(layout.files) if placed.end > offset), len(layout.files))
        self._item: ItemReading | None = None

    def fill(self, target: memoryview) -> int:
        """Fills `target`; less only at the end of the tar. ItemDamaged, or whatever opening and reading an item raises:
        the stream has ended then."""
        filled = 0
        while filled < len(target) and self._position < self._layout.size:
            filled += self._some(target[filled:])
        return filled

    def close(self) -> None:
        if self._item is not None:
            self._item.close()
            self._item = None

    def _some(self, target: memoryview) -> int:
        """At least one byte of the file at the position, or of what comes after the last."""
        if self._index == len(self._layout.files):
            return self._moved(_zeros(target[: self._layout.size - self._position]))
        placed = self._layout.files[self._index]
        if self._position < placed.content:
            count = _copied(placed.header, self._position - placed.start, target)
        elif self._position < placed.content + placed.size:
            count = self._content(placed, target)
        else:
            count = _zeros(target[: placed.end - self._position])
        self._moved(count)
        if self._position == placed.end:
            self._index += 1
            # Nothing of an empty item is read on the way, and it is still to be what was registered.
            if placed.size == 0 and isinstance(placed.entry, Evidence):
                ItemReading(placed.entry).close()
        return count

    def _content(self, placed: Placed, target: memoryview) -> int:
        inside = self._position - placed.content
        if isinstance(placed.entry, Document):
            return _copied(placed.entry.content, inside, target)
        if self._item is None:
            self._item = ItemReading(placed.entry, inside)
        count = self._item.readinto(target)
        if inside + count == placed.size:
            self.close()
        return count

    def _moved(self, count: int) -> int:
        self._position += count
        return count


def _copied(content: bytes, begin: int, target: memoryview) -> int:
    piece = memoryview(content)[begin : begin + len(target)]
    target[: len(piece)] = piece
    return len(piece)


def _zeros(target: memoryview) -> int:
    count = min(len(target), len(_ZEROS))
    target[:count] = _ZEROS[:count]
    return count
