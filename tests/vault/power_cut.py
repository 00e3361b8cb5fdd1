"""Killing a process without warning (SIGKILL) at a random moment of its work, and reading what it had acknowledged."""

from __future__ import annotations

import os
import random
import select
import signal
import time
from collections.abc import Callable

Say = Callable[[str], None]


def killed_while(work: Callable[[Say], None], *, within_s: float, rng: random.Random) -> list[str]:
    """Runs `work(say)` in a forked child, kills it up to `within_s` after it said its first word, and returns the
    lines it said. A line counts only when it is whole: what was said before the kill was acknowledged."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(reader)
            work(lambda line: _say(writer, line))
            code = 0
        finally:
            os._exit(code)
    os.close(writer)
    try:
        ready, _, _ = select.select([reader], [], [], 30)
        assert ready, "the child said nothing"
        time.sleep(rng.uniform(0, within_s))
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    said = b""
    while block := os.read(reader, 1 << 16):
        said += block
    os.close(reader)
    return [line for line in said.decode().split("\n")[:-1] if line]


def _say(writer: int, line: str) -> None:
    os.write(writer, line.encode() + b"\n")
