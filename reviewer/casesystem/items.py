"""Registering items, and one item as the queue would list it."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded, etag_of
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.cases import expect_keys, living_case
from reviewer.casesystem.checks import check_item
from reviewer.casesystem.database import insert_or_ignore, reading, writing
from reviewer.casesystem.entries import entries_of
from reviewer.casesystem.known.registered import checked_prints
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.shared import refuse_unshared
from reviewer.casesystem.tables import MAX_HARM_TYPE, items
from reviewer.model.cases import Item, QueueEntry
from reviewer.model.roles import Permission


def routes(service: Service) -> APIRouter:
    router = version_one(service, "items")
    registering = allowed(service, Permission.REGISTER_ITEMS)
    reviewing = allowed(service, Permission.REVIEW_ITEMS)

    @router.post(
        "/items",
        summary="Register an item; it is offered once its container has been uploaded. If-Match: the set of keys",
        **describes(Item, request=Item, status=201, refusals=(403, 404, 409, 410, 412, 422)),
    )
    def register(
        request: Request, body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(registering)
    ) -> Response:
        item = decoded(body, Item)
        check_item(item, service.terms.max_container_bytes)
        prints = checked_prints(item)
        looked_up = service.known.look_up([prints])
        with writing(service.engine) as connection:
            case = living_case(connection, item.case_id, for_update=True)
            held = _held(connection, item.id)
            if held == item:
                # Registered before; keys that changed since were changed with it there.
                return answer(item, 200)
            if request.headers.get("if-match") is not None:
                # It was sealed to a key that may have been replaced meanwhile: then nobody could open it.
                expect_keys(request, case.keys_version)
            _expect_whole(connection, item)
            row = {
                "id": item.id,
                "case_id": item.case_id,
                "exhibit": item.exhibit,
                "part_of": item.part_of,
                "harm_type": item.harm_type[:MAX_HARM_TYPE],
                "body": msgspec.json.encode(item).decode(),
                "container_sha256": item.container_sha256,
                "container_size": item.container_size,
                "stored": False,
                "open": True,
                "registered_at": service.now(),
                "registered_by": caller.member.id,
            }
            made = insert_or_ignore(connection, items, row)
            held = _held(connection, item.id)
            if held is None:
                raise Refusal(409, "exhibit-taken", "Another item of the case has this exhibit number.")
            if held != item:
                raise Refusal(409, "item-differs", "Another item has this id.")
            if made:
                service.known.record(connection, item, prints, looked_up)
        return answer(item, 201 if made else 200)

    @router.get("/items/{item_id}", summary="One item as the queue lists it", **describes(QueueEntry, refusals=(404,)))
    def one(item_id: str, caller: Caller = Depends(reviewing)) -> Response:
        with reading(service.engine) as connection:
            found = entries_of(connection, [item_id], service.now(), caller.member.id)
            if not found:
                raise Refusal(404, "no-such-item", "There is no such item.")
            refuse_unshared(connection, caller.member, found[0].case.id)
        return answer(found[0], 200, {"ETag": etag_of(msgspec.structs.replace(found[0], etag=""))})

    return router


def _held(connection: sa.Connection, item_id: str) -> Item | None:
    body = connection.execute(sa.select(items.c.body).where(items.c.id == item_id)).scalar_one_or_none()
    return None if body is None else msgspec.json.decode(body, type=Item)


def _expect_whole(connection: sa.Connection, item: Item) -> None:
    """What a part came out of is an item of the same case."""
    if item.part_of is None:
        return
    whole = sa.select(items.c.case_id).where(items.c.id == item.part_of)
    if connection.execute(whole).scalar_one_or_none() != item.case_id:
        raise Refusal(422, "no-such-whole", "What this item came out of is not an item of the case.")
