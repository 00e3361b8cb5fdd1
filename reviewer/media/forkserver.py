"""The fork server: a small process with the codecs loaded and no evidence, from which sealed workers are forked.

Started by the broker as `python -I -m reviewer.media.forkserver FD` with an empty environment. It stays
single-threaded, opens nothing of anybody's, and ends when the broker's end of the control socket closes. Each request
carries the worker's socket and shared area; the answer is the worker's process id and a pidfd.
"""

from __future__ import annotations

import array
import contextlib
import ctypes
import gc
import io
import os
import select
import signal
import socket
import sys

from reviewer.media.protocol import MAX_MESSAGE, Code, Failed, ForkRequest, Sealed, decode_fork_request
from reviewer.media.sandbox import SealFailed, SealLimits, seal

EXIT_NOT_SEALED = 77
EXIT_CRASHED = 70
# Decoding may take every core there is; the window that shows it must still answer a key at once.
_BEHIND_THE_WINDOW = 2
READY = b"ready"
_KEPT_HEAP = 32 << 20


class _Nowhere(io.TextIOBase):
    def write(self, text: str) -> int:
        return len(text)


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _load_codecs()
    control.send(READY)
    children: set[int] = set()
    while True:
        readable, _, _ = select.select([control.fileno(), *children], [], [])
        for pidfd in children.intersection(readable):
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
            os.close(pidfd)
            children.discard(pidfd)
        if control.fileno() in readable:
            data, fds, _, _ = socket.recv_fds(control, MAX_MESSAGE, 2)
            if not data:
                os._exit(0)  # workers follow: their parent-death signal is SIGKILL
            children.add(_fork(control, decode_fork_request(data), *fds))


def _load_codecs() -> None:
    """Everything a worker will need, imported and run once: after sealing nothing can be loaded any more."""
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", OPENCV_IO_MAX_IMAGE_PIXELS="210000000")
    libc = ctypes.CDLL(None)
    mallopt = libc.mallopt
    mallopt(-8, 2)  # M_ARENA_MAX: each further arena reserves 64 MiB of address space
    # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD: memory that was touched before the item came is used for it, not given back.
    mallopt(-3, _KEPT_HEAP)
    mallopt(-1, _KEPT_HEAP)
    from reviewer.media.worker import warm

    warm.everything()
    os.environ.clear()
    gc.collect()
    libc.malloc_trim(ctypes.c_size_t(0))  # what loading left free is half of it all: each fork would copy its tables
    gc.freeze()  # the collector would otherwise copy every shared page in each worker


def _fork(control: socket.socket, request: ForkRequest, worker_fd: int, area_fd: int) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid == 0:
        try:
            _work(request, worker_fd, area_fd, parent)
        finally:
            os._exit(EXIT_CRASHED)
    os.close(worker_fd)
    os.close(area_fd)
    pidfd = os.pidfd_open(pid)
    socket.send_fds(control, [array.array("i", [pid]).tobytes()], [pidfd])
    return pidfd


def _work(request: ForkRequest, worker_fd: int, area_fd: int, parent: int) -> None:
    from reviewer.media.worker import warm
    from reviewer.media.worker.channel import Channel
    from reviewer.media.worker.serve import Server

    # The standard streams are closed by sealing; a library that prints must find something that swallows it.
    sys.stdin, sys.stdout, sys.stderr = io.StringIO(), _Nowhere(), _Nowhere()
    os.nice(_BEHIND_THE_WINDOW)
    channel = Channel(socket.socket(fileno=worker_fd), area_fd)
    limits = SealLimits(memory_bytes=request.memory_bytes, cpu_s=request.cpu_s)
    try:
        layers = seal(limits, keep_fds=(worker_fd,), parent=parent, partial_allowed=request.unsealed_allowed)
    except (SealFailed, OSError):
        channel.send(Failed(int(Code.SEAL_FAILED)))
        os._exit(EXIT_NOT_SEALED)
    channel.send(
        Sealed(
            layers.landlock,
            layers.seccomp,
            layers.rlimits,
            layers.namespaces,
            layers.no_new_privileges,
            layers.not_dumpable,
            layers.empty_environment,
            layers.landlock_abi,
            layers.detail,
        )
    )
    if request.ahead:
        warm.once_more()
        channel.touch()
    Server(channel).run()
    os._exit(0)


if __name__ == "__main__":
    main()
