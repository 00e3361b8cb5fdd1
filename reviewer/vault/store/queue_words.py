"""Searching the queue: what was written about an item, never what is in it. The index lies inside the encrypted store.

Indexed: case number, exhibit, who asks, legal basis, jurisdiction, claim, account, forewarnings, kind, harm type, the
notes and labels of earlier viewers, and this person's own draft. Every word is looked for at the beginning of words.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reviewer.model.cases import EarlierNote, QueueEntry
from reviewer.model.decisions import Draft

# A referral may claim a whole book; its beginning is enough to find it by.
MAX_FIELD = 8_000
MAX_WORDS = 12


def index(db: Any, lines: Iterable[tuple[int, QueueEntry, Draft | None]]) -> None:
    """Each line with its entry and this person's draft; what was indexed for a line before is forgotten."""
    rows = ((line, _written(entry, draft)) for line, entry, draft in lines)
    db.executemany("INSERT OR REPLACE INTO queue_words (rowid, words) VALUES (?, ?)", rows)


def forget(db: Any, line: int) -> None:
    db.execute("DELETE FROM queue_words WHERE rowid = ?", (line,))


def found(db: Any, words: str) -> str | None:
    """Lines that have every word, one after the other with commas; None where `words` has none to look for."""
    query = _query(words)
    if not query:
        return None
    asked = "SELECT group_concat(rowid) FROM queue_words WHERE queue_words MATCH ?"
    (lines,) = db.execute(asked, (query,)).fetchone()
    return lines or ""


def _query(words: str) -> str:
    """FTS5 phrases, each the beginning of a word: nothing a person types is read as syntax."""
    asked = [word for word in words.split() if any(letter.isalnum() for letter in word)][:MAX_WORDS]
    return " ".join('"{}"*'.format(word.replace('"', "").replace("\0", "")) for word in asked)


def _written(entry: QueueEntry, draft: Draft | None) -> str:
    item, referral = entry.item, entry.case.referral
    parts = [
        entry.case.number,
        # "1843" finds 2026-01843.
        *(part.lstrip("0") for part in entry.case.number.split("-")),
        item.exhibit,
        referral.source.value,
        referral.requester,
        referral.legal_basis,
        referral.jurisdiction,
        referral.claim,
        referral.account,
        item.facts.kind.value,
        item.harm_type,
        *item.forewarning,
    ]
    for note in entry.notes:
        parts += [note.text, *note.labels, *_mark_notes(note)]
    if draft is not None:
        parts += [draft.rationale, *draft.labels, *_mark_notes(draft)]
        parts += [mark.note for mark in draft.messages]
    return "\n".join(part[:MAX_FIELD] for part in parts if part)


def _mark_notes(noted: EarlierNote | Draft) -> list[str]:
    return [segment.note for segment in noted.segments] + [message.note for message in noted.messages]
