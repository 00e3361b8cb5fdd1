"""What was found, exhibit by exhibit: first all of them in one table, then each with its decision and who saw what."""

from __future__ import annotations

from typing import Any

from reviewer.handoff import report_words as say
from reviewer.handoff.decision_words import category_words
from reviewer.handoff.dossier import Dossier, Exhibit
from reviewer.handoff.plain_words import ACTION, CHANGE, CONFIDENCE, IMMINENCE
from reviewer.handoff.printed_blocks import GreyPicture, digest, fact, heading, part, table, together, words
from reviewer.handoff.printed_style import styles
from reviewer.handoff.printed_text import one_line, printed, printed_line
from reviewer.handoff.report_front import position, was_seen
from reviewer.model.decisions import Decision
from reviewer.model.handoff import RecordedDecision
from reviewer.model.taxonomy import words_of

_PSEUDONYMS = "Reviewers are told of by pseudonyms."
_REDACTED = "Reviewers are told of as Person 1, Person 2 and so on; the organisation knows who they are."


def exhibits_section(dossier: Dossier) -> list[Any]:
    numbers = {exhibit.record.item.id: position(exhibit) for exhibit in dossier.exhibits}
    thumbnails = {one.item_id: one for one in dossier.thumbnails}
    who = _REDACTED if dossier.policy.handoff.names == "redacted" else _PSEUDONYMS
    blocks: list[Any] = [
        heading("What was found", 1, "What was found"),
        words(
            f"{who} “Seen by a person” is taken from the record of what was shown on the screen, not from anybody's"
            " memory.",
            styles().quiet,
        ),
        table(
            ("Exhibit", "What it is", "Seen by a person", "Found", "Action"),
            [_row(dossier, exhibit) for exhibit in dossier.exhibits],
            (20, 13, 13, 32, 22),
        ),
    ]
    for exhibit in dossier.exhibits:
        thumbnail = thumbnails.get(exhibit.record.item.id)
        picture = None
        if thumbnail is not None:
            told = f"Veiled thumbnail of exhibit {one_line(position(exhibit))}: grey, low detail"
            picture = GreyPicture(thumbnail.width, thumbnail.height, thumbnail.grey, told)
        blocks += _exhibit(dossier, exhibit, picture, numbers)
    return blocks


def _row(dossier: Dossier, exhibit: Exhibit) -> list[str]:
    item, standing = exhibit.record.item, exhibit.record.standing
    seen = "yes" if was_seen(exhibit) else "no"
    start = [printed_line(item.exhibit, most=60), say.KINDS[item.facts.kind], seen]
    if standing is None:
        return [*start, "no decision", ""]
    decision = standing.decision
    found = f"{category_words(dossier.policy, decision.category)}, severity {say.severity(decision, dossier.policy)}"
    return [*start, printed_line(found, most=200), ACTION[decision.action]]


def _exhibit(dossier: Dossier, exhibit: Exhibit, picture: Any, numbers: dict[str, str]) -> list[Any]:
    item = exhibit.record.item
    facts, prints = item.facts, item.fingerprints
    name = printed(item.exhibit, most=120)
    first: list[Any] = [
        heading(f"Exhibit {name}", 2, f"Exhibit {one_line(item.exhibit, most=60)}"),
        words(printed(say.what_it_is(facts), most=300), styles().quiet),
    ]
    if picture is not None:
        first.append(picture)
    first += [fact("File", printed(exhibit.path, most=400)), fact("Size", say.size(facts.size))]
    first.append(digest("SHA-256", prints.sha256))
    blocks: list[Any] = [together(*first), digest("SHA-1", prints.sha1), digest("MD5", prints.md5)]
    if item.part_of is not None:
        blocks.append(fact("Came out of", f"exhibit {printed(item.root_exhibit, most=120)}"))
    if facts.mismatch:
        said = f"Sent as {facts.declared_format}; its content is {facts.format}."
        blocks.append(fact("Note", printed(said, most=200)))
    blocks.append(fact("Registered on", say.moment(item.created_at)))
    for match in exhibit.record.matches:
        blocks.append(fact("Known material", printed(say.match_words(match), most=600)))
    return [*blocks, *_seen(exhibit, numbers), *_decisions(dossier, exhibit)]


def _seen(exhibit: Exhibit, numbers: dict[str, str]) -> list[Any]:
    told = [say.seen_by(one.viewing_record, one.author, numbers) for one in exhibit.record.decisions]
    if was_seen(exhibit) and not any(one.viewing_record.viewed for one in exhibit.record.decisions):
        told.append("Somebody saw it of whom no decision is told here.")
    lines = [printed(line, most=600) for line in dict.fromkeys(told)]
    return [fact("Seen by a person", "<br/>".join(["Yes." if was_seen(exhibit) else "No.", *lines]))]


def _decisions(dossier: Dossier, exhibit: Exhibit) -> list[Any]:
    record = exhibit.record
    standing = record.standing
    if standing is None:
        why = (
            "Independent readings of it are under way or differ; until they agree, no decision is told of."
            if record.unsettled
            else "None stands."
        )
        return [fact("Decision", why), *_others(dossier, exhibit)]
    return [*_standing(dossier, standing), *_others(dossier, exhibit)]


def _standing(dossier: Dossier, one: RecordedDecision) -> list[Any]:
    decision, policy = one.decision, dossier.policy
    taxonomy = policy.taxonomy

    def named(choices: Any, keys: tuple[str, ...]) -> str:
        return printed("; ".join(words_of(choices, key) for key in keys))

    blocks: list[Any] = [
        part("Decision"),
        fact("Found", printed(category_words(policy, decision.category), most=300)),
        fact("Severity", printed(say.severity(decision, policy), most=200)),
        fact("Danger", IMMINENCE[decision.imminence]),
    ]
    if decision.grounds:
        blocks.append(fact("What says so", named(taxonomy.grounds, decision.grounds)))
    if decision.classification is not None:
        blocks.append(fact("Classification", f"{printed(decision.classification)} (industry classification)"))
    if decision.age_group is not None:
        blocks.append(fact("Apparent age", named(taxonomy.age_groups, (decision.age_group,))))
    if decision.labels:
        blocks.append(fact("Labels", named(taxonomy.labels, decision.labels)))
    blocks += [fact("Confidence", CONFIDENCE[decision.confidence]), fact("Action", ACTION[decision.action])]
    if decision.rationale.strip():
        blocks.append(fact("Reason", printed(decision.rationale)))
    blocks += [
        fact("Decided by", printed(one.author, most=200)),
        fact("Decided on", f"{say.moment(decision.decided_at)} (recorded {say.moment(one.recorded_at)})"),
        fact("By policy", _policy(decision, policy.version)),
    ]
    if decision.segments:
        lines = [printed(say.segment_words(segment), most=400) for segment in decision.segments]
        blocks.append(fact("Relevant times", f"From the item's start:<br/>{'<br/>'.join(lines)}"))
    if decision.messages:
        marked = [f"{mark.line + 1}: {mark.note}" if mark.note else f"{mark.line + 1}" for mark in decision.messages]
        lines = [printed(line, most=400) for line in marked]
        blocks.append(fact("Relevant messages", f"By their number, from 1:<br/>{'<br/>'.join(lines)}"))
    return blocks


def _policy(decision: Decision, version: str) -> str:
    if not decision.policy_version:
        return "the version was not recorded"
    told = f"version {printed(decision.policy_version, most=200)}"
    return told if decision.policy_version == version else f"{told}; its words are those of {printed(version)}"


def _others(dossier: Dossier, exhibit: Exhibit) -> list[Any]:
    """Decisions beside the one that is told of in full: earlier ones that do not stand, and second readings."""
    standing = exhibit.record.standing
    others = [one for one in exhibit.record.decisions if one is not standing]
    if not others:
        return []
    blocks: list[Any] = [part("Other decisions on it, oldest first")]
    for one in others:
        decision = one.decision
        state = "stands as well" if one.standing else "does not stand any more"
        told = [
            f"{CHANGE[decision.change]}; {state}",
            category_words(dossier.policy, decision.category),
            f"severity {say.severity(decision, dossier.policy)}",
            IMMINENCE[decision.imminence],
            ACTION[decision.action],
        ]
        line = f"{one.author}: {' · '.join(told)}."
        if decision.rationale.strip():
            line += f"\nReason: {decision.rationale}"
        blocks.append(fact(say.moment(decision.decided_at, seconds=False), printed(line)))
    return blocks
