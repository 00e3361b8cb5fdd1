"""Known-hash lists over HTTP: taken in, listed, retired. Who may do that is the supervisor."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import reading
from reviewer.casesystem.known.entry import Malformed
from reviewer.casesystem.known.lists import import_list, listed, retire_list
from reviewer.casesystem.known.sealed_spool import SealedSpool
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.model.known import KNOWN_LIST_BYTES, KNOWN_LIST_NAME
from reviewer.model.roles import Permission
from reviewer.model.wire import KnownListImport, KnownListPage

_WRITE_AT_ONCE = 1 << 20


def routes(service: Service) -> APIRouter:
    router = version_one(service, "known-hash lists")
    keeping = allowed(service, Permission.KEEP_KNOWN_LISTS)

    @router.post(
        "/known-lists",
        summary="Take in one version of a list; it replaces the version before. All of it or nothing",
        **describes(KnownListImport, refusals=(403, 409, 413, 422)),
    )
    async def take_in(
        request: Request,
        caller: Caller = Depends(keeping),
        name: str = Query(pattern=KNOWN_LIST_NAME),
        version: str = Query(pattern=KNOWN_LIST_NAME),
        form: Literal["csv", "json", "vic"] = Query(alias="format"),
    ) -> Response:
        folder = service.known.folder
        await run_in_threadpool(lambda: folder.mkdir(parents=True, exist_ok=True, mode=0o700))
        # Without a name and sealed: whatever ends this process, nothing of it stays, and nothing of it was readable.
        with await run_in_threadpool(SealedSpool, folder) as spool:
            await _receive(request, spool)
            taken_in = await run_in_threadpool(_import, service, spool, form, name, version, caller)
        return answer(taken_in, 200)

    @router.get("/known-lists", summary="The lists in force", **describes(KnownListPage, refusals=(403,)))
    def in_force(caller: Caller = Depends(keeping)) -> Response:
        with reading(service.engine) as connection:
            return answer(KnownListPage(lists=listed(connection)))

    @router.delete(
        "/known-lists",
        summary="Retire a list: it matches nothing from now on",
        **describes(status=204, refusals=(403, 404, 422)),
    )
    def retire(caller: Caller = Depends(keeping), name: str = Query(pattern=KNOWN_LIST_NAME)) -> Response:
        retire_list(service.known, name, service.now())
        return Response(status_code=204)

    return router


async def _receive(request: Request, spool: SealedSpool) -> None:
    size, waiting = 0, bytearray()
    async for chunk in request.stream():
        size += len(chunk)
        if size > KNOWN_LIST_BYTES:
            raise Refusal(413, "body-too-large", "Send less at once.")
        waiting += chunk
        if len(waiting) >= _WRITE_AT_ONCE:
            await run_in_threadpool(spool.write, bytes(waiting))
            waiting.clear()
    await run_in_threadpool(spool.write, bytes(waiting))


def _import(
    service: Service, spool: SealedSpool, form: str, name: str, version: str, caller: Caller
) -> KnownListImport:
    try:
        with spool.opened() as untrusted_file:
            return import_list(service.known, untrusted_file, form, name, version, caller.member.id, service.now())
    except Malformed as malformed:
        where = f"Line or record {malformed.line}" + (f", field {malformed.field}" if malformed.field else "")
        raise Refusal(
            422,
            "known-list-malformed",
            f"{where}: {malformed.reason}. Nothing was changed.",
            place=(malformed.line, malformed.field, malformed.reason),
        ) from None
