"""The details of each file of a CyberTipline report, and the files as they are uploaded."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from functools import partial
from pathlib import PurePosixPath

from reviewer.handoff.cybertip_terms import (
    FILE_ANNOTATIONS,
    annotated,
    industry_classification,
    relevance,
    standing,
)
from reviewer.handoff.dossier import Dossier, Exhibit
from reviewer.handoff.plain_words import CONFIDENCE
from reviewer.handoff.plan import PlainReader
from reviewer.handoff.upload_file import UploadFile
from reviewer.handoff.xml_text import document, put, put_group, put_truth
from reviewer.model.cases import Item
from reviewer.model.decisions import Decision
from reviewer.model.known import PDQ_QUALITY
from reviewer.model.taxonomy import words_of

REPORT_ID = re.compile(r"[1-9][0-9]{0,17}")
FILE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")


def file_name(exhibit: Exhibit) -> str:
    """The file's name in the package. What it was called before is not kept, and not told."""
    return PurePosixPath(exhibit.path).name


def file_details(dossier: Dossier, exhibit: Exhibit, *, report_id: str, file_id: str) -> bytes:
    """The <fileDetails> document. The ids are those that the clearing house gave."""
    if REPORT_ID.fullmatch(report_id) is None or FILE_ID.fullmatch(file_id) is None:
        raise ValueError("not an id of a clearing house")
    decision = standing(exhibit.record)
    root = ET.Element("fileDetails")
    put(root, "reportId", report_id)
    put(root, "fileId", file_id)
    put(root, "fileName", file_name(exhibit))
    # A court may rely on it: who decided without looking did not view it, and who looked without deciding did.
    put_truth(root, "fileViewedByEsp", exhibit.was_seen)
    # Nothing here shows EXIF to anybody.
    put_truth(root, "exifViewedByEsp", False)
    put(root, "fileRelevance", relevance(decision))
    group = ET.Element("fileAnnotations")
    for element in annotated(set(decision.labels) if decision is not None else set(), FILE_ANNOTATIONS):
        put_truth(group, element, True)
    put_group(root, group)
    put(root, "industryClassification", industry_classification(decision))
    _put_hashes(root, exhibit.record.item)
    put(root, "additionalInfo", _more(dossier, exhibit, decision))
    return document(root)


def upload_files(dossier: Dossier, reader_of: Callable[[Exhibit], PlainReader]) -> tuple[UploadFile, ...]:
    """Every exhibit of the dossier, to be sent with its report. `reader_of` opens its plaintext at its turn."""
    files = []
    for exhibit in dossier.exhibits:
        item = exhibit.record.item

        def details(report_id: str, file_id: str, exhibit: Exhibit = exhibit) -> bytes:
            return file_details(dossier, exhibit, report_id=report_id, file_id=file_id)

        files.append(
            UploadFile(
                name=file_name(exhibit),
                exhibit=item.exhibit,
                size=item.facts.size,
                sha256=item.fingerprints.sha256,
                md5=item.fingerprints.md5,
                viewed=exhibit.was_seen,
                open=partial(reader_of, exhibit),
                details=details,
            )
        )
    return tuple(files)


def _put_hashes(root: ET.Element, item: Item) -> None:
    prints = item.fingerprints
    for kind, digest in (("MD5", prints.md5), ("SHA1", prints.sha1), ("SHA256", prints.sha256)):
        put(root, "originalFileHash", digest, hashType=kind)
    # Below this its authors discard a PDQ.
    if prints.pdq is not None and (prints.pdq_quality or 0) >= PDQ_QUALITY:
        put(root, "originalFileHash", prints.pdq, hashType="PDQ")


def _more(dossier: Dossier, exhibit: Exhibit, decision: Decision | None) -> str:
    item, policy = exhibit.record.item, dossier.policy
    lines = [f"Exhibit {item.exhibit}. The hashes are of the file as the reporting organisation received it."]
    if item.part_of is not None:
        lines.append(f"It came out of exhibit {item.root_exhibit}.")
    for match in exhibit.record.matches:
        near = "" if match.kind.exact else f", distance {match.distance} bits: it looks alike"
        lines.append(f"In the list {match.list_name}, version {match.list_version}, by {match.kind.value}{near}.")
    if decision is None:
        lines.append("No decision stands.")
        return "\n".join(lines)
    lines.append(
        f"Decided as {policy.harm_type(decision.category).words}, "
        f"certainty: {CONFIDENCE[decision.confidence].lower()}, policy {decision.policy_version or policy.version}."
    )
    if decision.age_group is not None:
        lines.append(f"Apparent age: {words_of(policy.taxonomy.age_groups, decision.age_group)}.")
    if decision.labels:
        labels = ", ".join(words_of(policy.taxonomy.labels, label) for label in decision.labels)
        lines.append(f"Labels: {labels}.")
    lines += [
        f"From {part.start_s:.1f} s to {part.end_s:.1f} s{': ' + part.note if part.note else '.'}"
        for part in decision.segments
    ]
    # People count from one.
    lines += [f"Line {mark.line + 1}{': ' + mark.note if mark.note else '.'}" for mark in decision.messages]
    if decision.rationale.strip():
        lines.append(f"Reason as written: {decision.rationale.strip()}")
    return "\n".join(lines)
