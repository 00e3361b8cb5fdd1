"""One broker for the tests of this folder that do not break it, and a check that nothing is left behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from reviewer.media.broker import Broker


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    shared = Broker(warm=1)
    shared.start()
    yield shared
    shared.close()
