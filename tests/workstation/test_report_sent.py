"""A CyberTipline report from a real session: sent once, by a second step, and recorded for what was answered."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from test_handing_off import Desk, desk, unlock

from reviewer.handoff.errors import ClearingHouseUnusable, SendingFailed
from reviewer.model.handoff import StepKind
from reviewer.model.policy import Policy
from reviewer.ui.handoff_ports import Sending, Sent
from reviewer.workstation.report_sending import keep_credentials

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "handoff"))
from clearing_house_double import PASSWORD, USER, ClearingHouseDouble, Trouble

__all__ = ["desk", "unlock"]


@pytest.fixture
def house() -> Iterator[ClearingHouseDouble]:
    with ClearingHouseDouble() as running:
        yield running


@pytest.fixture
def sender(desk: Desk, house: ClearingHouseDouble) -> Desk:
    """Its policy names the clearing house, and its vault the credentials."""
    keep_credentials(desk.session._vault, USER, PASSWORD)
    policy: Policy = desk.session._policy
    terms = msgspec.structs.replace(policy.handoff, clearing_house=house.address)
    changed = msgspec.structs.replace(policy, handoff=terms)
    desk.handoffs._policy = changed
    desk.handoffs._gathering._policy = changed
    desk.handoffs._sending._policy = changed
    return desk


def send(desk: Desk, sending: Sending, cancelled: Callable[[], bool] = lambda: False) -> Sent:
    return desk.handoffs.send(sending, progress=lambda _: None, cancelled=cancelled)


def test_nothing_is_sent_before_the_second_step_and_then_once(sender: Desk, house: ClearingHouseDouble) -> None:
    made = sender.build().handoff.made
    sending = sender.handoffs.prepare_sending(made.id)
    assert house.calls == []
    assert [exhibit for exhibit, _, _ in sending.files]
    assert not any(viewed for _, _, viewed in sending.files), "decided without opening: nobody saw them"
    sent = send(sender, sending)
    assert sent.files == 2
    (report,) = house.finished
    assert report.xml.decode() == sending.xml
    assert {hashlib.sha256(body).hexdigest() for body in report.files.values()} == {
        item.fingerprints.sha256 for item in sender.items
    }
    (recorded,) = sender.handoffs.made(sender.case_id)
    received = recorded.step(StepKind.RECEIVED)
    assert received is not None
    assert (received.receipt, received.receipt_sha256) == (sent.report_id, sent.receipt_sha256)
    assert recorded.step(StepKind.SENT) is not None
    with pytest.raises(SendingFailed, match="once already"):
        send(sender, sending)
    with pytest.raises(SendingFailed, match="confirmed before"):
        sender.handoffs.prepare_sending(made.id)
    assert len(house.reports) == 1


def test_cancelled_it_is_retracted_and_can_be_sent_again(sender: Desk, house: ClearingHouseDouble) -> None:
    made = sender.build().handoff.made
    with pytest.raises(SendingFailed):
        send(sender, sender.handoffs.prepare_sending(made.id), cancelled=lambda: bool(house.reports))
    assert not house.finished
    (recorded,) = sender.handoffs.made(sender.case_id)
    assert recorded.step(StepKind.SENT) is None, "what was retracted was not sent"
    assert send(sender, sender.handoffs.prepare_sending(made.id)).files == 2
    assert len(house.finished) == 1


def test_where_finishing_is_unclear_nobody_sends_it_a_second_time(sender: Desk, house: ClearingHouseDouble) -> None:
    made = sender.build().handoff.made
    house.trouble["finish"] = Trouble(drop=True, work=True)
    with pytest.raises(SendingFailed):
        send(sender, sender.handoffs.prepare_sending(made.id))
    house.trouble.clear()
    (recorded,) = sender.handoffs.made(sender.case_id)
    assert recorded.step(StepKind.SENT) is None, "unclear is told neither as sent nor as received"
    with pytest.raises(SendingFailed, match="not known whether it arrived"):
        sender.handoffs.prepare_sending(made.id)
    assert len(house.reports) == 1


def test_without_a_clearing_house_nothing_is_prepared(desk: Desk) -> None:
    with pytest.raises(ClearingHouseUnusable):
        desk.handoffs.prepare_sending(desk.build().handoff.made.id)
