"""The keys of the gallery: those of its page, and those of the decision, which mean what they mean on the desk."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from reviewer.ui.commands import Command
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
from reviewer.ui.shortcuts import KeyAction, Shortcuts
from reviewer.ui.wording import action_words, field_words, imminence_words, tr

if TYPE_CHECKING:
    from reviewer.ui.gallery_control import GalleryControl


def page_actions() -> tuple[KeyAction, ...]:
    """Those of the page, for the register, the sheet and the palette: known before a gallery is ever made."""
    group = tr("Gallery")
    return (
        KeyAction("gallery_scope", group, tr("This case, or the queue"), ("A",), "A"),
        KeyAction("gallery_group", group, tr("All, not known, copies, known"), ("G",), "G"),
        KeyAction("gallery_pictures", group, tr("Veiled pictures of the selected items"), ("T",), "T"),
        KeyAction("gallery_all_pictures", group, tr("Veiled pictures of all"), ("Shift+T",), tr("Shift T")),
        KeyAction("gallery_back", group, tr("Back to the items; stop a batch"), ("Q",), "Q"),
        KeyAction("gallery_none", group, tr("Select none"), ("Ctrl+Shift+A",), tr("Ctrl Shift A")),
        KeyAction("gallery_understood", group, tr("Close the message of the gallery"), ("D",), "D"),
        KeyAction("gallery_undo", group, tr("Undo the last decision, a batch as a whole"), (UNDO_KEY,), UNDO_KEY),
        KeyAction("gallery_enter", group, tr("Decide, in the form"), ("Return", "Enter"), tr("Enter")),
        KeyAction(
            "gallery_decide", group, tr("Decide the selected items together"), ("Ctrl+Return", "Ctrl+Enter"),
            tr("Ctrl Enter"),
        ),
    )  # fmt: skip


def grid_actions() -> tuple[KeyAction, ...]:
    """Those the grid takes itself while it has the focus: for the sheet."""
    group = tr("Gallery")
    return (
        KeyAction("grid_move", group, tr("Another item; Shift extends"), ("Left", "Right", "Up", "Down"), tr("Arrows")),
        KeyAction("grid_select", group, tr("Select, or not"), ("Space",), tr("Space")),
        KeyAction("grid_all", group, tr("Select all that are shown"), ("Ctrl+A",), tr("Ctrl A")),
        KeyAction("grid_open", group, tr("Open on the desk"), ("Return", "Enter"), tr("Enter")),
    )


def sheet_actions() -> tuple[KeyAction, ...]:
    """The lines of the gallery on the sheet; those of its form are the desk's own."""
    return *grid_actions(), *page_actions()


def closed_commands() -> list[Command]:
    """The palette's lines while the gallery is not open: what there is, and how to get there."""
    why = tr("Only in the gallery: Ctrl B opens it.")
    return [
        Command(action.name, action.group, action.words, action.shown, why, lambda: False) for action in page_actions()
    ]


def bind_gallery(keys: Shortcuts, gallery: GalleryControl) -> None:
    """Arrows, Shift with them, Space, Ctrl A and Enter are the grid's own while it has the focus."""
    does = {
        "gallery_scope": gallery.next_scope,
        "gallery_group": gallery.next_group,
        "gallery_pictures": gallery.ask_pictures,
        "gallery_all_pictures": gallery.ask_all_pictures,
        "gallery_back": gallery.leave_form,
        "gallery_none": gallery.select_none,
        "gallery_understood": gallery.understood,
        "gallery_undo": gallery.undo,
        "gallery_enter": gallery.enter,
        "gallery_decide": gallery.decide,
    }
    for action in page_actions():
        does_it, shown = does[action.name], action.shown
        keys.bind(action.name, action.keys, action.words, does_it, group=action.group, shown=shown)
    keys.explain(lambda: "" if gallery.model.selected else tr("Nothing is selected."), "gallery_none", "gallery_decide")
    keys.explain(lambda: "" if gallery.form_open else tr("The form is not open."), "gallery_back", "gallery_enter")
    _bind_decision(keys, gallery)


def _bind_decision(keys: Shortcuts, gallery: GalleryControl) -> None:
    group = tr("Decision")
    panel = gallery.page.batch.panel

    def bind(name: str, key: str, words: str, do: Callable[[], object], *, shown: str = "") -> None:
        def answer() -> None:
            # An answer that nobody sees being given is none.
            if gallery.form_open:
                do()

        keys.bind(name, key, words, answer, group=group, shown=shown)

    for imminence, key in IMMINENCE_KEYS.items():
        words = tr("Danger: {words}").format(words=imminence_words(imminence).lower())
        bind(f"imminence_{imminence.value}", key, words, partial(panel.set_imminence, imminence))
    bind("category", CATEGORY_KEY, tr("Category"), panel.open_categories)
    for severity in range(1, panel.severities + 1):
        words = tr("Severity {number}").format(number=severity)
        bind(f"severity_{severity}", f"Alt+{severity}", words, partial(panel.set_severity, severity))
    bind("confidence", CONFIDENCE_KEY, tr("Confidence"), panel.next_confidence)
    for action, key in ACTION_KEYS.items():
        bind(f"action_{action.value}", key, action_words(action), partial(panel.set_action, action))
    bind("why", WHY_KEY, tr("Why; Tab leaves the field"), panel.focus_why)
    for field, key in (
        ("grounds", GROUNDS_KEY),
        ("classification", CLASSIFICATION_KEY),
        ("age_group", AGE_KEY),
        ("labels", LABELS_KEY),
    ):
        bind(field, key, field_words(field), partial(panel.open_list, field), shown=shown_key(key))
    for number, words in enumerate(panel.presets, start=1):
        key = f"{PRESET_KEY}{number}"
        do = partial(panel.use_preset, number - 1)
        bind(f"preset_{number}", key, words, do, shown=shown_key(key))
    names = [action.name for action in keys.actions if action.group == group]
    keys.explain(lambda: "" if gallery.form_open else tr("Open the form first: Ctrl Enter."), *names)
