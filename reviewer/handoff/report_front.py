"""The report's beginning: the title block, the summary, what is missing, what came in, and what was answered."""

from __future__ import annotations

from typing import Any

from reviewer.handoff import report_words as say
from reviewer.handoff.dossier import Dossier, Exhibit
from reviewer.handoff.plain_words import IMMINENCE
from reviewer.handoff.printed_blocks import fact, heading, note, part, point, together, words
from reviewer.handoff.printed_style import styles
from reviewer.handoff.printed_text import printed, printed_line
from reviewer.model.decisions import Imminence
from reviewer.model.handoff_answers import Question

# Where nobody is in danger it is not asked who; a legal basis that the referral names need not be told again.
_NOT_ALWAYS_ASKED = (Question.IMMINENCE, Question.LEGAL_BASIS)


def was_seen(exhibit: Exhibit) -> bool:
    """Some person's viewing record says that they saw it."""
    return exhibit.record.seen or any(one.viewing_record.viewed for one in exhibit.record.decisions)


def position(exhibit: Exhibit) -> str:
    return exhibit.record.item.exhibit


def front(dossier: Dossier) -> list[Any]:
    blocks: list[Any] = [
        words("Case report", styles().kicker),
        words(f"Case {printed(dossier.case.number)}", styles().title, role="H1"),
        words(f"For {printed(dossier.agency.words)}", styles().lead),
    ]
    blocks += [
        fact("Handed off by", printed(dossier.organisation)),
        fact("Made by", printed(dossier.built_by)),
        fact("Made on", say.moment(dossier.built_at)),
        fact("Authority", printed(dossier.authority)),
        fact("Package", printed(dossier.handoff_id)),
        fact("Policy", f"version {printed(dossier.policy.version)}"),
        fact("Made with", f"reviewer {printed(dossier.tool_version)}"),
    ]
    danger = _danger(dossier)
    return [*blocks, danger] if danger is not None else blocks


def _danger(dossier: Dossier) -> Any:
    """First of all: whether somebody may be in danger now, and what says so."""
    by_answer: dict[Imminence, list[str]] = {}
    for exhibit in dossier.exhibits:
        standing = exhibit.record.standing
        if standing is not None:
            by_answer.setdefault(standing.decision.imminence, []).append(position(exhibit))
    lines = [
        f"{IMMINENCE[answer]}: decided on {printed_line(say.listed(by_answer[answer]), most=900)}."
        for answer in (Imminence.IMMINENT, Imminence.POSSIBLE)
        if answer in by_answer
    ]
    if not lines and dossier.case.referral.danger:
        lines = ["The referral says that somebody may be in danger; no decision in this package says so."]
    if not lines:
        return None
    imminent = Imminence.IMMINENT in by_answer
    style = styles().alarm if imminent else styles().caution
    told = [words("Somebody may be in danger", style), *(words(line, styles().note) for line in lines)]
    if dossier.answers.imminence.strip():
        told.append(words(printed_line(dossier.answers.imminence, most=900), styles().note))
    return together(note(told, "red" if imminent else "amber"))


def summary_section(dossier: Dossier, *, stamped: bool, not_stamped_why: str) -> list[Any]:
    return [
        heading("Summary", 1, "Summary"),
        *(point(line) for line in _summary(dossier, stamped=stamped, not_stamped_why=not_stamped_why)),
    ]


def _summary(dossier: Dossier, *, stamped: bool, not_stamped_why: str) -> list[str]:
    exhibits, referral = dossier.exhibits, dossier.case.referral
    items = say.counted(len(exhibits), "item", "items")
    lines = [
        f"The referral came from {say.SOURCES[referral.source]} on {say.moment(referral.received_at, seconds=False)}.",
        f"This package holds {items} of the case."
        + (
            f" {say.counted(len(dossier.left_out), 'other item is', 'other items are')} not in it:"
            f" {printed(say.listed(dossier.left_out))}."
            if dossier.left_out
            else " They are all items of the case."
        ),
    ]
    seen = [exhibit for exhibit in exhibits if was_seen(exhibit)]
    unseen = [position(exhibit) for exhibit in exhibits if not was_seen(exhibit)]
    lines.append(
        f"By the records, {len(seen)} of {items} {'was' if 1 in (len(seen), len(exhibits)) else 'were'} seen by a"
        " person." + (f" Not seen by a person: {printed(say.listed(unseen))}." if unseen else "")
    )
    decided = [exhibit for exhibit in exhibits if exhibit.record.standing is not None]
    without = [position(exhibit) for exhibit in exhibits if exhibit.record.standing is None]
    lines.append(
        f"A decision stands on {len(decided)} of {items}."
        + (f" None stands on {printed(say.listed(without))}." if without else "")
    )
    known = [position(exhibit) for exhibit in exhibits if exhibit.record.matches]
    if known:
        lines.append(
            f"{say.counted(len(known), 'item matches', 'items match')} a list of known material:"
            f" {printed(say.listed(known))}. A match alone decides nothing."
        )
    entries = sum(len(extract.lines) for extract in dossier.custody)
    logs = say.counted(len(dossier.custody), "workstation's log", "workstations' logs")
    lines.append(f"The chain of custody has {say.counted(entries, 'entry', 'entries')} from {logs}.")
    lines.append(_stamp(stamped, not_stamped_why))
    if not dossier.missing:
        lines.append("The check for completeness found nothing missing.")
    return lines


def _stamp(stamped: bool, not_stamped_why: str) -> str:
    if stamped:
        return (
            "The list of all files is signed by the organisation. The time stamp of an independent authority over it is"
            " the file tagmanifest-sha256.txt.p7s.tsr; where that file is absent, none was obtained."
        )
    why = f" {printed(not_stamped_why, most=500)}" if not_stamped_why else ""
    return f"The list of all files is signed by the organisation. The signature has no time stamp.{why}"


def missing_section(dossier: Dossier) -> list[Any]:
    """What the recipient would need and does not get, who let it be sealed all the same, and why."""
    if not dossier.missing:
        return []
    told: list[Any] = [words("What is missing", styles().caution)]
    told += [point(printed_line(say.question_words(key), most=200)) for key in dossier.missing]
    if dossier.overruled_by or dossier.overrule:
        who = printed_line(dossier.overruled_by or "A supervisor", most=200)
        told.append(words(f"{who} let the package be sealed all the same. The reason given:", styles().note))
        told.append(words(printed_line(dossier.overrule, most=900) or "not stated", styles().note))
    return [together(note(told, "amber"))]


def received_section(dossier: Dossier) -> list[Any]:
    referral = dossier.case.referral
    due = say.moment(referral.due_at) if referral.due_at is not None else "none was given"
    blocks: list[Any] = [
        heading("What was received", 1, "What was received"),
        fact("From", say.SOURCES[referral.source]),
        fact("Asked by", printed(referral.requester)),
        fact("Received on", say.moment(referral.received_at)),
        fact("To be answered by", due),
        fact("Legal basis", printed(referral.legal_basis)),
        fact("Jurisdiction", printed(referral.jurisdiction)),
        fact("Account", printed(referral.account)),
        fact("Says of danger", "somebody may be in danger" if referral.danger else "nothing"),
        fact("In its words", printed(referral.claim)),
        fact("Case opened on", say.moment(dossier.case.created_at)),
    ]
    return blocks


def answers_section(dossier: Dossier) -> list[Any]:
    answers = dossier.answers
    blocks: list[Any] = [
        heading("What is known", 1, "What is known"),
        words(f"As answered by {printed(dossier.built_by)} when the package was made.", styles().quiet),
    ]
    asked = (
        (Question.IMMINENCE, "Who is in danger, and how that is known", answers.imminence),
        (Question.LOCATION_CLUES, "Clues to a place", answers.location_clues),
        (Question.ACCOUNTS, say.QUESTIONS[Question.ACCOUNTS], answers.accounts),
        (Question.TIMES, "Times", answers.times),
        (Question.LEGAL_BASIS, "Legal basis", answers.legal_basis),
        (Question.RETENTION, "How long originals are kept", answers.retention),
        (Question.CONTACT, "Who answers questions", answers.contact),
    )
    for question, name, answer in asked:
        if question in _NOT_ALWAYS_ASKED and not answer.strip() and question.value not in dossier.missing:
            continue
        blocks += [part(name), words(printed(answer) if answer.strip() else "Not answered.", styles().body)]
    return blocks
