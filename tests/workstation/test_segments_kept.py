"""Relevant segments: kept with the draft, sent with the decision, and what the next viewer reads instead of looking."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from evidence import picture
from floor import Floor

from reviewer.model.decisions import Action, Confidence, Draft, Imminence
from reviewer.model.errors import SegmentsOutOfRange
from reviewer.model.segments import MAX_NOTE, MAX_SEGMENTS, Segment, usable
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]
SIGN = Segment(start_s=12.0, end_s=19.5, note="street sign")
SPEECH = Segment(start_s=40.25, end_s=44.0)


def a_draft(item_id: str, *segments: Segment, action: Action = Action.SECOND_LOOK) -> Draft:
    return Draft(
        item_id=item_id,
        imminence=Imminence.NO_SIGN,
        category="other",
        severity=1,
        confidence=Confidence.HIGH,
        action=action,
        segments=segments,
    )


def test_segments_of_a_draft_outlive_a_lock(own_floor: Floor, unlocked: Unlocked) -> None:
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    session.take(item.id)
    session.save_draft(a_draft(item.id, SIGN, SPEECH))
    session.lock()
    again = unlocked()
    again.refresh_queue()
    assert again.take(item.id).draft.segments == (SIGN, SPEECH)


def test_segments_arrive_with_the_decision_and_the_next_viewer_reads_them(own_floor: Floor, unlocked: Unlocked) -> None:
    session, colleague = unlocked(), unlocked(own_floor.hire())
    item = own_floor.take_in(picture())
    session.refresh_queue()
    # No word besides: the segments alone make the note.
    session.decide(session.take(item.id), a_draft(item.id, SIGN, SPEECH), from_notes=False)
    session.sync_now()
    assert session.sync_state().parked == 0
    assert [decision.segments for decision in own_floor.decisions_of(item.id)] == [(SIGN, SPEECH)]
    (entry,) = colleague.refresh_queue()
    assert [note.segments for note in entry.notes] == [(SIGN, SPEECH)]
    assert [note.segments for note in colleague.queue()[0].notes] == [(SIGN, SPEECH)], "and offline as well"


def test_undoing_brings_the_segments_back(own_floor: Floor, unlocked: Unlocked) -> None:
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    session.decide(session.take(item.id), a_draft(item.id, SIGN), from_notes=False)
    session.undo()
    assert session.take(item.id).draft.segments == (SIGN,)


@pytest.mark.parametrize("end_s", [3.0, 3.2e8])
def test_a_decision_that_would_be_parked_for_its_segments_is_refused_here_and_the_draft_is_kept(
    own_floor: Floor, unlocked: Unlocked, end_s: float
) -> None:
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    draft = a_draft(item.id, SIGN, Segment(start_s=9.0, end_s=end_s))
    session.save_draft(draft)
    taken = session.take(item.id)
    with pytest.raises(SegmentsOutOfRange) as refused:
        session.decide(taken, draft, from_notes=False)
    assert "mark" in refused.value.what_to_do
    session.sync_now()
    assert session.sync_state().parked == 0
    assert own_floor.decisions_of(item.id) == []
    assert session.take(item.id).draft.segments == draft.segments, "nothing of it was dropped"
    decision = session.decide(session.take(item.id), a_draft(item.id, SIGN), from_notes=False)
    session.sync_now()
    assert session.sync_state().parked == 0
    assert own_floor.decisions_of(item.id) == [decision]


def test_the_case_system_takes_no_segments_out_of_range(
    own_floor: Floor, unlocked: Unlocked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reviewer.workstation.deciding.out_of_range", lambda _draft: None)
    item = own_floor.take_in(picture())
    session = unlocked()
    session.refresh_queue()
    session.decide(session.take(item.id), a_draft(item.id, Segment(start_s=9.0, end_s=3.0)), from_notes=False)
    session.sync_now()
    assert session.sync_state().parked == 1
    assert own_floor.decisions_of(item.id) == []


@pytest.mark.parametrize(
    "segments",
    [
        (SIGN,) * (MAX_SEGMENTS + 1),
        (msgspec.structs.replace(SIGN, note="x" * (MAX_NOTE + 1)),),
        (msgspec.structs.replace(SIGN, start_s=-1.0),),
        (msgspec.structs.replace(SIGN, end_s=float("inf")),),
        (msgspec.structs.replace(SIGN, start_s=float("nan")),),
    ],
)
def test_what_is_no_segment(segments: tuple[Segment, ...]) -> None:
    assert usable((SIGN,) * MAX_SEGMENTS)
    assert not usable(segments)


def test_a_decision_without_segments_is_read_as_before() -> None:
    old = msgspec.json.decode(b'{"item_id": "a", "rationale": "half"}', type=Draft)
    assert old == Draft(item_id="a", rationale="half")
