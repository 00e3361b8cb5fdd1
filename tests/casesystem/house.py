"""A small organisation, synthetic cases and a case system, for the tests of both ends of the wire."""

from __future__ import annotations

import asyncio
import hashlib
import random
import tempfile
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import anyio.to_thread
import httpx
import sqlalchemy as sa
from fastapi import FastAPI

from reviewer.casesystem.app import open_service, put_together
from reviewer.casesystem.serve import make_server
from reviewer.casesystem.service import Service, Terms
from reviewer.casesystem.tokens import provision
from reviewer.model.cases import Case, Fingerprints, Item, ItemFacts, Referral, ReferralSource
from reviewer.model.decisions import Action, Change, Confidence, Decision, Imminence, ViewingRecord
from reviewer.model.events import EventType, OutboxEvent
from reviewer.model.ids import uuid7
from reviewer.model.levels import Kind
from reviewer.model.payloads import DecisionRecorded, ExposureRecorded, ItemPassedOn, Payload, as_payload
from reviewer.model.roles import Member, Role
from reviewer.model.taxonomy import SecondReview

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
ONE, TWO, THREE, BOSS, GATE = "reviewer-1", "reviewer-2", "reviewer-3", "supervisor-1", "intake-1"
ROSTER = (
    Member(id=ONE, name="Reviewer 01", role=Role.REVIEWER, recipient="age1one"),
    Member(id=TWO, name="Reviewer 02", role=Role.REVIEWER, recipient="age1two"),
    Member(id=THREE, name="Reviewer 03", role=Role.REVIEWER, recipient="age1three"),
    Member(id=BOSS, name="Supervisor 01", role=Role.SUPERVISOR, recipient="age1boss"),
    Member(id=GATE, name="Intake 01", role=Role.INTAKE, recipient="age1gate"),
)
# A set of keys for everybody who reviews, and for who takes in.
SEALED = dict.fromkeys((ONE, TWO, THREE, GATE), b"sealed")


@dataclass
class HandClock:
    """Moves only when told to."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


class Alone(asyncio.SelectorEventLoop):
    """The loop of one thread that asks; nothing else waits for it, so nothing needs to leave it for a thread."""


_in_a_thread = anyio.to_thread.run_sync


async def _run_sync(work: Callable[..., Any], *given: Any, **options: Any) -> Any:
    if isinstance(asyncio.get_running_loop(), Alone):
        return work(*given)
    return await _in_a_thread(work, *given, **options)


anyio.to_thread.run_sync = _run_sync


class InLoop(httpx.BaseTransport):
    """An ASGI application under a blocking client, without a socket: each request runs whole in the thread that asks.

    Going from thread to thread within a request is most of what a small one costs. Requests of several threads still
    run side by side; a server with all its threads is `on_loopback`.
    """

    def __init__(self, app: object) -> None:
        self._asgi = httpx.ASGITransport(app=app, raise_app_exceptions=True)  # type: ignore[arg-type]
        self._free: list[Alone] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        if not _answering():
            return self._answered(request)
        with ThreadPoolExecutor(1) as another:  # a test puts it into the middle of another request
            return another.submit(self._answered, request).result(30)

    def _answered(self, request: httpx.Request) -> httpx.Response:
        loop = self._free.pop() if self._free else Alone()
        try:
            return loop.run_until_complete(self._send(request))
        finally:
            self._free.append(loop)

    async def _send(self, request: httpx.Request) -> httpx.Response:
        answer = await self._asgi.handle_async_request(request)
        body = await answer.aread()
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(body))

    def close(self) -> None:
        while self._free:
            loop = self._free.pop()
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()


def _answering() -> bool:
    """This thread is within a request."""
    try:
        return asyncio.get_running_loop() is not None
    except RuntimeError:
        return False


class InTurn:
    """The service of whichever house has the application just now: its routes take a third of a second to make."""

    serving: Service | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.serving, name)


_FREE: list[tuple[InTurn, FastAPI]] = []


def keep_statements(engine: sa.Engine) -> None:
    """Statements made into SQL for one house's database serve the next one's: that was a third of a short test."""
    if not _SPOKEN:
        _SPOKEN.append((engine.dialect, engine._compiled_cache))
    engine.dialect, engine._compiled_cache = _SPOKEN[0]


# The one dialect of all houses, and what was made for it.
_SPOKEN: list[tuple[sa.Dialect, Any]] = []


@contextmanager
def application(service: Service) -> Iterator[FastAPI]:
    """One that nobody else uses meanwhile. A route that kept something of an earlier house would fail on its None."""
    if not _FREE:
        in_turn = InTurn()
        _FREE.append((in_turn, put_together(in_turn)))  # type: ignore[arg-type]
    in_turn, app = _FREE.pop()
    in_turn.serving = service
    keep_statements(service.engine)
    try:
        yield app
    finally:
        in_turn.serving = None
        service.engine.dispose()
        _FREE.append((in_turn, app))


@cache
def provisioned() -> tuple[bytes, dict[str, str]]:
    """A provisioned database, made once and copied: (the file, member id to token)."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.db"
        tokens = provision(f"sqlite:///{path}", ROSTER, HandClock())
        return path.read_bytes(), tokens


@dataclass
class House:
    """A provisioned case system: where it keeps things, and a token for everybody."""

    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    terms: Terms = field(default_factory=lambda: Terms(lease_s=60.0))
    second_review: SecondReview = field(default_factory=SecondReview)

    def __post_init__(self) -> None:
        database, self.tokens = provisioned()
        (self.folder / "case.db").write_bytes(database)

    @property
    def url(self) -> str:
        return f"sqlite:///{self.folder / 'case.db'}"

    @property
    def blobs(self) -> Path:
        return self.folder / "blobs"

    @contextmanager
    def in_loop(self) -> Iterator[httpx.BaseTransport]:
        service = open_service(
            self.url, self.blobs, clock=self.clock, terms=self.terms, second_review=self.second_review
        )
        with application(service) as app, closing(InLoop(app)) as transport:
            yield transport

    @contextmanager
    def on_loopback(self) -> Iterator[str]:
        """A real server on a real port; its base URL."""
        port: list[int] = []
        started = threading.Event()

        def ready(number: int) -> None:
            port.append(number)
            started.set()

        server = make_server(self.url, self.blobs, ready=ready, clock=self.clock, terms=self.terms)
        thread = threading.Thread(target=server.run_until_stopped, name="case-system")
        thread.start()
        try:
            assert started.wait(10)
            yield f"http://127.0.0.1:{port[0]}"
        finally:
            server.should_exit = True
            thread.join(10)
            assert not thread.is_alive()

    def headers(self, member: str, workstation: str = "desk-1") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens[member]}", "Reviewer-Workstation": workstation}


def a_case(case_id: str = "case-1", *, danger: bool = False, due_in_h: float | None = None, age_h: float = 1.0) -> Case:
    due = None if due_in_h is None else NOON + timedelta(hours=due_in_h)
    received = NOON - timedelta(hours=age_h)
    referral = Referral(source=ReferralSource.USER, received_at=received, due_at=due, danger=danger)
    return Case(id=case_id, number=f"2026-{case_id}", referral=referral, created_at=NOON)


def ciphertext(size: int = 300_000, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def an_item(item_id: str = "item-1", case_id: str = "case-1", container: bytes | None = None) -> Item:
    container = ciphertext() if container is None else container
    return Item(
        id=item_id,
        case_id=case_id,
        exhibit=f"E-{item_id}",
        harm_type="violence",
        facts=ItemFacts(kind=Kind.IMAGE, format="jpeg", size=len(container)),
        fingerprints=Fingerprints(sha256="0" * 64, sha1="0" * 40, md5="0" * 32),
        container_sha256=hashlib.sha256(container).hexdigest(),
        container_size=len(container),
        created_at=NOON,
    )


def a_decision(
    actor: str = ONE,
    item_id: str = "item-1",
    *,
    case_id: str = "case-1",
    action: Action = Action.NONE,
    change: Change = Change.FIRST,
    replaces: str | None = None,
    rationale: str = "",
    labels: tuple[str, ...] = (),
) -> Decision:
    return Decision(
        id=uuid7(),
        item_id=item_id,
        case_id=case_id,
        actor=actor,
        decided_at=NOON,
        imminence=Imminence.NO_SIGN,
        category="other",
        severity=1,
        confidence=Confidence.HIGH,
        action=action,
        rationale=rationale,
        labels=labels,
        change=change,
        replaces=replaces,
    )


_sequence = iter(range(1, 1 << 30))


def an_event(payload: Payload, kind: EventType, actor: str = ONE) -> OutboxEvent:
    return OutboxEvent(
        id=uuid7(),
        sequence=next(_sequence),
        type=kind,
        workstation="desk-1",
        actor=actor,
        at=NOON,
        payload=as_payload(payload),
    )


def decided(decision: Decision, record: ViewingRecord | None = None) -> OutboxEvent:
    record = record or ViewingRecord(item_id=decision.item_id, viewer=decision.actor, seconds={"blurred": 4.0})
    payload = DecisionRecorded(decision=decision, viewing_record=record)
    return an_event(payload, EventType.DECISION_RECORDED, decision.actor)


def passed(actor: str = ONE, item_id: str = "item-1") -> OutboxEvent:
    return an_event(ItemPassedOn(item_id=item_id), EventType.ITEM_PASSED_ON, actor)


def exposed(actor: str = ONE, seconds: float = 60.0, *, weight: float = 1.0, at: datetime = NOON) -> OutboxEvent:
    payload = ExposureRecorded(member=actor, started_at=at, seconds=seconds, weight=weight, level="clear")
    return an_event(payload, EventType.EXPOSURE_RECORDED, actor)
