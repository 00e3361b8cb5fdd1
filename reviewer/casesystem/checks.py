"""Checks on what arrives that the types alone do not make."""

from __future__ import annotations

import math
import re
from datetime import datetime

from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.tokens import ID_FORM
from reviewer.model.cases import Case, Item

_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_id(untrusted_id: str) -> bool:
    return ID_FORM.fullmatch(untrusted_id) is not None


def is_time(*untrusted_times: datetime | None) -> bool:
    """Aware, and of a year that arithmetic on it cannot overflow."""
    return all(at is None or (at.tzinfo is not None and 1970 < at.year < 9000) for at in untrusted_times)


def is_amount(untrusted_value: float, most: float) -> bool:
    return math.isfinite(untrusted_value) and 0.0 <= untrusted_value <= most


def check_case(untrusted_case: Case) -> None:
    referral = untrusted_case.referral
    _check_ids(untrusted_case.id)
    if not is_time(untrusted_case.created_at, referral.received_at, referral.due_at):
        raise _time_unusable()


def check_item(untrusted_item: Item, max_container_bytes: int) -> None:
    _check_ids(untrusted_item.id, untrusted_item.case_id)
    if not is_time(untrusted_item.created_at):
        raise _time_unusable()
    if not _SHA256.fullmatch(untrusted_item.container_sha256):
        raise Refusal(422, "digest-unusable", "The container's SHA-256 is 64 lower-case hex digits.")
    if not 0 < untrusted_item.container_size <= max_container_bytes:
        raise Refusal(422, "size-unusable", "The container's size is out of range.")


def _check_ids(*untrusted_ids: str) -> None:
    if not all(map(is_id, untrusted_ids)):
        raise Refusal(422, "id-unusable", "Ids are letters, digits and . _ : - and at most 64 long.")


def _time_unusable() -> Refusal:
    return Refusal(422, "time-unusable", "Times carry their offset from UTC.")
