"""A small real organisation for tests: vaults, the case system in its own process, evidence taken in through intake."""

from __future__ import annotations

import io
import itertools
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec

from reviewer.casesystem.tokens import provision
from reviewer.demo.organisation import INTAKE, PASSPHRASE, SUPERVISOR, Organisation, found_organisation
from reviewer.intake.taking_in import Submission
from reviewer.media.broker import Broker
from reviewer.model.cases import Case, Item, Referral, ReferralSource
from reviewer.model.custody import CustodyEntry
from reviewer.model.decisions import Decision, ViewingRecord
from reviewer.model.ids import uuid7
from reviewer.model.roles import Member, Role
from reviewer.sync.client import CaseSystem
from reviewer.vault.store.custody_table import CustodyRow
from reviewer.vault.vault import Vault
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import connect
from reviewer.workstation.enrol import make_vault
from reviewer.workstation.ingest import IntakeDesk

WORK_FACTOR = 10
NEWCOMERS = 6


def entries_of(rows: Sequence[CustodyRow]) -> list[CustodyEntry]:
    return [msgspec.json.decode(row.entry_json, type=CustodyEntry) for row in rows]


class Floor:
    """One organisation for all tests; each test hires a reviewer of its own and opens a case of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.reviewer = ""
        self.organisation: Organisation = found_organisation(
            root, say=lambda _: None, take_in=lambda *_: None, work_factor=WORK_FACTOR
        )
        self._numbers = itertools.count(1)
        self._opened = SystemClock().now()
        self._newcomers: list[str] = []
        self._vault = Vault(self.organisation.workstation(INTAKE)).open(PASSPHRASE)
        self.intake_client = connect(self._vault)
        self._broker = Broker(warm=0)
        self._broker.start()
        self._desk = IntakeDesk(self._vault, self.intake_client, self._broker, SystemClock())

    @property
    def database(self) -> Path:
        return self.root / "casesystem" / "casesystem.db"

    def close(self) -> None:
        self._broker.close()
        self.intake_client.close()
        self._vault.lock()
        self.organisation.close()

    # people

    def newcomer(self) -> str:
        """A reviewer nobody has worked as yet; the id. A few are hired at a time: one list is signed for all."""
        if not self._newcomers:
            self._newcomers = self._hire(Role.REVIEWER, NEWCOMERS)
        return self._newcomers.pop(0)

    def hire(self, role: Role = Role.REVIEWER) -> str:
        """A new member with an enrolled workstation, whom nobody knew before; the member's id."""
        return self._hire(role, 1)[0]

    def _hire(self, role: Role, count: int) -> list[str]:
        made: list[Member] = []
        for number in itertools.islice(self._numbers, count):
            member = Member(id=f"{role.value}-t{number}", name=f"Person {number}", role=role, recipient="")
            made.append(
                make_vault(
                    self.organisation.workstation(member.id),
                    member=member,
                    passphrase=PASSPHRASE,
                    escrow=self.organisation.escrow.recipient(),
                    workstation=f"ws-{member.id}",
                    work_factor=WORK_FACTOR,
                )
            )
        for member_id, token in provision(f"sqlite:///{self.database}", made).items():
            self.organisation.connect(member_id, token)
        self.organisation.sign_roster()
        return [member.id for member in made]

    def enrolment(self) -> tuple[Member, str]:
        """A member known to the case system who has no workstation yet, and the token to enrol one with."""
        number = next(self._numbers)
        recipient = str(self.organisation.escrow.recipient())
        member = Member(id=f"new-t{number}", name=f"Person {number}", role=Role.INTAKE, recipient=recipient)
        return member, provision(f"sqlite:///{self.database}", [member])[member.id]

    def custody(self, member_id: str) -> list[CustodyEntry]:
        """The log of a locked workstation, read from its own store."""
        vault = Vault(self.organisation.workstation(member_id)).open(PASSPHRASE)
        try:
            return entries_of(vault.store.call(lambda s: s.custody_rows()))
        finally:
            vault.lock()

    # evidence

    def open_case(self, *, danger: bool = True) -> Case:
        """A case shared with everybody; the newest is always the most urgent. `danger` keeps break prompts away."""
        now = SystemClock().now()
        number = next(self._numbers)
        case = Case(
            id=uuid7(),
            number=f"2026-T{number:04}",
            referral=Referral(
                source=ReferralSource.LAW_ENFORCEMENT,
                received_at=now - timedelta(hours=1),
                # Never near: what is due within the hour goes before every wish, and this is one long run of tests.
                due_at=self._opened + timedelta(days=7, minutes=-10 * number),
                danger=danger,
            ),
            created_at=now,
        )
        self._desk.open_case(case)
        return case

    def take_in(
        self, data: bytes, declared: str = "jpeg", *, harm_type: str = "other", case: Case | None = None
    ) -> Item:
        case = case or self.open_case()
        with io.BytesIO(data) as source:
            return self._desk.take_in(Submission(source, case.id, harm_type, declared), case.number)

    def clear_queue(self) -> None:
        """What earlier tests left undecided is no longer offered to anybody."""
        with closing(sqlite3.connect(self.database, timeout=10)) as database, database:
            database.execute("UPDATE items SET open = 0")

    def blob(self, item: Item) -> Path:
        """The item's container on the disk of the case system."""
        return self.root / "casesystem" / "blobs" / item.container_sha256[:2] / item.container_sha256

    # what the case system holds

    def decisions_of(self, item_id: str) -> list[Decision]:
        """Every decision recorded for an item, standing or not, read from the case system's own database."""
        with closing(sqlite3.connect(self.database, timeout=10)) as database:
            rows = database.execute("SELECT body FROM decisions WHERE item_id = ?", (item_id,)).fetchall()
        return [msgspec.json.decode(body, type=Decision) for (body,) in rows]

    def viewing_records_of(self, item_id: str) -> list[ViewingRecord]:
        with closing(sqlite3.connect(self.database, timeout=10)) as database:
            rows = database.execute("SELECT viewing_record FROM decisions WHERE item_id = ?", (item_id,)).fetchall()
        return [msgspec.json.decode(body, type=ViewingRecord) for (body,) in rows]

    def as_supervisor(self) -> CaseSystem:
        return self.organisation.client(SUPERVISOR)
