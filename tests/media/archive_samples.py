"""Synthetic archives, made in memory: well-meant ones, hostile ones, and bombs."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Mapping

import py7zr

SQUEEZE: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
}


def words(seed: int, count: int = 4000) -> bytes:
    return b"".join(b"parcel %d has rain at %d\n" % (seed, n) for n in range(count))


def zip_of(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in files.items():
            file.writestr(zipfile.ZipInfo(name), data, compress_type=method)
    return out.getvalue()


def tar_of(files: Mapping[str, bytes], squeeze: str = "") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        for name, data in files.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            file.addfile(about, io.BytesIO(data))
    return SQUEEZE[squeeze](out.getvalue())


def seven_zip_of(
    files: Mapping[str, bytes], method: int = py7zr.FILTER_LZMA2, password: str | None = None, hide: bool = False
) -> bytes:
    out = io.BytesIO()
    filters: list[dict[str, int]] | None = [{"id": method}]
    if method == py7zr.FILTER_PPMD:
        filters = [{"id": method, "order": 6, "mem": 20}]
    if password is not None:
        filters = None
    with py7zr.SevenZipFile(out, "w", filters=filters, password=password, header_encryption=hide) as file:
        for name, data in files.items():
            file.writestr(data, name)
    return out.getvalue()


def locked_zip(data: bytes) -> bytes:
    """The encryption flag set in both headers of its one member: nobody here has the password anyway."""
    whole = bytearray(zip_of({"locked.txt": data}))
    whole[6] |= 1
    central = whole.index(b"PK\x01\x02")
    whole[central + 8] |= 1
    return bytes(whole)


def overlapping_zip(members: int = 200, inner: int = 40 << 20) -> bytes:
    """Many members of the index that are all the same bytes: a few kilobytes that say they are gigabytes."""
    squeezer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = squeezer.compress(bytes(inner)) + squeezer.flush()
    crc = zlib.crc32(bytes(inner))
    head = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, crc, len(packed), inner, 1, 0) + b"a"
    index = b"".join(
        struct.pack(
            "<4s6H3I5H2I",
            b"PK\x01\x02",
            20,
            20,
            0,
            8,
            0,
            0,
            crc,
            len(packed),
            inner,
            len(b"%03d" % n),
            0,
            0,
            0,
            0,
            0,
            0,
        )
        + b"%03d" % n
        for n in range(members)
    )
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, members, members, len(index), len(head) + len(packed), 0)
    return head + packed + index + end


def linked_tar() -> bytes:
    """A file, and a link to /etc/passwd, a hard link, a device, a pipe and a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as file:
        for name, kind in (
            ("soft", tarfile.SYMTYPE),
            ("hard", tarfile.LNKTYPE),
            ("disk", tarfile.BLKTYPE),
            ("pipe", tarfile.FIFOTYPE),
            ("folder", tarfile.DIRTYPE),
        ):
            about = tarfile.TarInfo(name)
            about.type, about.linkname = kind, "/etc/passwd"
            file.addfile(about)
        about = tarfile.TarInfo("../../etc/real.txt")
        about.size = 5
        file.addfile(about, io.BytesIO(b"plain"))
    return out.getvalue()
