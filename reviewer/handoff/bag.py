"""The bag of a package (BagIt 1.0, RFC 8493): its lists, and the signature over the last of them.

`manifest-sha256.txt` lists every item, `tagmanifest-sha256.txt` everything else and that list, so one signature over
the latter covers all. Only the signature and its stamp are in no list. Both lists are as `sha256sum -c` reads them.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from reviewer.handoff.errors import NameUnusable
from reviewer.handoff.names import PAYLOAD, check_distinct, check_part, check_path, safe_part
from reviewer.handoff.plan import Document, Evidence, Plan
from reviewer.model.errors import HandoffError

DECLARATION = "bagit.txt"
INFORMATION = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
SIGNATURE = "tagmanifest-sha256.txt.p7s"
STAMP = "tagmanifest-sha256.txt.p7s.tsr"
METADATA = "metadata"

_OWN = (DECLARATION, INFORMATION, MANIFEST, TAG_MANIFEST, SIGNATURE, STAMP)
_FOLDERS = (PAYLOAD.partition("/")[0], METADATA)
_DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_HANDOFF_DIGITS = 8
_LABEL = re.compile(r"[A-Z][A-Za-z]*(-[A-Z][A-Za-z]*)*", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}", re.ASCII)
# What a reader of bag-info.txt could take for the end of a line, or the beginning of one.
_BREAKING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def bag_folder(case_number: str, handoff_id: str) -> str:
    """The bag's folder, and how the package's file name begins: the case number and the last eight digits of the
    handoff's id (the first tell the time: two packages of one minute share them). NameUnusable as `names.safe_part`."""
    digits = handoff_id.replace("-", "")[-_HANDOFF_DIGITS:]
    return safe_part(f"{safe_part(case_number)}-{safe_part(digits)}")


def plan_bag(
    *,
    folder: str,
    built_at: datetime,
    documents: Sequence[Document],
    evidence: Sequence[Evidence],
    info: Sequence[tuple[str, str]],
    sign: Callable[[bytes], bytes],
    stamp: Callable[[bytes], bytes | None],
) -> Plan:
    """Everything of a package in its order. `documents` lie beside `bagit.txt` or under `metadata/`, `evidence` under
    `data/items/`. `built_at` is UTC, in whole seconds. `info` are labels of RFC 8493 (2.2.2) with their values, besides
    the date and the sizes, which are put in here; one without a value is left out.

    `sign` is called with the bytes of the tag manifest, then `stamp` with those of the signature; None: there is no
    stamp. What they raise passes. NameUnusable for paths that are not safe, not distinct or not where they belong.
    HandoffError without an item, and for an item that was never digested.
    """
    if built_at.utcoffset() != timedelta(0) or built_at.microsecond:
        raise ValueError("built_at is UTC, in whole seconds")
    if not evidence:
        raise HandoffError("A package without an item was asked for.", to_do="Choose an item.")
    if any(_SHA256.fullmatch(item.sha256) is None or item.size < 0 for item in evidence):
        raise HandoffError("An item was never digested.", to_do="Take the item in again.")
    _check_places(folder, documents, evidence)
    beside = [one for one in documents if "/" not in one.path]
    metadata = [one for one in documents if "/" in one.path]
    declaration = Document(DECLARATION, _DECLARED)
    information = Document(INFORMATION, _information(info, built_at, evidence))
    manifest = Document(MANIFEST, _lines((item.sha256, item.path) for item in evidence))
    listed = [declaration, *beside, *metadata, information, manifest]
    tags = Document(TAG_MANIFEST, _lines((hashlib.sha256(one.content).hexdigest(), one.path) for one in listed))
    closing = [information, manifest, tags, Document(SIGNATURE, sign(tags.content))]
    stamped = stamp(closing[-1].content)
    if stamped is not None:
        closing.append(Document(STAMP, stamped))
    return Plan(folder, built_at, (declaration, *beside, *evidence, *metadata, *closing))


def _check_places(folder: str, documents: Sequence[Document], evidence: Sequence[Evidence]) -> None:
    check_part(folder)
    paths = [*(one.path for one in documents), *(one.path for one in evidence)]
    for path in paths:
        check_path(path)
    check_distinct([*paths, *_OWN, *_FOLDERS])
    for document in documents:
        place, slash, _ = document.path.partition("/")
        if slash and place != METADATA:
            raise NameUnusable("A document lies where none is expected.")
    for item in evidence:
        if item.path.rpartition("/")[0] != PAYLOAD:
            raise NameUnusable("An item lies where none is expected.")


def _information(info: Sequence[tuple[str, str]], built_at: datetime, evidence: Sequence[Evidence]) -> bytes:
    computed = (
        ("Bagging-Date", f"{built_at:%Y-%m-%d}"),
        ("Payload-Oxum", f"{sum(item.size for item in evidence)}.{len(evidence)}"),
    )
    lines = []
    for label, value in (*info, *computed):
        if _LABEL.fullmatch(label) is None:
            raise ValueError("not a label of bag-info.txt")
        if line := _one_line(value):
            lines.append(f"{label}: {line}\n")
    return "".join(lines).encode()


def _one_line(value: str) -> str:
    value = unicodedata.normalize("NFC", value)
    kept = (" " if unicodedata.category(character) in _BREAKING else character for character in value)
    return " ".join("".join(kept).split())


def _lines(listed: Iterable[tuple[str, str]]) -> bytes:
    return "".join(f"{digest}  {manifest_path(path)}\n" for digest, path in listed).encode()


def manifest_path(path: str) -> str:
    """As RFC 8493 (2.1.3) writes it; a safe path stays as it is."""
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")
