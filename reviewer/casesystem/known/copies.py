"""Which registered items a chain of copies joins: the same bytes, or pictures that look alike.

A component is never shown: `stacks` works out from it what one member may see.
"""

from __future__ import annotations

import threading
from typing import TypeVar

import sqlalchemy as sa

from reviewer.casesystem.known.prints import Prints
from reviewer.casesystem.known.tables import item_fingerprints
from reviewer.model.known import MatchKind

_AT_ONCE = 500

T = TypeVar("T")


class Copies:
    """The pictures' hashes of all registered items in memory, 32 bytes each; read from the database as they come."""

    def __init__(self) -> None:
        self._hashes = bytearray()
        self._numbers: list[int] = []
        self._known: set[bytes] = set()
        self._seen = 0
        self._reading = threading.Lock()

    def add(self, connection: sa.Connection, item_id: str, prints: Prints) -> None:
        """Within the transaction that registers the item, the state being locked."""
        sha256 = prints.exact.get(MatchKind.SHA256)
        joined = self._components(connection, sha256, prints.own)
        component = min(joined, default=item_id)
        for others in _pieces(sorted(joined - {component})):
            theirs = item_fingerprints.c.component.in_(others)
            connection.execute(sa.update(item_fingerprints).where(theirs).values(component=component))
        row = {"item_id": item_id, "sha256": sha256, "pdq": prints.own, "component": component}
        connection.execute(sa.insert(item_fingerprints).values(**row))

    def _components(self, connection: sa.Connection, sha256: bytes | None, pdq: bytes | None) -> set[str]:
        asked = sa.select(item_fingerprints.c.component).distinct()
        found: set[str] = set()
        if sha256 is not None:
            found.update(connection.execute(asked.where(item_fingerprints.c.sha256 == sha256)).scalars())
        if pdq is not None:
            for numbers in _pieces(self._near(connection, pdq)):
                found.update(connection.execute(asked.where(item_fingerprints.c.number.in_(numbers))).scalars())
        return found

    def _near(self, connection: sa.Connection, pdq: bytes) -> list[int]:
        with self._reading:
            self._catch_up(connection)
            if not self._numbers:
                return []
            import numpy as np

            from reviewer.casesystem.known.perceptual import within

            hashes = np.frombuffer(self._hashes, np.uint8).reshape(-1, 32)
            asked = np.frombuffer(pdq, np.uint8).reshape(1, 32)
            return [self._numbers[position] for _, position, _ in within(asked, hashes)]

    def _catch_up(self, connection: sa.Connection) -> None:
        # Rows of transactions that were committed; each hash once, as items with the same one share their component.
        table = item_fingerprints
        newer = sa.select(table.c.number, table.c.pdq).where(table.c.number > self._seen).order_by(table.c.number)
        for row in connection.execute(newer):
            self._seen = row.number
            if row.pdq is not None and row.pdq not in self._known:
                self._known.add(row.pdq)
                self._hashes += row.pdq
                self._numbers.append(row.number)


def _pieces(found: list[T]) -> list[list[T]]:
    return [found[start : start + _AT_ONCE] for start in range(0, len(found), _AT_ONCE)]
