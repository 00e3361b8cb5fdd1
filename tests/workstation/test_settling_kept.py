"""What is written to settle an item is in the encrypted store until it is settled, and gone from it then."""

from __future__ import annotations

from collections.abc import Callable

from floor import Floor
from test_decisions_kept import a_draft
from test_undoing import decided, differ

from reviewer.model.decisions import Action, Draft
from reviewer.model.readings import golden_draft, settling_draft
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]


def test_kept_over_a_lock_and_gone_once_it_is_proposed(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    item, own = decided(own_floor, session)
    here = settling_draft(item.id)
    written = Draft(item_id=here, action=Action.PRESERVE, rationale="the fence was moved")
    session.save_draft(written)
    session.lock()
    again = unlocked()
    assert again.second.kept(here) == written
    assert again.second.kept(golden_draft(item.id)) is None
    again.second.propose(differ(item, own), a_draft(item.id, "for both"))
    assert again.second.kept(here) is None


def test_gone_once_one_amends_or_accepts(own_floor: Floor, unlocked: Unlocked) -> None:
    session = unlocked()
    for accept in (True, False):
        item, own = decided(own_floor, session)
        here = settling_draft(item.id)
        session.save_draft(Draft(item_id=here, rationale="the fence was moved"))
        shown = differ(item, own, offered=accept)
        if accept:
            session.second.accept(shown)
        else:
            session.second.amend(shown, a_draft(item.id, "as they say"))
        assert session.second.kept(here) is None
