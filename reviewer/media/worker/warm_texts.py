"""Runs every reader of text, mail and PDF once, before sealing: codecs and parts of the standard library load late."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from reviewer.media.formats import Format
from reviewer.media.outlines import TextOf
from reviewer.media.worker import documents
from reviewer.media.worker.encoding import KNOWN, decoded
from reviewer.media.worker.mails import MailItem
from reviewer.media.worker.source import RangeSource
from reviewer.media.worker.texts import TextItem

_MAIL = b"""From: =?utf-8?q?=41?= <a@example.org>
To: b@example.org
Subject: =?iso-8859-1?b?QQ==?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/html; charset=koi8-r
Content-Transfer-Encoding: quoted-printable

<p>=C1&amp;</p>
--x
Content-Type: text/plain
Content-Transfer-Encoding: x-uuencode
Content-Disposition: attachment; filename*=utf-8''a

begin 666 a
#04%!
end
--x
Content-Type: message/rfc822

Subject: a

a
--x
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename="=?utf-8?b?QQ==?="

QUFB
--x--
"""
_PDF = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 90 90]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 40>>stream
0 0 9 9 re f BT /F 9 Tf 9 9 Td (a) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
"""

Open = Callable[[bytes], RangeSource]


def texts(source: Open) -> None:
    for codec in KNOWN:
        codecs.decode(b"ab", codec, "replace")
        codecs.getincrementaldecoder(codec)("replace").decode(b"a\0\0\0", False)
    for text, codec in (("тепло в саду, дождь и ветер", "koi8_r"), ("今日は庭の天気がとても良いです", "cp932")):
        decoded(text.encode(codec) * 20)
    for form, text in (
        (Format.CHAT, '{"messages":[{"from":"a","date":1700000000,"text":"\\u00e9 \\u200d ß"}]}'),
        (Format.CSV, "sender,time,text\na,b,c\n"),
        (Format.HTML, "<meta charset=utf-8><p>a&eacute;"),
    ):
        item = TextItem(source(text.encode()), form)
        item.mask(["a", "b c"])
        item.outline(TextOf.ITEM)
        item.lines(TextOf.ITEM, 0, 9, unmask=False)
        item.lines(TextOf.SENDERS, 0, 9, unmask=False)
        item.find(TextOf.ITEM, "a")
    mail = MailItem(source(_MAIL))
    mail.outline(TextOf.ITEM)
    for index in range(len(mail.parts())):
        mail.read_part(index, 0, 99)


def papers(source: Open) -> None:
    """PDFium, without the fonts of the machine."""
    documents.use_no_fonts_of_the_machine()
    once_more(source)


def once_more(source: Open) -> None:
    item = documents.PdfItem(source(_PDF))
    item.grey(16, 0.0)
    item.colour(0.0, 0.02)
    item.close()
