"""The chain of custody as a table, with a plain explanation of what proves it."""

from __future__ import annotations

from typing import Any

import msgspec

from reviewer.handoff import report_words as say
from reviewer.handoff.dossier import CustodyExtract, CustodyLine, Dossier
from reviewer.handoff.plain_words import CUSTODY
from reviewer.handoff.printed_blocks import digest, fact, heading, part, point, table, together, words
from reviewer.handoff.printed_style import styles
from reviewer.handoff.printed_text import printed, printed_line
from reviewer.model.custody import CustodyAction, CustodyEntry

_MAX_WORDS = 200
_MAX_MISSING = 500
# So many entries of a log are printed, the newest: some hundred pages. All are in the file that is named.
_MAX_ROWS = 2000
# Of these, the reason is the version of the policy by which it was decided.
_DECIDED = (CustodyAction.DECIDED, CustodyAction.AMENDED, CustodyAction.VOIDED)


def custody_section(dossier: Dossier) -> list[Any]:
    blocks: list[Any] = [
        heading("Chain of custody", 1, "Chain of custody"),
        words(
            "Every workstation writes down what happens to evidence in a log that can only grow. Each entry is bound to"
            " all entries before it by a chain of digests, and the log's state is signed again and again. Beside each"
            " entry of this case the package holds a proof that leads from it to such a signed state. If an entry had"
            " been changed, taken out, or put in afterwards, its proof would not lead there."
        ),
        words(
            "Entries about other cases are not told of: that is why numbers are missing in between. The number of an"
            " entry is its place in its log, counted from 0; it is the same in the files named below. What no proof can"
            " show is that all entries about this case are here; that is the organisation's own word."
        ),
    ]
    if not dossier.custody:
        blocks.append(words("This package holds no custody entries.", styles().body))
    if dossier.custody_missing:
        blocks.append(words("Of the custody entries not all could be had:", styles().body))
        blocks += [point(printed(sentence, most=_MAX_MISSING)) for sentence in dossier.custody_missing]
    names = dossier.names()
    for number, extract in enumerate(dossier.custody, start=1):
        blocks += _log(dossier, names, number, extract)
    return blocks


def _log(dossier: Dossier, names: dict[str, str], number: int, extract: CustodyExtract) -> list[Any]:
    origin = extract.checkpoint.partition("\n")[0]
    held = [anchor for anchor in dossier.anchors if anchor.origin == origin]
    blocks: list[Any] = [
        part(f"Log {number}: {printed(origin, most=200)}"),
        fact("File", f"metadata/custody-{number}.jsonl"),
        fact("Entries here", f"{len(extract.lines):,} of {extract.size:,}"),
        digest("Signed root", extract.root),
    ]
    if held:
        newest = max(held, key=lambda anchor: anchor.at)
        blocks.append(fact("Held elsewhere", f"by the case system, signed, since {say.moment(newest.at)}"))
    if any(not line.entry for line in extract.lines):
        told = "Names are replaced in these entries, so their texts have other digests: what is proven is each place."
        blocks.append(fact("Names", told))
    rows = [_row(names, line) for line in extract.lines[-_MAX_ROWS:]]
    if len(rows) < len(extract.lines):
        left = say.counted(len(extract.lines) - len(rows), "earlier entry is", "earlier entries are")
        blocks.append(fact("Not printed", f"{left} in the file only"))
    heads = ("Entry", "When (UTC)", "What happened", "Who", "Workstation")
    return [together(*blocks), *([table(heads, rows, (8, 20, 40, 17, 15))] if rows else [])]


def _row(names: dict[str, str], line: CustodyLine) -> list[str]:
    try:
        entry = msgspec.json.decode(line.told, type=CustodyEntry)
    except msgspec.MsgspecError:
        # Written by a newer version; the file has it whole.
        return [f"{line.position:,}", "", "An entry that this version cannot read; see the file.", "", ""]
    return [
        f"{line.position:,}",
        say.moment(entry.ended_at).removesuffix(" UTC"),
        _happened(names, entry),
        printed_line(f"{names.get(entry.actor, entry.actor)} ({entry.role})", most=_MAX_WORDS),
        printed_line(entry.workstation, most=_MAX_WORDS),
    ]


def _happened(names: dict[str, str], entry: CustodyEntry) -> str:
    lines = [CUSTODY[entry.action]]
    if entry.exhibit is not None:
        lines.append(printed_line(f"Exhibit {entry.exhibit}", most=_MAX_WORDS))
    said = (
        ("By policy" if entry.action in _DECIDED else "Reason", entry.reason),
        ("Authority", entry.authority),
        ("From", names.get(entry.received_from, entry.received_from)),
        ("To", names.get(entry.given_to, entry.given_to)),
        ("Receipt", entry.receipt),
    )
    lines += [printed_line(f"{name}: {value}", most=_MAX_WORDS) for name, value in said if value]
    if entry.sha256_before != entry.sha256_after and entry.sha256_before is not None:
        lines.append("The digest changed; both are in the file.")
    return "<br/>".join(lines)
