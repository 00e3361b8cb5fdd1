"""What a picture's header says: size, how to turn it, frames or pages, colour profile. Hardly a pixel is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import IO, cast

import pillow_heif
from PIL import ExifTags, Image

from reviewer.media.formats import Format
from reviewer.media.protocol import MAX_CLAIMED_SIDE
from reviewer.media.worker import timelines
from reviewer.media.worker.failures import too_large
from reviewer.media.worker.orient import turned_sides
from reviewer.media.worker.source import RangeFailed
from reviewer.media.worker.stillfile import StillFile
from reviewer.media.worker.timelines import Timeline

MAX_PIXELS = 210_000_000
MAX_ANIMATED_PIXELS = 64_000_000
# A tag behind the pixels of a larger PNG is looked for when its pixels are: facts must not hang on the last byte.
_READ_AT_ONCE = 1 << 20

# Only what the bytes are: no other parser is let near them.
PARSERS: dict[Format, tuple[str, ...]] = {
    Format.JPEG: ("JPEG", "MPO"),
    Format.PNG: ("PNG",),
    Format.GIF: ("GIF",),
    Format.WEBP: ("WEBP",),
    Format.BMP: ("BMP", "DIB"),
    Format.TIFF: ("TIFF",),
    Format.AVIF: ("AVIF", "HEIF"),
    Format.HEIC: ("HEIF", "AVIF"),
    Format.JP2: ("JPEG2000",),
    Format.ICO: ("ICO",),
}
_TURNED_BY_PILLOW = ("TIFF", "HEIF")
# What Pillow's parsers raise for bytes they cannot make sense of, beside OSError.
NONSENSE = (
    ValueError,
    SyntaxError,
    TypeError,
    KeyError,
    IndexError,
    EOFError,
    OverflowError,
    RuntimeError,
    AttributeError,
    ArithmeticError,
)

pillow_heif.register_heif_opener()
Image.init()


@dataclass(frozen=True, slots=True)
class Header:
    """Sizes are upright, -1 where Pillow cannot tell. `turn` is the EXIF orientation that is still to be undone.

    `pages` is -1 where there can be only one picture; `timeline` has a start for each page of an animation.
    `late`: an orientation may follow behind the pixels, see `with_late_turn`.
    """

    width: int = -1
    height: int = -1
    mode: str = ""
    orientation: int = 1
    turn: int = 1
    pages: int = -1
    timeline: Timeline | None = None
    profile: bytes | None = None
    transparent: bool = False
    late: bool = False


def opened(source: StillFile, form: Format) -> Image.Image:
    source.seek(0)
    return Image.open(cast(IO[bytes], source), formats=PARSERS.get(form, ()))


def read_header(source: StillFile, form: Format) -> Header:
    """Raises TOO_LARGE before anything large is allocated. What Pillow cannot read gives an empty header."""
    try:
        with opened(source, form) as picture:
            width, height = picture.size
            if width * height > MAX_PIXELS or max(width, height) > MAX_CLAIMED_SIDE:
                raise too_large()
            orientation, turn = _orientation(picture, source)
            timeline, pages = _frames(picture, source, form)
            if timeline is not None and width * height > MAX_ANIMATED_PIXELS:
                raise too_large()
            width, height = turned_sides(width, height, turn)
            transparent = "transparency" in picture.info
            profile = picture.info.get("icc_profile")
            mode = picture.mode
            late = form is Format.PNG and "exif" not in picture.info
            header = Header(width, height, mode, orientation, turn, pages, timeline, profile, transparent, late)
            return with_late_turn(header, source) if late and source.size <= _READ_AT_ONCE else header
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise too_large() from None
    except RangeFailed:
        raise
    except OSError as error:
        if error.errno is not None:
            raise
    except NONSENSE:
        pass
    pages = timelines.tiff_pages(source) if form is Format.TIFF else -1
    return Header(pages=pages or -1)  # Pillow does not know it; OpenCV may


def _frames(picture: Image.Image, source: StillFile, form: Format) -> tuple[Timeline | None, int]:
    if form is Format.TIFF:
        return None, max(1, timelines.tiff_pages(source))
    if picture.format == "HEIF":
        count = min(int(getattr(picture, "n_frames", 1)), timelines.MAX_FRAMES)
        return None, count if count > 1 else -1
    if form is Format.PNG and not getattr(picture, "is_animated", False):
        return None, -1
    reader = {
        Format.GIF: timelines.gif,
        Format.WEBP: timelines.webp,
        Format.PNG: timelines.apng,
        Format.AVIF: timelines.avif,
    }.get(form)
    if reader is None:
        return None, -1
    found = reader(memoryview(source.whole()))
    return (found, len(found.starts)) if len(found.starts) > 1 else (None, -1)


def _orientation(picture: Image.Image, source: StillFile) -> tuple[int, int]:
    """What the file says, and what of it is left to do: some decoders turn the picture themselves."""
    if picture.format == "PNG" and "exif" not in picture.info:
        return 1, 1
    value = picture.getexif().get(ExifTags.Base.Orientation)
    if picture.format == "HEIF":
        # Only the file's own turning boxes count, and the decoder has obeyed them; the tag merely repeats them.
        obeyed = timelines.has_turning_box(memoryview(source.whole()))
        value = picture.info.get("original_orientation") if obeyed else 1
    orientation = _valid(value)
    return orientation, 1 if picture.format in _TURNED_BY_PILLOW else orientation


def with_late_turn(header: Header, source: StillFile) -> Header:
    """A PNG's header with the orientation from a chunk behind the pixels, for which Pillow would decode them all."""
    data = memoryview(source.whole())
    for kind, at, size in timelines.png_chunks(data):
        if kind == b"eXIf":
            exif = Image.Exif()
            exif.load(b"Exif\x00\x00" + bytes(data[at : at + size]))
            turn = _valid(exif.get(ExifTags.Base.Orientation))
            width, height = turned_sides(header.width, header.height, turn)
            return replace(header, width=width, height=height, orientation=turn, turn=turn, late=False)
    return replace(header, late=False)


def _valid(orientation: object) -> int:
    return orientation if isinstance(orientation, int) and 1 <= orientation <= 8 else 1
