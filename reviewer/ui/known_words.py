"""Known matches and stacks in short neutral words: nothing of what is in the picture but what a list says."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from reviewer.model.batch import BatchOutcome
from reviewer.model.known import KnownMatch, MatchKind, Stack

_NAMES = {MatchKind.SHA256: "SHA-256", MatchKind.SHA1: "SHA-1", MatchKind.MD5: "MD5", MatchKind.PDQ: "PDQ"}
NEAR, CLOSE = 10, 20  # bits of PDQ; a match goes to 31


def _tr(words: str) -> str:
    return QCoreApplication.translate("known_words", words)


def distance_words(match: KnownMatch) -> str:
    """the same bytes (SHA-256); looks nearly the same (PDQ, 8 of 256 bits differ)"""
    name = _NAMES[match.kind]
    if match.kind.exact:
        return _tr("the same bytes ({hash})").format(hash=name)
    words = _tr("{alike} ({hash}, {bits} of 256 bits differ)")
    return words.format(alike=_alike(match.distance), hash=name, bits=match.distance)


def list_words(match: KnownMatch) -> str:
    """Garden list, version 7"""
    if not match.list_version:
        return match.list_name
    return _tr("{name}, version {version}").format(name=match.list_name, version=match.list_version)


def says_words(match: KnownMatch) -> str:
    """What the list says of it, or that it says nothing."""
    said = " · ".join(part for part in (match.category, match.classification) if part)
    return _tr("the list says: {words}").format(words=said) if said else _tr("the list says nothing else of it")


def stack_words(stack: Stack) -> str:
    """1 of 12 copies"""
    return _tr("1 of {count} copies").format(count=stack.size)


def copy_words(stack: Stack) -> str:
    """How near this one is to the first of its stack."""
    if stack.distance == 0:
        return _tr("The same bytes as the first of them, or no difference that PDQ can tell.")
    words = _tr("It {alike} as the first of them: {bits} of 256 bits differ (PDQ).")
    return words.format(alike=_alike(stack.distance), bits=stack.distance)


def outcome_words(outcome: BatchOutcome) -> str:
    """Why one item of many was not decided."""
    return {
        BatchOutcome.DECIDED: _tr("decided"),
        BatchOutcome.ELSEWHERE: _tr("a colleague has it, or has decided it"),
        BatchOutcome.GONE: _tr("it is not in your queue any more"),
        BatchOutcome.ON_DESK: _tr("it is on your desk"),
        BatchOutcome.ONE_BY_ONE: _tr("it needs a second pair of eyes"),
        BatchOutcome.NOT_REACHED: _tr("the case system does not answer"),
        BatchOutcome.STOPPED: _tr("it was stopped before"),
        BatchOutcome.NOT_KEPT: _tr("the decision could not be written down"),
    }[outcome]


def _alike(bits: int) -> str:
    if bits <= NEAR:
        return _tr("looks nearly the same")
    return _tr("looks much the same") if bits <= CLOSE else _tr("looks alike")
