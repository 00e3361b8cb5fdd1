"""User and password at a clearing house. They are kept in the encrypted store only, and nothing ever shows them."""

from __future__ import annotations

from typing import Any

import msgspec

from reviewer.handoff.errors import ClearingHouseUnusable

_MAX_FIELD = 500
_MAX_BYTES = 4096


class Credentials(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """For HTTP basic authentication (RFC 7617): printable, and no colon in the user. ClearingHouseUnusable."""

    user: str
    password: str

    def __post_init__(self) -> None:
        for field in (self.user, self.password):
            if not 0 < len(field) <= _MAX_FIELD or not field.isprintable():
                raise ClearingHouseUnusable
        if ":" in self.user:
            raise ClearingHouseUnusable

    def __repr__(self) -> str:
        return "Credentials(…)"

    __str__ = __repr__

    def __rich_repr__(self) -> list[tuple[str, Any]]:
        """What msgspec would give to those who print structs nicely, with every field."""
        return []

    def to_bytes(self) -> bytes:
        """Secret: for the encrypted store's settings."""
        return msgspec.json.encode(self)

    @classmethod
    def from_bytes(cls, kept: bytes) -> Credentials:
        """ClearingHouseUnusable where these are not credentials."""
        if len(kept) > _MAX_BYTES:
            raise ClearingHouseUnusable
        try:
            return msgspec.json.decode(kept, type=cls)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise ClearingHouseUnusable from None
