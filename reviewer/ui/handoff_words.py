"""The words of handing off: steps, questions, states, envelopes. Nothing here is about what is in an item."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import IntEnum

from reviewer.model.handoff import Audience, Handoff, LetterKind, RecordedItem, Step, StepKind
from reviewer.model.handoff_answers import Question, StatementField
from reviewer.model.handoff_terms import Agency
from reviewer.ui.handoff_ports import KeptUnread, Progress
from reviewer.ui.item_words import size_words
from reviewer.ui.wording import action_words, facts_words, time_words, tr

PHASES = ("gathering", "signing", "sealing", "checking", "recording")


class PageStep(IntEnum):
    """The steps of the page, in the order of the work."""

    WHAT = 0
    NEEDS = 1
    PAPERS = 2
    SEAL = 3
    AFTER = 4


def step_title(step: PageStep) -> str:
    return {
        PageStep.WHAT: tr("What and to whom"),
        PageStep.NEEDS: tr("What the recipient needs"),
        PageStep.PAPERS: tr("Papers"),
        PageStep.SEAL: tr("Seal"),
        PageStep.AFTER: tr("Afterwards"),
    }[step]


def question_words(question: Question) -> str:
    return {
        Question.IMMINENCE: tr("Who is in danger, and how is that known?"),
        Question.LOCATION_CLUES: tr("Clues to a place"),
        Question.ACCOUNTS: tr("Accounts and other identifiers"),
        Question.TIMES: tr("When it happened, each time with its zone"),
        Question.CONTACT: tr("Who answers questions, and how"),
        Question.LEGAL_BASIS: tr("Legal basis"),
        Question.RETENTION: tr("How long it is kept, and by what rule"),
        Question.DECISIONS: tr("Each chosen item is decided"),
        Question.READINGS: tr("No reading of a chosen item is open"),
    }[question]


def question_hint(question: Question) -> str:
    """What an answer looks like."""
    return {
        Question.IMMINENCE: tr("Say what was seen or said and what follows from it, not more."),
        Question.LOCATION_CLUES: tr("Signs, speech, addresses, metadata. “None known” is an answer."),
        Question.ACCOUNTS: tr("Names, numbers, addresses, as they were given. “None known” is an answer."),
        Question.TIMES: tr("For example 2026-11-20 14:03 UTC, 14:03 +01:00, or 14:03 Europe/Berlin."),
        Question.CONTACT: tr("A name or an office, and a way to reach it."),
        Question.LEGAL_BASIS: tr("By what law or request this is handed over."),
        Question.RETENTION: tr("Until when it is kept here, and why so long."),
    }.get(question, "")


def statement_words(field: StatementField) -> str:
    """What the EU's database demands of a statement of reasons."""
    return {
        StatementField.CONTENT_DATE: tr("The day it was posted"),
        StatementField.TERRITORIAL_SCOPE: tr("Countries it takes effect in, which the policy names"),
    }[field]


def content_date_hint() -> str:
    return tr("For the EU, if known: 2026-01-02 for all, or a line for an exhibit, like 2026-01843/003 2026-01-02.")


def envelope_words(agency: Agency) -> str:
    """How the package is closed, and what the recipient needs to open it."""
    return {
        "age": tr("Sealed with age to their key: only they can open it."),
        "cms": tr("Sealed as CMS to their certificate, by policy: openssl opens it."),
        "zip": tr("Sealed as an AES-256 ZIP, by policy. A passphrase is made, to be told by another way."),
    }.get(agency.envelope, agency.envelope)


def seen_words(item: RecordedItem) -> str:
    return tr("seen by a person") if item.seen else tr("not seen by a person")


def decided_words(item: RecordedItem, harm: Callable[[str], str]) -> str:
    """The standing decision in words; why the item cannot go along where it cannot."""
    if item.unsettled:
        return tr("readings are open or differ: cannot go along")
    standing = item.standing
    if standing is None:
        return tr("not decided")
    decision = standing.decision
    return tr("{action} · {category}, severity {severity}").format(
        action=action_words(decision.action), category=harm(decision.category), severity=decision.severity
    )


def item_line(item: RecordedItem, harm: Callable[[str], str]) -> tuple[str, str]:
    """(exhibit and kind, whether a person saw it and the decision): all that is said of an item. Where the line is cut
    off, what a package must not go out without knowing stands before it: that nobody saw it, or why it cannot go."""
    first = f"{item.item.exhibit}  ·  {facts_words(item.item.facts)}  ·  {size_words(item.item.facts.size)}"
    second = (seen_words(item), decided_words(item, harm))
    return first, "  ·  ".join(reversed(second) if item.unsettled else second)


def state_words(kind: StepKind) -> str:
    return {
        StepKind.BUILT: tr("Built"),
        StepKind.SENT: tr("Sent"),
        StepKind.RECEIVED: tr("Received"),
        StepKind.RETRACTED: tr("Retracted"),
    }[kind]


def recorded_words(step: Step | None, now: datetime) -> str:
    """When and by whom; or that nobody has said so, which is not the same as that it did not happen."""
    if step is None:
        return tr("not recorded")
    parts = [tr("{time}, recorded by {who}").format(time=time_words(step.at, now), who=step.by)]
    if step.to:
        parts.append(tr("to {where}").format(where=step.to))
    if step.receipt:
        parts.append(tr("receipt {words}").format(words=step.receipt))
    if step.receipt_sha256:
        parts.append(tr("its SHA-256 begins {digest}").format(digest=step.receipt_sha256[:16]))
    if step.words:
        parts.append(step.words)
    return " · ".join(parts)


def kept_unread_words(kept: KeptUnread) -> str:
    """By which rule the case is kept when whoever recorded it could not read it, and how that is put right."""
    why = tr("You cannot read this case, so where its referral comes from is not known here.")
    if kept.rule is None:
        how = tr("The policy has no rule for the agency: nothing keeps the case from being destroyed.")
    else:
        how = tr("It is kept by the agency's rule ({jurisdiction}, until {day}), not by the referral's.").format(
            jurisdiction=kept.rule.jurisdiction, day=kept.rule.ends_on
        )
    return " ".join((why, how, tr("Have somebody who can read the case record “Sent” too.")))


def package_words(handoff: Handoff, now: datetime) -> tuple[str, str]:
    """(to whom; when, how large, the states that are recorded) of a package in a list."""
    made = handoff.made
    states = [state_words(kind) for kind in StepKind if handoff.step(kind) is not None]
    parts = (time_words(made.built_at, now), size_words(made.package_size), ", ".join(states))
    return made.agency_words, "  ·  ".join(parts)


def phase_words(progress: Progress) -> str:
    """3 of 5: sealing, 1.2 GB of 9.8 GB."""
    words = {
        "gathering": tr("gathering"),
        "signing": tr("signing and stamping"),
        "sealing": tr("sealing"),
        "checking": tr("reading it again and checking"),
        "recording": tr("recording"),
    }.get(progress.phase, progress.phase)
    if progress.phase in PHASES:
        at = PHASES.index(progress.phase) + 1
        words = tr("{at} of {of}: {phase}").format(at=at, of=len(PHASES), phase=words)
    if progress.total <= 0:
        return words
    done, total = size_words(progress.done), size_words(progress.total)
    return tr("{phase}, {done} of {total}").format(phase=words, done=done, total=total)


def audience_words(audience: Audience) -> str:
    return {
        Audience.LAW_ENFORCEMENT: tr("Law enforcement"),
        Audience.GOVERNMENT: tr("Government"),
        Audience.INTERNAL: tr("Internal"),
    }[audience]


def letter_words(kind: LetterKind) -> str:
    return {
        LetterKind.GRANTED: tr("Granted"),
        LetterKind.GRANTED_IN_PART: tr("In part"),
        LetterKind.REFUSED: tr("Refused"),
        LetterKind.MORE_NEEDED: tr("More needed"),
        LetterKind.EMERGENCY_DISCLOSURE: tr("Emergency"),
    }[kind]
