"""Run as a program: forks a child as the fork server does, seals it, and lets it try everything that must not work.

Prints one JSON object: attempt -> "refused" or what happened instead. With the argument "nobody" it first becomes an
ordinary user.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import platform
import select
import signal
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from reviewer.media import forkserver, seccomp
from reviewer.media.sandbox import SealLimits, seal

LIBC = ctypes.CDLL(None, use_errno=True)
PARENT = os.getpid()
MEMORY = 1 << 30
X86 = platform.machine() == "x86_64"
AREA = 4

# name: (x86_64, aarch64, arguments); -1: no such call there
RAW: dict[str, tuple[int, int, tuple[object, ...]]] = {
    "openat": (257, 56, (-100, b"/etc/passwd", 0)),
    "openat2": (437, 437, (-100, b"/etc/passwd", bytes(24), 24)),
    "open_by_handle_at": (304, 265, (-100, bytes(16), 0)),
    "creat": (85, -1, (b"/tmp/reviewer-creat", 0o600)),
    "openat_create": (257, 56, (-100, b"/tmp/reviewer-creat", 0o101, 0o600)),
    "openat_tmpfile": (257, 56, (-100, b"/tmp", 0o20200002, 0o600)),
    "open_dev_shm": (257, 56, (-100, b"/dev/shm/x", 0o102, 0o600)),
    "proc_parent_environ": (257, 56, (-100, f"/proc/{PARENT}/environ".encode(), 0)),
    "proc_self_environ": (257, 56, (-100, b"/proc/self/environ", 0)),
    "proc_self_mem": (257, 56, (-100, b"/proc/self/mem", 2)),
    "unlinkat": (263, 35, (-100, b"/tmp/reviewer-none", 0)),
    "renameat2": (316, 276, (-100, b"/tmp/a", -100, b"/tmp/b", 0)),
    "mkdirat": (258, 34, (-100, b"/tmp/reviewer-dir", 0o700)),
    "symlinkat": (266, 36, (b"/etc", -100, b"/tmp/reviewer-link")),
    "linkat": (265, 37, (-100, b"/etc/passwd", -100, b"/tmp/reviewer-link", 0)),
    "mknodat": (259, 33, (-100, b"/tmp/reviewer-fifo", 0o10600, 0)),
    "truncate": (76, 45, (b"/tmp/reviewer-none", 0)),
    "fchmodat": (268, 53, (-100, b"/tmp", 0o777)),
    "newfstatat": (262, 79, (-100, b"/etc/passwd", bytes(256), 0)),
    "statx": (332, 291, (-100, b"/etc/passwd", 0, 0xFFF, bytes(512))),
    "readlinkat": (267, 78, (-100, b"/proc/self/exe", bytes(64), 64)),
    "getdents64": (217, 61, (0, bytes(64), 64)),
    "getcwd": (79, 17, (bytes(256), 256)),
    "chdir": (80, 49, (b"/",)),
    "chroot": (161, 51, (b"/",)),
    "mount": (165, 40, (b"none", b"/mnt", b"tmpfs", 0, None)),
    "umount2": (166, 39, (b"/proc", 0)),
    "pivot_root": (155, 41, (b"/", b"/")),
    "fsopen": (430, 430, (b"tmpfs", 0)),
    "open_tree": (428, 428, (-100, b"/", 0)),
    "inotify_init1": (294, 26, (0,)),
    "fanotify_init": (300, 262, (0, 0)),
    "socket_tcp": (41, 198, (2, 1, 0)),
    "socket_udp": (41, 198, (2, 2, 0)),
    "socket_tcp6": (41, 198, (10, 1, 0)),
    "socket_unix": (41, 198, (1, 1, 0)),
    "socket_netlink": (41, 198, (16, 3, 0)),
    "socket_raw": (41, 198, (3, 3, 0)),
    "socket_vsock": (41, 198, (40, 1, 0)),
    "socketpair": (53, 199, (1, 1, 0, bytes(8))),
    "connect": (42, 203, (3, b"\x02\x00\x00\x50\x7f\x00\x00\x01" + bytes(8), 16)),
    "bind": (49, 200, (3, b"\x01\x00\x00reviewer", 11)),
    "listen": (50, 201, (3, 1)),
    "accept4": (288, 242, (3, None, None, 0)),
    "sendmsg": (46, 211, (3, bytes(56), 0)),
    "recvmsg": (47, 212, (3, bytes(56), 0)),
    "sendto_an_address": (44, 206, (3, b"x", 1, 0, b"\x01\x00\x00reviewer", 11)),
    "getsockopt": (55, 209, (3, 1, 17, bytes(12), bytes(4))),
    "fork": (57, -1, ()),
    "vfork": (58, -1, ()),
    "clone_process": (56, 220, (17, 0, 0, 0, 0)),
    "clone_new_namespace": (56, 220, (0x10000000 | 17, 0, 0, 0, 0)),
    "clone3": (435, 435, (bytes(88), 88)),
    "execve": (59, 221, (b"/bin/true", None, None)),
    "execveat": (322, 281, (-100, b"/bin/true", None, None, 0)),
    "memfd_create": (319, 279, (b"x", 0)),
    "memfd_secret": (447, 447, (0,)),
    "ptrace_parent": (101, 117, (16, PARENT, 0, 0)),
    "ptrace_me": (101, 117, (0, 0, 0, 0)),
    "process_vm_readv": (310, 270, (PARENT, bytes(16), 1, bytes(16), 1, 0)),
    "process_vm_writev": (311, 271, (PARENT, bytes(16), 1, bytes(16), 1, 0)),
    "process_madvise": (440, 440, (3, bytes(16), 1, 4, 0)),
    "kill_parent": (62, 129, (PARENT, 0)),
    "kill_everybody": (62, 129, (-1, 0)),
    "tkill_parent": (200, 130, (PARENT, 0)),
    "tgkill_parent": (234, 131, (PARENT, PARENT, 0)),
    "rt_sigqueueinfo": (129, 138, (PARENT, 10, bytes(128))),
    "pidfd_open": (434, 434, (PARENT, 0)),
    "pidfd_getfd": (438, 438, (3, 0, 0)),
    "pidfd_send_signal": (424, 424, (3, 0, None, 0)),
    "kcmp": (312, 272, (PARENT, PARENT, 0, 0, 0)),
    "unshare": (272, 97, (0x10000000,)),
    "setns": (308, 268, (3, 0)),
    "setuid": (105, 146, (0,)),
    "setresuid": (117, 147, (0, 0, 0)),
    "capset": (126, 91, (bytes(8), bytes(24))),
    "prlimit64": (302, 261, (0, 7, b"\xff" * 16, None)),
    "seccomp": (317, 277, (1, 0, bytes(16))),
    "prctl_dumpable": (157, 167, (4, 1, 0, 0, 0)),
    "prctl_pdeathsig": (157, 167, (1, 0, 0, 0, 0)),
    "prctl_ptracer": (157, 167, (0x59616D61, -1, 0, 0, 0)),
    "personality": (135, 92, (0x0040000,)),
    "ioctl_tiocsti": (16, 29, (0, 0x5412, b"x")),
    "fcntl_setown": (72, 25, (3, 8, PARENT)),
    "dup": (32, 23, (3,)),
    "dup3": (292, 24, (3, 9, 0)),
    "pipe2": (293, 59, (bytes(8), 0)),
    "eventfd2": (290, 19, (0, 0)),
    "epoll_create1": (291, 20, (0,)),
    "io_uring_setup": (425, 425, (1, bytes(120))),
    "io_setup": (206, 0, (1, bytes(8))),
    "bpf": (321, 280, (0, bytes(72), 72)),
    "perf_event_open": (298, 241, (bytes(112), 0, -1, -1, 0)),
    "userfaultfd": (323, 282, (1,)),
    "add_key": (248, 217, (b"user", b"x", b"y", 1, -4)),
    "keyctl": (250, 219, (0, -4, 0)),
    "shmget": (29, 194, (0, 4096, 0o1600)),
    "msgget": (68, 186, (0, 0o1600)),
    "semget": (64, 190, (0, 1, 0o1600)),
    "mq_open": (240, 180, (b"x", 0o102, 0o600, None)),
    "mlock": (149, 228, (0, 4096)),
    "landlock_create": (444, 444, (None, 0, 1)),
    "sched_setaffinity": (203, 122, (PARENT, 8, b"\xff" * 8)),
    "setpriority": (141, 140, (0, PARENT, 0)),
    "clock_settime": (227, 112, (0, bytes(16))),
    "syslog": (103, 116, (3, bytes(64), 64)),
    "reboot": (169, 142, (0, 0, 0, None)),
    "init_module": (175, 105, (bytes(64), 64, b"")),
    "swapon": (167, 224, (b"/dev/null", 0)),
    "uname": (63, 160, (bytes(390),)),
    "getppid": (110, 173, ()),
    "x32_open": (0x40000002, -1, (b"/etc/passwd", 0)),
    "mmap_executable": (9, 222, (0, 4096, 7, 0x22, -1, 0)),
    "open": (2, -1, (b"/etc/passwd", 0)),
    "unlink": (87, -1, (b"/tmp/reviewer-none",)),
    "mkdir": (83, -1, (b"/tmp/reviewer-dir", 0o700)),
    "rmdir": (84, -1, (b"/tmp/reviewer-dir",)),
    "ftruncate": (77, 46, (3, 0)),
    "fallocate": (285, 47, (3, 0, 0, 4096)),
    "fchown": (93, 55, (3, 0, 0)),
    "setxattr": (188, 5, (b"/tmp", b"user.x", b"y", 1, 0)),
    "utimensat": (280, 88, (-100, b"/tmp", None, 0)),
    "name_to_handle_at": (303, 264, (-100, b"/tmp", bytes(128), bytes(4), 0)),
    "move_mount": (429, 429, (-100, b"/", -100, b"/mnt", 0)),
    "mount_setattr": (442, 442, (-100, b"/", 0, bytes(32), 32)),
    "sendmmsg": (307, 269, (3, bytes(64), 1, 0)),
    "recvmmsg": (299, 243, (3, bytes(64), 1, 0, None)),
    "setsockopt": (54, 208, (3, 1, 2, bytes(4), 4)),
    "shutdown": (48, 210, (3, 2)),
    "io_uring_enter": (426, 426, (3, 1, 0, 0, None, 0)),
    "io_uring_register": (427, 427, (3, 0, None, 0)),
    "io_submit": (209, 2, (0, 1, bytes(8))),
    "pkey_mprotect": (329, 288, (0, 4096, 7, -1)),
    "remap_file_pages": (216, 234, (0, 4096, 0, 0, 0)),
    "shmat": (30, 196, (0, 0, 0)),
    "modify_ldt": (154, -1, (1, bytes(16), 16)),
    "arch_prctl": (158, -1, (0x1002, 0)),
    "iopl": (172, -1, (3,)),
    "process_mrelease": (448, 448, (3, 0)),
    "sched_setscheduler": (144, 119, (PARENT, 0, bytes(4))),
    "timer_create": (222, 107, (0, bytes(64), bytes(8))),
    "setitimer": (38, 103, (0, bytes(32), None)),
    "rt_tgsigqueueinfo": (297, 240, (PARENT, PARENT, 10, bytes(128))),
    "signalfd4": (289, 74, (-1, bytes(8), 8, 0)),
    "timerfd_create": (283, 85, (0, 0)),
    "splice": (275, 76, (3, None, 3, None, 16, 0)),
    "sendfile": (40, 71, (3, 3, None, 16)),
    "setsid": (112, 157, ()),
    "setpgid": (109, 154, (0, 0)),
    "kexec_load": (246, 104, (0, 0, None, 0)),
    "finit_module": (313, 273, (3, b"", 0)),
    "settimeofday": (164, 170, (bytes(16), None)),
    "acct": (163, 89, (b"/tmp/reviewer-none",)),
    "quotactl": (179, 60, (0, b"/dev/null", 0, None)),
    "lsm_set_self_attr": (460, 460, (100, bytes(32), 32, 0)),
    # with the area's own descriptor, which a worker has only until it is sealed: see `keep_fds` in `work`
    "execveat_of_the_area": (322, 281, (AREA, b"", None, None, 0x1000)),
    "mmap_the_area_executable": (9, 222, (0, 4096, 5, 1, AREA, 0)),
    "pwrite_the_area": (18, 68, (AREA, b"x", 1, 0)),
    "fcntl_seals_of_the_area": (72, 25, (AREA, 1033, 8)),
}

HIGHEST_CALL = 470


def attempt_raw(number: int, arguments: tuple[object, ...]) -> str:
    ctypes.set_errno(0)
    passed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result = LIBC.syscall(ctypes.c_long(number), *passed)
    if result == -1 and ctypes.get_errno() in (1, 38):  # EPERM, ENOSYS: the filter's answers, before any check
        return "refused"
    return f"answered {result}, errno {ctypes.get_errno()}"


def attempt(job: Callable[[], object]) -> str:
    try:
        return f"allowed: {job()!r}"
    except (OSError, MemoryError, RuntimeError) as error:
        return "refused" if isinstance(error, (PermissionError, MemoryError)) else f"odd: {error!r}"


def every_other_call() -> list[int]:
    """Numbers of the calls outside the list that the filter let through to the kernel."""
    column = 0 if X86 else 1
    checked = (seccomp._MMAP, seccomp._MPROTECT, seccomp._CLONE, seccomp._SENDTO, seccomp._PRCTL, seccomp._TGKILL)
    listed = {row[column] for row in [*seccomp.ALLOWED.values(), *checked]}
    # uretprobe and uprobe are let past every filter by the kernel itself, and end whoever calls them with SIGILL.
    by_the_kernel = {335, 336} if X86 else set[int]()
    others = [number for number in range(HIGHEST_CALL) if number not in listed | by_the_kernel]
    return [number for number in others if attempt_raw(number, (0,) * 6) != "refused"]


def make_executable(fd: int = -1) -> None:
    page = mmap.mmap(fd, 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    if LIBC.mprotect(ctypes.c_void_p(address), ctypes.c_size_t(4096), 7) != 0:
        raise OSError(ctypes.get_errno(), "mprotect")


def pass_a_descriptor_on(own_end: socket.socket) -> None:
    socket.send_fds(own_end, [b"x"], [AREA])


def read_the_parent() -> None:
    """Well-formed, so that nothing but the filter stands in the way."""
    room = ctypes.create_string_buffer(16)
    ours = struct.pack("QQ", ctypes.addressof(room), 16)
    theirs = struct.pack("QQ", ctypes.addressof(LIBC.getpid), 16)
    if LIBC.syscall(ctypes.c_long(310 if X86 else 270), PARENT, ours, 1, theirs, 1, 0) < 0:
        raise OSError(ctypes.get_errno(), "process_vm_readv")


def work(out: int) -> None:
    own_end, _other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    area = os.memfd_create("area", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    os.ftruncate(area, 1 << 16)
    out = os.dup2(out, 20)
    os.dup2(own_end.fileno(), 3)
    os.dup2(area, AREA)
    own = socket.socket(fileno=3)
    layers = seal(SealLimits(MEMORY, 60), keep_fds=(2, 3, AREA, out), parent=PARENT)
    results = {name: attempt_raw(x if X86 else a, args) for name, (x, a, args) in RAW.items() if (x if X86 else a) >= 0}
    results["python_open"] = attempt(lambda: Path("/etc/hostname").read_text())
    results["python_listdir"] = attempt(lambda: list(Path("/").iterdir()))
    results["mprotect_executable"] = attempt(make_executable)
    results["mprotect_the_area_executable"] = attempt(lambda: make_executable(AREA))
    results["send_a_descriptor"] = attempt(lambda: pass_a_descriptor_on(own))
    results["read_the_parents_memory"] = attempt(read_the_parent)
    results["every_other_call"] = "refused" if not (through := every_other_call()) else f"let through: {through}"
    results["memory_past_the_limit"] = attempt(lambda: len(bytearray(2 * MEMORY)))
    results["environment"] = "refused" if not os.environ and not os.getenv("PATH") else "not empty"
    results["signal_to_group"] = attempt(lambda: os.killpg(0, 0))
    done: list[int] = []
    thread = threading.Thread(target=done.append, args=(1,))
    thread.start()
    thread.join()
    results["+threads_work"] = "yes" if done == [1] else "no"
    results["+sealed"] = "yes" if layers.landlock and layers.seccomp and layers.rlimits else layers.detail
    results["+namespaces"] = "yes" if layers.namespaces else "no"
    os.write(out, json.dumps(results).encode())
    os._exit(0)


def main() -> None:
    forkserver._load_codecs()
    if "nobody" in sys.argv:
        os.setgroups([])
        os.setresgid(65534, 65534, 65534)
        os.setresuid(65534, 65534, 65534)
    ours, out = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            work(out)
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(99)
    os.close(out)
    answer = b""
    while select.select([ours], [], [], 30)[0] and (part := os.read(ours, 1 << 16)):
        answer += part
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
