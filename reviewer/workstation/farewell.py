"""The end of a session's dealings with the network: after the lock, on a thread of its own, one step after another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from reviewer.workstation.going_on import going_on


class Farewell:
    """Each step is tried, whatever became of the one before. Nothing here may need what the lock took away."""

    def __init__(self, steps: Sequence[tuple[str, Callable[[], object]]]) -> None:
        """(name for the log, what to do), in their order."""
        self._steps = steps
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Once. Returns at once."""
        self._thread = threading.Thread(target=self._run, name="farewell", daemon=True)
        self._thread.start()

    def wait(self, timeout_s: float) -> None:
        """Until it is done, at most `timeout_s`; at once where it was never begun."""
        if self._thread is not None:
            self._thread.join(timeout_s)

    def _run(self) -> None:
        for name, step in self._steps:
            with going_on(name):
                step()
