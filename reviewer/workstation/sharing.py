"""Asks now and then how violent items are shared over the team. Only the answer is used: nothing is told with it."""

from __future__ import annotations

import threading
from typing import Protocol

from reviewer.model.errors import ReviewerError
from reviewer.model.supervision import ViolentShare

ASK_EVERY_S = 300.0
_STOP_S = 5.0


class AsksShare(Protocol):
    def violent_share(self) -> ViolentShare:
        """Blocks; raises as the client does."""
        ...


class FairSharing:
    """The asking of one session, on a thread of its own: at once, and every few minutes."""

    def __init__(self, asks: AsksShare) -> None:
        self._asks = asks
        self._share: ViolentShare | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="violent-share", daemon=True)

    @property
    def share(self) -> ViolentShare | None:
        """As last heard. None where nobody answered the last time: the order of the queue is plain then."""
        return self._share

    def start(self) -> None:
        """Once."""
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(_STOP_S)

    def ask(self) -> None:
        """Once, now, on the caller's thread. Never raises what the network may do."""
        try:
            self._share = self._asks.violent_share()
        except ReviewerError:
            self._share = None

    def _run(self) -> None:
        while not self._stopping.is_set():
            self.ask()
            self._stopping.wait(ASK_EVERY_S)
