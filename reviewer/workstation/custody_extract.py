"""The custody entries of one case, with their proofs: from this workstation's log, and from others' exports."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

import msgspec

from reviewer.handoff.dossier import CustodyExtract, CustodyLine
from reviewer.model.custody import CustodyEntry
from reviewer.model.errors import CustodyBroken
from reviewer.model.handoff import Anchor
from reviewer.model.merkle import HASH_BYTES
from reviewer.vault.checkpoint import open_checkpoint
from reviewer.vault.custody import check_export
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.signed_note import Verifier
from reviewer.vault.store import Store

# Few at once: each line asks for the hashes of its proof, and a decision may wait for the same thread.
_PAGE = 50

# An entry has a kilobyte or two, and a proof of up to 64 hashes.
_LONGEST_LINE = 1 << 20
_UNREADABLE = "The custody export cannot be read."


class _First(msgspec.Struct):
    """The first line of an export."""

    checkpoint: str
    verifier: str
    size: int
    root: str


class _Line(msgspec.Struct):
    position: int
    salt: str
    entry: str
    leaf_hash: str
    proof: tuple[str, ...]


def own_extract(
    vault: OpenVault, case_id: str, check: Callable[[], None], *, note: str | None = None
) -> CustodyExtract | None:
    """This log's entries about the case, under its newest checkpoint or the one of this note; None when there is none.
    Blocks.

    The store's thread is asked page by page, so that nothing else waits long; `check` is called between pages.
    """
    if note is None:
        noted = vault.store.call(lambda s: s.checkpoints(last=1))
        if not noted:
            return None
        note = noted[0][1]
    signed = open_checkpoint(note, vault.signer.verifier)
    lines: list[CustodyLine] = []
    start = 0
    while start < signed.size:
        check()
        page = vault.store.call(lambda s, at=start: _lines(s, case_id, at, signed.size))  # type: ignore[misc]
        lines += page
        if len(page) < _PAGE:
            break
        start = page[-1].position + 1
    if not lines:
        return None
    return CustodyExtract(note, str(vault.signer.verifier), signed.size, signed.root.hex(), tuple(lines))


def _lines(store: Store, case_id: str, start: int, size: int) -> list[CustodyLine]:
    return [
        CustodyLine(
            position=row.position,
            salt=row.salt.hex(),
            entry=row.entry_json.decode(),
            leaf_hash=row.hashes[:HASH_BYTES].hex(),
            proof=tuple(part.hex() for part in store.inclusion_proof(row.position, size)),
        )
        for row in store.custody_rows(start, _PAGE, case_id)
        if row.position < size
    ]


def read_exports(paths: Sequence[Path], case_id: str, anchors: Iterable[Anchor]) -> tuple[CustodyExtract, ...]:
    """What `reviewer custody export` wrote at other workstations, checked whole and cut down to the case.

    CustodyBroken unless every entry is right and the log is signed by the key the case system knows for it: an export
    that only fits itself could be made by anybody.
    """
    known = {anchor.verifier for anchor in anchors}
    found = []
    for path in paths:
        try:
            with path.open("rb") as file:
                found.append(_read_export(_lines_of(file), case_id, known))
        except OSError as error:
            raise CustodyBroken(_UNREADABLE, to_do="Bring the export once more, or build without it.") from error
    return tuple(one for one in found if one.lines)


def _read_export(untrusted_lines: Iterator[bytes], case_id: str, known: set[str]) -> CustodyExtract:
    """In one pass: what is kept are the very lines that were checked."""
    first_line = next(untrusted_lines, b"")
    first = _first(first_line)
    if first.verifier not in known:
        raise CustodyBroken("An export is signed by a key the case system does not know.")
    lines: list[CustodyLine] = []

    def told() -> Iterator[bytes]:
        yield first_line
        for line in untrusted_lines:
            yield line
            # The next one is asked for once this one was checked.
            checked = _line(line)
            if _is_of(checked, case_id):
                lines.append(checked)

    signed = check_export(told(), Verifier.parse(first.verifier))
    return CustodyExtract(first.checkpoint, first.verifier, signed.size, signed.root.hex(), tuple(lines))


def _lines_of(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE + 1):
        if len(line) > _LONGEST_LINE:
            raise CustodyBroken(_UNREADABLE)
        yield line


def _first(untrusted_line: bytes) -> _First:
    try:
        return msgspec.json.decode(untrusted_line, type=_First)
    except (msgspec.MsgspecError, ValueError):
        raise CustodyBroken(_UNREADABLE) from None


def _line(checked: bytes) -> CustodyLine:
    line = msgspec.json.decode(checked, type=_Line)
    return CustodyLine(line.position, line.salt, line.entry, line.leaf_hash, line.proof)


def _is_of(line: CustodyLine, case_id: str) -> bool:
    return msgspec.json.decode(line.entry, type=CustodyEntry).case_id == case_id
