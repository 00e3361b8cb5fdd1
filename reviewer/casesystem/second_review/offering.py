"""Who is offered an item, in which round, and which notes of it they may see: nobody reads who is not blind to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from reviewer.casesystem.problems import Refusal
from reviewer.casesystem.second_review.calibrating import calibrates, hides_notes_of, next_golden
from reviewer.casesystem.second_review.parts import Part, note_part, parts_of
from reviewer.casesystem.second_review.stages import stage_now
from reviewer.casesystem.second_review.tables import review_parts, review_stages
from reviewer.casesystem.tables import decisions, items
from reviewer.model.decisions import Action
from reviewer.model.readings import Stage

_OPEN_QUESTION = (Stage.SECOND, Stage.THIRD, Stage.CONSENSUS)


@dataclass(frozen=True, slots=True)
class Sight:
    """What one person is told of one item: its round, and whose notes are withheld. `nobodys`: everybody's are."""

    round: int = 1
    withheld: frozenset[str] = frozenset()
    nobodys: bool = False

    def shows(self, author_id: str) -> bool:
        return not self.nobodys and author_id not in self.withheld


ORDINARY = Sight()


def offered(connection: sa.Connection, member_id: str) -> sa.ColumnElement[bool]:
    """The condition on `items` for the queue: open to this person, or the next calibration item of theirs.

    Who has seen the readings is not asked for a blind one after all; nor is anybody who had the item as a calibration.
    """
    second = sa.exists().where(review_stages.c.item_id == items.c.id, review_stages.c.stage == Stage.SECOND.value)
    part = review_parts.c.part
    spoiled = sa.exists().where(
        review_parts.c.item_id == items.c.id,
        review_parts.c.member_id == member_id,
        sa.or_(part == Part.CALIBRATION.value, sa.and_(part == Part.SEEN.value, second)),
    )
    open_to_them = sa.and_(items.c.open, ~spoiled)
    golden = next_golden(connection, member_id)
    return open_to_them if golden is None else sa.or_(open_to_them, items.c.id == golden)


def allow_lease(connection: sa.Connection, item_id: str, member_id: str, *, is_open: bool) -> None:
    """Note what this person becomes to the item by taking it. item-decided where nothing is left to decide."""
    if calibrates(connection, item_id, member_id):
        note_part(connection, item_id, member_id, Part.CALIBRATION)
        return
    if not is_open:
        raise Refusal(409, "item-decided", "This item has been decided.")
    stage = stage_now(connection, item_id)
    if stage is Stage.SECOND and Part.SEEN in parts_of(connection, item_id, member_id):
        raise Refusal(409, "item-decided", "This item is for somebody who has not seen how it was decided.")
    if stage is Stage.THIRD:
        note_part(connection, item_id, member_id, Part.SETTLER)


def sights(connection: sa.Connection, item_ids: Sequence[str], member_id: str) -> dict[str, Sight]:
    """For each item about which there is something to say; what is missing is an ordinary first round."""
    asked = sa.select(review_stages.c.item_id, review_stages.c.stage).where(
        review_stages.c.item_id.in_(item_ids), review_stages.c.stage.in_([stage.value for stage in _OPEN_QUESTION])
    )
    stages = {row.item_id: Stage(row.stage) for row in connection.execute(asked)}
    readers: dict[str, set[str]] = defaultdict(set)
    # Notes of the readers are withheld whatever they wrote them with, an earlier wish for a second look included.
    of_readers = sa.select(decisions.c.item_id, decisions.c.member_id).where(
        decisions.c.item_id.in_(list(stages)), decisions.c.standing, decisions.c.action != Action.SECOND_LOOK.value
    )
    for row in connection.execute(of_readers):
        readers[row.item_id].add(row.member_id)
    seen = {item_id: Sight(stage.round, frozenset(readers[item_id] - {member_id})) for item_id, stage in stages.items()}
    for item_id in hides_notes_of(connection, item_ids, member_id):
        seen[item_id] = Sight(nobodys=True)
    return seen
