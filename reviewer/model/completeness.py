"""When a decision is complete: which questions are asked of this draft, which answers it still needs. Pure."""

from __future__ import annotations

from enum import Enum

import msgspec

from reviewer.model.decisions import Action, Draft, Imminence
from reviewer.model.policy import Policy
from reviewer.model.taxonomy import Condition, Preset

# The order in which they are asked. Whether somebody is in danger comes first, whatever the policy says.
QUESTIONS = (
    "imminence",
    "grounds",
    "category",
    "severity",
    "classification",
    "age_group",
    "confidence",
    "action",
    "rationale",
    "labels",
)
ALWAYS = frozenset({"imminence", "category", "severity", "confidence", "action"})
# What may be said of one draft and not of another, with what it is when it is not said.
_OPTIONAL = {"grounds": (), "classification": None, "age_group": None}
_REASONED = (Action.REPORT, Action.ESCALATE)


def asked(draft: Draft, policy: Policy) -> tuple[str, ...]:
    """The questions that apply to the draft as it stands, in order: field names of `Draft`."""
    taxonomy = policy.taxonomy
    danger = draft.imminence in (Imminence.IMMINENT, Imminence.POSSIBLE)
    left_out = set()
    if not (danger and taxonomy.grounds):
        left_out.add("grounds")
    if draft.category not in taxonomy.classified:
        left_out.add("classification")
    if draft.category not in taxonomy.aged or not taxonomy.age_groups:
        left_out.add("age_group")
    if not taxonomy.labels:
        left_out.add("labels")
    return tuple(question for question in QUESTIONS if question not in left_out)


def needed(draft: Draft, policy: Policy) -> tuple[str, ...]:
    """Those of `asked` that have to be answered before the draft can become a decision.

    A condition that needs an answer to a question that is not asked of this draft does not hold it up.
    """
    wanted = set(ALWAYS)
    if draft.action in _REASONED:
        wanted.add("rationale")
    for condition in policy.taxonomy.conditions:
        if _holds(condition, draft):
            wanted.update(condition.needs)
    return tuple(question for question in asked(draft, policy) if question in wanted)


def missing(draft: Draft, policy: Policy) -> tuple[str, ...]:
    """What is needed and not answered, in the order it is asked."""
    return tuple(question for question in needed(draft, policy) if not _answered(draft, question))


def settled(draft: Draft, policy: Policy) -> Draft:
    """The draft as it is decided: without answers to questions that no longer apply.

    The draft itself keeps them, so that changing one's mind and back loses nothing.
    """
    questions = asked(draft, policy)
    changes = {name: empty for name, empty in _OPTIONAL.items() if name not in questions}
    return msgspec.structs.replace(draft, **changes) if changes else draft


def with_preset(draft: Draft, preset: Preset) -> Draft:
    """The draft with the answers of `preset`; all others stay."""
    fields = (name for name in preset.__struct_fields__ if name not in ("key", "words"))
    answers = {name: getattr(preset, name) for name in fields if getattr(preset, name) is not None}
    return msgspec.structs.replace(draft, **answers)


def _answered(draft: Draft, question: str) -> bool:
    answer = getattr(draft, question)
    return (
        bool(answer.strip()) if isinstance(answer, str) and not isinstance(answer, Enum) else answer not in (None, ())
    )


def _holds(condition: Condition, draft: Draft) -> bool:
    return all(_values(draft, field) & set(values) for field, values in condition.when.items())


def _values(draft: Draft, field: str) -> set[str]:
    """The answer as keys: one, several (grounds, labels), or none yet."""
    answer = getattr(draft, field)
    if answer is None:
        return set()
    if isinstance(answer, tuple):
        return set(answer)
    return {answer.value if isinstance(answer, Enum) else str(answer)}
