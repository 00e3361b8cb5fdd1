"""Checks of the organisation's questions: every word used is a word known, and every condition can be met. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from reviewer.model.answers import MAX_KEY
from reviewer.model.decisions import Action, Confidence, Imminence
from reviewer.model.taxonomy import CLASSIFICATIONS, Choice, Condition, Preset, SecondReview, Taxonomy

MAX_CHOICES = 30  # more than that nobody chooses from
MAX_WORDS = 60
MAX_CONDITIONS = 50
MAX_PRESETS = 4  # as many as have keys
# Not every item has moments or messages: a condition that needs them could not be met.
_MAY_BE_NEEDED = frozenset(
    {
        "imminence", "grounds", "category", "severity", "classification", "age_group", "confidence", "action",
        "rationale", "labels",
    }
)  # fmt: skip

Flaw = tuple[str, str]  # the path of a field ("taxonomy.conditions[2].when"), what is wrong with it


def taxonomy_flaws(taxonomy: Taxonomy, harm_types: Collection[str], severities: int) -> Iterator[Flaw]:
    """What is wrong, in the order of the file's fields; nothing for one that can be used."""
    for name in ("grounds", "age_groups", "labels"):
        yield from _choices(f"taxonomy.{name}", getattr(taxonomy, name))
    for name in ("classified", "aged"):
        yield from _known(f"taxonomy.{name}", getattr(taxonomy, name), harm_types)
    if len(taxonomy.conditions) > MAX_CONDITIONS:
        yield "taxonomy.conditions", f"may have up to {MAX_CONDITIONS} entries"
    words = _words(taxonomy, harm_types, severities)
    for at, condition in enumerate(taxonomy.conditions):
        yield from _condition(f"taxonomy.conditions[{at}]", condition, taxonomy, words)
    if len(taxonomy.presets) > MAX_PRESETS:
        yield "taxonomy.presets", f"may have up to {MAX_PRESETS} entries"
    yield from _distinct("taxonomy.presets", [preset.key for preset in taxonomy.presets])
    for at, preset in enumerate(taxonomy.presets):
        yield from _preset(f"taxonomy.presets[{at}]", preset, words)


def second_review_flaws(review: SecondReview, harm_types: Collection[str]) -> Iterator[Flaw]:
    yield from _known("second_review.categories", review.categories, harm_types)
    yield from _known("second_review.actions", review.actions, [action.value for action in Action])
    if not 0.0 <= review.share <= 1.0:
        yield "second_review.share", "must lie between 0 and 1"
    yield from _known("second_review.settled_by", (review.settled_by,), ("third", "consensus"))
    if not review.fields:
        yield "second_review.fields", "must name at least one field"
    yield from _known("second_review.fields", review.fields, _MAY_BE_NEEDED - {"rationale"})


def _words(taxonomy: Taxonomy, harm_types: Collection[str], severities: int) -> dict[str, Collection[str]]:
    """Every value that a field of a draft can have, by field."""
    return {
        "imminence": [value.value for value in Imminence],
        "grounds": [choice.key for choice in taxonomy.grounds],
        "category": harm_types,
        "severity": [str(number) for number in range(1, severities + 1)],
        "classification": CLASSIFICATIONS,
        "age_group": [choice.key for choice in taxonomy.age_groups],
        "confidence": [value.value for value in Confidence],
        "action": [value.value for value in Action],
        "labels": [choice.key for choice in taxonomy.labels],
    }


def _choices(path: str, choices: tuple[Choice, ...]) -> Iterator[Flaw]:
    if len(choices) > MAX_CHOICES:
        yield path, f"may have up to {MAX_CHOICES} entries"
    yield from _distinct(path, [choice.key for choice in choices])
    for at, choice in enumerate(choices):
        yield from _named(f"{path}[{at}]", choice.key, choice.words)


def _named(path: str, key: str, words: str) -> Iterator[Flaw]:
    if not 0 < len(key) <= MAX_KEY or not key.isprintable() or key != key.strip():
        yield f"{path}.key", f"must have 1 to {MAX_KEY} printable characters"
    if not 0 < len(words.strip()) <= MAX_WORDS or not words.isprintable():
        yield f"{path}.words", f"must have 1 to {MAX_WORDS} printable characters"


def _distinct(path: str, keys: list[str]) -> Iterator[Flaw]:
    if len(set(keys)) != len(keys):
        yield path, "has a key twice"


def _known(path: str, values: Collection[str], known: Collection[str]) -> Iterator[Flaw]:
    for value in values:
        if value not in known:
            yield path, f"has a value that is not one of: {', '.join(sorted(known)) or 'none'}"
            return


def _condition(
    path: str, condition: Condition, taxonomy: Taxonomy, words: dict[str, Collection[str]]
) -> Iterator[Flaw]:
    if not condition.needs:
        yield f"{path}.needs", "must name at least one field"
    yield from _known(f"{path}.needs", condition.needs, _MAY_BE_NEEDED)
    # What is never asked can never be answered: whoever wrote it forgot the other line.
    for field, needed_for_it, line in (
        ("grounds", taxonomy.grounds, "taxonomy.grounds"),
        ("labels", taxonomy.labels, "taxonomy.labels"),
        ("classification", taxonomy.classified, "taxonomy.classified"),
        ("age_group", taxonomy.aged and taxonomy.age_groups, "taxonomy.aged"),
    ):
        if field in condition.needs and not needed_for_it:
            yield f"{path}.needs", f"asks for {field}, and {line} is empty"
    for field, values in condition.when.items():
        if field not in words:
            yield f"{path}.when", f"has a field that is not one of: {', '.join(sorted(words))}"
        elif not values:
            yield f"{path}.when.{field}", "must name at least one value"
        else:
            yield from _known(f"{path}.when.{field}", values, words[field])


def _preset(path: str, preset: Preset, words: dict[str, Collection[str]]) -> Iterator[Flaw]:
    yield from _named(path, preset.key, preset.words)
    if preset.imminence is Imminence.IMMINENT:
        yield f"{path}.imminence", "must not be imminent: that somebody is in danger is never said by a shortcut"
    for field in ("category", "classification", "age_group"):
        value = getattr(preset, field)
        yield from _known(f"{path}.{field}", () if value is None else (value,), words[field])
    if preset.severity is not None and str(preset.severity) not in words["severity"]:
        yield f"{path}.severity", f"must lie between 1 and {len(words['severity'])}"
    yield from _known(f"{path}.labels", preset.labels or (), words["labels"])
