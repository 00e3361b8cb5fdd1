"""The bench of keystrokes counts what is pressed, and the commonest decisions stay within the aim."""

from __future__ import annotations

from bench import keystrokes


def test_the_commonest_decisions_take_three_keys_at_most() -> None:
    rows = keystrokes.rows()
    assert len(rows) >= 4
    for name, value, unit, _ratio in rows:
        assert unit == keystrokes.AIM
        assert value >= 2, name  # an answer and going on: fewer would be a decision nobody made
        if "one by one" not in name:
            assert value <= 3, name
