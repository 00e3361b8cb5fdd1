"""Ending a download from another thread, at once, although its own thread is blocked in the network."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from reviewer.sync.errors import ReadingEnded


class Cut:
    """Handed along with downloads; `now` ends the one under way and every later one with ReadingEnded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: httpx.Response | None = None
        self._over = False

    @contextmanager
    def over(self, answer: httpx.Response) -> Iterator[None]:
        with self._lock:
            if self._over:
                raise ReadingEnded
            self._under_way = answer
        try:
            yield
        finally:
            with self._lock:
                self._under_way = None

    def now(self) -> None:
        with self._lock:
            self._over = True
            if self._under_way is None:
                return
            stream = self._under_way.extensions.get("network_stream")
            connection = stream.get_extra_info("socket") if stream is not None else None
            if connection is not None:
                # Closing would not wake who reads. Not TLS's own shutdown: that may wait for the other side.
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(connection, socket.SHUT_RDWR)
