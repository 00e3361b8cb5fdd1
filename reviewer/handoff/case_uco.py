"""The case as CASE/UCO 1.4 JSON-LD (`metadata/case.jsonld`): exhibits, provenance, every step, authorisation, tool.

The ontology's checks are open-world: a graph that says nothing conforms. `docs/case-uco.md` lists what ours always
says, and a test holds it to that.
"""

from __future__ import annotations

from reviewer.handoff.case_actions import Actions
from reviewer.handoff.case_exhibits import Exhibits
from reviewer.handoff.case_nodes import Graph, Node, moment, ref, refs
from reviewer.handoff.case_parties import Parties
from reviewer.handoff.dossier import Dossier
from reviewer.model.handoff_answers import Question

# What it conforms to; `case_validate --built-version` takes it.
BUILT_VERSION = "case-1.4.0"


def case_document(dossier: Dossier) -> bytes:
    """UTF-8 JSON-LD; the same dossier gives the same bytes."""
    graph = Graph(dossier.handoff_id)
    parties = Parties(graph, dossier)
    case = _investigation(graph, dossier)
    exhibits = Exhibits(graph, dossier.exhibits)
    actions = Actions(graph, dossier, parties, exhibits, case).chained()
    about: list[Node] = [*exhibits.files.values(), *exhibits.records.values(), *actions]
    about += _answers(graph, dossier, case)
    about += _organisations(parties, dossier)
    case["core:object"] = refs(about)
    return graph.document()


def _investigation(graph: Graph, dossier: Dossier) -> Node:
    referral = dossier.case.referral
    bases = list(dict.fromkeys(text for text in (dossier.answers.legal_basis, referral.legal_basis) if text.strip()))
    allowed = graph.node(
        "investigation:Authorization",
        "legal basis",
        core__name="Legal basis",
        core__description="As the requester or the organisation stated it." if bases else "None was stated.",
        investigation__authorizationIdentifier=bases,
        investigation__authorizationType="legal basis",
    )
    told = f"Referral from: {referral.source.value}. Jurisdiction: {referral.jurisdiction or 'not stated'}."
    if dossier.left_out:
        told += f" Exhibits of the case that are not in this package: {', '.join(dossier.left_out)}."
    return graph.node(
        "investigation:Investigation",
        dossier.case.id,
        core__name=dossier.case.number,
        core__description=told,
        core__startTime=moment(referral.received_at),
        investigation__focus=referral.claim,
        investigation__investigationForm="case",
        investigation__relevantAuthorization=[ref(allowed)],
    )


def _answers(graph: Graph, dossier: Dossier, case: Node) -> list[Node]:
    """What the recipient was told beside the records: each answer is a statement about the case."""
    said = [(question.value, getattr(dossier.answers, question.value, "")) for question in Question]
    return [
        graph.node(
            "core:Annotation",
            "answer",
            name,
            core__name=name,
            core__object=[ref(case)],
            core__statement=[text],
        )
        for name, text in said
        if text.strip()
    ]


def _organisations(parties: Parties, dossier: Dossier) -> list[Node]:
    """The agency is there already, as the participant of handing off; a requester of the same name is the agency."""
    named = [(dossier.organisation, "The organisation that hands off.")]
    named.append((dossier.case.referral.requester, "The requester that the referral names."))
    return [parties.organisation(name, what) for name, what in named if name.strip()]
