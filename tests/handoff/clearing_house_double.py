"""A clearing house as the documentation describes it, on loopback, that can be told to misbehave at one step.

It keeps what it received, so that a test can say what was really sent. Nothing here stands for a real service.
"""

from __future__ import annotations

import base64
import hashlib
import re
import threading
import time
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

USER, PASSWORD = "desk", "correct horse"
_BASIC = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()


@dataclass
class Received:
    """A report as the clearing house has it."""

    xml: bytes
    files: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    details: dict[str, bytes] = field(default_factory=dict)
    state: str = "open"


@dataclass(frozen=True)
class Trouble:
    """What a step does instead: an HTTP `status` with `body`; `drop` the connection after (True) or before reading the
    request (False does nothing); `hang_s`: wait so long, then drop. `work`: do what was asked all the same. `first`:
    only the first so many times; 0: always."""

    status: int = 0
    body: bytes = b""
    drop: bool = False
    hang_s: float = 0.0
    work: bool = False
    first: int = 0


class ClearingHouseDouble:
    """A server on a port of its own, for a `with`. `calls` are the steps in the order in which they were asked."""

    def __init__(self, trouble: dict[str, Trouble] | None = None) -> None:
        self.trouble = trouble or {}
        self.reports: dict[str, Received] = {}
        self.calls: list[str] = []
        self.bytes_taken = 0
        self.edit: Callable[[str, bytes], bytes] = lambda _step, body: body
        self._next = 4564654
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/ispws"

    @property
    def finished(self) -> list[Received]:
        return [one for one in self.reports.values() if one.state == "finished"]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, _kind: type[BaseException] | None, _value: object, _trace: TracebackType | None) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def wait(self, seconds: float) -> None:
        self._over.wait(seconds)

    def trouble_at(self, step: str) -> Trouble | None:
        trouble = self.trouble.get(step)
        if trouble is not None and trouble.first and self.calls.count(step) > trouble.first:
            return None
        return trouble

    def work(self, step: str, content_type: str, body: bytes) -> bytes:
        """What the step does; the answer."""
        if step == "submit":
            if ET.fromstring(body).tag != "report":
                return _answer(4100, "Validation failed")
            report_id = str(self._next)
            self._next += 1
            self.reports[report_id] = Received(body)
            return _answer(0, "Success", reportId=report_id)
        if step == "fileinfo":
            root = ET.fromstring(body)
            return self._described(root.findtext("reportId", ""), root.findtext("fileId", ""), body)
        parts = _parts(content_type, body)
        report_id = parts["id"][1].decode()
        report = self.reports.get(report_id)
        if report is None:
            return _answer(5001, "Report does not exist")
        if report.state != "open":
            return _answer(5102 if report.state == "finished" else 5101, "Not open")
        if step == "upload":
            name, content = parts["file"]
            file_id = hashlib.md5(f"{report_id} {len(report.files)}".encode()).hexdigest()
            report.files[file_id], report.names[file_id] = content, name
            return _answer(0, "Success", reportId=report_id, fileId=file_id, hash=hashlib.md5(content).hexdigest())
        if step == "retract":
            report.state = "retracted"
            return _answer(0, "Success", reportId=report_id)
        report.state = "finished"
        named = "".join(f"<fileId>{file_id}</fileId>" for file_id in report.files)
        return (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><reportDoneResponse><responseCode>0</responseCode>'
            f"<reportId>{report_id}</reportId><files>{named}</files></reportDoneResponse>"
        ).encode()

    def _described(self, report_id: str, file_id: str, body: bytes) -> bytes:
        report = self.reports.get(report_id)
        if report is None or file_id not in report.files:
            return _answer(5001, "Report does not exist")
        report.details[file_id] = body
        return _answer(0, "Success", reportId=report_id)


def _answer(code: int, words: str, **fields: str) -> bytes:
    more = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><reportResponse>'
        f"<responseCode>{code}</responseCode><responseDescription>{words}</responseDescription>{more}</reportResponse>"
    ).encode()


def _parts(content_type: str, body: bytes) -> dict[str, tuple[str, bytes]]:
    """name -> (file name or "", content) of a form; an assertion where it is not a whole one."""
    boundary = re.fullmatch(r"multipart/form-data; boundary=([0-9a-f]{32})", content_type)
    assert boundary is not None, content_type
    mark = b"--" + boundary[1].encode()
    assert body.startswith(mark)
    assert body.endswith(mark + b"--\r\n")
    parts = {}
    for part in body.split(mark)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        name = re.search(rb'[; ]name="([^"]*)"', head)
        file_name = re.search(rb'filename="([^"]*)"', head)
        assert name is not None
        parts[name[1].decode()] = (file_name[1].decode() if file_name else "", content.removesuffix(b"\r\n"))
    return parts


def _handler(house: ClearingHouseDouble) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 10

        def do_POST(self) -> None:
            step = self.path.removeprefix("/ispws/")
            house.calls.append(step)
            if self.headers.get("Authorization") != _BASIC:
                self._say(401, b"")
                self.close_connection = True
                return
            body = self._body()
            if body is None:
                self.close_connection = True
                return
            trouble = house.trouble_at(step)
            if trouble is None:
                self._say(200, house.edit(step, house.work(step, self.headers["Content-Type"], body)))
                return
            if trouble.work:
                house.work(step, self.headers["Content-Type"], body)
            if trouble.hang_s:
                house.wait(trouble.hang_s)
            if trouble.drop or trouble.hang_s:
                self.close_connection = True
                return
            self._say(trouble.status, trouble.body)

        def _body(self) -> bytes | None:
            """None where the sender went away in the middle."""
            left, pieces = int(self.headers["Content-Length"]), []
            while left > 0:
                piece = self.rfile.read1(min(left, 1 << 16))
                if not piece:
                    return None
                pieces.append(piece)
                left -= len(piece)
                house.bytes_taken += len(piece)
            return b"".join(pieces)

        def _say(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)
