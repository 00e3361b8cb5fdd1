"""Promise: no damaged or malicious file takes the window down, leaves anything on disk, or hurts the next item.

Each file is opened through the real broker and asked for everything; see `hostile_run`. `make fuzz` goes through the
whole corpus, `make test` through a cross-section.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fuzz_seeds import ARCHIVES, DOCUMENTS, IMAGES, MAKERS, SOUNDS, TEXTS, VIDEOS, seed_file
from hostile_files import HOSTILE
from hostile_run import (
    BEYOND,
    INTERNAL,
    LIMITS,
    Interview,
    Outcome,
    internal_failures_told_apart,
    opens_promptly,
    peak_memory,
)
from mutations import PER_SEED, Damaged, a_sample, corpus, damaged_from

from reviewer.media.broker import Broker

QUICK = (
    "png-zeros-20000x20000",
    "gif-giant-screen",
    "tiff-pages-in-a-ring",
    "jpeg-65500",
    "mp4-a-billion-samples",
    "mp4-outside-data",
    "playlist-concat",
    "wav-65535-channels",
    "json-deep",
    "text-backtracking",
    "mail-deep",
    "mail-names",
    "pdf-pages-in-a-ring",
    "pdf-ways-out",
    "zip-bomb",
    "zip-names",
    "tar-link",
    "tar-8g",
    "gzip-bomb",
    "7z-header-far",
)
FAMILIES = {
    "images": IMAGES,
    "videos": VIDEOS,
    "sounds": SOUNDS,
    "texts": TEXTS,
    "documents": DOCUMENTS,
    "archives": ARCHIVES,
}


@pytest.fixture(scope="module")
def wary() -> Iterator[Broker]:
    broker = Broker(limits=LIMITS, warm=0)
    broker.start()
    broker.sandbox_report()
    yield broker
    broker.close()


@pytest.fixture
def empty_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Home, temporary folder and working folder of this process; whatever turns up there was written by a file."""
    for name, variable in (("home", "HOME"), ("tmp", "TMPDIR"), ("cache", "XDG_CACHE_HOME"), ("cwd", "PWD")):
        (tmp_path / name).mkdir()
        monkeypatch.setenv(variable, str(tmp_path / name))
    monkeypatch.chdir(tmp_path / "cwd")
    before = set(Path("/tmp").glob("reviewer-*"))
    yield tmp_path
    assert not [path for path in tmp_path.rglob("*") if not path.is_dir()]
    assert set(Path("/tmp").glob("reviewer-*")) == before


def examine(broker: Broker, damaged: Damaged) -> list[str]:
    outcome = Interview(broker, damaged.data).hold()
    problems = [*outcome.problems, *memory_problem(broker, outcome)]
    if INTERNAL in outcome.codes.values():
        asked = [name for name, code in outcome.codes.items() if code == INTERNAL]
        problems.append(f"{', '.join(asked)}: an error the worker did not expect")
    if outcome.ending in ("M005", "M006", "M007"):
        problems.append(opens_promptly(broker, seed_file("jpeg")))
    return [f"{damaged.name}: {problem}" for problem in problems if problem]


def memory_problem(broker: Broker, outcome: Outcome) -> list[str]:
    assert broker._server.process is not None
    most = peak_memory(broker._server.process.pid) + LIMITS.memory_bytes
    return [f"{outcome.memory_bytes >> 20} MiB were used"] if outcome.memory_bytes > most else []


def examine_all(broker: Broker, files: list[Damaged]) -> None:
    with internal_failures_told_apart():
        problems = [problem for damaged in files for problem in examine(broker, damaged)]
    problems.append(opens_promptly(broker, seed_file("jpeg")))
    assert not [problem for problem in problems if problem]


def test_the_corpus_is_what_it_says() -> None:
    """Several thousand, of every kind, always the same, and nearly all of them really damaged."""
    kinds = {kind for family in FAMILIES.values() for kind in family}
    assert kinds == set(MAKERS)
    assert len(MAKERS) * PER_SEED + len(HOSTILE) > 4500
    once, again = ([(file.name, file.data) for file in damaged_from("gif")] for _ in range(2))
    assert once == again
    assert len({data for _, data in once}) > PER_SEED * 0.9
    assert sum(data == seed_file("gif") for _, data in once) < 4
    assert set(QUICK) <= set(HOSTILE)


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_the_healthy_files_open(wary: Broker, kind: str) -> None:
    """Else their damage would be found at the door and nothing behind it would ever be tried."""
    with internal_failures_told_apart():
        outcome = Interview(wary, seed_file(kind)).hold()
    assert not outcome.problems
    refused = {name: code for name, code in outcome.codes.items() if code != "ok" and name not in BEYOND}
    assert not refused
    assert len(outcome.codes) >= 4
    assert set(outcome.codes) & {"blurred", "text outline", "sound outline", "parts"}


def test_a_cross_section_of_damaged_files(wary: Broker, empty_places: Path) -> None:
    examine_all(wary, a_sample(70))


@pytest.mark.parametrize("how", QUICK)
def test_files_built_to_hurt(wary: Broker, empty_places: Path, how: str) -> None:
    examine_all(wary, [Damaged("hostile", how, HOSTILE[how]())])


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("family", FAMILIES)
def test_every_damaged_file(wary: Broker, empty_places: Path, family: str) -> None:
    examine_all(wary, [file for kind in FAMILIES[family] for file in damaged_from(kind)])


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
def test_every_file_built_to_hurt(wary: Broker, empty_places: Path) -> None:
    examine_all(wary, [file for file in corpus() if file.kind == "hostile"])


def shipped_files() -> Iterator[Damaged]:
    """Files made to break readers: those in Python's own test package, and in the folder REVIEWER_CRASH_FILES names."""
    found = importlib.util.find_spec("test")
    own = [Path(place) for place in (found.submodule_search_locations or ())] if found is not None else []
    folders = [place / "test_email" / "data" for place in own]
    folders += [place / name for place in own for name in ("audiodata", "imghdrdata", "sndhdrdata", "archivetestdata")]
    if given := os.environ.get("REVIEWER_CRASH_FILES"):
        folders.append(Path(given))
    for folder in folders:
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and path.stat().st_size < 16 << 20:
                yield Damaged("shipped", path.name, path.read_bytes())


@pytest.mark.fuzz
@pytest.mark.timeout(3600)
def test_files_that_packages_ship_to_break_readers(wary: Broker, empty_places: Path) -> None:
    examine_all(wary, list(shipped_files()))
