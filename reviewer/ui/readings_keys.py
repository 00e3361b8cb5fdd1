"""The keys of the page of second readings: its own, for its buttons, the sheet and the palette."""

from __future__ import annotations

from reviewer.ui.decision_keys import shown_key
from reviewer.ui.shortcuts import KeyAction
from reviewer.ui.wording import tr

# None of them means anything else on the desk.
AGAIN_KEY, AMEND_KEY, PROPOSE_KEY, ACCEPT_KEY = "F5", "Alt+E", "Alt+B", "Alt+Y"


def sheet_actions() -> tuple[KeyAction, ...]:
    """For the sheet: each has a button on the page as well."""
    group = tr("Second readings")
    said = (
        ("readings_again", AGAIN_KEY, tr("Look again")),
        ("readings_amend", AMEND_KEY, tr("Amend mine: as my colleague sees it")),
        ("readings_propose", PROPOSE_KEY, tr("Propose this for both")),
        ("readings_accept", ACCEPT_KEY, tr("Accept for both")),
    )
    return tuple(KeyAction(name, group, words, (key,), shown_key(key)) for name, key, words in said)
