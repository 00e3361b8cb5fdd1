"""What was built or sent and could not be recorded at the case system yet: kept until it is.

A package that exists, or a report that a clearing house took, must not be forgotten because the network was down.
"""

from __future__ import annotations

import msgspec

from reviewer.model.errors import CaseSystemRefused, SyncError
from reviewer.model.handoff import Handoff, NewHandoff, NewPreservation, NewStep
from reviewer.sync.client import CaseSystem
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store

_SETTING = "handoff_pending"


class Pending(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the three; `of` is the handoff a step is of, or the case a preservation is of. `refused` is why the case
    system did not take it, or empty: it is then kept for a person to look at and not sent again by itself."""

    made: NewHandoff | None = None
    step: NewStep | None = None
    preservation: NewPreservation | None = None
    of: str = ""
    refused: str = ""


class PendingRecords:
    """Of one vault. Everything is durable before the network is asked; repeating is harmless (ids)."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem) -> None:
        self._vault = vault
        self._case_system = case_system

    def add(self, *records: Pending) -> None:
        def append(store: Store) -> None:
            kept = _kept(store)
            store.put_setting(_SETTING, msgspec.json.encode((*kept, *records)))

        self._vault.store.call(append)

    def waiting(self) -> tuple[Pending, ...]:
        return self._vault.store.call(_kept)

    def deliver(self) -> dict[str, Handoff]:
        """Send what waits, in order; what the case system answered, by handoff id. SyncError when it cannot be reached:
        then everything that was not answered still waits."""
        answered: dict[str, Handoff] = {}
        for record in self.waiting():
            if record.refused:
                continue
            try:
                handoff = self._send(record)
            except CaseSystemRefused as refused:
                self._replace(record, msgspec.structs.replace(record, refused=refused.what_happened))
                continue
            if handoff is not None:
                answered[handoff.made.id] = handoff
            self._replace(record, None)
        return answered

    def try_to_deliver(self) -> dict[str, Handoff]:
        """As `deliver`, and nothing where the case system cannot be reached."""
        try:
            return self.deliver()
        except SyncError:
            return {}

    def _send(self, record: Pending) -> Handoff | None:
        handed_off = self._case_system.handed_off
        if record.made is not None:
            return handed_off.add(record.made)
        if record.step is not None:
            return handed_off.step(record.of, record.step)
        if record.preservation is not None:
            handed_off.preserve(record.of, record.preservation)
        return None

    def _replace(self, old: Pending, new: Pending | None) -> None:
        def write(store: Store) -> None:
            left = [one for one in _kept(store) if one != old]
            if new is not None:
                left.append(new)
            store.put_setting(_SETTING, msgspec.json.encode(left))

        self._vault.store.call(write)


def _kept(store: Store) -> tuple[Pending, ...]:
    body = store.get_setting(_SETTING)
    return () if body is None else msgspec.json.decode(body, type=tuple[Pending, ...])
