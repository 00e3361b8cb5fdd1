"""Opens a file of any kind through the real broker, asks for everything there is to ask, and judges how that went.

Run as a program it goes through the whole corpus and prints a table: how often each kind ended with which code.
`hostile_run.py [PART-OF-A-NAME [EVERY-SO-MANY]]`
"""

from __future__ import annotations

import io
import itertools
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from reviewer.media import checks
from reviewer.media.broker import Broker
from reviewer.media.frames import Frame, Region
from reviewer.media.limits import Limits
from reviewer.media.opened import OpenedItem
from reviewer.media.outlines import MAX_LINE_LENGTH, MAX_LINES, MAX_PARTS, SOUND_RATE
from reviewer.media.protocol import DRAWING_LONG_SIDE, Code
from reviewer.media.veils import Veils
from reviewer.model.errors import DamagedMedia, MediaError, ReviewerError, WorkerDied, WorkerLied, WorkerTimeout
from reviewer.model.levels import Kind, Level

LIMITS = Limits(memory_bytes=768 << 20, cpu_s=60, request_s=4.0, grace_s=0.5, range_requests=20_000)
SLACK_S = 2.0
"""A busy machine's share; a request that hangs takes until the deadline, one that is not watched takes for ever."""
PROMPT_S = 3.0
VEILS = Veils(blurred_long_side=160, masked_terms=("beans", "the"))
STABLE = re.compile(r"M00[2-7]")
INTERNAL = "internal"
LOUD = ("M005", "M006", "M007", INTERNAL)
"""Endings that are named one by one: the worker died, hung, lied, or met an error it did not expect."""
BEYOND = ("page past the end", "part of none")
"""Asked for to be refused: says nothing about the file."""


class InternalFailure(DamagedMedia):
    """The worker did not expect this error. To people it is damage; here it is something to look at."""


@contextmanager
def internal_failures_told_apart() -> Iterator[None]:
    usual = checks._ERRORS[Code.INTERNAL]
    checks._ERRORS[Code.INTERNAL] = InternalFailure
    try:
        yield
    finally:
        checks._ERRORS[Code.INTERNAL] = usual


@dataclass(slots=True)
class Outcome:
    """`codes`: request -> code, "ok" or "internal". `problems`: broken promises. `slowest`: seconds and request."""

    codes: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    memory_bytes: int = 0
    format: str = ""

    @property
    def ending(self) -> str:
        """The worst that happened: a worker's death before an internal error before a plain refusal."""
        codes = [code for name, code in self.codes.items() if name not in BEYOND or code in LOUD]
        for worst in (*LOUD, "M004", "M003"):
            if worst in codes:
                return worst
        return "M002" if "M002" in codes else "ok"


class _Over(Exception):
    """The worker is gone; there is nobody left to ask."""


class Interview:
    """One file, every question."""

    def __init__(self, broker: Broker, data: bytes) -> None:
        self.outcome = Outcome()
        self._broker = broker
        self._data = data

    def hold(self) -> Outcome:
        try:
            item = self._ask(
                "open", lambda: self._broker.open(io.BytesIO(self._data), declared_format="jpg", veils=VEILS)
            )
            if item is not None:
                with closing(item):
                    self._everything(item)
        except _Over:
            pass
        return self.outcome

    def _ask(self, name: str, job: Callable[[], object]) -> object:
        begun = time.monotonic()
        answer, code = None, "ok"
        try:
            answer = job()
        except InternalFailure:
            code = INTERNAL
        except ReviewerError as error:
            code = error.code
            if not STABLE.fullmatch(code):
                self.outcome.problems.append(f"{name}: the unexpected code {code}")
            if isinstance(error, WorkerDied | WorkerTimeout | WorkerLied):
                self.outcome.codes[name] = code
                raise _Over from None
        finally:
            took = time.monotonic() - begun
            self.outcome.slowest = max(self.outcome.slowest, (took, name))
            if took > LIMITS.request_s + LIMITS.grace_s + SLACK_S:
                self.outcome.problems.append(f"{name}: took {took:.1f} s")
        self.outcome.codes[name] = code
        return answer

    def _must(self, holds: bool, words: str) -> None:
        if not holds:
            self.outcome.problems.append(words)

    def _everything(self, item: OpenedItem) -> None:
        facts = item.facts
        self.outcome.format = facts.format or facts.kind.value
        self._must(facts.size == len(self._data), "facts: the size is not the source's")
        try:
            if item.viewable:
                self._pictures(item)
            if item.readable or item.transcript:
                self._words(item)
            if facts.has_sound or facts.kind is Kind.AUDIO:
                self._sound(item)
            if item.holds_parts or facts.kind is Kind.ARCHIVE:
                self._parts(item)
            self._ask("fingerprints", item.fingerprints)
        finally:
            self.outcome.memory_bytes = peak_memory(item.worker_pid)

    def _pictures(self, item: OpenedItem) -> None:
        self._frame("blurred", 160, 160, 1, lambda: item.blurred())
        last = item.facts.duration_s or 0.0
        self._frame("blurred later", 160, 160, 1, lambda: item.blurred(at_s=last / 2, quick=True))
        pages = item.facts.pages or 1
        self._frame("last page", 160, 160, 1, lambda: item.blurred(page=pages - 1))
        self._frame("page past the end", 160, 160, 1, lambda: item.blurred(page=pages))
        side = DRAWING_LONG_SIDE
        self._frame("drawing", side, side, 1, lambda: item.drawing(max_width=4000, max_height=4000))
        part = Region(0.9, 0.4, 0.3, 0.2)
        self._frame("lens", 300, 300, 4, lambda: item.lens(part, max_width=300, max_height=300, grey=False, at_s=0.1))
        self._frame("clear", 1920, 1080, 4, lambda: item.clear(max_width=1920, max_height=1080, grey=False))
        if item.facts.kind is Kind.VIDEO:
            for cell in self._ask("storyboard", lambda: item.storyboard(cells=20, budget_s=0.5)) or ():  # type: ignore[attr-defined]
                self._judge("storyboard", cell, 160, 160, 1)
            self._ask("play", lambda: self._play(item))

    def _play(self, item: OpenedItem) -> None:
        with closing(item.play(start_s=0.1, level=Level.DRAWING, grey=True, max_width=320, max_height=200)) as playing:
            for _ in range(3):
                frame = playing.next()
                if frame is None:
                    return
                self._judge("play", frame, 320, 200, 1)

    def _frame(self, name: str, width: int, height: int, depth: int, job: Callable[[], Frame]) -> None:
        frame = self._ask(name, job)
        if isinstance(frame, Frame):
            self._judge(name, frame, width, height, depth)

    def _judge(self, name: str, frame: Frame, width: int, height: int, depth: int) -> None:
        self._must(1 <= frame.width <= width and 1 <= frame.height <= height, f"{name}: larger than asked for")
        self._must(frame.pixel_format == depth, f"{name}: not the pixels asked for")
        self._must(len(frame.data) == frame.stride * frame.height, f"{name}: more pixels than its size")
        frame.wipe()

    def _words(self, item: OpenedItem) -> None:
        outline = self._ask("text outline", item.text_outline)
        if outline is not None:
            self._must(len(outline.lines) <= MAX_LINES, "text outline: too many lines")  # type: ignore[attr-defined]
        for name, first in (("text lines", 0), ("last lines", MAX_LINES - 3)):
            lines = self._ask(name, partial(item.text_lines, first, 500, unmask=first > 0))
            if lines is not None:
                self._must(len(lines) <= 500, f"{name}: more than asked for")  # type: ignore[arg-type]
                words = "".join(lines)  # type: ignore[arg-type, call-overload]
                self._must(all(len(line) <= MAX_LINE_LENGTH for line in lines), f"{name}: too long")  # type: ignore[attr-defined]
                self._must(words.isprintable(), f"{name}: control characters")
        self._ask("text find", lambda: item.text_find("a"))

    def _sound(self, item: OpenedItem) -> None:
        outline = self._ask("sound outline", lambda: item.sound_outline(buckets=200))
        if outline is not None:
            self._must(len(outline.peaks) <= 200, "sound outline: more than asked for")  # type: ignore[attr-defined]
        self._ask("listen", lambda: self._listen(item, muffled=False))
        self._ask("listen muffled", lambda: self._listen(item, muffled=True))

    def _listen(self, item: OpenedItem, *, muffled: bool) -> None:
        with closing(item.listen(start_s=0.05, muffled=muffled)) as stream:
            for _ in range(3):
                self._must(len(stream.read(SOUND_RATE // 4)) <= SOUND_RATE // 2, "listen: more than asked for")

    def _parts(self, item: OpenedItem) -> None:
        parts = self._ask("parts", item.parts) or ()
        self._must(len(parts) <= MAX_PARTS, "parts: too many")  # type: ignore[arg-type]
        for index, part in enumerate(itertools.islice(parts, 4)):  # type: ignore[call-overload]
            self._ask(f"part {index}", partial(self._read, item, index, part.size))
        self._ask("part of none", lambda: self._read(item, 1 << 40, 0))

    def _read(self, item: OpenedItem, index: int, declared: int) -> None:
        at = 0
        for _ in range(6):
            piece = item.read_part(index, at)
            at += len(piece)
            if not piece:
                break
        self._must(at <= max(declared, 6 << 20), "part: longer than the cap")


def peak_memory(pid: int) -> int:
    """Bytes a worker has had resident at most, as the kernel says; 0 once it is gone."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return 0
    return int(found.group(1)) << 10 if found else 0


def opens_promptly(broker: Broker, healthy: bytes) -> str:
    """Empty, or what is wrong: the next item must not notice what the last one was."""
    begun = time.monotonic()
    try:
        with closing(broker.open(io.BytesIO(healthy))) as item:
            item.blurred().wipe()
    except MediaError as error:
        return f"the next item did not open: {error.code}"
    took = time.monotonic() - begun
    return f"the next item took {took:.1f} s" if took > PROMPT_S else ""


def main() -> None:
    from fuzz_seeds import seed_file
    from mutations import corpus

    wanted = sys.argv[1] if len(sys.argv) > 1 else ""
    step = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    table: dict[str, Counter[str]] = {}
    slow: list[tuple[float, str]] = []
    broker = Broker(limits=LIMITS, warm=2)
    broker.sandbox_report()
    broker.start()
    begun = time.monotonic()
    count = 0
    with closing(broker), internal_failures_told_apart():
        for damaged in itertools.islice(corpus(), 0, None, step):
            if wanted not in damaged.name:
                continue
            count += 1
            outcome = Interview(broker, damaged.data).hold()
            table.setdefault(damaged.kind, Counter())[outcome.ending] += 1
            slow.append((outcome.slowest[0], f"{damaged.name} {outcome.slowest[1]}"))
            loud = outcome.ending in LOUD
            if loud:
                failed = {name: code for name, code in outcome.codes.items() if code == outcome.ending}
                print(f"{outcome.ending} {damaged.name} [{outcome.format}] {failed}", flush=True)
                outcome.problems.append(opens_promptly(broker, seed_file("jpeg")))
            for problem in filter(None, outcome.problems):
                print(f"PROBLEM {damaged.name} {problem}", flush=True)
    codes = sorted({code for row in table.values() for code in row})
    print(f"\n{count} files in {time.monotonic() - begun:.0f} s\n{'':20}" + "".join(f"{code:>9}" for code in codes))
    for kind, row in table.items():
        print(f"{kind:20}" + "".join(f"{row[code] or '':>9}" for code in codes))
    print("\nslowest:", *(f"{seconds:.2f} s {name}" for seconds, name in sorted(slow)[-12:]), sep="\n  ")


if __name__ == "__main__":
    os.nice(5)
    main()
