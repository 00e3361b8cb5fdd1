"""Texts, mails and documents built to hurt: deep nests, rings, bombs, and ways to other files."""

from __future__ import annotations

import zlib
from collections.abc import Callable

from fuzz_seeds import pdf, seed_file, stream


def _nested_pdf(depth: int) -> bytes:
    deep = b"[" * depth + b"]" * depth
    return pdf([b"<< /Type /Catalog /Pages 2 0 R /Deep " + deep + b" >>", b"<< /Type /Pages /Kids [] /Count 0 >>"])


def _page_tree(count: int, *, kids: bytes = b"[3 0 R]") -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>"
    catalogue = b"<< /Type /Catalog /Pages 2 0 R >>"
    return pdf([catalogue, b"<< /Type /Pages /Kids %s /Count %d >>" % (kids, count), page, stream(b"0 0 m")])


def _one_page(contents: bytes, box: bytes = b"[0 0 200 200]", resources: bytes = b"<< >>", *more: bytes) -> bytes:
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox %s /Contents 4 0 R /Resources %s >>" % (box, resources)
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, contents, *more])


def _flate_stack() -> bytes:
    data = bytes(8 << 20)
    for _ in range(3):
        data = zlib.compress(data, 9)
    return _one_page(stream(data, b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"))


def _form_calls_itself() -> bytes:
    form = stream(
        b"/F Do /F Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 5 0 R >> >>"
    )
    return _one_page(stream(b"/F Do"), b"[0 0 200 200]", b"<< /XObject << /F 5 0 R >> >>", form)


def _forms_double() -> bytes:
    forms = [
        stream(
            b"/F Do /F Do /F Do /F Do",
            b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F %d 0 R >> >>" % (6 + i),
        )
        for i in range(18)
    ]
    return _one_page(stream(b"/F Do"), b"[0 0 200 200]", b"<< /XObject << /F 5 0 R >> >>", *forms, stream(b"0 0 m"))


def _pdf_with_ways_out() -> bytes:
    actions = b"/OpenAction << /S /URI /URI (http://127.0.0.1:9/x) >> /AA << /WC << /S /Launch /F (/bin/true) >> >>"
    script = b"/Names << /JavaScript << /Names [(a) << /S /JavaScript /JS (while(true){app.alert(1);}) >>] >> >>"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R >>"
    outside = b"<< /Length 0 /F << /FS /URL /F (http://127.0.0.1:9/c) >> >>\nstream\n\nendstream"
    return pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R " + actions + script + b" >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            outside,
        ]
    )


def _eml(body: str, headers: str = "") -> bytes:
    first = "From: a@example.org\r\nTo: b@example.org\r\nSubject: beans\r\nMIME-Version: 1.0\r\n"
    return (first + headers + "\r\n" + body).encode("utf-8", "surrogatepass")


def _deep_mail(depth: int) -> bytes:
    text = ""
    for level in range(depth):
        text += f'Content-Type: multipart/mixed; boundary="b{level}"\r\n\r\n--b{level}\r\n'
    return _eml("", text + "Content-Type: text/plain\r\n\r\nbeans\r\n")


def _mail_in_mail(depth: int) -> bytes:
    return _eml("", "Content-Type: message/rfc822\r\n\r\nFrom: a@example.org\r\n" * depth)


def _words(text: str, head: str = "") -> Callable[[], bytes]:
    return lambda: (head + text).encode("utf-8", "surrogatepass")


_SVG = '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg xmlns="http://www.w3.org/2000/svg">'
_SVG += '<image href="http://127.0.0.1:9/x.png"/><text>&a;</text></svg>'
HTML = '<!doctype html><html><head><base href="http://127.0.0.1:9/"><script>while(1);</script></head><body>'
HTML += '<img src="file:///etc/passwd"><iframe src="http://127.0.0.1:9/"></iframe></body></html>'
_LAUGHS = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)
)


HOSTILE_WORDS: dict[str, Callable[[], bytes]] = {
    "playlist-m3u8": _words("#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\nhttp://127.0.0.1:9/x.ts\n"),
    "playlist-concat": _words("ffconcat version 1.0\nfile '/etc/passwd'\nfile 'http://127.0.0.1:9/x'\n"),
    "playlist-dash": _words('<?xml version="1.0"?><MPD><BaseURL>file:///etc/</BaseURL></MPD>'),
    "playlist-sdp": _words("v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=video 9 RTP/AVP 96\n"),
    "playlist-in-avi": lambda: seed_file("avi-mpeg4")[:300] + b"#EXTM3U\nfile:///etc/passwd\n" * 40,
    "svg-outside": _words(_SVG),
    "html-outside": _words(HTML),
    "xml-laughs": _words(_LAUGHS + "]><l>&j;</l>"),
    "json-deep": _words("[" * 200_000),
    "json-deep-objects": _words('{"messages":' * 50_000),
    "json-chat-deep": _words('{"messages": [' + "[" * 100_000 + "]" * 100_000 + "]}"),
    "json-big-number": _words('{"messages": [{"text": ' + "9" * 200_000 + "}]}"),
    "json-many-keys": _words('{"messages": [{' + ",".join(f'"k{i}": {i}' for i in range(100_000)) + "}]}"),
    "json-1e999": _words('{"messages": [{"from": "a", "date": 1e999, "text": NaN}, {"text": -Infinity}]}'),
    "json-surrogates": _words('{"messages": [{"from": "\\ud800", "text": "\\udfff\\u202e\\u0000"}]}'),
    "json-odd-types": _words(
        '{"messages": [1, null, [], {"text": {"text": [1]}}, {"from": [], "date": {}, "text": true}]}'
    ),
    "text-one-line-8-mb": _words("beans " * 1_400_000),
    "text-2m-lines": _words("\n" * 2_000_000),
    "text-backtracking": _words("[12.05.24, 18:00:07] " + "a" * 200_000 + "\n" + "1" * 100_000 + ":" * 50_000),
    "text-controls": _words("beans\x07\x1b[2J\x08\u202e\u2066\u200f\u0000\ufeff" * 2000),
    "text-combining": _words("b" + "\u0301" * 200_000),
    "csv-one-quote": _words('a,b,c\n1,"' + "x,\n" * 200_000),
    "csv-wide": _words(("," * 100_000 + "\n") * 4),
    "utf16-odd": lambda: b"\xff\xfe" + b"\x00\xd8" * 5001 + b"\x41",
    "utf7": _words("+ADw-script+AD4- " * 4000),
    "mail-deep": lambda: _deep_mail(3000),
    "mail-in-mail": lambda: _mail_in_mail(3000),
    "mail-endless-header": lambda: _eml("beans", "Subject: " + "=?utf-8?q?" * 100_000 + "\r\n"),
    "mail-many-parts": lambda: _eml("--x\r\n\r\nb\r\n" * 60_000, 'Content-Type: multipart/mixed; boundary="x"\r\n'),
    "mail-codec": lambda: _eml("beans", "Content-Type: text/plain; charset=zlib_codec\r\n"),
    "mail-codec-idna": lambda: _eml("b" * 200_000, "Content-Type: text/plain; charset=idna\r\n"),
    "mail-bad-base64": lambda: _eml("=" * 400_000, "Content-Transfer-Encoding: base64\r\nContent-Type: image/png\r\n"),
    "mail-bad-boundary": lambda: _eml("beans", 'Content-Type: multipart/mixed; boundary="' + "(" * 50_000 + '"\r\n'),
    "mail-names": lambda: _eml(
        "--x\r\nContent-Disposition: attachment; filename*=utf-8''..%2F..%2F%00x%1b\r\n\r\nb\r\n--x--",
        'Content-Type: multipart/mixed; boundary="x"\r\n',
    ),
    "mail-addresses": lambda: _eml("beans", "Cc: " + "(" * 20_000 + "\r\nReply-To: " + "a@b," * 40_000 + "\r\n"),
    "mail-dates": lambda: _eml("beans", "Date: Sun, 99 Foo 99999999999999999999 99:99:99 +99999999\r\n"),
    "pdf-deep": lambda: _nested_pdf(100_000),
    "pdf-2g-pages": lambda: _page_tree(0x7FFFFFFF),
    "pdf-pages-in-a-ring": lambda: _page_tree(5, kids=b"[2 0 R 2 0 R]"),
    "pdf-one-page-100000-times": lambda: _page_tree(100_000, kids=b"[" + b"3 0 R " * 100_000 + b"]"),
    "pdf-endless-page": lambda: _one_page(stream(b"0 0 m"), b"[0 0 1e9 1e9]"),
    "pdf-thin-page": lambda: _one_page(stream(b"0 0 m"), b"[0 0 0.0001 99999999]"),
    "pdf-empty-box": lambda: _one_page(stream(b"0 0 m"), b"[5 5 5 5]"),
    "pdf-odd-box": lambda: _one_page(stream(b"0 0 m"), b"[9 9 -99 -99]"),
    "pdf-flate-stack": _flate_stack,
    "pdf-form-in-itself": _form_calls_itself,
    "pdf-forms-double": _forms_double,
    "pdf-a-million-strokes": lambda: _one_page(
        stream(zlib.compress(b"0 0 m 200 200 l S " * 1_000_000, 9), b"/Filter /FlateDecode")
    ),
    "pdf-huge-image": lambda: _one_page(
        stream(b"/I Do"),
        b"[0 0 200 200]",
        b"<< /XObject << /I 5 0 R >> >>",
        stream(
            zlib.compress(bytes(4 << 20), 9),
            b"/Type /XObject /Subtype /Image /Width 60000 /Height 60000 /ColorSpace /DeviceRGB /BitsPerComponent 8"
            b" /Filter /FlateDecode",
        ),
    ),
    "pdf-shading": lambda: _one_page(
        stream(b"/S sh"),
        b"[0 0 200 200]",
        b"<< /Shading << /S << /ShadingType 1 /ColorSpace /DeviceRGB /Function << /FunctionType 4 /Domain [0 1 0 1]"
        b" /Range [0 1 0 1 0 1] /Length 0 >> >> >> >>",
    ),
    "pdf-dash": lambda: _one_page(stream(b"[0.000001 0.000001] 0 d 0 0 m 99999 99999 l S")),
    "pdf-ways-out": _pdf_with_ways_out,
    "pdf-encrypted": lambda: seed_file("pdf").replace(
        b"/Root 1 0 R", b"/Root 1 0 R /Encrypt << /Filter /Standard /V 5 /R 6 >>"
    ),
    "pdf-prev-ring": lambda: seed_file("pdf").replace(
        b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % seed_file("pdf").index(b"xref")
    ),
    "pdf-no-table": lambda: seed_file("pdf").replace(b"startxref", b"startxxxx"),
}
