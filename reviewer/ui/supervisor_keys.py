"""The keys of the supervisor's view."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from reviewer.ui.export_card import FOLDER_KEY, KIND_KEYS
from reviewer.ui.export_card import KEY as EXPORT_KEY
from reviewer.ui.export_card import KEY_SHOWN as EXPORT_SHOWN
from reviewer.ui.golden_form import MARK_KEY, WITHDRAW_KEY
from reviewer.ui.golden_page import KEY as GOLDEN_KEY
from reviewer.ui.heat_panel import FIND_KEY, NEAR_KEY
from reviewer.ui.relief_card import LEAVE_KEY, OPEN_KEY
from reviewer.ui.relief_words import CHOICES, kind_words
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.supervisor_head import AGAIN_KEY
from reviewer.ui.wording import tr

if TYPE_CHECKING:
    from reviewer.ui.supervisor_page import SupervisorPage


def bind_supervisor(keys: Shortcuts, page: SupervisorPage) -> None:
    """Its actions into the register, and so into the sheet and the palette."""
    group = tr("Team")
    among_figures = []
    keys.bind("team_again", AGAIN_KEY, tr("Look again"), page.refresh, group=group)
    for index, words in enumerate((tr("Today"), tr("16 days"), tr("28 days"), tr("A year, in weeks"))):
        name = f"team_range_{index + 1}"
        among_figures.append(name)
        keys.bind(name, str(index + 1), words, partial(page.show_range, index), group=group)
    panel, relief, export = page.panel, page.relief, page.export
    find = partial(panel.name_field.setFocus, Qt.FocusReason.ShortcutFocusReason)
    keys.bind("team_find", FIND_KEY, tr("Find a name"), find, group=group)
    keys.bind("team_map", "M", tr("To the map; arrows read it, Enter offers relief"), page.go_to_map, group=group)
    keys.bind("team_near", NEAR_KEY, tr("Near a limit first, or by name"), panel.near_first.toggle, group=group)
    words = tr("Relief for the next who may need it")
    keys.bind("relief", OPEN_KEY, words, relief.open_next, group=group, why_not=relief.why_not_open)
    words = tr("Leave it: no relief for this person")
    keys.bind("relief_leave", LEAVE_KEY, words, relief.close_choice, group=group, why_not=relief.why_not_choose)
    for kind, key in CHOICES:
        name = f"relief_{kind.value}"
        among_figures.append(name)
        chosen = partial(relief.choose, kind)
        keys.bind(name, key, kind_words(kind), chosen, group=group, why_not=relief.why_not_choose)
    words = tr("Export the team's figures, or close it")
    keys.bind("team_export", EXPORT_KEY, words, export.toggle, group=group, shown=EXPORT_SHOWN, why_not=export.why_not)
    folder = tr("Choose the folder of the export")
    keys.bind("team_folder", FOLDER_KEY, folder, export.choose_folder, group=group, why_not=export.why_not_write)
    for file_kind, key in KIND_KEYS.items():
        name = f"team_{file_kind.value}"
        among_figures.append(name)
        words = tr("Export as {kind}").format(kind=file_kind.name)
        written = partial(export.write, file_kind)
        keys.bind(name, key, words, written, group=group, why_not=export.why_not_write)
    among_figures += ["team_find", "team_map", "team_near", "relief", "relief_leave", "team_export", "team_folder"]
    keys.explain(lambda: tr("Only among the team's figures.") if page.golden.isVisible() else "", *among_figures)
    keys.bind("golden", GOLDEN_KEY, tr("Calibration items, and back"), page.toggle_golden, group=group)
    words = tr("Mark the chosen item for calibration")
    marking = ("Ctrl+Return", "Ctrl+Enter")
    keys.bind("golden_mark", marking, words, page.golden.form.ask_to_mark, group=group, shown=MARK_KEY)
    words = tr("Withdraw the chosen calibration item")
    keys.bind("golden_withdraw", "Ctrl+Del", words, page.golden.withdraw, group=group, shown=WITHDRAW_KEY)
    keys.explain(
        lambda: "" if page.golden.isVisible() else tr("Only among the calibration items."),
        "golden_mark",
        "golden_withdraw",
    )
