"""The fork server as its users see it: started at the first fork, shared in this process, ended by its last user.

Loading the codecs costs a second of processor time and some 100 MiB; a window, an intake and a look at the posture of
the machine in one process need it once.
"""

from __future__ import annotations

import array
import contextlib
import socket
import subprocess
import sys
import threading

from reviewer.media.protocol import ForkRequest, encode

_READY = b"ready"


class ForkServer:
    """One fork server process, or none yet. Thread-safe; counts its users."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    @property
    def process(self) -> subprocess.Popen[bytes] | None:
        return self._process

    def join(self) -> None:
        """One user more. Starts nothing yet."""
        with self._lock:
            self._users += 1

    def leave(self) -> None:
        """One user less; with the last the process ends, and its workers with it."""
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._end()

    def fork(self, request: ForkRequest, worker_fd: int, area_fd: int, *, start_s: float) -> tuple[int, int]:
        """A worker that speaks on `worker_fd` and shares `area_fd`: its process id and a pidfd. Raises `OSError`.

        `start_s` bounds the wait for a server that is not there yet. One that died is started afresh, once.
        """
        with self._lock:
            for attempt in (1, 2):
                try:
                    control = self._running(start_s)
                    socket.send_fds(control, [encode(request)], [worker_fd, area_fd])
                    data, fds, _, _ = socket.recv_fds(control, 64, 1)
                    if len(fds) != 1:
                        raise ConnectionResetError
                    (pid,) = array.array("i", data)
                    return pid, fds[0]
                except OSError:
                    self._end()
                    if attempt == 2:
                        raise
                except BaseException:
                    self._end()  # interrupted between question and answer: the next one would get this one's
                    raise
        raise AssertionError("unreachable")

    def _running(self, start_s: float) -> socket.socket:
        if self._control is not None:
            self._control.settimeout(start_s)
            return self._control
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.settimeout(start_s)
        command = [sys.executable, "-I", "-m", "reviewer.media.forkserver", str(theirs.fileno())]
        try:
            self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell, nothing from outside
                command,
                env={},
                cwd="/",
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                start_new_session=True,
            )
            self._control = ours
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        if ours.recv(16) != _READY:
            raise ConnectionResetError
        return ours

    def _end(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(2.0)
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()
            self._process = None


OF_THIS_PROCESS = ForkServer()
