"""Threads and what stands around a case, in memory, for the tests of the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import msgspec

from reviewer.model.cases import ItemFacts
from reviewer.model.decisions import Action
from reviewer.model.errors import CaseSystemUnreachable
from reviewer.model.levels import Kind
from reviewer.model.related import (
    CaseEvent,
    CaseEventKind,
    CaseRelated,
    EarlierDecision,
    ItemLine,
    ItemState,
    Outcome,
    OutcomeKind,
)
from reviewer.ui.case_ports import Arrival, OutcomesView, RelatedView, ThreadLine, ThreadView, UnreadThread

Called = Callable[..., None]


@dataclass
class FakeThreads:
    """What was sent is in `lines`, by case; `arrival` is where it is then. `called` is told of each call."""

    called: Called
    lines: dict[str, list[ThreadLine]] = field(default_factory=dict)
    drafts: dict[str, str] = field(default_factory=dict)
    new: dict[str, UnreadThread] = field(default_factory=dict)
    arrival: Arrival = Arrival.WAITING

    def thread(self, case_id: str) -> ThreadView:
        lines = tuple(self.lines.get(case_id, ()))
        unread = self.new[case_id].count if case_id in self.new else 0
        return ThreadView(case_id, lines, self.drafts.get(case_id, ""), unread, len(lines))

    def unread(self) -> Sequence[UnreadThread]:
        return list(self.new.values())

    def save_draft(self, case_id: str, text: str) -> None:
        self.called("save_message_draft", case_id, text)
        self.drafts[case_id] = text

    def send(self, case_id: str, text: str) -> None:
        self.called("send_message", case_id, text)
        self.drafts.pop(case_id, None)
        self.put(case_id, text, mine=True, arrival=self.arrival)

    def send_again(self, message_id: str, text: str) -> None:
        self.called("send_message_again", message_id, text)
        for lines in self.lines.values():
            for at, line in enumerate(lines):
                if line.id == message_id:
                    lines[at] = ThreadLine(line.id, "", True, line.written_at, text, Arrival.WAITING)

    def read_up_to(self, case_id: str, number: int) -> None:
        self.called("read_up_to", case_id, number)
        self.new.pop(case_id, None)

    def refresh(self) -> Sequence[UnreadThread]:
        return self.unread()

    def put(
        self, case_id: str, text: str, *, mine: bool = False, arrival: Arrival = Arrival.THERE, reason: str = ""
    ) -> None:
        lines = self.lines.setdefault(case_id, [])
        author = "Reviewer 07" if mine else "Reviewer 09"
        lines.append(ThreadLine(f"m{len(lines)}", author, mine, datetime.now(UTC), text, arrival, reason))


def an_outcome(case_id: str = "case-1822", number: str = "2026-01822") -> Outcome:
    return Outcome(
        id=f"outcome-{case_id}",
        case_id=case_id,
        case_number=number,
        kind=OutcomeKind.SAFEGUARDED,
        text="The sender of the parcels was found; everybody is well.",
        day="2026-11-20",
    )


def some_related(case_id: str = "case-1843", number: str = "2026-01843") -> CaseRelated:
    def line(at: int, state: ItemState, **made: object) -> ItemLine:
        facts = ItemFacts(kind=Kind.IMAGE, format="jpeg", size=100_000, width=1920, height=1080)
        return ItemLine(
            item_id=f"other-{at}", exhibit=f"{number}/{at:03}", harm_type="violence", facts=facts, state=state, **made
        )  # type: ignore[arg-type]

    return CaseRelated(
        case_id=case_id,
        case_number=number,
        account="garden_friend_7",
        waiting=2,
        held=1,
        decided=2,
        timeline=(
            CaseEvent(day="2026-11-19", kind=CaseEventKind.ARRIVED),
            CaseEvent(day="2026-11-19", kind=CaseEventKind.TAKEN_IN, count=5, who=("Intake 01",)),
            CaseEvent(day="2026-11-20", kind=CaseEventKind.DECIDED, count=2, who=("Reviewer 09", "Reviewer 14")),
            CaseEvent(day="2026-11-20", kind=CaseEventKind.MESSAGES, count=3, who=("Reviewer 09",)),
        ),
        items=(
            line(1, ItemState.WAITING),
            line(2, ItemState.DECIDED, category="violence", action=Action.REMOVE),
            line(3, ItemState.DECIDED, category="other", action=Action.NONE),
            line(4, ItemState.HELD),
        ),
        earlier=(
            EarlierDecision(
                item_id="elsewhere",
                case_id="case-1822",
                case_number="2026-01822",
                exhibit="2026-01822/001",
                category="violence",
                severity=2,
                action=Action.REPORT,
                day="2026-11-12",
            ),
        ),
        other_cases=1,
        outcomes=(an_outcome(),),
    )


@dataclass
class FakeAround:
    """`known` by case; `answers` is False while the case system does not."""

    called: Called
    known: dict[str, CaseRelated] = field(default_factory=dict)
    became: tuple[Outcome, ...] = ()
    fresh: frozenset[str] = frozenset()
    answers: bool = True

    def related(self, case_id: str) -> RelatedView | None:
        return RelatedView(self.known[case_id], datetime.now(UTC)) if case_id in self.known else None

    def refresh_related(self, case_id: str) -> RelatedView:
        self.called("refresh_related", case_id)
        if not self.answers:
            raise CaseSystemUnreachable
        if case_id not in self.known:
            self.known[case_id] = msgspec.structs.replace(some_related(), case_id=case_id)
        return RelatedView(self.known[case_id], datetime.now(UTC))

    def outcomes(self) -> OutcomesView:
        return OutcomesView(self.became, self.fresh)

    def refresh_outcomes(self) -> OutcomesView:
        return self.outcomes()

    def outcomes_seen(self) -> None:
        self.called("outcomes_seen")
        self.fresh = frozenset()
