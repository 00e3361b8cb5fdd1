"""The plan of a package: every document made from one dossier, the items' readers, signature and stamp."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from reviewer.handoff.bag import STAMP, plan_bag
from reviewer.handoff.case_uco import case_document
from reviewer.handoff.cybertip import cybertip_report
from reviewer.handoff.dossier import Dossier
from reviewer.handoff.dsa import statement_of_reasons
from reviewer.handoff.errors import CertificateUnusable, PackageRefused, StampRefused, StampUnavailable
from reviewer.handoff.pades import sign_pdf
from reviewer.handoff.plan import Document, Evidence, PlainReader, Plan
from reviewer.handoff.readme import readme
from reviewer.handoff.record_documents import custody_documents, decisions_document, segments_document
from reviewer.handoff.report import report_pdf
from reviewer.handoff.signing import SigningKey, sign_detached, verify_detached
from reviewer.handoff.stamping import request_stamp, verify_stamp
from reviewer.handoff.verifying import NOT_STAMPED, STAMP_LABEL
from reviewer.model.cases import Item
from reviewer.model.clock import Clock
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.item_evidence import evidence
from reviewer.workstation.signing_material import SigningMaterial

_STAMP_S = 15.0
_NO_AUTHORITY = "No time authority is configured."
_NOT_CHECKABLE = "The time authority's certificate is not known on this workstation."
# Two clocks that are looked after never differ by this much; the slowest answer that is waited for takes seconds.
_CLOCKS_APART = timedelta(minutes=10)
_CLOCK = SystemClock()


@dataclass(frozen=True, slots=True)
class Planned:
    """`not_stamped` says why there is no stamp, or is empty."""

    plan: Plan
    not_stamped: str


@dataclass(frozen=True, slots=True)
class Papers:
    """What goes in besides what always does. `letter` is a PDF; None: none."""

    cybertip: bool = True
    letter: bytes | None = None


def signing_key(material: SigningMaterial | None, at: datetime, *, kept: bool = True) -> SigningKey:
    """CertificateUnusable where there is none, or it cannot sign now. `kept`: it comes from the vault."""
    if material is None:
        raise CertificateUnusable(
            "This workstation has no certificate to sign packages with.",
            to_do="An administrator imports it with `reviewer handoff certificate`.",
        )
    key = SigningKey.from_pem(material.signing, kept=kept)
    key.check(at)
    return key


def signed_for_recipients(data: bytes, key: SigningKey, material: SigningMaterial, at: datetime) -> bytes:
    """The detached signature, after checking it as the recipient will: by the authority that goes along with a package.
    CertificateUnusable where it would not be believed."""
    signature = sign_detached(data, key, at)
    try:
        verify_detached(data, signature, material.ca, at)
    except PackageRefused as error:
        raise CertificateUnusable(
            "The certificate does not come from the authority that recipients are to check with.",
            to_do="An administrator imports both again with `reviewer handoff certificate`.",
        ) from error
    return signature


class Planner:
    """Of one package. `opened` gives an item's authenticated plaintext, `clock` the time a stamp is held against."""

    def __init__(
        self,
        dossier: Dossier,
        papers: Papers,
        key: SigningKey,
        material: SigningMaterial,
        opened: Callable[[Item], PlainReader],
        *,
        clock: Clock = _CLOCK,
    ) -> None:
        self._dossier = dossier
        self._papers = papers
        self._key = key
        self._material = material
        self._opened = opened
        self._clock = clock

    def plan(self, *, folder: str, timestamp_url: str) -> Planned:
        """Signs, and asks the time authority. Where that gives none the package is planned anew without a stamp,
        and every document that speaks of it says why. StampRefused when it answers with something else;
        CertificateUnusable when recipients would not believe the signature."""
        why = ""
        if not timestamp_url:
            why = _NO_AUTHORITY
        elif not self._material.tsa_ca:
            why = _NOT_CHECKABLE
        if not why:
            try:
                return Planned(self._planned(folder, timestamp_url, ""), "")
            except StampUnavailable as error:
                why = error.what_happened
        return Planned(self._planned(folder, "", why), why)

    def _planned(self, folder: str, timestamp_url: str, not_stamped: str) -> Plan:
        dossier = self._dossier

        def stamp(signature: bytes) -> bytes | None:
            if not timestamp_url:
                return None
            answer = request_stamp(timestamp_url, signature, timeout=_STAMP_S)
            try:
                stamped = verify_stamp(answer, signature, self._material.tsa_ca)
            except PackageRefused as error:
                raise StampRefused from error
            if abs(stamped.at - self._clock.now()) > _CLOCKS_APART:
                raise StampRefused(
                    "The time authority's clock and that of this workstation are more than ten minutes apart.",
                    to_do="Ask your administrator which of them is wrong; build again.",
                )
            return answer

        def sign(tagmanifest: bytes) -> bytes:
            return signed_for_recipients(tagmanifest, self._key, self._material, dossier.built_at)

        return plan_bag(
            folder=folder,
            built_at=dossier.built_at,
            documents=self._documents(not_stamped),
            evidence=tuple(self._evidence()),
            info=_bag_info(dossier, stamped=bool(timestamp_url)),
            sign=sign,
            stamp=stamp,
        )

    def _documents(self, not_stamped: str) -> tuple[Document, ...]:
        dossier = self._dossier
        stamped = not not_stamped
        report = sign_pdf(
            report_pdf(dossier, stamped=stamped, not_stamped_why=not_stamped), self._key, dossier.built_at
        )
        made = [
            Document("README-FIRST.txt", readme(dossier, stamped=stamped, not_stamped_why=not_stamped)),
            Document("metadata/case.jsonld", case_document(dossier)),
            Document("metadata/decisions.json", decisions_document(dossier)),
            Document("metadata/segments.json", segments_document(dossier)),
            *custody_documents(dossier),
            Document("metadata/report.pdf", report),
        ]
        if self._papers.cybertip:
            made.append(Document("metadata/cybertip.xml", cybertip_report(dossier)))
        if self._papers.letter is not None:
            letter = sign_pdf(self._papers.letter, self._key, dossier.built_at)
            made.append(Document("metadata/letter.pdf", letter))
        statement = statement_of_reasons(dossier)
        if statement is not None:
            made.append(Document("metadata/dsa-statement.json", statement))
        return tuple(made)

    def _evidence(self) -> list[Evidence]:
        return [evidence(one.record.item, one.path, self._opened) for one in self._dossier.exhibits]


def _bag_info(dossier: Dossier, *, stamped: bool) -> tuple[tuple[str, str], ...]:
    return (
        ("Source-Organization", dossier.organisation),
        ("External-Identifier", dossier.case.number),
        ("Internal-Sender-Identifier", dossier.handoff_id),
        ("Internal-Sender-Description", f"Handoff package; items: {len(dossier.exhibits)}"),
        ("Bag-Software-Agent", f"reviewer {dossier.tool_version}"),
        # The stamp itself is in no list: were it taken away, only this would show it.
        (STAMP_LABEL, STAMP if stamped else NOT_STAMPED),
    )
