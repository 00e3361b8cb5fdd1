"""What leaves the worker after checking: pixels at one level, and where they lie."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from reviewer.model.levels import Level


class PixelFormat(IntEnum):
    """Memory layouts Qt paints without conversion. GREY8: 1 byte a pixel. BGRX32: 4 bytes, blue first, last unused."""

    GREY8 = 1
    BGRX32 = 4

    @property
    def bytes_per_pixel(self) -> int:
        return int(self)


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in shares of the upright picture: 0.0 <= x, y and x + width, y + height <= 1.0."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Frame:
    """Pixels at one level, in a buffer of our own that `wipe` zeroes.

    `data` holds `stride * height` bytes, `stride >= width * bytes_per_pixel`. `region` is the part of the upright
    picture shown (None: all of it). `time_s` is the presentation time in a video, else None.
    """

    level: Level
    width: int
    height: int
    stride: int
    pixel_format: PixelFormat
    data: bytearray
    region: Region | None = None
    time_s: float | None = None

    def wipe(self) -> None:
        """Zero the pixels in place. A QImage or QPixmap that shares the buffer turns black as well."""
        self.data[:] = bytes(len(self.data))


@dataclass(frozen=True, slots=True)
class SandboxReport:
    """The layers in force, read back from inside a worker by trying them; `detail` says how each was checked."""

    landlock: bool
    seccomp: bool
    rlimits: bool
    namespaces: bool
    no_new_privileges: bool
    not_dumpable: bool
    empty_environment: bool
    landlock_abi: int = 0
    detail: str = ""

    @property
    def sealed(self) -> bool:
        """Good enough to decode: everything the policy cannot do without."""
        return self.landlock and self.seccomp and self.rlimits and self.no_new_privileges and self.empty_environment
