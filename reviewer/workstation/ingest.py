"""Joins intake to the vault, the sealed worker and the case system."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

from reviewer.intake.taking_in import Intake, Submission, exhibit_number
from reviewer.media.broker import Broker
from reviewer.model.cases import Case, Item
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import IntakeError
from reviewer.sync.client import CaseSystem
from reviewer.vault import age
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store
from reviewer.vault.vault import Vault
from reviewer.workstation.case_keys import CaseKeyDesk
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.custody_author import CustodyAuthor
from reviewer.workstation.desk import connect


class _Registry:
    """Registers an item only if the case still has the keys it was sealed under: a re-key leaves it to nobody."""

    def __init__(self, case_system: CaseSystem) -> None:
        self._case_system = case_system
        self.sealed_under: str | None = None

    def register_item(self, item: Item) -> None:
        self._case_system.register_item(item, self.sealed_under)

    def upload_container(self, item_id: str, stream: BinaryIO) -> None:
        self._case_system.upload_container(item_id, stream)


class IntakeDesk:
    """An intake member's open vault, a broker and the case system, joined. Close it when done."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem, broker: Broker, clock: Clock) -> None:
        self._vault = vault
        self._case_system = case_system
        self._author = CustodyAuthor(clock, vault.scribe)
        self._keys = CaseKeyDesk(vault, case_system, clock)
        self._registry = _Registry(case_system)
        self._intake = Intake(
            examine=lambda source, declared: broker.open(cast(BytesIO, source), declared_format=declared),
            seal=self._seal,
            record=self._record,
            registry=self._registry,
            containers=vault.containers,
            clock=clock,
        )

    def open_case(self, case: Case) -> None:
        """Make the case key, seal it to everybody on the signed roster, and register the case with it."""
        self._keys.open_case(case)

    def take_in(self, submission: Submission, case_number: str) -> Item:
        """The registered item. Exhibits count up inside the case; a failure leaves a gap."""
        # Another intake workstation may have numbered on: the case system knows how far the case has come, and refuses
        # a number that is taken.
        known = self._case_system.item_count(submission.case_id)
        position = self._vault.store.call(lambda s: _next_position(s, submission.case_id, known))
        return self._intake.take_in(submission, exhibit_number(case_number, position))

    def _seal(self, source: BinaryIO, target: BinaryIO, case_id: str) -> None:
        """To the case's key of this moment, as somebody on the roster vouches for it: not to one just handed out."""
        with self._keys.current(case_id) as key:
            self._registry.sealed_under = key.etag
            age.encrypt(source, target, [key.identity.recipient()])

    def _record(self, item: Item, started_at: datetime) -> None:
        entry = self._author.entry(CustodyAction.TAKEN_IN, item, started_at=started_at)
        self._vault.store.call(lambda s: s.append_custody(entry))


def _next_position(store: Store, case_id: str, known: int) -> int:
    # Written before it is used: two exhibits never share a number, whenever this process ends.
    key = f"exhibits/{case_id}"
    position = max(int(store.get_setting(key) or b"0"), known) + 1
    store.put_setting(key, str(position).encode())
    return position


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
