"""How far each file has been taken in, kept in the store: what was interrupted is completed, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import msgspec

from reviewer.intake.taking_in import Keep
from reviewer.model.cases import Item
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """`keys`: the set of keys the case had when it was sealed. `whole`: nothing is left to do."""

    item: Item
    keys: str | None
    whole: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One file's line of the ledger: a submitted file by its case, harm type and SHA-256; a part by where it lies."""

    key: str

    @classmethod
    def of_file(cls, case_id: str, harm_type: str, sha256: str) -> Place:
        return cls(f"intake/{case_id}/{harm_type}/{sha256}")

    @classmethod
    def of_part(cls, whole: Item, index: int) -> Place:
        return cls(f"intake/{whole.id}/{index}")

    @classmethod
    def left_out(cls, whole: Item, exhibit: str, code: str) -> Place:
        return cls(f"intake/{whole.id}/left-out/{exhibit}/{code}")


class IntakeLedger:
    def __init__(self, vault: OpenVault) -> None:
        self._vault = vault

    def find(self, place: Place) -> Kept | None:
        data = self._vault.store.call(lambda s: s.get_setting(place.key))
        return None if data is None else msgspec.json.decode(data, type=Kept)

    def keeper(self, place: Place, keys: Callable[[], str | None]) -> Keep:
        """`keys` is asked when something is written down: what an item is sealed to is known once it is sealed."""

        def keep(item: Item, whole: bool) -> None:
            kept = msgspec.json.encode(Kept(item=item, keys=keys(), whole=whole))
            self._vault.store.call(lambda s: s.put_setting(place.key, kept))

        return keep

    def first_time(self, left_out: Place) -> bool:
        """Whether this was not left out before, and from now on it was."""

        def job(store: Store) -> bool:
            if store.get_setting(left_out.key) is not None:
                return False
            store.put_setting(left_out.key, b"")
            return True

        return self._vault.store.call(job)

    def forget(self, place: Place) -> None:
        self._vault.store.call(lambda s: s.remove_setting(place.key))
