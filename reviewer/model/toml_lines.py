"""Where in a TOML text a field stands, so that a message can name the line. Pure; reads headers and keys, no values."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-]+)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-]+)(?:\.[A-Za-z0-9_.\-]+)?\s*=")


def line_of(text: str, path: str) -> int | None:
    """The line (from 1) of a field like `harm_types[2].start`, or of the nearest table around it; None if unknown.

    A field that is missing stands nowhere: then it is its table's line. Arrays of tables count from 0.
    """
    wanted = [part for part in re.split(r"\.", path.removeprefix("$").lstrip(".")) if part]
    best, depth = None, 0
    for number, names in _places(text):
        common = _shared(names, wanted)
        if common == len(names) and common > depth:
            best, depth = number, common
    return best


def _shared(names: list[str], wanted: list[str]) -> int:
    same = 0
    for name, want in zip(names, wanted, strict=False):
        # `conditions` names all of its tables, and a value's own index (`labels[1]`) lies within its line.
        if name != want and name != want.partition("[")[0]:
            break
        same += 1
    return same


def _places(text: str) -> list[tuple[int, list[str]]]:
    """Line and full path of every header and key, arrays of tables with their index."""
    found: list[tuple[int, list[str]]] = []
    counts: dict[str, int] = {}
    table: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header is not None:
            table = _indexed(header[2].split("."), counts, grows=header[1] == "[[")
            found.append((number, table))
            continue
        key = _KEY.match(line)
        if key is not None:
            found.append((number, [*table, key[1]]))
    return found


def _indexed(names: list[str], counts: dict[str, int], *, grows: bool) -> list[str]:
    path: list[str] = []
    for at, name in enumerate(names):
        plain = ".".join([*path, name])
        if grows and at == len(names) - 1:
            counts[plain] = counts.get(plain, -1) + 1
        path.append(f"{name}[{counts[plain]}]" if plain in counts else name)
    return path
