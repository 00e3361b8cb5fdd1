"""Verifying a package in one pass over its inner tar: nothing is stored, memory does not grow with its items.

The sealing is not looked at here: whoever opens the envelope hands in the plaintext, and what that reader raises
passes. A result exists only when everything was read to the end and every check held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from reviewer.handoff.bag import DECLARATION, INFORMATION, MANIFEST, METADATA, SIGNATURE, STAMP, TAG_MANIFEST
from reviewer.handoff.errors import PackageRefused
from reviewer.handoff.names import PAYLOAD
from reviewer.handoff.signing import MAX_SIGNATURE_BYTES, Signed, verify_detached
from reviewer.handoff.stamping import MAX_STAMP_BYTES, Stamped, verify_stamp
from reviewer.handoff.verifying_case import check_case, check_records
from reviewer.handoff.verifying_custody import OpenCheckpoint, check_custody
from reviewer.handoff.verifying_lists import (
    check_declaration,
    check_information,
    check_lists,
    check_places,
    content_of,
)
from reviewer.handoff.verifying_tar import ForwardSource, Found, TarReading

# In bag-info.txt: the stamp's file name, or NOT_STAMPED. The stamp itself is in no list, so only this shows that one
# was taken away.
STAMP_LABEL = "Time-Stamp"
NOT_STAMPED = "none"

# A stamp is asked for after signing. More than this before it, one of the two clocks told something else.
_CLOCKS_APART = timedelta(minutes=10)

_LIST_BYTES = 32 * 1024 * 1024
# The case document has about 12 KB for each exhibit.
_RECORD_BYTES = 128 * 1024 * 1024
_CAPS = {
    DECLARATION: 1024,
    INFORMATION: 256 * 1024,
    MANIFEST: _LIST_BYTES,
    TAG_MANIFEST: _LIST_BYTES,
    SIGNATURE: MAX_SIGNATURE_BYTES,
    STAMP: MAX_STAMP_BYTES,
}
_RECORDS = (".json", ".jsonl", ".jsonld")


@dataclass(frozen=True, slots=True)
class Check:
    """What was checked, in plain words. `held` is false only for what could not be checked because something it needs
    is not there: a stamp, the time authority's certificate, custody entries."""

    key: str
    words: str
    held: bool = True


@dataclass(frozen=True, slots=True)
class Verification:
    """Of a package all of whose checks held. `items` and `item_bytes` count what is below data/, `documents` the other
    files; `tagmanifest_sha256` is hex."""

    folder: str
    items: int
    item_bytes: int
    documents: int
    tagmanifest_sha256: str
    signed: Signed
    stamped: Stamped | None
    custody_entries: int
    checks: tuple[Check, ...]


def verify_package(
    plain: ForwardSource,
    *,
    ca_pem: bytes,
    tsa_ca_pem: bytes | None,
    at: datetime | None,
    open_checkpoint: OpenCheckpoint,
    check: Callable[[int], None] | None = None,
) -> Verification:
    """Read `plain`, the inner tar, from its beginning to its end, and check everything there is in it.

    `ca_pem` is the organisation's authority, `tsa_ca_pem` the time authority's (None or empty: a stamp is not looked
    at). The certificate must have been valid `at` that time (UTC); None: when the package was stamped, else now.
    `check` is called with the bytes read; what it raises passes. PackageRefused names the first check that failed.
    """
    reading = TarReading(plain, cap=_cap, check=check)
    files = list(reading.files())
    if not files:
        raise PackageRefused("The package is empty.")
    check_places(files)
    check_declaration(files)
    check_lists(files)
    labels = check_information(files)
    stamped = _stamp(files, labels, tsa_ca_pem)
    tags = content_of(files, TAG_MANIFEST)
    when = at or (stamped.at if stamped is not None else datetime.now(UTC))
    signed = verify_detached(tags, content_of(files, SIGNATURE), ca_pem, when)
    if stamped is not None and stamped.at < signed.at - _CLOCKS_APART:
        raise PackageRefused("The time stamp is older than the signature that it is of.")
    check_case(files)
    digests = check_records(files)
    entries = check_custody(files, open_checkpoint, digests)
    items = [one for one in files if one.path.startswith(f"{PAYLOAD}/")]
    return Verification(
        folder=reading.folder,
        items=len(items),
        item_bytes=sum(one.size for one in items),
        documents=len(files) - len(items),
        tagmanifest_sha256=hashlib.sha256(tags).hexdigest(),
        signed=signed,
        stamped=stamped,
        custody_entries=entries,
        checks=_told(files, len(items), signed, stamped, entries),
    )


def _cap(path: str) -> int | None:
    if path in _CAPS:
        return _CAPS[path]
    return _RECORD_BYTES if path.startswith(f"{METADATA}/") and path.endswith(_RECORDS) else None


def _stamp(files: Sequence[Found], labels: dict[str, str], tsa_ca_pem: bytes | None) -> Stamped | None:
    stamp = next((one.content for one in files if one.path == STAMP), None)
    said = labels.get(STAMP_LABEL)
    if said not in (None, STAMP, NOT_STAMPED) or (said is not None and (said == STAMP) != (stamp is not None)):
        raise PackageRefused("The package says otherwise whether it has a time stamp.")
    if not tsa_ca_pem:
        return None
    if stamp is None:
        if said is None:
            raise PackageRefused("A time stamp was expected, and the package has none.")
        return None
    return verify_stamp(stamp, content_of(files, SIGNATURE), tsa_ca_pem)


def _told(
    files: Sequence[Found], items: int, signed: Signed, stamped: Stamped | None, entries: int
) -> tuple[Check, ...]:
    if stamped is not None:
        stamp = Check("stamp", f"The signature existed at {_utc(stamped.at)}, says the time authority {stamped.by}.")
    elif any(one.path == STAMP for one in files):
        stamp = Check("stamp", "The time stamp was not checked: no certificate of its authority was given.", held=False)
    else:
        stamp = Check("stamp", "The package has no time stamp: when it was signed, only its sender says.", held=False)
    return (
        Check("tar", "Every header, every byte between the files and the end are as they are written."),
        Check("lists", f"All {items} items and {len(files) - items} documents are there, listed, unaltered, in order."),
        Check("signature", f"The list is signed by {signed.subject}, at {_utc(signed.at)} by their own clock."),
        stamp,
        Check("case", "The case document names the same files, sizes and digests."),
        Check("records", "The decisions and marks are about the items that are there."),
        Check("custody", f"All {entries} custody entries are unaltered and in the logs that were signed for.")
        if entries
        else Check("custody", "There are no custody entries in the package.", held=False),
    )


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
