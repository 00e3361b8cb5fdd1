"""The media type (IANA) of each format that the sealed worker tells apart, for the documents of a package."""

from __future__ import annotations

UNKNOWN = "application/octet-stream"

# By the format's usual name, as `ItemFacts.format` has it; what was found in the content, never what a sender said.
_BY_FORMAT: dict[str, str] = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "bmp": "image/bmp",
    "tiff": "image/tiff",
    "avif": "image/avif",
    "heic": "image/heic",
    "jp2": "image/jp2",
    "ico": "image/vnd.microsoft.icon",
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "mkv": "video/matroska",
    "webm": "video/webm",
    "avi": "video/vnd.avi",
    "flv": "video/x-flv",
    "3gp": "video/3gpp",
    "ts": "video/mp2t",
    "mpeg": "video/mpeg",
    "wmv": "video/x-ms-wmv",
    "ogv": "video/ogg",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "flac": "audio/flac",
    "wav": "audio/vnd.wave",
    "amr": "audio/amr",
    "wma": "audio/x-ms-wma",
    "aac": "audio/aac",
    "txt": "text/plain",
    "json": "application/json",
    "csv": "text/csv",
    "chat": "application/json",
    "eml": "message/rfc822",
    "html": "text/html",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "7z": "application/x-7z-compressed",
    "tar": "application/x-tar",
    "gz": "application/gzip",
    "bz2": "application/x-bzip2",
    "xz": "application/x-xz",
}


def media_type(form: str) -> str:
    """`form` is `ItemFacts.format`; what is not known there is bytes."""
    return _BY_FORMAT.get(form, UNKNOWN)
