"""Damaged files of every kind, several thousand, always the same for one seed of chance."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from fuzz_chunks import chunks_of, mended_png
from fuzz_seeds import MAKERS, seed_file
from hostile_files import HOSTILE

PER_SEED = 72
_NUMBERS = (
    0,
    1,
    2,
    7,
    0x7F,
    0x80,
    0xFF,
    0x7FFF,
    0x8000,
    0xFFFF,
    0x7FFFFFFF,
    0x80000000,
    0xFFFFFFFF,
    0x01000000,
    1 << 62,
)


@dataclass(frozen=True, slots=True)
class Damaged:
    """`kind` is the healthy file's name, or "hostile" for what was built to hurt; `how` what was done to it."""

    kind: str
    how: str
    data: bytes

    @property
    def name(self) -> str:
        return f"{self.kind}/{self.how}"


Way = Callable[[random.Random, bytes], bytes]


def _cut(rng: random.Random, data: bytes) -> bytes:
    ends = [chunk.start + rng.choice((0, 1, 4, 8)) for chunk in chunks_of(data)] + [
        chunk.end - 1 for chunk in chunks_of(data)
    ]
    return data[: rng.choice([*ends, rng.randrange(len(data)), rng.randrange(min(64, len(data))), len(data) - 1])]


def _flip(rng: random.Random, data: bytes) -> bytes:
    out = bytearray(data)
    for _ in range(rng.choice((1, 1, 2, 8, 64))):
        out[_place(rng, data)] ^= 1 << rng.randrange(8)
    return bytes(out)


def _run(rng: random.Random, data: bytes) -> bytes:
    at, length = _place(rng, data), rng.choice((1, 2, 4, 16, 64, 512))
    fill = rng.choice((b"\x00", b"\xff", b"\x80", bytes([rng.randrange(256)])))
    return data[:at] + fill * len(data[at : at + length]) + data[at + length :]


def _number(rng: random.Random, data: bytes) -> bytes:
    size = rng.choice((1, 2, 2, 4, 4, 4, 8))
    at = _place(rng, data)
    value = rng.choice(_NUMBERS) & ((1 << 8 * size) - 1)
    return data[:at] + value.to_bytes(size, rng.choice(("big", "little"))) + data[at + size :]


def _length(rng: random.Random, data: bytes) -> bytes:
    """A chunk says that it is longer, shorter, empty or endless."""
    with_length = [chunk for chunk in chunks_of(data) if chunk.length_at >= 0]
    if not with_length:
        return _number(rng, data)
    chunk = rng.choice(with_length)
    order = "big" if chunk.big else "little"
    old = int.from_bytes(data[chunk.length_at : chunk.length_at + chunk.length_size], order)
    new = rng.choice((0, 1, old - 1, old + 1, old * 2, old // 2, old + (1 << 20), *_NUMBERS))
    cut = (new & ((1 << 8 * chunk.length_size) - 1)).to_bytes(chunk.length_size, order)
    return data[: chunk.length_at] + cut + data[chunk.length_at + chunk.length_size :]


def _drop(rng: random.Random, data: bytes) -> bytes:
    chunk = rng.choice(chunks_of(data))
    return data[: chunk.start] + data[chunk.end :]


def _twice(rng: random.Random, data: bytes) -> bytes:
    chunk = rng.choice(chunks_of(data))
    piece = data[chunk.start : chunk.end]
    return data[: chunk.end] + piece * rng.choice((1, 2, 50 if len(piece) < 4000 else 2)) + data[chunk.end :]


def _swap(rng: random.Random, data: bytes) -> bytes:
    found = chunks_of(data)
    a, b = sorted(rng.sample(range(len(found)), 2)) if len(found) > 1 else (0, 0)
    one, two = found[a], found[b]
    if one.end > two.start:
        return _drop(rng, data)
    middle = data[one.end : two.start]
    return data[: one.start] + data[two.start : two.end] + middle + data[one.start : one.end] + data[two.end :]


def _shuffle(rng: random.Random, data: bytes) -> bytes:
    """Bytes within a window change places: statistics stay, sense goes."""
    at = _place(rng, data)
    window = bytearray(data[at : at + rng.choice((8, 64, 400))])
    rng.shuffle(window)
    return data[:at] + bytes(window) + data[at + len(window) :]


def _splice(rng: random.Random, data: bytes) -> bytes:
    other = seed_file(rng.choice(sorted(MAKERS)))
    return data[: rng.randrange(1, len(data))] + other[rng.randrange(len(other)) :]


def _graft(rng: random.Random, data: bytes) -> bytes:
    """A part of another file in place of one of its own."""
    other = seed_file(rng.choice(sorted(MAKERS)))
    ours, theirs = rng.choice(chunks_of(data)), rng.choice(chunks_of(other))
    return data[: ours.start] + other[theirs.start : theirs.end] + data[ours.end :]


def _append(rng: random.Random, data: bytes) -> bytes:
    """Two whole files in one: which is it?"""
    return data + seed_file(rng.choice(sorted(MAKERS)))


def _place(rng: random.Random, data: bytes) -> int:
    """Anywhere, but more often near the start and at joints, where the decisions are."""
    chance = rng.random()
    if chance < 0.35:
        return rng.randrange(min(len(data), 128))
    if chance < 0.7:
        return min(len(data) - 1, rng.choice(chunks_of(data)).start + rng.randrange(24))
    return rng.randrange(len(data))


WAYS: dict[str, tuple[Way, int]] = {
    "cut": (_cut, 10),
    "flip": (_flip, 12),
    "run": (_run, 8),
    "number": (_number, 12),
    "length": (_length, 10),
    "drop": (_drop, 4),
    "twice": (_twice, 4),
    "swap": (_swap, 3),
    "shuffle": (_shuffle, 3),
    "splice": (_splice, 2),
    "graft": (_graft, 2),
    "append": (_append, 2),
}
assert sum(count for _, count in WAYS.values()) == PER_SEED


def damaged_from(kind: str, chance: int = 1) -> Iterator[Damaged]:
    """`PER_SEED` damaged files made from one healthy file."""
    healthy = seed_file(kind)
    for way, (damage, count) in WAYS.items():
        for index in range(count):
            rng = random.Random(f"{chance}/{kind}/{way}/{index}")
            data = damage(rng, healthy)
            if kind.startswith("png") and index % 2:
                data = mended_png(data)
            yield Damaged(kind, f"{way}-{index}", data)


def corpus(chance: int = 1) -> Iterator[Damaged]:
    """Everything: each healthy file damaged in every way, and the files that were built to hurt."""
    for kind in MAKERS:
        yield from damaged_from(kind, chance)
    for how in HOSTILE:
        yield Damaged("hostile", how, HOSTILE[how]())


def a_sample(count: int, chance: int = 1) -> list[Damaged]:
    """A small cross-section: damaged files of every kind in turn. The hostile ones are asked for by themselves."""
    rng = random.Random(f"sample/{chance}")
    made = []
    while len(made) < count:
        for kind in MAKERS:
            way = rng.choice(list(WAYS))
            damage, most = WAYS[way]
            index = rng.randrange(most)
            chosen = random.Random(f"{chance}/{kind}/{way}/{index}")
            made.append(Damaged(kind, f"{way}-{index}", damage(chosen, seed_file(kind))))
    return made[:count]
