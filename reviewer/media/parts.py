"""Files inside an archive or e-mail, unpacked in the sealed worker and handed out as plain streams of bytes."""

from __future__ import annotations

from typing import Annotated

import msgspec

from reviewer.media import protocol as wire
from reviewer.media.bulk import ask_for_message, bytes_in
from reviewer.media.link import Link, Take
from reviewer.media.outlines import MAX_PARTS, Part
from reviewer.model.errors import WorkerLied

_LIST_BYTES = 8 << 20
_READ_BYTES = 1 << 20
_MAX_NAME = 1024


class _Part(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """`Part` with its caps in the types."""

    name: Annotated[str, msgspec.Meta(max_length=_MAX_NAME)]
    size: Annotated[int, msgspec.Meta(ge=0)]


# A list that is too long is refused before it is built.
_Parts = Annotated[tuple[_Part, ...], msgspec.Meta(max_length=MAX_PARTS)]
_parts: msgspec.msgpack.Decoder[tuple[_Part, ...]] = msgspec.msgpack.Decoder(_Parts)


class PartReader:
    """The parts of one open item. A piece that is not full is the last one: else a part could go on for ever."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._end: tuple[int, int] | None = None

    def parts(self) -> tuple[Part, ...]:
        untrusted = ask_for_message(self._link, wire.ListParts(), _LIST_BYTES, _parts)
        return tuple(Part(part.name, part.size) for part in untrusted)

    def read(self, index: int, offset: int) -> bytearray:
        """The next bytes of a part at `offset`, at most a megabyte; empty at its end. The caller wipes it."""

        def use(untrusted: wire.Answer, take: Take) -> bytearray | None:
            if self._end == (index, offset) and isinstance(untrusted, wire.Bulk):
                raise WorkerLied
            return bytes_in(untrusted, take, _READ_BYTES)

        data = self._link.ask_for(wire.ReadPart(index, offset, _READ_BYTES), use)
        if data is None:
            return bytearray()
        self._end = (index, offset + len(data)) if len(data) < _READ_BYTES else None
        return data
