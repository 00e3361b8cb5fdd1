"""The keys of the page of handing off: known before the page is made, so that the sheet has them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from reviewer.ui import handoff_letter, handoff_needs, handoff_papers, handoff_record, handoff_seal, handoff_what
from reviewer.ui.commands import Command
from reviewer.ui.decision_keys import shown_key
from reviewer.ui.handoff_after import PREPARE_KEY
from reviewer.ui.handoff_sending import LEAVE_KEY, SEND_KEY, SEND_SHOWN
from reviewer.ui.handoff_words import PageStep, step_title
from reviewer.ui.shortcuts import KeyAction, Shortcuts
from reviewer.ui.wording import tr

if TYPE_CHECKING:
    from reviewer.ui.handoff_page import HandoffPage

KEY = "F7"
OTHER_KEY, AGAIN_KEY = "Alt+G", "F5"
PRIMARY_KEY, PRIMARY_SHOWN = ("Ctrl+Return", "Ctrl+Enter"), "Ctrl Enter"


def page_actions() -> tuple[KeyAction, ...]:
    group = tr("Handing off")

    def line(name: str, keys: str | tuple[str, ...], words: str, shown: str = "") -> KeyAction:
        wanted = (keys,) if isinstance(keys, str) else keys
        return KeyAction(f"handoff_{name}", group, words, wanted, shown or shown_key(wanted[0]))

    steps = tuple(
        line(f"step_{step + 1}", f"Alt+{step + 1}", tr("Step {n}: {what}").format(n=step + 1, what=step_title(step)))
        for step in PageStep
    )
    return (
        *steps,
        line("primary", PRIMARY_KEY, tr("The next step; on the fourth: build"), PRIMARY_SHOWN),
        line("other", OTHER_KEY, tr("Another case")),
        line("again", AGAIN_KEY, tr("Look again at the case")),
        line("suggested", handoff_what.SUGGESTED_KEY, tr("The items that are suggested")),
        line("agencies", handoff_what.AGENCIES_KEY, tr("To the recipients; arrows choose")),
        line("overrule", handoff_needs.OVERRULE_KEY, tr("Overrule what is missing, with a reason")),
        line("thumbnails", handoff_papers.THUMBNAILS_KEY, tr("Veiled thumbnails in the report, or none")),
        line("cybertip", handoff_papers.CYBERTIP_KEY, tr("A CyberTipline report, or none")),
        line("template", handoff_letter.TEMPLATE_KEY, tr("Write the letter from the template")),
        line("keep", handoff_letter.KEEP_KEY, tr("Keep the letter as a version")),
        line("along", handoff_letter.ALONG_KEY, tr("The letter goes along, or not")),
        line("pdf", handoff_letter.PDF_KEY, tr("Write the letter as PDF")),
        line("folder", handoff_seal.FOLDER_KEY, tr("Choose the folder of the package")),
        line("resume", handoff_seal.RESUME_KEY, tr("Resume what was begun")),
        line("discard", handoff_seal.DISCARD_KEY, tr("Discard what was begun")),
        line("cancel", handoff_seal.CANCEL_KEY, tr("Cancel building or sending")),
        line("record", handoff_record.RECORD_KEY, tr("Record what happened to the package")),
        line("receipt", handoff_record.FILE_KEY, tr("Choose the receipt file")),
        line("prepare", PREPARE_KEY, tr("Show what the clearing house would get")),
        line("leave", LEAVE_KEY, tr("Back, without sending")),
        line("send", SEND_KEY, tr("Send what is shown"), SEND_SHOWN),
    )


def closed_commands() -> list[Command]:
    """The palette's lines while the page is not open: what there is, and how to get there."""
    why = tr("Only where a case is handed off: F7 opens it.")
    return [
        Command(action.name, action.group, action.words, action.shown, why, lambda: False) for action in page_actions()
    ]


def bind_handoff(keys: Shortcuts, page: HandoffPage) -> None:
    does: dict[str, Callable[[], None]] = {f"handoff_step_{step + 1}": partial(page.go_to, step) for step in PageStep}
    does |= {
        "handoff_primary": page.do_primary,
        "handoff_other": page.choose_case,
        "handoff_again": page.refresh,
        "handoff_suggested": page.what.choose_suggested,
        "handoff_agencies": page.to_agencies,
        "handoff_overrule": page.needs.ask_overrule,
        "handoff_thumbnails": page.papers.toggle_thumbnails,
        "handoff_cybertip": page.papers.toggle_cybertip,
        "handoff_template": page.letter.from_template,
        "handoff_keep": page.letter.keep,
        "handoff_along": page.letter.take_along,
        "handoff_pdf": page.letter.export,
        "handoff_folder": page.seal.choose_folder,
        "handoff_resume": page.work.resume,
        "handoff_discard": page.work.discard,
        "handoff_cancel": page.work.cancel,
        "handoff_record": page.after.record.ask,
        "handoff_receipt": page.after.record.choose_file,
        "handoff_prepare": page.after.ask_prepare,
        "handoff_leave": page.work.leave_sending,
        "handoff_send": page.after.sending.ask,
    }

    def unless_refused(name: str) -> Callable[[], None]:
        """What nobody would see being done is not done: most keys belong to one step."""
        return lambda: None if keys.why_not(name) else does[name]()

    for action in page_actions():
        do = unless_refused(action.name)
        keys.bind(action.name, action.keys, action.words, do, group=action.group, shown=action.shown)
    _explain(keys, page)


def _explain(keys: Shortcuts, page: HandoffPage) -> None:
    def nothing() -> str:
        return "" if page.shown else tr("No case is open here: Alt G chooses one.")

    def on(step: PageStep) -> str:
        if page.step is step:
            return ""
        return tr("Only on step {n}: Alt {n} goes there.").format(n=step + 1)

    def named(*names: str) -> list[str]:
        return [f"handoff_{name}" for name in names]

    anywhere = named("other", "again")  # looking again is what there is to do where a case did not come
    keys.explain(nothing, *(action.name for action in keys.actions if action.name not in anywhere))
    for step, names in (
        (PageStep.WHAT, named("suggested", "agencies")),
        (PageStep.NEEDS, named("overrule")),
        (PageStep.PAPERS, named("thumbnails", "cybertip", "template", "keep", "along", "pdf")),
        (PageStep.SEAL, named("folder", "resume", "discard")),
        (PageStep.AFTER, named("record", "receipt", "prepare", "leave", "send")),
    ):
        keys.explain(partial(on, step), *names)
    keys.explain(page.why_not_primary, "handoff_primary")
    keys.explain(page.after.why_not_prepare, "handoff_prepare")
    keys.explain(page.after.sending.why_not_send, "handoff_send")
    keys.explain(lambda: "" if page.running.busy else tr("Nothing is being built or sent."), "handoff_cancel")

    def finished() -> str:
        outline = page.state.outline
        return "" if outline is not None and outline.unfinished else tr("Nothing was begun.")

    keys.explain(finished, *named("resume", "discard"))
