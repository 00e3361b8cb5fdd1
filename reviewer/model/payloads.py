"""What an outbox event carries, by its type: the typed form of `OutboxEvent.payload`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from reviewer.model.decisions import Decision, ViewingRecord
from reviewer.model.events import EventType

# So many items are handed over in one event, which so stays well below the largest size.
MOST_HANDED_OVER = 500


class DecisionRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """A decision and what its maker truthfully saw before making it: one cannot arrive without the other."""

    decision: Decision
    viewing_record: ViewingRecord


class ItemPassedOn(msgspec.Struct, frozen=True, kw_only=True):
    """The item goes to somebody else. There is no field for a reason because none is asked."""

    item_id: str


class ItemHeld(msgspec.Struct, frozen=True, kw_only=True):
    """Set aside until somebody takes it up again, or (`held` false) taken up again."""

    item_id: str
    held: bool


class ExposureRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """One episode: plain `seconds` shown at `level`, and the weight of what was shown (1.0 is plain).

    `violent` is the policy's word on its harm type, for sharing such work evenly.
    """

    member: str
    started_at: datetime
    seconds: float
    weight: float
    level: str
    violent: bool = False


class WithoutBreak(msgspec.Struct, frozen=True, kw_only=True):
    """How long its sender has worked without a break, in quarter hours; sent from the policy's handover on.

    0 takes it back. Only the newest is kept, and only for as long as a shift: there is no history of pauses.
    """

    member: str
    quarter_hours: int


class CheckpointMade(msgspec.Struct, frozen=True, kw_only=True):
    """A custody checkpoint to be anchored. `root` and `proof` are 32-byte hashes (base64 in JSON).

    `proof` is the RFC 6962 consistency proof from `previous_size` to `size`; `previous_size` is that of the checkpoint
    anchored last (0: none yet, and no proof is needed). `verifier` is the line of the key that signed the note; the
    case system keeps the first one it sees for a log and holds every later note against it.
    """

    note: str
    size: int
    root: bytes
    previous_size: int = 0
    proof: tuple[bytes, ...] = ()
    verifier: str = ""


class MessageWritten(msgspec.Struct, frozen=True, kw_only=True):
    """Words to the colleagues on a case. Text and nothing else: no item, no picture, no file can be named in it."""

    case_id: str
    text: str
    written_at: datetime


class ConsensusProposed(msgspec.Struct, frozen=True, kw_only=True):
    """Two readings differ and their makers settle it: a decision that one offers for both, as `DecisionRecorded`."""

    decision: Decision
    viewing_record: ViewingRecord


class ConsensusAccepted(msgspec.Struct, frozen=True, kw_only=True):
    """The other one accepts the decision that was proposed under this id: from then on it stands for both."""

    item_id: str
    proposal_id: str


class ConsensusWithdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """Who proposed takes it back before the other one accepts it. Both readings stay as they are."""

    item_id: str
    proposal_id: str


class WorkHandedOver(msgspec.Struct, frozen=True, kw_only=True):
    """Items that waited for the sender by name are for whoever is next again. At most MOST_HANDED_OVER."""

    item_ids: tuple[str, ...]


class ItemSeen(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something of the item reached the sender's eyes or ears: not when, how long or at what level."""

    item_id: str


Payload = (
    DecisionRecorded
    | ItemPassedOn
    | ItemHeld
    | ExposureRecorded
    | WithoutBreak
    | CheckpointMade
    | MessageWritten
    | ConsensusProposed
    | ConsensusAccepted
    | ConsensusWithdrawn
    | WorkHandedOver
    | ItemSeen
)

PAYLOADS: dict[EventType, type[Payload]] = {
    EventType.DECISION_RECORDED: DecisionRecorded,
    EventType.ITEM_PASSED_ON: ItemPassedOn,
    EventType.ITEM_HELD: ItemHeld,
    EventType.EXPOSURE_RECORDED: ExposureRecorded,
    EventType.WITHOUT_BREAK: WithoutBreak,
    EventType.CUSTODY_CHECKPOINT: CheckpointMade,
    EventType.CASE_MESSAGE: MessageWritten,
    EventType.CONSENSUS_PROPOSED: ConsensusProposed,
    EventType.CONSENSUS_ACCEPTED: ConsensusAccepted,
    EventType.CONSENSUS_WITHDRAWN: ConsensusWithdrawn,
    EventType.WORK_HANDED_OVER: WorkHandedOver,
    EventType.ITEM_SEEN: ItemSeen,
}


def as_payload(payload: Payload) -> dict[str, Any]:
    """The JSON-ready form, with every time as RFC 3339 text and every hash as base64."""
    built: dict[str, Any] = msgspec.to_builtins(payload)
    return built


def read_payload(kind: EventType, untrusted_payload: dict[str, Any]) -> Payload:
    """The typed payload of an event; `msgspec.ValidationError` when a field is missing or of the wrong type."""
    return msgspec.convert(untrusted_payload, PAYLOADS[kind])
