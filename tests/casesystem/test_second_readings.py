"""Two pairs of eyes, over HTTP: who is asked, what they may know, and what follows from both."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest
from house import BOSS, GATE, ONE, THREE, TWO, House, a_decision, an_event, decided, passed

from reviewer.model.cases import Item
from reviewer.model.decisions import Action, Change, Decision, MessageMark, ViewingRecord
from reviewer.model.errors import CaseSystemRefused, LeaseLost
from reviewer.model.events import AnswerStatus, EventType
from reviewer.model.payloads import ConsensusAccepted, ConsensusProposed
from reviewer.model.readings import Stage
from reviewer.model.taxonomy import SecondReview
from reviewer.sync.client import CaseSystem

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]
REMOVED = SecondReview(actions=("remove",))
TOGETHER = SecondReview(actions=("remove",), settled_by="consensus")


@pytest.fixture
def asked() -> SecondReview:
    return REMOVED


@pytest.fixture
def house(tmp_path: Path, asked: SecondReview) -> House:
    return House(tmp_path, second_review=asked)


together = pytest.mark.parametrize("asked", [TOGETHER])


def send(client: CaseSystem, *decisions: Decision) -> list[AnswerStatus]:
    return [answer.status for answer in client.post_events([decided(one) for one in decisions])]


def first_two(as_member: As, second: Action = Action.NONE) -> tuple[Decision, Decision]:
    """REMOVE by ONE with words, then `second` by TWO, blind."""
    one = a_decision(ONE, action=Action.REMOVE, rationale="the shed is not the neighbour's", labels=("shed",))
    two = a_decision(TWO, action=second, rationale="the fence is new")
    assert send(as_member(ONE), one) == [AnswerStatus.ACCEPTED]
    as_member(TWO).lease("item-1")
    assert send(as_member(TWO), two) == [AnswerStatus.ACCEPTED]
    return one, two


def proposed(decision: Decision) -> object:
    record = ViewingRecord(item_id=decision.item_id, viewer=decision.actor, decided_from_notes=True)
    payload = ConsensusProposed(decision=decision, viewing_record=record)
    return an_event(payload, EventType.CONSENSUS_PROPOSED, decision.actor)


def accepted(actor: str, proposal_id: str) -> object:
    return an_event(ConsensusAccepted(item_id="item-1", proposal_id=proposal_id), EventType.CONSENSUS_ACCEPTED, actor)


# the second


def test_what_the_policy_does_not_name_is_decided_by_one(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    send(as_member(ONE), a_decision(ONE, action=Action.NONE))
    assert as_member(TWO).queue() == ()


def test_the_second_reads_blind(as_member: As, taken_in: TakeIn, raw: httpx.Client, house: House) -> None:
    taken_in()
    first = a_decision(ONE, action=Action.REMOVE, rationale="the shed is not the neighbour's", labels=("shed",))
    send(as_member(ONE), first)
    assert as_member(ONE).queue() == ()
    (entry,) = as_member(TWO).queue()
    assert (entry.round, entry.notes) == (2, ())
    as_member(TWO).lease("item-1")
    # Whatever a reviewer can ask says nothing of the first one's words, nor that it was them.
    for path in ("queue", "items/item-1", "readings/mine", "calibrations/mine", "cases/case-1/related"):
        answered = raw.get(path, headers=house.headers(TWO))
        assert answered.status_code == 200, path
        for word in ("shed", "remove", first.id, ONE, "Reviewer 01"):
            assert word not in answered.text, (path, word)
    assert raw.get("items/item-1/readings", headers=house.headers(TWO)).status_code == 409


def test_an_earlier_wish_for_a_second_look_by_the_first_reader_is_withheld_too(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    send(as_member(THREE), a_decision(THREE, action=Action.SECOND_LOOK, rationale="a third garden"))
    (entry,) = as_member(ONE).queue()
    assert [note.text for note in entry.notes] == ["a third garden"]
    send(as_member(ONE), a_decision(ONE, action=Action.REMOVE, rationale="mine"))
    (entry,) = as_member(TWO).queue()
    # A wish is no reading: whoever only wished says nothing of the outcome.
    assert [note.text for note in entry.notes] == ["a third garden"]


def test_two_who_agree_close_it(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    first_two(as_member, Action.REMOVE)
    assert [as_member(who).queue() for who in (ONE, TWO, THREE)] == [(), (), ()]
    (line,) = as_member(ONE).readings.mine()
    assert line.stage is Stage.AGREED
    both = as_member(TWO).readings.side_by_side("item-1")
    assert [reading.author for reading in both.readings] == ["Reviewer 01", "Reviewer 02"]
    assert both.differ == ()


def test_words_may_differ_where_the_fields_of_the_policy_agree(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one, two = first_two(as_member, Action.REMOVE)
    assert one.rationale != two.rationale
    assert as_member(THREE).queue() == ()


# the third


def test_two_who_differ_are_settled_by_a_third_who_sees_both(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one, two = first_two(as_member)
    (entry,) = as_member(THREE).queue()
    assert (entry.round, entry.notes) == (3, ())
    with pytest.raises(CaseSystemRefused):
        as_member(THREE).readings.side_by_side("item-1")  # not before the item is theirs
    as_member(THREE).lease("item-1")
    both = as_member(THREE).readings.side_by_side("item-1")
    assert [(r.author, r.words.rationale, r.decision_id) for r in both.readings] == [
        ("Reviewer 01", one.rationale, None),
        ("Reviewer 02", two.rationale, None),
    ]
    assert both.differ == ("action",)
    for reader in (ONE, TWO):
        (line,) = as_member(reader).readings.mine()
        assert line.stage is Stage.THIRD
        with pytest.raises(CaseSystemRefused):
            as_member(reader).readings.side_by_side("item-1")
    assert send(as_member(THREE), a_decision(THREE, action=Action.RESTRICT, rationale="both")) == [
        AnswerStatus.ACCEPTED
    ]
    assert [as_member(who).queue() for who in (ONE, TWO, THREE)] == [(), (), ()]
    after = as_member(ONE).readings.side_by_side("item-1")
    assert [(r.author, r.mine, r.settles) for r in after.readings] == [
        ("Reviewer 01", True, False),
        ("Reviewer 02", False, False),
        ("Reviewer 03", False, True),
    ]


def test_only_what_the_third_decided_is_in_force(
    as_member: As, taken_in: TakeIn, raw: httpx.Client, house: House
) -> None:
    taken_in()
    first_two(as_member)
    as_member(THREE).lease("item-1")
    send(as_member(THREE), a_decision(THREE, action=Action.RESTRICT))
    made = raw.get("decisions", params={"case": "case-1"}, headers=house.headers(BOSS)).json()["decisions"]
    assert [(one["action"], one["standing"]) for one in made] == [
        ("remove", False), ("none", False), ("restrict", True),
    ]  # fmt: skip
    counts = raw.get("decisions/count", headers=house.headers(ONE)).json()
    assert counts == {"recorded": 3, "standing": 1}


def test_one_who_has_seen_both_is_not_asked_for_a_blind_reading_after_a_void(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    _, two = first_two(as_member)
    third = as_member(THREE)
    lease = third.lease("item-1")
    third.readings.side_by_side("item-1")
    third.release(lease)
    send(as_member(TWO), a_decision(TWO, change=Change.VOID, replaces=two.id))
    assert third.queue() == ()
    with pytest.raises(LeaseLost):
        third.lease("item-1")
    (entry,) = as_member(TWO).queue()
    assert (entry.round, entry.notes) == (2, ())


def test_the_third_keeps_the_item_while_the_first_amends_and_is_spared_when_they_agree(
    as_member: As, taken_in: TakeIn
) -> None:
    taken_in()
    one, two = first_two(as_member)
    third = as_member(THREE)
    lease = third.lease("item-1")
    still = a_decision(ONE, action=Action.REMOVE, change=Change.AMEND, replaces=one.id, rationale="better words")
    send(as_member(ONE), still)
    third.renew(lease)
    send(as_member(ONE), a_decision(ONE, action=two.action, change=Change.AMEND, replaces=still.id))
    with pytest.raises(LeaseLost):
        third.renew(lease)
    assert third.queue() == ()


def test_a_void_of_the_third_opens_the_question_again(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    first_two(as_member)
    as_member(THREE).lease("item-1")
    settled = a_decision(THREE, action=Action.REMOVE)
    send(as_member(THREE), settled)
    send(as_member(THREE), a_decision(THREE, change=Change.VOID, replaces=settled.id))
    (entry,) = as_member(THREE).queue()
    assert entry.round == 3


# two first decisions at once


def test_two_at_once_who_agree_close_it_and_nothing_is_lost(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    assert send(as_member(ONE), a_decision(ONE)) == send(as_member(TWO), a_decision(TWO)) == [AnswerStatus.ACCEPTED]
    assert as_member(THREE).queue() == ()
    assert as_member(ONE).decision_count() == 2


def test_two_at_once_who_differ_are_both_told_and_a_third_is_asked(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    send(as_member(ONE), a_decision(ONE))
    late = decided(a_decision(TWO, action=Action.PRESERVE, rationale="mine too"))
    assert as_member(TWO).post_events([late])[0].status is AnswerStatus.ACCEPTED
    assert as_member(TWO).post_events([late])[0].status is AnswerStatus.DUPLICATE
    for reader in (ONE, TWO):
        assert [line.stage for line in as_member(reader).readings.mine()] == [Stage.THIRD]
    (entry,) = as_member(THREE).queue()
    assert entry.round == 3


def test_one_more_decision_that_was_on_its_way_settles_nothing(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    as_member(THREE).lease("item-1")
    first_two_at_once = (a_decision(ONE), a_decision(TWO, action=Action.PRESERVE))
    for decision in first_two_at_once:
        send(as_member(decision.actor), decision)
    assert send(as_member(THREE), a_decision(THREE, action=Action.PRESERVE)) == [AnswerStatus.ACCEPTED]
    assert [line.stage for line in as_member(THREE).readings.mine()] == [Stage.THIRD]


def test_nobody_decides_twice_and_passing_on_is_heeded_in_every_round(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    send(as_member(ONE), a_decision(ONE, action=Action.REMOVE))
    assert send(as_member(ONE), a_decision(ONE, action=Action.REMOVE)) == [AnswerStatus.REJECTED]
    as_member(TWO).post_events([passed(TWO)])
    assert as_member(TWO).queue() == ()
    assert [entry.round for entry in as_member(THREE).queue()] == [2]


# consensus


@together
def test_in_consensus_both_see_both_and_one_amends_to_agree(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one, two = first_two(as_member)
    assert as_member(THREE).queue() == ()
    with pytest.raises(CaseSystemRefused):
        as_member(THREE).readings.side_by_side("item-1")
    both = as_member(TWO).readings.side_by_side("item-1")
    assert [r.words.rationale for r in both.readings] == [one.rationale, two.rationale]
    assert [r.decision_id for r in both.readings] == [None, two.id]
    send(as_member(TWO), a_decision(TWO, action=Action.REMOVE, change=Change.AMEND, replaces=two.id))
    assert [line.stage for line in as_member(ONE).readings.mine()] == [Stage.AGREED]


@together
def test_a_proposal_accepted_by_the_other_stands_for_both(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    first_two(as_member)
    offer = a_decision(ONE, action=Action.RESTRICT, rationale="half the fence")
    event = proposed(offer)
    first, second = as_member(ONE), as_member(TWO)
    assert first.post_events([event])[0].status is AnswerStatus.ACCEPTED  # type: ignore[list-item]
    assert first.post_events([event])[0].status is AnswerStatus.DUPLICATE  # type: ignore[list-item]
    assert [line.proposed for line in second.readings.mine()] == [True]
    shown = second.readings.side_by_side("item-1").proposal
    assert shown is not None
    assert (shown.id, shown.author, shown.mine, shown.words.rationale) == (
        offer.id, "Reviewer 01", False, "half the fence",
    )  # fmt: skip
    own = first.post_events([accepted(ONE, offer.id)])[0]  # type: ignore[list-item]
    stranger = as_member(THREE).post_events([accepted(THREE, offer.id)])[0]  # type: ignore[list-item]
    assert own.status is stranger.status is AnswerStatus.REJECTED
    assert second.post_events([accepted(TWO, offer.id)])[0].status is AnswerStatus.ACCEPTED  # type: ignore[list-item]
    for reader in (first, second):
        assert [line.stage for line in reader.readings.mine()] == [Stage.SETTLED]
    alone = a_decision(ONE, action=Action.NONE, change=Change.AMEND, replaces=offer.id)
    assert send(first, alone) == [AnswerStatus.REJECTED]
    assert send(first, a_decision(ONE, change=Change.VOID, replaces=offer.id)) == [AnswerStatus.ACCEPTED]
    assert [line.stage for line in first.readings.mine()] == [Stage.CONSENSUS]


@together
def test_a_proposal_made_before_an_amendment_is_not_accepted_after_it(
    as_member: As, taken_in: TakeIn, house: House
) -> None:
    taken_in()
    _, two = first_two(as_member)
    offer = a_decision(ONE, action=Action.RESTRICT)
    as_member(ONE).post_events([proposed(offer)])  # type: ignore[list-item]
    house.clock.advance(1)
    send(as_member(TWO), a_decision(TWO, action=Action.PRESERVE, change=Change.AMEND, replaces=two.id))
    (answer,) = as_member(TWO).post_events([accepted(TWO, offer.id)])  # type: ignore[list-item]
    assert answer.status is AnswerStatus.REJECTED


# the drawn share


@pytest.mark.parametrize("asked", [SecondReview(share=0.5)])
def test_about_the_share_is_drawn_and_each_case_system_draws_others(
    as_member: As, taken_in: TakeIn, tmp_path: Path
) -> None:
    from reviewer.casesystem.database import open_database, writing
    from reviewer.casesystem.migrate import migrate
    from reviewer.casesystem.second_review.drawing import drawn

    draws = []
    for number in range(2):
        engine = open_database(f"sqlite:///{tmp_path / f'other-{number}.db'}")
        migrate(engine)
        with writing(engine) as connection:
            draws.append([drawn(connection, f"item-{n}", 0.25) for n in range(2000)])
            assert draws[-1] == [drawn(connection, f"item-{n}", 0.25) for n in range(2000)]
            assert not any(drawn(connection, f"item-{n}", 0.0) for n in range(50))
            assert all(drawn(connection, f"item-{n}", 1.0) for n in range(50))
        engine.dispose()
    assert all(400 < sum(draw) < 600 for draw in draws)
    assert draws[0] != draws[1]


@pytest.mark.parametrize("asked", [SecondReview(share=1.0)])
def test_what_is_drawn_is_read_twice_and_its_first_reader_is_not_told(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    send(as_member(ONE), a_decision(ONE))
    assert [entry.round for entry in as_member(TWO).queue()] == [2]
    assert as_member(ONE).readings.mine() == ()


@pytest.mark.parametrize("asked", [SecondReview(categories=("violence",))])
def test_naming_another_category_does_not_avoid_the_second_reader(as_member: As, taken_in: TakeIn) -> None:
    taken_in()  # an item that came in as violence
    send(as_member(ONE), a_decision(ONE))  # decided as "other"
    assert [entry.round for entry in as_member(TWO).queue()] == [2]


# roles and sharing


def test_readings_are_for_reviewers_of_the_case(
    as_member: As, taken_in: TakeIn, raw: httpx.Client, house: House
) -> None:
    taken_in(shared=(ONE, TWO, GATE))
    first_two(as_member)
    assert as_member(THREE).queue() == ()
    assert raw.get("items/item-1/readings", headers=house.headers(THREE)).status_code == 404
    for who in (BOSS, GATE):
        assert raw.get("items/item-1/readings", headers=house.headers(who)).status_code == 403
        assert raw.get("readings/mine", headers=house.headers(who)).status_code == 403
    offer = a_decision(BOSS)
    (answer,) = as_member(BOSS).post_events([proposed(offer)])  # type: ignore[list-item]
    assert answer.status is AnswerStatus.REJECTED


def test_marked_messages_are_read_by_the_third_and_never_by_the_blind_second(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    marks = (MessageMark(line=4, note="names a plot"),)
    first = msgspec.structs.replace(a_decision(ONE, action=Action.REMOVE), messages=marks)
    send(as_member(ONE), first)
    as_member(TWO).lease("item-1")
    (blind,) = as_member(TWO).queue()
    assert (blind.round, blind.notes) == (2, ())
    send(as_member(TWO), a_decision(TWO, action=Action.NONE))
    as_member(THREE).lease("item-1")
    shown = as_member(THREE).readings.side_by_side("item-1")
    assert [reading.words.messages for reading in shown.readings] == [marks, ()]


@pytest.mark.parametrize("asked", [SecondReview()])
def test_marked_messages_alone_are_a_note_for_who_looks_next(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    marks = (MessageMark(line=4, note="names a plot"),)
    send(as_member(ONE), msgspec.structs.replace(a_decision(ONE, action=Action.SECOND_LOOK), messages=marks))
    assert [note.messages for note in as_member(TWO).queue()[0].notes] == [marks]
