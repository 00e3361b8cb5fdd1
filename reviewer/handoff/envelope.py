"""What a package is sealed in: age, or for agencies that cannot open it CMS or an AES-256 ZIP."""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO, Protocol


class PlainSource(Protocol):
    """The inner tar: all its bytes in order, the same each time. Also from the middle on (`seek`)."""

    @property
    def size(self) -> int: ...
    def read(self, size: int, /) -> bytes: ...
    def seek(self, offset: int, whence: int = 0, /) -> int: ...


class Envelope(Protocol):
    """One package's sealing, with fresh secrets of its own that exist in this object only (and in `state`)."""

    @property
    def suffix(self) -> str:
        """Of the file's name: ".tar.age", ".tar.p7m", ".zip"."""
        ...

    @property
    def passphrase(self) -> str:
        """What the recipient has to be told by another way; empty for envelopes that need none."""
        ...

    def sealed_size(self, plain_size: int) -> int:
        """Bytes of the sealed file for so many bytes of plaintext."""
        ...

    def seal(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        """Write the whole envelope. `check` is called with the plaintext bytes done, at least every 8 MiB; what it
        raises passes (that is how sealing is cancelled)."""
        ...

    def resume(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        """As `seal`, but `target` (open for reading and writing) holds the beginning of the same envelope: what is
        whole of it is kept, the rest written. HandoffError where this kind of envelope cannot be resumed."""
        ...

    def opened(self, sealed: BinaryIO) -> BinaryIO:
        """The plaintext of what was sealed here, authenticated, to re-read it with the secrets of this object.

        HandoffError when it is not what was sealed. Forward reading only is promised."""
        ...

    def state(self) -> bytes:
        """Secret: with it an envelope of the same kind can be made again, to resume. Kept in the encrypted store only;
        empty where resuming is not possible."""
        ...

    def wipe(self) -> None:
        """Forget the secrets."""
        ...
