"""The locked workstation: `reviewer.ui.ports.Desk`. Warms the sealed workers while the passphrase is being typed.

What only an unlocked session needs is loaded while the key is derived, so that the unlock page is there sooner.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from reviewer.media.broker import Broker
from reviewer.model.clock import Clock
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.errors import StoreDamaged, WrongPassphrase
from reviewer.model.policy import Policy, without_clear
from reviewer.vault.hardening import harden_process
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.store import Store
from reviewer.vault.vault import Vault
from reviewer.workstation.policy_in_force import policy_in_force
from reviewer.workstation.posture import process_lines
from reviewer.workstation.refusals import Refusals

if TYPE_CHECKING:
    from reviewer.sync.client import CaseSystem
    from reviewer.workstation.session import WorkSession

_SESSION = "reviewer.workstation.session"
ADDRESS = "case_system"
TOKEN = "token"  # noqa: S105  a settings key


class Workstation:
    """One data folder, one broker, at most one unlocked session at a time."""

    def __init__(self, folder: Path, clock: Clock, policy: Policy | None = None) -> None:
        harden_process()
        self._vault = Vault(folder)
        self._clock = clock
        self._policy = policy if policy is not None else policy_in_force()
        self._refusals = Refusals(folder)
        self._session: WorkSession | None = None
        self._broker = Broker(unsealed_allowed=self._policy.viewing.unsealed_decoding)
        self._broker.start()

    @property
    def display_name(self) -> str:
        return self._vault.label

    def unlock(self, passphrase: str) -> WorkSession:
        if self._session is not None:
            self._session.lock()
        loading = threading.Thread(target=import_module, args=(_SESSION,), name="session-code")
        loading.start()
        try:
            vault = self._vault.open(passphrase)
        except WrongPassphrase:
            self._refusals.note(self._clock.now())
            raise
        finally:
            loading.join()
        from reviewer.workstation.session import WorkSession

        missing = any(line.required and not line.in_force for line in process_lines())
        try:
            vault.verify_recent_custody()
            self._log_refusals(vault)
            session = WorkSession(
                vault=vault,
                case_system=connect(vault),
                broker=self._broker,
                # Where a required protection is missing nothing is revealed above DRAWING. The sealed worker is not
                # asked here: without it nothing is decoded at all.
                policy=without_clear(self._policy) if missing else self._policy,
                clock=self._clock,
                protection_missing=missing,
            )
        except BaseException:
            vault.lock()
            raise
        self._session = session
        return session

    def close(self) -> None:
        self._end_session(timeout_s=10.0)
        self._broker.close()

    def _end_session(self, *, timeout_s: float) -> None:
        """The next session must not find its leases given back by the one before."""
        if self._session is not None:
            self._session.lock()
            self._session.farewell(timeout_s)
            self._session = None

    def _log_refusals(self, vault: OpenVault) -> None:
        times = self._refusals.times()
        for at in times:
            entry = vault.scribe.entry(CustodyAction.UNLOCK_REFUSED, at, reason=WrongPassphrase.code)
            vault.store.call(_appending(entry))
        if times:
            self._refusals.clear()


def connect(vault: OpenVault) -> CaseSystem:
    """The client this vault was enrolled with; the address and the token lie in the store. StoreDamaged without."""
    address, token = vault.store.call(lambda s: (s.get_setting(ADDRESS), s.get_setting(TOKEN)))
    if address is None or token is None:
        raise StoreDamaged("This vault was never enrolled with a case system.", to_do="Enrol it, then try again.")
    from reviewer.sync.client import CaseSystem

    return CaseSystem(address.decode(), token.decode(), vault.workstation)


def _appending(entry: CustodyEntry) -> Callable[[Store], CustodyEntry]:
    return lambda store: store.append_custody(entry)
