"""A policy whose questions cannot work is named by line and field, and changes nothing."""

from __future__ import annotations

import pytest

from reviewer.model.answers import MAX_KEY, MAX_MESSAGES, out_of_range
from reviewer.model.decisions import Draft, MessageMark
from reviewer.model.errors import PolicyError
from reviewer.model.policy import read_policy
from reviewer.model.toml_lines import line_of
from reviewer.resources import resource

TEXT = resource("policy.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('classified = ["sexual_harm_minor"]', 'classified = ["sexual_harm"]', "taxonomy.classified"),
        ('classified = ["sexual_harm_minor"]', "classified = []", "taxonomy.conditions[1].needs"),
        ('needs = ["grounds"]', 'needs = ["reasons"]', "taxonomy.conditions[0].needs"),
        ('needs = ["grounds"]', 'needs = ["segments"]', "taxonomy.conditions[0].needs"),
        ('needs = ["grounds"]', "needs = []", "taxonomy.conditions[0].needs"),
        ('imminence = ["imminent", "possible"]', 'imminence = ["likely"]', "taxonomy.conditions[0].when.imminence"),
        ('imminence = ["imminent", "possible"]', "imminence = []", "taxonomy.conditions[0].when.imminence"),
        ('imminence = ["imminent", "possible"]', 'rationale = ["x"]', "taxonomy.conditions[0].when"),
        ('imminence = "no_sign"', 'imminence = "imminent"', "taxonomy.presets[0].imminence"),
        ('severity = 3', "severity = 5", "taxonomy.presets[2].severity"),
        ('category = "other"', 'category = "others"', "taxonomy.presets[0].category"),
        ('key = "remove"', 'key = "preserve"', "taxonomy.presets"),
        ('key = "weapon"', 'key = "place_named"', "taxonomy.labels"),
        ('words = "Weapon"', 'words = " "', "taxonomy.labels[2].words"),
        ('key = "weapon"', 'key = ""', "taxonomy.labels[2].key"),
        ('action = "none"', 'action = "none"\nrationale = "x"', "taxonomy.presets[0]"),
        ("weight = 2.0", "weight = 20.0", "harm_types[0].weight"),
        ("share = 0.05", "share = 1.5", "second_review.share"),
        ('fields = ["category", "severity", "action"]', 'fields = ["rationale"]', "second_review.fields"),
        ("categories = []", 'categories = ["fences"]', "second_review.categories"),
        ("actions = []", 'actions = ["rest"]', "second_review.actions"),
        ('settled_by = "third"', 'settled_by = "lot"', "second_review.settled_by"),
    ],
)  # fmt: skip
def test_field_and_line_are_named(old: str, new: str, field: str) -> None:
    assert old in TEXT
    with pytest.raises(PolicyError) as raised:
        read_policy(TEXT.replace(old, new, 1))
    words = raised.value.what_happened
    assert field in words
    assert words.startswith("Line ")


def test_the_line_is_the_right_one() -> None:
    text = "a = 1\n[t]\nx = 2\n[[t.c]]\nn = 1\n# [[t.c]]\n[[t.c]]\nm = 2\nn = { k = 3 }\n"
    places = {"a": 1, "$.t": 2, "t.x": 3, "t.c[0].n": 5, "t.c[1]": 7, "t.c[1].n.k": 9, "t.c[1].absent": 7}
    assert {path: line_of(text, path) for path in places} == places
    assert line_of(text, "nothing") is None


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (Draft(item_id="i", grounds=("x" * (MAX_KEY + 1),)), "grounds"),
        (Draft(item_id="i", grounds=("seen", "seen")), "grounds"),
        (Draft(item_id="i", labels=("a\nb",)), "labels"),
        (Draft(item_id="i", classification="A3"), "classification"),
        (Draft(item_id="i", age_group=""), "age_group"),
        (Draft(item_id="i", messages=(MessageMark(line=-1),)), "messages"),
        (Draft(item_id="i", messages=(MessageMark(line=2), MessageMark(line=1))), "messages"),
        (Draft(item_id="i", messages=tuple(MessageMark(line=at) for at in range(MAX_MESSAGES + 1))), "messages"),
        (Draft(item_id="i", messages=(MessageMark(line=1, note="x" * 301),)), "messages"),
        (Draft(item_id="i", rationale="x" * 8001), "rationale"),
        (Draft(item_id="i", classification="B2", labels=("a",), messages=(MessageMark(line=7, note="n"),)), None),
    ],
)
def test_answers_that_cannot_be_sent_are_named(draft: Draft, field: str | None) -> None:
    assert out_of_range(draft) == field
