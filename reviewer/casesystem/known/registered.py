"""Items against the lists: looked up when registered, before the transaction; written down in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import sqlalchemy as sa

from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.known.copies import Copies
from reviewer.casesystem.known.look_up import Match, OpenLists
from reviewer.casesystem.known.prints import Prints, prints_of
from reviewer.casesystem.known.tables import item_fingerprints, known_lists, known_matches, known_state
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.tables import items
from reviewer.model.cases import Item

_CATCH_UP = 200


class LookedUp(msgspec.Struct, frozen=True):
    """`matches`: list id to what it says of each item asked for. It holds while `generation` does."""

    generation: int
    matches: Mapping[str, list[list[Match]]]


class KnownHashes:
    """The lists in force and the copies among the items, over one database and one folder of list files."""

    def __init__(self, engine: sa.Engine, folder: Path) -> None:
        """Reads nothing and makes nothing yet."""
        self.engine = engine
        self.folder = folder
        self.lists = OpenLists(folder)
        self._copies = Copies()

    def look_up(self, asked: Sequence[Prints]) -> LookedUp:
        """Outside any transaction that writes: it can take tens of milliseconds for each item."""
        try:
            with reading(self.engine) as connection:
                return self._look_up(connection, asked)
        except FileNotFoundError:
            # Retired between the row and the file: the next view no longer has it.
            with reading(self.engine) as connection:
                return self._look_up(connection, asked)

    def record(self, connection: sa.Connection, item: Item, prints: Prints, looked_up: LookedUp) -> None:
        """Last part of the transaction that registers the item. `looked_up` was asked for `prints` alone."""
        generation = lock_state(connection)
        if generation != looked_up.generation:
            # The lists changed since: rare, and then it is done again while they cannot.
            looked_up = self._look_up(connection, [prints])
        for list_id, (matches,) in looked_up.matches.items():
            insert_matches(connection, list_id, {item.id: matches})
        self._copies.add(connection, item.id, prints)

    def catch_up(self) -> None:
        """Items registered by a version before this one. They are looked up as if they arrived now."""
        absent = ~sa.exists().where(item_fingerprints.c.item_id == items.c.id)
        missing = sa.select(items.c.body).where(absent).order_by(items.c.registered_at).limit(_CATCH_UP)
        with reading(self.engine) as connection:
            left = connection.execute(missing.limit(1)).first() is not None
        while left:
            with writing(self.engine) as connection:
                lock_state(connection)
                found = [msgspec.json.decode(body, type=Item) for body in connection.execute(missing).scalars()]
                asked = [_old_prints(item) for item in found]
                looked_up = self._look_up(connection, asked)
                for list_id, matches in looked_up.matches.items():
                    insert_matches(connection, list_id, {item.id: m for item, m in zip(found, matches, strict=True)})
                for item, prints in zip(found, asked, strict=True):
                    self._copies.add(connection, item.id, prints)
            left = bool(found)

    def _look_up(self, connection: sa.Connection, asked: Sequence[Prints]) -> LookedUp:
        generation = connection.execute(sa.select(known_state.c.generation)).scalar_one()
        in_force = sa.select(known_lists.c.id, known_lists.c.sha256).where(known_lists.c.retired_at.is_(None))
        rows = connection.execute(in_force.order_by(known_lists.c.id)).all()
        return LookedUp(generation, {row.id: self.lists.get(row.sha256).matches(asked) for row in rows})


def checked_prints(untrusted_item: Item) -> Prints:
    try:
        return prints_of(untrusted_item)
    except ValueError:
        raise Refusal(422, "fingerprint-unusable", "A fingerprint is not the hex digits it should be.") from None


def lock_state(connection: sa.Connection) -> int:
    """The generation of the lists, which cannot change before this transaction ends."""
    generation: int = connection.execute(sa.select(known_state.c.generation).with_for_update()).scalar_one()
    return generation


def insert_matches(connection: sa.Connection, list_id: str, found: Mapping[str, Sequence[Match]]) -> None:
    rows = [
        {
            "item_id": item_id,
            "list_id": list_id,
            "position": position,
            "kind": match.kind.value,
            "distance": match.distance,
            "category": match.category,
            "classification": match.classification,
        }
        for item_id, matches in found.items()
        for position, match in enumerate(matches)
    ]
    if rows:
        connection.execute(sa.insert(known_matches), rows)


def _old_prints(item: Item) -> Prints:
    try:
        return prints_of(item)
    except ValueError:
        return Prints({}, [], None)
