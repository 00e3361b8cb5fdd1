"""The fuzzing corpus: small files, each exercising another part of the header and armor parsers.

`python tests/vault/age_corpus.py` writes it anew. The keys are derived from a word: they protect nothing.
"""

from __future__ import annotations

import hashlib
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from reviewer.vault import age

FOLDER = Path(__file__).parent / "age_corpus"
PLAINTEXT = b"a pattern of no meaning, 0123456789"
X25519 = age.X25519Identity(hashlib.sha256(b"corpus x25519").digest())
HYBRID = age.HybridIdentity(hashlib.sha256(b"corpus hybrid").digest())
# Never more than 2^4 of work, whatever a mutated file asks for.
PASSPHRASE = age.Passphrase("corpus", work_factor=1, max_work_factor=4)
IDENTITIES: list[age.Identity] = [X25519, HYBRID, PASSPHRASE]


class Unknown:
    """A recipient of a kind nobody here knows; `length` is that of its body."""

    def __init__(self, length: int) -> None:
        self._length = length

    def labels(self) -> frozenset[str]:
        return frozenset()

    def wrap(self, file_key: bytes | bytearray) -> age.Stanza:
        return age.Stanza("example.com/unknown", ("!", "~" * 70), bytes(self._length))


def files() -> Iterator[tuple[str, bytes]]:
    x25519, hybrid = X25519.recipient(), HYBRID.recipient()
    yield "x25519.age", _sealed([x25519])
    yield "x25519_twice.age", _sealed([x25519, age.generate_x25519_identity().recipient(), x25519])
    yield "hybrid.age", _sealed([hybrid])
    yield "scrypt.age", _sealed([PASSPHRASE])
    yield "empty.age", _sealed([x25519], b"")
    for length in (0, 47, 48, 49, 96):
        yield f"unknown_{length}.age", _sealed([Unknown(length), x25519])
    armored = _sealed([x25519], armor=True)
    yield "armored.age", armored
    yield "armored_hybrid.age", _sealed([hybrid], armor=True)
    yield "armored_crlf.age", armored.replace(b"\n", b"\r\n")
    yield "armored_white_space.age", b"\r\n \t" + armored + b"\n\n \t"
    yield "no_stanza.age", b"age-encryption.org/v1\n--- " + b"A" * 43 + b"\nnonce and payload"
    yield "no_mac.age", _sealed([x25519]).split(b"\n--- ")[0] + b"\n"
    yield "armored_nothing.age", b"-----BEGIN AGE ENCRYPTED FILE-----\n-----END AGE ENCRYPTED FILE-----\n"


def _sealed(recipients: list[age.Recipient], plaintext: bytes = PLAINTEXT, *, armor: bool = False) -> bytes:
    target = io.BytesIO()
    age.encrypt(io.BytesIO(plaintext), target, recipients, armor=armor)
    return target.getvalue()


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, data in files():
        (FOLDER / name).write_bytes(data)
    sys.stdout.write(f"{len(list(FOLDER.iterdir()))} files\n")
