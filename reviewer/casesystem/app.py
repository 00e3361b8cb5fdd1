"""The service put together. `create_app` opens the database and the blobs; it binds nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from reviewer.casesystem import (
    assignment,
    attempts_told,
    case_record,
    cases,
    checkpoints,
    containers,
    custody_told,
    destruction,
    events,
    exposure,
    handoff_cases,
    handoffs,
    items,
    leases,
    letters,
    members,
    outcomes,
    overrules,
    preservation,
    queue,
    recorded,
    rekeying,
    related,
    rosters,
    sharing,
    threads,
)
from reviewer.casesystem.blobs import Blobs
from reviewer.casesystem.clock import SystemClock
from reviewer.casesystem.database import open_database
from reviewer.casesystem.known import routes as known_lists
from reviewer.casesystem.known.lists import sweep
from reviewer.casesystem.migrate import migrate
from reviewer.casesystem.openapi import install_openapi
from reviewer.casesystem.problems import install_problems
from reviewer.casesystem.second_review import agreement, golden, readings
from reviewer.casesystem.service import Service, Terms
from reviewer.model.clock import Clock
from reviewer.model.taxonomy import SecondReview

_PARTS = (
    members,
    rosters,
    cases,
    sharing,
    rekeying,
    destruction,
    items,
    containers,
    queue,
    leases,
    assignment,
    events,
    recorded,
    *exposure.PARTS,
    attempts_told,
    checkpoints,
    custody_told,
    threads,
    related,
    outcomes,
    known_lists,
    readings,
    golden,
    agreement,
    case_record,
    handoff_cases,
    handoffs,
    overrules,
    letters,
    preservation,
)


def create_app(
    database_url: str,
    blobs_folder: Path,
    *,
    clock: Clock | None = None,
    terms: Terms | None = None,
    second_review: SecondReview | None = None,
) -> FastAPI:
    """The ASGI application over one database and one folder of ciphertext. The schema is brought up to date first.

    The database is closed when the application shuts down (`app.state.close()` where no server runs it).
    """
    return put_together(open_service(database_url, blobs_folder, clock=clock, terms=terms, second_review=second_review))


def open_service(
    database_url: str,
    blobs_folder: Path,
    *,
    clock: Clock | None = None,
    terms: Terms | None = None,
    second_review: SecondReview | None = None,
) -> Service:
    """What the application works on; its engine is to be disposed of at the end."""
    asked = second_review or SecondReview()
    engine = open_database(database_url)
    try:
        migrate(engine)
        service = Service(engine, Blobs(blobs_folder), clock or SystemClock(), terms or Terms(), asked)
        rekeying.discard_blobs(service)
        service.known.catch_up()
        sweep(service.known)
    except BaseException:
        engine.dispose()
        raise
    return service


def put_together(service: Service) -> FastAPI:
    """Every route of the service. It is asked for its database, clock and terms anew with each request."""

    def close() -> None:
        service.engine.dispose()

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        close()

    app = FastAPI(
        title="Case system",
        version="1",
        description="The reference case system: queue, leases, sealed case keys, containers, decisions, exposure.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
    )
    app.state.close = close
    for part in _PARTS:
        app.router.routes.extend(part.routes(service).routes)
    install_problems(app)
    install_openapi(app)
    return app
