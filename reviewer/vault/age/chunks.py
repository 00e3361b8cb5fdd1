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
    """Decrypts runs of at most MAX_RUN chunks. One user at a time; `close` ends its thread and drops the key.

    `alone`: without the second thread.
    """

    def __init__(self, ciphertext: Ciphertext, cipher: ChaCha20Poly1305, layout: Layout) -> None:
        self._ciphertext = ciphertext
        self._cipher: ChaCha20Poly1305 | None = cipher
        self._layout = layout
        self._sealed = memoryview(bytearray(min(MAX_RUN, layout.chunks) * SEALED_CHUNK_SIZE))
        self._helper: _Helper | None = None
        self.alone = False

    def decrypt(self, first: int, count: int, target: memoryview) -> int:
        """Decrypts chunks `first` to `first + count - 1` into `target`, which is large enough for them.

        Returns the plaintext bytes before the first chunk that failed; PayloadError when that was `first` itself.
        Nothing that failed is left in `target`.
        """
        assert self._cipher is not None
        half = count // 2 if count >= _MIN_SHARED_RUN and not self.alone else 0
        helper = self._running_helper() if half else None
        passed = self._halves(helper, first, half, count, target) if helper else self._whole(first, 0, count, target)
        if not passed:
            raise PayloadError
        return (passed - 1) * CHUNK_SIZE + self._layout.chunk_size(first + passed - 1)

    def close(self) -> None:
        self._cipher = None
        if self._helper is not None:
            self._helper.stop()
            self._helper = None

    def open_chunks(self, first: int, count: int, sealed: memoryview, target: memoryview) -> int:
        """Decrypts `count` chunks from `first`, all in `sealed`; how many passed before one failed."""
        cipher, last = self._cipher, self._layout.chunks - 1
        assert cipher is not None
        for place in range(count):
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
                return place
        return count

    def _halves(self, helper: _Helper, first: int, half: int, count: int, target: memoryview) -> int:
        sealed, complete = self._fetch(first, 0, half)
        with sealed:
            answer = helper.start(self, first, complete, sealed, target)
            rest = 0
            try:
                if complete == half:
                    rest = self._whole(first, half, count, target[half * CHUNK_SIZE :])
            finally:
                # Also when the source failed: the helper must be done with `target` before the caller gets it back.
                passed = answer.get()
        if passed == half:
            return passed + rest
        wipe(target[passed * CHUNK_SIZE : (half + rest) * CHUNK_SIZE])
        return passed

    def _whole(self, first: int, begin: int, end: int, target: memoryview) -> int:
        sealed, complete = self._fetch(first, begin, end)
        with sealed:
            return self.open_chunks(first + begin, complete, sealed, target)

    def _fetch(self, first: int, begin: int, end: int) -> tuple[memoryview, int]:
        """The sealed chunks of places `begin` to `end - 1` of a run, and how many of them are there completely."""
        layout = self._layout
        offset = layout.chunk_offset(first + begin)
        size = (end - begin - 1) * SEALED_CHUNK_SIZE + layout.chunk_size(first + end - 1) + TAG_SIZE
        sealed = self._ciphertext.borrow(offset, size)
        if sealed is None:
            start = begin * SEALED_CHUNK_SIZE
            sealed = self._sealed[start : start + size]
            available = self._ciphertext.read_at(offset, sealed)
        else:
            available = len(sealed)
        return sealed, end - begin if available == size else available // SEALED_CHUNK_SIZE

    def _running_helper(self) -> _Helper | None:
        if self._helper is None or not self._helper.alive():
            try:
                self._helper = _Helper()
            except RuntimeError:
                # No thread to be had: slower, not wrong.
                return None
        return self._helper


# Where the answer goes, and the arguments of `open_chunks`.
_Task = tuple[SimpleQueue[int], ChunkDecrypter, int, int, memoryview, memoryview]


class _Helper:
    """One thread that decrypts on request."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._thread = threading.Thread(target=_serve, args=(self._tasks,), name="age-chunks", daemon=True)
        self._thread.start()

    def alive(self) -> bool:
        # Not so in a process forked from the one that started it.
        return self._thread.is_alive()

    def start(
        self, decrypter: ChunkDecrypter, first: int, count: int, sealed: memoryview, target: memoryview
    ) -> SimpleQueue[int]:
        answer: SimpleQueue[int] = SimpleQueue()
        self._tasks.put((answer, decrypter, first, count, sealed, target))
        return answer

    def stop(self) -> None:
        self._tasks.put(None)
        if self._thread is not threading.current_thread():
            self._thread.join()


def _serve(tasks: SimpleQueue[_Task | None]) -> None:
    while (task := tasks.get()) is not None:
        answer, decrypter, first, count, sealed, target = task
        passed = 0
        try:
            passed = decrypter.open_chunks(first, count, sealed, target)
        finally:
            # Before the answer: the caller may resize the buffers behind these as soon as it has it.
            del task, decrypter, sealed, target
            answer.put(passed)
            del answer
