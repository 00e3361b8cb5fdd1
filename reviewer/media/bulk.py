"""Bytes that come back through the shared area: checked against what was asked for before anything is copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from reviewer.media import protocol as wire
from reviewer.media.checks import error_of
from reviewer.media.link import Link, Take
from reviewer.model.errors import WorkerLied

_T = TypeVar("_T")


def ask_for_bytes(link: Link, request: wire.Request, most: int) -> bytearray | None:
    """At most `most` bytes; None at the end of what is read. Raises the item's own failure, or `WorkerLied`."""

    return link.ask_for(request, lambda untrusted, take: bytes_in(untrusted, take, most))


def bytes_in(untrusted: wire.Answer, take: Take, most: int) -> bytearray | None:
    """What `ask_for_bytes` makes of an answer, for who has more to check before anybody else may ask."""
    if isinstance(untrusted, wire.Failed):
        raise error_of(untrusted)
    if isinstance(untrusted, wire.End):
        return None
    if not isinstance(untrusted, wire.Bulk) or not 0 <= untrusted.length <= min(most, wire.SLOT_BYTES):
        raise WorkerLied
    if not wire.WINDOW_BYTES <= untrusted.offset <= wire.AREA_BYTES - untrusted.length:
        raise WorkerLied
    return take(untrusted.offset, untrusted.length)


def ask_for_message(
    link: Link,
    request: wire.Request,
    most: int,
    decoder: msgspec.msgpack.Decoder[_T],
    check: Callable[[_T], None] | None = None,
) -> _T:
    """A MessagePack value of at most `most` bytes, decoded by type. Else `WorkerLied`, and the worker is ended.

    `check` raises `WorkerLied` for what the type cannot tell: a lie found in here ends the worker, one found by the
    caller afterwards would leave it open.
    """

    def use(untrusted: wire.Answer, take: Take) -> _T:
        if isinstance(untrusted, wire.Failed):
            raise error_of(untrusted)
        if not isinstance(untrusted, wire.Bulk) or not 0 < untrusted.length <= min(most, wire.SLOT_BYTES):
            raise WorkerLied
        if not wire.WINDOW_BYTES <= untrusted.offset <= wire.AREA_BYTES - untrusted.length:
            raise WorkerLied
        data = take(untrusted.offset, untrusted.length)
        try:
            untrusted_value = decoder.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise WorkerLied from None
        finally:
            data[:] = bytes(len(data))
        if check is not None:
            check(untrusted_value)
        return untrusted_value

    return link.ask_for(request, use)
