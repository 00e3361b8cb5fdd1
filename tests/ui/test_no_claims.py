"""The product measures workload and fairness and claims nothing about anybody's health: every word it says is read."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CLAIMS = re.compile(
    r"health|trauma|wellness|burn-?out|resilien|stress|\bPTSD\b|therap|heal(s|ed|ing)?\b|protects you|recovers? from",
    re.IGNORECASE,
)
# Said on the supervisor's and one's own page: what the figures are not.
DENIALS = re.compile(r"\b(not|nothing|never|no|nobody)\b[^.]*health", re.IGNORECASE)


@cache
def spoken(file: Path) -> list[str]:
    """What is given to a function of translation, in one file."""
    found = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in ("tr", "_tr", "translate") and isinstance(node.args[-1], ast.Constant):
                found.append(str(node.args[-1].value))
    return found


def claims_in(words: list[str]) -> list[str]:
    return [one for one in words if CLAIMS.search(one) and not DENIALS.search(one)]


@pytest.mark.parametrize("file", sorted((ROOT / "reviewer" / "ui").glob("*.py")), ids=lambda file: file.stem)
def test_no_words_of_the_window_claim_anything_about_health(file: Path) -> None:
    assert claims_in(spoken(file)) == []


def test_the_reading_finds_words_and_claims() -> None:
    assert sum(len(spoken(file)) for file in (ROOT / "reviewer" / "ui").glob("*.py")) > 500
    assert claims_in(["Pauses keep you healthy.", "Workload, not health."]) == ["Pauses keep you healthy."]


def test_nothing_is_scored_ranked_or_kept_as_a_streak() -> None:
    words = [one for file in (ROOT / "reviewer" / "ui").glob("*.py") for one in spoken(file)]
    scored = re.compile(r"wellness score|\bstreak|leaderboard|well done|great job|\bgoal\b|!\s*$", re.IGNORECASE)
    assert [one for one in words if scored.search(one)] == []


@pytest.mark.parametrize(
    "file", sorted([*(ROOT / "docs").glob("*.md"), ROOT / "README.md"]), ids=lambda file: file.stem
)
def test_the_documents_claim_nothing_either(file: Path) -> None:
    """Of studies docs/wellbeing.md tells what was found, both ways; elsewhere health is named to deny it only."""
    if file.name == "wellbeing.md":
        return
    text = re.sub(r"\s+", " ", file.read_text(encoding="utf-8"))
    sentences = [
        one for one in re.split(r"(?<=[.|])\s", text) if re.search(r"health|trauma|wellness", one, re.IGNORECASE)
    ]
    assert [one for one in sentences if not DENIALS.search(one)] == []
