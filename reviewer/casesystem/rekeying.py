"""A case under a new key: new containers wait beside the old ones until one transaction changes over to all of them.

Until then everybody reads the old bytes under the old key; from then on a reader of the old ones is told that the
container changed. Nobody can fetch the old bytes any more; they are kept for a while, in case it was
a mistake, and then removed.
"""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from reviewer.casesystem.blobs import Arrival
from reviewer.casesystem.bodies import capped_body, decoded
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import check_sealed, expect_keys, keys_etag, living_case, replace_keys
from reviewer.casesystem.checks import is_sha256
from reviewer.casesystem.containers import receive
from reviewer.casesystem.custody_told import want_told_anew
from reviewer.casesystem.database import insert_or_ignore, reading, writing
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.replaced import change_container, clean_up, keep_container
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import discarded_blobs, items, replaced_containers, staged_containers
from reviewer.model.roles import Permission
from reviewer.model.wire import Rekeyed

MAX_REKEY_BODY = 32 << 20
# Another header for the same payload: some hundreds of bytes more or less for each recipient.
_HEADER_ROOM = 64 * 1024


def routes(service: Service) -> APIRouter:
    router = version_one(service, "cases")
    sharing = allowed(service, Permission.SHARE_CASES)

    @router.put(
        "/items/{item_id}/containers/{sha256}",
        summary="Upload a container that a re-key will change over to. Needs Content-Length",
        **describes(status=201, refusals=(403, 404, 410, 422)),
    )
    async def stage(item_id: str, sha256: str, request: Request, caller: Caller = Depends(sharing)) -> Response:
        declared = request.headers.get("content-length", "")
        if not is_sha256(sha256) or not declared.isdecimal() or len(declared) > 15:
            raise Refusal(422, "digest-unusable", "Name the container by its SHA-256 and say how long it is.")
        await run_in_threadpool(_may_stage, service, item_id, int(declared))
        await receive(service, request, sha256, int(declared), partial(_keep_staged, service, item_id))
        return Response(status_code=201)

    @router.post(
        "/cases/{case_id}/rekey",
        summary="Change over to a new key and to every item's new container, all at once. Needs If-Match",
        **describes(request=Rekeyed, status=204, refusals=(403, 404, 409, 410, 412, 422, 428)),
    )
    def rekey(
        case_id: str,
        request: Request,
        body: bytes = Depends(capped_body(MAX_REKEY_BODY)),
        caller: Caller = Depends(sharing),
    ) -> Response:
        wanted = decoded(body, Rekeyed)
        check_sealed(wanted.keys, wanted.statement)
        with writing(service.engine) as connection:
            case = living_case(connection, case_id, for_update=True)
            expect_keys(request, case.keys_version)
            _change_over(connection, case_id, wanted, case.keys_version, service.now())
            version = replace_keys(connection, service, case_id, wanted.keys, wanted.statement, caller)
            want_told_anew(connection, case_id)
        discard_blobs(service)
        return Response(status_code=204, headers={"ETag": keys_etag(version)})

    return router


def discard_blobs(service: Service) -> None:
    """Remove the ciphertext nothing refers to any more: what was replaced long ago, and what a crash left over.

    Runs after a re-key and when the service starts.
    """
    with writing(service.engine) as connection:
        clean_up(connection, service.now() - service.terms.keep_replaced_s)
    kept = sa.exists().where(replaced_containers.c.sha256 == discarded_blobs.c.sha256)
    with reading(service.engine) as connection:
        gone = connection.execute(sa.select(discarded_blobs.c.sha256).where(~kept)).scalars().all()
    for sha256 in gone:
        with writing(service.engine) as connection:
            # Asked again: it may have been sent anew, or replaced anew, since.
            row = sa.select(discarded_blobs.c.sha256).where(discarded_blobs.c.sha256 == sha256, ~kept)
            if connection.execute(row.with_for_update()).first() is None:
                continue
            used = sa.select(items.c.id).where(items.c.container_sha256 == sha256).limit(1)
            waiting = sa.select(staged_containers.c.item_id).where(staged_containers.c.sha256 == sha256).limit(1)
            if connection.execute(used).first() is None and connection.execute(waiting).first() is None:
                service.blobs.path(sha256).unlink(missing_ok=True)
            connection.execute(sa.delete(discarded_blobs).where(discarded_blobs.c.sha256 == sha256))


def _may_stage(service: Service, item_id: str, size: int) -> None:
    with reading(service.engine) as connection:
        asked = sa.select(items.c.case_id, items.c.container_size).where(items.c.id == item_id)
        item = connection.execute(asked).one_or_none()
        if item is None:
            raise Refusal(404, "no-such-item", "There is no such item.")
        living_case(connection, item.case_id)
    if size <= 0 or abs(size - item.container_size) > _HEADER_ROOM:
        raise Refusal(422, "size-unusable", "Only the header of a container changes; this is another length.")


def _keep_staged(service: Service, item_id: str, arrival: Arrival) -> None:
    # In one transaction: else the same bytes, discarded before, could be removed between the file and its row.
    row = {"item_id": item_id, "sha256": arrival.sha256, "size": arrival.size, "at": service.now()}
    with writing(service.engine) as connection:
        connection.execute(sa.delete(discarded_blobs).where(discarded_blobs.c.sha256 == arrival.sha256))
        insert_or_ignore(connection, staged_containers, row)
        arrival.keep()


def _change_over(connection: sa.Connection, case_id: str, wanted: Rekeyed, version: int, now: float) -> None:
    held = connection.execute(sa.select(items).where(items.c.case_id == case_id).with_for_update()).all()
    if not all(item.stored for item in held):
        raise Refusal(409, "item-arriving", "An item of this case is still being taken in.")
    if {item.id for item in held} != wanted.containers.keys():
        raise Refusal(409, "items-changed", "The case has other items by now; begin again.")
    waiting = sa.select(staged_containers).where(staged_containers.c.item_id.in_(wanted.containers))
    staged = {(row.item_id, row.sha256): row.size for row in connection.execute(waiting)}
    for item in held:
        new = wanted.containers[item.id]
        if new.was != item.container_sha256 or staged.get((item.id, new.sha256)) != new.size:
            raise Refusal(409, "items-changed", "A container changed or did not arrive; begin again.")
        keep_container(connection, item, version, now)
        change_container(connection, item, new.sha256, new.size)
    unused = {sha256 for _, sha256 in staged} - {new.sha256 for new in wanted.containers.values()}
    connection.execute(sa.delete(staged_containers).where(staged_containers.c.item_id.in_(wanted.containers)))
    for sha256 in unused:
        insert_or_ignore(connection, discarded_blobs, {"sha256": sha256, "at": now})
