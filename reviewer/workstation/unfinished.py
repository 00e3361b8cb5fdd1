"""A package that was begun and is not whole yet: what resuming needs, kept in the encrypted store only.

The plan is frozen with its signature and stamp: going on with another one would seal other bytes under the same key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from reviewer.handoff.plan import Document, PlainReader, Plan
from reviewer.model.cases import Item
from reviewer.model.handoff import NewHandoff
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.item_evidence import evidence

SETTING = "handoff_unfinished/"


class PlannedEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A document with its content, or an item."""

    path: str
    content: bytes = b""
    item: Item | None = None


class Unfinished(msgspec.Struct, frozen=True, kw_only=True):
    """`envelope` is the secret state of the envelope, empty where that kind cannot be resumed; `made` is what is
    recorded once the file is whole (its digest and size are not known yet); `choice` is what the person chose, as
    JSON. `ca` and `tsa_ca` (PEM) are those the recipient checks this package with."""

    made: NewHandoff
    target: str
    folder: str
    entries: tuple[PlannedEntry, ...]
    agency: str
    envelope: bytes
    not_stamped: str
    choice: bytes
    ca: bytes = b""
    tsa_ca: bytes = b""

    @property
    def built_at(self) -> datetime:
        return self.made.built_at

    def plan(self, opened: Callable[[Item], PlainReader]) -> Plan:
        return Plan(
            self.folder,
            self.built_at,
            tuple(
                Document(one.path, one.content) if one.item is None else evidence(one.item, one.path, opened)
                for one in self.entries
            ),
        )


def planned_entries(plan: Plan, items: dict[str, Item]) -> tuple[PlannedEntry, ...]:
    """`items` by their path in the bag."""
    return tuple(
        PlannedEntry(path=one.path, content=one.content)
        if isinstance(one, Document)
        else PlannedEntry(path=one.path, item=items[one.path])
        for one in plan.entries
    )


def keep_unfinished(vault: OpenVault, unfinished: Unfinished) -> None:
    body = msgspec.msgpack.encode(unfinished)
    vault.store.call(lambda s: s.put_setting(SETTING + unfinished.made.case_id, body))


def unfinished_of(vault: OpenVault, case_id: str) -> Unfinished | None:
    body = vault.store.call(lambda s: s.get_setting(SETTING + case_id))
    return None if body is None else msgspec.msgpack.decode(body, type=Unfinished)


def forget_unfinished(vault: OpenVault, case_id: str) -> None:
    vault.store.call(lambda s: s.remove_setting(SETTING + case_id))
