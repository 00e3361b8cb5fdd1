"""Nodes of a CASE/UCO graph as JSON-LD: names that are the same each time, typed values, and a graph that keeps order.

Source of the terms: the ontologies of CASE 1.4.0 (UCO 1.4.0). Nothing is fetched: the context is in the document.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec

from reviewer.handoff.moments import utc_text

Node = dict[str, Any]

UCO = "https://ontology.unifiedcyberontology.org/uco/"
CONTEXT: dict[str, str] = {
    "action": f"{UCO}action/",
    "core": f"{UCO}core/",
    "identity": f"{UCO}identity/",
    "investigation": "https://ontology.caseontology.org/case/investigation/",
    "observable": f"{UCO}observable/",
    "reviewer": "https://reviewer.invalid/terms/",
    "role": f"{UCO}role/",
    "tool": f"{UCO}tool/",
    "types": f"{UCO}types/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def moment(at: datetime) -> Node:
    """xsd:dateTime in UTC, to the microsecond where there is one."""
    return {"@type": "xsd:dateTime", "@value": utc_text(at)}


def ref(node: Node) -> Node:
    return {"@id": node["@id"]}


def refs(nodes: Iterable[Node]) -> list[Node]:
    return [ref(node) for node in nodes]


class Graph:
    """Every node once, in the order in which it was added. Text of outsiders is only ever the value of a literal: it
    is never part of a name, a type or a property."""

    def __init__(self, handoff_id: str) -> None:
        # Names from the handoff's id and the thing: UUIDv5, as the ontology suggests; the same again next time.
        self._names = uuid.uuid5(uuid.NAMESPACE_URL, f"https://reviewer.invalid/handoff/{handoff_id}")
        self._nodes: dict[tuple[str, ...], Node] = {}

    def node(self, kind: str, *thing: str, **properties: Any) -> Node:
        """The node of `kind` ("tool:Tool") for `thing` (whatever tells it from others of its kind).

        `properties` are names with `__` for the colon; None, "" and [] are left out. A node that is there already is
        given back as it is.
        """
        what = (kind, *thing)
        if what not in self._nodes:
            # A length before each part: no part can be written so that two things have one name.
            spelled = "".join(f"{len(part)}:{part}" for part in what)
            said = {key.replace("__", ":"): value for key, value in properties.items() if value not in (None, "", [])}
            self._nodes[what] = {"@id": f"urn:uuid:{uuid.uuid5(self._names, spelled)}", "@type": kind, **said}
        return self._nodes[what]

    def document(self) -> bytes:
        """UTF-8, keys sorted, two spaces, a newline at the end: the same graph gives the same bytes."""
        whole = {"@context": CONTEXT, "@graph": list(self._nodes.values())}
        return msgspec.json.format(msgspec.json.encode(whole, order="sorted"), indent=2) + b"\n"
