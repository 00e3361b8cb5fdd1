"""What stands around a case: the colleagues' thread, its timeline, its other items, earlier decisions, outcomes.

Wire types. Days are ISO dates in UTC and people are pseudonyms: coarse on purpose, so that nobody's pace can be read.
"""

from __future__ import annotations

import unicodedata
from datetime import datetime
from enum import Enum

import msgspec

from reviewer.model.cases import ItemFacts
from reviewer.model.decisions import Action

MAX_MESSAGE = 4000
MAX_OUTCOME = 500
THREAD_PAGE = 100
MAX_ITEM_LINES = 200
MAX_EARLIER = 50
MAX_EVENTS = 100
MAX_OUTCOMES = 100


class ThreadMessage(msgspec.Struct, frozen=True, kw_only=True):
    """`id` is that of the outbox event it came in; `number` counts up from 1 in its case. `mine`: the caller's own."""

    id: str
    number: int
    author: str
    mine: bool
    written_at: datetime
    text: str


class ThreadPage(msgspec.Struct, frozen=True, kw_only=True):
    messages: tuple[ThreadMessage, ...]
    more: bool = False


class ThreadHead(msgspec.Struct, frozen=True, kw_only=True):
    """A case with a thread; `last` is the number of its newest message."""

    case_id: str
    case_number: str
    last: int


class ThreadHeads(msgspec.Struct, frozen=True, kw_only=True):
    """By case id. `after` asks for the next page; None: this was the last."""

    heads: tuple[ThreadHead, ...]
    after: str | None = None


class OutcomeKind(str, Enum):
    NO_ACTION = "no_action"
    ARREST = "arrest"
    SAFEGUARDED = "safeguarded"
    REMOVED = "removed"
    UNKNOWN = "unknown"


class NewOutcome(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of a case, as it was heard. `id` makes sending it again harmless."""

    id: str
    kind: OutcomeKind
    text: str = ""


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    case_id: str
    case_number: str
    kind: OutcomeKind
    text: str
    day: str


class OutcomeList(msgspec.Struct, frozen=True, kw_only=True):
    """Newest first, at most `MAX_OUTCOMES`."""

    outcomes: tuple[Outcome, ...]


class CaseEventKind(str, Enum):
    ARRIVED = "arrived"
    TAKEN_IN = "taken_in"
    DECIDED = "decided"
    HELD = "held"
    MESSAGES = "messages"
    OUTCOME = "outcome"


class CaseEvent(msgspec.Struct, frozen=True, kw_only=True):
    """All of one kind on one day. `count` is of everybody together: who did how much is not here."""

    day: str
    kind: CaseEventKind
    count: int = 1
    who: tuple[str, ...] = ()


class ItemState(str, Enum):
    WAITING = "waiting"
    HELD = "held"
    DECIDED = "decided"


class ItemLine(msgspec.Struct, frozen=True, kw_only=True):
    """An item of the case by its facts. `category` and `action` are there once it is decided for good."""

    item_id: str
    exhibit: str
    harm_type: str
    facts: ItemFacts
    state: ItemState
    category: str = ""
    action: Action | None = None


class EarlierDecision(msgspec.Struct, frozen=True, kw_only=True):
    """A decision about an item of another case on the same account. Not by whom."""

    item_id: str
    case_id: str
    case_number: str
    exhibit: str
    category: str
    severity: int
    action: Action
    day: str


class CaseRelated(msgspec.Struct, frozen=True, kw_only=True):
    """What one person may know around a case. `items` are at most `MAX_ITEM_LINES` of `waiting + held + decided`.

    `earlier` and `other_cases` are about the same account, in cases shared with this person; `outcomes` of this case
    and of those.
    """

    case_id: str
    case_number: str
    account: str
    waiting: int
    held: int
    decided: int
    timeline: tuple[CaseEvent, ...] = ()
    items: tuple[ItemLine, ...] = ()
    earlier: tuple[EarlierDecision, ...] = ()
    other_cases: int = 0
    outcomes: tuple[Outcome, ...] = ()


def clean_words(text: str) -> str:
    """As it is sent: without blank ends, and without control characters but line ends and tabs."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n").replace("\u2028", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs")).strip()


def usable_words(untrusted_text: str, most: int) -> bool:
    """1 to `most` characters, as `clean_words` leaves them."""
    return 0 < len(untrusted_text) <= most and clean_words(untrusted_text) == untrusted_text


def account_key(account: str) -> str:
    """What makes two spellings of an account the same: neither case nor blanks count. Empty: no account is named."""
    return " ".join(account.casefold().split())[:200]
