"""One person at two workstations of the real organisation: a desk counts what was seen at the other, and once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from floor import Floor

from reviewer.demo.organisation import PASSPHRASE
from reviewer.model.errors import CaseSystemUnreachable
from reviewer.model.events import AnswerStatus, EventAnswer, EventType, OutboxEvent
from reviewer.model.ids import uuid7
from reviewer.model.payloads import ExposureRecorded, as_payload
from reviewer.sync.client import CaseSystem
from reviewer.vault.vault import Vault
from reviewer.wellbeing.meter import ExposureFigures
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import ADDRESS, TOKEN
from reviewer.workstation.session import WorkSession

Unlock = Callable[..., WorkSession]


@pytest.fixture
def other_desk(own_floor: Floor) -> Iterator[CaseSystem]:
    vault = Vault(own_floor.organisation.workstation(own_floor.reviewer)).open(PASSPHRASE)
    address, token = (vault.store.call(lambda s, key=key: s.get_setting(key)) for key in (ADDRESS, TOKEN))
    vault.lock()
    with CaseSystem(address.decode(), token.decode(), "other-desk") as client:
        yield client


def seen_there(member: str, seconds: float) -> OutboxEvent:
    now = SystemClock().now()
    told = ExposureRecorded(member=member, started_at=now, seconds=seconds, weight=2.0, level="clear", violent=True)
    return OutboxEvent(
        id=uuid7(),
        sequence=1,
        type=EventType.EXPOSURE_RECORDED,
        workstation="other-desk",
        actor=member,
        at=now,
        payload=as_payload(told),
    )


def figures_when(session: WorkSession, holds: Callable[[ExposureFigures], bool]) -> ExposureFigures:
    deadline = time.monotonic() + 10
    while not holds(session.exposure()):
        assert time.monotonic() < deadline, session.exposure()
        time.sleep(0.01)
    return session.exposure()


def test_at_unlock_the_other_desk_is_counted_once(own_floor: Floor, other_desk: CaseSystem, unlocked: Unlock) -> None:
    event = seen_there(own_floor.reviewer, 0.5)
    for expected in (AnswerStatus.ACCEPTED, AnswerStatus.DUPLICATE):
        assert [answer.status for answer in other_desk.post_events([event])] == [expected]
    session = unlocked()
    figures = figures_when(session, lambda f: f.last_7_days_s > 0)
    session._elsewhere.ask()
    again = session.exposure()
    for told in (figures, again):
        assert (told.last_7_days_s, told.last_7_days_weighted_s, told.elsewhere_unheard) == (0.5, 1.0, False)
    assert session.exposure_broken_down(7).total.seconds == 0.0
    assert other_desk.exposure_elsewhere() == ()


def test_a_case_system_that_does_not_answer_is_said(unlocked: Unlock, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(_client: CaseSystem) -> tuple[()]:
        raise CaseSystemUnreachable

    monkeypatch.setattr(CaseSystem, "exposure_elsewhere", silent)
    assert figures_when(unlocked(), lambda f: f.elsewhere_unheard)


def test_a_lock_in_a_long_stretch_is_told_at_once_and_counts_once(
    own_floor: Floor, unlocked: Unlock, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[OutboxEvent] = []
    post = CaseSystem.post_events

    def watched(client: CaseSystem, events: Sequence[OutboxEvent]) -> Sequence[EventAnswer]:
        sent.extend(event for event in events if event.type is EventType.WITHOUT_BREAK)
        return post(client, events)

    monkeypatch.setattr(CaseSystem, "post_events", watched)
    session = unlocked()
    session._exposure._meter._stint.work_s = 2.3 * 3600
    session.sync_now()
    session.sync_now()
    session.lock()
    session.farewell(10)
    assert [event.payload["quarter_hours"] for event in sent] == [9, 0]
    again = unlocked()
    again.sync_now()
    assert again.sync_state().parked == 0
    assert [event.payload["quarter_hours"] for event in sent] == [9, 0, 0]
    assert sent[1] == sent[2]
