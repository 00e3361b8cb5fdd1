"""What the tour's summary says of a shift is counted in the reviewer's own store."""

from __future__ import annotations

import time
from collections.abc import Callable

from evidence import picture
from floor import Floor

from reviewer.demo.organisation import REVIEWERS
from reviewer.demo.summary import _counted_locally
from reviewer.model.decisions import Action, Confidence, Draft, Imminence
from reviewer.model.levels import Level
from reviewer.workstation.session import WorkSession


def test_the_share_decided_without_looking(floor: Floor, unlocked: Callable[..., WorkSession]) -> None:
    case = floor.open_case()
    seen, *unseen = [floor.take_in(picture(160, 120 + 8 * at), case=case) for at in range(4)]
    session = unlocked(REVIEWERS[0])
    session.refresh_queue()
    draft = Draft(
        item_id=seen.id, imminence=Imminence.NO_SIGN, category="other", severity=1, confidence=Confidence.HIGH,
        action=Action.NONE,
    )  # fmt: skip
    taken = session.take(seen.id)
    session.showing(seen.id, Level.BLURRED)
    time.sleep(0.02)
    session.decide(taken, draft, from_notes=False)
    session.decide_many(draft, [item.id for item in unseen])
    session.lock()
    decisions, levels, share = _counted_locally(floor.organisation)
    assert (decisions, share) == (4, 0.75)
    assert levels["blurred"] > 0
