"""The organisation's questions: what a decision may say of an item, and what it must say when. Part of the policy.

No I/O. Which words exist comes from the policy file; keys are stored, words are shown.
"""

from __future__ import annotations

import msgspec

from reviewer.model.decisions import Action, Confidence, Imminence

CLASSIFICATIONS = ("A1", "A2", "B1", "B2")


class Choice(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer of a question: `key` is stored, `words` are shown."""

    key: str
    words: str


class Condition(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where every field of `when` has one of its values, the decision needs the fields of `needs`.

    Names are fields of `Draft`; values are their keys ("imminent", "report", a harm type). An empty `when` is always.
    """

    needs: tuple[str, ...]
    when: dict[str, tuple[str, ...]] = {}


class Preset(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Answers that are often given together, to fill in with one key. What is None stays as it was.

    Never that somebody is in danger now, and never why: those are a person's own words each time.
    """

    key: str
    words: str
    imminence: Imminence | None = None
    category: str | None = None
    severity: int | None = None
    classification: str | None = None
    age_group: str | None = None
    confidence: Confidence | None = None
    action: Action | None = None
    labels: tuple[str, ...] | None = None


_GROUNDS = (
    Choice(key="said_so", words="Somebody said so"),
    Choice(key="seen", words="Seen or heard in the item"),
    Choice(key="recent", words="Recent, and the place is known"),
    Choice(key="pattern", words="Pattern of earlier reports"),
)
_AGES = (
    Choice(key="0-5", words="0 to 5"),
    Choice(key="6-12", words="6 to 12"),
    Choice(key="13-15", words="13 to 15"),
    Choice(key="16-17", words="16 or 17"),
    Choice(key="adult", words="Adult"),
    Choice(key="unclear", words="Cannot be told"),
)


class Taxonomy(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`classified` are the harm types to which the industry classification A1-B2 applies; `aged` those for which the
    apparent age group is asked. `conditions` add to what is always needed. `presets` are shown in their order, each
    with its key.
    """

    grounds: tuple[Choice, ...] = _GROUNDS
    age_groups: tuple[Choice, ...] = _AGES
    labels: tuple[Choice, ...] = ()
    classified: tuple[str, ...] = ()
    aged: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    presets: tuple[Preset, ...] = ()


def words_of(choices: tuple[Choice, ...], key: str) -> str:
    """The words of a stored key; the key itself where the policy of today does not know it any more."""
    return next((choice.words for choice in choices if choice.key == key), key)


class SecondReview(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which decisions a second person makes again without seeing the first: of these harm types, with these actions,
    and a share (0-1) of all others, drawn so that nobody can tell beforehand.

    `settled_by` is "third" (a third person decides) or "consensus" (the two agree on one with both rationales before
    them). `fields` are those on which two decisions must be the same.
    """

    categories: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    share: float = 0.0
    settled_by: str = "third"
    fields: tuple[str, ...] = ("category", "severity", "action")
