"""A dossier that tells no reviewer's name: Person 1, Person 2 … in place of pseudonyms and member ids. Pure.

Why the custody lines lose their hashed text, and what can still be proven: docs/decisions/0004-names-in-packages.md.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import msgspec

from reviewer.handoff.dossier import CustodyExtract, CustodyLine, Dossier, Exhibit
from reviewer.model.custody import CustodyAction, CustodyEntry
from reviewer.model.handoff import RecordedDecision

# Shorter names are also words: in free text they stay. In fields that hold nothing but a name all are replaced.
_SHORTEST = 3


def redacted(dossier: Dossier) -> Dossier:
    """The same facts with nobody named. Numbers count by first appearance: decisions by time, then custody entries by
    log, then who built and overruled; the same dossier gives the same numbers, another package may give others.

    The answers to the recipient stay as they are: whoever is named there as contact was meant to be told.
    """
    people = _People(dossier.names())
    for one in dossier.decisions():
        people.number(one.decision.actor)
    custody = tuple(_extract(extract, people) for extract in dossier.custody)
    built_by = people.number(dossier.built_by)
    overruled_by = people.number(dossier.overruled_by) if dossier.overruled_by else ""
    exhibits = tuple(_exhibit(exhibit, people) for exhibit in dossier.exhibits)
    return replace(
        dossier,
        built_by=built_by,
        overruled_by=overruled_by,
        overrule=people.within(dossier.overrule),
        exhibits=exhibits,
        custody=custody,
        pseudonyms=(),
    )


class _People:
    """Numbers by person: an id and its pseudonym are the same one."""

    def __init__(self, names: dict[str, str]) -> None:
        self._names = names
        self._numbers: dict[str, int] = {}
        known = {name for pair in names.items() for name in pair if len(name) >= _SHORTEST}
        longest_first = sorted(known, key=lambda name: (-len(name), name))
        self._known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)") if known else None

    def number(self, name: str) -> str:
        """`name` is a member id or a pseudonym, known or not."""
        person = self._names.get(name, name)
        return f"Person {self._numbers.setdefault(person, len(self._numbers) + 1)}"

    def is_known(self, name: str) -> bool:
        return name in self._names or name in self._names.values()

    def within(self, text: str) -> str:
        """Free text with every name of somebody known replaced."""
        return text if self._known is None else self._known.sub(lambda match: self.number(match[0]), text)


def _exhibit(exhibit: Exhibit, people: _People) -> Exhibit:
    decisions = tuple(_decision(one, people) for one in exhibit.record.decisions)
    return replace(exhibit, record=msgspec.structs.replace(exhibit.record, decisions=decisions))


def _decision(one: RecordedDecision, people: _People) -> RecordedDecision:
    said, viewing = one.decision, one.viewing_record
    decision = msgspec.structs.replace(
        said,
        actor=people.number(said.actor),
        rationale=people.within(said.rationale),
        segments=tuple(msgspec.structs.replace(part, note=people.within(part.note)) for part in said.segments),
        messages=tuple(msgspec.structs.replace(mark, note=people.within(mark.note)) for mark in said.messages),
    )
    return msgspec.structs.replace(
        one,
        author=people.number(said.actor),
        decision=decision,
        viewing_record=msgspec.structs.replace(viewing, viewer=people.number(viewing.viewer)),
    )


def _extract(extract: CustodyExtract, people: _People) -> CustodyExtract:
    return replace(extract, lines=tuple(_line(line, people) for line in extract.lines))


def _line(line: CustodyLine, people: _People) -> CustodyLine:
    entry = _entry(msgspec.json.decode(line.told, type=CustodyEntry), people)
    told = msgspec.json.encode(entry, order="deterministic").decode()
    # Without the salt nobody can find out by trying which name the hash was made of.
    return replace(line, salt="", entry="", redacted=told)


def _entry(entry: CustodyEntry, people: _People) -> CustodyEntry:
    def party(name: str) -> str:
        return people.number(name) if people.is_known(name) else people.within(name)

    changes: dict[str, str] = {
        "actor": people.number(entry.actor),
        "given_to": party(entry.given_to),
        "received_from": party(entry.received_from),
        "reason": people.within(entry.reason),
        "authority": people.within(entry.authority),
        "receipt": people.within(entry.receipt),
    }
    # What these hold is a member id, also where the roster does not know it any more.
    for action, field, replaced in _IDS:
        text = getattr(entry, field)
        if entry.action is action and text:
            changes[field] = replaced(text, people)
    return msgspec.structs.replace(entry, **changes)


def _whole(text: str, people: _People) -> str:
    return people.number(text)


def _consents(text: str, people: _People) -> str:
    """A request, and after a colon the two members who agreed to it."""
    request, colon, members = text.partition(": ")
    if not colon:
        return people.within(text)
    return f"{people.within(request)}: {', '.join(people.number(name) for name in members.split(', '))}"


_IDS: tuple[tuple[CustodyAction, str, Callable[[str, _People], str]], ...] = (
    (CustodyAction.KEY_SHARED, "given_to", _whole),
    (CustodyAction.KEY_TAKEN, "received_from", _whole),
    (CustodyAction.GIVEN, "reason", _whole),
    (CustodyAction.KEY_DESTROYED, "authority", _consents),
)
