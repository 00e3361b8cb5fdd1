"""A package's lists (BagIt 1.0) against what was found in its tar: every file listed once, as it is, in its order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from reviewer.handoff.bag import (
    DECLARATION,
    INFORMATION,
    MANIFEST,
    METADATA,
    SIGNATURE,
    STAMP,
    TAG_MANIFEST,
    manifest_path,
)
from reviewer.handoff.errors import PackageRefused
from reviewer.handoff.names import PAYLOAD
from reviewer.handoff.verifying_tar import Found

_DECLARED = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_LINE = re.compile(r"([A-Za-z0-9-]+): (\S[^\r\n]*)")
# Where the files of each kind lie in the tar, in this order; the others at the top come second.
_BESIDE = 1
_PLACES = {DECLARATION: 0, INFORMATION: 4, MANIFEST: 5, TAG_MANIFEST: 6, SIGNATURE: 7, STAMP: 8}
_ONCE = (DECLARATION, INFORMATION, MANIFEST, TAG_MANIFEST, SIGNATURE)
README = "README-FIRST.txt"
REQUIRED = (
    *_ONCE,
    README,
    *(f"{METADATA}/{name}" for name in ("case.jsonld", "decisions.json", "segments.json", "checkpoints.json")),
    f"{METADATA}/report.pdf",
)


def check_places(files: Sequence[Found]) -> None:
    """That every file lies where its kind does, in the order of the kinds, and what every package has is there."""
    order = [_place(one.path) for one in files]
    if order != sorted(order):
        raise PackageRefused("The files of the package are not in their order.")
    paths = {one.path for one in files}
    if any(path not in paths for path in REQUIRED):
        raise PackageRefused("A file that every package has is missing.")
    if 2 not in order:
        raise PackageRefused("There is no item in the package.")


def check_declaration(files: Sequence[Found]) -> None:
    if files[0].path != DECLARATION or files[0].content != _DECLARED:
        raise PackageRefused("The package does not say what it is as it must (bagit.txt).")


def check_lists(files: Sequence[Found]) -> None:
    """Both lists, made again from what was found, must be the same, byte by byte."""
    items = [one for one in files if _place(one.path) == 2]
    others = [one for one in files if _place(one.path) in (0, _BESIDE, 3, 4, 5)]
    _check_list(content_of(files, MANIFEST), items, "item")
    _check_list(content_of(files, TAG_MANIFEST), others, "document")


def check_information(files: Sequence[Found]) -> dict[str, str]:
    """The labels of bag-info.txt, each there once, with the items' total and number as they were found."""
    try:
        text = content_of(files, INFORMATION).decode()
    except UnicodeDecodeError as error:
        raise PackageRefused("What the package says of itself cannot be read (bag-info.txt).") from error
    labels: dict[str, str] = {}
    for line in text.removesuffix("\n").split("\n"):
        found = _LINE.fullmatch(line)
        if found is None or found[1] in labels:
            raise PackageRefused("What the package says of itself cannot be read (bag-info.txt).")
        labels[found[1]] = found[2]
    items = [one.size for one in files if _place(one.path) == 2]
    if not text.endswith("\n") or labels.get("Payload-Oxum") != f"{sum(items)}.{len(items)}":
        raise PackageRefused("The package says another number or size of its items than it has (Payload-Oxum).")
    return labels


def content_of(files: Sequence[Found], path: str) -> bytes:
    """PackageRefused when it is not there."""
    found = next((one.content for one in files if one.path == path), None)
    if found is None:
        raise PackageRefused("A file that every package has is missing.")
    return found


def _check_list(untrusted: bytes, files: Sequence[Found], kind: str) -> None:
    expected = [f"{one.sha256}  {manifest_path(one.path)}" for one in files]
    if untrusted == "".join(f"{line}\n" for line in expected).encode():
        return
    # It is refused whatever comes now: this only says why.
    try:
        lines = untrusted.decode().splitlines()
    except UnicodeDecodeError as error:
        raise PackageRefused(f"The list of the {kind}s cannot be read.") from error
    listed = {line[66:]: line[:64] for line in lines}
    for one in files:
        if listed.setdefault(manifest_path(one.path), "") == "":
            raise PackageRefused(f"There is a file in the package that is in no list ({kind}).")
        if listed[manifest_path(one.path)] != one.sha256:
            raise PackageRefused(f"The package holds an altered file ({kind}).")
    if len(listed) > len(files):
        raise PackageRefused(f"A listed file is missing in the package ({kind}).")
    raise PackageRefused(f"The list of the {kind}s is not in the order of the package, or not in its one form.")


def _place(path: str) -> int:
    """PackageRefused for a file where none lies."""
    if path in _PLACES:
        return _PLACES[path]
    folder, _, _ = path.rpartition("/")
    place = {"": _BESIDE, PAYLOAD: 2, METADATA: 3}.get(folder)
    if place is None:
        raise PackageRefused("A file of the package lies where none belongs.")
    return place
