"""`make bench`: every measurement in one run, as a table with the ratio beside each figure.

A module of this package is one subject; its `rows()` returns (name, value, unit, ratio or None). Ratios are to bare
work or a peer measured in the same run; absolute figures on these small machines drift and are only there for orientation.
`python -m bench NAME…` runs only the named subjects.
"""

from __future__ import annotations

import importlib
import os
import platform
import sys
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table

SUBJECTS = ("age_throughput", "store_throughput", "media_open", "shift")

Row = tuple[str, float, str, float | None]


def main() -> int:
    chosen = sys.argv[1:] or list(SUBJECTS)
    table = Table(
        title=f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    )
    for heading in ("what", "figure", "unit", "ratio"):
        table.add_column(heading, justify="left" if heading in ("what", "unit") else "right")
    for subject in chosen:
        if subject not in SUBJECTS:
            print(f"No such subject: {subject}. There are: {', '.join(SUBJECTS)}", file=sys.stderr)
            return 2
        rows: list[Row] = importlib.import_module(f"bench.{subject}").rows()
        for name, value, unit, ratio in rows:
            table.add_row(name, f"{value:,.2f}", unit, "" if ratio is None else f"{ratio:.2f}")
        table.add_section()
    Console(width=110).print(table)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
