"""A process of its own for `known_hashes`: looks items up in one list as the case system does, and says what it holds.

    python -m bench.known_lookups LIST QUERIES

prints a JSON object: `times_ms` of the look-ups, `resident_mb` of the process with the case system in it, `peak_mb`,
`base_mb` before the first look-up, `flat_ms` of faiss's own index of whole hashes on the same questions.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from pathlib import Path

import reviewer.casesystem.app  # noqa: F401  (what the service has loaded anyway)
from reviewer.casesystem.known.list_file import ListFile
from reviewer.casesystem.known.look_up import OpenList
from reviewer.casesystem.known.prints import Prints
from reviewer.model.known import PDQ_MATCH, MatchKind

PAGE_MB = resource.getpagesize() / 1e6
FLAT_QUERIES = 10


def main() -> int:
    path, count = Path(sys.argv[1]), int(sys.argv[2])
    rng = random.Random(7)
    asked = [_unknown(rng) for _ in range(count)]
    base = _resident_mb()
    opened = OpenList(path)
    opened.matches([_unknown(rng)])
    times = []
    for prints in asked:
        begun = time.perf_counter()
        found = opened.matches([prints])
        times.append((time.perf_counter() - begun) * 1000.0)
        assert found == [[]]
    resident, peak = _resident_mb(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    flat = _flat(path, [prints.alike[0] for prints in asked[:FLAT_QUERIES]])
    told = {"times_ms": times, "resident_mb": resident, "peak_mb": peak, "base_mb": base, "flat_ms": flat}
    print(json.dumps(told))
    return 0


def _unknown(rng: random.Random) -> Prints:
    exact = {MatchKind.SHA256: rng.randbytes(32), MatchKind.SHA1: rng.randbytes(20), MatchKind.MD5: rng.randbytes(16)}
    pdq = rng.randbytes(32)
    return Prints(exact, [pdq], pdq)


def _flat(path: Path, queries: list[bytes]) -> list[float]:
    import faiss
    import numpy as np

    count, heads, tails = ListFile(path).pdq_halves()
    whole = np.empty((count, 32), np.uint8)
    whole[:, :16] = np.fromfile(path, np.uint8, count * 16, offset=heads).reshape(-1, 16)
    whole[:, 16:] = np.fromfile(path, np.uint8, count * 16, offset=tails).reshape(-1, 16)
    index = faiss.IndexBinaryFlat(256)
    index.add(whole)
    times = []
    for query in queries:
        begun = time.perf_counter()
        index.range_search(np.frombuffer(query, np.uint8).reshape(1, 32), PDQ_MATCH + 1)
        times.append((time.perf_counter() - begun) * 1000.0)
    return times


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE_MB


if __name__ == "__main__":
    raise SystemExit(main())
