"""What custody logs tell of a case: each its own, larger only, sealed; for who builds packages and holds the key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from house import BOSS, GATE, ONE, TWO, House, ciphertext
from test_case_keys_over_http import change, checkpoint, consent, enrolled, leaves, refusal, stage

from reviewer.casesystem import custody_told
from reviewer.model.cases import Item
from reviewer.model.custody import origin_of
from reviewer.model.supervision import RECORD_LOOK
from reviewer.sync.client import CaseSystem
from reviewer.sync.errors import RoleRefused
from reviewer.vault.signed_note import Signer

__all__ = ["enrolled"]

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]


@pytest.fixture(autouse=True)
def _case(taken_in: TakeIn) -> None:
    taken_in(size=1000)


def anchored(as_member: As, who: str = ONE, desk: str = "desk-1", sizes: tuple[int, ...] = (2,)) -> CaseSystem:
    """A client of this member at this workstation, whose log has been anchored at these sizes."""
    client, log = as_member(who, desk), leaves(max(sizes), desk)
    signer = Signer(origin_of(desk), desk.encode().ljust(32))
    for previous, size in zip((0, *sizes), sizes, strict=False):
        client.anchor(checkpoint(log[:size], previous, by=signer))
    return client


def tell(client: CaseSystem, size: int, sealed: bytes = b"sealed") -> None:
    client.told.tell("case-1", size, sealed, client.told.recipient("case-1")[1])


def held(client: CaseSystem) -> list[tuple[str, int, bytes]]:
    return [(one.origin, one.size, one.sealed) for one in client.told.of_case("case-1")]


def test_every_log_tells_and_only_a_larger_one_replaces(as_member: As) -> None:
    one, gate = anchored(as_member, sizes=(2, 5)), anchored(as_member, GATE, "gate-1")
    tell(gate, 2, b"taken in")
    tell(one, 2, b"opened")
    tell(one, 2, b"opened again")
    assert held(as_member(TWO)) == [(origin_of("desk-1"), 2, b"opened"), (origin_of("gate-1"), 2, b"taken in")]
    tell(one, 5, b"decided")
    assert refusal(lambda: tell(one, 2)) == "custody-older"
    assert held(as_member(TWO))[0] == (origin_of("desk-1"), 5, b"decided")


def test_a_log_that_is_not_anchored_so_far_or_not_ones_own_tells_nothing(as_member: As) -> None:
    anchored(as_member)
    for who, desk, size in ((ONE, "desk-1", 3), (ONE, "desk-2", 2), (TWO, "desk-1", 2), (GATE, "desk-1", 2)):
        stranger = as_member(who, desk)
        assert refusal(lambda s=stranger, n=size: tell(s, n)) == "checkpoint-missing"  # type: ignore[misc]
    assert held(as_member(TWO)) == []


def test_a_log_without_a_pinned_key_tells_nothing(as_member: As) -> None:
    client = as_member(ONE)
    client.anchor(checkpoint(leaves(2), by=Signer(origin_of("desk-1"), b"\5" * 32), verifier=""))
    assert refusal(lambda: tell(client, 2)) == "checkpoint-missing"


def test_who_has_nothing_to_do_with_the_case_tells_nothing_and_gets_nothing(as_member: As, taken_in: TakeIn) -> None:
    taken_in("item-2", "case-2", size=1000, shared=(ONE, GATE))
    two, one = anchored(as_member, TWO, "desk-2"), anchored(as_member)
    one.told.tell("case-2", 2, b"mine", one.told.recipient("case-2")[1])
    assert refusal(lambda: two.told.recipient("case-2")) == "no-key-for-you"
    assert refusal(lambda: two.told.tell("case-2", 2, b"x", '"keys-1"')) == "no-key-for-you"
    assert refusal(lambda: two.told.of_case("case-2")) == "no-key-for-you"
    assert refusal(lambda: as_member(BOSS).told.of_case("case-2")) == "no-key-for-you", "a role gives no way in"
    with pytest.raises(RoleRefused):
        as_member(GATE).told.of_case("case-2")


def test_those_whose_logs_they_are_are_told_who_read_them(as_member: As) -> None:
    tell(anchored(as_member), 2)
    held(as_member(TWO))
    held(as_member(TWO))
    (look,) = as_member(ONE).looks()
    assert (look.viewer, look.purpose) == ("Reviewer 02", RECORD_LOOK)
    assert as_member(TWO).looks() == ()


def test_another_key_of_the_case_and_everything_is_wanted_anew(as_member: As, taken_in: TakeIn) -> None:
    one, gate = anchored(as_member), as_member(GATE)
    tell(one, 2, b"to the old key")
    etag_before = one.told.recipient("case-1")[1]
    items = list(gate.keys.items("case-1"))
    new = {items[0].id: ciphertext(1100, seed=7)}
    stage(gate, new)
    rekeyed = change(items, new)
    rekeyed.keys.update({ONE: b"new", TWO: b"new"})
    gate.keys.rekey("case-1", rekeyed, gate.keys.state("case-1")[1])
    assert held(as_member(TWO)) == []
    assert one.told.wanted() == ("case-1",)
    assert as_member(TWO).told.wanted() == as_member(ONE, "desk-9").told.wanted() == ()
    assert refusal(lambda: one.told.tell("case-1", 2, b"late, to the old key", etag_before)) == "keys-changed"
    tell(one, 2, b"to the new key")
    assert held(as_member(TWO)) == [(origin_of("desk-1"), 2, b"to the new key")]
    assert one.told.wanted() == ()


@pytest.mark.usefixtures("enrolled")
def test_with_the_case_all_of_it_is_destroyed(as_member: As, house: House) -> None:
    tell(anchored(as_member), 2, b"what the log of desk-1 says")
    as_member(BOSS).keys.consent("case-1", consent(BOSS))
    as_member(GATE).keys.consent("case-1", consent(GATE))
    assert refusal(lambda: as_member(TWO).told.of_case("case-1")) == "case-destroyed"
    assert refusal(lambda: as_member(ONE).told.recipient("case-1")) == "case-destroyed"
    assert not any(b"what the log of desk-1 says" in path.read_bytes() for path in house.folder.glob("case.db*"))


def test_pages_are_joined(as_member: As, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(custody_told, "MAX_PAGE_BYTES", 10)
    for number in range(3):
        tell(anchored(as_member, ONE, f"desk-{number}"), 2, b"%d" % number * 6)
    assert [sealed for _, _, sealed in held(as_member(TWO))] == [b"000000", b"111111", b"222222"]


def test_an_empty_or_too_large_extract_is_refused(as_member: As) -> None:
    one = anchored(as_member)
    assert refusal(lambda: tell(one, 2, b"")) == "extract-unusable"
    assert refusal(lambda: tell(one, 2, bytes(custody_told.MAX_SEALED_EXTRACT + 1))) == "body-too-large"
