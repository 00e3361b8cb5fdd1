"""What members sign about a case's key: which key it is, and that it is to be destroyed. Texts only; others sign them.

Every text begins with a line that says what it is and has one value a line, so that one can never pass for another.
The signed note around it is C2SP's (docs/formats.md).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec

MEMBER_KEY = "reviewer.invalid/member/"
CASE_KEY = "reviewer.invalid/case-key"
DESTROY_CASE = "reviewer.invalid/consent/destroy-case"
CONSENT_LASTS = timedelta(days=7)
MAX_REASON = 200
MAX_EPOCH = 1 << 40


def member_key_name(member_id: str) -> str:
    """The name under which a member's vault signs statements."""
    return MEMBER_KEY + member_id


class CaseKeyStatement(msgspec.Struct, frozen=True, kw_only=True):
    """`recipient` belongs to the key of the case in its `epoch`: 1 when the case is opened, one more at each re-key."""

    case_id: str
    epoch: int
    member_id: str
    recipient: str

    @property
    def text(self) -> str:
        return _lines(CASE_KEY, self.case_id, str(self.epoch), self.member_id, self.recipient)


class Consent(msgspec.Struct, frozen=True, kw_only=True):
    """One person's consent. Two by different people with the same `request` destroy the case."""

    request: str
    case_id: str
    member_id: str
    signed_at: datetime
    expires_at: datetime
    reason: str

    @property
    def text(self) -> str:
        times = (self.signed_at.astimezone(UTC).isoformat(), self.expires_at.astimezone(UTC).isoformat())
        return _lines(DESTROY_CASE, self.request, self.case_id, self.member_id, *times, self.reason)


def read_case_key(text: str) -> CaseKeyStatement:
    """ValueError when the text is not such a statement. The signature was checked before."""
    kind, case_id, epoch, member_id, recipient = _values(text, 5)
    if kind != CASE_KEY or not epoch.isascii() or not epoch.isdecimal() or not 0 < int(epoch) < MAX_EPOCH:
        raise ValueError("not a statement about a case key")
    return CaseKeyStatement(case_id=case_id, epoch=int(epoch), member_id=member_id, recipient=recipient)


def read_consent(text: str) -> Consent:
    """ValueError when the text is not a consent, or would hold for longer than a consent may."""
    kind, request, case_id, member_id, signed, expires, reason = _values(text, 7)
    signed_at, expires_at = datetime.fromisoformat(signed), datetime.fromisoformat(expires)
    if kind != DESTROY_CASE or signed_at.tzinfo is None or expires_at.tzinfo is None or len(reason) > MAX_REASON:
        raise ValueError("not a consent")
    if not timedelta(0) < expires_at - signed_at <= CONSENT_LASTS:
        raise ValueError("not a consent for a time that makes sense")
    return Consent(
        request=request,
        case_id=case_id,
        member_id=member_id,
        signed_at=signed_at,
        expires_at=expires_at,
        reason=reason,
    )


def belong_together(first: Consent, second: Consent) -> bool:
    """Two people, one request, one case, and the second signed while the first still held."""
    return (
        (first.request, first.case_id, first.expires_at) == (second.request, second.case_id, second.expires_at)
        and first.member_id != second.member_id
        and first.signed_at <= second.signed_at < first.expires_at
    )


def _lines(*values: str) -> str:
    if any(not value or not value.isprintable() for value in values):
        raise ValueError("a value that does not fit on a line of its own")
    return "".join(f"{value}\n" for value in values)


def _values(text: str, count: int) -> list[str]:
    values = text.split("\n")
    if len(values) != count + 1 or values.pop() or not all(value and value.isprintable() for value in values):
        raise ValueError("not a statement")
    return values
