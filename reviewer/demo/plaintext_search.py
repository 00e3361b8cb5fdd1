"""Looks for traces of the synthetic evidence in everything that was written while the demo ran.

What it cannot see: traces inside compressed or encrypted files, and files that were deleted before it looked.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path

from reviewer.demo.trace_forms import Needle, media_signature, needles

_BLOCK = 1 << 20

# File times come from a coarser clock than `time.time()` and may lie a little before it.
_CLOCK_SLACK_S = 2.0


@dataclass(frozen=True, slots=True)
class Hit:
    """A trace in a file. `form` is how it was written; `marker` is the marker's index, None for a signature or a stump.

    `offset` is in bytes from the start of the file, -1 for a trace in the file's name.
    """

    path: Path
    form: str
    marker: int | None
    offset: int


@dataclass(slots=True)
class SearchReport:
    """What was found, and how much was looked at. `unreadable` counts files and folders that could not be searched."""

    hits: list[Hit] = field(default_factory=list)
    files: int = 0
    bytes: int = 0
    unreadable: int = 0
    vanished: int = 0
    folders_missing: int = 0


def search(
    folders: Iterable[Path], markers: Sequence[bytes], *, since: float, exclude: Iterable[Path] = ()
) -> SearchReport:
    """Search every regular file below `folders` that was written or changed since `since` (seconds since the epoch).

    Links are not followed and a file reached twice is searched once. Memory does not grow with the size of files.
    """
    report = SearchReport()
    looking_for = needles(markers)
    left_out = tuple(path.resolve() for path in exclude)
    seen: set[tuple[int, int]] = set()
    for folder in folders:
        if not folder.is_dir():
            report.folders_missing += 1
            continue
        for path in _files(folder.resolve(), left_out, report):
            try:
                _search_file(path, since - _CLOCK_SLACK_S, looking_for, seen, report)
            except FileNotFoundError:
                report.vanished += 1
            except OSError:
                report.unreadable += 1
    return report


def _files(folder: Path, left_out: tuple[Path, ...], report: SearchReport) -> Iterator[Path]:
    def unreadable(error: OSError) -> None:
        if isinstance(error, FileNotFoundError):
            report.vanished += 1
        else:
            report.unreadable += 1

    for here, folders, files in os.walk(folder, onerror=unreadable):
        current = Path(here)
        folders[:] = [name for name in folders if current / name not in left_out]
        if current not in left_out:
            yield from (current / name for name in files if current / name not in left_out)


def _search_file(
    path: Path, since: float, looking_for: tuple[Needle, ...], seen: set[tuple[int, int]], report: SearchReport
) -> None:
    about = path.lstat()
    # Renaming into place keeps the time of writing but not the time of change, so the later of the two counts.
    if not stat.S_ISREG(about.st_mode) or max(about.st_mtime, about.st_ctime) < since:
        return
    if (about.st_dev, about.st_ino) in seen:
        return
    _search_name(path, looking_for, report)
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    with FileIO(handle, "rb") as file:
        seen.add((about.st_dev, about.st_ino))
        report.files += 1
        longest = max((len(whole) for needle in looking_for for whole in needle.wholes), default=1)
        found: set[tuple[str, int | None]] = set()
        for window in _windows(file, os.fstat(handle).st_size, longest - 1, report):
            if window.start == 0 and (name := media_signature(bytes(window.bytes[:64]))) is not None:
                report.hits.append(Hit(path, f"{name} file", None, 0))
            for needle in looking_for:
                _search_window(path, window, longest, needle, found, report)


@dataclass(slots=True)
class _Window:
    """A piece of a file from offset `start`; `last` when nothing follows it."""

    start: int
    bytes: bytearray
    last: bool


def _windows(file: FileIO, length: int, overlap: int, report: SearchReport) -> Iterator[_Window]:
    """Pieces of a file, each beginning with the last `overlap` bytes of the one before.

    Stops at `length`, the size when it was opened: a log that grows while it is read would never end.
    """
    window = _Window(0, bytearray(), last=False)
    done = 0
    while not window.last:
        block = file.read(min(_BLOCK, length - done)) if done < length else b""
        done += len(block)
        report.bytes += len(block)
        window.bytes += block
        window.last = not block or done >= length
        yield window
        drop = max(0, len(window.bytes) - overlap)
        del window.bytes[:drop]
        window.start += drop


def _search_window(
    path: Path, window: _Window, longest: int, needle: Needle, found: set[tuple[str, int | None]], report: SearchReport
) -> None:
    """Report the first trace of each form and marker. What begins too near the end is left to the next window."""
    end = len(window.bytes) if window.last else len(window.bytes) - longest + 1
    at = window.bytes.find(needle.stem)
    while 0 <= at < end:
        marker = needle.marker_at(window.bytes, at)
        if (needle.form, marker) not in found:
            found.add((needle.form, marker))
            report.hits.append(Hit(path, needle.form, marker, window.start + at))
        at = window.bytes.find(needle.stem, at + 1)


def _search_name(path: Path, looking_for: tuple[Needle, ...], report: SearchReport) -> None:
    name = os.fsencode(path.name)
    for needle in looking_for:
        at = name.find(needle.stem)
        if at >= 0:
            report.hits.append(Hit(path, f"{needle.form} in the name", needle.marker_at(name, at), -1))
