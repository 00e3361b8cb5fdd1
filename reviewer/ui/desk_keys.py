"""The keys around a desk, which mean something on every page; the desk binds its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from reviewer.ui.break_words import PAUSE_KEY, PAUSE_SHOWN
from reviewer.ui.desk_commands import explain_desk
from reviewer.ui.handoff_keys import KEY as HANDOFF_KEY
from reviewer.ui.own_file import WRITE_KEY, WRITE_SHOWN
from reviewer.ui.own_page import KEY as OWN_DATA_KEY
from reviewer.ui.palette_control import OWN
from reviewer.ui.preferences_page import KEY as PREFERENCES_KEY
from reviewer.ui.preferences_page import SHOWN as PREFERENCES_SHOWN
from reviewer.ui.readings_control import KEY as READINGS_KEY
from reviewer.ui.supervisor_page import SupervisorPage
from reviewer.ui.wording import tr

if TYPE_CHECKING:
    from reviewer.ui.desk_frame import DeskFrame


def bind_desk(frame: DeskFrame) -> None:
    """Those of the desk first, then those of the window, into the frame's register."""
    keys, group, workbench = frame.shortcuts, tr("Window"), frame.workbench
    everywhere: tuple[tuple[str, str | tuple[str, ...], str, str, Callable[[], None]], ...] = (
        ("hide", "Esc", "Esc", tr("Hide everything"), frame.hide_everything),
        ("lock", "Ctrl+L", "Ctrl L", tr("Lock"), frame.lock),
        ("keys", ("?", "F1"), "?", tr("This sheet"), frame.toggle_sheet),
        ("posture", "F2", "F2", tr("What protects this machine"), frame.asked.toggle_posture),
        ("own_data", OWN_DATA_KEY, OWN_DATA_KEY, tr("My data: all that is held about you"), frame.asked.toggle_own),
        ("own_file", WRITE_KEY, WRITE_SHOWN, tr("My data as a file"), frame.asked.write_own_file),
        (OWN, "Ctrl+K", "Ctrl K", tr("All commands, to search"), frame.commands.toggle),
        ("preferences", PREFERENCES_KEY, PREFERENCES_SHOWN, tr("Preferences"), frame.asked.toggle_preferences),
        *frame.appearance.rows(),
    )
    if workbench is not None:
        words = tr("Second readings, side by side")
        keys.bind("readings", READINGS_KEY, words, frame.asked.toggle_readings, group=group, always=True)
        workbench.bind(keys)
        explain_desk(keys, workbench)
        if frame.breaks is not None:
            words, pause = tr("A pause now"), frame.breaks.pause_now
            keys.bind("pause", PAUSE_KEY, words, pause, group=group, shown=PAUSE_SHOWN, always=True)
        words = tr("Gallery of veiled pictures; arrows, Space, Enter")
        keys.bind("gallery", "Ctrl+B", words, frame.toggle_gallery, group=group, shown="Ctrl B", always=True)
    if isinstance(frame.home, SupervisorPage):
        frame.home.bind(keys)
    if frame.handoff is not None:
        words = tr("Hand off a case, step by step")
        keys.bind("handoff", HANDOFF_KEY, words, frame.toggle_handoff, group=group, always=True)
    for name, key, shown, words, do in everywhere:
        keys.bind(name, key, words, do, group=group, shown=shown, always=True)
    keys.explain(
        lambda: "" if frame.asked.own_in_view else tr("Only on the page of your data."),
        "own_file",
    )
