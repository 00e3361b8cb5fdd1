"""What is told around a case after two differed and somebody settled it: what holds, and nothing that was overruled."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from house import BOSS, GATE, ONE, THREE, TWO, House, a_case, a_decision, an_item, ciphertext, decided

from reviewer.model.decisions import Action, Decision
from reviewer.model.events import AnswerStatus
from reviewer.model.related import CaseEventKind
from reviewer.model.taxonomy import SecondReview
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
ACCOUNT = "Garden Friend 7"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, second_review=SecondReview(actions=("remove",)))


def send(client: CaseSystem, decision: Decision) -> None:
    (answer,) = client.post_events([decided(decision)])
    assert answer.status is AnswerStatus.ACCEPTED, answer.reason


def an_account(as_member: As) -> None:
    """Two cases on one account, each with one item, `item-of-<case>`."""
    gate = as_member(GATE)
    for case_id in ("case-1", "case-2"):
        case = a_case(case_id)
        referral = msgspec.structs.replace(case.referral, account=ACCOUNT)
        sealed = dict.fromkeys((ONE, TWO, THREE, GATE), b"sealed")
        gate.register_case(msgspec.structs.replace(case, referral=referral), sealed)
        container = ciphertext(100, seed=len(case_id))
        gate.register_item(an_item(f"item-of-{case_id}", case_id, container))
        gate.upload_container(f"item-of-{case_id}", io.BytesIO(container), len(container))


def test_what_was_overruled_is_not_told_as_what_holds(as_member: As) -> None:
    an_account(as_member)
    item = "item-of-case-1"
    send(as_member(ONE), a_decision(ONE, item, action=Action.REMOVE, rationale="one"))
    send(as_member(TWO), a_decision(TWO, item, action=Action.NONE))
    for blind in (ONE, TWO, THREE):
        around = as_member(blind).colleagues.related("case-2")
        assert len(around.earlier) == (0 if blind == THREE else 1), "one's own, and nothing of the other's"
    as_member(THREE).lease(item)
    send(as_member(THREE), a_decision(THREE, item, action=Action.PRESERVE))
    for who in (ONE, TWO, THREE, BOSS):
        around = as_member(who).colleagues.related("case-2")
        assert [line.action for line in around.earlier] == [Action.PRESERVE], who
        (line,) = as_member(who).colleagues.related("case-1").items
        assert line.action is Action.PRESERVE
        timeline = as_member(who).colleagues.related("case-1").timeline
        assert [event.count for event in timeline if event.kind is CaseEventKind.DECIDED] == [1]
