"""The package's own records against its items: the CASE graph and the decisions must name the same ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from reviewer.handoff.errors import PackageRefused
from reviewer.handoff.names import PAYLOAD
from reviewer.handoff.verifying_lists import content_of
from reviewer.handoff.verifying_tar import Found

CASE = "metadata/case.jsonld"
DECISIONS = "metadata/decisions.json"
SEGMENTS = "metadata/segments.json"
_FILE, _CONTENT, _HASH = "observable:FileFacet", "observable:ContentDataFacet", "types:Hash"
_T = TypeVar("_T")


class _Ref(msgspec.Struct):
    id: str = msgspec.field(name="@id")


class _Node(msgspec.Struct):
    """What is looked at of a node; everything else in it is passed over."""

    id: str = msgspec.field(name="@id", default="")
    type: str | tuple[str, ...] = msgspec.field(name="@type", default="")
    facets: tuple[_Ref, ...] | _Ref = msgspec.field(name="core:hasFacet", default=())
    path: str = msgspec.field(name="observable:filePath", default="")
    size: int | None = msgspec.field(name="observable:sizeInBytes", default=None)
    hashes: tuple[_Ref, ...] | _Ref = msgspec.field(name="observable:hash", default=())
    method: str = msgspec.field(name="types:hashMethod", default="")
    value: Any = msgspec.field(name="types:hashValue", default=None)


class _Graph(msgspec.Struct):
    nodes: tuple[_Node, ...] = msgspec.field(name="@graph")


class _Exhibit(msgspec.Struct):
    path: str
    sha256: str = ""
    exhibit: str = ""


class _Exhibits(msgspec.Struct):
    exhibits: tuple[_Exhibit, ...]


def check_case(files: Sequence[Found]) -> None:
    """The graph parses, and its files are the package's items with their sizes and digests: none more, none less."""
    nodes = {node.id: node for node in _decoded(content_of(files, CASE), _Graph).nodes}
    named: dict[str, tuple[int | None, str]] = {}
    for node in nodes.values():
        facets = [nodes[ref.id] for ref in _refs(node.facets) if ref.id in nodes]
        for facet in facets:
            if facet.type == _FILE:
                if facet.path in named:
                    raise PackageRefused("The case document names a file twice.")
                named[facet.path] = _size_and_digest(facets, nodes)
    if named != {one.path: (one.size, one.sha256) for one in _items(files)}:
        raise PackageRefused("The case document names other files, sizes or digests than the package has.")


def check_records(files: Sequence[Found]) -> dict[str, str]:
    """The decisions name every item with its digest, and marks are of items that are there. Gives the SHA-256 (hex) of
    each exhibit, by its number."""
    items = {one.path: one.sha256 for one in _items(files)}
    decided = _decoded(content_of(files, DECISIONS), _Exhibits).exhibits
    if len(decided) != len(items) or {one.path: one.sha256 for one in decided} != items:
        raise PackageRefused("The decisions are about other items than the package has.")
    if any(one.path not in items for one in _decoded(content_of(files, SEGMENTS), _Exhibits).exhibits):
        raise PackageRefused("The marks are on other items than the package has.")
    digests = {one.exhibit: one.sha256 for one in decided}
    if len(digests) != len(items):
        raise PackageRefused("Two items of the package have one exhibit number.")
    return digests


def _items(files: Sequence[Found]) -> list[Found]:
    return [one for one in files if one.path.startswith(f"{PAYLOAD}/")]


def _size_and_digest(facets: Sequence[_Node], nodes: Mapping[str, _Node]) -> tuple[int | None, str]:
    contents = [facet for facet in facets if facet.type == _CONTENT]
    digests = [
        str(node.value.get("@value", "")).lower()
        for facet in contents
        for ref in _refs(facet.hashes)
        if (node := nodes.get(ref.id)) is not None
        and node.type == _HASH
        and node.method == "SHA256"
        and isinstance(node.value, dict)
    ]
    if len(contents) != 1 or len(digests) != 1:
        raise PackageRefused("The case document gives a file no SHA-256, or more than one.")
    return contents[0].size, digests[0]


def _refs(given: tuple[_Ref, ...] | _Ref) -> tuple[_Ref, ...]:
    return (given,) if isinstance(given, _Ref) else given


def _decoded(untrusted: bytes, kind: type[_T]) -> _T:
    try:
        return msgspec.json.decode(untrusted, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise PackageRefused("A record of the package cannot be read.") from error
