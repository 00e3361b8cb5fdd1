"""Where everything lies in the inner tar: known before its first byte is made. Pure.

The format is POSIX ustar, one header of 512 bytes before each file, no entries for folders. A size from 8 GiB on does
not fit the header's octal digits and is written in base 256, as GNU tar does; Python, 7-Zip and bsdtar read it as well.
Everything in a header but path, size and time is the same in every package.
"""

from __future__ import annotations

from dataclasses import dataclass

from reviewer.handoff.errors import NameUnusable
from reviewer.handoff.names import check_part, check_path
from reviewer.handoff.plan import Document, Entry, Plan

BLOCK = 512
# GNU tar and Python write whole records of twenty blocks.
RECORD = 20 * BLOCK
_END_BLOCKS = 2
_NAME_BYTES, _PREFIX_BYTES = 100, 155
_OCTAL_LIMIT = 8**11
_MODE = b"0000644\x00"
_NOBODY = b"0000000\x00"
_REGULAR = b"0"
_USTAR = b"ustar\x0000"


@dataclass(frozen=True, slots=True)
class Placed:
    """A file in the tar: `start` is the offset of its header in bytes, `size` that of its content."""

    entry: Entry
    header: bytes
    start: int
    size: int

    @property
    def content(self) -> int:
        return self.start + BLOCK

    @property
    def end(self) -> int:
        """Where the next header begins."""
        return self.content + -(-self.size // BLOCK) * BLOCK


@dataclass(frozen=True, slots=True)
class TarLayout:
    """All files in their order, and the size of the whole tar in bytes."""

    files: tuple[Placed, ...]
    size: int

    @classmethod
    def of(cls, plan: Plan) -> TarLayout:
        """NameUnusable for a path that is not safe or too long for a header."""
        check_part(plan.folder)
        time = int(plan.built_at.timestamp())
        files: list[Placed] = []
        end = 0
        for entry in plan.entries:
            check_path(entry.path)
            size = len(entry.content) if isinstance(entry, Document) else entry.size
            files.append(Placed(entry, tar_header(f"{plan.folder}/{entry.path}", size, time), end, size))
            end = files[-1].end
        return cls(tuple(files), -(-(end + _END_BLOCKS * BLOCK) // RECORD) * RECORD)


def tar_header(path: str, size: int, time: int) -> bytes:
    """The 512 bytes before a file; `time` in seconds since 1970, UTC."""
    # Not every reader of tar knows the prefix: it is used only where it must be.
    prefix, _, name = ("", "", path) if len(path) <= _NAME_BYTES else path.rpartition("/")
    if len(name) > _NAME_BYTES or len(prefix) > _PREFIX_BYTES:
        raise NameUnusable("A name is too long for a package.")
    before = b"".join(
        (name.encode("ascii").ljust(_NAME_BYTES, b"\0"), _MODE, _NOBODY, _NOBODY, _size(size), b"%011o\0" % time)
    )
    after = b"".join(
        (
            _REGULAR + bytes(100) + _USTAR + bytes(32 + 32 + 8 + 8),
            prefix.encode("ascii").ljust(_PREFIX_BYTES, b"\0") + bytes(12),
        )
    )
    # The sum counts its own field as eight spaces.
    total = sum(before) + sum(after) + 8 * ord(" ")
    return before + b"%06o\0 " % total + after


def _size(size: int) -> bytes:
    return b"%011o\0" % size if size < _OCTAL_LIMIT else b"\x80" + size.to_bytes(11, "big")
