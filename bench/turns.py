"""Sealed and bare work taken in turns, so that both see the same machine, and the rows of a table made of that."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from reviewer.media.broker import Broker
from reviewer.media.link import Source
from reviewer.media.opened import OpenedItem

Row = tuple[str, float, str, float | None]


@dataclass(frozen=True, slots=True)
class Turns:
    """Seconds each; the same number of both."""

    bare: Sequence[float]
    sealed: Sequence[float]


def in_turns(bare: Callable[[], object], sealed: Callable[[], float], rounds: int) -> Turns:
    """`bare` is timed here, `sealed` tells its own time. The first round is not counted."""
    plain: list[float] = []
    shown: list[float] = []
    for _ in range(rounds + 1):
        plain.append(timed(bare))
        shown.append(sealed())
    return Turns(plain[1:], shown[1:])


def compared(name: str, turns: Turns) -> list[Row]:
    """Median and p95 in milliseconds, each beside the same of bare."""
    table: list[Row] = []
    for words, of in (("median", statistics.median), ("p95", p95)):
        sealed, bare = of(turns.sealed), of(turns.bare)
        table.append((f"{name}, {words}", sealed * 1000, f"ms (bare {bare * 1000:.0f})", sealed / bare))
    return table


def timed(job: Callable[[], object]) -> float:
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def p95(times: Sequence[float]) -> float:
    """Interpolated between the two nearest, so that of few it is not simply the worst. At least two `times`."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


def first_shown(broker: Broker, file: Source, show: Callable[[OpenedItem], object], *, warm: int) -> float:
    """Seconds from opening `file` to what `show` asks of it, all `warm` workers of the broker ready before."""
    rested(broker, warm)
    begun = time.perf_counter()
    item = broker.open(file)
    show(item)
    taken = time.perf_counter() - begun
    item.close()
    return taken


def rested(broker: Broker, warm: int) -> None:
    """Wait until it has all the `warm` workers it keeps: it would start another meanwhile, and that be measured."""
    while broker.warm_ready < warm:
        time.sleep(0.005)
    time.sleep(0.02)  # the last has said that it is ready; let it come to rest
