"""The host side of decoding: keeps sealed workers ready, gives each open item one, and believes none of them."""

from __future__ import annotations

import io
import socket
import sys
import threading
from collections import deque

from reviewer.media.area import SharedArea
from reviewer.media.checks import checked_report, error_of
from reviewer.media.forking import OF_THIS_PROCESS, ForkServer
from reviewer.media.frames import SandboxReport
from reviewer.media.limits import Limits
from reviewer.media.link import Link, Source
from reviewer.media.opened import OpenedItem
from reviewer.media.protocol import Failed, ForkRequest, Sealed
from reviewer.media.veils import PLAIN, Veils
from reviewer.model.errors import MediaError, SandboxUnavailable

_FIRST_PICTURE_S = 0.25


class Broker:
    """Opens items, each in a sealed worker of its own. Thread-safe. `warm` workers wait sealed and ready.

    They are forked from `server`, by default the one that everybody in this process shares.
    """

    def __init__(
        self,
        *,
        limits: Limits | None = None,
        unsealed_allowed: bool = False,
        warm: int = 2,
        server: ForkServer | None = None,
    ) -> None:
        self._limits = limits if limits is not None else Limits()
        self._unsealed_allowed = unsealed_allowed
        self._warm = max(0, warm)
        self._changed = threading.Condition()
        self._ready: deque[tuple[Link, SandboxReport]] = deque()
        self._open: set[Link] = set()
        self._filling: threading.Thread | None = None
        self._closed = False
        self._server = server if server is not None else OF_THIS_PROCESS
        self._server.join()
        self._report: SandboxReport | None = None

    def start(self) -> None:
        """Start the fork server and begin warming workers; returns at once. What fails is raised by `open`."""
        with self._changed:
            if self._filling is None and not self._closed and self._warm:
                self._filling = threading.Thread(target=self._keep_warm, name="media-warm")
                self._filling.start()

    def open(self, source: Source, *, declared_format: str = "", veils: Veils = PLAIN) -> OpenedItem:
        """Open `source` (seekable; the item's plaintext) in a worker. Reads facts, no pixels.

        `declared_format` is what the sender or the name says it is ("jpg", "image/jpeg", "x.jpg"). Raises
        `SandboxUnavailable`, `WorkerDied`, `WorkerTimeout`, `WorkerLied`, or whatever the source raises.
        """
        size = source.seek(0, io.SEEK_END)
        link, report = self._take()
        try:
            link.give(source, size)
            return OpenedItem(link, report, size=size, declared_format=declared_format, veils=veils)
        except BaseException:
            link.close()
            raise

    @property
    def warm_ready(self) -> int:
        """How many sealed workers wait for an item."""
        with self._changed:
            return len(self._ready)

    def sandbox_report(self) -> SandboxReport:
        """The layers in force, as a worker found them from inside. Starts one if none has been started yet."""
        if self._report is None:
            link, _ = self._spawn()
            link.close()
        assert self._report is not None
        return self._report

    def close(self) -> None:
        """End every worker, open items' included, and the fork server if nobody else uses it. Idempotent."""
        with self._changed:
            again, self._closed = self._closed, True
            links = [link for link, _ in self._ready] + list(self._open)
            self._ready.clear()
            self._open.clear()
            self._changed.notify_all()
        for link in links:
            link.close()
        if self._filling is not None:
            self._filling.join()
        if not again:
            self._server.leave()

    def _take(self) -> tuple[Link, SandboxReport]:
        with self._changed:
            if self._closed:
                raise MediaError
            taken = self._ready.popleft() if self._ready else None
            self._changed.notify_all()
        if taken is None:
            taken = self._spawn()
        with self._changed:
            if self._closed:
                taken[0].close()
                raise MediaError
            self._open = {link for link in self._open if not link.closed}
            self._open.add(taken[0])
        return taken

    def _keep_warm(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or len(self._ready) < self._warm)
                if self._ready and self._report is not None:
                    # One is left: the item just taken comes first, its picture would wait for the new worker's start.
                    self._changed.wait_for(lambda: self._closed or not self._ready, _FIRST_PICTURE_S)
                if self._closed:
                    return
            try:
                fresh = self._spawn(ahead=True)
            except MediaError:
                with self._changed:
                    self._changed.wait(1.0)  # `open` raises it where somebody can see it; try again later
                continue
            with self._changed:
                if self._closed:
                    fresh[0].close()
                    return
                self._ready.append(fresh)

    def _spawn(self, *, ahead: bool = False) -> tuple[Link, SandboxReport]:
        """A fresh worker, sealed and proven so. Raises `SandboxUnavailable` if it is not, and fails closed."""
        if not sys.platform.startswith("linux"):
            raise SandboxUnavailable
        try:
            link = self._fork(ahead)
        except OSError:
            raise SandboxUnavailable from None
        try:
            first = link.wait(self._limits.start_s)
            if isinstance(first, Failed):
                raise error_of(first)
            if not isinstance(first, Sealed):
                raise SandboxUnavailable
            report = checked_report(first)
            if not report.sealed and not self._unsealed_allowed:
                raise SandboxUnavailable
        except BaseException:
            link.close()
            raise
        self._report = report
        return link, report

    def _fork(self, ahead: bool) -> Link:
        request = ForkRequest(self._limits.memory_bytes, self._limits.cpu_s, self._unsealed_allowed, ahead)
        area = SharedArea(prepared=ahead)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            pid, pidfd = self._server.fork(request, theirs.fileno(), area.fd, start_s=self._limits.start_s)
            return Link(ours, area, pid, pidfd, self._limits)
        except BaseException:
            ours.close()
            area.close()
            raise
        finally:
            theirs.close()
