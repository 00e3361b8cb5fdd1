from __future__ import annotations

import pytest

from reviewer.demo.corpus import SyntheticItem, corpus


@pytest.fixture(scope="session")
def items() -> tuple[SyntheticItem, ...]:
    return tuple(corpus(7))
