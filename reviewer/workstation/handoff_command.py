"""Handing off from the command line: the same service as in the window, without one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
from reviewer.model.cases import Item
from reviewer.model.policy import Policy
from reviewer.sync.client import CaseSystem
from reviewer.vault.open_vault import OpenVault
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.handing_off import HandingOff
from reviewer.workstation.journal import Journal
from reviewer.workstation.telling_now import tell_now
from reviewer.workstation.thumbnails import Thumbnails
from reviewer.workstation.unsealing import Unsealer


@contextmanager
def at_handoff(vault: OpenVault, case_system: CaseSystem, policy: Policy) -> Iterator[HandingOff]:
    """What was logged meanwhile is sent at the end, where the case system can be reached."""
    clock = SystemClock()
    journal = Journal(vault, clock)
    thumbnails = _LateThumbnails(vault, case_system, policy, journal)
    stopped = threading.Event()
    try:
        yield HandingOff(
            vault=vault,
            case_system=case_system,
            policy=policy,
            clock=clock,
            journal=journal,
            thumbnail=thumbnails.thumbnail,
            stopped=stopped,
        )
    finally:
        stopped.set()
        thumbnails.close()
        tell_now(vault, case_system, clock)


class _LateThumbnails:
    """Sealed workers are started only if a thumbnail is asked for."""

    def __init__(self, vault: OpenVault, case_system: CaseSystem, policy: Policy, journal: Journal) -> None:
        self._vault = vault
        self._case_system = case_system
        self._policy = policy
        self._journal = journal
        self._broker: Broker | None = None
        self._thumbnails: Thumbnails | None = None

    def thumbnail(self, item: Item) -> Frame:
        if self._thumbnails is None:
            self._broker = Broker(warm=1)
            self._broker.start()
            self._thumbnails = Thumbnails(
                broker=self._broker,
                unsealer=Unsealer(self._vault, self._case_system),
                policy=self._policy,
                clock=SystemClock(),
                journal=self._journal,
                broke=lambda item, error: None,
            )
        return self._thumbnails.for_report(item)

    def close(self) -> None:
        if self._thumbnails is not None:
            self._thumbnails.close()
        if self._broker is not None:
            self._broker.close()
