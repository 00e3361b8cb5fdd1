"""Second readings without a case system, for the tests of the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from reviewer.model.cases import Fingerprints, Item, ItemFacts
from reviewer.model.decisions import Action, Confidence, Draft, Imminence
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.levels import Kind
from reviewer.model.readings import (
    AgreementLine,
    Calibration,
    Golden,
    GoldenAnswer,
    GoldenCandidate,
    Proposal,
    Reading,
    ReadingLine,
    Readings,
    Stage,
    TeamAgreement,
)

ITEM = Item(
    id="item-1",
    case_id="case-1",
    exhibit="2026-01843/003",
    harm_type="other",
    facts=ItemFacts(kind=Kind.IMAGE),
    fingerprints=Fingerprints(sha256="0" * 64, sha1="0" * 40, md5="0" * 32),
    container_sha256="0" * 64,
    container_size=1,
    created_at=datetime(2026, 11, 21, 12, tzinfo=UTC),
)


def words(action: Action, why: str, severity: int = 2) -> Draft:
    return Draft(
        item_id="item-1",
        imminence=Imminence.NO_SIGN,
        category="other",
        severity=severity,
        confidence=Confidence.HIGH,
        action=action,
        rationale=why,
        labels=("garden",),
    )


MINE = Reading(
    author="Reviewer 07",
    words=words(Action.REMOVE, "The shed stands on the neighbour's ground; the fence was moved in spring.", 3),
    mine=True,
    decision_id="decision-1",
)
THEIRS = Reading(author="Reviewer 09", words=words(Action.NONE, "The fence is new, the shed is older than it."))


def both(stage: Stage, *, proposal: Proposal | None = None, mine: bool = True) -> Readings:
    own = MINE if mine else Reading(author="Reviewer 07", words=MINE.words)
    return Readings(
        item=ITEM,
        case_number="2026-01843",
        stage=stage,
        readings=(own, THEIRS),
        differ=("severity", "action"),
        proposal=proposal,
    )


def a_calibration() -> Calibration:
    return Calibration(
        item_id="item-2",
        exhibit="2026-01811/001",
        case_number="2026-01811",
        yours=words(Action.PRESERVE, ""),
        golden=GoldenAnswer(category="other", severity=2, action=Action.REMOVE, note="The parcel was opened."),
        differ=("action",),
    )


@dataclass
class SecondFake:
    lines: list[ReadingLine] = field(default_factory=list)
    shown: Readings | None = None
    answers: list[Calibration] = field(default_factory=list)
    team: TeamAgreement = field(
        default_factory=lambda: TeamAgreement(least_items=20, lines=(AgreementLine(key="category", items=3),))
    )
    candidates: list[GoldenCandidate] = field(default_factory=list)
    marked: dict[str, Golden] = field(default_factory=dict)
    refuses: bool = False
    drafts: dict[str, Draft] = field(default_factory=dict)
    done: list[tuple[str, Draft | None]] = field(default_factory=list)

    def mine(self) -> Sequence[ReadingLine]:
        return tuple(self.lines)

    def side_by_side(self, item_id: str) -> Readings:
        if self.shown is None:
            raise CaseSystemRefused(409)
        return self.shown

    def calibrations(self) -> Sequence[Calibration]:
        return tuple(self.answers)

    def kept(self, draft_id: str) -> Draft | None:
        return self.drafts.get(draft_id)

    def golden(self) -> Sequence[Golden]:
        return tuple(self.marked.values())

    def golden_candidates(self) -> Sequence[GoldenCandidate]:
        return tuple(one for one in self.candidates if one.item_id not in self.marked)

    def mark_golden(self, item_id: str, right: GoldenAnswer) -> None:
        if self.refuses:
            raise CaseSystemRefused(409)
        known = next(one for one in (*self.candidates, *self.marked.values()) if one.item_id == item_id)
        self.marked[item_id] = Golden(
            item_id=item_id, exhibit=known.exhibit, case_number=known.case_number, answer=right
        )

    def withdraw_golden(self, item_id: str) -> None:
        self.marked.pop(item_id, None)

    def amend(self, shown: Readings, draft: Draft) -> None:
        self.done.append(("amend", draft))

    def propose(self, shown: Readings, draft: Draft) -> None:
        self.done.append(("propose", draft))

    def accept(self, shown: Readings) -> None:
        self.done.append(("accept", None))

    def agreement(self) -> TeamAgreement:
        return self.team
