"""Checks on what arrives that the types alone do not make."""

from __future__ import annotations

import math
import re
from datetime import datetime

from reviewer.casesystem.notes import verifier_name
from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.tokens import ID_FORM
from reviewer.model.cases import Case, Item
from reviewer.model.statements import member_key_name

MAX_EXHIBIT = 200
_SHA256 = re.compile(r"[0-9a-f]{64}")


def is_id(untrusted_id: str) -> bool:
    return ID_FORM.fullmatch(untrusted_id) is not None


def is_time(*untrusted_times: datetime | None) -> bool:
    """Aware, and of a year that arithmetic on it cannot overflow."""
    return all(at is None or (at.tzinfo is not None and 1970 < at.year < 9000) for at in untrusted_times)


def is_amount(untrusted_value: float, most: float) -> bool:
    return math.isfinite(untrusted_value) and 0.0 <= untrusted_value <= most


def is_sha256(untrusted_text: str) -> bool:
    return _SHA256.fullmatch(untrusted_text) is not None


def is_recipient(untrusted_text: str) -> bool:
    return untrusted_text.startswith("age1") and len(untrusted_text) <= 4096 and untrusted_text.isalnum()


def is_member_verifier(member_id: str, untrusted_line: str) -> bool:
    """A verifier line under the name of this member."""
    try:
        return verifier_name(untrusted_line) == member_key_name(member_id)
    except ValueError:
        return False


def check_member_keys(member_id: str, untrusted_recipient: str, untrusted_verifier: str) -> None:
    if not is_recipient(untrusted_recipient) or not is_member_verifier(member_id, untrusted_verifier):
        raise Refusal(422, "key-unusable", "Send an age recipient, and a verifier line under your own name.")


def check_case(untrusted_case: Case) -> None:
    referral = untrusted_case.referral
    _check_ids(untrusted_case.id)
    if not is_time(untrusted_case.created_at, referral.received_at, referral.due_at):
        raise _time_unusable()


def check_item(untrusted_item: Item, max_container_bytes: int) -> None:
    part_of = untrusted_item.part_of
    _check_ids(untrusted_item.id, untrusted_item.case_id, *(() if part_of is None else (part_of,)))
    if not is_time(untrusted_item.created_at):
        raise _time_unusable()
    if not 0 < len(untrusted_item.exhibit) <= MAX_EXHIBIT:
        raise Refusal(422, "exhibit-unusable", "An exhibit number has 1 to 200 characters.")
    if not _SHA256.fullmatch(untrusted_item.container_sha256):
        raise Refusal(422, "digest-unusable", "The container's SHA-256 is 64 lower-case hex digits.")
    if not 0 < untrusted_item.container_size <= max_container_bytes:
        raise Refusal(422, "size-unusable", "The container's size is out of range.")


def _check_ids(*untrusted_ids: str) -> None:
    if not all(map(is_id, untrusted_ids)):
        raise Refusal(422, "id-unusable", "Ids are letters, digits and . _ - and at most 64 long.")


def _time_unusable() -> Refusal:
    return Refusal(422, "time-unusable", "Times carry their offset from UTC.")
