"""Referrals, cases and items: what came in, and what is known about it without looking."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import msgspec

from reviewer.model.decisions import MessageMark
from reviewer.model.known import KnownMatch, Stack
from reviewer.model.levels import Kind
from reviewer.model.segments import Segment


class ReferralSource(str, Enum):
    LAW_ENFORCEMENT = "law_enforcement"
    GOVERNMENT = "government"
    INTERNAL = "internal"
    USER = "user"
    AUTOMATED = "automated"


class Referral(msgspec.Struct, frozen=True, kw_only=True):
    """What came in and why. `due_at` None means no deadline was given.

    `account` is the account or person it is about, as the sender names them (a handle, a number), or empty.
    """

    source: ReferralSource
    received_at: datetime
    due_at: datetime | None = None
    requester: str = ""
    legal_basis: str = ""
    jurisdiction: str = ""
    claim: str = ""
    danger: bool = False
    account: str = ""

    @property
    def lacking(self) -> tuple[str, ...]:
        """Fields a complete referral has and this one has not. It is worked on all the same."""
        asked = ["claim"]
        if self.source in (ReferralSource.LAW_ENFORCEMENT, ReferralSource.GOVERNMENT):
            asked = ["requester", "legal_basis", "jurisdiction", "claim"]
        return tuple(name for name in asked if not getattr(self, name).strip())


class Case(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    number: str
    referral: Referral
    created_at: datetime


class SceneHash(msgspec.Struct, frozen=True, kw_only=True):
    """PDQ of one storyboard frame of a video: seconds from its start, 64 hex digits, quality 0-100."""

    time_s: float
    pdq: str
    quality: int


class Fingerprints(msgspec.Struct, frozen=True, kw_only=True):
    """Hex digests of the plaintext, taken in the sealed worker at intake. `pdq` is 64 hex digits, quality 0-100.

    `pdq` is of a picture, or of the first page or frame of what has several; `scenes` are of a video, in order of time.
    """

    sha256: str
    sha1: str
    md5: str
    pdq: str | None = None
    pdq_quality: int | None = None
    scenes: tuple[SceneHash, ...] = ()


# Plain text by other names: a chat sent as .txt is what it was said to be.
_PLAIN_TEXT = frozenset({"txt", "text", "log", "md", "csv", "json", "chat"})


class ItemFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What can be said without showing a pixel. Sizes in bytes and pixels, times in seconds."""

    kind: Kind
    format: str = ""
    declared_format: str = ""
    size: int = 0
    width: int | None = None
    height: int | None = None
    duration_s: float | None = None
    pages: int | None = None
    has_sound: bool = False
    orientation: int = 1

    @property
    def mismatch(self) -> bool:
        """The content is not what the name or the sender said it is."""
        if not self.declared_format or not self.format or self.declared_format == self.format:
            return False
        return not {self.declared_format, self.format} <= _PLAIN_TEXT


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One piece of evidence. The plaintext exists only inside its age container.

    `part_of` is the id of the archive or e-mail it came out of; its exhibit number then begins with that one's:
    "2026-01843/003.02" is the second file of "2026-01843/003".
    """

    id: str
    case_id: str
    exhibit: str
    harm_type: str
    facts: ItemFacts
    fingerprints: Fingerprints
    container_sha256: str
    container_size: int
    forewarning: tuple[str, ...] = ()
    created_at: datetime
    part_of: str | None = None

    @property
    def root_exhibit(self) -> str:
        """The exhibit as it arrived: its own number, or that of the archive or e-mail it came in."""
        if self.part_of is None:
            return self.exhibit
        case_number, slash, position = self.exhibit.rpartition("/")
        return case_number + slash + position.partition(".")[0]


class EarlierNote(msgspec.Struct, frozen=True, kw_only=True):
    """See-once ledger: what an earlier viewer wrote down, so that the next need not look. `author` is a pseudonym."""

    author: str
    at: datetime
    text: str
    labels: tuple[str, ...] = ()
    segments: tuple[Segment, ...] = ()
    messages: tuple[MessageMark, ...] = ()


class QueueEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A line of the queue: an item with its case, as the case system lists it and the local projection keeps it.

    `round` is 1 for a first decision, 2 for a blind second one, 3 where two disagreed; earlier decisions are not here.
    `held` items are set aside until somebody takes them up again; `assigned_to` is a member, None for whoever is next.
    """

    item: Item
    case: Case
    notes: tuple[EarlierNote, ...] = ()
    leased_to: str | None = None
    etag: str = ""
    matches: tuple[KnownMatch, ...] = ()
    stack: Stack | None = None
    round: int = 1
    held: bool = False
    assigned_to: str | None = None

    @property
    def known_unseen(self) -> bool:
        """Something is known of it that may make looking unnecessary: it waits at FACTS until pixels are asked for."""
        return bool(self.notes or self.matches)


def queue_order(entry: QueueEntry) -> tuple[bool, bool, float, float]:
    """Sort key: somebody in danger first, then the nearest deadline, then the oldest."""
    referral = entry.case.referral
    due = referral.due_at.timestamp() if referral.due_at is not None else 0.0
    return (not referral.danger, referral.due_at is None, due, referral.received_at.timestamp())
