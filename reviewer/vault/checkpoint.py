"""C2SP tlog-checkpoint: one short signed note that fixes the whole custody log.

<origin>
<size, decimal>
<root, base64>
(empty line)
— <origin> <signature>
"""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass

from reviewer.model.errors import CustodyBroken
from reviewer.model.merkle import HASH_BYTES as HASH_SIZE
from reviewer.vault.signed_note import Signer, Verifier, open_signed

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def sign_checkpoint(signer: Signer, size: int, root: bytes) -> str:
    """The signed note of the log that has the signer's name."""
    return signer.sign(Checkpoint(signer.name, size, root).text)


def open_checkpoint(untrusted_note: str, verifier: Verifier) -> Checkpoint:
    """The checkpoint of the log that has the verifier's name. CustodyBroken when anything is wrong with it."""
    try:
        signed = _parse(open_signed(untrusted_note, verifier))
    except ValueError as error:
        raise CustodyBroken("A custody checkpoint is not properly signed.") from error
    if signed.origin != verifier.name:
        raise CustodyBroken("A custody checkpoint belongs to another log.")
    return signed


def _parse(text: str) -> Checkpoint:
    lines = text[:-1].split("\n")
    if len(lines) < 3 or not all(lines) or not _SIZE.fullmatch(lines[1]):
        raise ValueError("not a checkpoint")
    root = base64.b64decode(lines[2], validate=True)
    if len(root) != HASH_SIZE:
        raise ValueError("not a root hash")
    return Checkpoint(lines[0], int(lines[1]), root)
