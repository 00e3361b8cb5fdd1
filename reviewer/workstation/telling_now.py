"""At the end of a command: what it logged is signed, anchored, and told for whoever packs a case."""

from __future__ import annotations

import logging

from reviewer.model.clock import Clock
from reviewer.model.errors import ReviewerError
from reviewer.sync.client import CaseSystem
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.custody_author import CustodyAuthor
from reviewer.workstation.custody_told import CustodyTelling
from reviewer.workstation.syncing import Syncing

_log = logging.getLogger("reviewer.custody")


def tell_now(vault: OpenVault, case_system: CaseSystem, clock: Clock) -> None:
    """As far as it goes now: offline it waits in the store for the next command or session. Does not raise for that."""
    try:
        sync = Syncing(vault, case_system, clock, CustodyAuthor(clock, vault.scribe), lambda: None)
        sync.now()
        CustodyTelling(vault, case_system, clock, lambda: None).tell_all()
    except ReviewerError as error:
        _log.warning("custody is told later: %s", error.code)
