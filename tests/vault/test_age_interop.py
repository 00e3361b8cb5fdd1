"""Both directions against independent implementations: Debian's `age`, `pyrage`, and npm's `age-encryption`.

The last is looked for in the folder named by REVIEWER_NODE_MODULES (one that holds `node_modules`).
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from age_samples import CHUNK, plaintext

from reviewer.vault import age

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 5 * CHUNK, 20 * CHUNK + 123]
WORDS = "correct horse battery staple"
AGE = shutil.which("age")
NODE = shutil.which("node")
NODE_FOLDER = Path(os.environ.get("REVIEWER_NODE_MODULES", "."))

with_age = pytest.mark.skipif(AGE is None, reason="the `age` command is not installed (apt install age)")
with_npm = pytest.mark.skipif(
    NODE is None or not (NODE_FOLDER / "node_modules" / "age-encryption").is_dir(),
    reason="npm's age-encryption is not in $REVIEWER_NODE_MODULES/node_modules",
)

DECRYPT_JS = """
import { Decrypter, armor } from "age-encryption";
const input = []; for await (const piece of process.stdin) input.push(piece);
let file = Buffer.concat(input);
if (process.argv[3] === "armored") file = armor.decode(file.toString());
const decrypter = new Decrypter();
const key = process.argv[2];
if (key.startsWith("AGE-")) decrypter.addIdentity(key); else decrypter.addPassphrase(key);
process.stdout.write(Buffer.from(await decrypter.decrypt(file, "uint8array")));
"""
ENCRYPT_JS = """
import { Encrypter, armor } from "age-encryption";
const input = []; for await (const piece of process.stdin) input.push(piece);
const encrypter = new Encrypter();
const key = process.argv[2];
if (key.startsWith("age1")) encrypter.addRecipient(key);
else { encrypter.setScryptWorkFactor(10); encrypter.setPassphrase(key); }
const file = await encrypter.encrypt(Buffer.concat(input));
process.stdout.write(process.argv[3] === "armored" ? armor.encode(file) : Buffer.from(file));
"""
GENERATE_JS = """
import * as age from "age-encryption";
const identity = await age.generateHybridIdentity();
process.stdout.write(identity + " " + await age.identityToRecipient(identity));
"""


def encrypt(data: bytes, recipient: age.Recipient, *, armor: bool = False) -> bytes:
    target = io.BytesIO()
    age.encrypt(io.BytesIO(data), target, [recipient], armor=armor)
    return target.getvalue()


def decrypt(file: bytes, identity: age.Identity) -> bytes:
    with age.open(io.BytesIO(file), [identity]) as reader:
        return reader.read()


def run(command: list[str], data: bytes) -> bytes:
    done = subprocess.run(command, input=data, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def node(script: str, data: bytes, *arguments: str) -> bytes:
    assert NODE is not None
    # A module given as text finds its imports from the working folder.
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", script, "-", *arguments],
        input=data,
        capture_output=True,
        timeout=60,
        check=False,
        cwd=NODE_FOLDER,
    )
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


@with_age
@pytest.mark.parametrize("armor", [False, True], ids=["binary", "armored"])
@pytest.mark.parametrize("size", SIZES)
def test_x25519_with_the_age_command(size: int, armor: bool, tmp_path: Path) -> None:
    identity = age.generate_x25519_identity()
    key_file = tmp_path / "key.txt"
    key_file.write_text(identity.secret_text() + "\n")
    assert AGE is not None
    ours = encrypt(plaintext(size), identity.recipient(), armor=armor)
    assert run([AGE, "-d", "-i", str(key_file)], ours) == plaintext(size)
    theirs = run([AGE, *(["-a"] if armor else []), "-r", str(identity.recipient())], plaintext(size))
    assert theirs.startswith(b"-----") == armor
    assert decrypt(theirs, identity) == plaintext(size)


def at_a_terminal(command: list[str], answer: str) -> int:
    """Runs the command with a terminal of its own, which types `answer`; the exit code."""
    import fcntl
    import termios

    controller, terminal = os.openpty()

    def take_terminal() -> None:
        fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True, preexec_fn=take_terminal
    )
    try:
        os.read(controller, 1000)
        os.write(controller, answer.encode() + b"\n")
        return process.wait(timeout=60)
    finally:
        process.kill()
        process.wait()
        os.close(controller)
        os.close(terminal)


@with_age
@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX terminal")
def test_a_passphrase_file_opens_with_the_age_command(tmp_path: Path) -> None:
    assert AGE is not None
    sealed, plain = tmp_path / "slot.age", tmp_path / "out"
    sealed.write_bytes(encrypt(plaintext(CHUNK + 1), age.Passphrase(WORDS, work_factor=10)))
    assert at_a_terminal([AGE, "-d", "-o", str(plain), str(sealed)], WORDS) == 0
    assert plain.read_bytes() == plaintext(CHUNK + 1)


@pytest.mark.skipif(shutil.which("age-keygen") is None, reason="the `age-keygen` command is not installed")
def test_a_key_of_age_keygen() -> None:
    text = run(["age-keygen"], b"").decode()
    (identity,) = age.identities(text)
    assert f"# public key: {identity.recipient()}\n" in text


@pytest.mark.parametrize("armor", [False, True], ids=["binary", "armored"])
@pytest.mark.parametrize("size", SIZES)
def test_x25519_with_pyrage(size: int, armor: bool) -> None:
    pyrage = pytest.importorskip("pyrage", reason="pyrage is not installed")
    theirs_identity = pyrage.x25519.Identity.generate()
    identity = age.identity(str(theirs_identity))
    assert str(identity.recipient()) == str(theirs_identity.to_public())
    theirs = pyrage.encrypt(plaintext(size), [theirs_identity.to_public()], armored=armor)
    assert decrypt(theirs, identity) == plaintext(size)
    ours = encrypt(plaintext(size), identity.recipient(), armor=armor)
    assert pyrage.decrypt(ours, [theirs_identity]) == plaintext(size)


@pytest.mark.matrix
def test_a_passphrase_file_of_pyrage_opens() -> None:
    """It makes the passphrase as slow as the machine can bear, and cannot be told otherwise: five seconds.

    In the usual run such files of others are those of the published vectors (test_age_vectors.py).
    """
    pyrage = pytest.importorskip("pyrage", reason="pyrage is not installed")
    data = plaintext(CHUNK + 1)
    assert decrypt(pyrage.passphrase.encrypt(data, WORDS), age.Passphrase(WORDS)) == data


def test_a_passphrase_file_opens_with_pyrage() -> None:
    pyrage = pytest.importorskip("pyrage", reason="pyrage is not installed")
    data = plaintext(CHUNK + 1)
    assert pyrage.passphrase.decrypt(encrypt(data, age.Passphrase(WORDS, work_factor=10)), WORDS) == data


def test_rewrapped_files_open_with_pyrage() -> None:
    pyrage = pytest.importorskip("pyrage", reason="pyrage is not installed")
    old, new = age.generate_identity(), pyrage.x25519.Identity.generate()
    target = io.BytesIO()
    age.rewrap(
        io.BytesIO(encrypt(plaintext(20 * CHUNK + 123), old.recipient())),
        target,
        [old],
        [age.recipient(str(new.to_public()))],
    )
    assert pyrage.decrypt(target.getvalue(), [new]) == plaintext(20 * CHUNK + 123)


@with_npm
@pytest.mark.parametrize("armor", [False, True], ids=["binary", "armored"])
@pytest.mark.parametrize("size", [0, CHUNK, 5 * CHUNK + 1])
def test_post_quantum_with_npm(size: int, armor: bool) -> None:
    text, public = node(GENERATE_JS, b"").decode().split()
    identity = age.identity(text)
    assert str(identity.recipient()) == public
    form = "armored" if armor else "binary"
    ours = encrypt(plaintext(size), identity.recipient(), armor=armor)
    assert node(DECRYPT_JS, ours, identity.secret_text(), form) == plaintext(size)
    assert decrypt(node(ENCRYPT_JS, plaintext(size), public, form), identity) == plaintext(size)


@with_npm
def test_passphrase_with_npm() -> None:
    data = plaintext(CHUNK + 1)
    ours = encrypt(data, age.Passphrase(WORDS, work_factor=10))
    assert node(DECRYPT_JS, ours, WORDS, "binary") == data
    assert decrypt(node(ENCRYPT_JS, data, WORDS, "binary"), age.Passphrase(WORDS)) == data
