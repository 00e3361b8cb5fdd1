"""The published age test vectors: every one gives the outcome it names, and never more plaintext than it allows."""

from __future__ import annotations

import base64
import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from reviewer.vault import age

VECTORS = Path(__file__).resolve().parents[2] / ".." / "shared" / "vectors" / "age"
EXPECTED_ERRORS = {
    "header failure": age.HeaderError,
    "HMAC failure": age.HmacError,
    "no match": age.NoMatchError,
    "payload failure": age.PayloadError,
    "armor failure": age.ArmorError,
}


@dataclass(frozen=True)
class Vector:
    expect: str
    payload: str | None
    file_key: bytes
    identities: list[age.Identity]
    file: bytes


def load(path: Path) -> Vector:
    head, _, file = path.read_bytes().partition(b"\n\n")
    fields = [line.split(": ", 1) for line in head.decode().splitlines()]
    identities: list[age.Identity] = [age.identity(value) for key, value in fields if key == "identity"]
    identities += [age.Passphrase(value) for key, value in fields if key == "passphrase"]
    single = dict(fields)
    if single.get("compressed") == "zlib":
        file = zlib.decompress(file)
    return Vector(single["expect"], single.get("payload"), bytes.fromhex(single.get("file key", "")), identities, file)


def streamed_plaintext(vector: Vector) -> bytes:
    """What a reader that only goes forward may release: chunk by chunk, until one fails or is the final one."""
    file = vector.file
    if file.startswith(b"-----"):
        file = base64.b64decode(b"".join(file.split(b"\n")[1:-2]))
    payload = file[file.index(b"\n", file.index(b"\n---") + 1) + 1 :]
    key = HKDF(hashes.SHA256(), 32, payload[:16], b"payload").derive(vector.file_key)
    plaintext = b""
    for index, start in enumerate(range(16, len(payload), 65552)):
        sealed = payload[start : start + 65552]
        # A chunk that is not full can only be the final one.
        for flag in (b"\x00", b"\x01") if len(sealed) == 65552 else (b"\x01",):
            try:
                chunk = ChaCha20Poly1305(key).decrypt(index.to_bytes(11, "big") + flag, sealed, None)
            except InvalidTag:
                continue
            if index and not chunk:
                return plaintext
            plaintext += chunk
            break
        else:
            return plaintext
        if flag == b"\x01":
            return plaintext
    return plaintext


def vectors() -> list[Path]:
    return sorted(VECTORS.iterdir()) if VECTORS.is_dir() else []


def test_the_published_vectors_are_all_there() -> None:
    if not VECTORS.is_dir():
        pytest.skip("the published vectors are not beside the project")
    assert len(vectors()) == 143


@pytest.mark.parametrize("path", vectors(), ids=lambda path: path.name)
@pytest.mark.parametrize("step", [-1, 65536, 1000], ids=lambda step: f"step{step}")
def test_vector(path: Path, step: int) -> None:
    vector = load(path)
    if len(vector.file) > 1 << 20 and step == 1000:
        pytest.skip("large vectors are read in large steps only")
    released = b""
    outcome = "success"
    try:
        with age.open(io.BytesIO(vector.file), vector.identities) as reader:
            while data := reader.read(step):
                released += data
    except age.AgeError as error:
        outcome = next(name for name, kind in EXPECTED_ERRORS.items() if type(error) is kind)
    assert outcome == vector.expect
    if vector.expect == "success":
        assert hashlib.sha256(released).hexdigest() == vector.payload
    elif vector.payload is None:
        assert released == b""
    else:
        allowed = streamed_plaintext(vector)
        assert hashlib.sha256(allowed).hexdigest() == vector.payload
        assert allowed.startswith(released)
