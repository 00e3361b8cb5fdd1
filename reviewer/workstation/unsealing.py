"""An item's authenticated plaintext: its container from the cache or by range, opened with the case's key.

What is kept here may be of before a re-key. Then key and container are asked for anew, once, and what was kept is
replaced only when the new ones fit each other.
"""

from __future__ import annotations

from typing import BinaryIO, cast

from reviewer.model.cases import Item
from reviewer.model.errors import CaseSystemRefused, NoKeyForItem
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.vault import age
from reviewer.vault.keys import open_case_key
from reviewer.vault.open_vault import OpenVault

# What is kept here no longer fits: the container is another one, or our key is no longer one of the case's.
_OUTDATED = ("container-changed", "no-key-for-you")


class Unsealer:
    """Use from any thread. Nothing is decrypted before it is read from the reader."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem) -> None:
        self._vault = vault
        self._case_system = case_system

    def reader(self, item: Item) -> age.PayloadReader:
        """NoKeyForItem when the case is not shared with us (any more); AgeError for a damaged container; SyncError.

        Closing the reader closes the container.
        """
        kept = self._vault.store.call(lambda s: s.case_key(item.case_id))
        sealed = kept if kept is not None else self._ask_case_key(item.case_id)
        try:
            reader = self._unsealed(self._ciphertext(item), sealed)
        except (age.NoMatchError, NoKeyForItem, CaseSystemRefused) as error:
            if isinstance(error, CaseSystemRefused) and slug_of(error.problem_type) not in _OUTDATED:
                raise
        else:
            if kept is None:
                self._keep(item.case_id, sealed)
            return reader
        sealed = self._ask_case_key(item.case_id)
        reader = self._unsealed(self._remote(self._case_system.keys.item(item.id).item), sealed)
        self._vault.containers.evict(item.id)
        self._keep(item.case_id, sealed)
        return reader

    def _keep(self, case_id: str, sealed: bytes) -> None:
        self._vault.store.call(lambda s: s.put_case_key(case_id, sealed))

    def _unsealed(self, ciphertext: BinaryIO, sealed: bytes) -> age.PayloadReader:
        identity = open_case_key(sealed, self._vault.identity)
        try:
            return age.open(ciphertext, [identity], close_source=True)
        finally:
            identity.wipe()

    def _ciphertext(self, item: Item) -> BinaryIO:
        kept = self._vault.containers.open(item.id)
        return cast(BinaryIO, kept) if kept is not None else self._remote(item)

    def _remote(self, item: Item) -> BinaryIO:
        remote = self._case_system.open_container(item.id, item.container_size, item.container_sha256)
        return cast(BinaryIO, remote)

    def _ask_case_key(self, case_id: str) -> bytes:
        try:
            return self._case_system.case_key(case_id)
        except CaseSystemRefused as refused:
            if slug_of(refused.problem_type) == "no-key-for-you":
                raise NoKeyForItem from None
            raise
