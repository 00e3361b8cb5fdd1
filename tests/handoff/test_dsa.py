"""Statements of reasons: the database's own words, one for each removal or restriction, and nothing about a person."""

from __future__ import annotations

import json

import msgspec
import pytest
from dossiers import ANSWERS, SEVEN, TWELVE, a_case, a_dossier, a_record, an_item, policy
from test_cybertip import only, voided

from reviewer.handoff.dossier import Exhibit
from reviewer.handoff.dsa import statement_of_reasons
from reviewer.handoff.dsa_terms import MAX_FACTS, MAX_GROUND
from reviewer.model.cases import ReferralSource
from reviewer.model.decisions import Action
from reviewer.model.handoff import RecordedDecision, RecordedItem
from reviewer.model.known import KnownMatch, MatchKind
from reviewer.model.levels import Kind

PICTURE = an_item("008", Kind.IMAGE, "png", "sexual_harm_minor")
MATCH = KnownMatch(list_name="example list", list_version="7", kind=MatchKind.SHA256)
# By the documentation of the database, independent of our tables.
ALLOWED = {
    "decision_visibility": {"DECISION_VISIBILITY_CONTENT_REMOVED", "DECISION_VISIBILITY_OTHER"},
    "decision_ground": {"DECISION_GROUND_INCOMPATIBLE_CONTENT"},
    "content_type": {
        f"CONTENT_TYPE_{kind}" for kind in ("AUDIO", "IMAGE", "OTHER", "SYNTHETIC_MEDIA", "TEXT", "VIDEO")
    },
    "category": {
        f"STATEMENT_CATEGORY_{name}" for name in ("OTHER_VIOLATION_TC", "PROTECTION_OF_MINORS", "SELF_HARM", "VIOLENCE")
    },
    "category_specification": {"KEYWORD_CHILD_SEXUAL_ABUSE_MATERIAL", "KEYWORD_GROOMING_SEXUAL_ENTICEMENT_MINORS"},
    "source_type": {"SOURCE_TYPE_OTHER_NOTIFICATION", "SOURCE_VOLUNTARY"},
    "automated_detection": {"Yes", "No"},
    "automated_decision": {"AUTOMATED_DECISION_NOT_AUTOMATED", "AUTOMATED_DECISION_PARTIALLY"},
    "territorial_scope": {"DE", "FR"},
}
REQUIRED = {
    *("decision_visibility", "decision_ground", "incompatible_content_ground", "incompatible_content_explanation"),
    *("content_type", "category", "application_date", "decision_facts", "source_type", "automated_detection"),
    *("automated_decision", "puid"),
}


def statements(*decisions: RecordedDecision, item: object = PICTURE, **fields: object) -> list[dict[str, object]]:
    changes = {key: fields.pop(key) for key in ("case", "answers", "policy") if key in fields}
    record = RecordedItem(item=item, decisions=decisions, **fields)  # type: ignore[arg-type]
    made = statement_of_reasons(only(Exhibit(record, "data/items/x"), **changes))
    found = json.loads(made)["statements"] if made is not None else []
    for one in found:
        assert set(one) >= REQUIRED
        for field, allowed in ALLOWED.items():
            value = one.get(field, [])
            assert set([value] if isinstance(value, str) else value) <= allowed, field
    return found  # type: ignore[no-any-return]


def decided(action: Action = Action.REMOVE, **said: object) -> RecordedDecision:
    return a_record(PICTURE, 9, SEVEN, minutes=1, action=action, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("action", list(Action))
def test_only_what_was_removed_or_restricted_has_reasons_stated(action: Action) -> None:
    made = statements(decided(action))
    assert len(made) == (action in (Action.REMOVE, Action.RESTRICT))


def test_nothing_removed_is_no_document() -> None:
    assert statement_of_reasons(a_dossier()) is None


def test_what_does_not_stand_states_nothing() -> None:
    assert statements(*voided(decided())) == []
    earlier = msgspec.structs.replace(decided(), standing=False)
    assert statements(earlier, a_record(PICTURE, 10, SEVEN, minutes=2, action=Action.NONE)) == []


def test_two_that_agreed_state_it_once() -> None:
    later = a_record(PICTURE, 10, TWELVE, minutes=2, action=Action.REMOVE)
    (one,) = statements(decided(), later)
    assert one["puid"] == later.decision.id


def test_a_restriction_is_told_in_words() -> None:
    (one,) = statements(decided(Action.RESTRICT))
    assert one["decision_visibility"] == ["DECISION_VISIBILITY_OTHER"]
    assert one["decision_visibility_other"] == "It was decided to restrict access to the content."
    (removed,) = statements(decided())
    assert "decision_visibility_other" not in removed


@pytest.mark.parametrize("kind", list(Kind))
@pytest.mark.parametrize("harm", ["threat_to_life", "sexual_harm_minor", "violence", "self_harm", "grooming_text", "x"])
def test_every_kind_and_harm_type_is_told_in_allowed_words(kind: Kind, harm: str) -> None:
    (one,) = statements(decided(category=harm, labels=("made_by_machine",)), item=an_item("008", kind, "x", harm))
    assert ("content_type_other" in one) is ("CONTENT_TYPE_OTHER" in one["content_type"])  # type: ignore[operator]
    assert "CONTENT_TYPE_SYNTHETIC_MEDIA" in one["content_type"]  # type: ignore[operator]


@pytest.mark.parametrize("source", list(ReferralSource))
def test_every_source_is_told_in_allowed_words(source: ReferralSource) -> None:
    referral = msgspec.structs.replace(a_case().referral, source=source)
    (one,) = statements(decided(), case=msgspec.structs.replace(a_case(), referral=referral))
    assert one["automated_detection"] == ("Yes" if source is ReferralSource.AUTOMATED else "No")


def test_what_rests_on_a_match_or_a_copy_is_said_to() -> None:
    (looked,) = statements(decided(), matches=(MATCH,), seen=True)
    assert looked["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"
    unseen = decided(seconds={}, decided_from_notes=True)
    (matched,) = statements(unseen, matches=(MATCH,))
    assert matched["automated_decision"] == "AUTOMATED_DECISION_PARTIALLY"
    assert "without looking at it" in str(matched["decision_facts"])
    record = msgspec.structs.replace(unseen.viewing_record, with_stack_of="item-001", decided_from_notes=False)
    (copied,) = statements(msgspec.structs.replace(unseen, viewing_record=record))
    assert copied["automated_decision"] == "AUTOMATED_DECISION_PARTIALLY"
    (noted,) = statements(unseen)
    assert noted["automated_decision"] == "AUTOMATED_DECISION_NOT_AUTOMATED"


def test_dates_and_countries_are_told_where_they_are_known() -> None:
    (bare,) = statements(decided())
    assert bare["application_date"] == "2026-11-20"
    assert "content_date" not in bare
    assert "territorial_scope" not in bare
    scope = msgspec.structs.replace(policy().handoff, territorial_scope=("FR", "DE"))
    (whole,) = statements(
        decided(),
        answers=msgspec.structs.replace(ANSWERS, content_date="2026-01-02"),
        policy=msgspec.structs.replace(policy(), handoff=scope),
    )
    assert whole["content_date"] == "2026-01-02"
    assert whole["territorial_scope"] == ["DE", "FR"]


def test_nothing_about_a_person_is_in_it() -> None:
    """Every text that a person wrote in the case, and every name in it, is searched for."""
    said = decided(rationale="Zebra wrote this.", labels=("person_named",), age_group="13-15", grounds=("said_so",))
    dossier = only(Exhibit(RecordedItem(item=PICTURE, decisions=(said,)), "data/items/x"))
    made = statement_of_reasons(dossier)
    assert made is not None
    referral = dossier.case.referral
    words = [referral.claim, referral.account, referral.requester, referral.legal_basis, "Zebra", SEVEN, said.author]
    words += [
        dossier.case.number,
        PICTURE.exhibit,
        dossier.organisation,
        dossier.handoff_id,
        *filter(None, msgspec.structs.astuple(ANSWERS)),
    ]
    for word in words:
        assert word.encode() not in made, word


def test_long_words_of_a_policy_are_cut_to_what_is_taken() -> None:
    long = msgspec.structs.replace(policy().harm_types[1], words="w" * 6000)
    dossier = only(
        Exhibit(RecordedItem(item=PICTURE, decisions=(decided(),)), "data/items/x"),
        policy=msgspec.structs.replace(policy(), harm_types=(long,)),
    )
    (one,) = json.loads(statement_of_reasons(dossier) or b"")["statements"]
    assert len(one["incompatible_content_ground"]) == MAX_GROUND
    assert len(one["incompatible_content_explanation"]) == 2000
    assert len(one["decision_facts"]) <= MAX_FACTS


def test_the_same_dossier_gives_the_same_bytes() -> None:
    def made() -> bytes | None:
        return statement_of_reasons(only(Exhibit(RecordedItem(item=PICTURE, decisions=(decided(),)), "data/items/x")))

    first = made()
    assert first is not None
    assert made() == first
