"""Embedded colour profiles (ICC): what is shown clear is sRGB, whatever the picture was made in."""

from __future__ import annotations

import io
import warnings

import cv2
import numpy as np
from PIL import Image, ImageCms

from reviewer.media.worker.pictures import Picture, u8

MAX_PROFILE = 4 << 20
_SRGB = ImageCms.createProfile("sRGB")
# What lcms and Pillow raise for a damaged profile. The picture is then shown as if it had none.
_DAMAGED = (ImageCms.PyCMSError, OSError, ValueError, TypeError, AttributeError)


class ToSrgb:
    """A conversion made once and applied to what is about to be shown, which is smaller than the picture."""

    def __init__(self, transform: ImageCms.ImageCmsTransform) -> None:
        self._transform = transform

    def __call__(self, bgrx: Picture) -> Picture:
        """BGRX (h, w, 4) in, the same out."""
        picture = Image.fromarray(cv2.cvtColor(bgrx, cv2.COLOR_BGRA2RGB))
        try:
            ImageCms.applyTransform(picture, self._transform, inPlace=True)
        except _DAMAGED:
            return bgrx
        return u8(cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2BGRA))


def to_srgb(profile: bytes | None) -> ToSrgb | None:
    """The conversion an RGB profile asks for; None where there is none to make or it is sRGB already."""
    opened = _opened(profile, "RGB")
    if opened is None:
        return None
    try:
        if "srgb" in (opened.profile.profile_description or "").lower():
            return None
        return ToSrgb(ImageCms.buildTransform(opened, _SRGB, "RGB", "RGB"))
    except _DAMAGED:
        return None


def from_cmyk(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB out of CMYK: by its profile, or by the plain formula where there is none that works."""
    opened = _opened(profile, "CMYK")
    if opened is not None:
        try:
            converted = ImageCms.profileToProfile(picture, opened, _SRGB, outputMode="RGB")
        except _DAMAGED:
            converted = None
        if converted is not None:
            return converted
    return picture.convert("RGB")


def _opened(profile: bytes | None, space: str) -> ImageCms.ImageCmsProfile | None:
    if not profile or len(profile) > MAX_PROFILE or profile[16:20].rstrip() != space.encode():
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except _DAMAGED:
        return None
