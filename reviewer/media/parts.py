"""Files inside an archive or e-mail, unpacked in the sealed worker and handed out as plain streams of bytes."""

from __future__ import annotations

import msgspec

from reviewer.media import protocol as wire
from reviewer.media.bulk import ask_for_bytes, ask_for_message
from reviewer.media.link import Link
from reviewer.media.outlines import MAX_PARTS, Part
from reviewer.model.errors import WorkerLied

_LIST_BYTES = 8 << 20
_READ_BYTES = 1 << 20
_MAX_NAME = 1024
_parts: msgspec.msgpack.Decoder[tuple[Part, ...]] = msgspec.msgpack.Decoder(tuple[Part, ...])


def list_parts(link: Link) -> tuple[Part, ...]:
    untrusted = ask_for_message(link, wire.ListParts(), _LIST_BYTES, _parts)
    if len(untrusted) > MAX_PARTS or any(part.size < 0 or len(part.name) > _MAX_NAME for part in untrusted):
        raise WorkerLied
    return untrusted


def read_part(link: Link, index: int, offset: int) -> bytearray:
    """The next bytes of a part at `offset`, at most a megabyte; empty at its end. The caller wipes it."""
    data = ask_for_bytes(link, wire.ReadPart(index, offset, _READ_BYTES), _READ_BYTES)
    return data if data is not None else bytearray()
