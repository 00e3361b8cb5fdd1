"""A small package as it really is: every document, signed and stamped, to be sealed to the agency and altered."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from dossiers import a_dossier, content
from packages import evidence

from reviewer.demo.authorities import Authorities
from reviewer.handoff.bag import STAMP, bag_folder, plan_bag
from reviewer.handoff.case_uco import case_document
from reviewer.handoff.cybertip import cybertip_report
from reviewer.handoff.dossier import Dossier
from reviewer.handoff.inner_tar import TarSource
from reviewer.handoff.pades import sign_pdf
from reviewer.handoff.plan import Document, Plan
from reviewer.handoff.report import report_pdf
from reviewer.handoff.signing import SigningKey, sign_detached
from reviewer.handoff.stamping import request_stamp
from reviewer.handoff.verifying import STAMP_LABEL
from reviewer.vault import age

NAME = "package.tar.age"
CASE = "metadata/case.jsonld"


def a_real_plan(
    key: SigningKey, at: datetime, time_authority: str | None, label: str = STAMP, case: bytes | None = None
) -> Plan:
    """`time_authority` is its address; None: no stamp. `label` is what bag-info.txt says of the stamp, or empty.

    `case` is the case document, if it is to be another one.
    """
    dossier, documents = _documents(key, at)
    if case is not None:
        documents = [replace(one, content=case) if one.path == CASE else one for one in documents]
    return plan_bag(
        folder=bag_folder(dossier.case.number, dossier.handoff_id),
        built_at=at,
        documents=documents,
        evidence=[evidence(one.path, content(one)) for one in dossier.exhibits],
        info=[("Source-Organization", dossier.organisation), (STAMP_LABEL, label)],
        sign=lambda listed: sign_detached(listed, key, at),
        stamp=lambda signature: request_stamp(time_authority, signature, timeout=10) if time_authority else None,
    )


@lru_cache(maxsize=4)
def _documents(key: SigningKey, at: datetime) -> tuple[Dossier, list[Document]]:
    """Of two exhibits only: checking what is said of them takes the tools seconds."""
    dossier = a_dossier(built_at=at)
    dossier = replace(dossier, exhibits=dossier.exhibits[:2], custody=())
    report = sign_pdf(report_pdf(dossier, stamped=True, not_stamped_why=""), key, at)
    return dossier, [
        Document("README-FIRST.txt", b"Begin here.\n"),
        Document(CASE, case_document(dossier)),
        Document("metadata/decisions.json", b"[]\n"),
        Document("metadata/report.pdf", report),
        Document("metadata/cybertip.xml", cybertip_report(dossier)),
    ]


@dataclass(frozen=True)
class Inner:
    """The tar of a package in memory, and where its files are."""

    tar: bytes
    authorities: Authorities

    @classmethod
    def of(cls, plan: Plan, authorities: Authorities) -> Inner:
        source = TarSource(plan)
        try:
            return cls(source.read(source.size), authorities)
        finally:
            source.close()

    def members(self) -> list[tarfile.TarInfo]:
        with tarfile.open(fileobj=io.BytesIO(self.tar)) as opened:
            return opened.getmembers()

    def member(self, path: str) -> tarfile.TarInfo:
        return next(one for one in self.members() if one.name.partition("/")[2] == path)

    def files(self) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
        for one in self.members():
            yield one, self.tar[one.offset_data : one.offset_data + one.size]

    def altered(self, at: int) -> bytes:
        """One byte of the tar changed, by its lowest bit."""
        return self.tar[:at] + bytes([self.tar[at] ^ 1]) + self.tar[at + 1 :]

    def sealed(self, folder: Path, tar: bytes | None = None) -> Path:
        """To the agency, into `folder`, with its identity and the certificates beside it."""
        folder.mkdir(exist_ok=True)
        made = self.authorities
        (folder / "recipient-identity.txt").write_text(made.agency_identity + "\n")
        (folder / "ca.pem").write_bytes(made.ca_pem)
        (folder / "tsa-ca.pem").write_bytes(made.tsa_ca_pem)
        with (folder / NAME).open("wb") as target:
            age.encrypt(io.BytesIO(self.tar if tar is None else tar), target, [age.recipient(made.agency_recipient)])
        return folder / NAME


def packed(files: list[tuple[tarfile.TarInfo, bytes]]) -> bytes:
    """As somebody else would pack it: with the same headers but for names and sizes."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=tarfile.USTAR_FORMAT) as made:
        for info, body in files:
            info.size = len(body)
            made.addfile(info, io.BytesIO(body))
    return target.getvalue()
