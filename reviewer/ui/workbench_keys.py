"""Every key of the workbench in one list."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reviewer.model.levels import Level
from reviewer.ui import line_marks
from reviewer.ui.case_panel import CASE_KEY, TALK_KEY
from reviewer.ui.decision_panel import ACTION_KEYS, CATEGORY_KEY, CONFIDENCE_KEY, IMMINENCE_KEYS, UNDO_KEY, WHY_KEY
from reviewer.ui.facts_card import FROM_NOTES_KEY
from reviewer.ui.notes_card import FOLD_KEY
from reviewer.ui.question_keys import bind_questions
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.stack_card import STACK_KEY
from reviewer.ui.wording import action_words, imminence_words, level_words, tr

if TYPE_CHECKING:
    from reviewer.ui.workbench import Workbench


def bind_workbench(keys: Shortcuts, desk: Workbench) -> None:
    _bind_queue(keys, desk)
    _bind_viewer(keys, desk)
    _bind_place(keys, desk)
    _bind_video(keys, desk)
    _bind_marks(keys, desk)
    _bind_pages(keys, desk)
    _bind_case(keys, desk)
    _bind_decision(keys, desk)
    bind_questions(keys, desk)


def decision_groups() -> tuple[str, ...]:
    """The keys that need the queue, the case or the decision in view."""
    return tr("Queue"), tr("Case"), tr("Decision")


def _bind_queue(keys: Shortcuts, desk: Workbench) -> None:
    group = tr("Queue")
    keys.bind("queue", "Q", tr("To the queue; arrows, Enter"), desk.open_queue, group=group)
    keys.bind("search", "/", tr("Search"), desk.open_search, group=group)
    keys.bind("filters", "Alt+F", tr("Filter the queue; again closes"), desk.open_filters, group=group, shown="Alt F")
    words = tr("Groups: none, by case, by person; Left and Right fold")
    keys.bind("groups", "Ctrl+G", words, desk.next_grouping, group=group, shown=tr("Ctrl G"))
    keys.bind("pass_on", "P", tr("Pass the item on"), desk.pass_on, group=group)
    keys.bind("hold", "Shift+H", tr("Set the item aside"), desk.hold, group=group, shown=tr("Shift H"))
    keys.bind("give", "Ctrl+E", tr("Give the item to a colleague"), desk.give, group=group, shown=tr("Ctrl E"))


def _bind_viewer(keys: Shortcuts, desk: Workbench) -> None:
    group = tr("Picture")
    viewer = desk.viewer
    for key, level in (("1", Level.FACTS), ("2", Level.BLURRED), ("3", Level.DRAWING)):
        keys.bind(level.name.lower(), key, level_words(level), partial(viewer.set_level, level), group=group)
    keys.bind_hold("lens", "4", level_words(Level.LENS), viewer.lens_hold, group=group, shown=tr("hold 4"))
    keys.bind_hold("clear", "5", level_words(Level.CLEAR), viewer.clear_hold, group=group)
    for name, key, x, y in (
        ("left", "Left", -1, 0),
        ("right", "Right", 1, 0),
        ("up", "Up", 0, -1),
        ("down", "Down", 0, 1),
    ):
        words = tr("Move the lens {way}").format(way=tr(name))
        keys.bind(
            f"lens_{name}", f"Ctrl+{key}", words, partial(viewer.lens_nudge, x, y), group=group, shown=f"Ctrl {key}",
            repeats=True,
        )  # fmt: skip
    keys.bind("grey", "G", tr("Grey or colour"), viewer.toggle_grey, group=group)
    keys.bind("notes", FOLD_KEY, tr("Fold the notes away"), viewer.toggle_notes, group=group, shown=tr("Shift N"))


def _bind_place(keys: Shortcuts, desk: Workbench) -> None:
    group = tr("Picture")
    view = desk.viewer.view
    keys.bind("turn", "Ctrl+R", tr("Turn right"), partial(view.turn, 1), group=group, shown="Ctrl R")
    keys.bind("turn_back", "Ctrl+Alt+R", tr("Turn left"), partial(view.turn, -1), group=group, shown=tr("Ctrl Alt R"))
    keys.bind("enlarge", ("+", "="), tr("Enlarge"), partial(view.enlarge, 1), group=group, repeats=True)
    keys.bind("reduce", "-", tr("Reduce"), partial(view.enlarge, -1), group=group, shown="−", repeats=True)
    keys.bind("full", "F11", tr("Full screen, and back to decide"), desk.viewer.fullScreenAsked.emit, group=group)
    keys.bind("fit", "0", tr("Whole picture"), view.fit, group=group)


def _bind_video(keys: Shortcuts, desk: Workbench) -> None:
    group = tr("Video and sound")
    time, listening = desk.viewer.timeline, desk.viewer.listening
    keys.bind("play", "Space", tr("Play or pause"), time.play_pause, group=group)
    keys.bind("back", "J", tr("5 seconds back"), partial(time.skip, -5.0), group=group, repeats=True)
    keys.bind("on", "L", tr("5 seconds on"), partial(time.skip, 5.0), group=group, repeats=True)
    keys.bind("frame_back", ",", tr("A frame back"), partial(time.step, -1), group=group, repeats=True)
    keys.bind("frame_on", ".", tr("A frame on"), partial(time.step, 1), group=group, repeats=True)
    keys.bind("slower", "<", tr("Slower"), partial(time.change_speed, -1), group=group)
    keys.bind("faster", ">", tr("Faster"), partial(time.change_speed, 1), group=group)
    keys.bind(
        "scene_back", "Shift+J", tr("To the scene before"), partial(time.jump_scene, -1), group=group,
        shown=tr("Shift J"), repeats=True,
    )  # fmt: skip
    keys.bind(
        "scene_on", "Shift+L", tr("To the next scene"), partial(time.jump_scene, 1), group=group,
        shown=tr("Shift L"), repeats=True,
    )  # fmt: skip
    keys.bind("storyboard", "A", tr("All scenes"), time.show_storyboard, group=group)
    keys.bind("sound", "M", tr("Sound: off, muffled, clear"), listening.toggle, group=group)
    read_all = listening.transcript.read_all
    keys.bind("transcript", "Ctrl+5", tr("Read the transcript in view"), read_all, group=group, shown="Ctrl 5")
    keys.bind("sound_off", "Shift+M", tr("Sound off"), listening.off, group=group, shown=tr("Shift M"))
    for name, key, words, steps in (
        ("louder", "Alt+Up", tr("Louder"), 1),
        ("quieter", "Alt+Down", tr("Quieter"), -1),
    ):
        shown = key.replace("+", " ")
        keys.bind(name, key, words, partial(listening.change_volume, steps), group=group, shown=shown, repeats=True)


def _bind_marks(keys: Shortcuts, desk: Workbench) -> None:
    group = tr("Relevant segments")
    marks = desk.viewer.marks
    keys.bind("mark_in", "[", tr("One begins here"), marks.mark_in, group=group)
    keys.bind("mark_out", "]", tr("It ends here; or this moment alone"), marks.mark_out, group=group)
    note_words = tr("Note on it; Enter ends the note")
    keys.bind("mark_note", "Alt+N", note_words, marks.write_note, group=group, shown="Alt N")
    keys.bind("mark_start", "{", tr("The chosen one begins here"), marks.move_start, group=group)
    keys.bind("mark_end", "}", tr("The chosen one ends here"), marks.move_end, group=group)
    keys.bind("mark_away", ("Del",), tr("Unmark the chosen one"), marks.remove, group=group, shown=tr("Del"))


def _bind_pages(keys: Shortcuts, desk: Workbench) -> None:
    group = tr("Pages and text")
    viewer = desk.viewer
    for name, key, words, pages in (
        ("page_back", "PgUp", tr("A page back"), -1),
        ("page_on", "PgDown", tr("A page on"), 1),
        ("pages_back", "Ctrl+PgUp", tr("10 pages back"), -10),
        ("pages_on", "Ctrl+PgDown", tr("10 pages on"), 10),
    ):
        shown = key.replace("+", " ").replace("PgDown", "PgDn")
        keys.bind(name, key, words, partial(viewer.turn_page, pages), group=group, shown=shown, repeats=True)
    keys.bind(
        "find",
        "Ctrl+F",
        tr("Find words in a text"),
        viewer.find_words,
        group=group,
        shown=tr("Ctrl F"),
    )
    keys.bind(
        "reported", "H", tr("To the next reported message"), lambda: viewer.reading.desk.next_reported(), group=group
    )
    keys.bind(
        "mark_line", line_marks.KEY, tr("The decision rests on this message, or not"),
        viewer.text.line_marks.toggle, group=group, shown=tr(line_marks.KEY_SHOWN),
    )  # fmt: skip
    keys.bind("terms", "T", tr("Masked words of the line"), lambda: viewer.reading.desk.toggle_terms(), group=group)


def _bind_case(keys: Shortcuts, desk: Workbench) -> None:
    group = tr("Case")
    keys.bind("talk", TALK_KEY, tr("Talk to a colleague about this case"), desk.colleagues.talk, group=group)
    words = tr("What stands around the case; again closes it")
    keys.bind("case", CASE_KEY, words, desk.colleagues.toggle, group=group, shown="Alt C")


def _bind_decision(keys: Shortcuts, desk: Workbench) -> None:
    group = tr("Decision")
    panel = desk.decision
    for imminence, key in IMMINENCE_KEYS.items():
        words = tr("Danger: {words}").format(words=imminence_words(imminence).lower())
        keys.bind(f"imminence_{imminence.value}", key, words, partial(panel.set_imminence, imminence), group=group)
    keys.bind("category", CATEGORY_KEY, tr("Category"), panel.open_categories, group=group)
    for severity in range(1, panel.severities + 1):
        words = tr("Severity {number}").format(number=severity)
        keys.bind(
            f"severity_{severity}", f"Alt+{severity}", words, partial(panel.set_severity, severity), group=group,
            shown=f"Alt {severity}",
        )  # fmt: skip
    keys.bind("confidence", CONFIDENCE_KEY, tr("Confidence"), panel.next_confidence, group=group)
    for action, key in ACTION_KEYS.items():
        keys.bind(f"action_{action.value}", key, action_words(action), partial(panel.set_action, action), group=group)
    keys.bind("why", WHY_KEY, tr("Why; Tab leaves the field"), panel.focus_why, group=group)
    keys.bind("from_notes", FROM_NOTES_KEY, tr("Decide from the notes"), desk.deciding.from_notes, group=group)
    keys.bind(
        "together", STACK_KEY, tr("The same for all copies"), desk.together.toggle, group=group, shown=tr("Shift D")
    )
    keys.bind("understood", "D", tr("Close a message"), desk.understood, group=group)
    keys.bind("undo", UNDO_KEY, tr("Undo the last decision"), desk.undo, group=group)
    keys.bind("decide", ("Return", "Enter"), tr("Decide and next"), desk.primary, group=group, shown=tr("Enter"))
    keys.bind(
        "decide_typing", ("Ctrl+Return", "Ctrl+Enter"), tr("The same while typing"), desk.primary, group=group,
        shown=tr("Ctrl Enter"),
    )  # fmt: skip
