"""Ending an exchange that is waited for, within a moment of being cancelled."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

_LOOK_EVERY_S = 0.2


class Cut:
    """Knows the connection in use: `trace` is given to every request as httpcore's extension of that name."""

    def __init__(self) -> None:
        self._stream: Any = None

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._stream = info["return_value"]

    @contextmanager
    def when(self, cancelled: Callable[[], bool]) -> Iterator[None]:
        """While this lasts the connection is shut down once `cancelled`, which is asked from a thread of its own."""
        over = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(cancelled, over), name="cut")
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()

    def _watch(self, cancelled: Callable[[], bool], over: threading.Event) -> None:
        while not over.wait(_LOOK_EVERY_S):
            if cancelled():
                connection = self._stream.get_extra_info("socket") if self._stream is not None else None
                if connection is not None:
                    # Closing would not wake who reads. Not TLS's own shutdown: that may wait for the other side.
                    with contextlib.suppress(OSError):
                        socket.socket.shutdown(connection, socket.SHUT_RDWR)
                return
