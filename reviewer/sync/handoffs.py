"""The part of the case system that is about handing off: a case's record, packages and steps, letters, preservation."""

from __future__ import annotations

import msgspec

from reviewer.model.cases import Case
from reviewer.model.errors import CaseSystemNonsense
from reviewer.model.handoff import (
    MAX_CASES,
    Anchor,
    CaseNumber,
    CaseNumberList,
    CaseRecord,
    Handoff,
    HandoffList,
    Letter,
    LetterList,
    NewHandoff,
    NewLetter,
    NewOverrule,
    NewPreservation,
    NewStep,
    Overrule,
    OverruleList,
    Preservation,
    PreservationList,
    RecordedItem,
    Step,
)
from reviewer.sync.believing import is_id, path_part
from reviewer.sync.believing_handoffs import (
    believed_handoff,
    believed_handoffs,
    believed_letter,
    believed_letters,
    believed_overrules,
    believed_preservations,
)
from reviewer.sync.believing_record import MOST_ITEMS, believed_record
from reviewer.sync.exchange import Exchange

_MAX_PAGES = MOST_ITEMS
_MAX_NUMBER = 200
# A page of decisions with long words, and every version of every letter, may be larger than other answers.
_MAX_ANSWER = 64 * 1024 * 1024
# Of all pages of a record together: some kilobytes for each of the most items there may be.
_MAX_RECORD = 512 * 1024 * 1024


class HandedOff:
    """As `CaseSystem.handed_off`; raises what that raises. no-key-for-you: the case is not shared with this member.

    Everything that is recorded here may be sent again under its id: it is then recorded once.
    """

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange

    def record(self, case_id: str) -> tuple[Case, tuple[RecordedItem, ...], tuple[Anchor, ...]]:
        """The case, all its items by exhibit with their decisions, and the newest checkpoint of every custody log."""
        path = f"cases/{path_part(case_id)}/record"
        items: list[RecordedItem] = []
        seen: set[str] = set()
        first: CaseRecord | None = None
        after: str | None = ""
        room = _MAX_RECORD
        for _ in range(_MAX_PAGES):
            params = {"after": after} if after else {}
            untrusted = self._exchange.ask("GET", path, CaseRecord, params=params, max_bytes=_MAX_ANSWER)[0]
            page = believed_record(case_id, untrusted, seen, first=first is None)
            first = page if first is None else first
            room -= len(msgspec.json.encode(page.items))
            if page.case != first.case or room < 0:
                raise CaseSystemNonsense
            items += page.items
            after = page.after
            if after is None:
                return first.case, tuple(items), first.anchors
        raise CaseSystemNonsense

    def cases(self) -> tuple[CaseNumber, ...]:
        """Cases this member holds the key of, newest first."""
        untrusted = self._exchange.ask("GET", "handoffs/cases", CaseNumberList, max_bytes=_MAX_ANSWER)[0].cases
        if len(untrusted) > MAX_CASES or not all(is_id(one.id) and _is_number(one.number) for one in untrusted):
            raise CaseSystemNonsense
        return untrusted

    # packages

    def add(self, new: NewHandoff) -> Handoff:
        """Refused with handoff-differs (another package has this id) or not-overruled (answers are missing, and the
        member it names let the case through for this agency for no such reason)."""
        path = f"cases/{path_part(new.case_id)}/handoffs"
        untrusted = self._exchange.ask("POST", path, Handoff, content=msgspec.json.encode(new))[0]
        if untrusted.made != new:
            raise CaseSystemNonsense
        return believed_handoff(untrusted)

    def of_case(self, case_id: str) -> tuple[Handoff, ...]:
        """Oldest first."""
        path = f"cases/{path_part(case_id)}/handoffs"
        untrusted = self._exchange.ask("GET", path, HandoffList, max_bytes=_MAX_ANSWER)[0]
        return believed_handoffs(case_id, untrusted.handoffs)

    def one(self, handoff_id: str) -> Handoff:
        """Refused with no-such-handoff."""
        untrusted = self._exchange.ask("GET", f"handoffs/{path_part(handoff_id)}", Handoff)[0]
        if untrusted.made.id != handoff_id:
            raise CaseSystemNonsense
        return believed_handoff(untrusted)

    def step(self, handoff_id: str, new: NewStep) -> Handoff:
        """Refused with step-order (received or retracted before it was sent, or built again), step-time (before it was
        built, or after now) or step-differs."""
        path = f"handoffs/{path_part(handoff_id)}/steps"
        untrusted = self._exchange.ask("POST", path, Handoff, content=msgspec.json.encode(new))[0]
        if untrusted.made.id != handoff_id or not any(_is(step, new) for step in untrusted.steps):
            raise CaseSystemNonsense
        return believed_handoff(untrusted)

    # what is missing and sealed all the same

    def overrule(self, case_id: str, new: NewOverrule) -> Overrule:
        """For supervisors; RoleRefused for others."""
        path = f"cases/{path_part(case_id)}/overrules"
        untrusted = self._exchange.ask("POST", path, Overrule, content=msgspec.json.encode(new))[0]
        if any(getattr(untrusted, name) != getattr(new, name) for name in NewOverrule.__struct_fields__):
            raise CaseSystemNonsense
        return believed_overrules(case_id, (untrusted,))[0]

    def overrules(self, case_id: str) -> tuple[Overrule, ...]:
        """Newest first: of an agency the first one counts."""
        path = f"cases/{path_part(case_id)}/overrules"
        return believed_overrules(case_id, self._exchange.ask("GET", path, OverruleList)[0].overrules)

    # letters

    def letters(self, case_id: str) -> tuple[Letter, ...]:
        """Every version of every letter, oldest first."""
        path = f"cases/{path_part(case_id)}/letters"
        untrusted = self._exchange.ask("GET", path, LetterList, max_bytes=_MAX_ANSWER)[0]
        return believed_letters(case_id, untrusted.letters)

    def keep_letter(self, case_id: str, new: NewLetter) -> Letter:
        """Refused with letter-version when somebody else wrote this version meanwhile: theirs is to be read first."""
        path = f"cases/{path_part(case_id)}/letters"
        kept = believed_letter(case_id, self._exchange.ask("POST", path, Letter, content=msgspec.json.encode(new))[0])
        if any(getattr(kept, name) != getattr(new, name) for name in NewLetter.__struct_fields__):
            raise CaseSystemNonsense
        return kept

    # how long it is kept

    def preserve(self, case_id: str, new: NewPreservation) -> Preservation:
        """What stands now: it may end later than `new`, never earlier. Refused with preservation-shorter."""
        path = f"cases/{path_part(case_id)}/preservation"
        untrusted = self._exchange.ask("PUT", path, Preservation, content=msgspec.json.encode(new))[0]
        same = untrusted.jurisdiction.strip().casefold() == new.jurisdiction.strip().casefold()
        if untrusted.case_id != case_id or not same or untrusted.ends_on < new.ends_on:
            raise CaseSystemNonsense
        return believed_preservations((untrusted,))[0]

    def preservations(self) -> tuple[Preservation, ...]:
        """Of all cases, soonest first. For supervisors and intake; RoleRefused for others."""
        untrusted = self._exchange.ask("GET", "preservations", PreservationList, max_bytes=_MAX_ANSWER)[0]
        return believed_preservations(untrusted.preservations)


def _is_number(untrusted: str) -> bool:
    return 0 < len(untrusted) <= _MAX_NUMBER and untrusted.isprintable()


def _is(step: Step, new: NewStep) -> bool:
    return all(getattr(step, name) == getattr(new, name) for name in NewStep.__struct_fields__)
