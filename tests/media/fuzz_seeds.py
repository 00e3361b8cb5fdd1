"""One small healthy file of every kind, made in memory, for `mutations` to damage. Abstract patterns and small talk."""

from __future__ import annotations

import gzip
import io
import os
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from fractions import Fraction
from functools import cache

import av
import media_samples as samples
import numpy as np
import pillow_heif
import py7zr
from PIL import Image, ImageFile

pillow_heif.register_heif_opener()
os.environ.setdefault("SVT_LOG", "1")  # errors only

TALK = (
    "The beans on the parcel by the fence are up.",
    "Rain is announced for the weekend, so water little.",
    "I left the small spade in the shed; take it when you like.",
    "Grüße an alle, und danke für die Tomaten!",
    "Wind from the west, about nine degrees.",
)


def _image(
    name: str, *, mode: str = "RGB", frames: int = 1, size: tuple[int, int] = (96, 64), **options: object
) -> bytes:
    pictures = [Image.fromarray(samples.pattern(*size, seed=i + 1)[..., ::-1]).convert(mode) for i in range(frames)]
    out = io.BytesIO()
    if frames > 1:
        options |= {"save_all": True, "append_images": pictures[1:]}
    pictures[0].save(out, name, **options)
    return out.getvalue()


def _deep_png() -> bytes:
    return samples.image((samples.pattern(96, 64).astype(np.uint16) * 257), ".png")


def _progressive() -> bytes:
    ImageFile.MAXBLOCK = max(ImageFile.MAXBLOCK, 1 << 20)
    return _image("JPEG", progressive=True)


IMAGES: dict[str, Callable[[], bytes]] = {
    "jpeg": lambda: samples.jpeg(samples.pattern(96, 64), 6),
    "jpeg-progressive": _progressive,
    "jpeg-cmyk": lambda: _image("JPEG", mode="CMYK"),
    "png": lambda: _image("PNG"),
    "png-palette": lambda: _image("PNG", mode="P"),
    "png-16": _deep_png,
    "gif": lambda: _image("GIF", mode="P", frames=3, duration=80, loop=0),
    "webp": lambda: _image("WEBP"),
    "webp-lossless": lambda: _image("WEBP", lossless=True),
    "webp-animated": lambda: _image("WEBP", frames=3, duration=80),
    "bmp": lambda: _image("BMP"),
    "bmp-rle": lambda: _rle_bmp(),
    "tiff": lambda: _image("TIFF", frames=2, compression="tiff_lzw"),
    "tiff-deflate": lambda: _image("TIFF", compression="tiff_adobe_deflate"),
    "tiff-jpeg": lambda: _image("TIFF", compression="jpeg"),
    "tiff-fax": lambda: _image("TIFF", mode="1", compression="group4"),
    "avif": lambda: _image("AVIF"),
    "heic": lambda: _image("HEIF"),
    "jp2": lambda: _image("JPEG2000"),
    "ico": lambda: _image("ICO", size=(64, 64)),
}


def _rle_bmp() -> bytes:
    palette = b"".join(bytes([i, i, i, 0]) for i in range(256))
    rows = b"".join(bytes([32, (y * 8) & 255, 32, (y * 5) & 255, 0, 0]) for y in range(32)) + b"\0\1"
    start = 54 + len(palette)
    header = (40).to_bytes(4, "little") + (64).to_bytes(4, "little") + (32).to_bytes(4, "little") + b"\1\0\x08\0"
    header += (1).to_bytes(4, "little") + len(rows).to_bytes(4, "little") + bytes(16)
    total = (start + len(rows)).to_bytes(4, "little")
    return b"BM" + total + bytes(4) + start.to_bytes(4, "little") + header + palette + rows


def _video(
    codec: str, container: str, *, size: tuple[int, int] = (64, 48), pixels: str = "yuv420p", **rest: bool
) -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        stream.gop_size = 5
        stream.thread_count = 1
        quiet = {"libx265": {"x265-params": "log-level=none"}, "libsvtav1": {"preset": "12"}}
        stream.options = {"libx264": {"preset": "ultrafast"}}.get(codec, quiet.get(codec, {}))
        sound = file.add_stream("aac", rate=48000) if rest.get("sound") else None
        for picture in samples.moving(*size, 12):
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24").reformat(format=pixels)
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
        if sound is not None:
            for index in range(20):
                file.mux(sound.encode(_tone(index, 1024, 48000, "fltp")))
            file.mux(sound.encode(None))
    return out.getvalue()


VIDEOS: dict[str, Callable[[], bytes]] = {
    "mp4-h264": lambda: _video("libx264", "mp4", sound=True),
    "mp4-hevc": lambda: _video("libx265", "mp4"),
    "mp4-av1": lambda: _video("libsvtav1", "mp4"),
    "mov-prores": lambda: _video("prores_ks", "mov", pixels="yuv422p10le"),
    "mov-mjpeg": lambda: _video("mjpeg", "mov", pixels="yuvj420p"),
    "mkv-h264": lambda: _video("libx264", "matroska", sound=True),
    "mkv-ffv1": lambda: _video("ffv1", "matroska"),
    "webm-vp8": lambda: _video("libvpx", "webm"),
    "webm-vp9": lambda: _video("libvpx-vp9", "webm"),
    "avi-mpeg4": lambda: _video("mpeg4", "avi"),
    "avi-mjpeg": lambda: _video("mjpeg", "avi", pixels="yuvj420p"),
    "avi-msmpeg4": lambda: _video("msmpeg4", "avi"),
    "flv": lambda: _video("flv", "flv"),
    "3gp-h263": lambda: _video("h263", "3gp", size=(128, 96)),
    "ts-mpeg2": lambda: _video("mpeg2video", "mpegts"),
    "ts-h264": lambda: _video("libx264", "mpegts", sound=True),
    "mpeg-ps": lambda: _video("mpeg2video", "vob"),
    "wmv": lambda: _video("wmv2", "asf"),
    "fragmented-mp4": lambda: _fragmented(),
}


def _fragmented() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4", options={"movflags": "frag_keyframe+empty_moov"}) as file:
        stream = file.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt, stream.gop_size = 64, 48, "yuv420p", 4
        stream.options = {"preset": "ultrafast"}
        for picture in samples.moving(64, 48, 12):
            file.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="bgr24")))
        file.mux(stream.encode(None))
    return out.getvalue()


def _tone(index: int, count: int, rate: int, layout: str) -> av.AudioFrame:
    wave = np.sin((np.arange(count) + index * count) / 9.0) * 0.3
    data = wave.astype(np.float32) if layout.startswith("flt") else (wave * 32767).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(data.reshape(1, -1), format=layout, layout="mono")
    frame.sample_rate, frame.pts, frame.time_base = rate, index * count, Fraction(1, rate)
    return frame


def _sound(codec: str, container: str, rate: int = 48000, layout: str = "mono") -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format=container) as file:
        stream = file.add_stream(codec, rate=rate, layout=layout, options={"strict": "-2"})
        stream.bit_rate = 64_000
        stream.codec_context.open()
        resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=rate)
        frame_size = stream.codec_context.frame_size or 1024
        fifo = av.AudioFifo()
        for index in range(24):
            for frame in resampler.resample(_tone(index, 1024, rate, "s16")):
                fifo.write(frame)
        while (frame := fifo.read(frame_size)) is not None:
            file.mux(stream.encode(frame))
        file.mux(stream.encode(None))
    return out.getvalue()


def _amr() -> bytes:
    """AMR narrow band, frames of mode 7 with pseudo-random speech bits: nobody here can encode it."""
    rng = np.random.default_rng(7)
    return b"#!AMR\n" + b"".join(b"\x3c" + rng.bytes(31) for _ in range(40))


SOUNDS: dict[str, Callable[[], bytes]] = {
    "wav": lambda: samples.wav(0.4),
    "mp3": lambda: _sound("libmp3lame", "mp3"),
    "m4a": lambda: _sound("aac", "ipod"),
    "ogg-vorbis": lambda: _sound("vorbis", "ogg", layout="stereo"),
    "opus": lambda: _sound("libopus", "ogg"),
    "flac": lambda: _sound("flac", "flac"),
    "wma": lambda: _sound("wmav2", "asf", 44100, "stereo"),
    "aac": lambda: _sound("aac", "adts"),
    "amr": _amr,
}


def _text(encoding: str) -> Callable[[], bytes]:
    return lambda: ("\r\n".join(TALK * 6) + "\r\n").encode(encoding, "replace")


def _chat_export() -> bytes:
    lines = [f"[12.05.24, 18:{i:02}:07] {'Ada' if i % 2 else 'Ben'}: {TALK[i % len(TALK)]}" for i in range(30)]
    return "\n".join(lines).encode()


def _chat_json() -> bytes:
    import json

    messages = [
        {"from": "Ada" if i % 2 else "Ben", "date": f"2024-05-12T18:{i:02}:07", "text": TALK[i % 5], "reported": i == 7}
        for i in range(30)
    ]
    return json.dumps({"conversation": "allotment", "messages": messages}, ensure_ascii=False, indent=1).encode()


def _mail() -> bytes:
    import base64

    picture = base64.encodebytes(samples.jpeg(samples.pattern(48, 32))).decode()
    return (
        "From: Ada <ada@example.org>\r\nTo: Ben <ben@example.org>\r\nSubject: =?utf-8?q?Beans_und_Gr=C3=BC=C3=9Fe?=\r\n"
        "Date: Sun, 12 May 2024 18:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="outer"\r\n\r\npreamble\r\n--outer\r\n'
        'Content-Type: multipart/alternative; boundary="inner"\r\n\r\n--inner\r\n'
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
        "The beans are up=2E\r\nRain on Sunday.\r\n--inner\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n"
        "<html><body><p>The beans are <b>up</b>.</p></body></html>\r\n--inner--\r\n--outer\r\n"
        'Content-Type: image/jpeg; name="parcel.jpg"\r\nContent-Transfer-Encoding: base64\r\n'
        'Content-Disposition: attachment; filename="parcel.jpg"\r\n\r\n' + picture + "\r\n--outer\r\n"
        "Content-Type: message/rfc822\r\n\r\nFrom: Ben <ben@example.org>\r\nTo: Ada <ada@example.org>\r\n"
        "Subject: spade\r\n\r\nIt is in the shed.\r\n--outer--\r\n"
    ).encode()


TEXTS: dict[str, Callable[[], bytes]] = {
    "txt-utf8": _text("utf-8"),
    "txt-utf16": _text("utf-16"),
    "txt-latin1": _text("latin-1"),
    "txt-cp1251": lambda: ("Дождь обещали на выходные.\n" * 20).encode("cp1251"),
    "txt-shift-jis": lambda: ("週末は雨の予報です。\n" * 20).encode("shift_jis"),
    "csv": lambda: ("day,parcel,rain\n" + "".join(f"{i},p{i % 4},{i * 3 % 11}\n" for i in range(40))).encode(),
    "json": lambda: b'{"parcels": [' + b",".join(b'{"n": %d, "beans": true}' % i for i in range(40)) + b"]}",
    "html": lambda: b"<!doctype html><html><body><p>" + " ".join(TALK).encode() + b"</p></body></html>",
    "chat-txt": _chat_export,
    "chat-json": _chat_json,
    "eml": _mail,
}


def pdf(bodies: list[bytes], *, trailer: bytes = b"") -> bytes:
    """Objects 1.. with a right cross-reference table; object 1 is the catalogue."""
    out = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(bodies) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(bodies) + 1, trailer, start)
    return bytes(out)


def stream(data: bytes, words: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n" % (len(data), words) + data + b"\nendstream"


def _two_pages() -> bytes:
    text = b"BT /F1 18 Tf 20 100 Td (The beans are up.) Tj ET 0.2 0.5 0.9 rg 20 20 60 40 re f"
    packed = zlib.compress(b"q 120 0 0 80 10 10 cm /I1 Do Q")
    picture = samples.jpeg(samples.pattern(48, 32))
    image = b"/Type /XObject /Subtype /Image /Width 48 /Height 32 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter "
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 150] /Contents %d 0 R /Resources << /Font << /F1 7 0 R >>"
    page += b" /XObject << /I1 8 0 R >> >> >>"
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
            page % 5,
            page % 6,
            stream(text),
            stream(packed, b"/Filter /FlateDecode"),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            stream(picture, image + b"/DCTDecode"),
        ]
    )


DOCUMENTS: dict[str, Callable[[], bytes]] = {"pdf": _two_pages}


def _files() -> dict[str, bytes]:
    return {
        "talk.txt": "\n".join(TALK).encode(),
        "parcel.jpg": samples.jpeg(samples.pattern(48, 32)),
        "a/b.csv": b"a,b\n1,2\n",
    }


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


def _tar(mode: str = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in _files().items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return out.getvalue()


def _seven() -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        for name, data in _files().items():
            archive.writestr(data, name)
    return out.getvalue()


ARCHIVES: dict[str, Callable[[], bytes]] = {
    "zip": lambda: zipped(_files()),
    "zip-stored": lambda: zipped(_files(), zipfile.ZIP_STORED),
    "zip-bzip2": lambda: zipped(_files(), zipfile.ZIP_BZIP2),
    "zip-lzma": lambda: zipped(_files(), zipfile.ZIP_LZMA),
    "tar": _tar,
    "tar-gz": lambda: _tar("w:gz"),
    "gz": lambda: gzip.compress("\n".join(TALK).encode(), mtime=0),
    "7z": _seven,
}

MAKERS = {**IMAGES, **VIDEOS, **SOUNDS, **TEXTS, **DOCUMENTS, **ARCHIVES}


@cache
def seed_file(name: str) -> bytes:
    return MAKERS[name]()
