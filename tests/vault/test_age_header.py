"""The header: grammar, wrapping of long bodies, limits, and that any change to it is noticed."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from age_samples import IDENTITY, sealed
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.vault import age
from reviewer.vault.age.header import MAX_HEADER_SIZE, MAX_STANZAS, read_header, wrap_file_key
from reviewer.vault.age.sources import PlainCiphertext

VCHAR = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
WORD = st.text(VCHAR, min_size=1, max_size=80)
MAC = b"--- " + b"A" * 43 + b"\n"
V1 = b"age-encryption.org/v1\n"


class Locker:
    """Recipient and identity of a kind of its own, as a hardware key would be: the file key lies in the open."""

    def __init__(self, args: Sequence[str] = (), body: bytes | None = None) -> None:
        self.args, self.body = tuple(args), body

    def labels(self) -> frozenset[str]:
        return frozenset()

    def wrap(self, file_key: bytes | bytearray) -> age.Stanza:
        return age.Stanza("example.com/locker", self.args, bytes(file_key) if self.body is None else self.body)

    def unwrap(self, stanzas: Sequence[age.Stanza]) -> bytearray | None:
        mine = [stanza for stanza in stanzas if stanza.kind == "example.com/locker"]
        return bytearray(mine[0].body) if mine else None


def read(data: bytes) -> tuple[age.Stanza, ...]:
    return read_header(PlainCiphertext(io.BytesIO(data))).stanzas


@given(args=st.lists(WORD, max_size=4), body=st.binary(max_size=150), tail=st.binary(max_size=100))
@settings(deadline=None)
def test_what_is_written_is_read_back(args: list[str], body: bytes, tail: bytes) -> None:
    text = wrap_file_key(bytes(16), [Locker(args, body), Locker((), b"")])
    header = read_header(PlainCiphertext(io.BytesIO(text + tail)))
    assert header.stanzas == (
        age.Stanza("example.com/locker", tuple(args), body),
        age.Stanza("example.com/locker", (), b""),
    )
    assert header.size == len(text)
    assert all(len(line) <= 64 or line.startswith(b"-> ") for line in text.splitlines())


def test_a_kind_of_its_own_works_beside_the_native_ones() -> None:
    target = io.BytesIO()
    age.encrypt(io.BytesIO(b"evidence"), target, [Locker(), IDENTITY.recipient()])
    assert age.open(target, [Locker()]).read() == b"evidence"
    assert age.open(target, [IDENTITY]).read() == b"evidence"


@pytest.mark.parametrize("size", [0, 15, 17, 32])
def test_a_file_key_of_another_size_is_refused(size: int) -> None:
    target = io.BytesIO()
    age.encrypt(io.BytesIO(b""), target, [Locker((), bytes(size)), IDENTITY.recipient()])
    with pytest.raises(age.HeaderError):
        age.open(target, [Locker()])


def test_a_wrong_file_key_of_the_right_size_is_an_hmac_error() -> None:
    target = io.BytesIO()
    age.encrypt(io.BytesIO(b""), target, [Locker((), bytes(16)), IDENTITY.recipient()])
    with pytest.raises(age.HmacError):
        age.open(target, [Locker()])


@given(at=st.integers(0), bit=st.integers(0, 7))
@settings(max_examples=200, deadline=None)
def test_any_changed_bit_of_the_header_is_noticed(at: int, bit: int) -> None:
    file = bytearray(sealed(40))
    file[at % (file.index(b"\n--- ") + 49)] ^= 1 << bit
    with pytest.raises(age.AgeError):
        age.open(io.BytesIO(file), [IDENTITY])


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\n",
        V1,
        V1[:-1],
        V1 + MAC,
        V1 + b"-> a\n\n",
        V1 + b"-> a\n\n" + MAC[:-1],
        V1 + b"-> a\n\n" + MAC.replace(b"A\n", b"=\n"),
        V1 + b"-> a\n\n" + MAC.replace(b"A\n", b"B\n"),
        V1 + b"-> a\n\n" + MAC.replace(b"--- ", b"---  "),
        V1 + b"-> a\n\n" + MAC.replace(b"--- ", b"----"),
        V1 + b"-> a\n\n\n" + MAC,
        V1 + b"->  a\n\n" + MAC,
        V1 + b"-> a \n\n" + MAC,
        V1 + b"-> a\tb\n\n" + MAC,
        V1 + b"-> a\x7f\n\n" + MAC,
        V1 + "-> ä\n\n".encode() + MAC,
        V1 + b"-> \n\n" + MAC,
        V1 + b"->a\n\n" + MAC,
        V1 + b"-> a\nQQ\nQQ\n" + MAC,
        V1 + b"-> a\nQQ==\n" + MAC,
        V1 + b"-> a\nQR\n" + MAC,
        V1 + b"-> a\nQ\n" + MAC,
        V1 + b"-> a\n" + b"Q" * 64 + b"\n" + MAC,
        V1.replace(b"\n", b"\r\n") + b"-> a\n\n" + MAC,
        V1.replace(b"v1", b"v10") + b"-> a\n\n" + MAC,
        b" " + V1 + b"-> a\n\n" + MAC,
        b"\xef\xbb\xbf" + V1 + b"-> a\n\n" + MAC,
    ],
    ids=range(28),
)
def test_what_the_grammar_does_not_allow(file: bytes) -> None:
    with pytest.raises(age.HeaderError):
        read(file)


def test_the_smallest_header() -> None:
    assert read(V1 + b"-> a\n\n" + MAC) == (age.Stanza("a", (), b""),)


class Endless(io.RawIOBase):
    """A file of a terabyte that says the same line for ever; counts what was read of it."""

    def __init__(self, line: bytes) -> None:
        self._line, self._position, self.taken = line, 0, 0

    def readable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._position = offset if whence == 0 else 1 << 40
        return self._position

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        first = V1 + self._line * (len(buffer) // len(self._line) + 2)
        start = self._position
        if start >= len(V1):
            start = len(V1) + (start - len(V1)) % len(self._line)
        buffer[:] = first[start : start + len(buffer)]
        self.taken += len(buffer)
        self._position += len(buffer)
        return len(buffer)


@pytest.mark.parametrize("line", [b"x", b"-> a\n\n", b"Q" * 64 + b"\n", b"\n", b"-> a\n" + b"Q" * 64 + b"\n"])
def test_an_endless_header_is_refused_after_its_limit(line: bytes) -> None:
    source = Endless(line)
    with pytest.raises(age.HeaderError):
        age.open(source, [IDENTITY])
    assert source.taken < 2 * MAX_HEADER_SIZE + 10_000


def test_more_stanzas_than_the_limit_are_refused() -> None:
    assert len(read(V1 + b"-> a\n\n" * MAX_STANZAS + MAC)) == MAX_STANZAS
    with pytest.raises(age.HeaderError):
        read(V1 + b"-> a\n\n" * (MAX_STANZAS + 1) + MAC)


class _Sociable(age.Passphrase):
    def labels(self) -> frozenset[str]:
        return frozenset()


def test_a_passphrase_among_others_is_refused_whoever_opens() -> None:
    target = io.BytesIO()
    age.encrypt(io.BytesIO(b""), target, [_Sociable("words", work_factor=1), IDENTITY.recipient()])
    for identities in ([IDENTITY], [age.Passphrase("words")], [age.generate_identity()]):
        with pytest.raises(age.HeaderError):
            age.open(target, identities)


def test_too_many_recipients_are_refused_before_anything_is_written() -> None:
    target = io.BytesIO()
    with pytest.raises(age.RecipientsError):
        age.encrypt(io.BytesIO(), target, [Locker((), bytes(MAX_HEADER_SIZE * 3 // 4))])
    assert target.getvalue() == b""


def test_hundreds_of_post_quantum_members_fit() -> None:
    members = [age.generate_identity() for _ in range(200)]
    target = io.BytesIO()
    age.encrypt(io.BytesIO(b"case key"), target, [member.recipient() for member in members])
    assert age.open(target, [members[-1]]).read() == b"case key"
