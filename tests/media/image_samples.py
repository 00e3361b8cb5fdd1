"""Still and animated pictures of every kind for the tests, made in memory: abstract patterns only."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageCms

pillow_heif.register_heif_opener()

# How a picture that is `upright` once turned must be stored to carry each EXIF orientation.
STORED: dict[int, Callable[[Any], Any]] = {
    1: lambda p: p,
    2: lambda p: cv2.flip(p, 1),
    3: lambda p: cv2.rotate(p, cv2.ROTATE_180),
    4: lambda p: cv2.flip(p, 0),
    5: cv2.transpose,
    6: lambda p: cv2.rotate(p, cv2.ROTATE_90_COUNTERCLOCKWISE),
    7: lambda p: cv2.flip(cv2.transpose(p), -1),
    8: lambda p: cv2.rotate(p, cv2.ROTATE_90_CLOCKWISE),
}


def flat(width: int, height: int, colour: tuple[int, int, int]) -> Image.Image:
    return Image.new("RGB", (width, height), colour)


def of(bgr: np.ndarray) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(bgr[..., ::-1]))


def saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    if form == "GIF" and picture.mode == "RGB":
        picture = _in_few_colours(picture)
    picture.save(out, form, **options)
    return out.getvalue()


def _in_few_colours(picture: Image.Image) -> Image.Image:
    """As Pillow would, in a tenth of the time."""
    return picture.quantize(method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)


def animation(frames: Sequence[Image.Image], form: str, **options: Any) -> bytes:
    more = [_in_few_colours(one) if form == "GIF" and one.mode == "RGB" else one for one in frames[1:]]
    return saved(frames[0], form, save_all=True, append_images=more, **options)


def turned(upright: np.ndarray, form: str, orientation: int) -> bytes:
    """Stored so that it must be turned: by an EXIF tag, a TIFF tag, or the irot and imir boxes of AVIF and HEIC."""
    picture = of(STORED[orientation](upright))
    if form == "TIFF":
        return saved(picture, form, tiffinfo={274: orientation})
    exif = Image.Exif()
    exif[274] = orientation
    if form == "HEIF":
        return saved(picture, form, exif=exif.tobytes(), quality=90)
    options = {"lossless": True} if form == "WEBP" else {"quality": 92} if form == "JPEG" else {}
    return saved(picture, form, exif=exif, **options)


def png_with_late_exif(upright: np.ndarray, orientation: int) -> bytes:
    data = saved(of(STORED[orientation](upright)), "PNG")
    exif = Image.Exif()
    exif[274] = orientation
    return data[:-12] + chunk(b"eXIf", exif.tobytes()[6:]) + data[-12:]


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def black_png(side: int) -> bytes:
    """A sound one, made of the same hundred rows again and again: to press that many pixels takes a second."""
    rows = bytes((side + 1) * 100)
    squeezer = zlib.compressobj(9)
    head, again = (squeezer.compress(rows) + squeezer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    check = ((side + 1) * side % 65_521) << 16 | 1  # Adler-32 of nothing but zeros
    pressed = head + again * (side // 100 - 1) + b"\x03\0" + check.to_bytes(4, "big")
    about = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", about) + chunk(b"IDAT", pressed) + chunk(b"IEND", b"")


def gif(screen: tuple[int, int], frames: Sequence[dict[str, Any]], *, count: int = 1) -> bytes:
    """Written by hand, with a global palette of 8: black, white, then shades. `frames`: at, size, index, disposal,
    delay (hundredths), clear (the transparent index). All frames `count` times over.
    """
    out = bytearray(b"GIF89a" + struct.pack("<HH", *screen) + b"\xa2\x00\x00")
    out += bytes(v for i in range(8) for v in (GIF_SHADES[i],) * 3)
    body = bytearray()
    for frame in frames:
        clear = frame.get("clear")
        packed = frame.get("disposal", 0) << 2 | (clear is not None)
        body += b"\x21\xf9\x04" + struct.pack("<BHBB", packed, frame.get("delay", 10), clear or 0, 0)
        width, height = frame["size"]
        body += b"\x2c" + struct.pack("<HHHHB", *frame["at"], width, height, 0)
        indices = np.broadcast_to(np.asarray(frame["index"], np.uint8), (height, width))
        body += _lzw(indices.tobytes())
    return bytes(out + body * count + b"\x3b")


GIF_SHADES = (0, 255, 40, 80, 120, 160, 200, 230)


def _lzw(indices: bytes) -> bytes:
    """Codes of 4 bits only: the dictionary is cleared before it would need a fifth."""
    nibbles: list[int] = []
    for at in range(0, len(indices), 6):
        nibbles += [8, *indices[at : at + 6]]
    nibbles.append(9)
    nibbles += [0] * (len(nibbles) % 2)
    packed = bytes(low | high << 4 for low, high in zip(nibbles[::2], nibbles[1::2], strict=True))
    blocks = b"".join(bytes([len(packed[i : i + 255])]) + packed[i : i + 255] for i in range(0, len(packed), 255))
    return b"\x03" + blocks + b"\x00"


def tiff_chain(pages: int, *, loop: bool = False) -> bytes:
    """So many directories of one grey pixel each; with `loop` the last points back at the first."""
    out = bytearray(b"II*\x00\x08\x00\x00\x00")
    entries = 8
    length = 2 + entries * 12 + 4
    tags = ((256, 3, 1), (257, 3, 1), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (278, 3, 1), (279, 4, 1))
    directory = struct.pack("<H", entries)
    directory += b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    for page in range(pages):
        out += directory
        last = page == pages - 1
        out += struct.pack("<I", (8 if loop else 0) if last else 8 + (page + 1) * length)
    return bytes(out)


def swapped_profile() -> bytes:
    """An RGB profile whose red is the green of sRGB and the other way round: hard to miss when it is applied."""
    plain = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    plain = plain.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    tags = {bytes(plain[at : at + 4]): at for at in range(132, 132 + 12 * int.from_bytes(plain[128:132], "big"), 12)}
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    plain[red + 4 : red + 12], plain[green + 4 : green + 12] = plain[green + 4 : green + 12], plain[red + 4 : red + 12]
    return bytes(plain)
