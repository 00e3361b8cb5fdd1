"""Pictures of the rarer kinds, made and opened once before sealing: what they load cannot be loaded afterwards."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image, ImageCms

from reviewer.media.protocol import BlurredStyle, DrawingStyle
from reviewer.media.worker import veil
from reviewer.media.worker.failures import Unshowable
from reviewer.media.worker.identify import identify
from reviewer.media.worker.images import ImageItem
from reviewer.media.worker.pictures import Picture
from reviewer.media.worker.source import RangeSource


def stills(colour: Picture, source: Callable[[bytes], RangeSource]) -> None:
    """`colour` is any small BGR picture, `source` makes a source of bytes."""
    for data in _samples(colour):
        item = ImageItem(source(data), identify(data))
        for page in range(max(1, item.facts().pages)):
            item.turn_to(page)
            try:
                veil.blurred(item.grey(32, 0.0), 32, BlurredStyle.PIXELATE)
                veil.drawing(item.grey(64, 0.0), 64, 64, DrawingStyle.ILLUSTRATION)
                item.in_srgb(veil.region(item.colour(0.0, 1.0), 0.0, 0.0, 1.0, 1.0, (32, 32), False))
            except Unshowable:
                pass  # the torn one


def _samples(colour: Picture) -> Iterator[bytes]:
    picture = Image.fromarray(colour)
    turned = Image.fromarray(np.ascontiguousarray(colour[::-1, ::-1]))
    yield _saved(picture, "JPEG", icc_profile=wide_profile())
    jpeg = _saved(picture, "JPEG")
    yield jpeg[: len(jpeg) * 3 // 4]
    yield _saved(picture.convert("CMYK"), "JPEG")
    grey = picture.convert("L")
    for plain in (grey.convert("I;16"), grey.convert("LA"), *(picture.convert(mode) for mode in ("1", "P", "RGBA"))):
        yield _saved(plain, "PNG")
    for plain in (
        grey.convert("I;16"),
        grey.convert("F"),
        *(picture.convert(mode) for mode in ("LAB", "CMYK", "YCbCr")),
    ):
        yield _saved(plain, "TIFF")
    for compression in ("tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"):
        yield _saved(picture, "TIFF", compression=compression, save_all=True, append_images=[turned])
    yield _saved(picture.convert("1"), "TIFF", compression="group4")
    for form in ("GIF", "WEBP", "PNG", "AVIF"):
        yield _saved(picture, form, save_all=True, append_images=[turned, picture], duration=100)
    yield _saved(picture, "HEIF", save_all=True, append_images=[turned])
    yield _saved(picture.convert("RGBA"), "WEBP")


def wide_profile() -> bytes:
    """An RGB profile that does not call itself sRGB, so that it is applied."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return plain.replace("sRGB".encode("utf-16-be"), "wide".encode("utf-16-be"))


def _saved(picture: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()
