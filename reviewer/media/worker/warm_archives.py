"""Loads what archives need before the worker is sealed, by unpacking a small one of each kind."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zipfile
from collections.abc import Callable

import py7zr

from reviewer.media.worker.archives import ArchiveItem
from reviewer.media.worker.identify import identify
from reviewer.media.worker.source import RangeSource

_WORDS = b"clouds over the parcel, rain by the evening " * 8
_SEVEN_ZIP_METHODS = (
    py7zr.FILTER_LZMA2,
    py7zr.FILTER_LZMA,
    py7zr.FILTER_BZIP2,
    py7zr.FILTER_DEFLATE,
    py7zr.FILTER_COPY,
    py7zr.FILTER_ZSTD,
)


def archives(source_of: Callable[[bytes], RangeSource]) -> None:
    tar = _tar()
    samples = [_zip(), tar, gzip.compress(tar), bz2.compress(tar), lzma.compress(tar), gzip.compress(_WORDS)]
    samples += [_seven_zip(method, packed_header=method == py7zr.FILTER_LZMA2) for method in _SEVEN_ZIP_METHODS]
    for data in samples:
        item = ArchiveItem(source_of(data), identify(data))
        for index, _part in enumerate(item.parts()):
            item.read_part(index, 0, len(_WORDS))


def _zip() -> bytes:
    out = io.BytesIO()
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
    with zipfile.ZipFile(out, "w") as file:
        for method in methods:
            file.writestr(zipfile.ZipInfo(f"{method}.txt"), _WORDS, compress_type=method)
    return out.getvalue()


def _tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        about = tarfile.TarInfo("words.txt")
        about.size = len(_WORDS)
        file.addfile(about, io.BytesIO(_WORDS))
    return out.getvalue()


def _seven_zip(method: int, *, packed_header: bool) -> bytes:
    """Packing a header takes an encoder with a large dictionary and 20 ms, so that one of them is enough."""
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[{"id": method}]) as file:
        file.set_encoded_header_mode(packed_header)
        file.writestr(_WORDS, "words.txt")
    return out.getvalue()
