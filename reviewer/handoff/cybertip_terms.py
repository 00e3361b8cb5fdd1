"""What of our records is said in a CyberTipline report, and by which of its terms. Explicit tables; nothing is guessed.

The schema belongs to its owner and is not in the project; tests validate against it where it is at hand.
"""

from __future__ import annotations

from collections.abc import Iterable

from reviewer.handoff.dossier import Dossier
from reviewer.model.decisions import Action, Change, Decision, Imminence
from reviewer.model.handoff import RecordedItem
from reviewer.model.taxonomy import CLASSIFICATIONS

_ABUSE_MATERIAL = "Child Pornography (possession, manufacture, and distribution)"
_ENTICEMENT = "Online Enticement of Children for Sexual Acts"

# Harm type of the policy -> incident type, in the order in which the first that applies is taken.
INCIDENT_TYPES: dict[str, str] = {
    "sexual_harm_minor": _ABUSE_MATERIAL,
    "grooming_text": _ENTICEMENT,
}

# Label of the policy -> element. An organisation that wants one said names its label so.
REPORT_ANNOTATIONS: dict[str, str] = {
    "sextortion": "sextortion",
    "csam_solicitation": "csamSolicitation",
    "minor_to_minor_interaction": "minorToMinorInteraction",
    "spam": "spam",
    "sadistic_online_exploitation": "sadisticOnlineExploitation",
}
FILE_ANNOTATIONS: dict[str, str] = {
    "anime_drawing_virtual_hentai": "animeDrawingVirtualHentai",
    "potential_meme": "potentialMeme",
    "viral": "viral",
    "possible_self_production": "possibleSelfProduction",
    "physical_harm": "physicalHarm",
    "violence_gore": "violenceGore",
    "bestiality": "bestiality",
    "live_streaming": "liveStreaming",
    "infant": "infant",
    "made_by_machine": "generativeAi",
}

_NOTHING_KNOWN = frozenset({"none known", "none", "not known", "unknown", "no"})


def known(answer: str) -> str:
    """The answer, or nothing where it says that nothing is known."""
    bare = answer.strip()
    return "" if bare.rstrip(".").casefold() in _NOTHING_KNOWN else bare


def standing(record: RecordedItem) -> Decision | None:
    """What stands of an item, the newest. A decision that voids another says nothing of the item."""
    found = all_standing(record)
    return found[-1] if found else None


def all_standing(record: RecordedItem) -> list[Decision]:
    """Oldest first; two that agreed both stand."""
    return [one.decision for one in record.decisions if one.standing and one.decision.change is not Change.VOID]


def industry_classification(decision: Decision | None) -> str:
    """A1, A2, B1 or B2 as a person decided it; what a list says of a match is not a classification of ours."""
    if decision is None or decision.classification not in CLASSIFICATIONS:
        return ""
    return decision.classification


def relevance(decision: Decision | None) -> str:
    """The file that is reported, or one that belongs to it."""
    reported = decision is not None and decision.action in (Action.REPORT, Action.ESCALATE)
    return "Reported" if reported or industry_classification(decision) else "Supplemental Reported"


def incident_type(records: Iterable[RecordedItem]) -> str | None:
    """By what was decided of the items; None where nothing of it has an incident type: then there is no report, because
    the schema demands one and none of them would be true."""
    records = tuple(records)
    decisions = [standing(record) for record in records]
    found = {decision.category for decision in decisions if decision is not None}
    if any(industry_classification(decision) for decision in decisions):
        return _ABUSE_MATERIAL
    # What was reported of items that nobody has decided counts only where no decision says anything.
    if not found:
        found = {record.item.harm_type for record in records}
    return next((incident for harm_type, incident in INCIDENT_TYPES.items() if harm_type in found), None)


def in_danger(dossier: Dossier) -> list[tuple[str, Decision]]:
    """(exhibit number, decision) of every standing decision by which danger is imminent or possible, worst first."""
    found = [
        (exhibit.record.item.exhibit, decision)
        for exhibit in dossier.exhibits
        for decision in all_standing(exhibit.record)
        if decision.imminence in (Imminence.IMMINENT, Imminence.POSSIBLE)
    ]
    return sorted(found, key=lambda one: one[1].imminence is not Imminence.IMMINENT)


def annotated(labels: set[str], table: dict[str, str]) -> list[str]:
    """The elements for these labels, in the order of the table."""
    return [element for label, element in table.items() if label in labels]
