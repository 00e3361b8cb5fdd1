"""Steps whose failure must not stop what follows: ending a session, leaving an item that is decided."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

_log = logging.getLogger(__name__)


@contextmanager
def going_on(step: str) -> Iterator[None]:
    """Go on after a failure that must not stop what follows; the log says which step and what kind, no more."""
    try:
        yield
    except Exception as error:
        _log.error("%s failed with %s", step, type(error).__name__)
