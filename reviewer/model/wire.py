"""Requests and answers of the case system's HTTP service that are not domain types of their own. JSON by msgspec."""

from __future__ import annotations

from datetime import datetime

import msgspec

from reviewer.model.cases import Case, Item, QueueEntry
from reviewer.model.decisions import Action, Change, Confidence, Imminence, MessageMark
from reviewer.model.roles import Member
from reviewer.model.segments import Segment

QUEUE_PAGE = 100
# On the answer to GET /cases/{id}: how many items the case has, decided or arriving ones included; the parts
# of an archive or e-mail, which are numbered inside their whole, are not.
ITEMS_HEADER = "Reviewer-Items"


class MemberList(msgspec.Struct, frozen=True, kw_only=True):
    members: tuple[Member, ...]


class SealedKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One case key, sealed once per member of the case: member id to a small age file (base64 in JSON).

    `statement` is the signed note that says which key it is (model/statements.py).
    """

    keys: dict[str, bytes]
    statement: str = ""


class QueuePage(msgspec.Struct, frozen=True, kw_only=True):
    """At most `QUEUE_PAGE` entries in `queue_order`. `after` asks for the next page; None: this was the last."""

    entries: tuple[QueueEntry, ...]
    after: str | None = None


class LeaseRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    item_id: str


class AssignmentRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose the item is to be; None for whoever is next."""

    member_id: str | None


class Colleague(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody an item can be given to. `name` is a pseudonym."""

    id: str
    name: str


class ColleagueList(msgspec.Struct, frozen=True, kw_only=True):
    colleagues: tuple[Colleague, ...]


class DecisionCount(msgspec.Struct, frozen=True, kw_only=True):
    """`recorded` counts every decision ever taken in, amendments and voids included; `standing` those in force."""

    recorded: int
    standing: int


class RecordedDecision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided about an item. Not by whom or when, nor what they saw; ids of decisions would tell the time."""

    item_id: str
    change: Change
    imminence: Imminence
    category: str
    severity: int
    confidence: Confidence
    action: Action
    rationale: str
    labels: tuple[str, ...]
    standing: bool
    segments: tuple[Segment, ...] = ()
    grounds: tuple[str, ...] = ()
    classification: str | None = None
    age_group: str | None = None
    messages: tuple[MessageMark, ...] = ()


class DecisionPage(msgspec.Struct, frozen=True, kw_only=True):
    """By item, those about one item in the order they were made."""

    decisions: tuple[RecordedDecision, ...]
    after: str | None = None


class OwnExposureLine(msgspec.Struct, frozen=True, kw_only=True):
    """All that is held about one episode. No item and no time of day: they are not stored."""

    day: str
    level: str
    seconds: float
    weight: float


class OwnExposureDay(msgspec.Struct, frozen=True, kw_only=True):
    """The total of a UTC day at one workstation (empty: not known). `violent_s`: plain seconds of violent items."""

    day: str
    workstation: str
    seconds: float
    weighted: float
    violent_s: float
    incomplete: bool = False


# About 10 MB: a client reads no larger answer than 16 MiB. Days have their totals, whatever is left out here.
MOST_OWN_LINES = 100_000


class OwnExposure(msgspec.Struct, frozen=True, kw_only=True):
    """`lines` are the newest days' first, at most MOST_OWN_LINES; `line_count` is of all that are held."""

    limit_quarter_hours: int
    lines: tuple[OwnExposureLine, ...]
    days: tuple[OwnExposureDay, ...] = ()
    line_count: int | None = None


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody looked at your exposure figures. `viewer` is a pseudonym, `purpose` one of `LookPurpose`.

    With `RECORD_LOOK` they read when and how you decided, or what your custody log says, in the record of a case.
    """

    viewer: str
    at: datetime
    purpose: str = "seen"


class LookList(msgspec.Struct, frozen=True, kw_only=True):
    looks: tuple[Look, ...]


class Anchored(msgspec.Struct, frozen=True, kw_only=True):
    """The newest checkpoint the case system holds for one custody log. Size 0: none yet."""

    size: int
    root: bytes


class MemberKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a new vault can be addressed by and checked with: nothing is sealed to it before a roster names it."""

    recipient: str
    verifier: str


class CaseLine(msgspec.Struct, frozen=True, kw_only=True):
    """A case and who holds its key. `items` counts them; `destroyed_at`: its keys are gone for good."""

    case: Case
    holders: tuple[str, ...]
    items: int
    destroyed_at: datetime | None = None


class CasePage(msgspec.Struct, frozen=True, kw_only=True):
    cases: tuple[CaseLine, ...]
    after: str | None = None


class ItemPage(msgspec.Struct, frozen=True, kw_only=True):
    items: tuple[Item, ...]
    after: str | None = None


class KeyState(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds the key of a case, and the signed statement of which key that is."""

    holders: tuple[str, ...]
    statement: str = ""


class NewContainer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The container `was` (SHA-256, hex) becomes the one uploaded as `sha256`."""

    was: str
    sha256: str
    size: int


class Rekeyed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A case under a new key: the sealed keys, their statement, and every item's container, by item id."""

    keys: dict[str, bytes]
    statement: str
    containers: dict[str, NewContainer]


class ConsentGiven(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One person's signed consent to destroy a case."""

    note: str


class Destruction(msgspec.Struct, frozen=True, kw_only=True):
    """Where the destruction of a case stands. `notes` are the consents so far; two of them: it is done."""

    case_id: str
    notes: tuple[str, ...]
    expires_at: datetime
    destroyed_at: datetime | None = None


class Tombstone(msgspec.Struct, frozen=True, kw_only=True):
    """A destroyed case with the two consents that did it. `number` counts up."""

    number: int
    case_id: str
    destroyed_at: datetime
    notes: tuple[str, ...]


class TombstonePage(msgspec.Struct, frozen=True, kw_only=True):
    tombstones: tuple[Tombstone, ...]


class KnownListLine(msgspec.Struct, frozen=True, kw_only=True):
    """A known-hash list in force. `skipped` entries had no digest that is looked up; `matched` counts items."""

    name: str
    version: str
    entries: int
    skipped: int
    matched: int
    imported_at: datetime
    imported_by: str


class KnownListPage(msgspec.Struct, frozen=True, kw_only=True):
    lists: tuple[KnownListLine, ...]


class KnownListImport(msgspec.Struct, frozen=True, kw_only=True):
    """What is in force now. Not `changed`: this very version was before."""

    list: KnownListLine
    changed: bool
