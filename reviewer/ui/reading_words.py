"""Words for readings: where an item stands, and what a reading says, field by field."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from reviewer.model.decisions import Draft
from reviewer.model.policy import Policy
from reviewer.model.readings import Stage
from reviewer.ui.wording import action_words, confidence_words, imminence_words


def _tr(text: str) -> str:
    return QCoreApplication.translate("readings", text)


def stage_words(stage: Stage) -> str:
    """One short line for the list and the head of the page."""
    return {
        Stage.THIRD: _tr("Two decisions differ. Both are kept; a third person settles it."),
        Stage.CONSENSUS: _tr("Two decisions differ. Both are kept; the two of you settle it."),
        Stage.AGREED: _tr("Both decisions say the same."),
        Stage.SETTLED: _tr("Settled. All decisions are kept; one of them stands."),
    }.get(stage, _tr("Decided by one."))


def field_words(name: str) -> str:
    return {
        "imminence": _tr("Danger"),
        "category": _tr("Category"),
        "severity": _tr("Severity"),
        "confidence": _tr("Confidence"),
        "action": _tr("Action"),
        "labels": _tr("Labels"),
        "grounds": _tr("Grounds"),
        "classification": _tr("Classification"),
        "age_group": _tr("Apparent age"),
    }.get(name, name)


def value_words(draft: Draft, name: str, policy: Policy) -> str:
    """What the reading says to the question `name`; a dash where it says nothing."""
    if name == "imminence" and draft.imminence is not None:
        return imminence_words(draft.imminence)
    if name == "category" and draft.category is not None:
        return policy.harm_type(draft.category).words
    if name == "severity" and draft.severity is not None:
        return str(draft.severity)
    if name == "confidence" and draft.confidence is not None:
        return confidence_words(draft.confidence)
    if name == "action" and draft.action is not None:
        return action_words(draft.action)
    if name in ("labels", "grounds"):
        return ", ".join(getattr(draft, name)) or "–"
    return (getattr(draft, name, None) or "–") if name in ("classification", "age_group") else "–"
