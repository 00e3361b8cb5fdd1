"""Checkpoints as C2SP tlog-checkpoint and signed-note define them; the signature checked by OpenSSL's own command."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.model.errors import CustodyBroken
from reviewer.vault.checkpoint import open_checkpoint, sign_checkpoint
from reviewer.vault.signed_note import NotSigned, Signer, Verifier, key_id, open_signed

ROOT = hashlib.sha256(b"root").digest()
SIGNER = Signer("log.test/custody/1", bytes(range(32)))
NOTE = sign_checkpoint(SIGNER, 42, ROOT)


def test_the_note_reads_as_the_specification_lays_it_out() -> None:
    lines = NOTE.split("\n")
    assert lines[:4] == ["log.test/custody/1", "42", base64.b64encode(ROOT).decode(), ""]
    assert lines[4].startswith("— log.test/custody/1 ")
    assert lines[5:] == [""]
    signature = base64.b64decode(lines[4].split(" ")[2])
    public = SIGNER.verifier.public
    assert signature[:4] == hashlib.sha256(b"log.test/custody/1\n\x01" + public).digest()[:4]
    assert len(signature) == 68


@pytest.mark.parametrize("text", ["a\tb\n", "a\rb\n", "\x00\n", "a\x1f\n", "no line's end"])
def test_a_text_with_control_characters_is_neither_signed_nor_read(text: str) -> None:
    with pytest.raises(ValueError, match="not a text"):
        SIGNER.sign(text)
    signature = SIGNER._key.sign(text.encode())
    line = base64.b64encode(key_id(SIGNER.name, SIGNER.verifier.public) + signature).decode()
    with pytest.raises(NotSigned):
        open_signed(f"{text}\n— {SIGNER.name} {line}\n", SIGNER.verifier)


def test_it_opens_with_its_verifier_read_back_from_text() -> None:
    verifier = Verifier.parse(str(SIGNER.verifier))
    assert verifier == SIGNER.verifier
    signed = open_checkpoint(NOTE, verifier)
    assert (signed.origin, signed.size, signed.root) == ("log.test/custody/1", 42, ROOT)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the openssl command is not installed")
def test_openssl_accepts_the_signature(tmp_path: Path) -> None:
    text, line = NOTE.rsplit("\n\n", 1)
    (tmp_path / "text").write_bytes((text + "\n").encode())
    (tmp_path / "sig").write_bytes(base64.b64decode(line.split(" ")[2])[4:])
    prefix = bytes.fromhex("302a300506032b6570032100")  # SubjectPublicKeyInfo of an Ed25519 key, RFC 8410
    (tmp_path / "key.der").write_bytes(prefix + SIGNER.verifier.public)
    command = "openssl pkeyutl -verify -pubin -keyform DER -inkey key.der -rawin -in text -sigfile sig"
    done = subprocess.run(
        command.split(),
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "change",
    [
        lambda n: n.replace("\n42\n", "\n43\n"),
        lambda n: n.replace("\n42\n", "\n042\n"),
        lambda n: n.replace("log.test/custody/1\n42", "log.test/custody/2\n42"),
        lambda n: n[:-1],
        lambda n: n.replace("\n\n", "\n"),
        lambda n: n.replace("— ", "- "),
        lambda n: n.replace("\n42\n", "\n42\r\n"),
        lambda n: n + "\n",
        lambda n: "",
        lambda n: n * 2000,
        lambda n: n.replace("— log.test/custody/1", "— log.test/custody/9"),
    ],
)
def test_altered_notes_are_refused(change: object) -> None:
    with pytest.raises(CustodyBroken):
        open_checkpoint(change(NOTE), SIGNER.verifier)  # type: ignore[operator]


@given(at=st.integers(0, len(NOTE) - 1), char=st.characters(codec="utf-8"))
@settings(max_examples=200, deadline=None)
def test_no_single_character_can_be_changed_into_another_statement(at: int, char: str) -> None:
    changed = NOTE[:at] + char + NOTE[at + 1 :]
    if changed == NOTE:
        return
    try:
        signed = open_checkpoint(changed, SIGNER.verifier)
    except CustodyBroken:
        return
    assert (signed.origin, signed.size, signed.root) == ("log.test/custody/1", 42, ROOT)


def test_signatures_of_others_are_ignored_and_another_key_opens_nothing() -> None:
    other = Signer("witness.test/1", bytes(32))
    line = sign_checkpoint(other, 42, ROOT).split("\n")[-2]
    assert open_checkpoint(NOTE + line + "\n", SIGNER.verifier).size == 42
    with pytest.raises(CustodyBroken):
        open_checkpoint(NOTE, other.verifier)
    with pytest.raises(CustodyBroken):
        open_checkpoint(NOTE, Signer(SIGNER.name, bytes(32)).verifier)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u00a0b", "a\nb", "x" * 201])
def test_unusable_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError):
        Signer(name, bytes(32))


@pytest.mark.parametrize("line", ["", "a+b", "a+00000000+AAAA", str(SIGNER.verifier)[:-4], "x" + str(SIGNER.verifier)])
def test_lines_that_are_no_verifier_are_refused(line: str) -> None:
    with pytest.raises(ValueError):
        Verifier.parse(line)


def test_the_signer_does_not_show_its_key() -> None:
    assert bytes(range(32)).hex() not in repr(SIGNER)
