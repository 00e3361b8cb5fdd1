"""An item's fingerprints as what is looked up and compared."""

from __future__ import annotations

from typing import NamedTuple

from reviewer.casesystem.known.entry import SIZES
from reviewer.model.cases import Item
from reviewer.model.known import PDQ_QUALITY, MatchKind
from reviewer.model.levels import Kind

MAX_SCENES = 4096


class Prints(NamedTuple):
    """`exact`: digests by kind. `alike`: PDQ hashes of which any may match. `own`: the one that tells a copy."""

    exact: dict[MatchKind, bytes]
    alike: list[bytes]
    own: bytes | None


def prints_of(untrusted_item: Item) -> Prints:
    """ValueError when a fingerprint is none.

    A hash of low quality says nothing and is not compared. Of a film every scene is looked up, but one scene in common
    does not make a copy; nor does the same first page.
    """
    untrusted = untrusted_item.fingerprints
    exact = {
        MatchKind.SHA256: _digest(MatchKind.SHA256, untrusted.sha256),
        MatchKind.SHA1: _digest(MatchKind.SHA1, untrusted.sha1),
        MatchKind.MD5: _digest(MatchKind.MD5, untrusted.md5),
    }
    if len(untrusted.scenes) > MAX_SCENES:
        raise ValueError("too many scenes")
    own = None
    if untrusted.pdq is not None:
        pdq = _digest(MatchKind.PDQ, untrusted.pdq)
        if untrusted_item.facts.kind is Kind.IMAGE and (untrusted.pdq_quality or 0) >= PDQ_QUALITY:
            own = pdq
    scenes = [_digest(MatchKind.PDQ, scene.pdq) for scene in untrusted.scenes if scene.quality >= PDQ_QUALITY]
    alike = list(dict.fromkeys(scenes)) if untrusted_item.facts.kind is Kind.VIDEO else []
    return Prints(exact, [own] if own is not None else alike, own)


def _digest(kind: MatchKind, untrusted_text: str) -> bytes:
    digest = bytes.fromhex(untrusted_text) if len(untrusted_text) == 2 * SIZES[kind] else b""
    if len(digest) != SIZES[kind]:
        raise ValueError("not a digest")
    return digest
