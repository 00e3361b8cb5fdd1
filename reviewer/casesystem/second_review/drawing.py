"""The sampled share: which items are read twice is drawn by a key that nobody has but the case system.

The draw is a function of the item's id, so it is the same however often it is made, and neither who takes an item in
nor who decides it can tell it beforehand or change it.
"""

from __future__ import annotations

import hashlib
import hmac
from secrets import token_bytes

import sqlalchemy as sa

from reviewer.casesystem.database import insert_or_ignore
from reviewer.casesystem.second_review.tables import secrets

_NAME = "second-review"
_ALL = 1 << 64


def drawn(connection: sa.Connection, item_id: str, share: float) -> bool:
    """True for about `share` (0-1) of all items: HMAC-SHA256 of the id as a number below the share."""
    if share <= 0.0:
        return False
    digest = hmac.digest(_key(connection), item_id.encode(), hashlib.sha256)
    return int.from_bytes(digest[:8], "big") < share * _ALL


def _key(connection: sa.Connection) -> bytes:
    asked = sa.select(secrets.c.value).where(secrets.c.name == _NAME)
    held = connection.execute(asked).scalar_one_or_none()
    if held is None:
        insert_or_ignore(connection, secrets, {"name": _NAME, "value": token_bytes(32)})
        held = connection.execute(asked).scalar_one()
    return bytes(held)
