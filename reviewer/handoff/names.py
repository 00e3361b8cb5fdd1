"""Names inside a package: what the case system calls a thing, made safe for every file system, or refused. Pure.

A name in a package consists of ASCII letters, digits and `-_.`. Every other printable character becomes `_`, the slash
of an exhibit number too: "2026-01843/003.02" is "2026-01843_003.02". What could deceive is refused and never repaired:
exhibit numbers identify evidence, and a repaired one is another one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from reviewer.handoff.errors import NameUnusable
from reviewer.model.cases import Item

# Bytes of one part of a path: what the name field of a tar header holds, so that every reader of tar finds it there.
MAX_PART = 100
# Nothing longer is looked at: normalising takes time.
MAX_NAME = 300
PAYLOAD = "data/items"

_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*", re.ASCII)
_NOT_ALLOWED = re.compile(r"[^A-Za-z0-9._-]", re.ASCII)
_ENDING = re.compile(r"[a-z0-9]{1,10}", re.ASCII)
# Control and format characters (right-to-left marks among them), surrogates, private, unassigned, line separators.
_DECEIVING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_WINDOWS = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{number}" for port in ("com", "lpt") for number in range(10)}
)


def safe_part(untrusted_name: str) -> str:
    """`untrusted_name` as one part of a path: letters, digits and `-_.`, at most MAX_PART bytes.

    NameUnusable for control and format characters, `.` and `..` as a part, nothing before or after a slash, a leading
    dot or dash, a trailing dot, names that Windows reserves, and what is too long.
    """
    if len(untrusted_name) > MAX_NAME:
        raise NameUnusable("A name is too long for a package.")
    name = unicodedata.normalize("NFC", untrusted_name)
    if any(unicodedata.category(character) in _DECEIVING for character in name):
        raise NameUnusable("A name holds characters that cannot be seen or printed.")
    if any(part in ("", ".", "..") for part in re.split(r"[/\\]", name)):
        raise NameUnusable("A name is empty, or would lead to another folder.")
    part = _NOT_ALLOWED.sub("_", name)
    check_part(part)
    return part


def check_part(part: str) -> None:
    """NameUnusable for a part of a path that is not safe as it is."""
    if len(part) > MAX_PART:
        raise NameUnusable("A name is too long for a package.")
    if _PART.fullmatch(part) is None or part.endswith("."):
        raise NameUnusable("A name begins or ends with what a file name must not.")
    if part.partition(".")[0].casefold() in _WINDOWS:
        raise NameUnusable("A name is one that Windows reserves for a device.")


def check_path(path: str) -> None:
    """NameUnusable for a path, relative to the bag's folder, any part of which is not safe as it is."""
    for part in path.split("/"):
        check_part(part)


def check_distinct(names: Iterable[str]) -> None:
    """NameUnusable when two are the same, or are for a file system that does not tell capital letters from small."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise NameUnusable("Two names would be the same in a package.")
        seen.add(name.casefold())


def ending(untrusted_format: str) -> str:
    """A file name's ending, without the dot, for a format's usual name; "bin" for one that is none."""
    return untrusted_format if _ENDING.fullmatch(untrusted_format) else "bin"


def exhibit_paths(items: Iterable[Item]) -> dict[str, str]:
    """Where each item lies in the bag, by its id: "data/items/<exhibit>.<format>".

    NameUnusable also when two exhibit numbers come to the same name: neither is renamed, and none is left out.
    """
    chosen = list(items)
    stems = [safe_part(item.exhibit) for item in chosen]
    check_distinct(stems)
    found: dict[str, str] = {}
    for item, stem in zip(chosen, stems, strict=True):
        part = f"{stem}.{ending(item.facts.format)}"
        check_part(part)
        found[item.id] = f"{PAYLOAD}/{part}"
    if len(found) != len(chosen):
        raise NameUnusable("An item was chosen twice.")
    return found
