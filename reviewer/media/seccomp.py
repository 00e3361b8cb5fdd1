"""The allow-list of system calls a sealed worker may make, as a classic BPF program. Everything else fails with EPERM.

Written down here and nowhere else. What is absent is refused: open, socket, connect, bind, sendmsg, execve, fork,
ptrace, kill, mount, memfd_create, ioctl, io_uring and the rest. Numbers: arch/x86 syscall_64.tbl and
include/uapi/asm-generic/unistd.h of Linux.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct

_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL_PROCESS = 0x80000000

_LD_W_ABS = 0x20
_JEQ = 0x15
_JGE = 0x35
_AND = 0x54
_RET = 0x06

_PROT_EXEC = 4
_CLONE_NEEDED = 0x00010000 | 0x00000100 | 0x00000800  # CLONE_THREAD | CLONE_VM | CLONE_SIGHAND
_CLONE_ALLOWED = 0x007D0F00  # what glibc and musl pass for a thread; no namespace flag among them

_PR_GET_DUMPABLE, _PR_SET_NAME, _PR_GET_SECCOMP, _PR_GET_NO_NEW_PRIVS = 3, 15, 21, 39

# name: (x86_64, aarch64)
ALLOWED: dict[str, tuple[int, int]] = {
    # its one socket, by read and write or by recv and send without an address
    "read": (0, 63),
    "write": (1, 64),
    "recvfrom": (45, 207),
    "close": (3, 57),
    # memory
    "munmap": (11, 215),
    "brk": (12, 214),
    "mremap": (25, 216),
    "madvise": (28, 233),
    "membarrier": (324, 283),
    # threads of its own
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "getcpu": (309, 168),
    "gettid": (186, 178),
    "getpid": (39, 172),
    # signals it handles, time it reads, ending
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "nanosleep": (35, 101),
    "clock_nanosleep": (230, 115),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "gettimeofday": (96, 169),
    "getrusage": (98, 165),
    "sysinfo": (99, 179),
    "getrandom": (318, 278),
    "exit": (60, 93),
    "exit_group": (231, 94),
}

# Allowed only with the arguments checked below.
_MMAP, _MPROTECT, _CLONE = (9, 222), (10, 226), (56, 220)
_SENDTO, _PRCTL, _TGKILL = (44, 206), (157, 167), (234, 131)
_CLONE3 = (435, 435)
CHECKED = ("mmap", "mprotect", "clone", "sendto", "prctl", "tgkill")

_ARCHES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}


def supported() -> bool:
    return platform.machine() in _ARCHES


def program(pid: int | None = None) -> bytes:
    """The filter for this machine: an array of `struct sock_filter`. `pid` is the only one it may signal: itself."""
    column, arch = _ARCHES[platform.machine()]
    own = os.getpid() if pid is None else pid
    eperm = _ERRNO | errno.EPERM
    code: list[tuple[int, int, int, int]] = [
        (_LD_W_ABS, 0, 0, 4),
        (_JEQ, 1, 0, arch),
        (_RET, 0, 0, _KILL_PROCESS),
        (_LD_W_ABS, 0, 0, 0),
        (_JGE, 0, 1, 0x40000000),  # the x32 door
        (_RET, 0, 0, eperm),
    ]
    for numbers in ALLOWED.values():
        code += [(_JEQ, 0, 1, numbers[column]), (_RET, 0, 0, _ALLOW)]
    for numbers in (_MMAP, _MPROTECT):
        code += _guard(numbers[column], [(_LD_W_ABS, 0, 0, _low(2)), (_AND, 0, 0, _PROT_EXEC), (_JEQ, 0, 1, 0)], eperm)
    thread_only = [
        (_LD_W_ABS, 0, 0, _high(0)),
        (_JEQ, 0, 7, 0),
        (_LD_W_ABS, 0, 0, _low(0)),
        (_AND, 0, 0, _CLONE_ALLOWED ^ 0xFFFFFFFF),
        (_JEQ, 0, 4, 0),
        (_LD_W_ABS, 0, 0, _low(0)),
        (_AND, 0, 0, _CLONE_NEEDED),
        (_JEQ, 0, 1, _CLONE_NEEDED),
    ]
    code += _guard(_CLONE[column], thread_only, eperm)
    no_address = [(_LD_W_ABS, 0, 0, _low(4)), (_JEQ, 0, 3, 0), (_LD_W_ABS, 0, 0, _high(4)), (_JEQ, 0, 1, 0)]
    code += _guard(_SENDTO[column], no_address, eperm)
    options = (_PR_GET_DUMPABLE, _PR_SET_NAME, _PR_GET_SECCOMP, _PR_GET_NO_NEW_PRIVS)
    which = [(_LD_W_ABS, 0, 0, _low(0))]
    which += [(_JEQ, len(options) - 1 - i, 0 if i < len(options) - 1 else 1, o) for i, o in enumerate(options)]
    code += _guard(_PRCTL[column], which, eperm)
    code += _guard(_TGKILL[column], [(_LD_W_ABS, 0, 0, _low(0)), (_JEQ, 0, 1, own)], eperm)
    code += [(_JEQ, 0, 1, _CLONE3[column]), (_RET, 0, 0, _ERRNO | errno.ENOSYS)]  # glibc then falls back to clone
    code += [(_RET, 0, 0, eperm)]
    return b"".join(struct.pack("=HBBI", *line) for line in code)


def _guard(number: int, checks: list[tuple[int, int, int, int]], refusal: int) -> list[tuple[int, int, int, int]]:
    """If the call is `number`: run `checks`, whose last jump falls through to ALLOW and skips one to the refusal."""
    body = [*checks, (_RET, 0, 0, _ALLOW), (_RET, 0, 0, refusal)]
    return [(_JEQ, 0, len(body), number), *body]


def _low(argument: int) -> int:
    return 16 + 8 * argument


def _high(argument: int) -> int:
    return 20 + 8 * argument


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def install(libc: ctypes.CDLL) -> bool:
    """Apply the filter to this thread. Needs no_new_privs. Irreversible."""
    code = program()
    wanted = _Program(len(code) // 8, code)
    zero = ctypes.c_ulong(0)
    return bool(libc.prctl(22, ctypes.c_ulong(2), ctypes.byref(wanted), zero, zero) == 0)
