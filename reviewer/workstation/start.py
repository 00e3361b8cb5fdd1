"""Starting the workstation from the command line."""

from __future__ import annotations

import threading
from pathlib import Path

from reviewer.model.errors import VaultError
from reviewer.model.roles import Permission, may
from reviewer.ui.ports import SyncState
from reviewer.vault.vault import Vault
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import Workstation, connect


class NoVault(VaultError):
    code = "V012"
    happened = "There is no vault on this machine."
    kept = "Nothing was made."
    to_do = "`reviewer vault init` sets one up, `reviewer demo` shows how everything works."


def open_workstation(folder: Path) -> int:
    """The window's exit code. NoVault instead of an empty window."""
    if not Vault(folder).exists:
        raise NoVault
    from reviewer.ui.app import run

    desk = Workstation(folder, SystemClock())
    try:
        return run(desk)
    finally:
        desk.close()


def sync_once(folder: Path, passphrase: str) -> SyncState:
    """Send what is waiting and pull the queue page by page, once; entries that cannot be read are left out."""
    from reviewer.workstation.custody_author import CustodyAuthor
    from reviewer.workstation.destroying import obey_tombstones
    from reviewer.workstation.pulling import QueuePull
    from reviewer.workstation.syncing import Syncing

    clock = SystemClock()
    vault = Vault(folder).open(passphrase)
    try:
        with connect(vault) as case_system:
            syncing = Syncing(vault, case_system, clock, CustodyAuthor(clock, vault.scribe), lambda: None)
            state = syncing.now()
            if not state.trouble and may(vault.member.role, Permission.REVIEW_ITEMS):
                QueuePull(vault.store, case_system, threading.Event()).some()
                obey_tombstones(vault, case_system, clock)
            return state
    finally:
        vault.lock()
