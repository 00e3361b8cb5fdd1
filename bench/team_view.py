"""A year of a team of 200 in the supervisor's view: from asking the case system until the window is painted.

The case system is a process of its own, asked over HTTP on loopback; the window is the real page with the real client.
`rows()` returns (name, value, unit, ratio or None); times are medians of `TURNS`, the ratio is to the aim.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from bench.queue import Stall
from bench.team_year import SUPERVISOR, build
from reviewer.model.handoff import Preservation
from reviewer.model.policy import Policy, read_policy
from reviewer.model.readings import TeamAgreement
from reviewer.model.roles import Member, Role
from reviewer.resources import resource
from reviewer.sync.client import CaseSystem
from reviewer.ui.app import application
from reviewer.ui.bridge import Jobs
from reviewer.ui.exposure_table import days_in, week_columns, weeks_table
from reviewer.ui.supervisor_page import YEAR, SupervisorPage
from reviewer.workstation.supervising import Supervising

Row = tuple[str, float, str, float | None]
TURNS = 7
AIM_MS, STALL_MS = 300.0, 50.0
SIZE = (1440, 868)
_PATIENCE_S = 60.0
BEAT_MS = 5  # a loop that spins would take the processor from what it waits for


class Readings:
    """There are none to show here."""

    def agreement(self) -> TeamAgreement:
        return TeamAgreement(least_items=20, lines=())


class Kept:
    """No case is kept here."""

    def preservations(self) -> tuple[Preservation, ...]:
        return ()


@dataclass
class Session:
    """Of a session, what the page needs."""

    supervision: Supervising
    policy: Policy
    member: Member
    second: Readings
    handoffs: Kept


@contextmanager
def serving(folder: Path, database: str) -> Iterator[str]:
    """The address of a case system on loopback."""
    read_end, write_end = os.pipe()
    command = [sys.executable, "-m", "reviewer.casesystem", "--database", database, "--blobs", str(folder / "blobs")]
    command += ["--port", "0", "--ready-fd", str(write_end), "--until-stdin-closes"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, pass_fds=(write_end,))
    os.close(write_end)
    try:
        with os.fdopen(read_end) as ready:
            yield f"http://127.0.0.1:{int(ready.readline())}"
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.wait(timeout=20)


class View:
    """The page, shown, with what it begins with already on it."""

    def __init__(self, app: QApplication, session: Session) -> None:
        self._app, self._jobs, self.stall = app, Jobs(), Stall(BEAT_MS)
        self.page = SupervisorPage(session, self._jobs)  # type: ignore[arg-type]
        self.page.resize(*SIZE)
        self.page.show()
        self._until(lambda: bool(self.page.heat_map.table.rows))

    def year(self) -> tuple[float, float, float]:
        """One more look at a year: ms from asking until painted, longest stall of the event loop in ms, and ms of
        processor time of the window's thread."""
        page, held = self.page, self.page.heat_map.table
        self._app.processEvents()
        self.stall.reset()
        painted = page.heat_map.paintings
        started, worked = time.perf_counter(), time.thread_time()
        if page.head.range.index == YEAR:
            page.refresh()
        else:
            page.show_range(YEAR)
        self._until(lambda: page.heat_map.table is not held and page.heat_map.paintings > painted)
        took, worked = (time.perf_counter() - started) * 1000, (time.thread_time() - worked) * 1000
        self._app.processEvents()
        return took, self.stall.longest, worked

    def scrolled(self) -> float:
        """ms to paint one more screenful of people, median."""
        bar, took = self.page.panel.rows_area.verticalScrollBar(), []
        for at in range(20):
            bar.setValue(bar.maximum() * (at % 2) + (at * 137) % 500 * (1 - at % 2))
            started = time.perf_counter()
            self.page.panel.rows_area.viewport().repaint()
            took.append((time.perf_counter() - started) * 1000)
        return statistics.median(took)

    def close(self) -> None:
        self.page.hide()
        self._jobs.close()
        self.page.deleteLater()
        self._app.processEvents()

    def _until(self, shown: Callable[[], bool]) -> None:
        end = time.perf_counter() + _PATIENCE_S
        while not shown():
            self._app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
            if time.perf_counter() > end:
                raise RuntimeError("nothing was shown")


def rows() -> list[Row]:
    app = application()
    today = datetime.now(UTC).date()
    policy = read_policy(resource("policy.toml").read_text(encoding="utf-8"))
    boss = Member(id=SUPERVISOR, name="Supervisor 01", role=Role.SUPERVISOR, recipient="age1synthetic")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        team = build(folder, today=today)
        with (
            serving(folder, team.url) as address,
            CaseSystem(address, team.tokens[SUPERVISOR], "bench") as client,
        ):
            columns = week_columns(today)
            asking, making = [], []
            for _ in range(TURNS):
                started = time.perf_counter()
                answer = client.team_weeks(days_in(columns))
                asked = time.perf_counter()
                weeks_table(answer)
                asking.append((asked - started) * 1000)
                making.append((time.perf_counter() - asked) * 1000)
            view = View(app, Session(Supervising(client), policy, boss, Readings(), Kept()))
            try:
                turns = [view.year() for _ in range(TURNS)]
                screenful = view.scrolled()
            finally:
                view.close()
    took, stalls, worked = zip(*turns, strict=True)
    people = len(answer.members)
    shown = statistics.median(took)
    return [
        (f"a year of {people} people, asked until painted, median of {TURNS}", shown, "ms", shown / AIM_MS),
        ("the slowest of them", max(took), "ms", max(took) / AIM_MS),
        ("longest stall of the window meanwhile", max(stalls), "ms", max(stalls) / STALL_MS),
        ("processor time of the window's thread for it", statistics.median(worked), "ms", None),
        ("of it: the answer, read and checked", statistics.median(asking), "ms", None),
        ("of it: rows and weeks", statistics.median(making), "ms", None),
        ("one more screenful while scrolling", screenful, "ms", None),
    ]
