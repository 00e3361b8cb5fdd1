"""A whole package of the made-up case as an inner tar, and ways to take it apart and put it together again."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import dossiers

from reviewer.handoff.bag import bag_folder, plan_bag
from reviewer.handoff.case_uco import case_document
from reviewer.handoff.dossier import Dossier
from reviewer.handoff.inner_tar import TarSource
from reviewer.handoff.plan import Document, Evidence, Plan
from reviewer.handoff.record_documents import custody_documents, decisions_document, segments_document
from reviewer.handoff.signing import SigningKey, sign_detached
from reviewer.handoff.tar_layout import BLOCK, RECORD, tar_header
from reviewer.handoff.verifying import NOT_STAMPED, STAMP_LABEL, Verification, verify_package
from reviewer.workstation.opened_package import noted_checkpoint

FOLDER = bag_folder(dossiers.NUMBER, dossiers.HANDOFF_ID)
Stamp = Callable[[bytes], bytes | None]


def unstamped(_signature: bytes) -> None:
    return None


def a_plan(
    key: SigningKey,
    *,
    dossier: Dossier | None = None,
    changed: dict[str, bytes] | None = None,
    stamp: Stamp = unstamped,
    label: str | None = NOT_STAMPED,
) -> Plan:
    """Signed and consistent, but for the documents whose content is `changed`."""
    dossier = dossier or dossiers.a_dossier()
    documents = [
        Document("README-FIRST.txt", b"Begin here.\n"),
        Document("metadata/case.jsonld", case_document(dossier)),
        Document("metadata/decisions.json", decisions_document(dossier)),
        Document("metadata/segments.json", segments_document(dossier)),
        *custody_documents(dossier),
        Document("metadata/report.pdf", b"%PDF-1.7 of sorts\n"),
    ]
    changed = changed or {}
    return plan_bag(
        folder=FOLDER,
        built_at=dossiers.BUILT_AT,
        documents=[Document(one.path, changed.get(one.path, one.content)) for one in documents],
        evidence=[_evidence(exhibit) for exhibit in dossier.exhibits],
        info=[("Source-Organization", dossier.organisation)] + ([(STAMP_LABEL, label)] if label else []),
        sign=lambda tags: sign_detached(tags, key, datetime.now(UTC).replace(microsecond=0)),
        stamp=stamp,
    )


def _evidence(exhibit: dossiers.Exhibit) -> Evidence:
    content = dossiers.content(exhibit)
    digest = exhibit.record.item.fingerprints.sha256
    assert digest is not None
    return Evidence(exhibit.path, len(content), digest, functools.partial(io.BytesIO, content))  # type: ignore[arg-type]


def tar_of(plan: Plan) -> bytes:
    source = TarSource(plan)
    try:
        return source.read()
    finally:
        source.close()


@dataclass(frozen=True)
class Piece:
    """One file of a tar: its header, its content, and what fills the last block."""

    path: str
    header: bytes
    content: bytes
    filling: bytes

    def named(self, path: str) -> Piece:
        return replace(self, path=path, header=header(path, len(self.content)))

    def holding(self, content: bytes) -> Piece:
        return Piece(self.path, header(self.path, len(content)), content, bytes(-len(content) % BLOCK))


def header(path: str, size: int) -> bytes:
    return tar_header(f"{FOLDER}/{path}", size, int(dossiers.BUILT_AT.timestamp()))


def pieces(tar: bytes) -> list[Piece]:
    found, at = [], 0
    while tar[at : at + BLOCK] != bytes(BLOCK):
        size = int(tar[at + 124 : at + 135], 8)
        end = at + BLOCK + -(-size // BLOCK) * BLOCK
        name, prefix = (tar[at + begin : at + stop].rstrip(b"\0").decode() for begin, stop in ((0, 100), (345, 500)))
        content = tar[at + BLOCK : at + BLOCK + size]
        path = (f"{prefix}/{name}" if prefix else name).partition("/")[2]
        found.append(Piece(path, tar[at : at + BLOCK], content, tar[at + BLOCK + size : end]))
        at = end
    return found


def joined(files: Iterable[Piece]) -> bytes:
    tar = b"".join(one.header + one.content + one.filling for one in files)
    return tar + bytes(-(-(len(tar) + 2 * BLOCK) // RECORD) * RECORD - len(tar))


def place(files: Sequence[Piece], path: str) -> int:
    return next(at for at, one in enumerate(files) if one.path == path)


class Short(io.BytesIO):
    """Gives less than it is asked for."""

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        return super().readinto(buffer[:10_007])


def verified(tar: bytes, ca_pem: bytes, *, tsa_ca_pem: bytes | None = None, at: datetime | None = None) -> Verification:
    return verify_package(Short(tar), ca_pem=ca_pem, tsa_ca_pem=tsa_ca_pem, at=at, open_checkpoint=noted_checkpoint)
