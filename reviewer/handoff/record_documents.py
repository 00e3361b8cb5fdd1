"""The records of a package as JSON: every decision with its viewing record, marked times and messages, custody lines.

Keys are as stored; beside each stands what the policy of this package calls it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from reviewer.handoff.decision_words import category_words, level_words, severity_words, viewing_words
from reviewer.handoff.dossier import CustodyExtract, CustodyLine, Dossier, Exhibit
from reviewer.handoff.json_text import json_text
from reviewer.handoff.moments import utc_text
from reviewer.handoff.plain_words import ACTION, CHANGE, CONFIDENCE, IMMINENCE
from reviewer.handoff.plan import Document
from reviewer.model.decisions import Change, Decision, ViewingRecord
from reviewer.model.handoff import RecordedDecision
from reviewer.model.policy import Policy
from reviewer.model.taxonomy import words_of

Fields = dict[str, Any]

_WHAT_ANCHORS_PROVE = (
    "Each anchor is the newest signed checkpoint of that workstation's custody log that the case system held when this "
    "package was made. The case system takes a checkpoint only with a proof that it extends the one before. A log that "
    "was cut off, put back or rewritten before an anchored size has another root and shows; what was written after the "
    "newest anchor rests on the workstation's own signature alone."
)
_HOW_TO_CHECK_A_LINE = (
    "In each custody file the first line is the checkpoint and every further line is one entry of this case. "
    "SHA-256(0x00 || salt || entry) is leaf_hash, and proof leads from it, at position, to root (RFC 6962). Entries "
    "that are not about this case are left out, so there may be fewer lines than size says."
)
_REDACTED_LINE = (
    "This package tells no names: salt and entry of each line are withheld and redacted is a copy with names replaced. "
    "proof still leads from leaf_hash to root. When the organisation discloses salt and entry of a line, "
    "SHA-256(0x00 || salt || entry) must be the leaf_hash that is here."
)


def decisions_document(dossier: Dossier) -> bytes:
    """`metadata/decisions.json`."""
    numbers = _exhibit_numbers(dossier)
    return json_text(
        {
            "format": "reviewer decisions 1",
            "handoff": dossier.handoff_id,
            "case": dossier.case.number,
            "policy_version": dossier.policy.version,
            "words_are_those_of": f"policy {dossier.policy.version}; each decision names the policy it was made under",
            "exhibits": [_exhibit(exhibit, dossier.policy, numbers) for exhibit in dossier.exhibits],
            "exhibits_not_in_this_package": list(dossier.left_out),
        }
    )


def segments_document(dossier: Dossier) -> bytes:
    """`metadata/segments.json`: marked times (seconds from the item's start) and messages (lines from 0) of decisions
    that stand."""
    return json_text(
        {
            "format": "reviewer segments 1",
            "handoff": dossier.handoff_id,
            "case": dossier.case.number,
            "exhibits": [
                marked for exhibit in dossier.exhibits if (marked := _marked(exhibit)) and len(marked["marks"]) > 0
            ],
        }
    )


def custody_documents(dossier: Dossier) -> tuple[Document, ...]:
    """`metadata/custody-<n>.jsonl`, one per workstation's log, from 1 on; then `metadata/checkpoints.json`."""
    files = [
        Document(f"metadata/custody-{number}.jsonl", _custody_lines(extract))
        for number, extract in enumerate(dossier.custody, start=1)
    ]
    return (*files, Document("metadata/checkpoints.json", _checkpoints(dossier)))


def _exhibit(exhibit: Exhibit, policy: Policy, numbers: dict[str, str]) -> Fields:
    item, record = exhibit.record.item, exhibit.record
    replaced = {one.decision.replaces: one for one in record.decisions if one.decision.replaces}
    return {
        "exhibit": item.exhibit,
        "root_exhibit": item.root_exhibit,
        "path": exhibit.path,
        "item": item.id,
        "sha256": item.fingerprints.sha256,
        "reported_as": _named(item.harm_type, category_words(policy, item.harm_type)),
        "seen_by_a_person": exhibit.was_seen,
        "readings_unsettled": record.unsettled,
        "known_matches": [
            {
                "list": match.list_name,
                "list_version": match.list_version,
                "kind": match.kind.value,
                "distance": match.distance,
                "category": match.category,
                "classification": match.classification,
            }
            for match in record.matches
        ],
        "decisions": [_decision(one, policy, replaced.get(one.decision.id), numbers) for one in record.decisions],
    }


def _decision(
    one: RecordedDecision, policy: Policy, replaced_by: RecordedDecision | None, numbers: dict[str, str]
) -> Fields:
    said, taxonomy = one.decision, policy.taxonomy
    return {
        "id": said.id,
        "status": _status(one, replaced_by),
        "replaced_by": None if replaced_by is None else replaced_by.decision.id,
        "replaces": said.replaces,
        "change": _named(said.change.value, CHANGE[said.change]),
        "by": one.author,
        "decided_at": utc_text(said.decided_at),
        "recorded_at": utc_text(one.recorded_at),
        "policy_version": said.policy_version,
        "imminence": _named(said.imminence.value, IMMINENCE[said.imminence]),
        "category": _named(said.category, category_words(policy, said.category)),
        "severity": {
            "number": said.severity,
            "of": len(policy.severity_words),
            "words": severity_words(policy, said.severity),
        },
        "confidence": _named(said.confidence.value, CONFIDENCE[said.confidence]),
        "action": _named(said.action.value, ACTION[said.action]),
        "classification": said.classification,
        "age_group": None
        if said.age_group is None
        else _named(said.age_group, words_of(taxonomy.age_groups, said.age_group)),
        "grounds": [_named(key, words_of(taxonomy.grounds, key)) for key in said.grounds],
        "labels": [_named(key, words_of(taxonomy.labels, key)) for key in said.labels],
        "rationale": said.rationale,
        "marks": _marks(said),
        "viewing": _viewing(one.viewing_record, numbers),
    }


def _status(one: RecordedDecision, replaced_by: RecordedDecision | None) -> str:
    """A withdrawal is the taking back itself. What was not replaced and does not stand was superseded: the item was
    settled otherwise."""
    if one.decision.change is Change.VOID:
        return "withdrawal"
    if replaced_by is not None:
        return "voided" if replaced_by.decision.change is Change.VOID else "amended"
    return "standing" if one.standing else "superseded"


def _viewing(viewing: ViewingRecord, numbers: dict[str, str]) -> Fields:
    copy = viewing.with_stack_of
    return {
        "viewed": viewing.viewed,
        "words": viewing_words(viewing),
        "opened_at": None if viewing.opened_at is None else utc_text(viewing.opened_at),
        "closed_at": None if viewing.closed_at is None else utc_text(viewing.closed_at),
        "seconds": [
            {"level": key, "words": level_words(key), "seconds": seconds}
            for key, seconds in sorted(viewing.seconds.items())
        ],
        "sound_seconds": viewing.sound_seconds,
        "decided_from_notes": viewing.decided_from_notes,
        "could_not_open": viewing.could_not_open,
        # The other item may not be in this package: then its number is not told.
        "decided_with_a_copy": copy is not None,
        "copy_that_was_viewed": None if copy is None else numbers.get(copy),
    }


def _named(key: str, words: str) -> Fields:
    return {"key": key, "words": words}


def _marked(exhibit: Exhibit) -> Fields:
    marks = [
        {"decision": one.decision.id, "by": one.author, **mark}
        for one in exhibit.record.decisions
        if one.standing and one.decision.change is not Change.VOID
        for mark in _marks(one.decision)
    ]
    return {"exhibit": exhibit.record.item.exhibit, "path": exhibit.path, "marks": marks}


def _marks(said: Decision) -> list[Fields]:
    times = [{"start_s": part.start_s, "end_s": part.end_s, "note": part.note} for part in said.segments]
    return times + [{"message": mark.line, "note": mark.note} for mark in said.messages]


def _exhibit_numbers(dossier: Dossier) -> dict[str, str]:
    return {exhibit.record.item.id: exhibit.record.item.exhibit for exhibit in dossier.exhibits}


def _custody_lines(extract: CustodyExtract) -> bytes:
    first = {
        "checkpoint": extract.checkpoint,
        "verifier": extract.verifier,
        "size": extract.size,
        "root": extract.root,
    }
    return b"".join(msgspec.json.encode(line) + b"\n" for line in (first, *map(_custody_line, extract.lines)))


def _custody_line(line: CustodyLine) -> Fields:
    """As `reviewer.vault.custody.export` writes it; where no names are told, `redacted` for `salt` and `entry`."""
    proven = {"leaf_hash": line.leaf_hash, "proof": list(line.proof)}
    if line.redacted:
        return {"position": line.position, "redacted": line.redacted, **proven}
    return {"position": line.position, "salt": line.salt, "entry": line.entry, **proven}


def _checkpoints(dossier: Dossier) -> bytes:
    origins = {extract.checkpoint.partition("\n")[0] for extract in dossier.custody}
    redacted = any(line.redacted for extract in dossier.custody for line in extract.lines)
    return json_text(
        {
            "format": "reviewer checkpoints 1",
            "handoff": dossier.handoff_id,
            "what_this_proves": _WHAT_ANCHORS_PROVE,
            "how_to_check_a_line": _HOW_TO_CHECK_A_LINE,
            "names_withheld": _REDACTED_LINE if redacted else "",
            "anchors": [
                {
                    "origin": anchor.origin,
                    "checkpoint": anchor.note,
                    "verifier": anchor.verifier,
                    "anchored_at": utc_text(anchor.at),
                }
                for anchor in sorted(dossier.anchors, key=lambda one: (one.origin, one.at))
                if anchor.origin in origins
            ],
        }
    )
