"""Containers: how fast they decrypt beside the bare cipher and the `age` command, and what opening a large one takes.

`rows()` returns (name, value, unit, ratio or None). The ratio of a rate is to bare `decrypt_into` on the same chunks
into the same buffer in the same run, unless its name says otherwise. Bare means one core and ciphertext already in
memory; `age.open` also fetches it from the file, and uses a second core, where one is idle, for long reads.
Rates are the best of several rounds, so that what else the machine does weighs less.
The 4 GB container is written to the temp folder (zeros inside) and removed; REVIEWER_BENCH_LARGE=0 leaves it out.
"""

from __future__ import annotations

import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from reviewer.vault import age
from reviewer.vault.age.header import read_header, unwrap_file_key
from reviewer.vault.age.sources import PlainCiphertext
from reviewer.vault.age.stream import TAG_SIZE, Layout, chunk_nonce, payload_cipher

Row = tuple[str, float, str, float | None]

CHUNK = 64 * 1024
BUFFER = 1024 * 1024
MIB = 256
ROUNDS = 5
GIB = 1 << 30

# Run in a process of its own, so that what the rest of the bench took does not count as memory of this.
_LAST_BYTE = """
import re, sys, time
from pathlib import Path
from reviewer.vault import age

def status(name):
    return int(re.search(name + r":\\s+(\\d+) kB", Path("/proc/self/status").read_text())[1])

path, key = sys.argv[1:]
identity = age.identity(key)
before = status("VmRSS")
times = []
for _ in range(9):
    start = time.perf_counter()
    with open(path, "rb") as file, age.open(file, [identity]) as reader:
        reader.seek(-1, 2)
        assert len(reader.read(1)) == 1
        times.append(time.perf_counter() - start)
print(times[0] * 1e3, sorted(times)[4] * 1e3, (status("VmHWM") - before) / 1024)
"""


class Zeros(io.RawIOBase):
    """`size` zero bytes, without holding them."""

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), self._left)
        self._left -= count
        return count


def rows() -> list[Row]:
    identity = age.generate_x25519_identity()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sample.age"
        with path.open("wb") as file:
            age.encrypt(Zeros(MIB << 20), file, [identity.recipient()])
        found = _decryption(path, identity)
        found += _age_command(path, identity, Path(folder), found)
        found += _opening(Path(folder))
    return found


def _decryption(path: Path, identity: age.X25519Identity) -> list[Row]:
    target = bytearray(BUFFER)
    sealed = io.BytesIO(path.read_bytes())
    ways: list[tuple[str, Callable[[], float]]] = [
        ("bare decrypt_into, one core", lambda: _bare(sealed, identity, target)),
        ("age.open, sequential, readinto 1 MiB", lambda: _file_readinto(path, identity, target)),
        ("age.open, sequential, readinto 1 MiB, ciphertext in memory", lambda: _readinto(sealed, identity, target)),
        ("age.open, sequential, readinto 64 KiB", lambda: _file_readinto(path, identity, target[:CHUNK])),
        ("age.open, sequential, read 64 KiB", lambda: _file_read(path, identity)),
        ("age.open, random 64 KiB on chunk edges", lambda: _random(path, identity, CHUNK)),
        ("age.open, random 64 KiB anywhere (2 chunks each)", lambda: _random(path, identity, 1)),
    ]
    # Every way once per round, so that whatever else the machine does falls on all of them.
    rates = [[way() for _, way in ways] for _ in range(ROUNDS)]
    best = [max(column) for column in zip(*rates, strict=True)]
    return [
        (name, rate, "GB/s", rate / best[0] if number else None)
        for number, ((name, _), rate) in enumerate(zip(ways, best, strict=True))
    ]


def _rate(size: int, seconds: float) -> float:
    return size / seconds / 1e9


def _bare(sealed: io.BytesIO, identity: age.X25519Identity, target: bytearray) -> float:
    """The same chunks with the same key, straight from memory to the same buffer: no reader, no file, one core."""
    ciphertext = PlainCiphertext(sealed)
    header = read_header(ciphertext)
    layout = Layout.of(header.size, ciphertext.size)
    content = sealed.getbuffer()
    nonce = bytes(content[header.size : layout.start])
    cipher = payload_cipher(unwrap_file_key(header, [identity]), nonce)
    view = memoryview(target)
    steps = []
    for index in range(layout.chunks):
        start, place = layout.chunk_offset(index), index % (BUFFER // CHUNK) * CHUNK
        chunk = content[start : start + layout.chunk_size(index) + TAG_SIZE]
        plain = view[place : place + layout.chunk_size(index)]
        steps.append((chunk_nonce(index, final=index == layout.chunks - 1), chunk, plain))
    start_time = time.perf_counter()
    for chunk_number, chunk, plain in steps:
        cipher.decrypt_into(chunk_number, chunk, None, plain)
    return _rate(layout.plaintext_size, time.perf_counter() - start_time)


def _file_readinto(path: Path, identity: age.X25519Identity, target: bytearray) -> float:
    with path.open("rb") as file:
        return _readinto(file, identity, target)


def _readinto(source: io.BufferedIOBase, identity: age.X25519Identity, target: bytearray) -> float:
    with age.open(source, [identity]) as reader:
        start = time.perf_counter()
        while reader.readinto(target):
            pass
        return _rate(MIB << 20, time.perf_counter() - start)


def _file_read(path: Path, identity: age.X25519Identity) -> float:
    with path.open("rb") as file, age.open(file, [identity]) as reader:
        start = time.perf_counter()
        while reader.read(CHUNK):
            pass
        return _rate(MIB << 20, time.perf_counter() - start)


def _random(path: Path, identity: age.X25519Identity, step: int) -> float:
    places = random.Random(1)
    positions = [places.randrange((MIB << 20) - CHUNK) // step * step for _ in range(2000)]
    target = bytearray(CHUNK)
    with path.open("rb") as file, age.open(file, [identity]) as reader:
        start = time.perf_counter()
        for position in positions:
            reader.seek(position)
            reader.readinto(target)
        return _rate(len(positions) * CHUNK, time.perf_counter() - start)


def _age_command(path: Path, identity: age.X25519Identity, folder: Path, ours: list[Row]) -> list[Row]:
    command = shutil.which("age")
    if command is None:
        return []
    key = folder / "key.txt"
    key.write_text(identity.secret_text() + "\n")
    rates = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        subprocess.run([command, "-d", "-i", str(key), "-o", os.devnull, str(path)], check=True)
        rates.append(_rate(MIB << 20, time.perf_counter() - start))
    rate = max(rates)
    return [
        ("age command, decrypting the same file", rate, "GB/s", rate / ours[0][1]),
        ("age.open, sequential, ratio to the age command", ours[1][1], "GB/s", ours[1][1] / rate),
    ]


def _opening(folder: Path) -> list[Row]:
    """Open and read the last byte: first time and median in milliseconds, memory in MiB; ratio to the 4 MB file."""
    identity = age.generate_identity()
    sizes = [("4 MB", 4 << 20)]
    if os.environ.get("REVIEWER_BENCH_LARGE", "1") != "0" and shutil.disk_usage(folder).free > 6 * GIB:
        sizes.append(("4 GB", 4 << 30))
    found: list[Row] = []
    first_median = 0.0
    for name, size in sizes:
        path = folder / "large.age"
        start = time.perf_counter()
        with path.open("wb") as file:
            age.encrypt(Zeros(size), file, [identity.recipient()])
        seconds = time.perf_counter() - start
        answer = subprocess.run(
            [sys.executable, "-c", _LAST_BYTE, str(path), identity.secret_text()],
            check=True,
            capture_output=True,
            text=True,
        )
        first, median, memory = (float(figure) for figure in answer.stdout.split())
        first_median = first_median or median
        found += [
            (f"{name}, post-quantum: encrypt to disk", _rate(size, seconds), "GB/s", None),
            (f"{name}, post-quantum: open and last byte, first", first, "ms", None),
            (f"{name}, post-quantum: open and last byte, median", median, "ms", median / first_median),
            (f"{name}, post-quantum: memory taken", memory, "MiB", None),
        ]
        path.unlink()
    return found
