"""A decision and its viewing record in sentences, for documents that people and programs read. Pure."""

from __future__ import annotations

from reviewer.handoff.plain_words import ACTION, CONFIDENCE, IMMINENCE, LEVEL
from reviewer.model.decisions import Decision, ViewingRecord
from reviewer.model.levels import LEVEL_BY_KEY
from reviewer.model.policy import Policy
from reviewer.model.taxonomy import words_of


def severity_words(policy: Policy, severity: int) -> str:
    """The policy's word for a severity, which counts from 1; its number where the policy has no such word."""
    if 1 <= severity <= len(policy.severity_words):
        return policy.severity_words[severity - 1]
    return str(severity)


def category_words(policy: Policy, key: str) -> str:
    """The words of the harm type; its key where this policy does not know it."""
    return next((harm.words for harm in policy.harm_types if harm.key == key), key)


def level_words(key: str) -> str:
    return LEVEL[LEVEL_BY_KEY[key]] if key in LEVEL_BY_KEY else key


def statement_of(decision: Decision, policy: Policy) -> str:
    """What was decided, field by field, each as a sentence."""
    taxonomy = policy.taxonomy
    severity = severity_words(policy, decision.severity)
    told = [
        f"{IMMINENCE[decision.imminence]}.",
        f"Category: {category_words(policy, decision.category)}.",
        f"Severity: {severity} ({decision.severity} of {len(policy.severity_words)}).",
        f"Confidence: {CONFIDENCE[decision.confidence]}.",
        f"Action: {ACTION[decision.action]}.",
    ]
    if decision.classification:
        told.append(f"Classification: {decision.classification}.")
    if decision.age_group:
        told.append(f"Apparent age: {words_of(taxonomy.age_groups, decision.age_group)}.")
    if decision.grounds:
        told.append(f"Grounds: {', '.join(words_of(taxonomy.grounds, key) for key in decision.grounds)}.")
    if decision.labels:
        told.append(f"Labels: {', '.join(words_of(taxonomy.labels, key) for key in decision.labels)}.")
    if decision.rationale:
        told.append(f"Reason: {decision.rationale}")
    return " ".join(told)


def viewing_words(viewing: ViewingRecord) -> str:
    """Whether that person saw it before deciding, at which levels and for how long: nothing is inferred."""
    if not viewing.viewed:
        why = " It was decided from the notes of earlier viewers." if viewing.decided_from_notes else ""
        if viewing.could_not_open:
            why += f" It could not be opened ({viewing.could_not_open})."
        if viewing.with_stack_of:
            why += " It was decided together with a copy of it."
        return f"This person did not view it before deciding.{why}"
    shown = [
        f"{level_words(key)}: {seconds:g} s"
        for key, seconds in sorted(viewing.seconds.items(), key=lambda pair: LEVEL_BY_KEY.get(pair[0], -1))
        if seconds > 0
    ]
    if viewing.sound_seconds > 0:
        shown.append(f"Sound: {viewing.sound_seconds:g} s")
    return f"This person viewed it before deciding. {'. '.join(shown)}."
