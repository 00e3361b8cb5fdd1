"""What the handoff pages ask of the workstation. `reviewer.workstation.handing_off` satisfies these.

Every method is blocking and is called through `ui.bridge`. All failures are `ReviewerError`s.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from reviewer.model.cases import Case
from reviewer.model.decisions import Draft
from reviewer.model.handoff import (
    Audience,
    Handoff,
    Letter,
    LetterKind,
    NewPreservation,
    NewStep,
    Overrule,
    Preservation,
    RecordedItem,
)
from reviewer.model.handoff_answers import HandoffAnswers, Question
from reviewer.model.handoff_terms import Agency


@dataclass(frozen=True, slots=True)
class KnownCase:
    """A case that this person may hand off, to be chosen by its number."""

    case_id: str
    number: str


@dataclass(frozen=True, slots=True)
class CaseOutline:
    """A case as it could be handed off. `answers` are what is known already, to be completed by the person.

    `chosen` are the ids of the items that are chosen unless the person says otherwise: those with a standing decision
    to report, preserve or escalate. `signed`: there is a signing certificate here that is valid now (`unsigned_why`
    says why not). `overrules` are newest first, each of an agency. `stamping`: a time authority is configured.
    `clearing_house` is its address, or empty. `reportable`: the CyberTipline form has an incident type for something
    of the case.
    """

    case: Case
    items: tuple[RecordedItem, ...]
    chosen: tuple[str, ...]
    agencies: tuple[Agency, ...]
    answers: HandoffAnswers
    overrules: tuple[Overrule, ...]
    may_overrule: bool
    thumbnails_allowed: bool
    signed: bool
    unsigned_why: str
    stamping: bool
    clearing_house: str
    unfinished: str = ""
    reportable: bool = True


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose. `letter_id` is a letter whose newest version goes along as PDF, or empty. `cybertip`:
    whether a CyberTipline report is put in."""

    case_id: str
    item_ids: tuple[str, ...]
    agency: str
    answers: HandoffAnswers
    thumbnails: bool = False
    cybertip: bool = True
    letter_id: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """`phase` is "gathering", "signing", "sealing", "checking" or "recording"; bytes of the phase."""

    phase: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Built:
    """`path` is the sealed file. `passphrase` is to be told to the recipient by another way, or empty. `kit` is the
    folder with certificates and the guide. `not_stamped` says why there is no stamp, or is empty."""

    handoff: Handoff
    path: Path
    kit: Path
    passphrase: str
    not_stamped: str


@dataclass(frozen=True, slots=True)
class Sending:
    """A CyberTipline report that is ready: what is sent and where. Nothing has been sent. `files` are (exhibit, bytes,
    viewed by a person); `xml` is the report as it goes out. `token` names this preparation; sending needs it."""

    token: str
    address: str
    xml: str
    files: tuple[tuple[str, int, bool], ...]
    high_priority: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The clearing house confirmed: its report number, and the receipt as it came (SHA-256, hex)."""

    report_id: str
    receipt_sha256: str
    files: int


@dataclass(frozen=True, slots=True)
class KeptUnread:
    """A package was recorded as sent by somebody who cannot read the case: what keeps it is the agency's rule, because
    the jurisdiction of the referral is not known to them. `rule` is None where the policy has none for the agency."""

    rule: NewPreservation | None


class Handoffs(Protocol):
    """Packages, letters and reports of cases."""

    def cases(self) -> Sequence[KnownCase]:
        """Cases known here that this person may hand off, the newest number first."""
        ...

    def outline(self, case_id: str) -> CaseOutline: ...
    def missing(self, choice: Choice) -> tuple[Question, ...]:
        """What the completeness check misses; empty: nothing. Never the network."""
        ...

    def overrule(self, case_id: str, agency: str, missing: Sequence[Question], reason: str) -> Overrule:
        """As a supervisor, for packages to this agency. PermissionRefused for others."""
        ...

    def keep_answers(self, case_id: str, answers: HandoffAnswers) -> None:
        """What was typed so far, in the encrypted store, so that nothing is lost; `outline` gives it back."""
        ...

    def build(
        self, choice: Choice, folder: Path, *, progress: Callable[[Progress], None], cancelled: Callable[[], bool]
    ) -> Built:
        """Build, re-read, record. AnswersMissing, RecipientUnusable, CertificateUnusable, ItemDamaged, TargetFailed,
        BuildCancelled. Nothing half-built counts: the file has its name only when it was re-read and verified."""
        ...

    def resume(self, case_id: str, *, progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Built:
        """Go on with what was cancelled or interrupted (`CaseOutline.unfinished` names its path). CannotResume."""
        ...

    def discard(self, case_id: str) -> None:
        """Remove what was begun and not finished."""
        ...

    def made(self, case_id: str) -> Sequence[Handoff]:
        """Every package of the case with its steps, oldest first."""
        ...

    def record_step(self, handoff_id: str, step: NewStep, written: Draft | None = None) -> Handoff:
        """`written` is the draft that becomes the step: gone from the store, unless the step is refused."""
        ...

    def kept_unread(self, handoff_id: str) -> KeptUnread | None:
        """Of a package that this session told the case system was sent. Immediate."""
        ...

    def prepare_sending(self, handoff_id: str) -> Sending:
        """Make the CyberTipline report of a package made here. Sends nothing."""
        ...

    def send(self, sending: Sending, *, progress: Callable[[Progress], None], cancelled: Callable[[], bool]) -> Sent:
        """Submit, upload, finish; retracted when it is cancelled or fails half-way. SendingFailed says how far it
        came. Records SENT and RECEIVED, each for what was really answered."""
        ...

    def letters(self, case_id: str) -> Sequence[Letter]: ...
    def draft_letter(
        self,
        case_id: str,
        audience: Audience,
        kind: LetterKind,
        *,
        item_ids: Sequence[str] = (),
        agency: str = "",
    ) -> tuple[str, str]:
        """(subject, text) from the template, filled from the case and from what is chosen: ids of items, key of the
        agency. What is not chosen is left to be filled. Nothing is kept."""
        ...

    def keep_letter(
        self, case_id: str, letter_id: str | None, audience: Audience, kind: LetterKind, subject: str, text: str
    ) -> Letter:
        """A new version; with None a new letter."""
        ...

    def export_letter(self, letter: Letter, target: Path) -> None:
        """As PDF, 0600, never over a file."""
        ...

    def preservations(self) -> Sequence[Preservation]:
        """For supervisors and intake, soonest end first."""
        ...
