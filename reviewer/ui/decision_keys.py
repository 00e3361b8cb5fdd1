"""The keys of the decision, in one place: the form shows them, the workbench binds them."""

from __future__ import annotations

from reviewer.model.decisions import Action, Imminence

IMMINENCE_KEYS = {Imminence.IMMINENT: "I", Imminence.POSSIBLE: "O", Imminence.NO_SIGN: "K"}
ACTION_KEYS = {
    Action.REPORT: "R",
    Action.PRESERVE: "V",
    Action.REMOVE: "X",
    Action.RESTRICT: "S",
    Action.SECOND_LOOK: "B",
    Action.ESCALATE: "E",
    Action.NONE: "Z",
}
CATEGORY_KEY, CONFIDENCE_KEY, WHY_KEY, UNDO_KEY = "C", "F", "W", "U"
GROUNDS_KEY, CLASSIFICATION_KEY, AGE_KEY, LABELS_KEY = "Alt+G", "Alt+K", "Alt+A", "Alt+Shift+L"
CHANGE_KEY = "Shift+U"
REPORT_NOW_KEY = "Ctrl+Shift+R"
PRESET_KEY = "Alt+Shift+"


def shown_key(key: str) -> str:
    """As a key cap says it."""
    return key.replace("+", " ")


REPORT_NOW_SHOWN = shown_key(REPORT_NOW_KEY)
