"""Reading, checking and decrypting runs of chunks; long runs on two cores.

The source is only ever used by the calling thread. For a long run a second thread decrypts the first half while the
caller reads and decrypts the second: copying ciphertext out of the system costs a third of what decrypting it costs,
and this wins it back. The cipher releases the interpreter lock, so the halves really run side by side.
"""

from __future__ import annotations

import threading
from queue import SimpleQueue

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from reviewer.vault.age.errors import PayloadError
from reviewer.vault.age.interfaces import Ciphertext
from reviewer.vault.age.secret_bytes import wipe
from reviewer.vault.age.stream import CHUNK_SIZE, SEALED_CHUNK_SIZE, TAG_SIZE, Layout, chunk_nonce

MAX_RUN = 16
# Below this, waking the second thread costs more than it brings.
_MIN_SHARED_RUN = 8


class ChunkDecrypter:
    """Decrypts runs of at most MAX_RUN chunks. One user at a time; `close` ends its thread and drops the key."""

    def __init__(self, ciphertext: Ciphertext, cipher: ChaCha20Poly1305, layout: Layout) -> None:
        self._ciphertext = ciphertext
        self._cipher: ChaCha20Poly1305 | None = cipher
        self._layout = layout
        self._sealed = memoryview(bytearray(min(MAX_RUN, layout.chunks) * SEALED_CHUNK_SIZE))
        self._helper: _Helper | None = None

    def decrypt(self, first: int, count: int, target: memoryview) -> int:
        """Decrypts chunks `first` to `first + count - 1` into `target`, which is large enough for them.

        Returns the plaintext bytes before the first chunk that failed; PayloadError when that was `first` itself.
        Nothing that failed is left in `target`.
        """
        half = count // 2 if count >= _MIN_SHARED_RUN else 0
        helper = self._running_helper() if half else None
        if helper is None:
            passed = self._read_and_decrypt(first, 0, count, target)
        else:
            self._read(first, 0, half)
            answer = helper.start(self, first, half, target)
            rest = 0
            try:
                rest = self._read_and_decrypt(first, half, count, target)
            finally:
                # Also when the source failed: the helper must be done with `target` before the caller gets it back.
                passed = answer.get()
            if passed == half * CHUNK_SIZE:
                passed += rest
            else:
                wipe(target[passed : half * CHUNK_SIZE + rest])
        if not passed and self._layout.plaintext_size:
            raise PayloadError
        return passed

    def close(self) -> None:
        self._cipher = None
        if self._helper is not None:
            self._helper.stop()
            self._helper = None

    def run(self, first: int, begin: int, end: int, target: memoryview) -> int:
        """Decrypts what was read to places `begin` to `end - 1` of a run; the bytes before the first failure."""
        cipher, sealed, last = self._cipher, self._sealed, self._layout.chunks - 1
        assert cipher is not None
        passed = 0
        for place in range(begin, end):
            index = first + place
            size = CHUNK_SIZE if index != last else self._layout.chunk_size(index)
            start = place * SEALED_CHUNK_SIZE
            plain = target[place * CHUNK_SIZE : place * CHUNK_SIZE + size]
            try:
                nonce = chunk_nonce(index, final=index == last)
                cipher.decrypt_into(nonce, sealed[start : start + size + TAG_SIZE], None, plain)
            except InvalidTag:
                # The cipher writes before it checks: what it wrote is not the plaintext.
                wipe(plain)
                break
            passed += size
        return passed

    def _read_and_decrypt(self, first: int, begin: int, end: int, target: memoryview) -> int:
        whole = self._read(first, begin, end)
        passed = self.run(first, begin, begin + whole, target)
        if whole < end - begin and not passed and not begin:
            raise PayloadError("The container became shorter while it was read.")
        return passed

    def _read(self, first: int, begin: int, end: int) -> int:
        """Reads the sealed chunks of places `begin` to `end - 1`; how many of them are there completely."""
        layout = self._layout
        size = (end - begin - 1) * SEALED_CHUNK_SIZE + layout.chunk_size(first + end - 1) + TAG_SIZE
        start = begin * SEALED_CHUNK_SIZE
        count = self._ciphertext.read_at(layout.chunk_offset(first + begin), self._sealed[start : start + size])
        if count == size:
            return end - begin
        # What is missing must not be taken from an earlier run.
        wipe(self._sealed[start + count : start + size])
        return count // SEALED_CHUNK_SIZE

    def _running_helper(self) -> _Helper | None:
        if self._helper is None or not self._helper.alive():
            try:
                self._helper = _Helper()
            except RuntimeError:
                # No thread to be had: slower, not wrong.
                return None
        return self._helper


class _Helper:
    """One thread that decrypts on request."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[tuple[SimpleQueue[int], ChunkDecrypter, int, int, memoryview] | None] = SimpleQueue()
        self._thread = threading.Thread(target=_serve, args=(self._tasks,), name="age-chunks", daemon=True)
        self._thread.start()

    def alive(self) -> bool:
        # Not so in a process forked from the one that started it.
        return self._thread.is_alive()

    def start(self, decrypter: ChunkDecrypter, first: int, count: int, target: memoryview) -> SimpleQueue[int]:
        answer: SimpleQueue[int] = SimpleQueue()
        self._tasks.put((answer, decrypter, first, count, target))
        return answer

    def stop(self) -> None:
        self._tasks.put(None)
        if self._thread is not threading.current_thread():
            self._thread.join()


def _serve(tasks: SimpleQueue[tuple[SimpleQueue[int], ChunkDecrypter, int, int, memoryview] | None]) -> None:
    while (task := tasks.get()) is not None:
        answer, decrypter, first, count, target = task
        passed = 0
        try:
            passed = decrypter.run(first, 0, count, target)
        finally:
            # Before the answer: the caller may resize the buffer behind `target` as soon as it has it.
            del task, decrypter, target
            answer.put(passed)
            del answer
