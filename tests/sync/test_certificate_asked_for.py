"""Whoever answers over TLS has to show a certificate somebody vouches for, however the address is written."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from patience import PATIENCE_S

from reviewer.demo.authorities import key_pem, make_authority
from reviewer.handoff.errors import StampUnavailable
from reviewer.handoff.stamping import request_stamp
from reviewer.model.errors import CaseSystemUnreachable
from reviewer.sync.client import CaseSystem


@contextmanager
def somebody_else(folder: Path) -> Iterator[tuple[int, list[bytes]]]:
    """A server with a certificate it made itself: its port, and what it was told."""
    made = make_authority("127.0.0.1", datetime.now(UTC))
    path = folder / "made.pem"
    path.write_bytes(key_pem(made.key) + made.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    told: list[bytes] = []

    def serve() -> None:
        with contextlib.suppress(OSError), listening.accept()[0] as plain, context.wrap_socket(plain, True) as secured:
            told.append(secured.recv(4096))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(PATIENCE_S)
        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield listening.getsockname()[1], told
        finally:
            thread.join()


@pytest.mark.parametrize("scheme", ["https", "HTTPS", "Https"])
def test_no_token_without_a_certificate(scheme: str, tmp_path: Path) -> None:
    with (
        somebody_else(tmp_path) as (port, told),
        CaseSystem(f"{scheme}://127.0.0.1:{port}", "a secret token", "desk-1") as client,
        pytest.raises(CaseSystemUnreachable),
    ):
        client.me()
    assert told == []


@pytest.mark.parametrize("scheme", ["https", "HTTPS"])
def test_no_stamp_without_a_certificate(scheme: str, tmp_path: Path) -> None:
    with somebody_else(tmp_path) as (port, told), pytest.raises(StampUnavailable):
        request_stamp(f"{scheme}://127.0.0.1:{port}/", b"signature", timeout=10)
    assert told == []
