"""What the EU's database demands of a statement of reasons is what somebody said, or is named as missing."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import msgspec
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "handoff"))
from dossiers import ANSWERS, SEVEN, a_dossier, a_record, an_item

from reviewer.handoff.dossier import Exhibit
from reviewer.handoff.readme import readme
from reviewer.model.decisions import Action
from reviewer.model.errors import PolicyError
from reviewer.model.handoff import RecordedItem
from reviewer.model.handoff_answers import HandoffAnswers, StatementField
from reviewer.model.levels import Kind
from reviewer.model.policy import read_policy
from reviewer.model.statement_fields import content_dates, statement_lacks
from reviewer.resources import resource

DATE, SCOPE = StatementField.CONTENT_DATE, StatementField.TERRITORIAL_SCOPE


def decided(position: str, action: Action = Action.REMOVE) -> RecordedItem:
    """On 2026-11-20."""
    item = an_item(position, Kind.IMAGE, "png", "violence")
    return RecordedItem(item=item, decisions=(a_record(item, 9, SEVEN, minutes=1, action=action),))


ONE, OTHER = decided("008"), decided("009", Action.RESTRICT)
KEPT = decided("010", Action.REPORT)


def said(words: str) -> HandoffAnswers:
    return msgspec.structs.replace(ANSWERS, content_date=words)


def test_nothing_is_derived_from_what_else_is_known() -> None:
    assert ANSWERS.times
    assert statement_lacks((ONE,), ANSWERS, ()) == (DATE, SCOPE)
    assert statement_lacks((ONE,), said("2026-01-02"), ("DE",)) == ()
    assert statement_lacks((KEPT,), ANSWERS, ()) == (), "no reasons are stated"


@pytest.mark.parametrize(
    ("words", "known"),
    [
        ("2026-01-02", ("2026-01-02", "2026-01-02")),
        (f"{ONE.item.exhibit}: 2026-01-03\n2026-01-02\n", ("2026-01-03", "2026-01-02")),
        (f"{OTHER.item.exhibit} 2026-01-03", (None, "2026-01-03")),
        (f"{OTHER.item.exhibit} unknown\n2026-01-03", ("2026-01-03", None)),
        (f"{ONE.item.exhibit}.01 2026-01-02", (None, None)),
        ("2026-11-20", ("2026-11-20", "2026-11-20")),
        ("2026-11-21", (None, None)),  # after it was decided
        ("1999-12-31", (None, None)),
        ("2026-02-30", (None, None)),
        ("2026-01-02\n2026-01-03", (None, None)),
        (f"{ONE.item.exhibit} 2026-01-02\n{ONE.item.exhibit} 2026-01-03", (None, None)),
        ("perhaps 2026-01-02", (None, None)),
        ("2026-01-02 or later", (None, None)),
        ("none known", (None, None)),
        (f"2026-01-02\n{ONE.item.exhibit[1:]} 2026-01-03", (None, None)),  # of which?
        (f"2026-01-02\n{ONE.item.exhibit}x 2026-01-03", (None, None)),
        (f"2026-01-02\n{ONE.item.exhibit}.01 2026-01-03", ("2026-01-02", "2026-01-02")),  # of the same case
        (f"2026-01-02\n\n{KEPT.item.exhibit} unknown", ("2026-01-02", "2026-01-02")),
    ],
)
def test_a_day_is_what_is_written_as_one(words: str, known: tuple[str | None, str | None]) -> None:
    found = content_dates(words, (ONE, OTHER, KEPT))
    expected = {
        one.item.id: date.fromisoformat(day) for one, day in zip((ONE, OTHER), known, strict=True) if day is not None
    }
    assert found == expected
    assert (DATE in statement_lacks((ONE, OTHER, KEPT), said(words), ("DE",))) is (None in known)


def test_the_recipient_is_told_what_is_missing() -> None:
    def told(words: str) -> str:
        made = a_dossier(exhibits=(Exhibit(ONE, "data/items/x"),), answers=said(words))
        return " ".join(readme(made, stamped=True, not_stamped_why="").decode().split())

    assert "Missing in metadata/dsa-statement.json: when each content was posted (content_date); the countries" in told(
        ""
    )
    assert "dsa-statement.json: the countries in which the decision takes effect (territorial_scope)." in told(
        "2026-01-02"
    )


@pytest.mark.parametrize("scope", ['["US"]', '["de"]', '["DE", "DE"]', '[""]'])
def test_a_policy_with_other_countries_is_refused(scope: str) -> None:
    text = resource("policy.toml").read_text(encoding="utf-8")
    assert "territorial_scope = []" in text
    assert read_policy(text.replace("territorial_scope = []", 'territorial_scope = ["DE", "FR"]'))
    with pytest.raises(PolicyError, match="territorial_scope"):
        read_policy(text.replace("territorial_scope = []", f"territorial_scope = {scope}"))
