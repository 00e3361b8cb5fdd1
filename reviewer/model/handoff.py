"""Handing a case off: what is known of it when a package is made, what was made, and what became of it. Wire types.

Each step (built, sent, received, retracted) is recorded by a person or by a receipt, never concluded from another.
People are pseudonyms.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import Enum

import msgspec

from reviewer.model.cases import Case, Item
from reviewer.model.decisions import Decision, ViewingRecord
from reviewer.model.known import KnownMatch

# So many items of a case come in one page of its record.
RECORD_PAGE = 200
MAX_CASES = 2000
MAX_RECEIPT = 200
MAX_WORDS = 500
MAX_LETTER = 20_000
MAX_SUBJECT = 200
MAX_ANSWER = 2000
# So many custody logs are told of with a case's record, the newest first.
MAX_ANCHORS = 1000
# So many packages of a case, steps of a package, overrules and versions of letters of a case are kept.
MAX_HANDOFFS = 1000
MAX_STEPS = 100
# By so much the clocks of a workstation and of the case system may differ when a step is told.
STEP_SKEW_S = 300
MAX_OVERRULES = 1000
MAX_LETTERS = 500
MAX_PRESERVATIONS = 10_000


class RecordedDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision as the case system recorded it. `author` is the pseudonym. `standing`: not amended or voided since,
    and not overruled by what settled the item."""

    decision: Decision
    viewing_record: ViewingRecord
    author: str
    standing: bool
    recorded_at: datetime


class RecordedItem(msgspec.Struct, frozen=True, kw_only=True):
    """An item with every decision ever made on it, oldest first.

    `unsettled`: readings of it are under way or differ; its decisions are then left out, because whoever reads this
    may have to be blind to them. `seen`: some person's viewing record says that they saw the item, also where that
    person made no decision.
    """

    item: Item
    decisions: tuple[RecordedDecision, ...] = ()
    unsettled: bool = False
    seen: bool = False
    matches: tuple[KnownMatch, ...] = ()

    @property
    def standing(self) -> RecordedDecision | None:
        """The newest decision that stands: of two that agree, the later."""
        return next((one for one in reversed(self.decisions) if one.standing), None)


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """A custody checkpoint that the case system holds: the signed note and the line of the key that signed it."""

    origin: str
    note: str
    verifier: str
    at: datetime


class CaseRecord(msgspec.Struct, frozen=True, kw_only=True):
    """One page of a case's record, items by exhibit; `after` asks for the next page (an item id), None: the last one.

    `anchors` are the newest checkpoints of every workstation's log, only on the first page.
    """

    case: Case
    items: tuple[RecordedItem, ...]
    anchors: tuple[Anchor, ...] = ()
    after: str | None = None


class CaseNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A case by what people call it."""

    id: str
    number: str


class CaseNumberList(msgspec.Struct, frozen=True, kw_only=True):
    """Newest referral first, at most `MAX_CASES`."""

    cases: tuple[CaseNumber, ...]


class StepKind(str, Enum):
    BUILT = "built"
    SENT = "sent"
    RECEIVED = "received"
    RETRACTED = "retracted"


class NewStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`id` makes sending it again harmless. `receipt` is what the receiver called it; `receipt_sha256` is 64 hex digits
    of the receipt as it came, or empty. `to` is where it was sent: an agency, or a clearing house's address."""

    id: str
    kind: StepKind
    at: datetime
    to: str = ""
    receipt: str = ""
    receipt_sha256: str = ""
    words: str = ""


def step_draft(handoff_id: str) -> str:
    """In the place of an item's id: what is being written of what became of a package, and is not recorded yet."""
    return f"step:{handoff_id}"


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """As recorded. `by` is a pseudonym, `recorded_at` the case system's own time."""

    id: str
    kind: StepKind
    at: datetime
    recorded_at: datetime
    by: str
    to: str = ""
    receipt: str = ""
    receipt_sha256: str = ""
    words: str = ""


class NewHandoff(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A package that was built: the SHA-256 of the sealed file, and of its signed list (`tagmanifest-sha256.txt`).

    `missing` are the keys of what the completeness check missed (`handoff_answers.Question`), `overrule` the
    supervisor's reason for sealing all the same, `overruled_by` that member's id; both empty where nothing was missing.
    """

    id: str
    case_id: str
    built_at: datetime
    agency: str
    agency_words: str
    envelope: str
    package_sha256: str
    package_size: int
    tagmanifest_sha256: str
    items: int
    stamped: bool
    missing: tuple[str, ...] = ()
    overrule: str = ""
    overruled_by: str = ""


class Handoff(msgspec.Struct, frozen=True, kw_only=True):
    """A package and every step it took, oldest first; the first is always BUILT."""

    made: NewHandoff
    case_number: str
    built_by: str
    steps: tuple[Step, ...]

    def step(self, kind: StepKind) -> Step | None:
        """The newest of that kind; None: nobody has said so."""
        return next((one for one in reversed(self.steps) if one.kind is kind), None)


class HandoffList(msgspec.Struct, frozen=True, kw_only=True):
    """Of one case, oldest first."""

    handoffs: tuple[Handoff, ...]


class NewOverrule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A supervisor lets a case be sealed for an agency (its key) although these answers (`handoff_answers.Question`
    keys) are missing. Recorded ones of before agencies were named have none."""

    id: str
    missing: tuple[str, ...]
    reason: str
    agency: str = ""


class Overrule(msgspec.Struct, frozen=True, kw_only=True):
    """As recorded; the newest of a case and agency counts. `by` is the supervisor's pseudonym, `member_id` their id."""

    id: str
    case_id: str
    missing: tuple[str, ...]
    reason: str
    by: str
    member_id: str
    at: datetime
    agency: str = ""

    def covers(self, agency: str, missing: Iterable[str]) -> bool:
        """Of another agency, or of something else that is missing, it says nothing; one that names no agency covers
        none."""
        return bool(self.agency) and self.agency == agency and set(missing) <= set(self.missing)


class OverruleList(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first."""

    overrules: tuple[Overrule, ...]


class Audience(str, Enum):
    LAW_ENFORCEMENT = "law_enforcement"
    GOVERNMENT = "government"
    INTERNAL = "internal"


class LetterKind(str, Enum):
    GRANTED = "granted"
    GRANTED_IN_PART = "granted_in_part"
    REFUSED = "refused"
    MORE_NEEDED = "more_needed"
    EMERGENCY_DISCLOSURE = "emergency_disclosure"


class NewLetter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One version of a letter. `letter_id` is the same for all versions, `number` counts them up from 1."""

    id: str
    letter_id: str
    number: int
    audience: Audience
    kind: LetterKind
    subject: str
    text: str


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    letter_id: str
    case_id: str
    number: int
    audience: Audience
    kind: LetterKind
    subject: str
    text: str
    by: str
    at: datetime


class LetterList(msgspec.Struct, frozen=True, kw_only=True):
    """Every version of every letter of a case, oldest first."""

    letters: tuple[Letter, ...]


class NewPreservation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is kept, and until when (ISO date, UTC). Recorded again with a later `ends_on` it is extended; never cut.

    `unread`: whoever recorded that it was sent could not read the case, so the jurisdiction is the agency's; whether
    the policy has a rule for the referral's is not known.
    """

    jurisdiction: str
    basis: str
    starts_on: str
    ends_on: str
    remind_days: int = 30
    unread: bool = False


class Preservation(msgspec.Struct, frozen=True, kw_only=True):
    """`due` is true from `remind_days` before the end on, `over` from the day after it. `unread` as told, until
    somebody who can read the case records of it as well."""

    case_id: str
    case_number: str
    jurisdiction: str
    basis: str
    starts_on: str
    ends_on: str
    remind_days: int
    due: bool = False
    over: bool = False
    destroyed: bool = False
    unread: bool = False


class PreservationList(msgspec.Struct, frozen=True, kw_only=True):
    """By the day they end, soonest first."""

    preservations: tuple[Preservation, ...]
