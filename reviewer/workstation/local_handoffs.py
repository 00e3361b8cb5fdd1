"""Packages and steps that the case system has not taken yet, as they are shown until it has."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from reviewer.model.handoff import Handoff, NewHandoff, Step, StepKind
from reviewer.workstation.handoff_pending import Pending

_WAITING = "Kept on this workstation only: the case system is told as soon as it can be reached."
_REFUSED = "Kept on this workstation only, because the case system refused it:"


def local_handoff(made: NewHandoff, by: str, refused: str = "") -> Handoff:
    step = Step(
        id=made.id, kind=StepKind.BUILT, at=made.built_at, recorded_at=made.built_at, by=by, words=_words(refused)
    )
    return Handoff(made=made, case_number="", built_by=by, steps=(step,))


def with_pending(recorded: Iterable[Handoff], pending: Iterable[Pending], case_id: str, by: str) -> tuple[Handoff, ...]:
    """What is recorded, and with it what waits here: its words say that it is not recorded."""
    shown = {one.made.id: one for one in recorded}
    for record in pending:
        if record.made is not None and record.made.case_id == case_id:
            shown.setdefault(record.made.id, local_handoff(record.made, by, record.refused))
        elif record.step is not None and record.of in shown:
            handoff = shown[record.of]
            if all(step.id != record.step.id for step in handoff.steps):
                words = f"{record.step.words} {_words(record.refused)}".strip()
                said = msgspec.structs.asdict(record.step) | {"words": words}
                step = Step(**said, recorded_at=record.step.at, by=by)
                shown[record.of] = msgspec.structs.replace(handoff, steps=(*handoff.steps, step))
    return tuple(shown.values())


def _words(refused: str) -> str:
    return f"{_REFUSED} {refused}" if refused else _WAITING
