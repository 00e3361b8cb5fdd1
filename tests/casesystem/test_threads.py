"""The thread of a case: for those it is shared with and nobody else; text only; each message has its own answer."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import msgspec
import pytest
from house import BOSS, GATE, NOON, ONE, TWO, House, an_event

from reviewer.model.cases import Item
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.events import AnswerStatus, EventType, OutboxEvent
from reviewer.model.payloads import MessageWritten
from reviewer.model.related import MAX_MESSAGE
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]

GARDEN = "The parcel with the seeds came on a rainy day."


def said(text: str = GARDEN, actor: str = ONE, case_id: str = "case-1") -> OutboxEvent:
    return an_event(MessageWritten(case_id=case_id, text=text, written_at=NOON), EventType.CASE_MESSAGE, actor)


def test_those_the_case_is_shared_with_read_it_under_pseudonyms(as_member: As, taken_in: TakeIn) -> None:
    taken_in(shared=(ONE, TWO, GATE))
    one, two = as_member(ONE), as_member(TWO)
    first, second = said(), said("Thank you.", TWO)
    assert [answer.status for answer in one.post_events([first])] == [AnswerStatus.ACCEPTED]
    assert [answer.status for answer in two.post_events([second])] == [AnswerStatus.ACCEPTED]
    heard = list(two.colleagues.messages("case-1"))
    assert [(m.id, m.number, m.author, m.mine, m.text) for m in heard] == [
        (first.id, 1, "Reviewer 01", False, GARDEN),
        (second.id, 2, "Reviewer 02", True, "Thank you."),
    ]
    assert ONE.encode() not in msgspec.json.encode(heard)
    assert [m.number for m in two.colleagues.messages("case-1", after=1)] == [2]
    (head,) = two.colleagues.threads()
    assert (head.case_id, head.case_number, head.last) == ("case-1", "2026-case-1", 2)


@pytest.mark.parametrize("outsider", [TWO, BOSS])
def test_others_neither_read_nor_write_whatever_their_role(as_member: As, taken_in: TakeIn, outsider: str) -> None:
    taken_in(shared=(ONE, GATE))
    as_member(ONE).post_events([said()])
    other = as_member(outsider)
    with pytest.raises(CaseSystemRefused) as refused:
        list(other.colleagues.messages("case-1"))
    assert slug_of(refused.value.problem_type) == "no-key-for-you"
    assert list(other.colleagues.threads()) == []
    (answer,) = other.post_events([said(actor=outsider)])
    assert (answer.status, answer.reason) == (AnswerStatus.REJECTED, "This case is not shared with you.")
    (unknown,) = other.post_events([said(actor=outsider, case_id="no-such-case")])
    assert unknown.reason == answer.reason
    assert len(list(as_member(ONE).colleagues.messages("case-1"))) == 1


def test_sent_again_it_is_there_once(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one = as_member(ONE)
    message = said()
    statuses = [one.post_events([message])[0].status for _ in range(3)]
    assert statuses == [AnswerStatus.ACCEPTED, AnswerStatus.DUPLICATE, AnswerStatus.DUPLICATE]
    assert len(list(one.colleagues.messages("case-1"))) == 1


def test_a_bad_message_is_rejected_alone_and_can_be_corrected(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one = as_member(ONE)
    bad = [said(text) for text in ("", "   ", "x" * (MAX_MESSAGE + 1), "a\x00b", " a ", "bell\x07")]
    good = said("x" * MAX_MESSAGE)
    answers = one.post_events([*bad, good])
    assert [answer.status for answer in answers] == [AnswerStatus.REJECTED] * len(bad) + [AnswerStatus.ACCEPTED]
    assert all("4000" in answer.reason for answer in answers[:-1])
    corrected = msgspec.structs.replace(bad[0], payload=bad[0].payload | {"text": "Now with words."})
    assert one.post_events([corrected])[0].status is AnswerStatus.ACCEPTED
    assert [m.text for m in one.colleagues.messages("case-1")] == ["x" * MAX_MESSAGE, "Now with words."]


def test_a_long_thread_comes_in_pages(as_member: As, taken_in: TakeIn, raw: httpx.Client, house: House) -> None:
    taken_in()
    one = as_member(ONE)
    for start in range(0, 240, 60):
        one.post_events([said(f"Message {number}") for number in range(start, start + 60)])
    assert [m.number for m in one.colleagues.messages("case-1")] == list(range(1, 241))
    page = raw.get("cases/case-1/messages", headers=house.headers(ONE)).json()
    assert (len(page["messages"]), page["more"]) == (100, True)


def test_when_it_was_written_is_never_later_than_when_it_came(as_member: As, taken_in: TakeIn, house: House) -> None:
    taken_in()
    house.clock.advance(-3600)
    one = as_member(ONE)
    one.post_events([said()])
    (message,) = one.colleagues.messages("case-1")
    assert message.written_at == house.clock.now()


def test_what_is_taken_away_is_not_read_any_more(as_member: As, taken_in: TakeIn) -> None:
    taken_in()
    one = as_member(ONE)
    one.post_events([said()])
    as_member(GATE).share_case("case-1", {TWO: b"sealed", GATE: b"sealed"})
    with pytest.raises(CaseSystemRefused):
        list(one.colleagues.messages("case-1"))
    assert list(one.colleagues.threads()) == []
    assert len(list(as_member(TWO).colleagues.messages("case-1"))) == 1
