"""What the command palette knows about the desk: why a key does nothing there now, and lines without a key."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from reviewer.model.levels import Kind
from reviewer.ui.commands import Command
from reviewer.ui.desk_flow import DeskState
from reviewer.ui.shortcuts import Shortcuts
from reviewer.ui.wording import tr

if TYPE_CHECKING:
    from reviewer.ui.workbench import Workbench

_READ = (Kind.TEXT, Kind.CHAT, Kind.EMAIL)
_ANY_TIME = ("decide", "decide_typing", "undo", "understood")  # of the decision's keys
_SOUND = ("sound", "sound_off", "louder", "quieter")
_TEXT = ("find", "reported", "terms")


def explain_desk(keys: Shortcuts, desk: Workbench) -> None:
    """Gives the register the reasons; to be called when all keys are bound."""

    def named(*groups: str) -> list[str]:
        return [action.name for action in keys.actions if action.group in groups]

    def nothing() -> str:
        return "" if desk.flow.state is DeskState.OPEN else tr("Nothing is on the desk.")

    def kind() -> Kind | None:
        return desk.flow.item.entry.item.facts.kind if desk.flow.item is not None else None

    def still() -> str:
        entry = desk.flow.item.entry if desk.flow.item is not None else None
        return "" if entry is None or entry.item.facts.duration_s is not None else tr("This item has no length.")

    def silent() -> str:
        entry = desk.flow.item.entry if desk.flow.item is not None else None
        return "" if entry is None or entry.item.facts.has_sound else tr("This item has no sound.")

    def wordless() -> str:
        return "" if kind() in (None, *_READ) else tr("This item is not a text.")

    def one_page() -> str:
        entry = desk.flow.item.entry if desk.flow.item is not None else None
        return "" if entry is None or entry.item.facts.pages or kind() in _READ else tr("This item has no pages.")

    decision = [name for name in named(tr("Decision")) if name not in _ANY_TIME]
    viewing = named(tr("Picture"), tr("Video and sound"), tr("Relevant segments"), tr("Pages and text"))
    keys.explain(nothing, "pass_on", *decision, *viewing)
    keys.explain(still, *(name for name in named(tr("Video and sound")) if name not in _SOUND))
    keys.explain(silent, *_SOUND)
    keys.explain(wordless, *_TEXT)
    keys.explain(one_page, *(name for name in named(tr("Pages and text")) if name not in _TEXT))


def desk_commands(desk: Workbench) -> list[Command]:
    """The categories of the policy: the list of them has a key, its lines are found by their words."""
    why_not = "" if desk.decision.draft is not None else tr("Nothing is on the desk.")
    return [
        Command(
            f"category_{harm.key}",
            tr("Category"),
            harm.words,
            "",
            why_not,
            partial(_categorise, desk, harm.key),
        )
        for harm in desk.policy.harm_types
    ]


def _categorise(desk: Workbench, key: str) -> bool:
    if desk.decision.draft is None or desk.flow.state is not DeskState.OPEN:
        return False
    desk.decision.set_category(key)
    return True
