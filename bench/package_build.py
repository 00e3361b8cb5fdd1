"""`python -m bench.package_build`: builds one package and verifies it, and tells what that took, in its own process.

What the bench holds otherwise would be counted as memory of this. The order comes as one line of JSON on the standard
input: where the package goes, the recipient's identity, and the items as (container, bytes, SHA-256), each opened with
the key of the organisation. Prints the figures as one line of JSON.
"""

from __future__ import annotations

import itertools
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
from reviewer.handoff.verifying_tar import TarReading
from reviewer.vault import age
from reviewer.workstation.age_envelope import AgeEnvelope

FOLDER = "2026-01843-019a9f00"
Container = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class Phase:
    """Seconds that passed, and of processors."""

    seconds: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Took:
    """Putting it on the disk is part of sealing. Memory in MiB: the most, and what it was before."""

    sealing: Phase
    checking: Phase
    verifying: Phase
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
        container = Path(path).open("rb", buffering=0)  # noqa: SIM115 (closed with the reader)
        reader = age.open(container, [identity], close_source=True)
        reader.decrypt_alone()
        return reader

    return Evidence(f"data/items/2026-01843_{number:03}.mp4", size, sha256, opened)


def envelope_to(identity: age.X25519Identity) -> AgeEnvelope:
    return AgeEnvelope(age.Sealing([identity.recipient()]))


def took(plan: Plan, recipient: age.X25519Identity, target: Path) -> Took:
    before = _memory("VmRSS")
    moments = [_now()]

    def progress(phase: str, done: int, _total: int) -> None:
        if phase == "checking" and done == 0:
            moments.append(_now())

    build(plan, envelope_to(recipient), target, progress=progress, cancelled=lambda: False)
    moments.append(_now())
    _verify(target, recipient, len(plan.entries))
    moments.append(_now())
    phases = [Phase(b.seconds - a.seconds, b.cpu - a.cpu) for a, b in itertools.pairwise(moments)]
    return Took(*phases, _memory("VmHWM"), before)


def _verify(package: Path, recipient: age.X25519Identity, files: int) -> None:
    """The pass over all bytes that verifying makes; what it does with the documents afterwards takes no time."""
    with package.open("rb", buffering=0) as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        with age.open(file, [recipient]) as plain:
            assert len(list(TarReading(plain, cap=lambda path: None).files())) == files


def _now() -> Phase:
    return Phase(time.perf_counter(), time.process_time())


def _memory(name: str) -> float:
    found = re.search(name + r":\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def main() -> None:
    order = json.load(sys.stdin)
    recipient = age.identity(order["recipient"])
    assert isinstance(recipient, age.X25519Identity)
    plan = a_plan(order["containers"], age.identity(order["identity"]))
    print(json.dumps(asdict(took(plan, recipient, Path(order["target"])))))


if __name__ == "__main__":
    os.umask(0o077)
    main()
