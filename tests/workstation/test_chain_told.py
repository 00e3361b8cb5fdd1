"""A package has the custody of every workstation, told sealed; what is false, foreign or missing is said in it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import msgspec
import pytest
from evidence import picture
from floor import Floor
from patience import PATIENCE_S
from test_handing_off import Desk, desk, unlock

from reviewer.demo.organisation import SUPERVISOR
from reviewer.handoff.dossier import CustodyExtract
from reviewer.model.custody import CustodyAction, CustodyEntry, origin_of
from reviewer.model.errors import CaseSystemUnreachable, CustodyBroken
from reviewer.sync.client import CaseSystem
from reviewer.vault import age
from reviewer.workstation import custody_told, sealed_extract
from reviewer.workstation.case_keys import CaseKeyDesk
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.custody_extract import own_extract
from reviewer.workstation.custody_told import CustodyTelling
from reviewer.workstation.handoff_record import whole_record
from reviewer.workstation.sealed_extract import open_extract, seal_extract
from reviewer.workstation.session import WorkSession
from reviewer.workstation.telling_now import tell_now
from reviewer.workstation.whole_chain import Chain, gaps, whole_chain

__all__ = ["desk", "unlock"]

INTAKE_LOG = origin_of("ws-intake-01")


@pytest.fixture(autouse=True)
def _by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions do not tell by themselves here, but where a test lets one."""
    monkeypatch.setattr(CustodyTelling, "start", lambda _self: None)


def chain(session: WorkSession, case_id: str) -> tuple[Chain, tuple[str, ...]]:
    record = whole_record(session._case_system, case_id)
    found = whole_chain(session._vault, session._case_system, case_id, record.anchors, exports=(), check=lambda: None)
    return found, gaps(found.extracts, record.items)


def actions(extracts: tuple[CustodyExtract, ...]) -> list[CustodyAction]:
    return [msgspec.json.decode(line.entry, type=CustodyEntry).action for one in extracts for line in one.lines]


def tell_as_intake(floor: Floor) -> None:
    tell_now(floor._vault, floor.intake_client, SystemClock())


def alter(floor: Floor, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(floor.database, timeout=10)) as database, database:
        assert database.execute(statement, values).rowcount == 1


def due(session: WorkSession) -> tuple[str, ...]:
    body = session._vault.store.call(lambda s: s.get_setting("custody_told"))
    return msgspec.json.decode(body, type=custody_told._Due).cases if body is not None else ()


def telling(session: WorkSession) -> CustodyTelling:
    return CustodyTelling(session._vault, session._case_system, SystemClock(), lambda: None)


def test_the_chain_begins_with_the_taking_in_and_the_package_verifies(desk: Desk, own_floor: Floor) -> None:
    alone, said = chain(desk.session, desk.case_id)
    assert CustodyAction.TAKEN_IN not in actions(alone.extracts)
    assert said == ("No entry tells of the taking in of 2 of the 2 exhibits here.",)
    before = desk.verify(desk.build().path).custody_entries
    tell_as_intake(own_floor)
    whole, said = chain(desk.session, desk.case_id)
    assert (whole.missing, said) == ((), ())
    assert [one.checkpoint.partition("\n")[0] for one in whole.extracts] == [
        INTAKE_LOG,
        origin_of(f"ws-{own_floor.reviewer}"),
    ]
    assert actions(whole.extracts)[:2] == [CustodyAction.TAKEN_IN] * 2
    assert desk.verify(desk.build().path).custody_entries >= before + 2


def test_more_cases_than_a_round_has_are_told_to_the_last(own_floor: Floor, monkeypatch: pytest.MonkeyPatch) -> None:
    tell_as_intake(own_floor)
    monkeypatch.setattr(custody_told, "_ROUND", 2)
    cases = {own_floor.take_in(picture()).case_id for _ in range(5)}
    tell_as_intake(own_floor)
    body = own_floor._vault.store.call(lambda s: s.get_setting("custody_told"))
    assert body is not None
    assert not cases & set(msgspec.json.decode(body, type=custody_told._Due).cases)


def test_another_reviewers_part_is_there_once_they_told_it(
    desk: Desk, own_floor: Floor, unlock: Callable[..., WorkSession]
) -> None:
    tell_as_intake(own_floor)
    boss = unlock(SUPERVISOR)
    found, said = chain(boss, desk.case_id)
    assert said == ("Of 2 of the 2 decisions here no entry of the person who made it is here.",)
    desk.session._vault.checkpoint(SystemClock().now())
    desk.session._sync._worker.drain_once()
    assert telling(desk.session).tell() == 0
    found, said = chain(boss, desk.case_id)
    assert said == ()
    assert actions(found.extracts).count(CustodyAction.DECIDED) == 2
    assert telling(desk.session).tell() == 0


def test_a_session_tells_by_itself_what_it_logged(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    session = desk.session
    monkeypatch.undo()
    own = CustodyTelling(session._vault, session._case_system, SystemClock(), session._sync._worker.wake)
    monkeypatch.setattr(custody_told, "_ANCHORING_S", 0.5)
    own.soon()
    own.start()
    try:
        until = time.monotonic() + PATIENCE_S
        while not session._case_system.told.of_case(desk.case_id):
            assert time.monotonic() < until, "it was not told"
            time.sleep(0.05)
    finally:
        own.stop()
    assert not own._thread.is_alive()


def test_offline_it_is_told_later(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.session._vault.checkpoint(SystemClock().now())
    desk.session._sync._worker.drain_once()

    def unreachable(*_: object) -> None:
        raise CaseSystemUnreachable

    told = desk.session._case_system.told
    monkeypatch.setattr(told, "tell", unreachable)
    with pytest.raises(CaseSystemUnreachable):
        telling(desk.session).tell()
    assert due(desk.session) == (desk.case_id,)
    monkeypatch.undo()
    assert telling(desk.session).tell() == 0
    assert due(desk.session) == ()
    assert [one.origin for one in told.of_case(desk.case_id)] == [origin_of(desk.session._vault.workstation)]


def test_what_was_altered_or_is_anothers_is_left_out_and_that_is_said(desk: Desk, own_floor: Floor) -> None:
    tell_as_intake(own_floor)
    other = own_floor.open_case()
    own_floor.take_in(picture(), case=other)
    tell_as_intake(own_floor)
    client: CaseSystem = desk.session._case_system
    (honest,) = [one.sealed for one in client.told.of_case(desk.case_id) if one.origin == INTAKE_LOG]
    desk.session._vault.store.call(lambda s: s.put_case_key(other.id, client.case_key(other.id)))
    of_other = client.told.of_case(other.id)[0].sealed
    key = desk.session._vault.case_identity(desk.case_id)
    forged = own_extract(own_floor._vault, other.id, lambda: None)
    assert forged is not None
    set_it = "UPDATE told_extracts SET sealed = ? WHERE case_id = ? AND origin = ?"
    for sealed, words in (
        (honest[:-1] + bytes([honest[-1] ^ 1]), "did not verify"),
        (seal_extract(forged, key.recipient()), "did not verify"),
        (of_other, "sealed to a key that was replaced"),
        (b"not even age", "did not verify"),
    ):
        alter(own_floor, set_it, sealed, desk.case_id, INTAKE_LOG)
        found, _ = chain(desk.session, desk.case_id)
        (sentence,) = found.missing
        assert INTAKE_LOG in sentence
        assert words in sentence
        assert CustodyAction.TAKEN_IN not in actions(found.extracts)
    alter(own_floor, "UPDATE told_extracts SET sealed = ?, origin = 'x' WHERE case_id = ? AND origin = ?", honest,
          desk.case_id, INTAKE_LOG)  # fmt: skip
    found, _ = chain(desk.session, desk.case_id)
    assert "x did not verify" in found.missing[0]


def test_nothing_is_sealed_to_a_key_that_nobody_vouches_for(desk: Desk, own_floor: Floor) -> None:
    desk.session._vault.checkpoint(SystemClock().now())
    desk.session._sync._worker.drain_once()
    other = own_floor.open_case()
    with closing(sqlite3.connect(own_floor.database, timeout=10)) as database:
        (statement,) = database.execute("SELECT statement FROM cases WHERE id = ?", (other.id,)).fetchone()
    for false in (statement, "", "reviewer.invalid/case-key\n"):
        alter(own_floor, "UPDATE cases SET statement = ? WHERE id = ?", false, desk.case_id)
        assert telling(desk.session).tell() == 1
    assert due(desk.session) == (desk.case_id,)
    assert desk.session._case_system.told.of_case(desk.case_id) == ()


def test_nothing_that_was_told_can_be_read_at_the_case_system(desk: Desk, own_floor: Floor) -> None:
    tell_as_intake(own_floor)
    desk.session._vault.checkpoint(SystemClock().now())
    desk.session._sync._worker.drain_once()
    assert telling(desk.session).tell() == 0
    with closing(sqlite3.connect(own_floor.database, timeout=10)) as database:
        asked = "SELECT sealed FROM told_extracts WHERE case_id = ?"
        told = [sealed for (sealed,) in database.execute(asked, (desk.case_id,))]
        log = [text for (text,) in database.execute("SELECT note FROM checkpoints")]
    assert len(told) == 2
    assert all(sealed.startswith(b"age-encryption.org/v1\n") for sealed in told)
    for item in desk.items:
        assert not any(item.exhibit.encode() in sealed or b"opened" in sealed for sealed in told)
        assert not any(item.exhibit in note for note in log)


def test_after_a_rekey_it_is_told_again_to_the_new_key(desk: Desk, own_floor: Floor) -> None:
    tell_as_intake(own_floor)
    desks = CaseKeyDesk(own_floor._vault, own_floor.intake_client, SystemClock())
    desks.take(desk.case_id, SUPERVISOR)
    found, said = chain(desk.session, desk.case_id)
    assert len(found.extracts) == len(said) == 1, "nobody opens what was sealed to the key before"
    tell_as_intake(own_floor)
    found, said = chain(desk.session, desk.case_id)
    assert (len(found.extracts), said, found.missing) == (2, (), ())


def test_the_newest_are_told_where_not_all_have_room(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.session._vault.checkpoint(SystemClock().now())
    extract = own_extract(desk.session._vault, desk.case_id, lambda: None)
    assert extract is not None
    key = age.generate_identity()
    monkeypatch.setattr(sealed_extract, "MAX_LINES", 2)
    opened, left_out = open_extract(
        seal_extract(extract, key.recipient()), [key], case_id=desk.case_id, verifier=extract.verifier
    )
    assert (opened, left_out) == (replace(extract, lines=extract.lines[-2:]), len(extract.lines) - 2)
    monkeypatch.undo()
    whole = len(seal_extract(extract, key.recipient()))
    monkeypatch.setattr(sealed_extract, "MAX_SEALED_EXTRACT", whole - 1)
    assert len(seal_extract(extract, key.recipient())) < whole


def test_an_extract_proves_itself_or_is_nothing(desk: Desk) -> None:
    desk.session._vault.checkpoint(SystemClock().now())
    extract = own_extract(desk.session._vault, desk.case_id, lambda: None)
    assert extract is not None
    key = age.generate_identity()
    first, second, *rest = extract.lines

    def opens(changed: CustodyExtract, case_id: str = desk.case_id, verifier: str = extract.verifier) -> None:
        open_extract(seal_extract(changed, key.recipient()), [key], case_id=case_id, verifier=verifier)

    opens(extract)
    with pytest.raises(CustodyBroken):
        opens(extract, case_id="another")
    with pytest.raises(CustodyBroken):
        opens(extract, verifier=str(desk.session._vault.member_signer.verifier))
    for changed in (
        replace(extract, size=extract.size + 1),
        replace(extract, root="0" * 64),
        replace(extract, lines=()),
        replace(extract, lines=(second, first, *rest)),
        replace(extract, lines=(first, first)),
        replace(extract, lines=(replace(first, entry=first.entry.replace("opened", "leased")),)),
        replace(extract, lines=(replace(first, position=second.position),)),
        replace(extract, lines=(replace(first, proof=()),)),
        replace(extract, lines=(replace(first, salt="zz"),)),
        replace(extract, lines=(replace(first, redacted=first.entry),)),
        replace(extract, checkpoint=extract.checkpoint.replace("—", "-")),
    ):
        with pytest.raises(CustodyBroken):
            opens(changed)


def test_what_unpacks_without_end_is_not_unpacked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    extract = own_extract(desk.session._vault, desk.case_id, lambda: None)
    key = age.generate_identity()
    assert extract is not None
    sealed = seal_extract(extract, key.recipient())
    monkeypatch.setattr(sealed_extract, "_MAX_UNPACKED", 1000)
    with pytest.raises(CustodyBroken, match="too large"):
        open_extract(sealed, [key], case_id=desk.case_id, verifier=extract.verifier)


def test_without_the_case_system_the_package_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    record = whole_record(desk.session._case_system, desk.case_id)

    def unreachable(_case_id: str) -> None:
        raise CaseSystemUnreachable

    monkeypatch.setattr(desk.session._case_system.told, "of_case", unreachable)
    found = whole_chain(
        desk.session._vault, desk.session._case_system, desk.case_id, record.anchors, exports=(), check=lambda: None
    )
    assert found.missing == ("What the logs of other workstations say could not be asked of the case system.",)
