"""What the case panel asks of the workstation: threads with colleagues, and what stands around a case.

Every method is blocking and is called through `ui.bridge`. All failures are `ReviewerError`s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Protocol

from reviewer.model.related import CaseRelated, Outcome


class Arrival(Enum):
    """Where a message is: in the thread for all to read, on its way, delivered and not back yet, or not accepted."""

    THERE = "there"
    WAITING = "waiting"
    SENT = "sent"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class ThreadLine:
    """One message. `author` is a pseudonym; `reason` is why it was not accepted, or empty."""

    id: str
    author: str
    mine: bool
    written_at: datetime
    text: str
    arrival: Arrival
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ThreadView:
    """The thread as known here, oldest first. `last` is the number of its newest message, 0 for none."""

    case_id: str
    lines: tuple[ThreadLine, ...]
    draft: str
    unread: int
    last: int


@dataclass(frozen=True, slots=True)
class UnreadThread:
    case_id: str
    case_number: str
    count: int


@dataclass(frozen=True, slots=True)
class RelatedView:
    """What stands around a case, as last heard at `heard_at`."""

    related: CaseRelated
    heard_at: datetime


@dataclass(frozen=True, slots=True)
class OutcomesView:
    """What became of the cases this person worked on, newest first. `fresh` are ids they were not shown yet."""

    outcomes: tuple[Outcome, ...]
    fresh: frozenset[str]


class Threads(Protocol):
    """A local projection; only `refresh` asks the network."""

    def thread(self, case_id: str) -> ThreadView: ...
    def unread(self) -> Sequence[UnreadThread]: ...
    def save_draft(self, case_id: str, text: str) -> None: ...
    def send(self, case_id: str, text: str) -> None:
        """Durable when it returns, delivered when the case system answers. MessageUnusable, StoreUnavailable."""
        ...

    def send_again(self, message_id: str, text: str) -> None:
        """A message that was not accepted, in other words. MessageUnusable."""
        ...

    def read_up_to(self, case_id: str, number: int) -> None: ...
    def refresh(self) -> Sequence[UnreadThread]:
        """Pull what colleagues wrote. SyncError; what is known here is kept."""
        ...


class AroundCases(Protocol):
    """A local projection; only the refreshing methods ask the network."""

    def related(self, case_id: str) -> RelatedView | None:
        """None when the case system was never asked about this case."""
        ...

    def refresh_related(self, case_id: str) -> RelatedView: ...
    def outcomes(self) -> OutcomesView: ...
    def refresh_outcomes(self) -> OutcomesView: ...
    def outcomes_seen(self) -> None: ...
