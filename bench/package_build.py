"""`python -m bench.package_build`: builds one package and tells what that took, in a process of its own.

What the bench holds otherwise would be counted as memory of this. The order comes as one line of JSON on the standard
input: where the package goes, the recipient's identity, and the items as (container, bytes, SHA-256), each opened with
the key of the organisation. Prints the figures as one line of JSON.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from reviewer.handoff.bag import plan_bag
from reviewer.handoff.building import build
from reviewer.handoff.plan import Document, Evidence, Plan
from reviewer.vault import age
from reviewer.workstation.age_envelope import AgeEnvelope

FOLDER = "2026-01843-019a9f00"
Container = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds of each phase, put on the disk included in sealing, and of processors; memory in MiB: the most, and what
    it was before."""

    sealing_s: float
    checking_s: float
    sealing_cpu_s: float
    checking_cpu_s: float
    memory: float
    memory_before: float


def a_plan(containers: Sequence[Container], identity: age.Identity) -> Plan:
    """A bag of these items; signature and stamp are bytes of about the size real ones have."""
    return plan_bag(
        folder=FOLDER,
        built_at=datetime(2026, 11, 22, tzinfo=UTC),
        documents=[Document("README-FIRST.txt", b"Begin here.\n"), Document("metadata/report.pdf", bytes(200_000))],
        evidence=[_evidence(number, one, identity) for number, one in enumerate(containers)],
        info=(("Source-Organization", "Example Platform Ltd"), ("External-Identifier", "2026-01843")),
        sign=lambda listed: bytes(3000),
        stamp=lambda signature: bytes(5000),
    )


def _evidence(number: int, container: Container, identity: age.Identity) -> Evidence:
    path, size, sha256 = container

    def opened() -> age.PayloadReader:
        return age.open(open(path, "rb", buffering=0), [identity], close_source=True)  # noqa: PTH123

    return Evidence(f"data/items/2026-01843_{number:03}.mp4", size, sha256, opened)


def envelope_to(identity: age.X25519Identity) -> AgeEnvelope:
    return AgeEnvelope(age.Sealing([identity.recipient()]))


def took(plan: Plan, envelope: AgeEnvelope, target: Path) -> Took:
    before = _memory("VmRSS")
    moments = [(time.perf_counter(), time.process_time())]

    def progress(phase: str, done: int, _total: int) -> None:
        if phase == "checking" and done == 0:
            moments.append((time.perf_counter(), time.process_time()))

    build(plan, envelope, target, progress=progress, cancelled=lambda: False)
    moments.append((time.perf_counter(), time.process_time()))
    (begun, begun_cpu), (checking, checking_cpu), (ended, ended_cpu) = moments
    return Took(
        checking - begun,
        ended - checking,
        checking_cpu - begun_cpu,
        ended_cpu - checking_cpu,
        _memory("VmHWM"),
        before,
    )


def _memory(name: str) -> float:
    found = re.search(name + r":\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def main() -> None:
    order = json.load(sys.stdin)
    recipient = age.identity(order["recipient"])
    assert isinstance(recipient, age.X25519Identity)
    plan = a_plan(order["containers"], age.identity(order["identity"]))
    print(json.dumps(asdict(took(plan, envelope_to(recipient), Path(order["target"])))))


if __name__ == "__main__":
    os.umask(0o077)
    main()
