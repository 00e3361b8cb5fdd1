"""Two workstations with their own stores and one case system: what two see differently, and how they settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from house import ONE, THREE, TWO, HandClock, House, a_decision, decided

from reviewer.model.cases import Item
from reviewer.model.custody import CustodyAction
from reviewer.model.decisions import Action, Change, Decision, ViewingRecord, as_draft
from reviewer.model.errors import ReviewerError
from reviewer.model.policy import HarmType, Policy
from reviewer.model.readings import Stage
from reviewer.model.roles import Role
from reviewer.model.taxonomy import SecondReview as Asked
from reviewer.sync.client import CaseSystem
from reviewer.vault import age
from reviewer.vault.open_vault import OpenVault
from reviewer.vault.vault import Vault
from reviewer.workstation.journal import Journal
from reviewer.workstation.second_review import DecidedElsewhere, NotToSettle, SecondReview

PASSPHRASE = "a garden with seven gates"
POLICY = Policy(version="1", harm_types=(HarmType(key="other", words="Other"),))
As = Callable[..., CaseSystem]


class Place:
    """A member's vault, and the service on top of it; `send` is what sync does."""

    def __init__(self, folder: Path, member_id: str, client: CaseSystem, clock: HandClock) -> None:
        vault = Vault(folder)
        escrow = age.generate_identity().recipient()
        vault.create(PASSPHRASE, escrow, member_id=member_id, name=member_id, role=Role.REVIEWER, work_factor=10)
        self.vault: OpenVault = vault.open(PASSPHRASE)
        self.client, self.clock, self.made = client, clock, list[Decision]()
        self.journal = Journal(self.vault, clock)
        self.service = SecondReview(
            vault=self.vault,
            case_system=client,
            policy=POLICY,
            clock=clock,
            journal=self.journal,
            refuse_unfinished=lambda draft: None,
            replace_own=self.replaced,
            wake=lambda: None,
        )

    def replaced(self, decision: Decision, write: Callable[[], None]) -> None:
        write()
        self.made.append(decision)

    def decide(self, decision: Decision, item: Item) -> None:
        event = decided(decision)
        custody = self.journal.entry(CustodyAction.DECIDED, item)
        seen = ViewingRecord(item_id=item.id, viewer=decision.actor, seconds={"blurred": 2.0})
        self.vault.store.call(lambda s: s.decide(decision, seen, custody, event))
        self.send()

    def send(self) -> None:
        pending = self.vault.store.call(lambda s: s.pending(64, now=self.clock.now()))
        answers = self.client.post_events(pending)
        self.vault.store.call(lambda s: s.answered(answers, retry_at=self.clock.now()))

    @property
    def parked(self) -> int:
        return self.vault.store.call(lambda s: s.counts()).parked


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path, second_review=Asked(settled_by="consensus"))


@pytest.fixture
def two(as_member: As, taken_in: Callable[..., Item], house: House, tmp_path: Path) -> Iterator[tuple[Place, Place]]:
    """Both decided the same item at once, and differ."""
    item = taken_in()
    places = tuple(Place(tmp_path / who, who, as_member(who, f"desk-{who}"), house.clock) for who in (ONE, TWO))
    for place, who, action in zip(places, (ONE, TWO), (Action.REMOVE, Action.NONE), strict=True):
        place.decide(a_decision(who, action=action, rationale=f"words of {who}"), item)
    yield places[0], places[1]
    for place in places:
        place.vault.lock()


def test_both_words_are_kept_and_both_desks_are_told(two: tuple[Place, Place]) -> None:
    for place in two:
        assert place.parked == 0
        (line,) = place.service.mine()
        assert line.stage is Stage.CONSENSUS
        shown = place.service.side_by_side(line.item_id)
        assert [reading.words.rationale for reading in shown.readings] == [f"words of {ONE}", f"words of {TWO}"]


def test_one_takes_the_others_view(two: tuple[Place, Place]) -> None:
    first, second = two
    shown = second.service.side_by_side("item-1")
    made = second.service.amend(shown, shown.readings[0].words)
    assert (made.change, second.made) == (Change.AMEND, [made])
    second.send()
    assert [line.stage for line in first.service.mine()] == [Stage.AGREED]
    with pytest.raises(NotToSettle):
        second.service.amend(second.service.side_by_side("item-1"), shown.readings[0].words)
    # The custody log says so, and undoing it takes back the amendment.
    rows = second.vault.store.call(lambda s: s.custody_rows())
    assert b'"amended"' in rows[-1].entry_json


def test_one_proposes_and_the_other_accepts_after_being_offline(two: tuple[Place, Place]) -> None:
    first, second = two
    shown = first.service.side_by_side("item-1")
    offer = first.service.propose(shown, as_draft(a_decision(ONE, action=Action.RESTRICT, rationale="half of it")))
    with pytest.raises(NotToSettle):
        second.service.accept(second.service.side_by_side("item-1"))  # it has not arrived
    first.send()
    with pytest.raises(NotToSettle):
        first.service.accept(first.service.side_by_side("item-1"))  # one's own
    second.service.accept(second.service.side_by_side("item-1"))
    second.send()
    for place in two:
        assert place.parked == 0
        assert [line.stage for line in place.service.mine()] == [Stage.SETTLED]
    settled = [reading for reading in first.service.side_by_side("item-1").readings if reading.settles]
    assert [reading.words.action for reading in settled] == [offer.action]


def test_what_was_decided_at_another_desk_is_not_amended_here(
    two: tuple[Place, Place], as_member: As, house: House, tmp_path: Path
) -> None:
    elsewhere = Place(tmp_path / "other-desk", TWO, as_member(TWO, "desk-9"), house.clock)
    try:
        shown = elsewhere.service.side_by_side("item-1")
        with pytest.raises(DecidedElsewhere):
            elsewhere.service.amend(shown, shown.readings[0].words)
        elsewhere.service.propose(shown, shown.readings[0].words)
        elsewhere.send()
        assert elsewhere.parked == 0
    finally:
        elsewhere.vault.lock()


def test_a_stranger_is_shown_nothing(two: tuple[Place, Place], as_member: As) -> None:
    with pytest.raises(ReviewerError):
        as_member(THREE).readings.side_by_side("item-1")
    assert as_member(THREE).readings.mine() == ()


def test_a_proposal_is_withdrawn_and_the_colleague_cannot_accept_it_any_more(two: tuple[Place, Place]) -> None:
    first, second = two
    shown = first.service.side_by_side("item-1")
    first.service.propose(shown, as_draft(a_decision(ONE, action=Action.RESTRICT, rationale="half of it")))
    first.send()
    offered = second.service.side_by_side("item-1")
    step = first.service.last
    assert step is not None
    first.service.withdraw(step)
    first.send()
    assert (first.parked, first.service.last) == (0, None)
    second.service.accept(offered)  # shown before it was withdrawn
    second.send()
    assert second.parked == 1, "the colleague is told"
    for place in two:
        assert [line.stage for line in place.service.mine()] == [Stage.CONSENSUS]
    rows = first.vault.store.call(lambda s: s.custody_rows())
    assert b'"voided"' in rows[-1].entry_json


def test_who_withdraws_too_late_is_told_that_it_stands(two: tuple[Place, Place]) -> None:
    first, second = two
    first.service.propose(first.service.side_by_side("item-1"), as_draft(a_decision(ONE, action=Action.RESTRICT)))
    first.send()
    second.service.accept(second.service.side_by_side("item-1"))
    second.send()
    step = first.service.last
    assert step is not None
    first.service.withdraw(step)
    first.send()
    assert first.parked == 1
    assert [line.stage for line in first.service.mine()] == [Stage.SETTLED]
