"""Workstations are tested against the real organisation of the end-to-end tests, without a window."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "e2e"))

from floor import Floor

from reviewer.demo.organisation import PASSPHRASE
from reviewer.workstation.clock import SystemClock
from reviewer.workstation.desk import Workstation
from reviewer.workstation.session import WorkSession

if TYPE_CHECKING:
    from reviewer.demo.correspondents import Correspondents


@pytest.fixture(scope="session")
def correspondents() -> Iterator[Correspondents]:
    """Making their RSA keys takes a second, and trying that of the time authority 70 ms: once, not for each stamp."""
    from pyhanko.sign.timestamps import dummy_client

    from reviewer.demo.correspondents import Correspondents

    loaded = SimpleNamespace(load_der_private_key=cache(serialization.load_der_private_key))
    with pytest.MonkeyPatch.context() as patch, Correspondents() as made:
        patch.setattr(dummy_client, "serialization", loaded)
        yield made


@pytest.fixture
def own_floor(floor: Floor) -> Floor:
    """The organisation with an empty queue and a new reviewer."""
    floor.clear_queue()
    floor.reviewer = floor.newcomer()
    return floor


@pytest.fixture
def unlocked(own_floor: Floor) -> Iterator[Callable[..., WorkSession]]:
    """An unlocked session of a member, the new reviewer unless one is named."""
    desks: list[Workstation] = []

    def open_session(member_id: str | None = None) -> WorkSession:
        desk = Workstation(own_floor.organisation.workstation(member_id or own_floor.reviewer), SystemClock())
        desks.append(desk)
        return desk.unlock(PASSPHRASE)

    yield open_session
    for desk in desks:
        desk.close()
