"""Sealing on two cores: the caller reads (and hashes) a block while a second thread seals and writes the one before.

The source is used by the calling thread only, the target by the second thread only. The cipher, SHA-256 and file
writes release the interpreter lock, so the two really run side by side. At most three blocks exist at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Protocol

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from reviewer.vault.age.errors import PayloadError
from reviewer.vault.age.interfaces import BinaryTarget
from reviewer.vault.age.secret_bytes import wipe
from reviewer.vault.age.sources import fill, write_all
from reviewer.vault.age.stream import CHUNK_SIZE, SEALED_CHUNK_SIZE, TAG_SIZE, chunk_nonce

_BLOCK_CHUNKS = 16
_BLOCK = _BLOCK_CHUNKS * CHUNK_SIZE
_BLOCKS = 3


class SizedSource(Protocol):
    """Plaintext of known size (bytes): the same bytes each time. `readinto` is used where there is one."""

    @property
    def size(self) -> int: ...

    def read(self, size: int, /) -> bytes: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...


def pump(
    source: SizedSource,
    target: BinaryTarget,
    cipher: ChaCha20Poly1305,
    first: int,
    check: Callable[[int], None],
) -> None:
    """Seal everything from chunk `first` on. `check` gets the plaintext bytes that are sealed and written.

    PayloadError, before the last chunk is written, when the source is not exactly as long as it says.
    """
    size = source.size
    sealer = _Sealer(target, cipher, size)
    blocks = [bytearray(min(_BLOCK, max(1, size))) for _ in range(_BLOCKS)]
    for block in blocks:
        sealer.free.put(memoryview(block))
    try:
        source.seek(first * CHUNK_SIZE)
        position, index = first * CHUNK_SIZE, first
        while True:
            view = sealer.free.get()
            if sealer.failure is not None:
                raise sealer.failure
            wanted = min(_BLOCK, size - position)
            if fill(source, view[:wanted]) != wanted or (position + wanted == size and source.read(1)):
                raise PayloadError("The source is not as long as it should be.", kept="Nothing was finished.")
            sealer.tasks.put((index, view, wanted))
            position += wanted
            index += _BLOCK_CHUNKS
            if position == size:
                break
            check(sealer.done)
    finally:
        sealer.finish()
        for block in blocks:
            wipe(block)
    if sealer.failure is not None:
        raise sealer.failure
    check(size)


class _Sealer:
    """The second thread. `failure` is what the target raised: nothing is written after that."""

    def __init__(self, target: BinaryTarget, cipher: ChaCha20Poly1305, plain_size: int) -> None:
        self._target = target
        self._cipher = cipher
        self._plain_size = plain_size
        self._sealed = bytearray(_BLOCK_CHUNKS * SEALED_CHUNK_SIZE)
        self.free: SimpleQueue[memoryview] = SimpleQueue()
        # Index of the block's first chunk, the block, how many bytes of it are filled. None ends the thread.
        self.tasks: SimpleQueue[tuple[int, memoryview, int] | None] = SimpleQueue()
        self.failure: BaseException | None = None
        self.done = 0
        self._thread = threading.Thread(target=self._run, name="age-sealing", daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Returns when everything that was given is written, or has failed."""
        self.tasks.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (task := self.tasks.get()) is not None:
            first, view, filled = task
            if self.failure is None:
                try:
                    self._seal(first, view[:filled])
                except BaseException as error:
                    self.failure = error
            self.free.put(view)

    def _seal(self, first: int, plain: memoryview) -> None:
        written = 0
        with memoryview(self._sealed) as sealed:
            for place in range(max(1, -(-len(plain) // CHUNK_SIZE))):
                chunk = plain[place * CHUNK_SIZE : (place + 1) * CHUNK_SIZE]
                final = (first + place) * CHUNK_SIZE + len(chunk) == self._plain_size
                end = written + len(chunk) + TAG_SIZE
                self._cipher.encrypt_into(chunk_nonce(first + place, final=final), chunk, None, sealed[written:end])
                written = end
            write_all(self._target, sealed[:written])
        self.done = first * CHUNK_SIZE + len(plain)
