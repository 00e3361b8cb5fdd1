"""The whole life of a case key in a real organisation: signed roster, share, take away, destroy, and who tampers."""

from __future__ import annotations

import hashlib
import io
import random
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import cast

import commands
import msgspec
import pytest

from reviewer.casesystem.tokens import provision
from reviewer.demo.organisation import INTAKE, PASSPHRASE, REVIEWERS, SUPERVISOR, Organisation, found_organisation
from reviewer.model.cases import Case, Fingerprints, Item, ItemFacts, Referral, ReferralSource
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.errors import CaseSystemRefused, NoKeyForItem, ReviewerError
from reviewer.model.handoff import NewPreservation
from reviewer.model.ids import uuid7
from reviewer.model.levels import Kind
from reviewer.model.roles import Member, Role
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.vault import age, rosters
from reviewer.vault.keys import create_case_key, open_case_key, seal_case_key
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.rosters import ORIGIN, RosterRefused
from reviewer.vault.signed_note import Signer
from reviewer.vault.statements import ConsentRefused, KeyNotVouchedFor
from reviewer.vault.vault import Vault
from reviewer.workstation.case_keys import CaseKeyDesk, CaseNotShared
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import connect
from reviewer.workstation.destroying import StillPreserved, consent_to_destroy, obey_tombstones, prove_destroyed
from reviewer.workstation.enrol import make_vault
from reviewer.workstation.roster import RosterChange, accepted_roster, sign, trust
from reviewer.workstation.start import sync_once
from reviewer.workstation.unsealing import Unsealer

ONE, TWO, THREE = REVIEWERS
CLOCK = SystemClock()
PLAIN = random.Random(7).randbytes(150_000)


@pytest.fixture(scope="module")
def org(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Organisation]:
    made = found_organisation(
        tmp_path_factory.mktemp("keys") / "root", say=lambda _: None, take_in=lambda *_: None, work_factor=10
    )
    yield made
    made.close()


@dataclass
class Place:
    """One member's open vault and the case system."""

    vault: OpenVault
    case_system: CaseSystem

    @property
    def keys(self) -> CaseKeyDesk:
        return CaseKeyDesk(self.vault, self.case_system, CLOCK)

    def custody(self, action: CustodyAction) -> list[CustodyEntry]:
        rows = self.vault.store.call(lambda s: s.custody_rows())
        entries = [msgspec.json.decode(row.entry_json, type=CustodyEntry) for row in rows]
        return [entry for entry in entries if entry.action is action]

    def local_key(self, case_id: str) -> bytes | None:
        return self.vault.store.call(lambda s: s.case_key(case_id))

    def open_item(self, item: Item) -> bytes:
        """As the viewer does: local key and cache first."""
        with Unsealer(self.vault, self.case_system).reader(item) as reader:
            return reader.readall()

    def refuse_to_open(self, item: Item) -> type[ReviewerError]:
        with pytest.raises((NoKeyForItem, age.NoMatchError, CaseSystemRefused)) as refused:
            self.open_item(item)
        return cast(type[ReviewerError], refused.type)


@contextmanager
def at(org: Organisation, member_id: str) -> Iterator[Place]:
    vault = Vault(org.workstation(member_id)).open(PASSPHRASE)
    try:
        with connect(vault) as case_system:
            yield Place(vault, case_system)
    finally:
        vault.lock()


@contextmanager
def database(org: Organisation) -> Iterator[sqlite3.Connection]:
    """What the administrator of the case system can do to it."""
    with closing(sqlite3.connect(org.root / "casesystem" / "casesystem.db", timeout=10)) as db, db:
        yield db


def hire(org: Organisation, name: str, role: Role = Role.REVIEWER) -> str:
    member = make_vault(
        org.workstation(name),
        member=Member(id=name, name=name, role=role, recipient=""),
        passphrase=PASSPHRASE,
        escrow=org.escrow.recipient(),
        workstation=f"ws-{name}",
        work_factor=10,
    )
    tokens = provision(f"sqlite:///{org.root / 'casesystem' / 'casesystem.db'}", [member])
    org.connect(name, tokens[name])
    return name


def open_case(org: Organisation, items: int = 2, size: int = 150_000) -> tuple[Case, list[Item]]:
    """A case with containers sealed to its key, made by intake; the last container stays in its cache."""
    now = CLOCK.now()
    referral = Referral(source=ReferralSource.USER, received_at=now, danger=True)
    case = Case(id=uuid7(), number="2026-1", referral=referral, created_at=now)
    made = []
    with at(org, INTAKE) as intake:
        intake.keys.open_case(case)
        for number in range(items):
            with intake.keys.current(case.id) as key:
                item_id, recipient = uuid7(), key.identity.recipient()
                container_size, digest = intake.vault.containers.make(
                    item_id, lambda target, r=recipient: age.encrypt(io.BytesIO(PLAIN[:size]), target, [r])
                )
                item = Item(
                    id=item_id,
                    case_id=case.id,
                    exhibit=f"{case.number}/{number}",
                    harm_type="other",
                    facts=ItemFacts(kind=Kind.IMAGE),
                    fingerprints=Fingerprints(sha256="0" * 64, sha1="0" * 40, md5="0" * 32),
                    container_sha256=digest,
                    container_size=container_size,
                    created_at=now,
                )
                intake.case_system.register_item(item, key.etag)
            with intake.vault.containers.open(item_id) as stream:  # type: ignore[union-attr]
                intake.case_system.upload_container(item_id, cast(io.BufferedReader, stream))
            made.append(item)
    return case, made


def blob(org: Organisation, item: Item) -> Path:
    return org.root / "casesystem" / "blobs" / item.container_sha256[:2] / item.container_sha256


def now_at(place: Place, item: Item) -> Item:
    return next(i for i in place.case_system.keys.items(item.case_id) if i.id == item.id)


# the roster


def test_a_case_is_sealed_to_the_signed_roster_not_to_whoever_the_case_system_lists(org: Organisation) -> None:
    mole = age.generate_identity()
    member = Member(id="mole-1", name="Mole", role=Role.REVIEWER, recipient=str(mole.recipient()))
    provision(f"sqlite:///{org.root / 'casesystem' / 'casesystem.db'}", [member])
    case, _ = open_case(org, 0)
    with at(org, INTAKE) as intake:
        assert "mole-1" in {known.id for known in intake.case_system.members()}
        state, _ = intake.case_system.keys.state(case.id)
        assert set(state.holders) == {*REVIEWERS, SUPERVISOR, INTAKE}
        with pytest.raises(RosterRefused):
            intake.keys.share(case.id, "mole-1")
    with database(org) as db:
        db.execute("DELETE FROM tokens WHERE member_id = 'mole-1'")
        db.execute("DELETE FROM members WHERE id = 'mole-1'")


def test_a_recipient_swapped_in_the_case_system_gets_nothing(org: Organisation) -> None:
    mole = age.generate_identity()
    with database(org) as db:
        (honest,) = db.execute("SELECT recipient FROM members WHERE id = ?", (THREE,)).fetchone()
        db.execute("UPDATE members SET recipient = ? WHERE id = ?", (str(mole.recipient()), THREE))
    case, _ = open_case(org, 0)
    with database(org) as db:
        query = "SELECT sealed FROM case_keys WHERE case_id = ? AND member_id = ?"
        (sealed,) = db.execute(query, (case.id, THREE)).fetchone()
        db.execute("UPDATE members SET recipient = ? WHERE id = ?", (honest, THREE))
    with pytest.raises(NoKeyForItem):
        open_case_key(sealed, mole)
    with at(org, THREE) as three:
        open_case_key(sealed, three.vault.identity)


@pytest.mark.parametrize("crime", ["unsigned", "altered", "by another key", "rolled back", "two of one version"])
def test_a_roster_that_is_not_right_is_refused_and_nothing_is_shared(org: Organisation, crime: str) -> None:
    org.sign_roster()
    case, _ = open_case(org, 0)
    with database(org) as db:
        notes = [note for (note,) in db.execute("SELECT note FROM rosters ORDER BY number")]
    newest = notes[-1]
    with at(org, SUPERVISOR) as boss:
        roster = boss.vault.store.call(rosters.current)
        signer = boss.vault.signer.under(ORIGIN + "demo")
        forger = Signer(ORIGIN + "demo", b"\1" * 32)
        same_version = msgspec.structs.replace(roster, issued_at=roster.issued_at + timedelta(seconds=1))
        served = {
            "unsigned": newest.split("\n\n")[0] + "\n",
            "altered": newest.replace(f"\n{roster.version}\n", f"\n{roster.version + 1}\n"),
            "by another key": rosters.sign_roster(forger, msgspec.structs.replace(roster, version=99)),
            "rolled back": notes[-2] if len(notes) > 1 else notes[0],
            "two of one version": rosters.sign_roster(signer, same_version),
        }[crime]
    with at(org, INTAKE) as intake:
        accepted_roster(intake.vault, intake.case_system)
        holders = intake.case_system.keys.state(case.id)[0].holders
        with database(org) as db:
            db.execute("UPDATE rosters SET note = ? WHERE note = ?", (served, newest))
        try:
            for attempt in (
                lambda: intake.keys.share(case.id, ONE),
                lambda: intake.keys.take(case.id, ONE),
                lambda: intake.keys.open_case(msgspec.structs.replace(case, id=uuid7())),
            ):
                with pytest.raises(RosterRefused) as refused:
                    attempt()
                assert "list" in refused.value.what_happened
        finally:
            with database(org) as db:
                db.execute("UPDATE rosters SET note = ? WHERE note = ?", (newest, served))
        assert intake.case_system.keys.state(case.id)[0].holders == holders
        assert accepted_roster(intake.vault, intake.case_system).version == roster.version


def test_without_a_trusted_key_nothing_is_shared(org: Organisation) -> None:
    case, _ = open_case(org, 0)
    with at(org, SUPERVISOR) as boss:
        line = str(boss.vault.store.call(rosters.pinned_key))
    with at(org, INTAKE) as intake:
        intake.vault.store.call(lambda s: s.remove_setting("roster_verifier"))
        with pytest.raises(RosterRefused, match="No supervisor's key is trusted here yet"):
            intake.keys.share(case.id, ONE)
        with pytest.raises(RosterRefused):
            trust(intake.vault, str(intake.vault.signer.verifier))
        trust(intake.vault, line)
        intake.keys.share(case.id, ONE)
        other = str(Signer(ORIGIN + "demo", b"\1" * 32).verifier)
        with pytest.raises(RosterRefused, match="Another supervisor"):
            trust(intake.vault, other)


def test_the_supervisor_sees_what_changed_before_signing(org: Organisation) -> None:
    org.sign_roster()
    name = hire(org, "reviewer-t1")
    seen: list[RosterChange] = []
    with at(org, SUPERVISOR) as boss:

        def no(changes: object) -> bool:
            seen.extend(changes)  # type: ignore[call-overload]
            return False

        before = accepted_roster(boss.vault, boss.case_system)
        assert sign(boss.vault, boss.case_system, CLOCK, no) is None
        assert [(change.what, change.member.id) for change in seen] == [("new", name)]
        assert accepted_roster(boss.vault, boss.case_system) == before
        made = sign(boss.vault, boss.case_system, CLOCK, lambda _: True)
        assert made is not None
        assert made.version == before.version + 1
        assert boss.custody(CustodyAction.ROSTER_SIGNED)
    with at(org, INTAKE) as intake, pytest.raises(ReviewerError, match="role"):
        sign(intake.vault, intake.case_system, CLOCK, lambda _: True)


# sharing


def test_sharing_needs_the_roster_and_then_the_case_opens(org: Organisation) -> None:
    case, (item, _) = open_case(org)
    name = hire(org, "reviewer-t2")
    with at(org, SUPERVISOR) as boss, pytest.raises(RosterRefused, match="not on the signed list"):
        boss.keys.share(case.id, name)
    with at(org, name) as new:
        assert new.refuse_to_open(item) is NoKeyForItem
    org.sign_roster()
    with at(org, SUPERVISOR) as boss:
        boss.keys.share(case.id, name)
        (entry,) = [e for e in boss.custody(CustodyAction.KEY_SHARED) if e.case_id == case.id]
        assert entry.given_to == name
    with at(org, name) as new:
        assert new.open_item(item) == PLAIN
        with pytest.raises(ReviewerError):
            new.keys.share(case.id, ONE)


@pytest.mark.parametrize("crime", ["another key sealed to intake", "its statement too", "the key before the last"])
def test_a_key_the_case_system_slips_in_is_not_sealed_to(org: Organisation, crime: str) -> None:
    """Anybody can seal a key to a known recipient; what is sealed to it from then on would be theirs to read."""
    case, _ = open_case(org, 1)
    with at(org, INTAKE) as intake:
        with database(org) as db:
            (old_key, old_statement) = db.execute(
                "SELECT sealed, statement FROM case_keys JOIN cases ON id = case_id"
                " WHERE case_id = ? AND member_id = ?",
                (case.id, INTAKE),
            ).fetchone()
        mine = create_case_key()
        slipped, statement = seal_case_key(mine, [intake.vault.identity.recipient()]), None
        if crime == "its statement too":
            statement = old_statement.replace(old_statement.split("\n")[4], str(mine.recipient()))
        if crime == "the key before the last":
            intake.keys.take(case.id, THREE)
            slipped, statement = old_key, old_statement
        with database(org) as db:
            db.execute(
                "UPDATE case_keys SET sealed = ? WHERE case_id = ? AND member_id = ?", (slipped, case.id, INTAKE)
            )
            if statement is not None:
                db.execute("UPDATE cases SET statement = ? WHERE id = ?", (statement, case.id))
        for attempt in (lambda: intake.keys.share(case.id, THREE), lambda: intake.keys.take(case.id, ONE)):
            with pytest.raises(KeyNotVouchedFor):
                attempt()
        with pytest.raises(KeyNotVouchedFor), intake.keys.current(case.id):
            pass


# taking away


def test_taking_a_case_away_gives_it_a_new_key(org: Organisation) -> None:
    case, items = open_case(org, 3)
    old_blobs = [blob(org, item).read_bytes() for item in items]
    with at(org, ONE) as one:
        assert one.open_item(items[0]) == PLAIN
        old_sealed = one.local_key(case.id)
        assert old_sealed is not None
        old_key = open_case_key(old_sealed, one.vault.identity)
    with at(org, TWO) as two:
        assert two.open_item(items[0]) == PLAIN
        stale = two.local_key(case.id)
    with at(org, INTAKE) as intake:
        sent: list[int] = []
        taken = intake.keys.take(case.id, ONE, sent.append)
        assert (taken.items, ONE in taken.holders, taken.dropped, sent) == (3, False, (), [1, 2, 3])
        (entry,) = [e for e in intake.custody(CustodyAction.KEY_TAKEN) if e.case_id == case.id]
        assert entry.received_from == ONE
        assert [intake.open_item(now_at(intake, item)) for item in items] == [PLAIN] * 3
    with at(org, TWO) as two:
        # The queue of this workstation, its key and perhaps its cache are of before: it finds out by itself.
        assert two.local_key(case.id) == stale
        assert two.open_item(items[1]) == PLAIN
        assert two.local_key(case.id) != stale
        new_blobs = [blob(org, now_at(two, item)).read_bytes() for item in items]
    with at(org, ONE) as one, pytest.raises(NoKeyForItem):
        one.open_item(items[0])
    for old, new in zip(old_blobs, new_blobs, strict=True):
        with pytest.raises(age.NoMatchError):
            age.open(io.BytesIO(new), [old_key])
        # The payload was copied as it is.
        assert old[-150_000:] == new[-150_000:]
        assert old.partition(b"\n---")[0] != new.partition(b"\n---")[0]
    # What was replaced is kept for a while in case it was a mistake; nobody is handed it.
    with at(org, TWO) as two, pytest.raises(CaseSystemRefused) as refused:
        two.case_system.open_container(items[0].id, items[0].container_size, items[0].container_sha256).read(1)
    assert slug_of(refused.value.problem_type) == "container-changed"


def test_what_a_rekey_does_not_undo(org: Organisation) -> None:
    """Who kept the old key and the old ciphertext still opens that copy: said in docs/formats.md."""
    case, (item,) = open_case(org, 1)
    kept = blob(org, item).read_bytes()
    with at(org, ONE) as one:
        key = open_case_key(one.case_system.case_key(case.id), one.vault.identity)
    with at(org, INTAKE) as intake:
        intake.keys.take(case.id, ONE)
    with age.open(io.BytesIO(kept), [key]) as plain:
        assert plain.readall() == PLAIN


def test_a_rekey_cut_off_leaves_everything_as_it_was(org: Organisation) -> None:
    case, items = open_case(org, 3)
    with at(org, INTAKE) as intake:
        before = intake.case_system.keys.state(case.id)

        class Stopped(Exception):
            pass

        def stop(count: int) -> None:
            if count == 2:
                raise Stopped

        with pytest.raises(Stopped):
            intake.keys.take(case.id, ONE, stop)
        assert intake.case_system.keys.state(case.id) == before
        assert not list((org.workstation(INTAKE) / "vault" / "containers").glob("*.rekey.age"))
    with at(org, ONE) as one:
        assert [one.open_item(item) for item in items] == [PLAIN] * 3
    with at(org, INTAKE) as intake:
        assert intake.keys.take(case.id, ONE).items == 3
        wanted = {now_at(intake, item).container_sha256 for item in items}
    # What the first attempt had sent is not left lying about.
    present = {path.name for path in (org.root / "casesystem" / "blobs").glob("??/*")}
    with database(org) as db:
        asked = "SELECT container_sha256 FROM items UNION SELECT sha256 FROM replaced_containers"
        used = {sha for (sha,) in db.execute(asked)}
    assert wanted <= present <= used


def test_from_whom_a_case_cannot_be_taken(org: Organisation) -> None:
    case, _ = open_case(org, 0)
    with at(org, INTAKE) as intake:
        for who, words in ((INTAKE, "yourself"), ("nobody-1", "does not hold")):
            with pytest.raises(CaseNotShared, match=words):
                intake.keys.take(case.id, who)
    with at(org, ONE) as one, pytest.raises(CaseSystemRefused):
        one.keys.take(case.id, TWO)


# the end of a case


def destroy(org: Organisation, case: Case) -> None:
    for who in (SUPERVISOR, INTAKE):
        with at(org, who) as place:
            consent_to_destroy(place.vault, place.case_system, CLOCK, case.id, "end of retention")


def test_after_two_consents_nothing_opens_though_the_containers_remain(org: Organisation) -> None:
    case, items = open_case(org)
    with at(org, ONE) as one:
        assert one.open_item(items[0]) == PLAIN
        local = one.local_key(case.id)
        assert local is not None
    with at(org, SUPERVISOR) as boss:
        waiting = consent_to_destroy(boss.vault, boss.case_system, CLOCK, case.id, "end of retention")
        assert waiting.destroyed_at is None
        (entry,) = [e for e in boss.custody(CustodyAction.DESTRUCTION_REQUESTED) if e.case_id == case.id]
        assert entry.reason == "end of retention"
        with pytest.raises(ConsentRefused, match="somebody else"):
            consent_to_destroy(boss.vault, boss.case_system, CLOCK, case.id, "end of retention")
        assert prove_destroyed(boss.vault, boss.case_system, case.id).opened == tuple(sorted(i.id for i in items))
    with at(org, ONE) as one:
        assert one.open_item(items[0]) == PLAIN
    with at(org, INTAKE) as intake:
        done = consent_to_destroy(intake.vault, intake.case_system, CLOCK, case.id, "agreed")
        assert done.destroyed_at is not None
        assert intake.vault.containers.holds(items[0].id)
        assert prove_destroyed(intake.vault, intake.case_system, case.id).opened  # our own copy is still here
        assert obey_tombstones(intake.vault, intake.case_system, CLOCK).destroyed == (case.id,)
        proof = prove_destroyed(intake.vault, intake.case_system, case.id)
        assert (proof.items, proof.reachable, proof.opened) == (2, 2, ())
        assert not intake.vault.containers.holds(items[0].id)
    # A workstation that was away: its copy is destroyed when it next refreshes.
    assert sync_once(org.workstation(ONE), PASSPHRASE).trouble == ""
    with at(org, ONE) as one:
        assert one.local_key(case.id) is None
        (entry,) = [e for e in one.custody(CustodyAction.KEY_DESTROYED) if e.case_id == case.id]
        assert SUPERVISOR in entry.authority
        assert INTAKE in entry.authority
        one.refuse_to_open(items[0])
        one.vault.verify_custody()
        assert obey_tombstones(one.vault, one.case_system, CLOCK).destroyed == ()
        assert len([e for e in one.custody(CustodyAction.KEY_DESTROYED) if e.case_id == case.id]) == 1
    for item in items:
        container = blob(org, item).read_bytes()
        assert hashlib.sha256(container).hexdigest() == item.container_sha256
        for who in (*REVIEWERS, SUPERVISOR, INTAKE):
            with at(org, who) as place:
                obey_tombstones(place.vault, place.case_system, CLOCK)
                assert place.local_key(case.id) is None
                with pytest.raises(age.NoMatchError):
                    age.open(io.BytesIO(container), [place.vault.identity])
                with pytest.raises(CaseSystemRefused) as refused:
                    place.case_system.case_key(case.id)
                assert slug_of(refused.value.problem_type) == "case-destroyed"
    with pytest.raises(NoKeyForItem), at(org, TWO) as two:
        two.vault.case_identity(case.id)
    # Nor does a copy of the sealed key kept before the end make the case system take it back.
    with at(org, SUPERVISOR) as boss, pytest.raises(CaseSystemRefused):
        boss.case_system.share_case(case.id, {ONE: local})


def test_what_is_preserved_is_not_destroyed_and_the_person_is_told_until_when(org: Organisation) -> None:
    case, (item,) = open_case(org, 1)
    today = CLOCK.now().date()
    last = (today + timedelta(days=9)).isoformat()
    kept = NewPreservation(jurisdiction="Northland", basis="Act 7", starts_on=today.isoformat(), ends_on=last)
    with at(org, ONE) as one:
        one.case_system.handed_off.preserve(case.id, kept)
    with at(org, SUPERVISOR) as boss:
        with pytest.raises(StillPreserved, match=last):
            consent_to_destroy(boss.vault, boss.case_system, CLOCK, case.id, "end of retention")
        assert case.id not in {entry.case_id for entry in boss.custody(CustodyAction.DESTRUCTION_REQUESTED)}
        assert prove_destroyed(boss.vault, boss.case_system, case.id).opened == (item.id,)


def test_the_proof_fails_when_a_key_was_left(org: Organisation) -> None:
    case, (item,) = open_case(org, 1)
    with at(org, SUPERVISOR) as boss:
        left = boss.case_system.case_key(case.id)
    destroy(org, case)
    with at(org, SUPERVISOR) as boss:
        obey_tombstones(boss.vault, boss.case_system, CLOCK)
        assert prove_destroyed(boss.vault, boss.case_system, case.id).opened == ()
        boss.vault.store.call(lambda s: s.put_case_key(case.id, left))
        assert prove_destroyed(boss.vault, boss.case_system, case.id).opened == (item.id,)


@pytest.mark.parametrize("crime", ["no consents", "one person's", "forged"])
def test_what_only_the_case_system_says_destroys_nothing(org: Organisation, crime: str) -> None:
    case, (item,) = open_case(org, 1)
    with at(org, SUPERVISOR) as boss:
        stands = consent_to_destroy(boss.vault, boss.case_system, CLOCK, case.id, "end of retention")
        first = stands.notes[0]
    forged = Signer(f"reviewer.invalid/member/{INTAKE}", b"\3" * 32).sign(
        first.split("\n\n")[0].replace(SUPERVISOR, INTAKE) + "\n"
    )
    notes = {"no consents": ("", ""), "one person's": (first, first), "forged": (first, forged)}[crime]
    with at(org, ONE) as one:
        assert one.open_item(item) == PLAIN
        with database(org) as db:
            row = (case.id, *notes, CLOCK.now().timestamp())
            db.execute("INSERT INTO tombstones (case_id, first_note, second_note, at) VALUES (?, ?, ?, ?)", row)
        try:
            for _ in range(2):
                obeyed = obey_tombstones(one.vault, one.case_system, CLOCK)
                assert (obeyed.destroyed, obeyed.doubted) == ((), (case.id,))
            assert one.local_key(case.id) is not None
            assert len([e for e in one.custody(CustodyAction.SYNC_FAILED) if e.case_id == case.id]) == 1
            one.vault.containers.evict(item.id)
            with age.open(io.BytesIO(blob(org, item).read_bytes()), [one.vault.case_identity(case.id)]) as plain:
                assert plain.readall() == PLAIN
        finally:
            with database(org) as db:
                db.execute("DELETE FROM tombstones WHERE case_id = ?", (case.id,))


def test_a_first_consent_altered_at_the_case_system_is_not_followed(org: Organisation) -> None:
    case, _ = open_case(org, 0)
    with at(org, SUPERVISOR) as boss:
        consent_to_destroy(boss.vault, boss.case_system, CLOCK, case.id, "end of retention")
    with database(org) as db:
        db.execute("UPDATE destructions SET note = replace(note, 'retention', 'detention')")
    with at(org, INTAKE) as intake:
        with pytest.raises(ConsentRefused):
            consent_to_destroy(intake.vault, intake.case_system, CLOCK, case.id, "agreed")
        assert intake.case_system.case_key(case.id)


def test_who_may_not_destroy_and_what_cannot_be(org: Organisation) -> None:
    case, _ = open_case(org, 0)
    with at(org, ONE) as one, pytest.raises(ReviewerError, match="role"):
        consent_to_destroy(one.vault, one.case_system, CLOCK, case.id, "no")
    with at(org, INTAKE) as intake:
        with pytest.raises(CaseSystemRefused, match="does not know this case"):
            consent_to_destroy(intake.vault, intake.case_system, CLOCK, "no-such-case", "no")
        for reason in ("", "two\nlines", "x" * 201):
            with pytest.raises(ConsentRefused, match="one line"):
                consent_to_destroy(intake.vault, intake.case_system, CLOCK, case.id, reason)


# by command


def run(org: Organisation, who: str, *words: str) -> subprocess.CompletedProcess[str]:
    return commands.run(*words, data=org.workstation(who), PASSPHRASE=PASSPHRASE)


def refused(done: subprocess.CompletedProcess[str], words: str) -> None:
    assert done.returncode == 1
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def done(completed: subprocess.CompletedProcess[str]) -> str:
    assert completed.returncode == 0, completed.stderr
    return completed.stdout


def test_a_case_from_share_to_destroy_by_command(org: Organisation) -> None:
    case, items = open_case(org)
    name = hire(org, "reviewer-t3")
    refused(run(org, INTAKE, "case", "share", case.id, "--with", name), "not on the signed list of members")
    signed = done(run(org, SUPERVISOR, "roster", "sign", "--yes"))
    assert f"new\t{name}" in signed
    assert ORIGIN in signed
    assert name in done(run(org, INTAKE, "roster", "show"))
    refused(run(org, ONE, "roster", "sign", "--yes"), "role")
    done(run(org, INTAKE, "case", "share", case.id, "--with", name))
    assert name in done(run(org, SUPERVISOR, "case", "list"))
    taken = done(run(org, SUPERVISOR, "case", "take", case.id, "--from", name))
    assert "2 items" in taken
    assert name not in taken
    refused(run(org, ONE, "case", "list"), "role")
    refused(run(org, INTAKE, "case", "destroy", "no-such-case", "--reason", "x"), "does not know this case")
    first = done(run(org, INTAKE, "case", "destroy", case.id, "--reason", "end of retention"))
    assert "Nothing is destroyed yet" in first
    refused(run(org, INTAKE, "case", "destroy", case.id, "--reason", "again"), "somebody else")
    second = done(run(org, SUPERVISOR, "case", "destroy", case.id, "--reason", "agreed"))
    assert "2 items were tried, 2 of them still have a container: none opens." in second
    refused(run(org, SUPERVISOR, "case", "destroy", case.id, "--reason", "again"), "were destroyed")
    assert "destroyed 20" in done(run(org, SUPERVISOR, "case", "list"))
    done(run(org, INTAKE, "custody", "verify"))
    assert run(org, INTAKE, "case", "destroy", case.id).returncode == 2
    assert all(len(item.id) == 36 for item in items)
