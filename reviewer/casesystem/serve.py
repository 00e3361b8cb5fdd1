"""Running the service: one process, loopback unless told otherwise, quiet."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from reviewer.casesystem.app import create_app
from reviewer.casesystem.service import Terms
from reviewer.model.clock import Clock
from reviewer.model.errors import ReviewerError
from reviewer.model.taxonomy import SecondReview


class NotLoopback(ReviewerError):
    code = "C003"
    happened = "The case system does not listen beyond this machine by itself."
    kept = "Nothing was started."
    to_do = "Put a server with TLS in front of it and keep it on a loopback address."


class Server(uvicorn.Server):
    """Says its port once it answers. `should_exit = True` ends it from another thread."""

    def __init__(self, config: uvicorn.Config, listening: socket.socket, ready: Callable[[int], None]) -> None:
        super().__init__(config)
        self._listening = listening
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        if not self.should_exit:
            self._ready(self._listening.getsockname()[1])

    def run_until_stopped(self) -> None:
        """Blocking. Signals are heeded when this is the main thread."""
        try:
            self.run(sockets=[self._listening])
        finally:
            self._listening.close()


def make_server(
    database: str,
    blobs: Path,
    host: str = "127.0.0.1",
    port: int = 0,
    ready: Callable[[int], None] = lambda port: None,
    *,
    clock: Clock | None = None,
    terms: Terms | None = None,
    second_review: SecondReview | None = None,
) -> Server:
    """A server ready to run, its port bound already. `database` is a SQLAlchemy URL; `port` 0 means any free one."""
    if not ipaddress.ip_address(host).is_loopback:
        raise NotLoopback
    app = create_app(database, blobs, clock=clock, terms=terms, second_review=second_review)
    config = uvicorn.Config(
        app,
        # No access log: paths name items, and who asked for which and when is nobody's business here.
        access_log=False,
        log_config=None,
        log_level="error",
        server_header=False,
        lifespan="on",
        ws="none",
        timeout_graceful_shutdown=3,
    )
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's delay off only where the protocol is named: without it every answer takes 40 ms longer.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(128)
    except BaseException:
        listening.close()
        app.state.close()
        raise
    return Server(config, listening, ready)


def serve(
    database: str,
    blobs: Path,
    host: str = "127.0.0.1",
    port: int = 0,
    ready: Callable[[int], None] = lambda port: None,
    *,
    terms: Terms | None = None,
    second_review: SecondReview | None = None,
) -> None:
    """Serve until a signal ends it. `ready(port)` is called once, when requests are answered.

    `NotLoopback` for an address others can reach, OSError when the port is taken.
    """
    make_server(database, blobs, host, port, ready, terms=terms, second_review=second_review).run_until_stopped()
