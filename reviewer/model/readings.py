"""Two people's decisions on one item, the blind readings of it: where they stand, and the words for them on the wire.

No I/O. `Stage` follows from the readings alone (`stage_of`); whoever may see what is the case system's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

import msgspec

from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Decision, Draft
from reviewer.model.taxonomy import SecondReview

SETTLED_BY = ("third", "consensus")
COMPARED = (
    "imminence", "category", "severity", "confidence", "action", "labels", "grounds", "classification", "age_group",
)  # fmt: skip
MAX_GOLDEN_NOTE = 2000
# Agreement is said of so many items and of so many people, or not at all.
AGREEMENT_ITEMS = 20
AGREEMENT_PEOPLE = 3


def settling_draft(item_id: str) -> str:
    """In the place of an item's id: what is being written to settle it, and has not become a decision."""
    return f"settling:{item_id}"


def golden_draft(item_id: str) -> str:
    """In the place of an item's id: what is being written about it as a calibration item."""
    return f"golden:{item_id}"


class Stage(str, Enum):
    """Where the readings of an item stand. FIRST: nobody decided; SINGLE: one did, and no second one is asked for."""

    FIRST = "first"
    SINGLE = "single"
    SECOND = "second"
    THIRD = "third"
    CONSENSUS = "consensus"
    AGREED = "agreed"
    SETTLED = "settled"

    @property
    def open(self) -> bool:
        """Somebody has to take the item."""
        return self in (Stage.FIRST, Stage.SECOND, Stage.THIRD)

    @property
    def round(self) -> int:
        return {Stage.SECOND: 2, Stage.THIRD: 3, Stage.CONSENSUS: 3}.get(self, 1)


def differing(one: Decision | Draft, other: Decision | Draft, fields: Sequence[str]) -> tuple[str, ...]:
    """Of `fields`, those in which the two are not the same; the order of labels and grounds says nothing."""
    return tuple(name for name in fields if _plain(getattr(one, name)) != _plain(getattr(other, name)))


def needs_second(first: Decision, harm_type: str, drawn: bool, asked: SecondReview) -> bool:
    """`harm_type` is what the item came in as: whoever decides does not choose by naming another category."""
    named = first.category in asked.categories or harm_type in asked.categories
    return named or first.action.value in asked.actions or drawn


def stage_of(blind: Sequence[Decision], *, settled: bool, harm_type: str, drawn: bool, asked: SecondReview) -> Stage:
    """`blind` are the standing decisions made without sight of another, oldest first, one a person.

    `settled`: a third's decision, or one that two agreed on, stands. Wishes for a second look do not count.
    """
    readings = [decision for decision in blind if decision.action is not Action.SECOND_LOOK]
    if settled:
        return Stage.SETTLED
    if not readings:
        return Stage.FIRST
    if len(readings) == 1:
        return Stage.SECOND if needs_second(readings[0], harm_type, drawn, asked) else Stage.SINGLE
    if all(not differing(readings[0], other, asked.fields) for other in readings[1:]):
        return Stage.AGREED
    # Three or more who differ find no consensus of two: somebody else decides.
    return Stage.CONSENSUS if asked.settled_by == "consensus" and len(readings) == 2 else Stage.THIRD


def _plain(value: object) -> object:
    return frozenset(value) if isinstance(value, tuple) else value


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One person's decision on the item. `author` is a pseudonym; `settles`: the one that stands for all.

    `decision_id` is there for the caller's own only: amending it names it.
    """

    author: str
    words: Draft
    mine: bool = False
    settles: bool = False
    decision_id: str | None = None


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """A decision that one of the two offers for both. `mine`: the caller's own, which the other has to accept."""

    id: str
    author: str
    words: Draft
    mine: bool = False


class Withdrawn(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal that its maker took back. Both readings of the item stay as they were."""

    item_id: str
    proposal_id: str


class Readings(msgspec.Struct, frozen=True, kw_only=True):
    """The readings of one item side by side, oldest first; `differ` names the fields in which they are not the same."""

    item: Item
    case_number: str
    stage: Stage
    readings: tuple[Reading, ...]
    differ: tuple[str, ...] = ()
    proposal: Proposal | None = None


class ReadingLine(msgspec.Struct, frozen=True, kw_only=True):
    """An item the caller decided and somebody else as well. No names and no words: `Readings` has them, in its time.

    `proposed`: a colleague's proposal waits for the caller.
    """

    item_id: str
    exhibit: str
    case_number: str
    stage: Stage
    proposed: bool = False


class OwnReadings(msgspec.Struct, frozen=True, kw_only=True):
    """Most recent first; those that wait for something before those that are closed."""

    lines: tuple[ReadingLine, ...]


class GoldenAnswer(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is right for a calibration item, and why. `note` is shown with the comparison."""

    category: str
    severity: int
    action: Action
    note: str = ""


class Golden(msgspec.Struct, frozen=True, kw_only=True):
    """A calibration item as its supervisor sees it. Who answered it, and how, is not here nor anywhere they can ask."""

    item_id: str
    exhibit: str
    case_number: str
    answer: GoldenAnswer


class GoldenList(msgspec.Struct, frozen=True, kw_only=True):
    golden: tuple[Golden, ...]


class GoldenCandidate(msgspec.Struct, frozen=True, kw_only=True):
    """An item that was decided for good and may be marked: by its number, with what was decided, not by whom."""

    item_id: str
    exhibit: str
    case_number: str
    decided: GoldenAnswer


class GoldenCandidates(msgspec.Struct, frozen=True, kw_only=True):
    candidates: tuple[GoldenCandidate, ...]


class Calibration(msgspec.Struct, frozen=True, kw_only=True):
    """For the person alone: an item they decided was a calibration item. `differ` names the fields that differ."""

    item_id: str
    exhibit: str
    case_number: str
    yours: Draft
    golden: GoldenAnswer
    differ: tuple[str, ...] = ()


class OwnCalibrations(msgspec.Struct, frozen=True, kw_only=True):
    calibrations: tuple[Calibration, ...]


class AgreementLine(msgspec.Struct, frozen=True, kw_only=True):
    """How far first and second readings agree, for the whole team.

    `key` is a harm type (named by one reading and not by the other, or by both), or "category", "severity", "action".
    `items` counts those read twice that the line is about. `kappa` is Cohen's, `alpha` Krippendorff's; None where there
    are too few items or people, or nothing varies.
    """

    key: str
    items: int
    kappa: float | None = None
    alpha: float | None = None


class TeamAgreement(msgspec.Struct, frozen=True, kw_only=True):
    """`least_items`: below it no figure is given. `waiting_second` and so on count items of all cases."""

    least_items: int
    lines: tuple[AgreementLine, ...]
    waiting_second: int = 0
    waiting_third: int = 0
    waiting_consensus: int = 0
