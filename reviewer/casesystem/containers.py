"""Containers over HTTP: uploaded once and checked whole, downloaded by range. Ciphertext both ways."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from reviewer.casesystem.blobs import Arrival
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_unshared
from reviewer.casesystem.tables import items
from reviewer.model.roles import Permission

_WRITE_AT_ONCE = 1 << 20
_READ_AT_ONCE = 1 << 20
_Registered = sa.Row[str, int, bool, str]


def routes(service: Service) -> APIRouter:
    router = version_one(service, "containers")
    registering = allowed(service, Permission.REGISTER_ITEMS)
    reading_any = allowed(service, Permission.REVIEW_ITEMS, Permission.SHARE_CASES)

    @router.put(
        "/items/{item_id}/container",
        summary="Upload the container, whole. Needs If-None-Match: *",
        **describes(status=201, refusals=(403, 404, 412, 422, 428)),
    )
    async def upload(item_id: str, request: Request, caller: Caller = Depends(registering)) -> Response:
        if request.headers.get("if-none-match") != "*":
            raise Refusal(428, "if-none-match-missing", "A container is written once: send If-None-Match: *.")
        registered = await run_in_threadpool(_registered, service, item_id, caller)
        if registered.stored:
            raise Refusal(412, "container-present", "The container is here already.", _etag(registered))
        await receive(service, request, registered.container_sha256, registered.container_size, Arrival.keep)
        await run_in_threadpool(_stored, service, item_id)
        return Response(status_code=201, headers=_etag(registered))

    @router.get(
        "/items/{item_id}/container",
        summary="The container or, with Range, a part of it. With If-Match only this one",
        responses={200: {"content": {"application/octet-stream": {}}}, 206: {"description": "A part"}},
    )
    def download(item_id: str, request: Request, caller: Caller = Depends(reading_any)) -> Response:
        registered = _registered(service, item_id, caller)
        if not registered.stored:
            raise Refusal(404, "container-missing", "The container has not arrived yet.")
        expected = request.headers.get("if-match")
        if expected not in (None, f'"{registered.container_sha256}"'):
            # A re-key came in between: half of one container and half of another would be neither.
            raise Refusal(412, "container-changed", "The container is another one now; read the item again.")
        path = service.blobs.path(registered.container_sha256)
        if not path.is_file():
            raise Refusal(404, "container-missing", "The container is not here.")
        response = FileResponse(path, media_type="application/octet-stream", headers=_etag(registered))
        response.chunk_size = _READ_AT_ONCE
        return response

    return router


async def receive(
    service: Service, request: Request, sha256: str, size: int, keep: Callable[[Arrival], object]
) -> None:
    """Take the body in as the blob of this name and size, whole; 422 and nothing kept when it is another one.

    `keep` is called in a thread with what arrived and must `keep` it.
    """
    declared = request.headers.get("content-length")
    if declared is not None and declared != str(size):
        raise _differs()
    with service.blobs.receive() as arrival:
        waiting = bytearray()
        async for chunk in request.stream():
            if arrival.size + len(waiting) + len(chunk) > size:
                raise _differs()
            waiting += chunk
            if len(waiting) >= _WRITE_AT_ONCE:
                await run_in_threadpool(arrival.write, bytes(waiting))
                waiting.clear()
        await run_in_threadpool(arrival.write, bytes(waiting))
        if arrival.size != size or arrival.sha256 != sha256:
            raise _differs()
        await run_in_threadpool(keep, arrival)


def _registered(service: Service, item_id: str, caller: Caller) -> _Registered:
    asked = sa.select(items.c.container_sha256, items.c.container_size, items.c.stored, items.c.case_id)
    with reading(service.engine) as connection:
        row = connection.execute(asked.where(items.c.id == item_id)).one_or_none()
        if row is None:
            raise Refusal(404, "no-such-item", "There is no such item.")
        refuse_unshared(connection, caller.member, row.case_id)
    return row


def _stored(service: Service, item_id: str) -> None:
    with writing(service.engine) as connection:
        connection.execute(sa.update(items).where(items.c.id == item_id).values(stored=True))


def _etag(registered: _Registered) -> dict[str, str]:
    return {"ETag": f'"{registered.container_sha256}"'}


def _differs() -> Refusal:
    return Refusal(422, "container-differs", "What arrived is not the registered container; nothing of it was kept.")
