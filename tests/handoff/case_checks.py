"""What a case document must say beyond conforming: the ontology is open-world, a graph that says nothing conforms."""

from __future__ import annotations

import json
from typing import Any

NEEDED = ("action:performer", "action:startTime", "action:instrument", "core:description")


def by_kind(document: bytes, kind: str) -> list[dict[str, Any]]:
    return [node for node in json.loads(document)["@graph"] if node["@type"] == kind]


def sha256_of(document: bytes) -> dict[str, str]:
    """SHA-256 by the path in the bag, as the document has them."""
    nodes = {node["@id"]: node for node in json.loads(document)["@graph"]}
    found = {}
    for node in nodes.values():
        facets = [nodes[one["@id"]] for one in node.get("core:hasFacet", ())]
        path = next((facet["observable:filePath"] for facet in facets if "observable:filePath" in facet), None)
        for facet in facets:
            for one in facet.get("observable:hash", ()):
                if nodes[one["@id"]]["types:hashMethod"] == "SHA256":
                    found[path] = nodes[one["@id"]]["types:hashValue"]["@value"]
    return found


def shortcomings(document: bytes) -> list[str]:
    """One line for everything that a court would ask for and not find; empty for a document that says it all."""
    nodes = {node["@id"]: node for node in json.loads(document)["@graph"]}
    wrong = [f"{name} is named and not there" for name in _named(list(nodes.values())) if name not in nodes]
    actions = by_kind(document, "investigation:InvestigativeAction")
    wrong += [f"an action has no {name}" for action in actions for name in NEEDED if not action.get(name)]
    wrong += _chain(actions)
    for facet in by_kind(document, "observable:ContentDataFacet"):
        hashes = [nodes.get(one["@id"], {}).get("types:hashMethod") for one in facet.get("observable:hash", ())]
        if "SHA256" not in hashes:
            wrong.append("a content facet has no SHA256")
    for record in by_kind(document, "investigation:ProvenanceRecord"):
        for name in ("investigation:exhibitNumber", "investigation:rootExhibitNumber"):
            if not record.get(name):
                wrong.append(f"a provenance record has no {name}")
    if not any(node.get("tool:version") for node in by_kind(document, "tool:AnalyticTool")):
        wrong.append("no tool has a version")
    if len(by_kind(document, "investigation:Authorization")) != 1:
        wrong.append("there is not one authorisation")
    return wrong


def _chain(actions: list[dict[str, Any]]) -> list[str]:
    """One path from the first to the last, each after the one before it."""
    before = {
        action["@id"]: [one["@id"] for one in action.get("investigation:wasInformedBy", ())] for action in actions
    }
    started = {action["@id"]: action.get("action:startTime", {}).get("@value", "") for action in actions}
    firsts = [name for name, earlier in before.items() if not earlier]
    if len(firsts) != 1:
        return [f"the chain has {len(firsts)} beginnings"]
    after = {earlier[0]: name for name, earlier in before.items() if len(earlier) == 1}
    at, reached = firsts[0], 1
    while at in after:
        if started[after[at]] < started[at]:
            return ["the chain goes back in time"]
        at, reached = after[at], reached + 1
        if reached > len(actions):
            break
    return [] if reached == len(actions) else ["the chain is not one path"]


def _named(value: Any) -> list[str]:
    """Every name that something refers to."""
    if isinstance(value, dict):
        if set(value) == {"@id"}:
            return [value["@id"]]
        return [name for part in value.values() for name in _named(part)]
    if isinstance(value, list):
        return [name for part in value for name in _named(part)]
    return []
