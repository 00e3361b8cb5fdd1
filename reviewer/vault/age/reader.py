"""Random access to the plaintext of a container: only bytes whose chunk passed its check come out."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from reviewer.vault.age.chunks import MAX_RUN, ChunkDecrypter
from reviewer.vault.age.errors import PayloadError
from reviewer.vault.age.secret_bytes import wipe
from reviewer.vault.age.stream import CHUNK_SIZE, Layout

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

# A read of at least this many whole chunks is decrypted straight into the caller's buffer.
_DIRECT_RUN = 8
# How many chunks are decrypted at once while reading goes forward; with their ciphertext they fit a core's cache.
_MAX_AHEAD = 8


class PayloadReader(io.RawIOBase):
    """A seekable, read-only binary stream of authenticated plaintext.

    The final chunk is checked before the constructor returns, so a file that was cut or continued is never opened.
    A read gives all the bytes asked for that exist. When a chunk fails, the authenticated bytes before it are returned
    and the next read raises PayloadError; `readall` raises at once.

    Decrypted chunks are kept in a window of up to 1 MiB: one chunk after a jump, more while reading goes forward.
    `close` wipes it. One user at a time: position and window are shared, so threads need a lock or a reader each.
    """

    def __init__(self, chunks: ChunkDecrypter, layout: Layout, on_close: Callable[[], None] | None = None) -> None:
        super().__init__()
        self._chunks = chunks
        self._layout = layout
        self._on_close = on_close
        self._position = 0
        self._window = memoryview(bytearray(min(MAX_RUN * CHUNK_SIZE, layout.plaintext_size)))
        self._window_start = 0
        self._window_end = 0
        self._ahead = 1
        self._next_index = 0
        try:
            self._fill_window(layout.chunks - 1, 1)
        except BaseException:
            self.close()
            raise

    @property
    def plaintext_size(self) -> int:
        """Bytes of plaintext in the container; authenticated together with the final chunk."""
        return self._layout.plaintext_size

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        self._check_open()
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        self._check_open()
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.plaintext_size}.get(whence)
        if base is None:
            raise ValueError("whence is SEEK_SET, SEEK_CUR or SEEK_END")
        if base + offset < 0:
            raise ValueError("a position before the start")
        self._position = base + offset
        return self._position

    def read(self, size: int | None = -1, /) -> bytes:
        self._check_open()
        if size is None or size < 0:
            return self.readall()
        parts: list[bytes] = []
        begin = self._position
        end = min(begin + size, self.plaintext_size)
        while self._position < end:
            try:
                parts.append(bytes(self._available(end - self._position)))
            except BaseException as error:
                if isinstance(error, PayloadError) and parts:
                    break
                self._position = begin
                raise
            self._position += len(parts[-1])
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def readall(self) -> bytes:
        """Everything from the position to the end, in memory at once; PayloadError if any of it fails."""
        self._check_open()
        parts: list[bytes] = []
        while self._position < self.plaintext_size:
            parts.append(self.read(MAX_RUN * CHUNK_SIZE))
        return b"".join(parts)

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills `buffer` from the position; the number of bytes put there, 0 at the end.

        Bytes of `buffer` beyond that number never hold plaintext that failed its check.
        """
        self._check_open()
        begin = self._position
        with memoryview(buffer).cast("B") as target:
            wanted = min(len(target), self.plaintext_size - begin)
            while self._position - begin < wanted:
                try:
                    self._position += self._read_some(target[self._position - begin : wanted])
                except BaseException as error:
                    if isinstance(error, PayloadError) and self._position > begin:
                        break
                    # The source may recover: a read that failed has not moved.
                    self._position = begin
                    raise
        return self._position - begin

    def write(self, data: ReadableBuffer, /) -> int:
        raise io.UnsupportedOperation("containers are read-only")

    def decrypt_alone(self) -> None:
        """From now on without a second thread: for who keeps the other cores busy. A tenth cheaper in all."""
        self._chunks.alone = True

    def forget(self) -> None:
        """Zero the plaintext that is kept, now and from any thread, also while a read waits for the source.

        For a user who is going away and cannot wait to `close`: what is read afterwards is of no use.
        """
        wipe(self._window)

    def close(self) -> None:
        if self.closed:
            return
        try:
            self._window_end = self._window_start
            wipe(self._window)
            self._chunks.close()
            if self._on_close is not None:
                self._on_close()
        finally:
            super().close()

    def _read_some(self, target: memoryview) -> int:
        """Puts at least one byte from the position into `target`."""
        if not self._window_start <= self._position < self._window_end:
            index, skip = divmod(self._position, CHUNK_SIZE)
            whole = self._whole_chunks(len(target)) if skip == 0 else 0
            if whole >= _DIRECT_RUN:
                count = self._chunks.decrypt(index, min(whole, MAX_RUN), target)
                self._next_index = index + min(whole, MAX_RUN)
                return count
        view = self._available(len(target))
        target[: len(view)] = view
        return len(view)

    def _whole_chunks(self, size: int) -> int:
        """How many whole chunks `size` bytes from the position are; the final one is whole when nothing is left."""
        ends_file = self._position + size == self.plaintext_size
        return -(-size // CHUNK_SIZE) if ends_file else size // CHUNK_SIZE

    def _available(self, wanted: int) -> memoryview:
        """At least one byte, at most `wanted`, of plaintext at the position; valid until the next call."""
        if not self._window_start <= self._position < self._window_end:
            index, skip = divmod(self._position, CHUNK_SIZE)
            # Going forward reads ahead, in growing steps; a jump decrypts only what was asked for.
            self._ahead = min(2 * self._ahead, _MAX_AHEAD) if index == self._next_index else 1
            needed = -(-(skip + wanted) // CHUNK_SIZE)
            self._fill_window(index, min(max(needed, self._ahead), MAX_RUN, self._layout.chunks - index))
        start = self._position - self._window_start
        return self._window[start : min(start + wanted, self._window_end - self._window_start)]

    def _fill_window(self, index: int, count: int) -> None:
        # Empty until it is filled anew: after a failure nothing old may be taken for the new.
        self._window_start = self._window_end = index * CHUNK_SIZE
        self._window_end += self._chunks.decrypt(index, count, self._window)
        self._next_index = index + count

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on a closed container")
