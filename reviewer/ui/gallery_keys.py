"""The keys of the gallery: those of its page, and those of the decision, which mean what they mean on the desk."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reviewer.ui.decision_keys import (
    ACTION_KEYS,
    AGE_KEY,
    CATEGORY_KEY,
    CLASSIFICATION_KEY,
    CONFIDENCE_KEY,
    GROUNDS_KEY,
    IMMINENCE_KEYS,
    LABELS_KEY,
    PRESET_KEY,
    UNDO_KEY,
    WHY_KEY,
    shown_key,
)
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.wording import action_words, field_words, imminence_words, tr

if TYPE_CHECKING:
    from reviewer.ui.gallery_control import GalleryControl


def bind_gallery(keys: Shortcuts, gallery: GalleryControl) -> None:
    """Arrows, Shift with them, Space, Ctrl A and Enter are the grid's own while it has the focus."""
    group = tr("Gallery")
    keys.bind("gallery_scope", "A", tr("This case, or the queue"), gallery.next_scope, group=group)
    keys.bind("gallery_group", "G", tr("All, not known, copies, known"), gallery.next_group, group=group)
    keys.bind("gallery_pictures", "T", tr("Veiled pictures of the selected items"), gallery.ask_pictures, group=group)
    keys.bind(
        "gallery_all_pictures", "Shift+T", tr("Veiled pictures of all"), gallery.ask_all_pictures, group=group,
        shown=tr("Shift T"),
    )  # fmt: skip
    keys.bind("gallery_back", "Q", tr("Back to the items; stop a batch"), gallery.leave_form, group=group)
    keys.bind("gallery_none", "Ctrl+Shift+A", tr("Select none"), gallery.select_none, group=group)
    keys.bind("gallery_understood", "D", tr("Close a message"), gallery.understood, group=group)
    keys.bind("gallery_undo", UNDO_KEY, tr("Undo the last decision, a batch as a whole"), gallery.undo, group=group)
    keys.bind("gallery_enter", ("Return", "Enter"), tr("Decide"), gallery.enter, group=group, shown=tr("Enter"))
    keys.bind(
        "gallery_decide", ("Ctrl+Return", "Ctrl+Enter"), tr("Decide the selected items together"), gallery.decide,
        group=group, shown=tr("Ctrl Enter"),
    )  # fmt: skip
    _bind_decision(keys, gallery)


def _bind_decision(keys: Shortcuts, gallery: GalleryControl) -> None:
    group = tr("Decision")
    panel = gallery.page.batch.panel
    for imminence, key in IMMINENCE_KEYS.items():
        words = tr("Danger: {words}").format(words=imminence_words(imminence).lower())
        keys.bind(f"imminence_{imminence.value}", key, words, partial(panel.set_imminence, imminence), group=group)
    keys.bind("category", CATEGORY_KEY, tr("Category"), panel.open_categories, group=group)
    for severity in range(1, panel.severities + 1):
        words = tr("Severity {number}").format(number=severity)
        keys.bind(f"severity_{severity}", f"Alt+{severity}", words, partial(panel.set_severity, severity), group=group)
    keys.bind("confidence", CONFIDENCE_KEY, tr("Confidence"), panel.next_confidence, group=group)
    for action, key in ACTION_KEYS.items():
        keys.bind(f"action_{action.value}", key, action_words(action), partial(panel.set_action, action), group=group)
    keys.bind("why", WHY_KEY, tr("Why; Tab leaves the field"), panel.focus_why, group=group)
    for field, key in (
        ("grounds", GROUNDS_KEY),
        ("classification", CLASSIFICATION_KEY),
        ("age_group", AGE_KEY),
        ("labels", LABELS_KEY),
    ):
        keys.bind(field, key, field_words(field), partial(panel.open_list, field), group=group, shown=shown_key(key))
    for number, words in enumerate(panel.presets, start=1):
        key = f"{PRESET_KEY}{number}"
        do = partial(panel.use_preset, number - 1)
        keys.bind(f"preset_{number}", key, words, do, group=group, shown=shown_key(key))
