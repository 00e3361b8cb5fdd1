"""A decision is complete when the policy's conditions are met, and what it lacks is said in the order it is asked."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.model.completeness import QUESTIONS, asked, missing, needed, settled, with_preset
from reviewer.model.decisions import Action, Confidence, Decision, Draft, Imminence
from reviewer.model.policy import HarmType, Policy, read_policy
from reviewer.model.taxonomy import Choice, Condition, Preset, Taxonomy
from reviewer.resources import resource

POLICY = read_policy(resource("policy.toml").read_text(encoding="utf-8"))
PLAIN = Policy(version="p", harm_types=(HarmType(key="other", words="Other"),))
COMPLETE = Draft(
    item_id="i", imminence=Imminence.NO_SIGN, category="other", severity=1, confidence=Confidence.HIGH,
    action=Action.NONE,
)  # fmt: skip


def but(draft: Draft = COMPLETE, **fields: object) -> Draft:
    return msgspec.structs.replace(draft, **fields)


def test_a_draft_says_what_it_lacks_in_the_order_it_is_asked() -> None:
    assert missing(Draft(item_id="i"), POLICY) == ("imminence", "category", "severity", "confidence", "action")
    assert missing(COMPLETE, POLICY) == ()


@pytest.mark.parametrize("action", [Action.REPORT, Action.ESCALATE])
def test_reporting_and_escalating_need_a_reason_whatever_the_policy_says(action: Action) -> None:
    assert missing(but(action=action, rationale="  "), PLAIN) == ("rationale",)
    assert missing(but(action=action, rationale="x"), PLAIN) == ()


@pytest.mark.parametrize("imminence", [Imminence.IMMINENT, Imminence.POSSIBLE])
def test_danger_needs_its_grounds_right_after_it(imminence: Imminence) -> None:
    draft = Draft(item_id="i", imminence=imminence)
    assert missing(draft, POLICY)[:2] == ("grounds", "category")
    assert "grounds" not in missing(but(draft, grounds=("seen",)), POLICY)


def test_classification_and_age_are_asked_only_where_the_policy_says() -> None:
    assert "classification" not in asked(COMPLETE, POLICY)
    assert {"classification", "age_group"} <= set(asked(but(category="sexual_harm_minor"), POLICY))
    assert {"age_group"} == {"classification", "age_group"} & set(asked(but(category="grooming_text"), POLICY))
    lacking = but(category="sexual_harm_minor", action=Action.REPORT, rationale="x")
    assert missing(lacking, POLICY) == ("classification", "age_group")
    assert missing(but(lacking, classification="A1", age_group="unclear"), POLICY) == ()


def test_a_condition_on_a_question_that_is_not_asked_holds_nothing_up() -> None:
    condition = Condition(needs=("classification", "grounds"))
    taxonomy = Taxonomy(classified=("gravest",), conditions=(condition,))
    policy = msgspec.structs.replace(PLAIN, taxonomy=taxonomy)
    assert missing(COMPLETE, policy) == ()
    assert missing(but(category="gravest", imminence=Imminence.POSSIBLE), policy) == ("grounds", "classification")


def test_all_of_when_must_hold_and_any_of_its_values_will_do() -> None:
    labels = (Choice(key="a", words="A"), Choice(key="b", words="B"))
    condition = Condition(needs=("rationale",), when={"labels": ("a", "b"), "severity": ("2", "3")})
    policy = msgspec.structs.replace(PLAIN, taxonomy=Taxonomy(labels=labels, conditions=(condition,)))
    assert missing(but(labels=("b",)), policy) == ()
    assert missing(but(severity=3), policy) == ()
    assert missing(but(severity=3, labels=("b",)), policy) == ("rationale",)


def test_what_no_longer_applies_is_not_decided_but_stays_in_the_draft() -> None:
    grave = but(category="sexual_harm_minor", imminence=Imminence.POSSIBLE, grounds=("seen",), classification="B2",
                age_group="16-17")  # fmt: skip
    assert settled(grave, POLICY) == grave
    milder = but(grave, category="other", imminence=Imminence.NO_SIGN)
    assert settled(milder, POLICY) == but()
    assert settled(but(milder, category="grooming_text"), POLICY).age_group == "16-17"


def test_a_preset_fills_in_and_takes_no_word_away() -> None:
    draft = Draft(item_id="i", category="violence", rationale="typed", labels=("weapon",))
    filled = with_preset(draft, Preset(key="k", words="K", imminence=Imminence.NO_SIGN, severity=2, labels=()))
    assert filled == but(draft, imminence=Imminence.NO_SIGN, severity=2, labels=())


def test_the_first_preset_of_the_default_policy_completes_an_untouched_draft() -> None:
    preset = POLICY.taxonomy.presets[0]
    assert missing(with_preset(Draft(item_id="i"), preset), POLICY) == ()
    for other in POLICY.taxonomy.presets:
        assert missing(with_preset(Draft(item_id="i", category="violence"), other), POLICY) == ()


@given(
    st.sampled_from([None, *Imminence]),
    st.sampled_from([None, *(harm.key for harm in POLICY.harm_types)]),
    st.sampled_from([None, *Action]),
    st.sampled_from([(), ("seen",)]),
)
def test_what_is_missing_is_needed_and_what_is_needed_is_asked(
    imminence: Imminence | None, category: str | None, action: Action | None, grounds: tuple[str, ...]
) -> None:
    draft = Draft(item_id="i", imminence=imminence, category=category, action=action, grounds=grounds)
    order = [QUESTIONS.index(question) for question in asked(draft, POLICY)]
    assert order == sorted(order)
    assert order[0] == 0
    assert set(missing(draft, POLICY)) <= set(needed(draft, POLICY)) <= set(asked(draft, POLICY))


def test_drafts_and_decisions_of_before_the_new_fields_still_load() -> None:
    draft = msgspec.json.decode(b'{"item_id":"i","imminence":"possible","rationale":"kept"}', type=Draft)
    assert (draft.grounds, draft.classification, draft.age_group, draft.messages) == ((), None, None, ())
    old = b"""{"id":"d","item_id":"i","case_id":"c","actor":"m","decided_at":"2026-01-01T00:00:00Z",
    "imminence":"no_sign","category":"other","severity":1,"confidence":"high","action":"none"}"""
    assert msgspec.json.decode(old, type=Decision).grounds == ()
