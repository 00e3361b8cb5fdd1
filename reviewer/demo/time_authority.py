"""A small RFC 3161 time authority over HTTP on loopback, for the demo and the tests."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from asn1crypto import keys, pem, tsp, x509
from pyhanko.sign.timestamps.dummy_client import DummyTimeStamper

_MAX_REQUEST = 64 * 1024
_QUERY, _REPLY = "application/timestamp-query", "application/timestamp-reply"


class TimeAuthority:
    """Stamps whatever it is sent, with the key and certificate in `tsa_pem` (`Authorities.tsa_pem`).

    `answer` makes the body of a reply from that of a request; tests put a lying one in its place.
    Runs in a thread from `start` (or `with`) to `close`.
    """

    def __init__(
        self,
        tsa_pem: bytes,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        answer: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self._tsa_pem = tsa_pem
        self._now = now
        self.answer = answer or self.stamp
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = False
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/"

    def stamp(self, request: bytes) -> bytes:
        """The TimeStampResp to a TimeStampReq, both DER."""
        parts = {kind: der for kind, _, der in pem.unarmor(self._tsa_pem, multiple=True)}
        stamper = DummyTimeStamper(
            tsa_cert=x509.Certificate.load(parts["CERTIFICATE"]),
            tsa_key=keys.PrivateKeyInfo.load(parts["PRIVATE KEY"]),
            fixed_dt=self._now().replace(microsecond=0),
        )
        return bytes(stamper.request_tsa_response(tsp.TimeStampReq.load(request)).dump())

    def start(self) -> TimeAuthority:
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="time authority")
        self._thread.start()
        return self

    def close(self) -> None:
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def __enter__(self) -> TimeAuthority:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _handler(authority: TimeAuthority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            size = int(self.headers.get("Content-Length", "0"))
            if self.headers.get("Content-Type") != _QUERY or not 0 < size <= _MAX_REQUEST:
                self.send_error(400)
                return
            try:
                reply = authority.answer(self.rfile.read(size))
            except Exception:
                self.send_error(500)
                return
            self.send_response(200)
            self.send_header("Content-Type", _REPLY)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler
