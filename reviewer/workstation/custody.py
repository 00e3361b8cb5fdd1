"""`reviewer custody verify|export`: the log of this workstation, checked against what the case system has anchored."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reviewer.model.errors import CustodyBroken, SyncError
from reviewer.vault.custody import export
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.vault import Vault
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import connect


def verify_custody(folder: Path, passphrase: str) -> str:
    """One sentence about what was verified. CustodyBroken names the first entry that is wrong.

    The newest anchor is fetched from the case system, because only something kept outside shows a rollback. When it
    cannot be asked, the sentence says so.
    """
    with _opened(folder, passphrase) as vault:
        found = vault.verify_custody()
        outside = _against_anchor(vault, found.size)
        return f"{found.size} entries verify, {found.covered} of them under a signed checkpoint; {outside}."


def export_custody(folder: Path, passphrase: str, target: Path) -> int:
    """Entries written. Signs a checkpoint first, so that the export covers the whole log."""
    with _opened(folder, passphrase) as vault:
        vault.checkpoint(SystemClock().now())
        size, note = vault.store.call(lambda s: s.checkpoints()[-1])
        lines = vault.store.call(lambda s: list(export(s, note, vault.signer.verifier)))
        with target.open("xb") as file:
            file.writelines(lines)
            file.flush()
            os.fsync(file.fileno())
        return size


def _against_anchor(vault: OpenVault, size: int) -> str:
    try:
        with connect(vault) as case_system:
            anchored = case_system.anchored(vault.signer.verifier.name)
    except SyncError:
        return "the case system could not be asked for its anchor"
    if anchored.size == 0:
        return "the case system holds no anchor yet"
    if anchored.size > size or vault.store.call(lambda s: s.custody_root(anchored.size)) != anchored.root:
        raise CustodyBroken("The custody log is not the one the case system has anchored.")
    return f"the case system's anchor of {anchored.size} entries agrees"


@contextmanager
def _opened(folder: Path, passphrase: str) -> Iterator[OpenVault]:
    vault = Vault(folder).open(passphrase)
    try:
        yield vault
    finally:
        vault.lock()
