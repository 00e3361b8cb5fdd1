"""What the rail says under each step: how far it is, in a few words."""

from __future__ import annotations

from reviewer.model.handoff import Handoff, StepKind
from reviewer.ui.handoff_rail import HandoffRail
from reviewer.ui.handoff_state import HandoffState
from reviewer.ui.handoff_words import PageStep, state_words
from reviewer.ui.wording import tr


def tell_rail(rail: HandoffRail, state: HandoffState, package: Handoff | None, *, building: bool) -> None:
    """`package` is the one chosen among those of the case; None: none was built."""
    agency = state.agency_chosen()
    count = len(state.chosen)
    items = tr("1 item") if count == 1 else tr("{n} items").format(n=f"{count:,}")
    to = agency.words if agency is not None else tr("no recipient yet")
    rail.say(PageStep.WHAT, f"{items} · {to}", amber=not state.chosen or agency is None)
    if not state.known:
        rail.say(PageStep.NEEDS, tr("being looked up"))
    elif state.missing:
        words = tr("{n} missing, overruled") if state.overruled else tr("{n} missing")
        rail.say(PageStep.NEEDS, words.format(n=len(state.missing)), amber=True)
    elif state.statement_lacks:
        rail.say(PageStep.NEEDS, tr("the statement of reasons is not whole"))
    else:
        rail.say(PageStep.NEEDS, tr("nothing is missing"))
    papers = [tr("report")]
    if state.cybertip:
        papers.append(tr("CyberTipline"))
    if state.letter is not None:
        papers.append(tr("letter"))
    rail.say(PageStep.PAPERS, ", ".join(papers))
    unfinished = state.outline.unfinished if state.outline is not None else ""
    if building:
        rail.say(PageStep.SEAL, tr("being built or sent"))
    elif unfinished:
        rail.say(PageStep.SEAL, tr("begun, not finished"), amber=True)
    else:
        rail.say(PageStep.SEAL, tr("built") if package is not None else tr("nothing was built yet"))
    if package is None:
        rail.say(PageStep.AFTER, "")
        return
    said = [
        state_words(kind).lower() if package.step(kind) is not None else tr("{state}: not recorded").format(
            state=state_words(kind).lower()
        )
        for kind in (StepKind.SENT, StepKind.RECEIVED)
    ]  # fmt: skip
    if package.step(StepKind.RETRACTED) is not None:
        said.append(state_words(StepKind.RETRACTED).lower())
    rail.say(PageStep.AFTER, ", ".join(said))
