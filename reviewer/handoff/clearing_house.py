"""Sending a CyberTipline report to a clearing house, in two steps: `prepare` sends nothing, `send` what was prepared.

The flow is that of NCMEC's reporting service (https://report.cybertip.org/ispws/documentation), at any address.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Self

import httpx

from reviewer.handoff.clearing_credentials import Credentials
from reviewer.handoff.clearing_exchange import ClearingExchange
from reviewer.handoff.errors import SendingFailed
from reviewer.handoff.submission import Submission
from reviewer.handoff.upload_file import UploadFile

_NOT_YET = ("1", "not-uploaded-yet")


@dataclass(frozen=True, slots=True)
class Prepared:
    """What would be sent, to be looked at first. `token` names this preparation and is good for one sending."""

    token: str = field(repr=False)
    address: str
    xml: bytes = field(repr=False)
    files: tuple[UploadFile, ...]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """The clearing house said that the report is finished. `receipt` is its last answer, byte for byte as it came;
    `file_ids` are the numbers it gave to the files, in their order."""

    report_id: str
    receipt: bytes
    file_ids: tuple[str, ...]

    @property
    def receipt_sha256(self) -> str:
        return hashlib.sha256(self.receipt).hexdigest()


class ClearingHouse:
    """One clearing house, for one user. Blocks; threads may share it; `close` it when done.

    ClearingHouseUnusable for an address that is not https (plain http on this machine only).
    """

    def __init__(
        self,
        address: str,
        credentials: Credentials,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = 60.0,
    ) -> None:
        """`timeout_s` bounds each step of an exchange (connect, a read, a write)."""
        self._exchange = ClearingExchange(address, credentials, transport=transport, timeout_s=timeout_s)
        self._lock = threading.Lock()
        self._waiting: dict[str, bytes] = {}

    def close(self) -> None:
        self._exchange.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def prepare(self, xml: bytes, files: Sequence[UploadFile]) -> Prepared:
        """The first step. Never the network."""
        prepared = Prepared(secrets.token_urlsafe(24), self._exchange.address, xml, tuple(files))
        digest = _digest(prepared)
        with self._lock:
            self._waiting[prepared.token] = digest
        return prepared

    def send(
        self,
        prepared: Prepared,
        *,
        progress: Callable[[int, int], None] = lambda _done, _total: None,
        cancelled: Callable[[], bool] = lambda: False,
        opened: Callable[[str], None] = lambda _report_id: None,
    ) -> Confirmation:
        """The second step: what was prepared here, once, unchanged. SendingFailed says how far it came.

        `progress` gets (bytes of the files sent, of how many). `cancelled` is asked before each step and after each
        piece of a file; after finish was sent it changes nothing. `opened` gets the report's number at once.
        """
        self._take(prepared)
        flow = Submission(
            self._exchange, prepared.xml, prepared.files, progress=progress, cancelled=cancelled, opened=opened
        )
        done = flow.run()
        return Confirmation(done.report_id, done.receipt, done.file_ids)

    def _take(self, prepared: Prepared) -> None:
        with self._lock:
            expected = self._waiting.pop(prepared.token, None)
        nothing = "Nothing was sent."
        if expected is None:
            raise SendingFailed(
                "This report was not prepared here, or was sent once already.",
                kept=nothing,
                to_do="Prepare it, look at it, and send it then.",
            )
        if not hmac.compare_digest(expected, _digest(prepared)):
            raise SendingFailed(
                "The report is not the one that was prepared.",
                kept=nothing,
                to_do="Prepare it again, look at it, and send it then.",
            )


def _digest(prepared: Prepared) -> bytes:
    """Of all that would be sent: the report, each file's digests, and what is told of each file."""
    whole = hashlib.sha256()
    parts = [prepared.address.encode(), prepared.xml]
    for file in prepared.files:
        said = f"{file.name}\0{file.size}\0{file.sha256}\0{file.md5}\0{file.viewed}"
        parts += [said.encode(), file.details(*_NOT_YET)]
    for part in parts:
        whole.update(hashlib.sha256(part).digest())
    return whole.digest()
