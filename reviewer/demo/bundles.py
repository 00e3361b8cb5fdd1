"""A synthetic ZIP archive, as people send several files at once."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO


def bundle(files: Mapping[str, bytes], marker: bytes) -> bytes:
    """Text deflated, all else stored; the archive's comment is the marker. Always the same bytes for the same files."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = marker
        for name, data in files.items():
            method = zipfile.ZIP_DEFLATED if name.endswith(".txt") else zipfile.ZIP_STORED
            archive.writestr(zipfile.ZipInfo(name, (2026, 11, 20, 18, 0, 0)), data, compress_type=method)
    return out.getvalue()
