"""Making, opening, locking and recovering a vault: the whole way, on a real folder."""

from __future__ import annotations

import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reviewer.model.custody import CustodyAction
from reviewer.model.errors import StoreUnavailable, WrongPassphrase
from reviewer.model.roles import Member, Role
from reviewer.vault import age
from reviewer.vault.slots import SlotDamaged, WeakPassphrase
from reviewer.vault.vault import Vault

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
WORDS = "correct horse battery"
ESCROW = age.generate_identity()


def make(folder: Path) -> Member:
    return Vault(folder).create(
        WORDS,
        ESCROW.recipient(),
        member_id="m-07",
        name="Reviewer 07",
        role=Role.REVIEWER,
        label="Reviewer 07",
        work_factor=4,
    )


def test_what_was_created_opens_with_the_same_person_and_keys(tmp_path: Path) -> None:
    member = make(tmp_path)
    assert Vault(tmp_path).label == "Reviewer 07"
    vault = Vault(tmp_path).open(WORDS)
    assert vault.member == member
    assert str(vault.identity.recipient()) == member.recipient
    assert str(vault.escrow) == str(ESCROW.recipient())
    vault.lock()


def test_wrong_passphrase_is_refused_and_the_right_one_still_works(tmp_path: Path) -> None:
    make(tmp_path)
    for wrong in ("", "x", WORDS + " ", WORDS.upper()):
        with pytest.raises(WrongPassphrase):
            Vault(tmp_path).open(wrong)
    Vault(tmp_path).open(WORDS).lock()


def test_second_opener_is_refused_until_the_first_locks(tmp_path: Path) -> None:
    make(tmp_path)
    first = Vault(tmp_path).open(WORDS)
    with pytest.raises(StoreUnavailable):
        Vault(tmp_path).open(WORDS)
    first.lock()
    Vault(tmp_path).open(WORDS).lock()


def test_locking_wipes_keys_ends_the_thread_and_refuses_further_work(tmp_path: Path) -> None:
    before = threading.enumerate()
    make(tmp_path)
    vault = Vault(tmp_path).open(WORDS)
    sealed = vault.identity
    vault.lock()
    vault.lock()
    assert not [t for t in threading.enumerate() if t.name == "store" and t not in before]
    assert "AGE-SECRET" not in repr(sealed)
    with pytest.raises(StoreUnavailable):
        vault.store.call(lambda store: store.decision_count())
    with pytest.raises(StoreUnavailable):
        vault.checkpoint(NOW)


def test_changing_the_passphrase_retires_the_old_one(tmp_path: Path) -> None:
    make(tmp_path)
    with pytest.raises(WrongPassphrase):
        Vault(tmp_path).change_passphrase("not this one", "another good one", work_factor=4)
    with pytest.raises(WeakPassphrase):
        Vault(tmp_path).change_passphrase(WORDS, "short", work_factor=4)
    Vault(tmp_path).change_passphrase(WORDS, "another good one", work_factor=4)
    with pytest.raises(WrongPassphrase):
        Vault(tmp_path).open(WORDS)
    Vault(tmp_path).open("another good one").lock()


def test_recovery_by_escrow_is_in_the_custody_log(tmp_path: Path) -> None:
    make(tmp_path)
    with pytest.raises(age.NoMatchError):
        Vault(tmp_path).recover(age.generate_identity(), "another good one", at=NOW, work_factor=4)
    Vault(tmp_path).recover(ESCROW, "another good one", at=NOW, work_factor=4)
    vault = Vault(tmp_path).open("another good one")
    rows = vault.store.call(lambda store: store.custody_rows())
    vault.lock()
    assert [CustodyAction.RECOVERED.value.encode() in row.entry_json for row in rows] == [True]


def test_damaged_or_missing_slot_is_said_to_be_so(tmp_path: Path) -> None:
    make(tmp_path)
    slot = tmp_path / "vault" / "slots" / "passphrase.age"
    whole = slot.read_bytes()
    for damaged in (b"", whole[:-1], whole[:100], whole + b"x", bytes(100_000)):
        slot.write_bytes(damaged)
        with pytest.raises(SlotDamaged):
            Vault(tmp_path).open(WORDS)
    slot.unlink()
    with pytest.raises(SlotDamaged):
        Vault(tmp_path).open(WORDS)
    Vault(tmp_path).open_with_escrow(ESCROW).lock()


def test_only_the_owner_can_read_anything(tmp_path: Path) -> None:
    make(tmp_path)
    vault = Vault(tmp_path).open(WORDS)
    for path in [tmp_path / "vault", *(tmp_path / "vault").rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name
    vault.lock()


def test_a_second_vault_is_not_made_over_the_first(tmp_path: Path) -> None:
    make(tmp_path)
    with pytest.raises(StoreUnavailable):
        make(tmp_path)
    assert not (tmp_path / "vault.new").exists()
    Vault(tmp_path).open(WORDS).lock()


def test_no_vault_no_side_effects(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "nowhere")
    assert not vault.exists
    assert vault.label == ""
    with pytest.raises(StoreUnavailable):
        vault.open(WORDS)
    assert not (tmp_path / "nowhere").exists()
