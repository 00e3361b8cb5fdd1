"""Keeping other processes and the disk out of this process's memory, and reading back what the system granted.

`harden_process` is the first line of main: what ran before it ran unprotected. Linux is where this is proven; on other
systems the report says that each protection is missing.
"""

from __future__ import annotations

import ctypes
import sys
from dataclasses import dataclass
from pathlib import Path

from reviewer.vault.secrets import Secret

_PR_GET_DUMPABLE = 3
_PR_SET_DUMPABLE = 4
_ASKED = ("locked", "kept from dumps")


@dataclass(frozen=True, slots=True)
class Protection:
    """One protection as it is now: `in_force`, and `how` that was found out, in words without paths or names."""

    key: str
    words: str
    in_force: bool
    how: str


def harden_process() -> None:
    """No core dumps, no ptrace by others of the same user. Never fails: `hardening_report` says what holds."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def hardening_report() -> tuple[Protection, ...]:
    """Read back from the system, not from what was asked for."""
    return (_core_dumps(), _not_dumpable(), _ptrace_scope(), _swap(), _memory_lock())


def _core_dumps() -> Protection:
    words = "A crash writes no memory to disk"
    if sys.platform == "win32":
        return Protection("core_dumps", words, False, "not available on this system")
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    return Protection("core_dumps", words, soft == hard == 0, f"core file limit is {soft}, at most {hard}")


def _not_dumpable() -> Protection:
    words = "Other programs of this user cannot read this one's memory"
    if sys.platform != "linux":
        return Protection("ptrace", words, False, "not available on this system")
    dumpable = int(ctypes.CDLL(None, use_errno=True).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0))
    return Protection("ptrace", words, dumpable == 0, f"the kernel says dumpable is {dumpable}")


def _ptrace_scope() -> Protection:
    words = "The system limits debugging of other programs"
    text = _line("/proc/sys/kernel/yama/ptrace_scope")
    if text is None:
        return Protection("ptrace_scope", words, False, "this system has no such limit")
    return Protection("ptrace_scope", words, text in ("1", "2", "3"), f"ptrace_scope is {text}")


def _swap() -> Protection:
    words = "Memory is not written to a swap disk"
    try:
        areas = Path("/proc/swaps").read_text(encoding="ascii").splitlines()[1:]
    except (OSError, UnicodeDecodeError):
        return Protection("swap", words, False, "cannot be found out on this system")
    # Compressed memory is no disk; anything else may be, and whether it is encrypted cannot be told from here.
    on_disk = [area for area in areas if not area.startswith("/dev/zram")]
    return Protection("swap", words, not on_disk, f"{len(on_disk)} swap areas that may be on disk")


def _memory_lock() -> Protection:
    words = "The store's key is locked into memory while it is used"
    with Secret(32) as probe:
        granted = probe.locked and probe.undumped
        held = zip((probe.locked, probe.undumped), _ASKED, strict=True)
        how = "a trial buffer was " + ", ".join(what if yes else f"not {what}" for yes, what in held)
    return Protection("memory_lock", words, granted, how)


def _line(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return None
