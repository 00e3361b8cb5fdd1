"""The age envelope: what every agency gets that can open age. Joins `handoff`'s protocol with `vault`'s containers."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO, cast

from reviewer.handoff.envelope import PlainSource
from reviewer.handoff.errors import CannotResume, PackageRefused, RecipientUnusable
from reviewer.handoff.recipients import recipient_text
from reviewer.model.handoff_terms import Agency
from reviewer.vault import age

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SUFFIX = ".tar.age"


class AgeEnvelope:
    """See `handoff.envelope.Envelope`. Resumable: `state` holds file key, nonce and header."""

    suffix = SUFFIX
    passphrase = ""

    def __init__(self, sealing: age.Sealing) -> None:
        self._sealing = sealing

    @classmethod
    def from_state(cls, state: bytes) -> AgeEnvelope:
        """CannotResume when it is not a state of this kind."""
        try:
            return cls(age.Sealing.from_state(state))
        except age.AgeError as error:
            raise CannotResume from error

    def sealed_size(self, plain_size: int) -> int:
        return self._sealing.sealed_size(plain_size)

    def seal(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        self._sealing.seal(source, target, check)

    def resume(self, source: PlainSource, target: BinaryIO, *, check: Callable[[int], None]) -> None:
        try:
            self._sealing.resume(source, target, check)
        except age.NotResumable as error:
            raise CannotResume from error

    def opened(self, sealed: BinaryIO) -> BinaryIO:
        with refused():
            reader = self._sealing.opened(sealed)
        # What was sealed is digested twice meanwhile: both cores are busy.
        reader.decrypt_alone()
        return cast(BinaryIO, opened_age(reader))

    def state(self) -> bytes:
        return self._sealing.state()

    def wipe(self) -> None:
        self._sealing.wipe()


def age_envelope_for(agency: Agency) -> AgeEnvelope:
    """A new envelope for the agency's recipient. RecipientUnusable."""
    try:
        return AgeEnvelope(age.Sealing([age.recipient(recipient_text(agency))]))
    except age.KeyTextError as error:
        raise RecipientUnusable(error.what_happened) from error
    except age.RecipientsError as error:
        raise RecipientUnusable from error


def opened_age(reader: age.PayloadReader) -> io.RawIOBase:
    """The reader with PackageRefused instead of the container's own errors."""
    return _Opened(reader)


@contextlib.contextmanager
def refused() -> Iterator[None]:
    """The container's failures as a package's."""
    try:
        yield
    except age.NoMatchError as error:
        raise PackageRefused(
            "The package is not sealed to this key.", to_do="Use the key it was sealed to, or ask its sender."
        ) from error
    except age.AgeError as error:
        raise PackageRefused("The sealed package is damaged, cut short or altered.") from error


class _Opened(io.RawIOBase):
    def __init__(self, reader: age.PayloadReader) -> None:
        super().__init__()
        self._reader = reader

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        with refused():
            return self._reader.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._reader.close()
        super().close()
