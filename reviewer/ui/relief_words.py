"""What relief does, said before it is done and after; and what is known when it failed."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from reviewer.model.errors import CaseSystemRefused, ReviewerError
from reviewer.model.supervision import Relief, ReliefKind

# In the order they are offered in, with their keys.
CHOICES = (
    (ReliefKind.HAND_OVER, "H"),
    (ReliefKind.OFFER, "O"),
    (ReliefKind.THANKS, "T"),
    (ReliefKind.CALL, "C"),
)


def _tr(words: str) -> str:
    return QCoreApplication.translate("ReliefWords", words)


def kind_words(kind: ReliefKind) -> str:
    return {
        ReliefKind.HAND_OVER: _tr("Hand over the rest"),
        ReliefKind.OFFER: _tr("Offer relief"),
        ReliefKind.THANKS: _tr("Thank"),
        ReliefKind.CALL: _tr("Ask for a call"),
    }[kind]


def will_words(kind: ReliefKind) -> str:
    """What it does, before it is done."""
    return {
        ReliefKind.HAND_OVER: _tr(
            "All that is assigned to them is anybody's again. They finish what is on their desk."
        ),
        ReliefKind.OFFER: _tr("They see that you offer to take over. Nothing is moved."),
        ReliefKind.THANKS: _tr("They see your thanks. Nothing is moved."),
        ReliefKind.CALL: _tr("They see that you ask for a call. Nothing is moved."),
    }[kind]


def done_words(kind: ReliefKind, relief: Relief) -> str:
    """What was done, as the case system says it was."""
    if kind is ReliefKind.HAND_OVER:
        count = relief.handed_over
        if not count:
            return _tr("Done: nothing was assigned to them. They see that you offered to hand over.")
        moved = _tr("1 item is anybody's again") if count == 1 else _tr("{n} items are anybody's again").format(n=count)
        return _tr("Done: {moved}. They see that you did this.").format(moved=moved)
    return {
        ReliefKind.OFFER: _tr("Done: they see your offer at their next sync."),
        ReliefKind.THANKS: _tr("Done: they see your thanks at their next sync."),
        ReliefKind.CALL: _tr("Done: they see that you ask for a call at their next sync."),
    }[kind]


def failed_words(error: ReviewerError) -> str:
    """Refused: not done. No answer: nobody knows, and asking again does it once at most."""
    if isinstance(error, CaseSystemRefused):
        return _tr("Not done: {why} Nothing was changed.").format(why=error.what_happened)
    return _tr("Not done as far as is known here: {why} Choose it again later; it is done once at most.").format(
        why=error.what_happened
    )
