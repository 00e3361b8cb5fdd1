"""Unpadded canonical base64 (RFC 4648, sections 4 and 3.5), the only form the age header allows."""

from __future__ import annotations

import binascii

COLUMNS = 64


class NotCanonical(ValueError):
    """The text is not canonical base64. Never leaves the package: callers turn it into their failure class."""


def encode(data: bytes) -> str:
    return binascii.b2a_base64(data, newline=False).decode("ascii").rstrip("=")


def decode(untrusted_text: str) -> bytes:
    """The bytes of canonical unpadded base64; NotCanonical for padding, stray characters or spare bits that are set."""
    if "=" in untrusted_text or not untrusted_text.isascii():
        raise NotCanonical
    try:
        data = binascii.a2b_base64(untrusted_text + "=" * (-len(untrusted_text) % 4), strict_mode=True)
    except binascii.Error:
        raise NotCanonical from None
    if encode(data) != untrusted_text:
        raise NotCanonical
    return data
