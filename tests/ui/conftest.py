"""Python's cycle collector runs between the tests of the window, never inside Qt.

Set off while Qt destroys a QObject it may destroy another one under the same lock, and the test hangs. The product
does the same: see `reviewer.ui.cycle_collector`.
"""

from __future__ import annotations

import gc
from collections.abc import Generator

import pytest


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect(1)
        gc.enable()
