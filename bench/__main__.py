"""`make bench`: every measurement in one run, as a table with the ratio beside each figure.

A module of this package is one subject; its `rows()` returns (name, value, unit, ratio or None). Ratios are to bare
work or a peer measured in the same run; absolute figures on small shared machines drift and are only there for
orientation. `python -m bench NAME…` runs only the named subjects.
"""

from __future__ import annotations

import importlib
import math
import os
import platform
import sys
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

SUBJECTS = (
    "age_throughput",
    "store_throughput",
    "known_hashes",
    "media_open",
    "media_stills",
    "media_pages",
    "media_films",
    "media_playback",
    "queue",
    "team_year",
    "shift",
    "gallery",
    "keystrokes",
    "wellbeing",
    "team_view",
    "packaging",
)
WIDTH = 118

Row = tuple[str, float, str, float | None]


def main() -> int:
    chosen = sys.argv[1:] or list(SUBJECTS)
    unknown = [name for name in chosen if name not in SUBJECTS]
    if unknown:
        print(f"No such subject: {', '.join(unknown)}. There are: {', '.join(SUBJECTS)}", file=sys.stderr)
        return 2
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    console = Console(width=WIDTH, highlight=False)
    console.print(f"{datetime.now(UTC):%Y-%m-%d}, {machine}")
    for subject in chosen:
        module = importlib.import_module(f"bench.{subject}")
        table = Table(title=(module.__doc__ or subject).splitlines()[0], title_justify="left", title_style="bold")
        table.add_column("what", ratio=1)
        table.add_column("figure", justify="right", no_wrap=True)
        table.add_column("unit", no_wrap=False, max_width=22)
        table.add_column("ratio", justify="right", no_wrap=True)
        table.expand = True
        rows: list[Row] = module.rows()
        for name, value, unit, ratio in rows:
            table.add_row(name, _figure(value), unit, "" if ratio is None else f"{ratio:.2f}")
        console.print(table)
    return 0


def _figure(value: float) -> str:
    """Three digits that mean something, and no more. NaN is a figure there is none of: its row says why."""
    if math.isnan(value):
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


if __name__ == "__main__":
    raise SystemExit(main())
