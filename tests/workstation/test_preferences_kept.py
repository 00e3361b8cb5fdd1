"""What a person prefers: in force here, kept in the encrypted store, and told to nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import httpx
import pytest
from evidence import picture
from floor import Floor
from test_case_threads import line_down

from reviewer.model.decisions import Action, Confidence, Draft, Imminence
from reviewer.model.levels import Level
from reviewer.model.preferences import Preferences, RatherNot, Trait
from reviewer.model.queue_view import QueueAsk
from reviewer.model.supervision import ViolentShare
from reviewer.wellbeing.prompts import Prompt
from reviewer.workstation.session import WorkSession
from reviewer.workstation.sharing import FairSharing

Unlocked = Callable[..., WorkSession]
SECRET = "Zaunkoenigweg"
RATHER_NOT = Preferences(
    facts_first=("video",),
    grey=True,
    sound="muffled",
    loudest=0.123456,
    break_after_minutes=23.4567,
    rather_not=(RatherNot(trait=Trait.HARM, key="violence"), RatherNot(trait=Trait.LABEL, key=SECRET)),
)


def offered(session: WorkSession) -> list[str]:
    return [entry.item.id for entry in session.list_queue(QueueAsk()).offered]


@contextmanager
def everything_sent(session: WorkSession) -> Iterator[list[httpx.Request]]:
    """Every request on its way out, whole."""
    client = session._case_system._exchange._http
    send, seen = client.send, []

    def recorded(request: httpx.Request, **how: Any) -> httpx.Response:
        request.read()
        seen.append(request)
        return send(request, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(client, "send", recorded)
        yield seen


def written_down(session: WorkSession) -> tuple[int, int]:
    """(entries of the custody log, events that wait)."""
    return session._store.call(lambda s: (s.custody_head().size, s.counts().waiting))


def a_shift(session: WorkSession) -> None:
    """Pull, take the next, decide it, sync."""
    session.pull_queue()
    taken = session.take(offered(session)[0])
    session.showing(taken.entry.item.id, Level.BLURRED)
    draft = Draft(
        item_id=taken.entry.item.id, imminence=Imminence.NO_SIGN, category="other", severity=1,
        confidence=Confidence.HIGH, action=Action.NONE,
    )  # fmt: skip
    session.decide(taken, draft, from_notes=False)
    session._sharing.ask()
    session.sync_now()


def test_what_somebody_would_rather_not_get_leaves_no_trace_outside_the_store(
    own_floor: Floor, unlocked: Unlocked
) -> None:
    for _ in range(2):
        own_floor.take_in(picture(), case=own_floor.open_case(danger=False), harm_type="violence")
    calm = own_floor.take_in(picture(2), case=own_floor.open_case(danger=False))
    session = unlocked()
    session.sync_now()
    before = written_down(session)
    with everything_sent(session) as sent:
        session.follow_preferences(RATHER_NOT)
        session.keep_preferences(RATHER_NOT)
        assert written_down(session) == before
        session.pull_queue()
        assert offered(session)[0] == calm.id
        a_shift(session)
    said = [str(request.url) + repr(request.headers.raw) + repr(request.content) for request in sent]
    assert any("/events" in words for words in said), "a shift was really told"
    assert any("exposure/share" in words for words in said)
    custody = session._store.call(lambda s: s.custody_rows())
    assert len(custody) > before[0]
    for told in (*said, repr(custody)):
        for word in (SECRET, "rather", "facts_first", "muffled", "23.45", "0.1234", "preferences"):
            assert word not in told
    folder = own_floor.organisation.workstation(own_floor.reviewer)
    on_disk = b"".join(file.read_bytes() for file in folder.rglob("*") if file.is_file())
    for word in (SECRET, "rather_not", "facts_first"):
        assert word.encode() not in on_disk


def test_they_are_in_force_from_the_unlock_on(own_floor: Floor, unlocked: Unlocked) -> None:
    violent = own_floor.take_in(picture(), case=own_floor.open_case(danger=False), harm_type="violence")
    calm = own_floor.take_in(picture(2), case=own_floor.open_case(danger=False))
    first = unlocked()
    first.pull_queue()
    assert offered(first) == [calm.id, violent.id]  # the newest case has the nearest deadline
    only = Preferences(rather_not=(RatherNot(trait=Trait.HARM, key="other"),))
    first.keep_preferences(only)
    first.lock()
    session = unlocked()
    session.pull_queue()
    listing = session.list_queue(QueueAsk())
    assert [entry.item.id for entry in listing.offered] == [violent.id, calm.id]
    assert listing.reluctant == {calm.id}
    entry = next(entry for entry in listing.offered if entry.item.id == calm.id)
    assert session.rules_for(entry).harm_type("other").start_level is Level.FACTS
    # It opens without a pixel of it having been asked for.
    taken = session.take(calm.id)
    assert taken.first is None
    assert taken.opened is not None
    session.put_back(taken)
    session.follow_preferences(Preferences())
    taken = session.take(calm.id)
    assert taken.first is not None
    session.put_back(taken)


def test_of_two_quick_changes_the_newer_is_kept(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    older, newer = Preferences(grey=True), Preferences(less_motion=True)
    session.follow_preferences(older)
    session.follow_preferences(newer)
    session.keep_preferences(newer)
    session.keep_preferences(older)
    assert session.preferences() == newer


def test_danger_is_offered_first_to_whoever_would_rather_not(own_floor: Floor, unlocked: Unlocked) -> None:
    danger = own_floor.take_in(picture(), case=own_floor.open_case(danger=True), harm_type="violence")
    own_floor.take_in(picture(2), case=own_floor.open_case(danger=False))
    session = unlocked()
    session.follow_preferences(RATHER_NOT)
    session.pull_queue()
    listing = session.list_queue(QueueAsk())
    assert listing.offered[0].item.id == danger.id
    assert listing.reluctant == set()


def test_the_pace_they_chose_is_that_of_the_prompts_and_of_the_status_bar(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    meter = session._exposure._meter
    meter._stint.work_s = 31 * 60.0
    assert session.prompt() is None
    assert session.exposure().break_due_in_s == pytest.approx(19 * 60.0, abs=2)
    session.follow_preferences(Preferences(break_after_minutes=30.0))
    assert session.prompt() is Prompt.BREAK_DUE
    assert session.exposure().break_due_in_s == 0.0
    # Longer than the policy's is nobody's choice.
    session.follow_preferences(Preferences(break_after_minutes=110.0))
    assert session.prompt() is None
    meter._stint.work_s = 51 * 60.0
    assert session.prompt() is Prompt.BREAK_DUE


class Answers:
    def __init__(self, *shares: ViolentShare) -> None:
        self.shares = list(shares)

    def violent_share(self) -> ViolentShare:
        return self.shares.pop(0)


def test_above_the_even_share_the_next_is_another_kind(own_floor: Floor, unlocked: Unlocked) -> None:
    calm = own_floor.take_in(picture(2), case=own_floor.open_case(danger=False))
    violent = own_floor.take_in(picture(), case=own_floor.open_case(danger=False), harm_type="violence")
    session = unlocked()
    session.pull_queue()
    session._sharing.stop()
    sharing = FairSharing(Answers(ViolentShare(own_s=4000, even_s=1000), ViolentShare(own_s=4000, even_s=None)))
    session._sharing = sharing
    session._queue._wishes = lambda: session._preferring.wishes(sharing.share)
    assert offered(session) == [violent.id, calm.id]
    sharing.ask()
    assert offered(session) == [calm.id, violent.id]
    assert session.list_queue(QueueAsk()).reluctant == set()  # nothing they avoid: it is taken up as any other
    sharing.ask()
    assert offered(session) == [violent.id, calm.id]


def test_offline_the_share_is_unknown(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    session._sharing.ask()
    assert session._sharing.share is not None
    with line_down(session):
        session._sharing.ask()
    assert session._sharing.share is None


def test_a_wish_for_this_shift_ends_by_itself(own_floor: Floor, unlocked: Unlocked) -> None:
    calm = own_floor.take_in(picture(2), case=own_floor.open_case(danger=False))
    session = unlocked()
    session.pull_queue()
    now = session._clock.now()
    for until, left in ((now + timedelta(hours=1), {calm.id}), (now - timedelta(seconds=1), set())):
        wish = RatherNot(trait=Trait.HARM, key="other", until=until.timestamp())
        session.follow_preferences(Preferences(rather_not=(wish,)))
        assert session.list_queue(QueueAsk()).reluctant == left
