"""Case keys: sealed to members, shared, refused to others, and readable with the standard tools."""

from __future__ import annotations

import io
from pathlib import Path

import pyrage
import pytest

from reviewer.model.errors import NoKeyForItem
from reviewer.vault import age
from reviewer.vault.keys import create_case_key, open_case_key, reseal_case_key, seal_case_key

MEMBERS = [age.generate_identity() for _ in range(3)]


def item_for(identity: age.HybridIdentity | age.X25519Identity) -> io.BytesIO:
    sealed = io.BytesIO()
    age.encrypt(io.BytesIO(b"evidence"), sealed, [identity.recipient()])
    return sealed


def test_every_member_opens_the_case_and_its_items_nobody_else_does() -> None:
    key = create_case_key()
    item = item_for(key)
    sealed = seal_case_key(key, [member.recipient() for member in MEMBERS[:2]])
    for member in MEMBERS[:2]:
        with age.open(item, [open_case_key(sealed, member)]) as plain:
            assert plain.readall() == b"evidence"
    with pytest.raises(NoKeyForItem):
        open_case_key(sealed, MEMBERS[2])


def test_sharing_and_no_longer_sharing() -> None:
    key = create_case_key()
    sealed = seal_case_key(key, [MEMBERS[0].recipient()])
    shared = reseal_case_key(sealed, MEMBERS[0], [member.recipient() for member in MEMBERS])
    assert str(open_case_key(shared, MEMBERS[2]).recipient()) == str(key.recipient())
    taken = reseal_case_key(shared, MEMBERS[0], [member.recipient() for member in MEMBERS[:2]])
    with pytest.raises(NoKeyForItem):
        open_case_key(taken, MEMBERS[2])
    with pytest.raises(NoKeyForItem):
        reseal_case_key(sealed, MEMBERS[1], [MEMBERS[1].recipient()])


def test_a_case_sealed_to_nobody_or_to_a_mixture_is_refused() -> None:
    key = create_case_key()
    with pytest.raises(age.RecipientsError):
        seal_case_key(key, [])
    with pytest.raises(age.RecipientsError):
        seal_case_key(key, [MEMBERS[0].recipient(), age.generate_x25519_identity().recipient()])


@pytest.mark.parametrize("change", [lambda s: b"", lambda s: s[:-1], lambda s: s + b"x", lambda s: bytes(1 << 19)])
def test_a_damaged_case_key_is_said_to_be_no_key(change: object) -> None:
    sealed = seal_case_key(create_case_key(), [MEMBERS[0].recipient()])
    with pytest.raises(NoKeyForItem):
        open_case_key(change(sealed), MEMBERS[0])  # type: ignore[operator]


@pytest.mark.parametrize("text", [b"not a key", b"\xff\xfe", b"AGE-SECRET-KEY-1", b"x" * 10_000])
def test_what_is_sealed_but_no_identity_is_refused(text: bytes) -> None:
    sealed = io.BytesIO()
    age.encrypt(io.BytesIO(text), sealed, [MEMBERS[0].recipient()])
    with pytest.raises(NoKeyForItem):
        open_case_key(sealed.getvalue(), MEMBERS[0])


def test_another_implementation_opens_a_classic_case_key_and_then_the_item(tmp_path: Path) -> None:
    member, key = age.generate_x25519_identity(), age.generate_x25519_identity()
    sealed = seal_case_key(key, [member.recipient()])
    theirs = pyrage.x25519.Identity.from_str(member.secret_text())
    text = pyrage.decrypt(sealed, [theirs]).decode().strip()
    assert pyrage.decrypt(item_for(key).getvalue(), [pyrage.x25519.Identity.from_str(text)]) == b"evidence"
