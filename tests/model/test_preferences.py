"""How one person likes the window: what cannot be used is left out, nobody is kept out by it."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from reviewer.model.answers import MAX_KEY
from reviewer.model.errors import PolicyError
from reviewer.model.policy import read_policy
from reviewer.model.preferences import (
    LONGEST_KEY,
    MAX_BYTES,
    MOST_RATHER_NOT,
    TEXT_SCALES,
    Look,
    NotKept,
    Preferences,
    RatherNot,
    Trait,
    next_scale,
    read_preferences,
    write_preferences,
)
from reviewer.resources import resource


def test_what_was_kept_is_read_again() -> None:
    liked = Preferences(
        look=Look.LIGHT,
        text_scale=1.5,
        less_motion=True,
        guide=False,
        facts_first=("video",),
        grey=True,
        sound="muffled",
        loudest=0.25,
        break_after_minutes=30.0,
        break_minutes=15.0,
        rather_not=(RatherNot(trait=Trait.HARM, key="other", until=5.0), RatherNot(trait=Trait.LABEL, key="gate")),
    )
    assert read_preferences(write_preferences(liked)) == liked


DAMAGED = [
    b"", b"{", b'{"look": "purple"}', b"[]", b"x" * 2000, b'{"text_scale": "big"}', b'{"sound": "\xff\xfe"}',
    b'{"new": ' + b"[" * 9000 + b"]" * 9000 + b"}", b'{"rather_not": [{"trait": "mood", "key": "x"}]}',
    b'{"break_minutes": 1e999}', b'{"look": "light", "more": "' + b"x" * 30_000 + b'"}',
]  # fmt: skip


@pytest.mark.parametrize("damaged", DAMAGED)
def test_what_cannot_be_used_is_as_if_nothing_were_kept(damaged: bytes) -> None:
    assert read_preferences(damaged) is None
    assert read_preferences(None) is None


def test_a_scale_nobody_offers_is_the_usual_one() -> None:
    read = read_preferences(b'{"look": "light", "text_scale": 90.0}')
    assert read == Preferences(look=Look.LIGHT)


def test_what_nobody_could_have_chosen_is_left_out() -> None:
    named = [RatherNot(trait=Trait.HARM, key="x" * length) for length in (0, 1, LONGEST_KEY, LONGEST_KEY + 1)]
    read = read_preferences(msgspec.json.encode(Preferences(rather_not=tuple(named))))
    assert read is not None
    assert read.rather_not == tuple(named[1:3])
    many = Preferences(rather_not=(named[1],) * (MOST_RATHER_NOT + 5))
    read = read_preferences(msgspec.json.encode(many))
    assert read is not None
    assert len(read.rather_not) == MOST_RATHER_NOT


@pytest.mark.parametrize(
    "change",
    [
        {"text_scale": 90.0},
        {"loudest": float("inf")},
        {"rather_not": (RatherNot(trait=Trait.HARM, key="x" * (LONGEST_KEY + 1)),)},
        {"rather_not": (RatherNot(trait=Trait.HARM, key="x"),) * (MOST_RATHER_NOT + 1)},
        {"facts_first": ("x" * MAX_BYTES,)},
    ],
)
def test_what_could_not_be_read_again_is_not_written(change: dict[str, Any]) -> None:
    with pytest.raises(NotKept):
        write_preferences(Preferences(**change))


def test_every_harm_type_a_policy_can_have_can_be_kept() -> None:
    text = resource("policy.toml").read_text(encoding="utf-8")
    long = text.replace("violence", "v" * MAX_KEY)
    (harm,) = [harm for harm in read_policy(long).harm_types if harm.key.startswith("vv")]
    liked = Preferences(rather_not=(RatherNot(trait=Trait.HARM, key=harm.key),))
    assert read_preferences(write_preferences(liked)) == liked
    with pytest.raises(PolicyError, match="printable"):
        read_policy(text.replace("violence", "v" * (MAX_KEY + 1)))


def test_scales_end_where_they_end() -> None:
    assert next_scale(1.0, -1) == 1.0
    assert next_scale(1.0, 1) == 1.25
    assert next_scale(TEXT_SCALES[-1], 1) == TEXT_SCALES[-1]
