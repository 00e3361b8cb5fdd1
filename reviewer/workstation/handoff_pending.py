"""What was built, sent or recorded and is not at the case system yet: kept until it is.

A package that exists, or a report that a clearing house took, must not be forgotten because the network was down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

import msgspec

from reviewer.model.decisions import Draft
from reviewer.model.errors import CaseSystemRefused, CaseSystemUnreachable, SyncError
from reviewer.model.handoff import Handoff, NewHandoff, NewPreservation, NewStep
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store

SETTING = "handoff_pending"
# Refusals that say nothing of what was sent: it is sent again later, as if nobody had answered.
_PASSING = frozenset({401, 408, 425, 429})
_KNOWN_LONGER = "preservation-shorter"


def is_passing(refused: CaseSystemRefused) -> bool:
    return refused.status in _PASSING or refused.status >= 500


@contextmanager
def not_kept() -> Iterator[None]:
    """What is asked of the case system at once, and is not kept here for later: said so where it cannot be reached."""
    try:
        yield
    except CaseSystemUnreachable as error:
        raise CaseSystemUnreachable(
            kept="Nothing was recorded; what you wrote is still in the window.", to_do="Try again when it is back."
        ) from error


class Pending(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the three; `of` is the handoff a step is of, or the case a preservation is of. `refused` is what the case
    system said when it did not take it; it is offered again each time all the same. `noted`: what follows from the step
    was written down with it."""

    made: NewHandoff | None = None
    step: NewStep | None = None
    preservation: NewPreservation | None = None
    of: str = ""
    refused: str = ""
    noted: bool = False

    @property
    def id(self) -> str:
        """What it is recorded under; repeating is harmless."""
        if self.made is not None:
            return self.made.id
        return self.step.id if self.step is not None else f"preserve/{self.of}"

    @property
    def handoff_id(self) -> str:
        return self.made.id if self.made is not None else self.of


@dataclass(slots=True)
class Delivered:
    """`answered` by handoff id; `refused` by the record's id."""

    answered: dict[str, Handoff] = field(default_factory=dict)
    refused: dict[str, CaseSystemRefused] = field(default_factory=dict)


class PendingRecords:
    """Of one vault. Everything is durable before the network is asked."""

    def __init__(
        self, vault: OpenVault, case_system: CaseSystem, taken: Callable[[Handoff, NewStep], Sequence[Pending]]
    ) -> None:
        """`taken` is told of each step that the case system took, whenever that is, and gives what follows from it: it
        is called before the step is forgotten here, so that nothing of it is lost in between. Where it raises SyncError
        the step waits on, and it is told of it again."""
        self._vault = vault
        self._case_system = case_system
        self._taken = taken

    def add(self, *records: Pending, used_draft: str = "") -> None:
        """With the draft they were written as gone, at once."""
        self._vault.store.call(lambda s: s.settle({SETTING: with_records(s, *records)}, (), used_draft=used_draft))

    def remove(self, record_id: str, *, draft_again: Draft | None = None) -> None:
        """With the draft that it is again, at once; a newer one stays."""

        def write(store: Store) -> None:
            left = [one for one in kept(store) if one.id != record_id]
            store.settle({SETTING: msgspec.json.encode(left)}, (), draft_again=draft_again)

        self._vault.store.call(write)

    def waiting(self) -> tuple[Pending, ...]:
        return self._vault.store.call(kept)

    def deliver(self) -> Delivered:
        """Offer everything, in order. SyncError when the case system cannot be reached or is not well: then everything
        that was not answered still waits, as does what it refused."""
        done = Delivered()
        broken: set[str] = set()  # handoffs that are not there: their steps would only be refused as well
        for record in self.waiting():
            if record.made is None and record.handoff_id in broken:
                continue
            try:
                handoff = self._send(record)
            except CaseSystemRefused as refused:
                if is_passing(refused):
                    raise CaseSystemUnreachable from refused
                if slug_of(refused.problem_type) != _KNOWN_LONGER:
                    broken.add(record.handoff_id)
                    done.refused[record.id] = refused
                    self._replace(record, msgspec.structs.replace(record, refused=refused.what_happened))
                    continue
                handoff = None
            if handoff is not None:
                done.answered[handoff.made.id] = handoff
            follows: Sequence[Pending] = ()
            if handoff is not None and record.step is not None and not record.noted:
                follows = self._taken(handoff, record.step)
            self._replace(record, *follows)
            for one in follows:
                with suppress(CaseSystemRefused):  # it waits with the others then
                    self._send(one)
                    self._replace(one)
        return done

    def try_to_deliver(self) -> Delivered:
        """As `deliver`, and nothing where the case system cannot be reached."""
        try:
            return self.deliver()
        except SyncError:
            return Delivered()

    def _send(self, record: Pending) -> Handoff | None:
        handed_off = self._case_system.handed_off
        if record.made is not None:
            return handed_off.add(record.made)
        if record.step is not None:
            return handed_off.step(record.of, record.step)
        if record.preservation is not None:
            handed_off.preserve(record.of, record.preservation)
        return None

    def _replace(self, old: Pending, *new: Pending) -> None:
        """In its place: what is of a handoff comes after it."""

        def write(store: Store) -> None:
            now: list[Pending] = []
            for one in kept(store):
                now += new if one == old else (one,)
            _write(store, now)

        self._vault.store.call(write)


def kept(store: Store) -> tuple[Pending, ...]:
    body = store.get_setting(SETTING)
    return () if body is None else msgspec.json.decode(body, type=tuple[Pending, ...])


def with_records(store: Store, *records: Pending) -> bytes:
    """What the setting is once these have been added."""
    return msgspec.json.encode((*kept(store), *records))


def _write(store: Store, records: list[Pending]) -> None:
    store.put_setting(SETTING, msgspec.json.encode(records))
