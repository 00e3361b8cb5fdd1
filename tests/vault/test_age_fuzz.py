"""Fuzzing of header and armor parsing: whatever the bytes, the answer is the plaintext, part of it, or an AgeError."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from age_corpus import FOLDER, IDENTITIES, PLAINTEXT
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sampling import examples

from reviewer.vault import age

CORPUS = {path.name: path.read_bytes() for path in sorted(FOLDER.iterdir())}
NEVER_OPENED = {"no_stanza.age", "no_mac.age", "armored_nothing.age"}
BEGIN, END = b"-----BEGIN AGE ENCRYPTED FILE-----\n", b"-----END AGE ENCRYPTED FILE-----\n"
PIECES = [
    b"age-encryption.org/v1\n", b"age-encryption.org/v2\n", b"-> ", b"->", b"--- ", b"---", b"\n", b"\r\n", b" ", b"=",
    b"X25519", b"scrypt", b"mlkem768x25519", b"18", b"022", b"A" * 43, b"A" * 64, b"A" * 63, b"B" * 65,
    b"\x00", b"\xff", b"\t", b" " * 1025, BEGIN, END,
]  # fmt: skip


def failure_of(action: Callable[[], None]) -> age.AgeError | None:
    try:
        action()
    except age.AgeError as error:
        return error
    return None


def check(file: bytes) -> None:
    def read() -> None:
        with age.open(io.BytesIO(file), IDENTITIES) as reader:
            assert PLAINTEXT.startswith(reader.read())

    def rewrap() -> None:
        age.rewrap(io.BytesIO(file), io.BytesIO(), IDENTITIES, [age.Passphrase("x", work_factor=1)])

    for error in (failure_of(read), failure_of(rewrap)):
        # One of the five failure classes, and never a key, a passphrase or evidence in the message.
        assert error is None or error.code in {"A001", "A002", "A003", "A004", "A005"}
        assert "corpus" not in str(error)
        assert "pattern" not in str(error)


def test_the_corpus_opens_as_it_was_made() -> None:
    assert len(CORPUS) == 17
    for name, file in CORPUS.items():
        if name in NEVER_OPENED:
            with pytest.raises(age.HeaderError):
                age.open(io.BytesIO(file), IDENTITIES)
        else:
            with age.open(io.BytesIO(file), IDENTITIES) as reader:
                assert reader.read() == (b"" if name == "empty.age" else PLAINTEXT)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    file = draw(st.sampled_from(sorted(CORPUS.values())))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(file)))
        length = draw(st.sampled_from([0, 0, 1, 1, 2, 43, 64, 65]))
        new = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=3), st.just(file[at : at + length] * 2)))
        file = file[:at] + new + file[at + length :]
    return file


built = st.lists(st.one_of(st.sampled_from(PIECES), st.binary(max_size=5)), max_size=30).map(b"".join)
header_like = built.map(lambda tail: PIECES[0] + b"-> " + tail)
armor_like = built.map(lambda body: BEGIN + body + END)
anything = st.one_of(mutated(), mutated(), built, header_like, armor_like, st.binary(max_size=300))


@given(anything)
@settings(max_examples=examples(100), deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_parsing_a_sample(file: bytes) -> None:
    check(file)


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@given(anything)
@settings(max_examples=200_000, deadline=None, suppress_health_check=list(HealthCheck))
def test_parsing_for_long(file: bytes) -> None:
    check(file)
