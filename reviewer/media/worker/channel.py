"""The worker's end of the wire: requests in, ranges of the source asked for, pixels out through the slot."""

from __future__ import annotations

import mmap
import socket
from collections import deque

import numpy as np

from reviewer.media.protocol import (
    AREA_BYTES,
    MAX_MESSAGE,
    PREPARED_BYTES,
    SLOT_BYTES,
    WINDOW_BYTES,
    Answer,
    Bulk,
    Pixels,
    RangeAnswer,
    Request,
    WantRange,
    decode_request,
    encode,
)
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.plausible import plausible_time
from reviewer.media.worker.source import RangeFailed


class HostGone(Exception):
    """The broker closed its end: the worker's life is over."""


class Channel:
    """One socket, one area. Not thread-safe: the worker serves one request at a time."""

    def __init__(self, sock: socket.socket, area_fd: int) -> None:
        self._sock = sock
        self._area = mmap.mmap(area_fd, AREA_BYTES)
        self._view = memoryview(self._area)
        self._waiting: deque[Request] = deque()

    def touch(self) -> None:
        """Map what the first item will use while nobody waits: each page costs a fault, microseconds in sum many."""
        for at in range(0, PREPARED_BYTES, mmap.PAGESIZE):
            self._view[at]

    def send(self, answer: Answer) -> None:
        self._sock.send(encode(answer))

    def receive(self) -> Request:
        """The next request. Raises `HostGone` at the end of the connection."""
        if self._waiting:
            return self._waiting.popleft()
        return self._read()

    def fetch(self, offset: int, into: memoryview) -> int:
        """Fill `into` (at most WINDOW_BYTES of it) from the source at `offset`; bytes read, 0 at the end."""
        length = min(len(into), WINDOW_BYTES)
        self.send(WantRange(offset, length))
        while True:
            message = self._read()
            if isinstance(message, RangeAnswer):
                break
            self._waiting.append(message)  # a request that came while we were reading ahead
        if message.count < 0:
            raise RangeFailed
        into[: message.count] = self._view[: message.count]
        return message.count

    def put(self, picture: Picture, time_s: float = -1.0) -> Pixels:
        """Copy a grey (h, w) or BGRX (h, w, 4) picture into the slot. The message is returned, not sent."""
        height, width = picture.shape[:2]
        depth = 4 if picture.ndim == 3 else 1
        stride = (width * depth + 3) & ~3
        if stride * height > SLOT_BYTES:
            raise MemoryError
        # Straight into its place, whatever the strides of either: a large picture is worth no second copy.
        slot = np.ndarray((height, width, depth), np.uint8, self._view, WINDOW_BYTES, (stride, depth, 1))
        slot[:] = picture.reshape(height, width, 1) if picture.ndim == 2 else picture
        return Pixels(width, height, stride, depth, WINDOW_BYTES, plausible_time(time_s))

    def put_bytes(self, data: bytes) -> Bulk:
        """Copy bytes into the slot. The message is returned, not sent."""
        if len(data) > SLOT_BYTES:
            raise MemoryError
        self._view[WINDOW_BYTES : WINDOW_BYTES + len(data)] = data
        return Bulk(WINDOW_BYTES, len(data))

    def _read(self) -> Request:
        data = self._sock.recv(MAX_MESSAGE)
        if not data:
            raise HostGone
        return decode_request(data)
