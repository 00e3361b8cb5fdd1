"""Refusals as RFC 9457 problems. `type` is stable; `detail` says what to do and never repeats what was sent."""

from __future__ import annotations

import logging
import traceback

import msgspec
import sqlalchemy as sa
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reviewer.model.events import Problem

_log = logging.getLogger("reviewer.casesystem")

PROBLEM_JSON = "application/problem+json"


class Refusal(Exception):
    """Ends a request with a problem. `slug` becomes `urn:reviewer:problem:<slug>`.

    `place`: (line, field, reason) of a file that was refused, in words of ours.
    """

    def __init__(
        self,
        status: int,
        slug: str,
        detail: str,
        headers: dict[str, str] | None = None,
        *,
        place: tuple[int, str, str] = (0, "", ""),
    ) -> None:
        super().__init__(slug)
        self.status = status
        self.slug = slug
        self.detail = detail
        self.headers = headers
        self.place = place


def problem_type(slug: str) -> str:
    return f"urn:reviewer:problem:{slug}"


def problem(
    status: int,
    slug: str,
    detail: str,
    headers: dict[str, str] | None = None,
    place: tuple[int, str, str] = (0, "", ""),
) -> Response:
    title, (line, field, reason) = slug.replace("-", " ").capitalize(), place
    body = Problem(
        type=problem_type(slug), title=title, status=status, detail=detail, line=line, field=field, reason=reason
    )
    return Response(msgspec.json.encode(body), status, headers=headers, media_type=PROBLEM_JSON)


def install_problems(app: FastAPI) -> None:
    """Every way a request can fail leaves as a problem; what is unforeseen is logged by kind and place only."""

    async def refused(_request: Request, refusal: Exception) -> Response:
        assert isinstance(refusal, Refusal)
        return problem(refusal.status, refusal.slug, refusal.detail, refusal.headers, refusal.place)

    async def http(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        slug = {404: "not-found", 405: "method-not-allowed"}.get(error.status_code, "http-error")
        headers = dict(error.headers) if error.headers else None
        return problem(error.status_code, slug, "There is nothing like this here.", headers)

    async def invalid(_request: Request, _error: Exception) -> Response:
        return problem(422, "invalid-parameter", "A parameter of the request cannot be used.")

    app.add_exception_handler(Refusal, refused)
    app.add_exception_handler(HTTPException, http)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_middleware(QuietFailures)


class QuietFailures:
    """Answers 500 or 503 for what nobody foresaw. A traceback may hold what was sent, so only its place is logged."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message.setdefault("headers", []).append((b"cache-control", b"no-store"))
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except Exception as error:
            _log.error("%s at %s", type(error).__name__, place(error))
            if started:
                # Too late for another answer; ending here closes the connection, which the client sees as cut short.
                return
            if isinstance(error, sa.exc.OperationalError | OSError):
                answer = problem(503, "storage-unavailable", "Try again later.", {"Retry-After": "5"})
            else:
                answer = problem(500, "internal-error", "Try again later; if it happens again, tell the administrator.")
            await answer(scope, receive, watched_send)


def place(error: BaseException) -> str:
    """Where it happened, as module line and function: never the values."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "casesystem" in frame.filename] or frames
    return f"{own[-1].name}:{own[-1].lineno}" if own else "unknown"
