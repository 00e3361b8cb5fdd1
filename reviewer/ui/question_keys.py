"""Keys of the policy's own questions, of answers given together, of reporting now and of changing a decision."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reviewer.ui.decision_keys import (
    AGE_KEY,
    CHANGE_KEY,
    CLASSIFICATION_KEY,
    GROUNDS_KEY,
    LABELS_KEY,
    PRESET_KEY,
    REPORT_NOW_KEY,
    shown_key,
)
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.wording import tr

if TYPE_CHECKING:
    from reviewer.ui.workbench import Workbench


def bind_questions(keys: Shortcuts, desk: Workbench) -> None:
    group, panel = tr("Decision"), desk.decision
    for field, key, words in (
        ("grounds", GROUNDS_KEY, tr("What says that somebody is in danger")),
        ("classification", CLASSIFICATION_KEY, tr("Classification A1 to B2")),
        ("age_group", AGE_KEY, tr("Apparent age")),
        ("labels", LABELS_KEY, tr("Labels")),
    ):
        keys.bind(
            field, key, words, partial(panel.open_list, field), group=group, shown=shown_key(key),
            why_not=partial(panel.why_not_list, field),
        )  # fmt: skip
    for number, words in enumerate(panel.presets, start=1):
        key = f"{PRESET_KEY}{number}"
        said = tr("Several answers: {words}").format(words=words.lower())
        keys.bind(
            f"preset_{number}", key, said, partial(panel.use_preset, number - 1), group=group, shown=shown_key(key)
        )
    keys.bind(
        "report_now", REPORT_NOW_KEY, tr("Report now"), desk.report_now, group=group, shown=shown_key(REPORT_NOW_KEY)
    )
    keys.bind("amend", CHANGE_KEY, tr("Change the last decision"), desk.amend, group=group, shown=shown_key(CHANGE_KEY))
