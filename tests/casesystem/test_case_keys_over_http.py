"""Case keys over HTTP: rosters and sets of keys change by If-Match, a re-key is all or nothing, two people destroy."""

from __future__ import annotations

import base64
import hashlib
import io
import sqlite3
import zlib
from collections.abc import Callable
from datetime import timedelta

import httpx
import msgspec
import pytest
from house import BOSS, GATE, NOON, ONE, ROSTER, TWO, House, a_decision, an_item, ciphertext, decided
from test_checkpoints_anchored import leaves, proof, root

from reviewer.casesystem.notes import signed_text
from reviewer.model.cases import Item
from reviewer.model.errors import CaseSystemRefused
from reviewer.model.events import AnswerStatus
from reviewer.model.ids import uuid7
from reviewer.model.payloads import CheckpointMade
from reviewer.model.statements import Consent, member_key_name
from reviewer.model.wire import NewContainer, Rekeyed
from reviewer.sync.client import CaseSystem
from reviewer.sync.refusals import slug_of
from reviewer.vault.signed_note import Signer

As = Callable[..., CaseSystem]
TakeIn = Callable[..., Item]
SIGNERS = {member.id: Signer(member_key_name(member.id), member.id.encode().ljust(32)) for member in ROSTER}


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(CaseSystemRefused) as refused:
        call()
    assert refused.value.what_happened
    return slug_of(refused.value.problem_type)


def consent(who: str, **change: object) -> str:
    made = Consent(
        request="request-1",
        case_id="case-1",
        member_id=who,
        signed_at=NOON,
        expires_at=NOON + timedelta(days=7),
        reason="end of retention",
    )
    return SIGNERS[who].sign(msgspec.structs.replace(made, **change).text)


@pytest.fixture
def enrolled(as_member: As) -> None:
    for who, signer in SIGNERS.items():
        as_member(who).keys.enrol("age1" + "q" * 40, str(signer.verifier))


# the roster


def test_a_roster_replaces_only_the_one_it_was_made_from(as_member: As) -> None:
    boss, one = as_member(BOSS).keys, as_member(ONE).keys
    assert one.roster() is None
    boss.put_roster("first\n", None)
    assert refusal(lambda: boss.put_roster("another first\n", None)) == "roster-changed"
    held = one.roster()
    assert held is not None
    assert held[0] == "first\n"
    boss.put_roster("second\n", held[1])
    assert refusal(lambda: boss.put_roster("third\n", held[1])) == "roster-changed"
    assert one.roster()[0] == "second\n"  # type: ignore[index]


def test_a_roster_without_a_condition_is_refused(raw: httpx.Client, house: House) -> None:
    assert raw.put("roster", content=b"x", headers=house.headers(BOSS)).status_code == 428
    answer = raw.put("roster", content=b"\xff", headers={**house.headers(BOSS), "If-None-Match": "*"})
    assert answer.status_code == 422


def test_keys_of_ones_own_vault_only_under_ones_own_name(as_member: As) -> None:
    one = as_member(ONE)
    one.keys.enrol("age1mine", str(SIGNERS[ONE].verifier))
    assert (one.me().recipient, one.me().verifier) == ("age1mine", str(SIGNERS[ONE].verifier))
    for recipient, verifier in (
        ("age1mine", str(SIGNERS[TWO].verifier)),
        ("age1mine", "nonsense"),
        ("AGE-SECRET-KEY-1", str(SIGNERS[ONE].verifier)),
        ("age1 mine", str(SIGNERS[ONE].verifier)),
    ):
        assert refusal(lambda r=recipient, v=verifier: one.keys.enrol(r, v)) == "key-unusable"  # type: ignore[misc]


# sharing


def test_one_more_member_and_nobody_loses_theirs(as_member: As, taken_in: TakeIn) -> None:
    taken_in(size=1000, shared=(ONE, GATE))
    gate = as_member(GATE).keys
    state, etag = gate.state("case-1")
    assert state.holders == (GATE, ONE)
    assert refusal(lambda: as_member(TWO).case_key("case-1")) == "no-key-for-you"
    gate.give("case-1", TWO, b"for two", etag)
    assert (as_member(ONE).case_key("case-1"), as_member(TWO).case_key("case-1")) == (b"sealed", b"for two")
    assert refusal(lambda: gate.give("case-1", BOSS, b"x", etag)) == "keys-changed"
    _, etag = gate.state("case-1")
    assert refusal(lambda: gate.give("case-1", "nobody", b"x", etag)) == "no-such-member"
    assert refusal(lambda: gate.give("case-1", TWO, b"", etag)) == "key-unusable"
    assert refusal(lambda: gate.give("no-case", TWO, b"x", etag)) == "no-such-case"
    (line,) = gate.cases()
    assert (line.case.id, line.holders, line.items) == ("case-1", (GATE, ONE, TWO), 1)


def test_an_item_sealed_under_replaced_keys_is_not_registered(as_member: As, taken_in: TakeIn) -> None:
    taken_in(size=1000)
    gate = as_member(GATE)
    _, etag = gate.keys.state("case-1")
    gate.keys.give("case-1", TWO, b"for two", etag)
    assert refusal(lambda: gate.register_item(an_item("item-2"), etag)) == "keys-changed"
    gate.register_item(an_item("item-2"), gate.keys.state("case-1")[1])


# re-keying


def stored(house: House) -> set[str]:
    return {path.name for path in house.blobs.glob("??/*")}


def change(items: list[Item], new: dict[str, bytes]) -> Rekeyed:
    containers = {
        item.id: NewContainer(
            was=item.container_sha256, sha256=hashlib.sha256(new[item.id]).hexdigest(), size=len(new[item.id])
        )
        for item in items
    }
    return Rekeyed(keys={GATE: b"new"}, statement="statement", containers=containers)


def stage(client: CaseSystem, new: dict[str, bytes]) -> None:
    for item_id, data in new.items():
        client.keys.stage(item_id, io.BytesIO(data), hashlib.sha256(data).hexdigest(), len(data))


def test_a_rekey_changes_every_container_at_once(as_member: As, taken_in: TakeIn, house: House) -> None:
    items = [taken_in(f"item-{n}", size=6_000_000) for n in range(3)]
    new = {item.id: ciphertext(6_000_100, seed=n) for n, item in enumerate(items)}
    gate, one = as_member(GATE), as_member(ONE)
    lease = one.lease("item-0")
    reader = one.open_container("item-0", 6_000_000, items[0].container_sha256)
    before = reader.read(1000)
    stage(gate, new)
    assert (
        one.open_container("item-1", 6_000_000, items[1].container_sha256).read(10)
        == ciphertext(6_000_000, seed=zlib.crc32(b"item-1"))[:10]
    )
    _, etag = gate.keys.state("case-1")
    wanted = msgspec.structs.replace(change(items, new), keys={GATE: b"new", ONE: b"new"})
    gate.keys.rekey("case-1", wanted, etag)
    assert len(before) == 1000
    reader.seek(5_990_000)
    assert refusal(lambda: reader.read(1000)) == "container-changed"
    for item_id, data in new.items():
        entry = one.keys.item(item_id)
        remote = one.open_container(item_id, entry.item.container_size, entry.item.container_sha256)
        assert remote.read() == data
    assert {entry.item.container_size for entry in one.queue()} == {6_000_100}
    assert one.case_key("case-1") == b"new"
    assert refusal(lambda: as_member(TWO).case_key("case-1")) == "no-key-for-you"
    assert refusal(lambda: as_member(TWO).keys.item("item-1")) == "no-key-for-you"
    assert gate.case_key("case-1") == b"new"
    one.renew(lease)
    fresh = {hashlib.sha256(data).hexdigest() for data in new.values()}
    assert stored(house) == fresh | {item.container_sha256 for item in items}
    house.clock.advance(house.terms.keep_replaced_s)
    with house.in_loop():
        assert stored(house) == fresh
    assert refusal(lambda: gate.keys.rekey("case-1", change(items, new), etag)) == "keys-changed"


@pytest.mark.parametrize("wrong", ["one missing", "never sent", "other base", "one arriving", "unknown member"])
def test_a_rekey_that_is_not_whole_changes_nothing(as_member: As, taken_in: TakeIn, house: House, wrong: str) -> None:
    items = [taken_in(f"item-{n}", size=1000) for n in range(2)]
    new = {item.id: ciphertext(1100, seed=n) for n, item in enumerate(items)}
    gate = as_member(GATE)
    stage(gate, {k: v for k, v in new.items() if wrong != "never sent" or k == "item-0"})
    wanted = change(items, new)
    if wrong == "one missing":
        wanted.containers.pop("item-1")
    if wrong == "other base":
        wanted.containers["item-1"] = msgspec.structs.replace(wanted.containers["item-1"], was="0" * 64)
    if wrong == "one arriving":
        gate.register_item(an_item("item-9"))
    if wrong == "unknown member":
        wanted.keys["nobody"] = b"x"
    state, etag = gate.keys.state("case-1")
    slug = refusal(lambda: gate.keys.rekey("case-1", wanted, etag))
    assert slug == {"one arriving": "item-arriving", "unknown member": "no-such-member"}.get(wrong, "items-changed")
    assert gate.keys.state("case-1") == (state, etag)
    one = as_member(ONE)
    for item in items:
        assert len(one.open_container(item.id, 1000, item.container_sha256).read()) == 1000


def test_only_the_promised_container_is_staged(as_member: As, taken_in: TakeIn, house: House) -> None:
    taken_in(size=1000)
    gate, data = as_member(GATE).keys, ciphertext(1100)
    digest = hashlib.sha256(data).hexdigest()
    assert refusal(lambda: gate.stage("item-1", io.BytesIO(data), "0" * 64, 1100)) == "container-differs"
    assert refusal(lambda: gate.stage("item-1", io.BytesIO(data * 90), digest, 99_000)) == "size-unusable"
    assert refusal(lambda: gate.stage("item-7", io.BytesIO(data), digest, 1100)) == "no-such-item"
    assert len(list(house.blobs.glob("??/*"))) == 1
    assert not list(house.blobs.glob("incoming/*"))


# destruction


def test_one_consent_destroys_nothing_and_two_destroy_the_keys(
    as_member: As, taken_in: TakeIn, enrolled: None, house: House
) -> None:
    item = taken_in(size=1000)
    boss, gate, one = as_member(BOSS), as_member(GATE), as_member(ONE)
    one.lease("item-1")
    assert boss.keys.destruction("case-1") is None
    assert boss.keys.consent("case-1", consent(BOSS)).destroyed_at is None
    assert gate.keys.destruction("case-1").notes == (consent(BOSS),)  # type: ignore[union-attr]
    assert one.case_key("case-1") == b"sealed"
    assert list(one.keys.tombstones(0)) == []
    done = gate.keys.consent("case-1", consent(GATE))
    assert done.destroyed_at == NOON
    (stone,) = one.keys.tombstones(0)
    assert (stone.case_id, stone.notes) == ("case-1", (consent(BOSS), consent(GATE)))
    assert list(one.keys.tombstones(stone.number)) == []
    assert one.queue() == ()
    for call in (
        lambda: one.case_key("case-1"),
        lambda: one.lease("item-1"),
        lambda: gate.keys.state("case-1"),
        lambda: gate.share_case("case-1", {ONE: b"sealed"}),
        lambda: gate.keys.give("case-1", ONE, b"x", '"keys-2"'),
        lambda: gate.register_item(an_item("item-2")),
        lambda: gate.keys.stage("item-1", io.BytesIO(b"x"), "0" * 64, 1),
        lambda: gate.keys.consent("case-1", consent(GATE)),
        lambda: gate.keys.destruction("case-1"),
    ):
        assert refusal(call) == "case-destroyed"
    assert len(one.open_container("item-1", 1000, item.container_sha256).read()) == 1000
    (answer,) = one.post_events([decided(a_decision(ONE))])
    assert answer.status is AnswerStatus.ACCEPTED


def test_a_destroyed_key_is_in_no_page_of_the_database(
    as_member: As, taken_in: TakeIn, enrolled: None, house: House
) -> None:
    taken_in(size=1000)
    secret = b"the sealed key of this case " * 40
    as_member(GATE).share_case("case-1", {ONE: secret, GATE: secret})

    def found() -> bool:
        return any(b"the sealed key of this case" in path.read_bytes() for path in house.folder.glob("case.db*"))

    assert found()
    as_member(BOSS).keys.consent("case-1", consent(BOSS))
    assert found()
    as_member(GATE).keys.consent("case-1", consent(GATE))
    assert not found()


@pytest.mark.parametrize(
    ("who", "note", "slug"),
    [
        (BOSS, lambda: consent(GATE), "consent-unusable"),
        (BOSS, lambda: consent(BOSS, case_id="case-2"), "consent-unusable"),
        (BOSS, lambda: consent(BOSS).replace("retention", "detention"), "consent-unusable"),
        (BOSS, lambda: SIGNERS[ONE].sign(consent(BOSS).split("\n\n")[0] + "\n"), "consent-unusable"),
        (BOSS, lambda: consent(BOSS, expires_at=NOON + timedelta(days=30)), "consent-unusable"),
        (BOSS, lambda: consent(BOSS, signed_at=NOON + timedelta(days=2)), "consent-expired"),
        (BOSS, lambda: consent(BOSS, signed_at=NOON - timedelta(days=7), expires_at=NOON), "consent-expired"),
        (BOSS, lambda: "nonsense", "consent-unusable"),
        (BOSS, lambda: consent(BOSS, request="no id"), "consent-unusable"),
    ],
)
def test_a_consent_that_is_not_right_is_refused_and_recorded(
    as_member: As, taken_in: TakeIn, enrolled: None, house: House, who: str, note: Callable[[], str], slug: str
) -> None:
    taken_in(size=1000)
    assert refusal(lambda: as_member(who).keys.consent("case-1", note())) == slug
    assert as_member(GATE).keys.destruction("case-1") is None
    with sqlite3.connect(house.folder / "case.db") as db:
        assert db.execute("SELECT what FROM attempts").fetchall() == [("unusable consent",)]
    db.close()


def test_the_same_person_twice_is_one_person(as_member: As, taken_in: TakeIn, enrolled: None) -> None:
    taken_in(size=1000)
    boss = as_member(BOSS).keys
    boss.consent("case-1", consent(BOSS))
    for note in (consent(BOSS), consent(BOSS, reason="again"), consent(BOSS, request=uuid7())):
        assert refusal(lambda note=note: boss.consent("case-1", note)) == "consent-same-person"  # type: ignore[misc]
    assert as_member(ONE).case_key("case-1") == b"sealed"


def test_the_second_must_answer_the_first(as_member: As, taken_in: TakeIn, enrolled: None) -> None:
    taken_in(size=1000)
    as_member(BOSS).keys.consent("case-1", consent(BOSS))
    gate = as_member(GATE).keys
    assert refusal(lambda: gate.consent("case-1", consent(GATE, request=uuid7()))) == "consent-unusable"
    assert refusal(lambda: as_member(GATE).keys.consent("no-case", consent(GATE, case_id="no-case"))) == "no-such-case"
    assert as_member(ONE).case_key("case-1") == b"sealed"


def test_an_expired_first_consent_counts_for_nothing(
    as_member: As, taken_in: TakeIn, enrolled: None, house: House
) -> None:
    taken_in(size=1000)
    as_member(BOSS).keys.consent("case-1", consent(BOSS))
    house.clock.advance(7 * 86400)
    now = house.clock.now()
    late = consent(GATE, signed_at=now, expires_at=now + timedelta(days=1))
    assert refusal(lambda: as_member(GATE).keys.consent("case-1", late)) == "consent-expired"
    anew = consent(GATE, request="request-2", signed_at=now, expires_at=now + timedelta(days=1))
    assert as_member(GATE).keys.consent("case-1", anew).destroyed_at is None
    assert as_member(ONE).case_key("case-1") == b"sealed"


@pytest.mark.parametrize("crime", ["no longer allowed", "altered in the database"])
def test_the_first_consent_is_checked_again(
    as_member: As, taken_in: TakeIn, enrolled: None, house: House, crime: str
) -> None:
    taken_in(size=1000)
    as_member(BOSS).keys.consent("case-1", consent(BOSS))
    with sqlite3.connect(house.folder / "case.db") as db:
        if crime == "no longer allowed":
            db.execute("UPDATE members SET role = 'reviewer' WHERE id = ?", (BOSS,))
        else:
            db.execute("UPDATE destructions SET note = replace(note, 'retention', 'detention')")
    db.close()
    assert refusal(lambda: as_member(GATE).keys.consent("case-1", consent(GATE))) == "consent-unusable"
    assert as_member(ONE).case_key("case-1") == b"sealed"


def test_whose_vault_is_not_known_cannot_consent(as_member: As, taken_in: TakeIn) -> None:
    taken_in(size=1000)
    assert refusal(lambda: as_member(BOSS).keys.consent("case-1", consent(BOSS))) == "no-member-key"


# checkpoints


LOG = Signer("reviewer.invalid/custody/desk-1", b"\5" * 32)


def checkpoint(log: list[bytes], previous: int = 0, *, by: Signer = LOG, verifier: str | None = None) -> CheckpointMade:
    text = f"{by.name}\n{len(log)}\n{base64.b64encode(root(log)).decode()}\n"
    return CheckpointMade(
        note=by.sign(text),
        size=len(log),
        root=root(log),
        previous_size=previous,
        proof=tuple(proof(previous, log)) if previous else (),
        verifier=str(by.verifier) if verifier is None else verifier,
    )


def test_a_log_keeps_the_key_it_was_first_anchored_with(as_member: As, house: House) -> None:
    one, log = as_member(ONE), leaves(9)
    one.anchor(checkpoint(log[:3]))
    one.anchor(checkpoint(log[:5], 3, verifier=""))
    forger = Signer(LOG.name, b"\6" * 32)
    unsigned = checkpoint(log, 5)
    for forged in (
        checkpoint(log, 5, by=forger),
        checkpoint(log, 5, by=forger, verifier=""),
        checkpoint(log, 5, by=forger, verifier=str(LOG.verifier)),
        msgspec.structs.replace(unsigned, note=unsigned.note.split("\n\n")[0] + "\n\n— x eA==\n"),
    ):
        assert refusal(lambda forged=forged: one.anchor(forged)) == "checkpoint-inconsistent"  # type: ignore[misc]
    assert one.anchored(LOG.name).size == 5
    one.anchor(checkpoint(log, 5))
    with sqlite3.connect(house.folder / "case.db") as db:
        assert db.execute("SELECT count(*) FROM attempts").fetchone() == (4,)
    db.close()


def test_the_first_checkpoint_is_checked_with_the_key_it_brings(as_member: As) -> None:
    one, forger = as_member(ONE), Signer(LOG.name, b"\6" * 32)
    other = Signer("reviewer.invalid/custody/other", b"\5" * 32)
    for verifier in (str(forger.verifier), str(other.verifier), "nonsense"):
        forged = checkpoint(leaves(3), verifier=verifier)
        assert refusal(lambda forged=forged: one.anchor(forged)) == "checkpoint-inconsistent"  # type: ignore[misc]
    assert one.anchored(LOG.name).size == 0


def test_notes_are_read_as_the_vault_writes_them() -> None:
    note = LOG.sign("a text\nof two lines\n")
    assert signed_text(note, str(LOG.verifier)) == "a text\nof two lines\n"
    for bad in (note[:-1], note.replace("two", "2"), note.replace("—", "-"), "", "\n\n", note + "\n"):
        with pytest.raises(ValueError):
            signed_text(bad, str(LOG.verifier))
