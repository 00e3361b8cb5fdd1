"""Everything a package's documents are made of: facts only, gathered by the workstation, the same for every document.

Each document is a pure function of it, so the same dossier gives the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reviewer.model.cases import Case
from reviewer.model.handoff import Anchor, RecordedDecision, RecordedItem
from reviewer.model.handoff_answers import HandoffAnswers
from reviewer.model.handoff_terms import Agency
from reviewer.model.policy import Policy


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A chosen item and where it lies in the bag: `path` is safe and unique ("data/items/2026-01843_003.jpg")."""

    record: RecordedItem
    path: str

    @property
    def was_seen(self) -> bool:
        """Some person's viewing record says that they saw, heard or read it."""
        return self.record.seen or any(one.viewing_record.viewed for one in self.record.decisions)


@dataclass(frozen=True, slots=True)
class CustodyLine:
    """One custody entry with its proof, as `docs/formats.md` has it: SHA-256(0x00 || salt || entry) is `leaf_hash`,
    and `proof` leads from it, at `position`, to the checkpoint's root. `entry` is the exact JSON text that was hashed;
    all hashes are lower-case hex.

    Where the policy tells no names, `salt` and `entry` are empty and `redacted` is the JSON with the names replaced: it
    has another hash, so only the place of the leaf in the log is proven (docs/decisions/0004-names-in-packages.md).
    """

    position: int
    salt: str
    entry: str
    leaf_hash: str
    proof: tuple[str, ...]
    redacted: str = ""

    @property
    def told(self) -> str:
        """The entry's JSON as the recipient may read it."""
        return self.entry or self.redacted


@dataclass(frozen=True, slots=True)
class CustodyExtract:
    """The entries of one workstation's log that are about this case. `checkpoint` is the signed note (C2SP),
    `verifier` the line of its key; `size` and `root` (hex) are what the note says."""

    checkpoint: str
    verifier: str
    size: int
    root: str
    lines: tuple[CustodyLine, ...]


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A veiled picture of an exhibit for the report: `grey` has width x height bytes, rows from the top."""

    item_id: str
    width: int
    height: int
    grey: bytes


@dataclass(frozen=True, slots=True)
class Dossier:
    """`built_at` is UTC in whole seconds. `built_by` and the authors in the records are pseudonyms, or what the policy
    puts in their place (`Person 1`): they are as they are to be told. `authority` is the legal basis as it was
    answered. `left_out` are the exhibit numbers of the case's other items. `overruled_by` is a pseudonym.
    `custody_missing` are sentences about what of the custody could not be had; they name nobody.
    `pseudonyms` are (member id, pseudonym) of whoever appears by id in the custody entries and records."""

    handoff_id: str
    built_at: datetime
    built_by: str
    organisation: str
    agency: Agency
    case: Case
    exhibits: tuple[Exhibit, ...]
    answers: HandoffAnswers
    policy: Policy
    tool_version: str
    custody: tuple[CustodyExtract, ...] = ()
    custody_missing: tuple[str, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    left_out: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    overrule: str = ""
    overruled_by: str = ""
    thumbnails: tuple[Thumbnail, ...] = ()
    pseudonyms: tuple[tuple[str, str], ...] = ()

    @property
    def authority(self) -> str:
        return self.answers.legal_basis or self.case.referral.legal_basis

    def names(self) -> dict[str, str]:
        """Pseudonyms by member id: from `pseudonyms`, and from the decisions that somebody made."""
        known = dict(self.pseudonyms)
        for exhibit in self.exhibits:
            for one in exhibit.record.decisions:
                known.setdefault(one.decision.actor, one.author)
        return known

    def decisions(self) -> tuple[RecordedDecision, ...]:
        """Of all chosen items, by time."""
        found = [one for exhibit in self.exhibits for one in exhibit.record.decisions]
        return tuple(sorted(found, key=lambda one: (one.recorded_at, one.decision.id)))
