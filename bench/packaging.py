"""Packages: sealing and reading again beside `tar | age` and back, memory, cancelling, and other recipients.

`rows()` returns (name, value, unit, ratio or None). Every item is a sealed container on this disk, as on a workstation:
it is decrypted, digested, sealed for the recipient, flushed to the disk, and the package is then read from the disk
again, decrypted, and compared. Verified is the pass over all bytes that `reviewer handoff verify` makes. The peer is
`tar -c | age -r` of plaintext files until `sync` says that it is on the disk, and `age -d | tar -t` of a file that the
system has forgotten. The peer neither decrypts its input nor digests anything. Ratios are of rates, in the same run,
taken in turns, or of what it costs, which is what counts where other work fills both cores.

The 10 GB are ten readers of one container of 1 GB, zeros inside, against ten sparse files; "noise" is 2 GB in eight
containers of their own, all different. The temp folder needs 25 GB; REVIEWER_BENCH_LARGE=0 leaves out the 10 GB.
"""

from __future__ import annotations

import hashlib
import json
import os
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.package_build import FOLDER, Container, Phase, Took, a_plan, envelope_to
from reviewer.handoff.building import build
from reviewer.handoff.errors import BuildCancelled
from reviewer.vault import age

Row = tuple[str, float, str, float | None]

ZEROS, ZEROS_COPIES = 1_000_000_000, 10
NOISE, NOISE_COUNT = 250_000_000, 8
ROUNDS = 3
CANCELLED = 12
READDRESSED = 9
_NEEDED = 25 * 10**9
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Load:
    """The same items twice: sealed for us, as files of a folder for `tar`."""

    name: str
    size: int
    containers: Sequence[Container]
    plain: Path


def rows() -> list[Row]:
    if shutil.which("age") is None:
        return [("no `age` command: nothing to compare with", float("nan"), "", None)]
    ours, recipient = age.generate_identity(), age.generate_x25519_identity()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "key.txt").write_text(recipient.secret_text() + "\n")
        bench = _Bench(folder, ours, recipient)
        noise = _noise(folder, ours)
        found = bench.compared(noise, ROUNDS)
        found += bench.cancelled(noise)
        shutil.rmtree(noise.plain)
        zeros = _zeros(folder, ours)
        small = Load(_gigabytes(ZEROS), ZEROS, zeros.containers[:1], zeros.plain)
        found += bench.readdressed(small, None)
        if os.environ.get("REVIEWER_BENCH_LARGE", "1") != "0" and shutil.disk_usage(folder).free > _NEEDED:
            found += bench.compared(zeros, 1)
            found += bench.readdressed(zeros, found)
        return found


class _Bench:
    def __init__(self, folder: Path, ours: age.Identity, recipient: age.X25519Identity) -> None:
        self._folder = folder
        self._ours = ours
        self._recipient = recipient
        self._package = folder / "package.tar.age"
        self._peers = folder / "peers.tar.age"

    def compared(self, load: Load, rounds: int) -> list[Row]:
        """Rates of the best round, as everywhere where whole runs are few; memory of the worst."""
        took: list[Took] = []
        sealing: list[Phase] = []
        opening: list[Phase] = []
        for _ in range(rounds):
            sealing.append(self._peer_seals(load))
            _forget(self._peers)
            opening.append(self._peer_opens())
            self._peers.unlink()
            took.append(self._built(load))
            self._package.unlink()
        memory = max(took, key=lambda one: one.memory)
        name, back = load.name, "age -d | tar t"
        return [
            *_rows(f"{name}, sealed and on the disk", load, [one.sealing for one in took], "tar | age", sealing),
            *_rows(f"{name}, read again and compared", load, [one.checking for one in took], back, opening),
            *_rows(f"{name}, verified", load, [one.verifying for one in took], back, opening),
            (f"{name}, most memory", memory.memory, f"MiB (before {memory.memory_before:.0f})", None),
        ]

    def cancelled(self, load: Load) -> list[Row]:
        """From asking to end to having ended, at moments all over both phases; the `.part` is kept each time."""
        rng = random.Random(1)
        taken: list[float] = []
        for number in range(CANCELLED):
            phase = ("sealing", "checking")[number % 2]
            taken.append(self._one_cancelled(load, phase, rng.uniform(0.0, 1.0)))
        return [
            (f"{load.name}, cancelled, median", statistics.median(taken), "s", None),
            (f"{load.name}, cancelled, longest", max(taken), "s", None),
        ]

    def readdressed(self, load: Load, found: Sequence[Row] | None) -> list[Row]:
        """Median; the ratio is to the smaller package's."""
        name = f"{load.name}, sealed again to another recipient by its header"
        self._built(load)
        holder = self._recipient
        times: list[float] = []
        for _ in range(READDRESSED):
            other = age.generate_x25519_identity()
            begun = time.perf_counter()
            age.readdress(self._package, [holder], [other.recipient()])
            times.append(time.perf_counter() - begun)
            holder = other
        with self._package.open("rb") as file, age.open(file, [holder]) as reader:
            assert reader.read(len(FOLDER)) == FOLDER.encode()
        self._package.unlink()
        median = statistics.median(times) * 1000
        smaller = next((row[1] for row in found or () if row[0].endswith("by its header")), None)
        return [(name, median, "ms", None if smaller is None else median / smaller)]

    def _peer_seals(self, load: Load) -> Phase:
        command = 'tar -cf - -C "$1" . | age -r "$2" -o "$3" && sync "$3"'
        return _run(command, str(load.plain), str(self._recipient.recipient()), str(self._peers))

    def _peer_opens(self) -> Phase:
        return _run('age -d -i "$1" "$2" | tar -tf - >/dev/null', str(self._folder / "key.txt"), str(self._peers))

    def _built(self, load: Load) -> Took:
        order = {
            "target": str(self._package),
            "identity": self._ours.secret_text(),  # type: ignore[attr-defined]
            "recipient": self._recipient.secret_text(),
            "containers": load.containers,
        }
        command = [sys.executable, "-m", "bench.package_build"]
        done = subprocess.run(command, input=json.dumps(order), stdout=subprocess.PIPE, text=True, check=True)
        return _took(json.loads(done.stdout))

    def _one_cancelled(self, load: Load, phase: str, after: float) -> float:
        """`after`: what part of the phase is to be done first."""
        asked, at = threading.Event(), [0.0]

        def progress(now: str, done: int, total: int) -> None:
            if now == phase and done >= after * total and not asked.is_set():
                # A little later, so that it does not fall on the moment at which it is looked for.
                threading.Timer(0.007, ask).start()

        def ask() -> None:
            if not asked.is_set():
                at[0] = time.perf_counter()
                asked.set()

        plan = a_plan(load.containers, self._ours)
        try:
            build(plan, envelope_to(self._recipient), self._package, progress=progress, cancelled=asked.is_set)
        except BuildCancelled:
            taken = time.perf_counter() - at[0]
        else:
            # Asked when all was done but its name: nothing was left to end.
            taken = 0.0
            self._package.unlink()
        asked.set()
        self._package.with_name(self._package.name + ".part").unlink(missing_ok=True)
        return taken


def _rows(name: str, load: Load, ours: Sequence[Phase], peer: str, theirs: Sequence[Phase]) -> list[Row]:
    gigabytes = load.size / 1e9
    seconds, peers_seconds = min(one.seconds for one in ours), min(one.seconds for one in theirs)
    cpu, peers_cpu = min(one.cpu for one in ours), min(one.cpu for one in theirs)
    return [
        (name, gigabytes / seconds, f"GB/s ({peer} {gigabytes / peers_seconds:.2f})", peers_seconds / seconds),
        (
            f"{name}, what it costs",
            cpu / gigabytes,
            f"s of processors a GB (peer {peers_cpu / gigabytes:.2f})",
            cpu / peers_cpu,
        ),
    ]


def _noise(folder: Path, ours: age.Identity) -> Load:
    plain = folder / "noise"
    plain.mkdir()
    containers = []
    for number in range(NOISE_COUNT):
        path = plain / f"{number}.mp4"
        with path.open("wb") as file:
            for begin in range(0, NOISE, _BLOCK):
                file.write(os.urandom(min(_BLOCK, NOISE - begin)))
        containers.append(_sealed(folder / f"noise-{number}.age", path, ours))
    size = NOISE * NOISE_COUNT
    return Load(f"{_gigabytes(size)} of noise", size, containers, plain)


def _zeros(folder: Path, ours: age.Identity) -> Load:
    plain = folder / "zeros"
    plain.mkdir()
    for number in range(ZEROS_COPIES):
        with (plain / f"{number}.mp4").open("wb") as file:
            file.truncate(ZEROS)
    container = _sealed(folder / "zeros.age", plain / "0.mp4", ours)
    size = ZEROS * ZEROS_COPIES
    return Load(_gigabytes(size), size, [container] * ZEROS_COPIES, plain)


def _sealed(target: Path, plain: Path, ours: age.Identity) -> Container:
    with plain.open("rb") as file, target.open("wb") as sealed:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        age.encrypt(file, sealed, [ours.recipient()])
        sealed.flush()
        os.fsync(sealed.fileno())
    return str(target), plain.stat().st_size, digest


def _forget(path: Path) -> None:
    """Make the system forget what it keeps of the file in memory, as building does before it reads again."""
    with path.open("rb") as file:
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _took(told: dict[str, Any]) -> Took:
    phases = {name: Phase(**told.pop(name)) for name in ("sealing", "checking", "verifying")}
    return Took(**phases, **told)


def _run(command: str, *arguments: str) -> Phase:
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(["bash", "-c", f"set -o pipefail; {command}", "bash", *arguments], check=True)
    seconds, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Phase(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.3g} GB"
