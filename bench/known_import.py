"""A process of its own for `known_hashes`: takes one CSV file in as the case system does, and says what it held.

    python -m bench.known_import CSV FOLDER

prints a JSON object: `seconds`, `peak_mb` of the process with the case system in it, `sha256` of the list's file,
`reader_seconds` of Python's CSV reader alone on the same file.
"""

from __future__ import annotations

import csv
import json
import resource
import sys
import time
from pathlib import Path

import reviewer.casesystem.app  # noqa: F401  (what the service has loaded anyway)
from reviewer.casesystem.known.list_file import write_columns
from reviewer.casesystem.known.reading_csv import csv_columns


def main() -> int:
    source, folder = Path(sys.argv[1]), Path(sys.argv[2])
    begun = time.perf_counter()
    with source.open(encoding="utf-8", newline="") as lines:
        for _ in csv.reader(lines):
            pass
    reader = time.perf_counter() - begun
    begun = time.perf_counter()
    with source.open("rb") as spool:
        written = write_columns(csv_columns(spool), folder)
    seconds = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "sha256": written.sha256, "reader_seconds": reader}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
