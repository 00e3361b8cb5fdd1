"""Items that cannot be shown: one clear sentence, a custody entry, nothing lost, and the item can still be decided."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from evidence import damaged_picture, picture, png, unknown
from floor import Floor
from shift import Key, Shift, three_parts

from reviewer.demo.organisation import INTAKE
from reviewer.model.cases import Item
from reviewer.model.custody import CustodyAction
from reviewer.model.errors import DamagedMedia
from reviewer.model.levels import Level
from reviewer.ui.desk_flow import DeskState
from reviewer.vault.age import HmacError, PayloadError
from reviewer.workstation.watched import ContainerNotAsRegistered

Begin = Callable[..., Shift]


def shows_trouble_and_can_be_decided(shift: Shift, item: Item, words: str, code: str) -> None:
    """The promise of this file. `words` are the three sentences, `code` what custody and viewing record name."""
    shift.take(item)
    assert shift.wait_notice(words)
    assert shift.bench.viewer.current_level is Level.FACTS
    assert shift.says("It can be decided from the facts, or passed on.")
    refused = shift.custody(CustodyAction.COULD_NOT_OPEN)
    assert [(e.exhibit, e.reason) for e in refused] == [(item.exhibit, code)]
    assert shift.custody(CustodyAction.OPENED) == []
    shift.driver.key(Key.Key_5)
    assert shift.bench.viewer.current_level is Level.FACTS
    shift.answer("decided from the facts")
    shift.decide()
    (decision,) = shift.store(lambda s: s.decisions_of(item.id))
    _, record = shift.store(lambda s: s.decision(decision.id))
    assert record.could_not_open == code
    shift.wait_delivered(item)
    assert [d.id for d in shift.floor.decisions_of(item.id)] == [decision.id]


def test_a_flipped_byte_in_the_container(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(picture())
    blob = quiet_floor.blob(item)
    data = bytearray(blob.read_bytes())
    data[len(data) // 2] ^= 1
    blob.write_bytes(data)
    shows_trouble_and_can_be_decided(begin(), item, three_parts(PayloadError), PayloadError.code)


def test_a_flipped_byte_in_the_header(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(picture())
    blob = quiet_floor.blob(item)
    data = bytearray(blob.read_bytes())
    at = data.index(b"\n--- ") + 6
    data[at] = ord("A") if data[at] != ord("A") else ord("B")
    blob.write_bytes(data)
    shows_trouble_and_can_be_decided(begin(), item, three_parts(HmacError), HmacError.code)


def test_a_container_cut_short_at_the_case_system(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(picture())
    blob = quiet_floor.blob(item)
    blob.write_bytes(blob.read_bytes()[:-1000])
    error = ContainerNotAsRegistered
    shows_trouble_and_can_be_decided(begin(), item, three_parts(error), error.code)


def test_a_container_cut_short_on_this_machine(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(picture())
    shift = begin()
    cache = shift.folder / "vault" / "containers"
    (cache / f"{item.id}.age").write_bytes(quiet_floor.blob(item).read_bytes()[:-1000])
    shows_trouble_and_can_be_decided(shift, item, three_parts(PayloadError), PayloadError.code)


def test_a_case_that_is_no_longer_shared(quiet_floor: Floor, begin: Begin) -> None:
    """It was in the queue already; then its key was taken away: it is not leased, and says why."""
    case = quiet_floor.open_case()
    item = quiet_floor.take_in(picture(), case=case)
    shift = begin()
    shift.wait_for_queue()
    sealed = quiet_floor.intake_client.case_key(case.id)
    quiet_floor.intake_client.share_case(case.id, {INTAKE: sealed})
    shift.driver.key(Key.Key_Return)
    assert shift.wait_notice("This case is not shared with you.")
    assert shift.bench.flow.state is DeskState.EMPTY
    assert shift.custody(CustodyAction.OPENED) == []
    assert shift.store(lambda s: s.case_key(case.id)) is None
    assert item.id not in shift.session._items._leases


def test_a_case_that_is_not_shared_is_not_listed(quiet_floor: Floor, begin: Begin) -> None:
    case = quiet_floor.open_case()
    quiet_floor.take_in(picture(), case=case)
    sealed = quiet_floor.intake_client.case_key(case.id)
    quiet_floor.intake_client.share_case(case.id, {INTAKE: sealed})
    shared = quiet_floor.take_in(picture(2))
    shift = begin()
    shift.wait_for_queue()
    assert shift.bench.queue.model.rowCount() == 1
    shift.take(shared)


def test_a_damaged_picture(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(damaged_picture())
    shows_trouble_and_can_be_decided(begin(), item, three_parts(DamagedMedia), DamagedMedia.code)


def test_a_type_that_cannot_be_shown(quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(unknown(), "mp4")
    shift = begin()
    shift.take(item)
    assert shift.says("This version cannot show this kind of item")
    (opened,) = shift.custody(CustodyAction.OPENED)
    assert opened.exhibit == item.exhibit
    shift.driver.key(Key.Key_5)
    assert shift.bench.viewer.current_level is Level.FACTS
    shift.answer()
    shift.decide()


@pytest.mark.parametrize("seen", [False, True])
def test_a_type_that_is_not_what_it_was_sent_as(seen: bool, quiet_floor: Floor, begin: Begin) -> None:
    item = quiet_floor.take_in(png(), "jpeg")
    assert item.facts.mismatch
    shift = begin()
    shift.take(item)
    shift.level(Key.Key_1, Level.FACTS)
    assert shift.says("jpeg; the content is not")
    if seen:
        shift.level(Key.Key_2, Level.BLURRED)
    (opened,) = shift.custody(CustodyAction.OPENED)
    assert opened.exhibit == item.exhibit
    shift.answer()
    shift.decide()
