"""Measuring exposure: what a heartbeat a second costs, with a year of history.

A person sees an item for most of a minute at several levels, then the next one. In turns with it runs a bare loop that
adds a second to a number under a lock: what any measuring at all must cost. All of it is processor
time, none of a clock on the wall.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.turns import Row
from reviewer.model.ids import uuid7
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Policy, read_policy
from reviewer.model.roles import Role
from reviewer.resources import resource
from reviewer.vault import age
from reviewer.vault.vault import Vault
from reviewer.wellbeing.breakdown import broken_down
from reviewer.wellbeing.episodes import Episode
from reviewer.wellbeing.meter import ExposureMeter
from reviewer.wellbeing.prompts import PromptMachine
from reviewer.workstation.exposure import ExposureKeeper

DAYS, A_DAY = 365, 200
BEATS = 20_000
KEPT_BEATS = 1500
ROUNDS = 5
AIM = "µs of each second (0.1 % of a core: 1000)"
_START = datetime(2026, 11, 21, 9, tzinfo=UTC)
_LEVELS = (Level.FACTS, Level.BLURRED, Level.CLEAR, Level.BLURRED)


class HandClock:
    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> datetime:
        return _START + timedelta(seconds=self.at)

    def monotonic(self) -> float:
        return self.at


def rows() -> list[Row]:
    policy = read_policy(resource("policy.toml").read_text(encoding="utf-8"))
    history = a_year()
    took = [_timed(lambda: ExposureMeter(HandClock(), policy, history)) for _ in range(ROUNDS)]
    clock = HandClock()
    meter = ExposureMeter(clock, policy, history)
    bare = [_bare() for _ in range(ROUNDS)]
    beats = [_beats(clock, lambda n: _show(meter, n)) for _ in range(ROUNDS)]
    prompts = PromptMachine(clock, policy)
    asked = [_beats(clock, lambda n: _show_and_ask(meter, prompts, n)) for _ in range(ROUNDS)]
    today = clock.now().date()
    split = [_timed(lambda: broken_down(history, {}, UTC, today - timedelta(days=365), today)) for _ in range(ROUNDS)]
    name = f"meter with {DAYS} days, {len(history):,} episodes"
    return [
        (f"{name}: a heartbeat a second", _us(beats), AIM, _ratio(beats, bare)),
        ("the same with figures and prompt asked each second", _us(asked), AIM, _ratio(asked, bare)),
        _kept(policy, statistics.median(bare)),
        ("reading that history at unlock", statistics.median(took) * 1000, "ms", None),
        ("breaking it down for my data", statistics.median(split) * 1000, "ms", None),
    ]


def a_year() -> list[Episode]:
    chance = random.Random(7)
    episodes = []
    for day in range(DAYS):
        at = _START - timedelta(days=DAYS - day, hours=1)
        for _ in range(A_DAY):
            seconds = chance.uniform(1.0, 60.0)
            harm = chance.choice(("violence", "self_harm", "other"))
            episodes.append(
                Episode(
                    id=uuid7(int(at.timestamp() * 1000)),
                    item_id=f"item-{chance.randrange(day * 40, day * 40 + 60)}",
                    harm_type=harm,
                    level=chance.choice(_LEVELS[1:]),
                    started_at=at,
                    seconds=seconds,
                    weight=2.0 if harm == "violence" else 1.0,
                    sound=chance.random() < 0.1,
                    full_screen=False,
                    kind=chance.choice((Kind.IMAGE, Kind.VIDEO)),
                )
            )
            at += timedelta(seconds=seconds + chance.uniform(5.0, 60.0))
    return episodes


def _show(meter: ExposureMeter, number: int) -> None:
    level = _LEVELS[number // 12 % 4]
    meter.showing(f"now-{number // 48}", level, "violence", sound=False, full_screen=False, kind=Kind.VIDEO)


def _show_and_ask(meter: ExposureMeter, prompts: PromptMachine, number: int) -> None:
    _show(meter, number)
    prompts.due(meter.figures(), busy=False)


def _beats(clock: HandClock, beat: Callable[[int], None]) -> float:
    """Processor seconds of one."""
    begun = time.thread_time()
    for number in range(BEATS):
        clock.at += 1.0
        beat(number)
    return (time.thread_time() - begun) / BEATS


def _bare() -> float:
    lock, seconds = threading.Lock(), 0.0
    begun = time.thread_time()
    for _ in range(BEATS):
        with lock:
            seconds += 1.0
    return (time.thread_time() - begun) / BEATS


def _kept(policy: Policy, bare: float) -> Row:
    """As in a session: the keeper's prompts and figures too, and every few seconds the encrypted store's thread."""
    with tempfile.TemporaryDirectory() as folder:
        made = Vault(Path(folder))
        escrow = age.generate_identity().recipient()
        made.create("seven small stones", escrow, member_id="r", name="R", role=Role.REVIEWER, work_factor=8)
        vault = made.open("seven small stones")
        clock = HandClock()
        keeper = ExposureKeeper(clock, policy, vault)
        begun, on_this_thread = time.process_time(), time.thread_time()
        for number in range(KEPT_BEATS):
            clock.at += 1.0
            level = _LEVELS[number // 12 % 4]
            keeper.showing(f"now-{number // 48}", "violence", level, sound=False, full_screen=False, kind=Kind.VIDEO)
            keeper.figures()
            keeper.prompt()
            vault.store.call(lambda _store: None)  # each second has its own turn of the store's thread
        whole = (time.process_time() - begun) / KEPT_BEATS
        here = (time.thread_time() - on_this_thread) / KEPT_BEATS
        keeper.stop()
        vault.lock()
    name = f"the session's measuring, encrypted store and all ({here * 1e6:.0f} µs of it on the asking thread)"
    return name, whole * 1e6, AIM, whole / bare


def _us(beats: list[float]) -> float:
    return statistics.median(beats) * 1e6


def _ratio(beats: list[float], bare: list[float]) -> float:
    return statistics.median(beats) / statistics.median(bare)


def _timed(job: Callable[[], object]) -> float:
    begun = time.thread_time()
    job()
    return time.thread_time() - begun
