"""The formats the worker can tell apart, each with its number on the wire, its kind and its usual name. Pure."""

from __future__ import annotations

from enum import IntEnum

from reviewer.model.levels import Kind


class Format(IntEnum):
    """What the bytes are. The number crosses the sandbox, never text; `OTHER` is everything not listed."""

    OTHER = 0
    JPEG = 1
    PNG = 2
    GIF = 3
    WEBP = 4
    BMP = 5
    TIFF = 6
    AVIF = 7
    HEIC = 8
    JP2 = 9
    ICO = 10
    MP4 = 20
    MOV = 21
    MKV = 22
    WEBM = 23
    AVI = 24
    FLV = 25
    THREE_GP = 26
    TS = 27
    MPEG = 28
    WMV = 29
    MP3 = 40
    M4A = 41
    OGG = 42
    OPUS = 43
    FLAC = 44
    WAV = 45
    AMR = 46
    WMA = 47
    AAC = 48
    OGV = 49
    TXT = 60
    JSON = 61
    CSV = 62
    CHAT = 63
    EML = 64
    HTML = 65
    PDF = 70
    ZIP = 80
    SEVEN_ZIP = 81
    TAR = 82
    GZIP = 83
    BZIP2 = 84
    XZ = 85
    EMPTY = 90


_KINDS: dict[Kind, tuple[Format, ...]] = {
    Kind.IMAGE: (
        Format.JPEG,
        Format.PNG,
        Format.GIF,
        Format.WEBP,
        Format.BMP,
        Format.TIFF,
        Format.AVIF,
        Format.HEIC,
        Format.JP2,
        Format.ICO,
    ),
    Kind.VIDEO: (
        Format.MP4,
        Format.MOV,
        Format.MKV,
        Format.WEBM,
        Format.AVI,
        Format.FLV,
        Format.THREE_GP,
        Format.TS,
        Format.MPEG,
        Format.WMV,
        Format.OGV,
    ),
    Kind.AUDIO: (
        Format.MP3,
        Format.M4A,
        Format.OGG,
        Format.OPUS,
        Format.FLAC,
        Format.WAV,
        Format.AMR,
        Format.WMA,
        Format.AAC,
    ),
    Kind.TEXT: (Format.TXT, Format.JSON, Format.CSV, Format.HTML),
    Kind.CHAT: (Format.CHAT,),
    Kind.EMAIL: (Format.EML,),
    Kind.DOCUMENT: (Format.PDF,),
    Kind.ARCHIVE: (Format.ZIP, Format.SEVEN_ZIP, Format.TAR, Format.GZIP, Format.BZIP2, Format.XZ),
}

_NAMES: dict[Format, str] = {
    Format.OTHER: "",
    Format.THREE_GP: "3gp",
    Format.SEVEN_ZIP: "7z",
    Format.GZIP: "gz",
    Format.BZIP2: "bz2",
    Format.EMPTY: "empty",
}

_KNOWN = frozenset(_NAMES.get(form, form.name.lower()) for form in Format) - {""}

# Names senders use for the same thing. A chat or CSV export is plain text to a sender's system, and so on.
_SAME: dict[str, str] = {
    "jpg": "jpeg",
    "jpe": "jpeg",
    "jfif": "jpeg",
    "pjpeg": "jpeg",
    "tif": "tiff",
    "heif": "heic",
    "j2k": "jp2",
    "jpx": "jp2",
    "jpf": "jp2",
    "x-ms-bmp": "bmp",
    "dib": "bmp",
    "x-icon": "ico",
    "vnd.microsoft.icon": "ico",
    "m4v": "mp4",
    "quicktime": "mov",
    "qt": "mov",
    "matroska": "mkv",
    "x-matroska": "mkv",
    "x-msvideo": "avi",
    "x-flv": "flv",
    "3gpp": "3gp",
    "3g2": "3gp",
    "m2ts": "ts",
    "mts": "ts",
    "mp2t": "ts",
    "mpg": "mpeg",
    "vob": "mpeg",
    "asf": "wmv",
    "x-ms-wmv": "wmv",
    "mpga": "mp3",
    "x-m4a": "m4a",
    "oga": "ogg",
    "x-wav": "wav",
    "wave": "wav",
    "vnd.wave": "wav",
    "x-flac": "flac",
    "text": "txt",
    "plain": "txt",
    "log": "txt",
    "htm": "html",
    "rfc822": "eml",
    "x-7z-compressed": "7z",
    "x-tar": "tar",
    "gzip": "gz",
    "x-gzip": "gz",
    "tgz": "gz",
    "x-bzip2": "bz2",
    "tbz2": "bz2",
    "x-xz": "xz",
    "txz": "xz",
}


def kind_of(form: Format) -> Kind:
    for kind, forms in _KINDS.items():
        if form in forms:
            return kind
    return Kind.UNKNOWN


def name_of(form: Format) -> str:
    return _NAMES.get(form, form.name.lower())


def known_name(untrusted_declared: str) -> str:
    """The usual name of a format in the list above, or nothing: what is written behind a dot may be anybody's words."""
    name = declared_name(untrusted_declared)
    return name if name in _KNOWN else ""


def declared_name(untrusted_declared: str) -> str:
    """The usual name for what a sender called it: "photo.JPG", ".jpg", "image/jpeg" and "jpeg" all become "jpeg"."""
    text = untrusted_declared.strip().lower().split(";")[0]
    text = text.rsplit("/", 1)[-1].rsplit(".", 1)[-1] if "vnd." not in text else text.rsplit("/", 1)[-1]
    text = "".join(c for c in text if c.isalnum() or c in "-.")[:24]
    return _SAME.get(text, text)
