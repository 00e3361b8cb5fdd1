"""How far first and second readings agree, for the team as a whole: never for a person, never for a few items.

Figures are of what the two decided before either could know of the other; what they agreed on later does not count.
They change only when `_STEP` more items were read twice: a figure asked for before and after one decision would say
whether that one agreed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa
from fastapi import APIRouter, Depends
from starlette.responses import Response

from reviewer.casesystem.bodies import answer
from reviewer.casesystem.callers import Caller, allowed, version_one
from reviewer.casesystem.database import reading
from reviewer.casesystem.openapi import describes
from reviewer.casesystem.second_review.tables import review_stages
from reviewer.casesystem.service import Service
from reviewer.casesystem.tables import decisions
from reviewer.model.decisions import Action, Change, Decision
from reviewer.model.readings import AGREEMENT_ITEMS, AGREEMENT_PEOPLE, AgreementLine, Stage, TeamAgreement
from reviewer.model.roles import Permission

MOST_ITEMS = 2000
_STEP = 5
_TWICE_READ = (Stage.THIRD, Stage.CONSENSUS, Stage.AGREED, Stage.SETTLED)

Coefficients = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """The first two readings of one item."""

    first: Decision
    second: Decision


def routes(service: Service) -> APIRouter:
    router = version_one(service, "readings")
    supervising = allowed(service, Permission.SEE_DECISIONS)

    @router.get(
        "/agreement",
        summary="Agreement of first and second readings, by category, for the team as a whole",
        **describes(TeamAgreement, refusals=(403,)),
    )
    def team(caller: Caller = Depends(supervising)) -> Response:
        with reading(service.engine) as connection:
            pairs = _pairs(connection)
            counted = sa.select(review_stages.c.stage, sa.func.count()).group_by(review_stages.c.stage)
            waiting = {row[0]: int(row[1]) for row in connection.execute(counted)}
        figures = TeamAgreement(
            least_items=AGREEMENT_ITEMS,
            lines=agreement(pairs),
            waiting_second=waiting.get(Stage.SECOND.value, 0),
            waiting_third=waiting.get(Stage.THIRD.value, 0),
            waiting_consensus=waiting.get(Stage.CONSENSUS.value, 0),
        )
        return answer(figures)

    return router


def agreement(pairs: Sequence[Pair]) -> tuple[AgreementLine, ...]:
    """`pairs` oldest first. The three questions, then each harm type that a reading named."""
    pairs = pairs[: len(pairs) - len(pairs) % _STEP]
    lines = [
        _line("category", pairs, pairs, lambda d: d.category),
        _line("severity", pairs, pairs, lambda d: d.severity, ordered=True),
        _line("action", pairs, pairs, lambda d: d.action.value),
    ]
    for key in sorted({decision.category for pair in pairs for decision in (pair.first, pair.second)}):
        about = [pair for pair in pairs if key in (pair.first.category, pair.second.category)]
        lines.append(_line(key, about, pairs, lambda d, key=key: str(d.category == key)))  # type: ignore[misc]
    return tuple(lines)


def _line(
    key: str,
    about: Sequence[Pair],
    pairs: Sequence[Pair],
    label: Callable[[Decision], str | int],
    *,
    ordered: bool = False,
) -> AgreementLine:
    people = {decision.actor for pair in about for decision in (pair.first, pair.second)}
    if len(about) < AGREEMENT_ITEMS or len(people) < AGREEMENT_PEOPLE:
        return AgreementLine(key=key, items=len(about))
    kappa, alpha = coefficients([(label(pair.first), label(pair.second)) for pair in pairs], ordered=ordered)
    return AgreementLine(key=key, items=len(about), kappa=kappa, alpha=alpha)


def coefficients(labels: Iterable[tuple[str | int, str | int]], *, ordered: bool = False) -> Coefficients:
    """Cohen's kappa of first against second readings, Krippendorff's alpha (nominal; interval where `ordered`).

    None where every reading says the same: chance alone would have agreed as well, and the ratio has no value.
    J. Cohen 1960; K. Krippendorff 1980, as NLTK computes them.
    """
    rows = list(labels)
    if len({label for pair in rows for label in pair}) < 2:
        return None, None
    # Loading it takes most of a second: not before somebody asks.
    from nltk.metrics.agreement import AnnotationTask
    from nltk.metrics.distance import binary_distance, interval_distance

    data = [(coder, number, pair[at]) for number, pair in enumerate(rows) for at, coder in enumerate(("1", "2"))]
    nominal = AnnotationTask(data=data, distance=binary_distance)
    spaced = AnnotationTask(data=data, distance=interval_distance) if ordered else nominal
    return float(nominal.kappa_pairwise("1", "2")), float(spaced.alpha())


def _pairs(connection: sa.Connection) -> list[Pair]:
    """Oldest first, by when the second reading came; at most the last `MOST_ITEMS`."""
    twice = sa.select(review_stages.c.item_id).where(review_stages.c.stage.in_([stage.value for stage in _TWICE_READ]))
    recent = twice.order_by(review_stages.c.at.desc(), review_stages.c.item_id).limit(MOST_ITEMS)
    asked = (
        sa.select(decisions.c.item_id, decisions.c.body, decisions.c.settling, decisions.c.recorded_at)
        .where(decisions.c.item_id.in_(recent))
        .order_by(decisions.c.recorded_at, decisions.c.id)
    )
    rows = connection.execute(asked).all()
    made = [msgspec.json.decode(row.body, type=Decision) for row in rows]
    taken_back = _taken_back(made)
    readings: dict[str, dict[str, Decision]] = {}
    for row, decision in zip(rows, made, strict=True):
        first = decision.change is Change.FIRST and decision.action is not Action.SECOND_LOOK
        if first and not row.settling and decision.id not in taken_back:
            readings.setdefault(row.item_id, {}).setdefault(decision.actor, decision)
    pairs = [Pair(*list(by_person.values())[:2]) for by_person in readings.values() if len(by_person) >= 2]
    when = {decision.id: row.recorded_at for row, decision in zip(rows, made, strict=True)}
    return sorted(pairs, key=lambda pair: (when[pair.second.id], pair.second.id))


def _taken_back(made: Sequence[Decision]) -> set[str]:
    """Ids of the first decisions that a void ended, through their amendments."""
    replaced = {decision.id: decision.replaces for decision in made}
    ended = set()
    for decision in made:
        if decision.change is Change.VOID:
            at = decision.replaces
            while at is not None:
                ended.add(at)
                at = replaced.get(at)
    return ended
