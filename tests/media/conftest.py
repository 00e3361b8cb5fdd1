"""One broker for the tests of this folder that do not break it, and a check that nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reviewer.media.broker import Broker


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    shared = Broker(warm=0)  # most tests open one small item: warming a worker for it takes longer than it does
    yield shared
    shared.close()
