"""Seals the calling process for good: no files, no network, no new processes, bounded memory. Linux, through ctypes.

Order matters. Namespaces and capabilities first, because changing credentials resets PDEATHSIG and DUMPABLE; Landlock
before seccomp, so that each can be seen to refuse by itself: Landlock answers EACCES, seccomp EPERM.
"""

from __future__ import annotations

import ctypes
import errno
import mmap
import os
import resource
import signal
import socket
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from reviewer.media import seccomp

_PR_SET_PDEATHSIG, _PR_GET_DUMPABLE, _PR_SET_DUMPABLE, _PR_GET_SECCOMP = 1, 3, 4, 21
_PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS, _PR_GET_NO_NEW_PRIVS = 24, 38, 39
_NEWUTS, _NEWIPC, _NEWUSER, _NEWNET = 0x04000000, 0x08000000, 0x10000000, 0x40000000
_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446
_CAPSET = {"x86_64": 126, "aarch64": 91}

# Access rights known to each Landlock ABI (include/uapi/linux/landlock.h): how many of the low bits are used.
_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16, 6: 16, 7: 16}
_SPARE_ADDRESS_SPACE = 64 << 20


class SealFailed(Exception):
    """A layer the worker cannot do without could not be put in force. Never leaves the worker's process."""


@dataclass(frozen=True, slots=True)
class SealLimits:
    """`memory_bytes` beyond what the process has mapped already; `cpu_s` seconds of processor time in its life."""

    memory_bytes: int
    cpu_s: int


@dataclass(frozen=True, slots=True)
class Layers:
    """What is in force, and how each was checked (one short clause a layer)."""

    landlock: bool
    seccomp: bool
    rlimits: bool
    namespaces: bool
    no_new_privileges: bool
    not_dumpable: bool
    empty_environment: bool
    landlock_abi: int
    detail: str


def seal(limits: SealLimits, *, keep_fds: tuple[int, ...], parent: int, partial_allowed: bool = False) -> Layers:
    """Apply every layer and read it back. Raises `SealFailed` unless all needed ones hold or `partial_allowed`.

    `parent` is the process whose death must end this one.
    """
    if not sys.platform.startswith("linux") or not seccomp.supported():
        if partial_allowed:
            return Layers(False, False, False, False, False, False, False, 0, "not Linux on x86_64 or aarch64")
        raise SealFailed
    libc = ctypes.CDLL(None, use_errno=True)
    _close_all_but(keep_fds)
    if len(os.listdir("/proc/self/task")) != 1:  # noqa: PTH208 - a filter binds this thread only
        raise SealFailed
    os.environ.clear()
    namespaces = _unshare(libc)
    _drop_capabilities(libc)
    no_new_privileges = _prctl(libc, _PR_SET_NO_NEW_PRIVS, 1) == 0
    _prctl(libc, _PR_SET_DUMPABLE, 0)
    _prctl(libc, _PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)  # the parent died before PDEATHSIG was set
    ceiling = _set_rlimits(limits)
    abi = _landlock(libc)
    landlock = abi > 0 and _refused(_open_root, errno.EACCES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    filtered = no_new_privileges and seccomp.install(libc)
    layers = _probe(libc, landlock=landlock, abi=abi, namespaces=namespaces, filtered=filtered, ceiling=ceiling)
    needed = layers.landlock and layers.seccomp and layers.rlimits and layers.no_new_privileges
    if not (needed and layers.empty_environment) and not partial_allowed:
        raise SealFailed
    return layers


def _probe(libc: ctypes.CDLL, *, landlock: bool, abi: int, namespaces: bool, filtered: bool, ceiling: int) -> Layers:
    """Try what must not work, from inside, and believe only that."""
    seccomp_holds = (
        filtered
        and _prctl(libc, _PR_GET_SECCOMP) == 2
        and _refused(_open_root, errno.EPERM)
        and _refused(_make_socket, errno.EPERM)
        and _refused(_fork, errno.EPERM)
    )
    rlimits = _refused(lambda: mmap.mmap(-1, ceiling + _SPARE_ADDRESS_SPACE).close(), errno.ENOMEM)
    dumpable = _prctl(libc, _PR_GET_DUMPABLE)
    privileges = _prctl(libc, _PR_GET_NO_NEW_PRIVS)
    environment = not os.environ and not _environment_of_libc(libc)
    clauses = (
        f"landlock abi {abi}: opening / {'refused' if landlock else 'NOT refused'} before seccomp",
        f"seccomp: open, socket, fork {'refused' if seccomp_holds else 'NOT refused'}",
        f"rlimits: mapping past the ceiling {'refused' if rlimits else 'NOT refused'}",
        f"namespaces: own network {'yes' if namespaces else 'no'}",
        f"no_new_privs {privileges}, dumpable {dumpable}",
        f"environment {'empty' if environment else 'NOT empty'}",
    )
    return Layers(
        landlock=landlock,
        seccomp=seccomp_holds,
        rlimits=rlimits,
        namespaces=namespaces,
        no_new_privileges=privileges == 1,
        not_dumpable=dumpable == 0,
        empty_environment=environment,
        landlock_abi=abi,
        detail="; ".join(clauses),
    )


def _close_all_but(keep: tuple[int, ...]) -> None:
    low = 0
    for fd in sorted(keep):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, 1 << 16)


def _unshare(libc: ctypes.CDLL) -> bool:
    network = Path("/proc/self/ns/net")
    before = network.readlink()
    if libc.unshare(_NEWUSER | _NEWNET | _NEWIPC | _NEWUTS) != 0:
        return False
    return network.readlink() != before


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    for capability in range(64):
        _prctl(libc, _PR_CAPBSET_DROP, capability)
    header = struct.pack("=Ii", 0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this thread
    libc.syscall(_CAPSET[os.uname().machine], header, bytes(24))


def _set_rlimits(limits: SealLimits) -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    ceiling = pages * resource.getpagesize() + limits.memory_bytes
    wanted = (
        (resource.RLIMIT_AS, ceiling),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CPU, limits.cpu_s),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    )
    for which, value in wanted:
        hard = resource.getrlimit(which)[1]
        capped = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (capped, capped))
    return ceiling


def _landlock(libc: ctypes.CDLL) -> int:
    """Handle every right the kernel knows and allow none. Returns the ABI, 0 where it could not be applied."""
    abi = int(libc.syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(1)))
    if abi < 1:
        return 0
    files = (1 << _FS_BITS.get(abi, 16)) - 1
    network = 0b11 if abi >= 4 else 0
    scope = 0b11 if abi >= 6 else 0
    attributes = struct.pack("=QQQ", files, network, scope)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    ruleset = libc.syscall(_LANDLOCK_CREATE, attributes[:size], ctypes.c_size_t(size), ctypes.c_uint(0))
    if ruleset < 0:
        return 0
    applied = libc.syscall(_LANDLOCK_RESTRICT, ctypes.c_int(ruleset), ctypes.c_uint(0)) == 0
    os.close(ruleset)
    return abi if applied else 0


def _prctl(libc: ctypes.CDLL, option: int, value: int = 0) -> int:
    zero = ctypes.c_ulong(0)
    return int(libc.prctl(option, ctypes.c_ulong(value), zero, zero, zero))


def _environment_of_libc(libc: ctypes.CDLL) -> bool:
    table = ctypes.POINTER(ctypes.c_char_p).in_dll(libc, "environ")
    return bool(table) and bool(table[0])


def _refused(attempt: object, expected: int) -> bool:
    try:
        attempt()  # type: ignore[operator]
    except OSError as error:
        return error.errno == expected
    return False


def _open_root() -> None:
    os.close(os.open("/", os.O_RDONLY))


def _make_socket() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close()


def _fork() -> None:
    if os.fork() == 0:
        os._exit(0)
