"""Ctrl+C is not lost where Python loses it: in the finalizer of an object."""

from __future__ import annotations

import os
import signal

import pytest

from reviewer.cli_shared import interruptible


class Finalized:
    def __del__(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_it_is_raised_at_the_next_step() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interruptible() as check:
        check()
        kept = Finalized()
        del kept  # raised in there, and lost
        with pytest.raises(KeyboardInterrupt):
            check()
    assert signal.getsignal(signal.SIGINT) is before
