"""The words of the report that no other document needs: times, sizes, what was seen. For a reader without training."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime

from reviewer.handoff.decision_words import severity_words
from reviewer.model.cases import ItemFacts, ReferralSource
from reviewer.model.decisions import Decision, ViewingRecord
from reviewer.model.handoff_answers import Question
from reviewer.model.known import KnownMatch
from reviewer.model.levels import LEVEL_BY_KEY, Kind
from reviewer.model.policy import Policy
from reviewer.model.segments import Segment

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

KINDS = {
    Kind.IMAGE: "Picture",
    Kind.VIDEO: "Video",
    Kind.AUDIO: "Sound",
    Kind.TEXT: "Text",
    Kind.CHAT: "Chat",
    Kind.DOCUMENT: "Document",
    Kind.EMAIL: "E-mail",
    Kind.ARCHIVE: "Archive",
    Kind.UNKNOWN: "File of unknown kind",
}
SOURCES = {
    ReferralSource.LAW_ENFORCEMENT: "law enforcement",
    ReferralSource.GOVERNMENT: "a government body",
    ReferralSource.INTERNAL: "within the organisation",
    ReferralSource.USER: "a user of the service",
    ReferralSource.AUTOMATED: "an automatic check",
}
QUESTIONS = {
    Question.IMMINENCE: "Who may be in danger, and how that is known",
    Question.LOCATION_CLUES: "Clues to a place",
    Question.ACCOUNTS: "Accounts and other identifiers",
    Question.TIMES: "Times, each with its time zone",
    Question.CONTACT: "Who answers questions about this package",
    Question.LEGAL_BASIS: "Legal basis of this handoff",
    Question.RETENTION: "How long the originals are kept",
    Question.DECISIONS: "A decision on every item in the package",
    Question.READINGS: "Second readings that are finished",
}
LEVEL_WORDS = {"blurred": "blurred", "drawing": "as a drawing", "lens": "clear in part", "clear": "clear"}


def question_words(key: str) -> str:
    """What `Dossier.missing` names, in words; one of a later version as it is."""
    try:
        return QUESTIONS[Question(key)]
    except ValueError:
        return key


def moment(at: datetime, *, seconds: bool = True) -> str:
    """20 Nov 2026, 14:03:22 UTC. A time without a zone is held to be UTC, which all of ours are."""
    utc = (at if at.tzinfo is not None else at.replace(tzinfo=UTC)).astimezone(UTC)
    clock = f"{utc:%H:%M:%S}" if seconds else f"{utc:%H:%M}"
    return f"{day(utc)}, {clock} UTC"


def day(at: date) -> str:
    return f"{at.day} {_MONTHS[at.month - 1]} {at.year}"


def clock(seconds: float) -> str:
    """From the item's start: 02:41.5, or 1:02:41.0 from one hour on."""
    tenths = round(max(0.0, seconds) * 10)
    hours, minutes, rest = tenths // 36000, tenths // 600 % 60, tenths % 600 / 10
    return f"{hours}:{minutes:02}:{rest:04.1f}" if hours else f"{minutes:02}:{rest:04.1f}"


def span(seconds: float) -> str:
    """12 s, 0.4 s, 3 min 20 s: how long something was shown."""
    if seconds < 10:
        return f"{round(seconds, 1):g} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def size(count: int) -> str:
    """1,204,311 bytes (1.2 MB): exact first."""
    exact = "1 byte" if count == 1 else f"{count:,} bytes"
    amount, unit = float(count), ""
    for bigger in ("kB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, bigger
    return f"{exact} ({amount:.1f} {unit})" if unit else exact


def counted(count: int, one: str, many: str) -> str:
    return f"1 {one}" if count == 1 else f"{count:,} {many}"


def listed(names: Sequence[str], *, most: int = 12) -> str:
    """a, b and c; beyond `most` how many more."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most:,} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}" if names else "none"


def what_it_is(facts: ItemFacts) -> str:
    """Video, mp4, 1920 x 1080 pixels, 02:41.5 long, with sound."""
    parts = [KINDS[facts.kind]]
    if facts.format:
        parts.append(facts.format)
    if facts.width and facts.height:
        parts.append(f"{facts.width} × {facts.height} pixels")
    if facts.duration_s is not None:
        parts.append(f"{clock(facts.duration_s)} long")
    if facts.pages:
        parts.append(counted(facts.pages, "page", "pages"))
    if facts.has_sound:
        parts.append("with sound")
    return ", ".join(parts)


def severity(decision: Decision, policy: Policy) -> str:
    """3 of 4, with the policy's word where it has one."""
    word = severity_words(policy, decision.severity)
    plain = f"{decision.severity} of {len(policy.severity_words)}"
    return plain if word == str(decision.severity) else f"{plain} ({word})"


def seen_by(record: ViewingRecord, who: str, exhibits: dict[str, str]) -> str:
    """What one person truthfully saw before deciding, at which levels and for how long."""
    if record.viewed:
        levels = sorted(record.seconds, key=lambda key: LEVEL_BY_KEY.get(key, 9))
        shown = [
            f"{LEVEL_WORDS.get(key, key)} for {span(record.seconds[key])}"
            for key in levels
            if key != "facts" and record.seconds[key] > 0
        ]
        said = f"{who} saw it {', '.join(shown)}" if shown else f"{who} heard it"
        if record.sound_seconds > 0:
            sound = f"its sound for {span(record.sound_seconds)}"
            said += f", and heard {sound}" if shown else f": {sound}"
        return f"{said}."
    if record.could_not_open is not None:
        return f"{who} could not open it (code {record.could_not_open})."
    if record.with_stack_of is not None:
        other = exhibits.get(record.with_stack_of)
        copy = f"exhibit {other}" if other else "another item of the case system"
        return f"{who} did not look at it: it was decided together with {copy}, of which it is a copy."
    if record.decided_from_notes:
        return f"{who} did not look at it: it was decided from the notes of earlier reviewers."
    return f"{who} did not look at it: it was decided from its facts alone."


def match_words(match: KnownMatch) -> str:
    same = "the same bytes as" if match.kind.exact else f"looks like (distance {match.distance} of 256)"
    says = " · ".join(word for word in (match.category, match.classification) if word)
    return f"{same} an entry of the list {match.list_name}, version {match.list_version}, by {match.kind.value}" + (
        f"; the list says: {says}" if says else ""
    )


def segment_words(one: Segment) -> str:
    times = clock(one.start_s) if one.start_s == one.end_s else f"{clock(one.start_s)} to {clock(one.end_s)}"
    return f"{times}: {one.note}" if one.note else times
