"""Who and what took part, as nodes of the CASE graph: organisations, people by pseudonym, tools, workstations."""

from __future__ import annotations

from reviewer.handoff.case_nodes import Graph, Node, ref
from reviewer.handoff.dossier import Dossier


class Parties:
    """Makes each of them once."""

    def __init__(self, graph: Graph, dossier: Dossier) -> None:
        self._graph = graph
        self._names = dossier.names()
        self.tool = self.tool_of("reviewer", dossier.tool_version)

    def organisation(self, name: str, description: str) -> Node:
        return self._graph.node(
            "identity:Organization", name.strip(), core__name=name.strip(), core__description=description
        )

    def person(self, name: str, role: str = "") -> Node:
        """`name` as it is told: a pseudonym, or what stands for it. Each role they acted in is a relationship."""
        person = self._graph.node(
            "identity:Person",
            name,
            core__name=name,
            core__description="Named by a pseudonym. The organisation knows who it is.",
        )
        if role:
            held = self._graph.node("role:Role", role, core__name=role)
            self._graph.node(
                "core:Relationship",
                "has role",
                name,
                role,
                core__isDirectional=True,
                core__kindOfRelationship="Has_Role",
                core__source=ref(person),
                core__target=ref(held),
            )
        return person

    def member(self, member_id: str, role: str = "") -> Node:
        return self.person(self.name_of(member_id), role)

    def name_of(self, member_id: str) -> str:
        """The pseudonym; what is given itself where it is nobody's id."""
        return self._names.get(member_id, member_id)

    def tool_of(self, name: str, version: str) -> Node:
        """Without a version where the record does not name one: none is guessed."""
        unknown = "" if version else "The record does not say which version."
        return self._graph.node(
            "tool:AnalyticTool",
            name,
            version,
            core__name=name,
            core__description=unknown,
            tool__toolType="Evidence review workstation",
            tool__version=version,
        )

    def workstation(self, name: str) -> Node:
        return self._graph.node(
            "observable:Device", name, core__name=name, core__description="Workstation on which this was done."
        )
