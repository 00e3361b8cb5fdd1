"""Anchors of the custody logs: each new checkpoint must be shown to extend the one before."""

from __future__ import annotations

import base64
import binascii

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query
from starlette.responses import Response

from reviewer.casesystem.applying import Arrived, NotYet, RejectedEvent
from reviewer.casesystem.attempts import record_attempt
from reviewer.casesystem.bodies import SMALL, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, signed_in, version_one
from reviewer.casesystem.database import reading, writing
from reviewer.casesystem.notes import signed_text, verifier_name
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import checkpoints, log_keys
from reviewer.model.ids import uuid7
from reviewer.model.merkle import EMPTY_ROOT, verify_consistency
from reviewer.model.payloads import CheckpointMade
from reviewer.model.wire import Anchored


class Inconsistent(RejectedEvent):
    """Worth an alarm, not only a refusal: somebody's log was rolled back, cut or rewritten."""


def apply_checkpoint(connection: sa.Connection, arrived: Arrived, untrusted: CheckpointMade) -> None:
    """Anchor it. The same checkpoint again is fine; one that contradicts what is anchored is `Inconsistent`."""
    origin = _origin(untrusted)
    _check_signature(connection, origin, untrusted, arrived)
    asked = sa.select(checkpoints).where(checkpoints.c.origin == origin).order_by(checkpoints.c.size.desc())
    newest = connection.execute(asked.limit(1).with_for_update()).one_or_none()
    if newest is not None and newest.member_id != arrived.caller.member.id:
        raise Inconsistent("This custody log is anchored by somebody else.")
    held = connection.execute(asked.where(checkpoints.c.size == untrusted.size)).one_or_none()
    if held is not None:
        if held.root != untrusted.root:
            raise Inconsistent("Another state of this custody log was anchored at this size.")
        return
    old_size, old_root = (newest.size, newest.root) if newest is not None else (0, EMPTY_ROOT)
    if untrusted.size < old_size:
        raise Inconsistent("The custody log is shorter than the one anchored before.")
    if untrusted.previous_size < old_size:
        # Events that overtake one another name one still to come. Only a store put back to an older state forgets
        # a checkpoint that it sent.
        raise Inconsistent("This custody log does not know the checkpoint anchored last: an older state was put back.")
    if untrusted.previous_size > old_size:
        raise NotYet("The proof starts from a checkpoint that has not arrived here.")
    if not verify_consistency(old_size, old_root, untrusted.size, untrusted.root, untrusted.proof):
        raise Inconsistent("The proof does not show that this log extends the one anchored before.")
    row = {"origin": origin, "size": untrusted.size, "member_id": arrived.caller.member.id, "root": untrusted.root}
    connection.execute(sa.insert(checkpoints).values(**row, note=untrusted.note, at=arrived.now))


def _check_signature(connection: sa.Connection, origin: str, untrusted: CheckpointMade, arrived: Arrived) -> None:
    """Against the key first seen for this log. Who sends none for a log that has none pinned is believed unsigned."""
    pinned = connection.execute(sa.select(log_keys.c.verifier).where(log_keys.c.origin == origin)).scalar_one_or_none()
    verifier = pinned if pinned is not None else untrusted.verifier
    if not verifier:
        return
    if untrusted.verifier not in ("", verifier):
        raise Inconsistent("This custody log is signed with another key than before.")
    try:
        if verifier_name(verifier) != origin:
            raise ValueError
        signed_text(untrusted.note, verifier)
    except ValueError:
        raise Inconsistent("The checkpoint is not signed by the key of this custody log.") from None
    if pinned is None:
        connection.execute(sa.insert(log_keys).values(origin=origin, verifier=verifier, at=arrived.now))


def _origin(untrusted: CheckpointMade) -> str:
    """The log's name, from the note (C2SP tlog-checkpoint), whose size and root must be the ones declared."""
    untrusted_lines = untrusted.note.split("\n", 3)
    if len(untrusted_lines) < 4 or not 0 < len(untrusted_lines[0]) <= 200:
        raise RejectedEvent("The note is not a checkpoint.")
    origin, size, root, _ = untrusted_lines
    try:
        noted_root = base64.b64decode(root, validate=True)
    except (binascii.Error, ValueError):
        noted_root = b""
    if size != str(untrusted.size) or noted_root != untrusted.root or not 0 < untrusted.size < 1 << 62:
        raise RejectedEvent("The note says another size or root than was declared.")
    return origin


def routes(service: Service) -> APIRouter:
    router = version_one(service, "custody")
    anyone = signed_in(service)

    @router.post(
        "/checkpoints",
        summary="Anchor a custody checkpoint; refused unless it is shown to extend the newest one",
        **describes(Anchored, request=CheckpointMade, status=201, refusals=(409, 422)),
    )
    def anchor(body: bytes = Depends(capped_body(SMALL)), caller: Caller = Depends(anyone)) -> Response:
        made = decoded(body, CheckpointMade)
        try:
            with writing(service.engine) as connection:
                apply_checkpoint(connection, Arrived(caller, uuid7(), service.now()), made)
        except Inconsistent:
            record_attempt(service, caller.member.id, caller.workstation, "inconsistent checkpoint")
            raise Refusal(409, "checkpoint-inconsistent", "This is not a continuation of the anchored log.") from None
        except RejectedEvent:
            raise Refusal(422, "checkpoint-unusable", "The note, size and root do not belong together.") from None
        except NotYet:
            raise Refusal(409, "checkpoint-stale", "Send the checkpoint it is proved from first.") from None
        return answer(Anchored(size=made.size, root=made.root), 201)

    @router.get("/checkpoints", summary="The newest anchored checkpoint of a log", **describes(Anchored))
    def newest(caller: Caller = Depends(anyone), origin: str = Query(max_length=200)) -> Response:
        asked = sa.select(checkpoints.c.size, checkpoints.c.root).where(checkpoints.c.origin == origin)
        with reading(service.engine) as connection:
            row = connection.execute(asked.order_by(checkpoints.c.size.desc()).limit(1)).one_or_none()
        return answer(Anchored(size=row.size, root=row.root) if row is not None else Anchored(size=0, root=EMPTY_ROOT))

    return router
