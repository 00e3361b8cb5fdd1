"""Two who decide the same item, one of them offline: both keep their words, and both are told that they differ."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import msgspec
from evidence import picture
from floor import Floor
from test_case_threads import line_down
from test_decisions_kept import a_draft

from reviewer.model.decisions import Action
from reviewer.model.readings import Stage
from reviewer.workstation.session import WorkSession

Unlocked = Callable[..., WorkSession]


def test_one_offline_while_the_lease_ran_out(own_floor: Floor, unlocked: Unlocked) -> None:
    one, other = unlocked(), unlocked(own_floor.hire())
    item = own_floor.take_in(picture())
    for session in (one, other):
        session.pull_queue()
    mine = one.take(item.id)
    with line_down(one):
        with closing(sqlite3.connect(own_floor.database, timeout=10)) as database, database:
            database.execute("UPDATE leases SET expires_at = 0")
        theirs = other.decide(other.take(item.id), a_draft(item.id, "their words"), from_notes=False)
        other.sync_now()
        words = msgspec.structs.replace(a_draft(item.id, "my words"), action=Action.PRESERVE)
        own = one.decide(mine, words, from_notes=False)
        assert one.sync_now().trouble
    for session in (one, other):
        state = session.sync_now()
        assert (state.waiting, state.parked) == (0, 0)
    assert {(d.id, d.rationale) for d in own_floor.decisions_of(item.id)} == {
        (own.id, "my words"),
        (theirs.id, "their words"),
    }
    for session in (one, other):
        assert [line.stage for line in session.second.mine()] == [Stage.THIRD]
