"""Batches of outbox events: an answer for each, idempotent by event id, one bad event never touching the others."""

from __future__ import annotations

import hashlib
import logging
from typing import Any

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.applying import Arrived, NotYet, RejectedEvent
from reviewer.casesystem.attempts import insert_attempt
from reviewer.casesystem.bodies import UNREADABLE, answer, capped_body, decoded
from reviewer.casesystem.callers import Caller, signed_in, version_one
from reviewer.casesystem.checkpoints import Inconsistent, apply_checkpoint
from reviewer.casesystem.checks import is_id
from reviewer.casesystem.database import writing
from reviewer.casesystem.decisions import apply_decision, check_proposed, note_rejected
from reviewer.casesystem.exposure.taking_in import (
    TIMELESS,
    apply_exposure,
    apply_without_break,
    counted_before,
    note_counted,
    note_refused,
)
from reviewer.casesystem.handing_over import apply_handed_over
from reviewer.casesystem.holding import apply_held
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.passing_on import apply_passed_on
from reviewer.casesystem.problems import Refusal, place
from reviewer.casesystem.second_review.consensus import apply_accepted, apply_proposed, apply_withdrawn
from reviewer.casesystem.seeing import apply_seen
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import events
from reviewer.casesystem.threads import apply_message
from reviewer.model.events import (
    MAX_BATCH,
    MAX_EVENT_BYTES,
    AnswerStatus,
    BatchAnswer,
    EventAnswer,
    EventBatch,
    EventType,
    OutboxEvent,
)
from reviewer.model.payloads import (
    CheckpointMade,
    ConsensusAccepted,
    ConsensusProposed,
    ConsensusWithdrawn,
    DecisionRecorded,
    ExposureRecorded,
    ItemHeld,
    ItemPassedOn,
    ItemSeen,
    MessageWritten,
    WithoutBreak,
    WorkHandedOver,
    read_payload,
)
from reviewer.model.roles import Permission, may

MAX_BATCH_BYTES = MAX_BATCH * (MAX_EVENT_BYTES + 1) + 1024
_MAX_SEQUENCE = 1 << 62

_REVIEWS = (
    EventType.DECISION_RECORDED,
    EventType.ITEM_PASSED_ON,
    EventType.ITEM_HELD,
    EventType.CONSENSUS_PROPOSED,
    EventType.CONSENSUS_ACCEPTED,
    EventType.CONSENSUS_WITHDRAWN,
    EventType.WORK_HANDED_OVER,
)

_log = logging.getLogger("reviewer.casesystem")


class RawBatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The batch with its events still unread, so that one that cannot be read spoils none of the others."""

    events: list[msgspec.Raw]


class _Named(msgspec.Struct):
    id: str


def routes(service: Service) -> APIRouter:
    router = version_one(service, "events")
    anyone = signed_in(service)

    @router.post(
        "/events",
        summary=f"Up to {MAX_BATCH} outbox events; each gets its own answer",
        **describes(BatchAnswer, request=EventBatch, refusals=(400, 413, 422)),
    )
    def take_in(body: bytes = Depends(capped_body(MAX_BATCH_BYTES)), caller: Caller = Depends(anyone)) -> Response:
        batch = decoded(body, RawBatch)
        if not 0 < len(batch.events) <= MAX_BATCH:
            raise Refusal(422, "batch-size", f"A batch has 1 to {MAX_BATCH} events.")
        ids = [_id_of(raw) for raw in batch.events]
        with writing(service.engine) as connection:
            answers = [
                _answer(service, connection, caller, event_id, raw)
                for event_id, raw in zip(ids, batch.events, strict=True)
            ]
        return answer(BatchAnswer(answers=tuple(answers)))

    return router


def _id_of(untrusted_raw: msgspec.Raw) -> str:
    try:
        untrusted_id = msgspec.json.decode(untrusted_raw, type=_Named).id
    except UNREADABLE:
        raise Refusal(422, "event-without-id", "An event has no readable id, so it cannot be answered.") from None
    if not is_id(untrusted_id):
        raise Refusal(422, "event-without-id", "An event's id cannot be used, so it cannot be answered.")
    return untrusted_id


def _answer(
    service: Service, connection: sa.Connection, caller: Caller, event_id: str, untrusted_raw: msgspec.Raw
) -> EventAnswer:
    try:
        with connection.begin_nested():
            status = _take_in(service, connection, caller, untrusted_raw)
        return EventAnswer(id=event_id, status=status)
    except Inconsistent as alarm:
        insert_attempt(connection, service.now(), caller.member.id, caller.workstation, "inconsistent checkpoint")
        return EventAnswer(id=event_id, status=AnswerStatus.REJECTED, reason=alarm.reason)
    except RejectedEvent as rejected:
        note_rejected(connection, caller.member.id, untrusted_raw)
        note_refused(connection, caller, service.now(), untrusted_raw)
        return EventAnswer(id=event_id, status=AnswerStatus.REJECTED, reason=rejected.reason)
    except NotYet as later:
        return EventAnswer(id=event_id, status=AnswerStatus.RETRY, reason=later.reason)
    except sa.exc.OperationalError:
        # Disk full, connection lost: nothing in this batch can be promised.
        raise
    except Exception as error:
        _log.error("%s at %s", type(error).__name__, place(error))
        return EventAnswer(id=event_id, status=AnswerStatus.RETRY, reason="The case system could not take it in now.")


def _take_in(service: Service, connection: sa.Connection, caller: Caller, untrusted_raw: msgspec.Raw) -> AnswerStatus:
    if len(bytes(untrusted_raw)) > MAX_EVENT_BYTES:
        raise RejectedEvent("The event is too large.")
    try:
        event = msgspec.json.decode(untrusted_raw, type=OutboxEvent)
        canonical = msgspec.json.encode(event, order="deterministic")
    except UNREADABLE:
        raise RejectedEvent("A field of the event is missing or of the wrong type.") from None
    sha256 = hashlib.sha256(canonical).hexdigest()
    if _taken_in_before(connection, caller, event, sha256):
        return AnswerStatus.DUPLICATE
    if event.actor != caller.member.id:
        raise RejectedEvent("An event can only be sent by the person whose it is.")
    if not 0 < event.sequence < _MAX_SEQUENCE or not is_id(event.workstation):
        raise RejectedEvent("The event's sequence number or workstation cannot be used.")
    now = service.now()
    if event.type in TIMELESS:
        note_counted(connection, event.id, sha256)
    else:
        row: dict[str, Any] = {"id": event.id, "sha256": sha256, "type": event.type.value, "sequence": event.sequence}
        row |= {"workstation": event.workstation, "member_id": caller.member.id, "received_at": now}
        connection.execute(sa.insert(events).values(**row))
    _apply(connection, Arrived(caller, event.id, now, service.second_review, event.at.timestamp()), event)
    return AnswerStatus.ACCEPTED


def _taken_in_before(connection: sa.Connection, caller: Caller, event: OutboxEvent, sha256: str) -> bool:
    asked = sa.select(events.c.sha256, events.c.member_id).where(events.c.id == event.id)
    before = connection.execute(asked).one_or_none()
    # The digest is over the actor too.
    theirs = caller.member.id if before is None else before.member_id
    digest = counted_before(connection, event.id) if before is None else before.sha256
    if digest is None:
        return False
    if digest != sha256 or theirs != caller.member.id or event.actor != caller.member.id:
        raise RejectedEvent("Another event was recorded under this id.")
    return True


def _apply(connection: sa.Connection, arrived: Arrived, event: OutboxEvent) -> None:
    if event.type in _REVIEWS and not may(arrived.caller.member.role, Permission.REVIEW_ITEMS):
        raise RejectedEvent("Your role does not allow this.")
    try:
        payload = read_payload(event.type, event.payload)
    except msgspec.ValidationError:
        raise RejectedEvent("A field of the payload is missing or of the wrong type.") from None
    match payload:
        case DecisionRecorded():
            apply_decision(connection, arrived, payload)
        case ConsensusProposed():
            check_proposed(connection, arrived, payload)
            apply_proposed(connection, arrived, payload)
        case ConsensusAccepted():
            apply_accepted(connection, arrived, payload)
        case ConsensusWithdrawn():
            apply_withdrawn(connection, arrived, payload)
        case ItemPassedOn():
            apply_passed_on(connection, arrived, payload)
        case ItemHeld():
            apply_held(connection, arrived, payload)
        case ExposureRecorded():
            apply_exposure(connection, arrived, payload)
        case WithoutBreak():
            apply_without_break(connection, arrived, payload)
        case CheckpointMade():
            apply_checkpoint(connection, arrived, payload)
        case MessageWritten():
            apply_message(connection, arrived, payload)
        case WorkHandedOver():
            apply_handed_over(connection, arrived, payload)
        case ItemSeen():
            apply_seen(connection, arrived, payload)
