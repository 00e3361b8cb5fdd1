"""What comes in and goes out over HTTP: bodies read under a cap, JSON by msgspec, ETags."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import msgspec
from fastapi import Request
from starlette.responses import Response

from reviewer.casesystem.problems import Refusal

T = TypeVar("T")

SMALL = 64 * 1024

# What decoding untrusted JSON can raise; nesting without end is one more way not to be JSON of ours.
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)


def capped_body(max_bytes: int) -> Callable[[Request], Awaitable[bytes]]:
    """A dependency: the whole body, never more than `max_bytes` of it in memory. 413 beyond that."""

    async def body(request: Request) -> bytes:
        declared = request.headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > max_bytes:
            raise _too_large()
        untrusted = bytearray()
        async for chunk in request.stream():
            if len(untrusted) + len(chunk) > max_bytes:
                raise _too_large()
            untrusted += chunk
        return bytes(untrusted)

    return body


def _too_large() -> Refusal:
    return Refusal(413, "body-too-large", "Send less at once.")


def decoded(untrusted_body: bytes, kind: type[T]) -> T:
    """The body as `kind`, or 422. The refusal does not repeat what was sent."""
    try:
        return msgspec.json.decode(untrusted_body, type=kind)
    except msgspec.ValidationError:
        raise Refusal(422, "invalid-body", "A field is missing or of the wrong type.") from None
    except UNREADABLE:
        raise Refusal(400, "not-json", "The body is not JSON.") from None


def answer(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(content), status, headers=headers, media_type="application/json")


def etag_of(content: Any) -> str:
    """A strong ETag over what the answer says."""
    return f'"{hashlib.sha256(msgspec.json.encode(content, order="deterministic")).hexdigest()[:32]}"'
