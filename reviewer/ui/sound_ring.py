"""Samples between the thread that fetches and the one that plays: neither ever waits for the other in here."""

from __future__ import annotations

SAMPLE_BYTES = 2


class SoundRing:
    """One writer, one reader, `capacity` samples of 16 bit. Counters only grow; each is written by one side alone."""

    def __init__(self, capacity: int) -> None:
        self._bytes = bytearray(capacity * SAMPLE_BYTES)
        self._capacity = capacity
        self._written = 0
        self._read = 0

    @property
    def read_total(self) -> int:
        """Samples ever taken out."""
        return self._read

    @property
    def held(self) -> int:
        return self._written - self._read

    @property
    def room(self) -> int:
        return self._capacity - self.held

    def put(self, samples: bytes) -> None:
        """Writer. ValueError when there is no `room` for it."""
        count = len(samples) // SAMPLE_BYTES
        if count > self.room:
            raise ValueError("more samples than there is room for")
        at = self._written % self._capacity * SAMPLE_BYTES
        first = min(count * SAMPLE_BYTES, len(self._bytes) - at)
        self._bytes[at : at + first] = samples[:first]
        self._bytes[: count * SAMPLE_BYTES - first] = samples[first : count * SAMPLE_BYTES]
        self._written += count

    def take(self, samples: int) -> bytes:
        """Reader. At most so many samples, in order; what was taken is zeroed."""
        count = min(samples, self.held)
        at = self._read % self._capacity * SAMPLE_BYTES
        first = min(count * SAMPLE_BYTES, len(self._bytes) - at)
        rest = count * SAMPLE_BYTES - first
        taken = bytes(self._bytes[at : at + first]) + bytes(self._bytes[:rest])
        self._bytes[at : at + first] = bytes(first)
        self._bytes[:rest] = bytes(rest)
        self._read += count
        return taken

    def wipe(self) -> None:
        """Zero everything, from any thread. What is taken afterwards is silence."""
        self._bytes[:] = bytes(len(self._bytes))
