"""Builds a package until it kills itself; run by `test_package_building.py`. What is sealed comes by standard input.

Arguments: the target, and when: "sealing N" at the Nth read of an item, "checking", "naming" (it has its name, and the
`.part` is still there).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from packages import SIZES, AgeEnvelope, Reader, a_plan, built, evidence, items, noise

from reviewer.handoff.part_file import PartFile, part_of
from reviewer.vault import age


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class Deadly(Reader):
    left = 0

    def readinto(self, target: memoryview, /) -> int:  # type: ignore[override]
        Deadly.left -= 1
        if Deadly.left == 0:
            die()
        return super().readinto(target)


def main() -> None:
    target, when, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    envelope = AgeEnvelope(age.Sealing.from_state(sys.stdin.buffer.read()))
    if when == "sealing":
        Deadly.left = count
    if when == "naming":
        PartFile.remove = lambda self: die()  # type: ignore[method-assign]

    def progress(phase: str, done: int, total: int) -> None:
        if phase == when:
            die()

    chosen = [
        evidence(one.path, noise(number, size), lambda number=number, size=size: Deadly(noise(number, size), 50_000))  # type: ignore[misc]
        for number, (one, size) in enumerate(zip(items(), SIZES, strict=True))
    ]
    resume = part_of(target).exists()
    built(a_plan(chosen), envelope, target, progress=progress if when == "checking" else lambda *_: None, resume=resume)


if __name__ == "__main__":
    main()
