"""HTTP with one clearing house. An item's bytes go from its reader to the connection, piece by piece, never to disk."""

from __future__ import annotations

import ipaddress
import re
import secrets
import time
from collections.abc import Callable, Iterator

import httpx

from reviewer.handoff.clearing_answers import MAX_ANSWER, Reply, Unbelievable
from reviewer.handoff.clearing_credentials import Credentials
from reviewer.handoff.clearing_cut import Cut
from reviewer.handoff.errors import ClearingHouseUnusable
from reviewer.handoff.item_reading import ItemReading
from reviewer.handoff.plan import Evidence
from reviewer.handoff.upload_file import UploadFile

_PIECE = 1 << 20
_XML = "text/xml; charset=utf-8"
_NOT_IN_A_NAME = re.compile(r"[^A-Za-z0-9._-]")


class NotReached(Exception):
    """No connection was made: nothing of the request left this machine."""


class Unanswered(Exception):
    """The request or a part of it was sent, and no whole answer came: what was done with it is not known."""


class ClearingExchange:
    """Close it when done. Nothing in it ever shows the credentials. ClearingHouseUnusable for an address not safe."""

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = 60.0,
        answer_within_s: float = 300.0,
    ) -> None:
        """`timeout_s` bounds each step (connect, a read, a write), `answer_within_s` reading a whole answer."""
        self.address = _checked_address(address)
        self._answer_within_s = answer_within_s
        self._cut = Cut()
        self._http = httpx.Client(
            base_url=self.address + "/",
            auth=httpx.BasicAuth(credentials.user.encode(), credentials.password.encode()),
            headers={"Accept-Encoding": "identity", "User-Agent": "reviewer"},
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 10.0)),
            transport=transport,
            verify=self.address.startswith("https:"),
            # Neither a redirect nor a variable of the environment may send a report or a password somewhere else.
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        self._http.close()

    def post_xml(self, step: str, xml: bytes) -> Reply:
        """NotReached, Unanswered, Unbelievable (more than MAX_ANSWER)."""
        return self._post(step, xml, {"Content-Type": _XML}, MAX_ANSWER)

    def post_id(self, step: str, report_id: str, *, max_bytes: int = MAX_ANSWER) -> Reply:
        """A form with the report's number alone; errors as `post_xml`."""
        boundary = secrets.token_hex(16)
        body = _field(boundary, report_id) + _end(boundary)
        return self._post(step, body, {"Content-Type": _form(boundary)}, max_bytes)

    def post_file(
        self,
        step: str,
        report_id: str,
        file: UploadFile,
        check: Callable[[int], None],
        cancelled: Callable[[], bool],
    ) -> Reply:
        """A form with the report's number and the file. `check` is called with the bytes sent after each piece; what
        it raises passes, and so does what the reader raises. ItemDamaged: the bytes are not those registered.

        The receiver has all the time of an answer to read the file. Unanswered within a moment of `cancelled`, which
        is asked from another thread.
        """
        boundary = secrets.token_hex(16)
        name = _NOT_IN_A_NAME.sub("_", file.name)
        head = _field(boundary, report_id) + (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        ).encode("ascii")
        tail = b"\r\n" + _end(boundary)
        headers = {"Content-Type": _form(boundary), "Content-Length": str(len(head) + file.size + len(tail))}
        with self._cut.when(cancelled):
            return self._post(step, _pieces(head, file, tail, check), headers, MAX_ANSWER, patient=True)

    def _post(
        self,
        step: str,
        body: bytes | Iterator[bytes],
        headers: dict[str, str],
        max_bytes: int,
        *,
        patient: bool = False,
    ) -> Reply:
        timeout = httpx.Timeout(self._http.timeout)
        if patient:
            timeout.read = self._answer_within_s
        traced = {"trace": self._cut.trace}
        try:
            with self._http.stream(
                "POST", step, content=body, headers=headers, timeout=timeout, extensions=traced
            ) as answer:
                return Reply(answer.status_code, self._read(answer, max_bytes))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
            raise NotReached from None
        except httpx.RequestError:
            raise Unanswered from None
        except RuntimeError:
            # Locked meanwhile: nothing is sent any more, which is no defect.
            if not self._http.is_closed:
                raise
            raise NotReached from None

    def _read(self, answer: httpx.Response, max_bytes: int) -> bytes:
        declared = answer.headers.get("content-length")
        if declared is not None and (not declared.isdecimal() or len(declared) > 15 or int(declared) > max_bytes):
            raise Unbelievable
        # The client's own timeouts start anew with every byte; a server that drips must not hold a thread for ever.
        until = time.monotonic() + self._answer_within_s
        untrusted = bytearray()
        for chunk in answer.iter_raw():
            if len(untrusted) + len(chunk) > max_bytes:
                raise Unbelievable
            if time.monotonic() > until:
                raise Unanswered
            untrusted += chunk
        return bytes(untrusted)


def _pieces(head: bytes, file: UploadFile, tail: bytes, check: Callable[[int], None]) -> Iterator[bytes]:
    """The form's end is given only when all bytes were those registered: otherwise the form is never whole."""
    yield head
    buffer = bytearray(min(_PIECE, max(file.size, 1)))
    view = memoryview(buffer)
    reading = ItemReading(Evidence(file.name, file.size, file.sha256, file.open))
    try:
        done = 0
        while done < file.size:
            count = reading.readinto(view)
            yield bytes(view[:count])
            done += count
            check(done)
    finally:
        buffer[:] = bytes(len(buffer))
        reading.close()
    yield tail


def _field(boundary: str, report_id: str) -> bytes:
    return f'--{boundary}\r\nContent-Disposition: form-data; name="id"\r\n\r\n{report_id}\r\n'.encode("ascii")


def _end(boundary: str) -> bytes:
    return f"--{boundary}--\r\n".encode("ascii")


def _form(boundary: str) -> str:
    return f"multipart/form-data; boundary={boundary}"


def _checked_address(address: str) -> str:
    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, TypeError):
        raise ClearingHouseUnusable from None
    safe = url.scheme == "https" or (url.scheme == "http" and _is_this_machine(url.host))
    if not url.host or url.userinfo or url.query or url.fragment or not safe:
        raise ClearingHouseUnusable
    return str(url).rstrip("/")


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
