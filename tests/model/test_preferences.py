"""How one person likes the window: what cannot be used is left out, nobody is kept out by it."""

from __future__ import annotations

import pytest

from reviewer.model.preferences import (
    TEXT_SCALES,
    Look,
    Preferences,
    next_scale,
    read_preferences,
    write_preferences,
)


def test_what_was_kept_is_read_again() -> None:
    liked = Preferences(look=Look.LIGHT, text_scale=1.5, less_motion=True)
    assert read_preferences(write_preferences(liked)) == liked


@pytest.mark.parametrize("damaged", [b"", b"{", b'{"look": "purple"}', b"[]", b"x" * 2000, b'{"text_scale": "big"}'])
def test_what_cannot_be_used_is_as_if_nothing_were_kept(damaged: bytes) -> None:
    assert read_preferences(damaged) is None
    assert read_preferences(None) is None


def test_a_scale_nobody_offers_is_the_usual_one() -> None:
    read = read_preferences(b'{"look": "light", "text_scale": 90.0}')
    assert read == Preferences(look=Look.LIGHT)


def test_scales_end_where_they_end() -> None:
    assert next_scale(1.0, -1) == 1.0
    assert next_scale(1.0, 1) == 1.25
    assert next_scale(TEXT_SCALES[-1], 1) == TEXT_SCALES[-1]
