"""One request and its answer, believed only after checks: status, type, size before reading, then the content."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeVar

import httpx
import msgspec

from reviewer.model.errors import CaseSystemNonsense, CaseSystemUnreachable
from reviewer.sync.cut import Cut
from reviewer.sync.errors import InsecureAddress
from reviewer.sync.refusals import error_for

T = TypeVar("T")

JSON = "application/json"
OCTETS = "application/octet-stream"
MAX_ANSWER = 16 * 1024 * 1024
_MAX_REFUSAL = 64 * 1024


class Exchange:
    """HTTP with one case system. Threads may share it. Nothing in it ever shows the token."""

    def __init__(
        self,
        base_url: str,
        token: str,
        workstation: str,
        *,
        transport: httpx.BaseTransport | None = None,
        timeout_s: float = 10.0,
        answer_within_s: float = 60.0,
    ) -> None:
        """`timeout_s` bounds each step (connect, a read, a write), `answer_within_s` a whole answer."""
        _check_address(base_url)
        self._answer_within_s = answer_within_s
        self._http = httpx.Client(
            base_url=base_url.rstrip("/") + "/v1/",
            headers={
                "Authorization": f"Bearer {token}",
                "Reviewer-Workstation": workstation,
                "Accept-Encoding": "identity",
                "User-Agent": "reviewer",
            },
            timeout=httpx.Timeout(timeout_s, connect=min(timeout_s, 3.0)),
            transport=transport,
            # Plain HTTP never leaves this machine: loading the authorities for it would only cost time. Everything
            # else, HTTPS in capitals as well, has to show a certificate.
            verify=not base_url.startswith("http:"),
            # Neither a redirect nor a variable of the environment may send the token somewhere else.
            follow_redirects=False,
            trust_env=False,
        )

    def close(self) -> None:
        self._http.close()

    def ask(
        self,
        method: str,
        path: str,
        kind: type[T],
        *,
        content: bytes | Iterable[bytes] | None = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_ANSWER,
        patience_s: float | None = None,
    ) -> tuple[T, httpx.Headers]:
        """A JSON answer as `kind`. CaseSystemUnreachable, CaseSystemNonsense, CaseSystemRefused, LeaseLost.

        `patience_s`: instead of `timeout_s` where the answer takes work that cannot be hurried.
        """
        headers = {**(headers or {}), **({"Content-Type": JSON} if isinstance(content, bytes) else {})}
        with self._answered(method, path, content, params, headers, patience_s) as answer:
            _expect(answer, JSON, (200, 201))
            untrusted_body = self._read(answer, max_bytes)
        try:
            return msgspec.json.decode(untrusted_body, type=kind), answer.headers
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise CaseSystemNonsense from None

    def tell(
        self,
        method: str,
        path: str,
        *,
        content: bytes | Iterable[bytes] | None = None,
        params: Mapping[str, str | int] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """A request that is answered with 201 or 204 and nothing else."""
        with self._answered(method, path, content, params, headers or {}) as answer:
            if answer.status_code not in (201, 204) or self._read(answer, 0):
                raise CaseSystemNonsense

    def octets(
        self,
        path: str,
        *,
        max_bytes: int,
        headers: Mapping[str, str] | None = None,
        status: int = 200,
        cut: Cut | None = None,
    ) -> tuple[bytes, httpx.Headers]:
        """Bytes, at most `max_bytes`. `cut` ends it from another thread."""
        with self._answered("GET", path, None, None, headers or {}) as answer, (cut or Cut()).over(answer):
            _expect(answer, OCTETS, (status,))
            return self._read(answer, max_bytes), answer.headers

    @contextmanager
    def _answered(
        self,
        method: str,
        path: str,
        content: bytes | Iterable[bytes] | None,
        params: Mapping[str, str | int] | None,
        headers: Mapping[str, str],
        patience_s: float | None = None,
    ) -> Iterator[httpx.Response]:
        timeout = self._http.timeout if patience_s is None else httpx.Timeout(patience_s, connect=3.0)
        try:
            with self._http.stream(
                method, path, content=content, params=params, headers=headers, timeout=timeout
            ) as answer:
                if not 200 <= answer.status_code < 300:
                    raise error_for(answer.status_code, _content_type(answer), self._read(answer, _MAX_REFUSAL))
                yield answer
        except httpx.RequestError:
            raise CaseSystemUnreachable from None
        except RuntimeError:
            # Locked meanwhile: a question that comes late is one that nobody answers, not a defect.
            if not self._http.is_closed:
                raise
            raise CaseSystemUnreachable from None

    def _read(self, answer: httpx.Response, max_bytes: int) -> bytes:
        declared = answer.headers.get("content-length")
        if declared is not None and (not declared.isdecimal() or len(declared) > 15 or int(declared) > max_bytes):
            raise CaseSystemNonsense
        # The client's own timeouts start anew with every byte; a server that drips must not hold a thread for ever.
        until = time.monotonic() + self._answer_within_s
        untrusted = bytearray()
        # Raw: nothing is ever unpacked, so a small answer cannot grow.
        for chunk in answer.iter_raw():
            if len(untrusted) + len(chunk) > max_bytes:
                raise CaseSystemNonsense
            if time.monotonic() > until:
                raise CaseSystemUnreachable
            untrusted += chunk
        return bytes(untrusted)


def etag_of(headers: httpx.Headers) -> str:
    """CaseSystemNonsense when the answer has none."""
    etag: str | None = headers.get("etag")
    if etag is None:
        raise CaseSystemNonsense
    return etag


def _expect(answer: httpx.Response, content_type: str, statuses: tuple[int, ...]) -> None:
    if answer.status_code not in statuses or _content_type(answer) != content_type:
        raise CaseSystemNonsense


def _content_type(answer: httpx.Response) -> str:
    kind: str = answer.headers.get("content-type", "")
    return kind.partition(";")[0].strip().lower()


def _check_address(base_url: str) -> None:
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, TypeError):
        raise InsecureAddress from None
    if not url.host or url.userinfo:
        raise InsecureAddress
    if url.scheme == "https" or (url.scheme == "http" and _is_this_machine(url.host)):
        return
    raise InsecureAddress


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
