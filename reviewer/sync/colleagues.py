"""The part of the case system that is about colleagues and related things: threads, timelines, outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.related import (
    MAX_EARLIER,
    MAX_EVENTS,
    MAX_ITEM_LINES,
    MAX_MESSAGE,
    MAX_OUTCOME,
    MAX_OUTCOMES,
    THREAD_PAGE,
    CaseRelated,
    NewOutcome,
    Outcome,
    OutcomeList,
    ThreadHead,
    ThreadHeads,
    ThreadMessage,
    ThreadPage,
    usable_words,
)
from reviewer.sync.believing import is_id, path_part
from reviewer.sync.exchange import Exchange

_MAX_PAGES = 10_000
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Colleagues:
    """As `CaseSystem.colleagues`; raises what that raises. no-key-for-you: the case is not shared with this member."""

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def threads(self) -> Iterator[ThreadHead]:
        """The threads of all cases shared with this member, by case id, fetched as they are asked for."""
        after = ""
        for _ in range(_MAX_PAGES):
            page = self._exchange.ask("GET", "threads", ThreadHeads, params={"after": after})[0]
            for head in page.heads:
                if not is_id(head.case_id) or head.case_id <= after or head.last < 1:
                    raise CaseSystemNonsense
                after = head.case_id
                yield head
            if page.after is None:
                return
            if not page.heads:
                break
        raise CaseSystemNonsense

    def messages(self, case_id: str, after: int = 0) -> Iterator[ThreadMessage]:
        """What was said after number `after`, oldest first."""
        path = f"cases/{path_part(case_id)}/messages"
        for _ in range(_MAX_PAGES):
            page = self._exchange.ask("GET", path, ThreadPage, params={"after": after})[0]
            if len(page.messages) > THREAD_PAGE:
                raise CaseSystemNonsense
            for message in page.messages:
                if not _is_message(message) or message.number <= after:
                    raise CaseSystemNonsense
                after = message.number
                yield message
            if not page.more:
                return
            if not page.messages:
                break
        raise CaseSystemNonsense

    def related(self, case_id: str) -> CaseRelated:
        """For reviewers the case is shared with, and supervisors."""
        related = self._exchange.ask("GET", f"cases/{path_part(case_id)}/related", CaseRelated)[0]
        days = [event.day for event in related.timeline] + [decision.day for decision in related.earlier]
        sound = (
            related.case_id == case_id
            and len(related.items) <= MAX_ITEM_LINES
            and len(related.earlier) <= MAX_EARLIER
            and len(related.timeline) <= MAX_EVENTS + 1
            and min(related.waiting, related.held, related.decided, related.other_cases) >= 0
            and all(_DAY.fullmatch(day) for day in days)
            and all(is_id(line.item_id) for line in related.items)
        )
        if not sound:
            raise CaseSystemNonsense
        _check_outcomes(related.outcomes)
        return related

    def outcomes(self) -> tuple[Outcome, ...]:
        """What became of the cases this member worked on, newest first."""
        return _check_outcomes(self._exchange.ask("GET", "outcomes", OutcomeList)[0].outcomes)

    def record_outcome(self, case_id: str, outcome: NewOutcome) -> Outcome:
        """For supervisors and intake; RoleRefused for others. The same again is fine."""
        body = msgspec.json.encode(outcome)
        path = f"cases/{path_part(case_id)}/outcomes"
        recorded = self._exchange.ask("POST", path, Outcome, content=body)[0]
        if (recorded.id, recorded.case_id, recorded.kind) != (outcome.id, case_id, outcome.kind):
            raise CaseSystemNonsense
        return recorded


def _is_message(untrusted: ThreadMessage) -> bool:
    return (
        is_id(untrusted.id)
        and untrusted.written_at.tzinfo is not None
        and 1970 < untrusted.written_at.year < 9000
        and usable_words(untrusted.text, MAX_MESSAGE)
    )


def _check_outcomes(untrusted: tuple[Outcome, ...]) -> tuple[Outcome, ...]:
    if len(untrusted) > MAX_OUTCOMES or any(
        len(outcome.text) > MAX_OUTCOME or not _DAY.fullmatch(outcome.day) for outcome in untrusted
    ):
        raise CaseSystemNonsense
    return untrusted
