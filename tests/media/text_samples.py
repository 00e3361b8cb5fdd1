"""Texts, chats, mails and PDF made by hand for the tests: small talk about gardens, parcels and weather."""

from __future__ import annotations

import json

SENTENCES = {
    "utf-8": "The tomatoes are doing well – see you at nine, says Zoë. Straße, ½ sack of soil.\n",
    "cp1252": "The café opened at nine – “good weather”, said Zoë. Größe, naïve, façade, cost 5 €.\n",
    "iso8859_15": "Le café a ouvert à neuf heures, très beau temps, coût 5 €, sœur et été.\n",
    "cp1251": "Сегодня в саду тепло, мы посадили помидоры и огурцы. Посылка придёт завтра утром.\n",
    "koi8_r": "Сегодня в саду тепло, мы посадили помидоры и огурцы. Посылка придёт завтра утром.\n",
    "shift_jis": "今日は庭の天気がとても良いです。トマトを植えました。荷物は明日届きます。\n",
    "gb18030": "今天花园里的天气很好，我们种了西红柿。包裹明天早上会到。\n",
    "big5": "今天花園裡的天氣很好，我們種了番茄。包裹明天早上會到。\n",
    "euc_kr": "오늘 정원의 날씨가 아주 좋습니다. 토마토를 심었습니다. 소포는 내일 도착합니다.\n",
    "cp1250": "Dzisiaj w ogrodzie jest ciepło, żółte kwiaty, źdźbło. Paczka przyjdzie jutro rano.\n",
    "cp1254": "Bugün bahçede hava çok güzel, domates diktik. Paket yarın gelecek, ışık ve ağaç.\n",
    "iso2022_jp": "今日は庭の天気がとても良いです。トマトを植えました。\n",
}

CHAT_LINES = (
    "20/11/2026, 21:02 - Rosemary: The parcel is in the shed\n"
    "20/11/2026, 21:03 - Basil: Which shed?\n"
    "the blue one or the green one\n"
    "20/11/2026, 21:04 - Basil left the garden group\n"
    "20/11/2026, 21:05 - Rosemary: the green one\n"
)
BRACKETED = (
    "[2026-11-20 21:02:11] Rosemary: It rains\n"
    "[2026-11-20 21:03:00] Basil: Again\n"
    "[2026-11-20 21:04:10] Rosemary: Yes\n"
)
CHAT_TABLE = (
    "timestamp;sender;text;flagged\n"
    '2026-11-20 21:02;Rosemary;"Seeds; two bags";false\n'
    '2026-11-20 21:03;Basil;"First line\nsecond line";true\n'
)


def chat_json(**extra: object) -> str:
    messages = [
        {"sender": "Rosemary", "timestamp": 1763672400, "text": "The parcel came", "reported": False},
        {
            "sender": {"name": "Basil"},
            "timestamp": 1763672460000,
            "text": ["Good ", {"text": "news"}],
            "reported": True,
        },
        {"sender": "Rosemary", "timestamp": "2025-11-20T21:02:00Z", "photos": [{"uri": "a"}]},
    ]
    return json.dumps({"title": "Garden", "messages": messages, **extra})


def mail(
    *, attachments: tuple[tuple[str, bytes], ...] = (), html: str = "", text: str = "The tomatoes are ripe.\n"
) -> bytes:
    """Written out, not built by the library that reads it."""
    import base64

    lines = [
        "Received: from one.example by two.example; Fri, 20 Nov 2026 21:02:11 +0000",
        "X-Weather: rain",
        "Date: Fri, 20 Nov 2026 21:02:11 +0000",
        "From: =?utf-8?q?Rosemary_Gr=C3=BCn?= <rosemary@garden.example>",
        "To: basil@garden.example",
        "Subject: =?iso-8859-1?q?K=FCrbis?= and",
        " beans",
        "MIME-Version: 1.0",
        'Content-Type: multipart/mixed; boundary="outer"',
        "",
        "Not shown.",
        "--outer",
        'Content-Type: multipart/alternative; boundary="inner"',
        "",
    ]
    if text:
        lines += ["--inner", "Content-Type: text/plain; charset=utf-8", "", text]
    if html:
        lines += ["--inner", "Content-Type: text/html; charset=utf-8", "", html]
    lines += ["--inner--"]
    for name, data in attachments:
        lines += [
            "--outer",
            "Content-Type: application/octet-stream",
            f'Content-Disposition: attachment; filename="{name}"',
            "Content-Transfer-Encoding: base64",
            "",
            base64.encodebytes(data).decode(),
        ]
    return "\r\n".join([*lines, "--outer--", ""]).encode()


BOX = "1 0 0 rg 0 421 297 421 re f"
"""A red rectangle in the upper left quarter of A4."""


def pdf(
    pages: int = 1,
    *,
    content: str = BOX,
    box: tuple[float, float] = (595, 842),
    rotate: int = 0,
    annotation: str = "",
    encrypt: str = "",
) -> bytes:
    """The least a PDF can be: a tree of pages that share one content stream."""
    ids = [10 + number for number in range(pages)]
    objects = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: f"<</Type/Pages/Kids[{' '.join(f'{i} 0 R' for i in ids)}]/Count {pages}>>",
        3: f"<</Length {len(content)}>>stream\n{content}\nendstream",
        4: "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    if annotation:
        objects[5] = annotation
    if encrypt:
        objects[6] = encrypt
    for i in ids:
        objects[i] = (
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {box[0]} {box[1]}]/Rotate {rotate}/Contents 3 0 R"
            f"/Resources<</Font<</F 4 0 R>>>>{'/Annots[5 0 R]' if annotation else ''}>>"
        )
    return written(objects, "/Encrypt 6 0 R/ID[<00><00>]" if encrypt else "")


def written(objects: dict[int, str], trailer: str = "") -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    table = []
    for number, body in objects.items():
        table.append(f"{number} 1\n{len(out):010d} 00000 n \n")
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    start = len(out)
    out += f"xref\n0 1\n0000000000 65535 f \n{''.join(table)}".encode()
    out += f"trailer\n<</Size {max(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)
