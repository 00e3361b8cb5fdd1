"""Random access to the plaintext of a container: only bytes whose chunk passed its check come out."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from reviewer.vault.age.errors import PayloadError
from reviewer.vault.age.interfaces import Ciphertext
from reviewer.vault.age.secret_bytes import wipe
from reviewer.vault.age.stream import CHUNK_SIZE, SEALED_CHUNK_SIZE, TAG_SIZE, Layout, chunk_nonce

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

_BLOCK_CHUNKS = 16
_NOTHING = -1


class PayloadReader(io.RawIOBase):
    """A seekable, read-only binary stream of authenticated plaintext.

    The final chunk is checked before the constructor returns, so a file that was cut or continued is never opened.
    Reads may be short, as with any raw stream: when a chunk fails, the authenticated bytes before it are returned and
    the next read raises PayloadError. `close` wipes the decrypted chunk kept in memory.

    One user at a time: the position and the kept chunk are shared, so threads need a lock or a reader each.
    """

    def __init__(
        self,
        ciphertext: Ciphertext,
        cipher: ChaCha20Poly1305,
        layout: Layout,
        on_close: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._ciphertext = ciphertext
        self._cipher: ChaCha20Poly1305 | None = cipher
        self._layout = layout
        self._on_close = on_close
        self._position = 0
        self._kept = bytearray(min(CHUNK_SIZE, layout.plaintext_size))
        self._kept_index = _NOTHING
        self._sealed = bytearray(min(_BLOCK_CHUNKS, layout.chunks) * SEALED_CHUNK_SIZE)
        self._keep(layout.chunks - 1)

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
        left = max(0, self.plaintext_size - self._position)
        if size is None or size < 0:
            return self.readall()
        target = bytearray(min(size, left))
        count = self.readinto(target)
        data = bytes(target) if count == len(target) else bytes(target[:count])
        wipe(target)
        return data

    def readall(self) -> bytes:
        """Everything from the position to the end, in memory at once; PayloadError if any of it fails."""
        self._check_open()
        target = bytearray(max(0, self.plaintext_size - self._position))
        done = 0
        with memoryview(target) as view:
            while done < len(target):
                done += self.readinto(view[done:])
        data = bytes(target)
        wipe(target)
        return data

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        """Fills `buffer` from the position; the number of bytes put there, 0 at the end.

        Bytes of `buffer` beyond that number never hold plaintext that failed its check.
        """
        self._check_open()
        done = 0
        with memoryview(buffer).cast("B") as target:
            wanted = min(len(target), self.plaintext_size - self._position)
            while done < wanted:
                index, skip = divmod(self._position, CHUNK_SIZE)
                try:
                    count = self._read_within(index, skip, target[done:wanted])
                except PayloadError:
                    if done:
                        break
                    raise
                self._position += count
                done += count
        return done

    def write(self, data: ReadableBuffer, /) -> int:
        raise io.UnsupportedOperation("containers are read-only")

    def close(self) -> None:
        if self.closed:
            return
        try:
            self._forget()
            if self._on_close is not None:
                self._on_close()
        finally:
            super().close()

    def _read_within(self, index: int, skip: int, target: memoryview) -> int:
        """Reads at least one byte from chunk `index` on: whole chunks straight into `target`, parts by the kept one."""
        if index != self._kept_index:
            whole = 0
            if skip == 0:
                whole = len(target) // CHUNK_SIZE
                if index + whole == self._layout.chunks - 1 and len(target) == self.plaintext_size - self._position:
                    whole += 1
            if whole:
                return self._decrypt_run(index, min(whole, _BLOCK_CHUNKS), target)
            self._keep(index)
        count = min(len(target), self._layout.chunk_size(index) - skip)
        target[:count] = memoryview(self._kept)[skip : skip + count]
        return count

    def _keep(self, index: int) -> None:
        """Decrypts chunk `index` into the kept buffer; forgets what was there, whatever happens."""
        self._kept_index = _NOTHING
        with memoryview(self._kept) as view:
            self._decrypt_run(index, 1, view)
        self._kept_index = index

    def _decrypt_run(self, first: int, count: int, target: memoryview) -> int:
        """Decrypts `count` chunks from `first` into `target`; the number of bytes that passed before one failed."""
        assert self._cipher is not None
        layout = self._layout
        last = layout.chunks - 1
        size = (count - 1) * CHUNK_SIZE + layout.chunk_size(first + count - 1)
        done = 0
        with memoryview(self._sealed) as sealed:
            available = self._ciphertext.read_at(layout.chunk_offset(first), sealed[: size + count * TAG_SIZE])
            for place in range(count):
                index = first + place
                plain_size = CHUNK_SIZE if index < last else layout.chunk_size(index)
                start = place * SEALED_CHUNK_SIZE
                end = start + plain_size + TAG_SIZE
                plain = target[done : done + plain_size]
                try:
                    if end > available:
                        raise PayloadError
                    nonce = chunk_nonce(index, final=index == last)
                    self._cipher.decrypt_into(nonce, sealed[start:end], None, plain)
                except InvalidTag:
                    # The cipher writes before it checks: what it wrote is not the plaintext.
                    wipe(plain)
                    if done:
                        return done
                    raise PayloadError from None
                except PayloadError:
                    if done:
                        return done
                    raise
                done += plain_size
        return done

    def _forget(self) -> None:
        self._kept_index = _NOTHING
        wipe(self._kept)
        self._cipher = None

    def _check_open(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on a closed container")
