"""All that was done, as one chain of investigative actions by time: custody steps, decisions, handing off.

Each action names who, when, with what, on what, and the action before it (`investigation:wasInformedBy`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from reviewer.handoff.case_exhibits import Exhibits
from reviewer.handoff.case_nodes import Graph, Node, moment, ref, refs
from reviewer.handoff.case_parties import Parties
from reviewer.handoff.decision_words import statement_of, viewing_words
from reviewer.handoff.dossier import CustodyExtract, Dossier, Exhibit
from reviewer.handoff.moments import in_utc
from reviewer.handoff.plain_words import CHANGE, CUSTODY
from reviewer.handoff.report_words import question_words
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.handoff import RecordedDecision


@dataclass(frozen=True, slots=True)
class _Done:
    """An action before it has its place in the chain. `thing` tells it from all others."""

    thing: tuple[str, ...]
    start: datetime
    end: datetime
    properties: dict[str, Any]


class Actions:
    """`chained` puts them all into the graph."""

    def __init__(self, graph: Graph, dossier: Dossier, parties: Parties, exhibits: Exhibits, case: Node) -> None:
        self._graph = graph
        self._dossier = dossier
        self._parties = parties
        self._exhibits = exhibits
        self._case = case

    def chained(self) -> list[Node]:
        """All actions, the first done first; of two that began together the one that ended first."""
        done = [
            self._custody_step(extract, msgspec.json.decode(line.told, type=CustodyEntry), line.position)
            for extract in self._dossier.custody
            for line in extract.lines
        ]
        done += [self._decision(exhibit, one) for exhibit in self._dossier.exhibits for one in exhibit.record.decisions]
        done.append(self._handing_off())
        made: list[Node] = []
        for one in sorted(done, key=lambda one: (in_utc(one.start), in_utc(one.end), one.thing)):
            made.append(
                self._graph.node(
                    "investigation:InvestigativeAction",
                    *one.thing,
                    action__startTime=moment(one.start),
                    action__endTime=moment(one.end),
                    investigation__wasInformedBy=[ref(made[-1])] if made else [],
                    **one.properties,
                )
            )
        return made

    def _custody_step(self, extract: CustodyExtract, entry: CustodyEntry, position: int) -> _Done:
        log = extract.checkpoint.partition("\n")[0]
        about = self._exhibits.files.get(entry.exhibit or "")
        taken_in = entry.action is CustodyAction.TAKEN_IN and about is not None
        said = [
            f"{CUSTODY[entry.action]}.",
            f"Exhibit {entry.exhibit}." if entry.exhibit else "",
            *(
                f"{name}: {self._parties.name_of(value)}."
                for name, value in (
                    ("Reason", entry.reason),
                    ("Authority", entry.authority),
                    ("Received from", entry.received_from),
                    ("Given to", entry.given_to),
                    ("Receipt", entry.receipt),
                )
                if value
            ),
            f"Custody entry {entry.id}, number {position} of the log {log}.",
        ]
        return _Done(
            ("custody", log, entry.id),
            entry.started_at,
            max(entry.started_at, entry.ended_at, key=in_utc),
            {
                "core__name": entry.action.value,
                "core__description": [" ".join(part for part in said if part)],
                "action__performer": ref(self._parties.member(entry.actor, entry.role)),
                "action__instrument": refs(
                    [
                        self._parties.tool_of(entry.tool, entry.tool_version),
                        self._parties.workstation(entry.workstation),
                    ]
                ),
                "action__object": [ref(about if about is not None else self._case)],
                "action__result": [ref(self._exhibits.records[entry.exhibit or ""])] if taken_in else [],
                "reviewer__sha256Before": entry.sha256_before,
                "reviewer__sha256After": entry.sha256_after,
            },
        )

    def _decision(self, exhibit: Exhibit, one: RecordedDecision) -> _Done:
        decision, viewing = one.decision, one.viewing_record
        file = self._exhibits.files[exhibit.record.item.exhibit]
        standing = "It stands." if one.standing else "It does not stand any more."
        conclusion = self._graph.node(
            "core:Annotation",
            "decision",
            decision.id,
            core__name=f"Decision on exhibit {exhibit.record.item.exhibit}",
            core__object=[ref(file)],
            core__statement=[statement_of(decision, self._dossier.policy)],
            core__tag=["standing" if one.standing else "not standing"],
        )
        opened = viewing.opened_at if viewing.opened_at is not None else decision.decided_at
        return _Done(
            ("decision", decision.id),
            min(opened, decision.decided_at, key=in_utc),
            decision.decided_at,
            {
                "core__name": "decision",
                "core__description": [f"{CHANGE[decision.change]}. {standing} {viewing_words(viewing)}"],
                "action__performer": ref(self._parties.person(one.author)),
                # The record of a decision does not name the version it was made with; the custody step does.
                "action__instrument": [ref(self._parties.tool_of("reviewer", ""))],
                "action__object": [ref(file)],
                "action__result": [ref(conclusion)],
            },
        )

    def _handing_off(self) -> _Done:
        dossier = self._dossier
        package = self._graph.node(
            "core:Grouping",
            "package",
            core__name=f"Handoff package {dossier.handoff_id}",
            core__context=["What is handed off together."],
            core__object=refs(self._exhibits.records.values()),
        )
        overruled = ""
        if dossier.missing:
            who, why = dossier.overruled_by or "nobody", dossier.overrule or "none"
            missing = "; ".join(question_words(key) for key in dossier.missing)
            overruled = f" Missing: {missing}. Overruled by {who}, reason: {why}."
        agency = self._parties.organisation(dossier.agency.words, "The agency this package is addressed to.")
        return _Done(
            ("handing off",),
            dossier.built_at,
            dossier.built_at,
            {
                "core__name": "handoff",
                "core__description": [f"Package built for {dossier.agency.words}, to be sealed to it.{overruled}"],
                "action__performer": ref(self._parties.person(dossier.built_by)),
                "action__participant": [ref(agency)],
                "action__instrument": [ref(self._parties.tool)],
                "action__object": refs(self._exhibits.files.values()),
                "action__result": [ref(package)],
            },
        )
