"""Joins intake to the vault, the sealed worker and the case system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from reviewer.intake.taking_in import Intake, Submission, exhibit_number
from reviewer.media.broker import Broker
from reviewer.model.cases import Case, Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import IntakeError
from reviewer.sync.client import CaseSystem
from reviewer.vault import age
from reviewer.vault.keys import create_case_key, seal_case_key
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.vault import Vault
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.custody_author import CustodyAuthor
from reviewer.workstation.desk import connect


class IntakeDesk:
    """An intake member's open vault, a broker and the case system, joined. Close it when done."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem, broker: Broker, clock: Clock) -> None:
        self._vault = vault
        self._case_system = case_system
        self._author = CustodyAuthor(clock, vault.scribe)
        self._intake = Intake(
            examine=lambda source, declared: broker.open(source, declared_format=declared),
            seal=self._seal,
            record=self._record,
            registry=case_system,
            containers=vault.containers,
            clock=clock,
        )
        self._taken: dict[str, int] = {}

    def open_case(self, case: Case) -> None:
        """Make the case key, seal it to every member and to ourselves, and register the case with it."""
        key = create_case_key()
        try:
            sealed = {m.id: seal_case_key(key, [age.recipient(m.recipient)]) for m in self._case_system.members()}
        finally:
            key.wipe()
        self._case_system.register_case(case, sealed)
        ours = sealed[self._vault.member.id]
        self._vault.store.call(lambda s: s.put_case_key(case.id, ours))

    def take_in(self, submission: Submission, case_number: str) -> Item:
        position = self._taken.get(submission.case_id, 0) + 1
        item = self._intake.take_in(submission, exhibit_number(case_number, position))
        self._taken[submission.case_id] = position
        return item

    def _seal(self, source: BinaryIO, target: BinaryIO, case_id: str) -> None:
        if self._vault.store.call(lambda s: s.case_key(case_id)) is None:
            sealed = self._case_system.case_key(case_id)
            self._vault.store.call(lambda s: s.put_case_key(case_id, sealed))
        key = self._vault.case_identity(case_id)
        try:
            age.encrypt(source, target, [key.recipient()])
        finally:
            key.wipe()

    def _record(self, item: Item, started_at: datetime) -> None:
        entry = self._author.entry(CustodyAction.TAKEN_IN, item, started_at=started_at)
        self._vault.store.call(lambda s: s.append_custody(entry))


def ingest_files(folder: Path, passphrase: str, case_id: str, harm_type: str, files: Sequence[Path]) -> Iterator[Item]:
    """`reviewer ingest`. Yields each item as it is registered; what was yielded stays, whatever happens to the next."""
    clock = SystemClock()
    vault = Vault(folder).open(passphrase)
    broker = Broker(warm=1)
    try:
        with connect(vault) as case_system:
            broker.start()
            desk = IntakeDesk(vault, case_system, broker, clock)
            case = case_system.case(case_id)
            for path in files:
                try:
                    with path.open("rb") as source:
                        yield desk.take_in(
                            Submission(source, case_id, harm_type, declared_format=path.suffix.lstrip(".").lower()),
                            case.number,
                        )
                except OSError as error:
                    raise IntakeError("A file could not be read.") from error
    finally:
        broker.close()
        vault.lock()
