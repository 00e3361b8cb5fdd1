"""README-FIRST.txt: what a recipient reads before anything else. Plain text, UTF-8, at most 80 columns."""

from __future__ import annotations

import re
import textwrap
from string import Template

from reviewer.handoff.dossier import Dossier
from reviewer.handoff.moments import utc_text
from reviewer.model.handoff_answers import StatementField
from reviewer.model.statement_fields import statement_lacks
from reviewer.resources import resource

COLUMNS = 80
MAX_LISTED = 40

_CHECKS = (
    "sha256sum --check --strict --quiet manifest-sha256.txt tagmanifest-sha256.txt",
    "openssl cms -verify -binary -cades -purpose any -inform DER -out /dev/null \\\n"
    "    -CAfile ../ca.pem -no-CApath -no-CAstore \\\n"
    "    -in tagmanifest-sha256.txt.p7s -content tagmanifest-sha256.txt",
)
_STAMP_CHECK = (
    "openssl ts -verify -CAfile ../tsa-ca.pem -data tagmanifest-sha256.txt.p7s \\\n"
    "    -in tagmanifest-sha256.txt.p7s.tsr"
)


def readme(dossier: Dossier, *, stamped: bool, not_stamped_why: str) -> bytes:
    """From the template in `resources/handoff/readme.txt`. What outsiders wrote is put on lines of its own, with what
    cannot be printed shown by its number."""
    checks = (*_CHECKS, _STAMP_CHECK) if stamped else _CHECKS
    pictures = "it holds veiled thumbnails, grey and small." if dossier.thumbnails else "it shows none of it."
    text = Template(resource("handoff/readme.txt").read_text(encoding="utf-8")).substitute(
        report_shows=pictures,
        case=_wrapped(dossier.case.number, used=len("Case ")),
        from_whom=_wrapped(f"From: {dossier.organisation or 'an organisation that gave no name'}"),
        to_whom=_wrapped(f"To: {dossier.agency.words}"),
        built=_wrapped(f"Built {utc_text(dossier.built_at)} by {dossier.built_by}; package {dossier.handoff_id}"),
        seen=_seen(dossier),
        stamp_file="tagmanifest-sha256.txt.p7s.tsr\n                           when that signature existed (RFC 3161)\n"
        if stamped
        else "",
        left_out=_left_out(dossier),
        statement=_statement(dossier),
        custody=_custody(dossier),
        commands="\n".join(f"  {check}" for check in checks),
        not_stamped="" if stamped else "\n" + _wrapped(f"There is no time stamp. {not_stamped_why}".strip()),
        contact=_wrapped(dossier.answers.contact or dossier.agency.contact or "The organisation that sent this."),
        retention=_wrapped(dossier.answers.retention or "Not stated. Ask before you rely on the originals being kept."),
        names=_names(dossier),
    )
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).rstrip().encode() + b"\n"


def _seen(dossier: Dossier) -> str:
    seen = [exhibit.record.item.exhibit for exhibit in dossier.exhibits if exhibit.was_seen]
    unseen = [exhibit.record.item.exhibit for exhibit in dossier.exhibits if not exhibit.was_seen]
    parts = [
        f"By the records, {_counted(len(seen))} of {len(dossier.exhibits)} {'was' if len(seen) == 1 else 'were'} seen,"
        f" heard or read by a person before this package was built: {_listed(seen)}.",
        f"By the records, nobody saw {_counted(len(unseen))}: {_listed(unseen)}. What is said of these rests on known"
        " lists, on notes or on facts about the file.",
        "metadata/decisions.json says for each who saw it, how (blurred, as a drawing, as it is) and for how many"
        " seconds.",
    ]
    if not seen:
        parts[0] = "By the records, no person saw any of it before this package was built."
    if not unseen:
        parts[1] = "There is no exhibit in this package that nobody saw."
    return "\n".join(_wrapped(part) for part in parts)


def _left_out(dossier: Dossier) -> str:
    if not dossier.left_out:
        return ""
    return "\n" + _wrapped(f"Exhibits of this case that are not in this package: {_listed(list(dossier.left_out))}.")


def _statement(dossier: Dossier) -> str:
    """What the statement of reasons lacks of what the EU's database demands."""
    records, scope = [exhibit.record for exhibit in dossier.exhibits], dossier.policy.handoff.territorial_scope
    lacks = statement_lacks(records, dossier.answers, scope)
    if not lacks:
        return ""
    names = {
        StatementField.CONTENT_DATE: "when each content was posted (content_date)",
        StatementField.TERRITORIAL_SCOPE: "the countries in which the decision takes effect (territorial_scope)",
    }
    told = "; ".join(names[field] for field in lacks)
    return "\n" + _wrapped(
        f"Missing in metadata/dsa-statement.json: {told}. Whoever sends it to the EU's database adds that."
    )


def _custody(dossier: Dossier) -> str:
    if not dossier.custody_missing:
        return ""
    return "\n" + _wrapped(f"Of the custody entries not all could be had: {' '.join(dossier.custody_missing)}")


def _names(dossier: Dossier) -> str:
    told = "People are named by pseudonyms; the organisation knows who they are."
    if any(line.redacted for extract in dossier.custody for line in extract.lines):
        told = (
            "People are told of as Person 1, Person 2 and so on; the organisation knows who they are. The custody"
            " entries are redacted for that; metadata/checkpoints.json says what can still be proven."
        )
    return "\n" + _wrapped(told)


def _counted(number: int) -> str:
    return "1 exhibit" if number == 1 else f"{number} exhibits"


def _listed(numbers: list[str]) -> str:
    if len(numbers) <= MAX_LISTED:
        return ", ".join(numbers)
    return f"{', '.join(numbers[:MAX_LISTED])} and {len(numbers) - MAX_LISTED} more (metadata/decisions.json has all)"


def _wrapped(untrusted_text: str, *, used: int = 0) -> str:
    """One paragraph. A line break of the writer's becomes a space: nobody can begin a line that looks like ours."""
    spaced = " ".join(untrusted_text.split())
    shown = "".join(sign if sign.isprintable() else f"[U+{ord(sign):04X}]" for sign in spaced)
    lines = textwrap.wrap(shown, COLUMNS, initial_indent=" " * used, subsequent_indent="  " if used else "")
    return "\n".join(lines)[used:]
