"""Talking about a case from one workstation to another, through the real case system, online and offline."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from floor import Floor

from reviewer.demo.organisation import SUPERVISOR
from reviewer.model.errors import ReviewerError
from reviewer.model.ids import uuid7
from reviewer.model.related import MAX_MESSAGE, NewOutcome, OutcomeKind
from reviewer.ui.case_ports import Arrival
from reviewer.workstation.case_thread import MessageUnusable
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]
WORDS = "The parcel stands beside the greenhouse."


@contextmanager
def line_down(session: WorkSession) -> Iterator[None]:
    """Nothing answers this session for a while."""
    client = session._case_system._exchange._http

    def dead(*_args: object, **_kwargs: object) -> httpx.Response:
        raise httpx.ConnectError("down")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "send", dead)
        yield


def test_one_writes_offline_the_other_reads_later(own_floor: Floor, unlocked: Unlocked) -> None:
    other = own_floor.hire()
    case = own_floor.open_case()
    session = unlocked()
    with line_down(session):
        session.threads.save_draft(case.id, WORDS)
        session.threads.send(case.id, f"  {WORDS}\r\n")
        assert session.sync_now().trouble
    (line,) = session.threads.thread(case.id).lines
    assert (line.text, line.arrival, line.mine) == (WORDS, Arrival.WAITING, True)
    assert session.threads.thread(case.id).draft == ""
    session.lock()
    # Locked and unlocked again: it was durable.
    session = unlocked()
    session.sync_now()
    session.threads.refresh()
    (line,) = session.threads.thread(case.id).lines
    assert (line.text, line.arrival) == (WORDS, Arrival.THERE)
    assert session.threads.unread() == []
    colleague = unlocked(other)
    (unread,) = colleague.threads.refresh()
    assert (unread.case_id, unread.case_number, unread.count) == (case.id, case.number, 1)
    thread = colleague.threads.thread(case.id)
    assert [(line.text, line.mine, line.author) for line in thread.lines] == [(WORDS, False, session.member.name)]
    colleague.threads.read_up_to(case.id, thread.last)
    assert colleague.threads.refresh() == []


def test_a_message_that_is_not_accepted_stays_and_is_sent_in_other_words(own_floor: Floor, unlocked: Unlocked) -> None:
    case = own_floor.open_case()
    session = unlocked()
    session.threads.send("no-such-case", WORDS)
    session.sync_now()
    (line,) = session.threads.thread("no-such-case").lines
    assert (line.arrival, line.reason, line.text) == (Arrival.REJECTED, "This case is not shared with you.", WORDS)
    session.threads.send_again(line.id, "Other words.")
    (line,) = session.threads.thread("no-such-case").lines
    assert (line.arrival, line.text) == (Arrival.WAITING, "Other words.")
    session.threads.send(case.id, WORDS)
    session.sync_now()
    session.threads.refresh()
    assert [line.arrival for line in session.threads.thread(case.id).lines] == [Arrival.THERE]


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (MAX_MESSAGE + 1), "\x00"])
def test_nothing_that_would_be_refused_is_queued(own_floor: Floor, unlocked: Unlocked, text: str) -> None:
    case = own_floor.open_case()
    session = unlocked()
    with pytest.raises(MessageUnusable):
        session.threads.send(case.id, text)
    assert session.threads.thread(case.id).lines == ()


def test_what_stands_around_a_case_is_kept_for_when_nothing_answers(own_floor: Floor, unlocked: Unlocked) -> None:
    case = own_floor.open_case()
    session = unlocked()
    assert session.around.related(case.id) is None
    fresh = session.around.refresh_related(case.id)
    assert fresh.related.case_number == case.number
    with line_down(session), pytest.raises(ReviewerError):
        session.around.refresh_related(case.id)
    kept = session.around.related(case.id)
    assert kept is not None
    assert kept.related == fresh.related


def test_an_outcome_is_fresh_until_it_was_shown(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    assert session.around.refresh_outcomes().outcomes == ()
    case = own_floor.open_case()
    with own_floor.organisation.client(SUPERVISOR) as boss:
        boss.colleagues.record_outcome(case.id, NewOutcome(id=uuid7(), kind=OutcomeKind.ARREST))
    # Nothing was decided by this person in it.
    assert session.around.refresh_outcomes().outcomes == ()
    (outcome,) = session.around.refresh_related(case.id).related.outcomes
    assert outcome.kind is OutcomeKind.ARREST
