"""Keys as text: what is accepted, what is refused, and that nothing secret shows by accident."""

from __future__ import annotations

import io
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sampling import examples

from reviewer.vault import age
from reviewer.vault.age import bech32, scrypt

X25519 = age.generate_x25519_identity()
HYBRID = age.generate_identity()
WORDS = "correct horse battery staple"


def quick(text: str = WORDS) -> age.Passphrase:
    return age.Passphrase(text, work_factor=4)


def sealed_to(*recipients: age.Recipient) -> bytes:
    target = io.BytesIO()
    age.encrypt(io.BytesIO(b"evidence"), target, recipients)
    return target.getvalue()


@pytest.mark.parametrize("identity", [X25519, HYBRID], ids=["x25519", "hybrid"])
def test_keys_survive_being_text(identity: age.X25519Identity | age.HybridIdentity) -> None:
    again = age.identity(f"  {identity.secret_text()}\n")
    assert type(again) is type(identity)
    assert again.recipient() == identity.recipient()
    public = age.recipient(str(identity.recipient()))
    assert public == identity.recipient()
    assert hash(public) == hash(identity.recipient())
    assert age.open(io.BytesIO(sealed_to(public)), [again]).read() == b"evidence"


def test_the_texts_have_the_prefixes_of_the_specification() -> None:
    assert X25519.secret_text().startswith("AGE-SECRET-KEY-1")
    assert str(X25519.recipient()).startswith("age1")
    assert len(str(X25519.recipient())) == 62
    assert HYBRID.secret_text().startswith("AGE-SECRET-KEY-PQ-1")
    assert str(HYBRID.recipient()).startswith("age1pq1")
    assert len(str(HYBRID.recipient())) == 1959


def test_new_keys_are_post_quantum_and_different() -> None:
    assert isinstance(age.generate_identity(), age.HybridIdentity)
    assert age.generate_identity().secret_text() != age.generate_identity().secret_text()
    assert age.generate_x25519_identity().recipient() != age.generate_x25519_identity().recipient()


def test_a_key_file_with_comments_is_read() -> None:
    text = f"# created: today\n# public key: {X25519.recipient()}\n{X25519.secret_text()}\n\n{HYBRID.secret_text()}\n"
    assert [type(identity) for identity in age.identities(text)] == [age.X25519Identity, age.HybridIdentity]


def bad_texts() -> list[str]:
    secret, public = X25519.secret_text(), str(X25519.recipient())
    swapped = "q" if secret[-1] != "Q" else "p"
    return [
        "",
        "1",
        "age1",
        "AGE-SECRET-KEY-1",
        secret.lower(),
        secret[:-1] + swapped.upper(),
        secret[:-1] + swapped,
        secret[:30] + secret[31:],
        secret + "Q",
        public.upper(),
        public[:-1],
        public.replace("age1", "agf1"),
        "age1" + "é" * 58,
        "age1" + "b" * 58,
        f"{public} {public}",
        bech32.encode("age", bytes(31)),
        bech32.encode("age", bytes(33)),
        bech32.encode("age1pq", bytes(1215)),
        bech32.encode("age1pq", b"\xff" * 1216),
        bech32.encode("AGE-SECRET-KEY-", bytes(31)),
        bech32.encode("AGE-SECRET-KEY-PQ-", bytes(33)),
        bech32.encode("AGE-PLUGIN-TOKEN-", bytes(32)),
        bech32.encode("age1tag", bytes(33)),
        "age1" * 5000,
        "\x00" * 62,
    ]


@pytest.mark.parametrize("text", bad_texts(), ids=range(len(bad_texts())))
def test_bad_texts_are_refused_and_not_quoted(text: str) -> None:
    for parse in (age.identity, age.recipient):
        with pytest.raises(age.KeyTextError) as caught:
            parse(text)
        assert caught.value.code == "A007"
        assert caught.value.__cause__ is None
        assert len(text) < 10 or text[4:] not in str(caught.value)


@given(st.text(max_size=100))
@settings(max_examples=examples(70), deadline=None)
def test_any_text_is_a_key_or_a_key_text_error(text: str) -> None:
    for parse in (age.identity, age.recipient):
        with pytest.raises(age.KeyTextError):
            parse(text)


@given(data=st.binary(max_size=80), prefix=st.sampled_from(["age", "AGE-SECRET-KEY-", "age1pq", "x"]))
@settings(deadline=None)
def test_bech32_round_trip(data: bytes, prefix: str) -> None:
    assert bech32.decode(bech32.encode(prefix, data)) == (prefix, data)


@given(data=st.data())
@settings(deadline=None)
def test_bech32_notices_one_changed_letter(data: st.DataObject) -> None:
    text = bech32.encode("age", data.draw(st.binary(min_size=32, max_size=32)))
    place = data.draw(st.integers(4, len(text) - 1))
    letter = data.draw(st.sampled_from("qpzry9x8gf2tvdw0s3jn54khce6mua7l").filter(lambda other: other != text[place]))
    with pytest.raises(age.KeyTextError):
        bech32.decode(text[:place] + letter + text[place + 1 :])


def test_spare_bits_in_a_key_are_refused() -> None:
    # The last letter of 32 bytes carries four bits of padding; a checksum can be made for any value of them.
    values = [*bech32._regroup(bytes(32), 8, 5, pad=True)]
    values[-1] |= 1
    checksum = bech32._polymod([*bech32._expand("age"), *values, *[0] * 6]) ^ 1
    values += [checksum >> 5 * (5 - place) & 31 for place in range(6)]
    with pytest.raises(age.KeyTextError):
        bech32.decode("age1" + "".join("qpzry9x8gf2tvdw0s3jn54khce6mua7l"[value] for value in values))


@pytest.mark.parametrize("identity", [X25519, HYBRID, quick()], ids=["x25519", "hybrid", "passphrase"])
def test_no_secret_in_repr_str_or_format(identity: age.X25519Identity | age.HybridIdentity | age.Passphrase) -> None:
    secret = WORDS if isinstance(identity, age.Passphrase) else identity.secret_text()
    for shown in (repr(identity), str(identity), f"{identity}", f"{[identity]}", f"{identity!r:>30}"):
        assert secret not in shown
        assert secret[16:30] not in shown
    with pytest.raises(TypeError):
        pickle.dumps(identity)


@pytest.mark.parametrize("make", [age.generate_x25519_identity, age.generate_identity, quick])
def test_a_wiped_identity_opens_nothing(make: type) -> None:
    identity = make()
    file = sealed_to(identity.recipient())
    assert age.open(io.BytesIO(file), [identity]).read() == b"evidence"
    identity.wipe()
    with pytest.raises(age.NoMatchError):
        age.open(io.BytesIO(file), [identity])


def test_post_quantum_and_classic_recipients_are_never_mixed() -> None:
    target = io.BytesIO()
    for mixture in (
        [HYBRID.recipient(), X25519.recipient()],
        [X25519.recipient(), HYBRID.recipient()],
        [quick(), X25519.recipient()],
        [HYBRID.recipient(), quick()],
        [quick("one"), quick("two")],
        [quick()] * 2,
        [],
    ):
        with pytest.raises(age.RecipientsError):
            age.encrypt(io.BytesIO(b"evidence"), target, mixture)
        with pytest.raises(age.RecipientsError):
            age.rewrap(io.BytesIO(sealed_to(X25519.recipient())), target, [X25519], mixture)
    assert target.getvalue() == b""


@pytest.mark.parametrize("make", [age.generate_x25519_identity, age.generate_identity])
def test_each_of_several_recipients_opens_the_file(make: type) -> None:
    members = [make() for _ in range(3)]
    file = sealed_to(*(member.recipient() for member in members))
    strangers = [age.generate_identity(), age.generate_x25519_identity(), quick()]
    for member in members:
        assert age.open(io.BytesIO(file), [*strangers, member]).read() == b"evidence"
    with pytest.raises(age.NoMatchError):
        age.open(io.BytesIO(file), strangers)
    with pytest.raises(age.NoMatchError):
        age.open(io.BytesIO(file), [])


def test_the_passphrase_is_utf8_and_exact() -> None:
    file = sealed_to(quick("Grüße 世界 "))
    assert age.open(io.BytesIO(file), [age.Passphrase("Grüße 世界 ")]).read() == b"evidence"
    for near in ("Grüße 世界", "grüße 世界 ", "Gru\u0308ße 世界 "):
        with pytest.raises(age.NoMatchError):
            age.open(io.BytesIO(file), [age.Passphrase(near)])


def test_a_passphrase_is_made_slow_to_guess(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second each time, 256 MiB: asked for here, and not done."""
    asked: list[tuple[object, ...]] = []

    class Noted:
        def __init__(self, *, n: int, r: int, p: int, **_: object) -> None:
            asked.append((n, r, p))

        def derive_into(self, words: bytearray, key: bytearray) -> None:
            pass

    monkeypatch.setattr(scrypt, "Scrypt", Noted)
    assert b" 18\n" in sealed_to(age.Passphrase(WORDS)).split(b"\n---")[0][:120]
    assert asked == [(1 << 18, 8, 1)]


def test_work_factors_have_limits() -> None:
    file = sealed_to(age.Passphrase(WORDS, work_factor=12))
    with pytest.raises(age.HeaderError):
        age.open(io.BytesIO(file), [age.Passphrase(WORDS, max_work_factor=11)])
    assert age.open(io.BytesIO(file), [age.Passphrase(WORDS, max_work_factor=12)]).read() == b"evidence"
    for bad in (0, 31, -1):
        with pytest.raises(ValueError, match="work factors"):
            age.Passphrase(WORDS, work_factor=bad)
    with pytest.raises(age.KeyTextError):
        age.Passphrase("")


def test_degenerate_recipients_are_refused() -> None:
    with pytest.raises(age.KeyTextError):
        sealed_to(age.X25519Recipient(bytes(32)))
    mlkem = HYBRID.recipient()._public[:1184]
    with pytest.raises(age.KeyTextError):
        sealed_to(age.HybridRecipient(mlkem + bytes(32)))
