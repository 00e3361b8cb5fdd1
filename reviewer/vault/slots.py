"""Ways in: each slot is one age file whose plaintext is the 32 raw bytes of the store key, nothing else.

`passphrase.age` (scrypt) is the person's, `recovery.age` is addressed to the organisation's escrow recipient. A slot is
replaced by writing a new file, flushing it and renaming it over the old one, so at every instant one of the two opens.
"""

from __future__ import annotations

import io
from pathlib import Path

from reviewer.model.errors import StoreUnavailable, VaultError, WrongPassphrase
from reviewer.vault import age
from reviewer.vault.files import write_atomically
from reviewer.vault.secrets import Secret
from reviewer.vault.store.connection import KEY_SIZE

PASSPHRASE = "passphrase.age"  # noqa: S105  a file name
RECOVERY = "recovery.age"

# 2**17 costs 128 MiB and about half a second here, so an unlock stays under a second; docs/formats.md has the figures.
WORK_FACTOR = 17
MAX_WORK_FACTOR = 20
MIN_PASSPHRASE = 8
MAX_SLOT_BYTES = 64 * 1024


class SlotDamaged(VaultError):
    code = "V008"
    happened = "The way into this vault is damaged."
    kept = "The store itself was not touched."
    to_do = "Ask your administrator to recover the vault with the organisation's escrow key."


class WeakPassphrase(VaultError):
    code = "V009"
    happened = f"A passphrase needs at least {MIN_PASSPHRASE} characters."
    kept = "Nothing was changed."
    to_do = "Choose a longer one; a few unrelated words are easiest to remember."


def passphrase(text: str, *, work_factor: int = WORK_FACTOR) -> age.Passphrase:
    """For writing a slot. WeakPassphrase when it is too short to be one."""
    if len(text) < MIN_PASSPHRASE:
        raise WeakPassphrase
    return age.Passphrase(text, work_factor=work_factor)


def write(path: Path, key: Secret, recipient: age.Recipient) -> None:
    """Seal the key to one recipient and put the slot in place. StoreUnavailable; the old slot then still opens."""
    sealed = io.BytesIO()
    with io.BytesIO(key.view) as plain:
        age.encrypt(plain, sealed, [recipient])
        plain.getbuffer()[:] = bytes(KEY_SIZE)
    try:
        write_atomically(path, sealed.getvalue())
    except OSError as error:
        raise StoreUnavailable("The new way into the vault could not be written; the old one still works.") from error


def open_with_passphrase(path: Path, text: str) -> Secret:
    """WrongPassphrase, SlotDamaged, StoreUnavailable."""
    if not text:
        raise WrongPassphrase
    typed = age.Passphrase(text, max_work_factor=MAX_WORK_FACTOR)
    try:
        return _opened(path, typed)
    except age.NoMatchError:
        raise WrongPassphrase from None
    finally:
        typed.wipe()


def open_with_identity(path: Path, identity: age.Identity) -> Secret:
    """NoMatchError when the identity is not the one the slot is addressed to; SlotDamaged, StoreUnavailable."""
    return _opened(path, identity)


def _opened(path: Path, identity: age.Identity) -> Secret:
    try:
        with path.open("rb") as file:
            untrusted_slot = file.read(MAX_SLOT_BYTES + 1)
    except FileNotFoundError:
        raise SlotDamaged("The way into this vault is missing.") from None
    except OSError as error:
        raise StoreUnavailable("The way into this vault cannot be read.") from error
    if len(untrusted_slot) > MAX_SLOT_BYTES:
        raise SlotDamaged
    key = bytearray(KEY_SIZE)
    try:
        with age.open(io.BytesIO(untrusted_slot), [identity]) as plain:
            if plain.plaintext_size != KEY_SIZE or plain.readinto(key) != KEY_SIZE:
                raise SlotDamaged
    except age.NoMatchError:
        raise
    except age.AgeError:
        raise SlotDamaged from None
    return Secret.of(key)
