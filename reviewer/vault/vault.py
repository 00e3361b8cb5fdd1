"""A vault on disk: make it, open it, change the passphrase, recover it.

<folder>/lock                 one workstation at a time
<folder>/vault/store.db       SQLCipher 4, raw 256-bit key
<folder>/vault/slots/*.age    that key, once per way in
<folder>/vault/containers/    ciphertext cache
<folder>/vault/label          what the locked window may show; optional, plain text, chosen by the person
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from reviewer.model.custody import CustodyAction, origin_of
from reviewer.model.errors import StoreDamaged, StoreUnavailable
from reviewer.model.ids import uuid7
from reviewer.model.roles import Member, Role
from reviewer.model.statements import member_key_name
from reviewer.vault import age, slots
from reviewer.vault.custody import Scribe
from reviewer.vault.files import make_folder, sync_folder, write_atomically
from reviewer.vault.instance_lock import InstanceLock
from reviewer.vault.open_vault import Keys, OpenVault
from reviewer.vault.owner import StoreThread
from reviewer.vault.secrets import Secret
from reviewer.vault.signed_note import Signer, check_name
from reviewer.vault.store import Store
from reviewer.vault.store.connection import KEY_SIZE

MAX_LABEL = 60


class Vault:
    """The vault in `folder`, locked. Nothing is read or created until a method is called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "vault"

    @property
    def exists(self) -> bool:
        return (self.path / "slots").is_dir()

    @property
    def label(self) -> str:
        """What may be shown while locked; empty unless the person chose something."""
        try:
            with (self.path / "label").open("rb") as file:
                untrusted_label = file.read(4 * MAX_LABEL).decode("utf-8", "replace")
        except OSError:
            return ""
        return "".join(c for c in untrusted_label if c.isprintable())[:MAX_LABEL]

    def ways_in(self) -> list[str]:
        """Names of the slots present, without opening any."""
        return sorted(slot.stem for slot in (self.path / "slots").glob("*.age"))

    def create(
        self,
        passphrase: str,
        escrow: age.HybridRecipient | age.X25519Recipient,
        *,
        member_id: str,
        name: str,
        role: Role,
        workstation: str | None = None,
        label: str = "",
        work_factor: int = slots.WORK_FACTOR,
    ) -> Member:
        """Make the vault: complete, or not there at all. Returns the member with recipient and verifier.

        `workstation` names this vault's custody log and is a new UUID unless given. WeakPassphrase, StoreUnavailable.
        """
        sealed_to_person = slots.passphrase(passphrase, work_factor=work_factor)
        workstation = workstation if workstation is not None else uuid7()
        check_name(origin_of(workstation))
        with _disk_errors(), contextlib.ExitStack() as cleanup:
            make_folder(self.folder)
            cleanup.enter_context(InstanceLock(self.folder / "lock"))
            if self.path.exists():
                raise StoreUnavailable("There is a vault here already.", to_do="Open it instead of making a new one.")
            draft = self.folder / "vault.new"
            shutil.rmtree(draft, ignore_errors=True)
            cleanup.callback(shutil.rmtree, draft, ignore_errors=True)
            for folder in (draft, draft / "slots", draft / "containers"):
                make_folder(folder)
            key = cleanup.enter_context(Secret.of(bytearray(secrets.token_bytes(KEY_SIZE))))
            slots.write(draft / "slots" / slots.PASSPHRASE, key, sealed_to_person)
            slots.write(draft / "slots" / slots.RECOVERY, key, escrow)
            if label:
                write_atomically(draft / "label", label[:MAX_LABEL].encode())
            member = _furnish(
                draft / "store.db",
                key,
                Member(id=member_id, name=name, role=role, recipient=""),
                str(escrow),
                workstation,
            )
            sync_folder(draft)
            os.rename(draft, self.path)  # noqa: PTH104  replace() would overwrite; a vault never is
            sync_folder(self.folder)
        sealed_to_person.wipe()
        return member

    def open(self, passphrase: str) -> OpenVault:
        """WrongPassphrase, SlotDamaged, StoreUnavailable (also: open elsewhere), StoreDamaged, StoreTooNew."""
        return self._open(lambda: slots.open_with_passphrase(self._slot(slots.PASSPHRASE), passphrase))

    def open_with_escrow(self, escrow_identity: age.Identity) -> OpenVault:
        """As `open`, by the organisation's escrow identity. NoMatchError when it is not the right one."""
        return self._open(lambda: slots.open_with_identity(self._slot(slots.RECOVERY), escrow_identity))

    def change_passphrase(self, old: str, new: str, *, work_factor: int = slots.WORK_FACTOR) -> None:
        """One slot opens at every instant. WrongPassphrase, WeakPassphrase, StoreUnavailable."""
        self._require()
        sealed_to_person = slots.passphrase(new, work_factor=work_factor)
        with slots.open_with_passphrase(self._slot(slots.PASSPHRASE), old) as key:
            slots.write(self._slot(slots.PASSPHRASE), key, sealed_to_person)
        sealed_to_person.wipe()

    def recover(
        self, escrow_identity: age.Identity, new: str, *, at: datetime, work_factor: int = slots.WORK_FACTOR
    ) -> None:
        """Give the vault a new passphrase by escrow. The custody log says so before the new passphrase works."""
        sealed_to_person = slots.passphrase(new, work_factor=work_factor)
        vault = self.open_with_escrow(escrow_identity)
        try:
            scribe = Scribe(actor="escrow", role="administrator", workstation=vault.workstation)
            vault.store.call(lambda store: store.append_custody(scribe.entry(CustodyAction.RECOVERED, at)))
            with slots.open_with_identity(self._slot(slots.RECOVERY), escrow_identity) as key:
                slots.write(self._slot(slots.PASSPHRASE), key, sealed_to_person)
        finally:
            vault.lock()
        sealed_to_person.wipe()

    def _slot(self, name: str) -> Path:
        return self.path / "slots" / name

    def _require(self) -> None:
        if not self.exists:
            raise StoreUnavailable("There is no vault here.", to_do="Set one up first.")

    def _open(self, unseal: Callable[[], Secret]) -> OpenVault:
        self._require()
        lock = InstanceLock(self.folder / "lock")
        try:
            with unseal() as key:
                store = StoreThread(lambda: Store.open(self.path / "store.db", key.view))
        except BaseException:
            lock.release()
            raise
        try:
            return OpenVault(self.path, store, store.call(_read_keys), lock)
        except BaseException:
            store.close()
            lock.release()
            raise


@contextlib.contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreUnavailable("The vault could not be made here.", kept="Nothing was left behind.") from error


def _furnish(path: Path, key: Secret, member: Member, escrow: str, workstation: str) -> Member:
    identity = age.generate_identity()
    seed = secrets.token_bytes(32)
    verifier = Signer(member_key_name(member.id), seed).verifier
    member = msgspec.structs.replace(member, recipient=str(identity.recipient()), verifier=str(verifier))
    store = Store.create(path, key.view)
    try:
        store.put_setting("member", msgspec.json.encode(member))
        store.put_setting("workstation", workstation.encode())
        store.put_setting("identity", identity.secret_text().encode())
        store.put_setting("signing_seed", seed)
        store.put_setting("escrow", escrow.encode())
    finally:
        store.close()
        identity.wipe()
    return member


def _read_keys(store: Store) -> Keys:
    wanted = ("member", "workstation", "identity", "signing_seed", "escrow")
    values = {key: store.get_setting(key) for key in wanted}
    try:
        found = {key: value for key, value in values.items() if value is not None}
        workstation = found["workstation"].decode()
        identity = age.identity(found["identity"].decode())
        member = msgspec.json.decode(found["member"], type=Member)
        signer = Signer(origin_of(workstation), found["signing_seed"])
        # Vaults made by the first version did not keep the line; it follows from the key.
        verifier = str(signer.under(member_key_name(member.id)).verifier)
        return Keys(
            member=msgspec.structs.replace(member, verifier=verifier),
            workstation=workstation,
            identity=identity,
            signer=signer,
            escrow=age.recipient(found["escrow"].decode()),
        )
    except (KeyError, ValueError, msgspec.MsgspecError, age.AgeError):
        raise StoreDamaged("The vault's own keys are missing from the store.") from None
