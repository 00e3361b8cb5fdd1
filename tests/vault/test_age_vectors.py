"""The published age test vectors: every one gives the outcome it names, and never more plaintext than it allows."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from reviewer.vault import age

VECTORS = Path(__file__).resolve().parents[2] / ".." / "shared" / "vectors" / "age"
EXPECTED_ERRORS = {
    "header failure": age.HeaderError,
    "HMAC failure": age.HmacError,
    "no match": age.NoMatchError,
    "payload failure": age.PayloadError,
    "armor failure": age.ArmorError,
}
NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Vector:
    expect: str
    payload: str | None
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
    return Vector(single["expect"], single.get("payload"), identities, file)


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
    released = hashlib.sha256()
    outcome = "success"
    try:
        with age.open(io.BytesIO(vector.file), vector.identities) as reader:
            while data := reader.read(step):
                released.update(data)
    except age.AgeError as error:
        outcome = next(name for name, kind in EXPECTED_ERRORS.items() if type(error) is kind)
    assert outcome == vector.expect
    if vector.expect == "success":
        assert released.hexdigest() == vector.payload
    else:
        assert released.hexdigest() in (NOTHING, vector.payload)
