"""Synthetic papers: a PDF of several pages, written by hand, and a plain text in an old Windows code page."""

from __future__ import annotations

import random

from reviewer.demo.patterns import PALETTES

_NOTES = (
    "The beds along the wall were turned over before the frost.",
    "Rain on eleven days; the barrel by the shed is full.",
    "Parcel 14 goes to the corner plot, parcel 15 waits until spring.",
    "The wind took two panes of the cold frame, both are replaced.",
    "Leeks and chard stand well. The beans came too late.",
    "A load of gravel is ordered for the path to the gate.",
    "Nobody has asked for the key of the tool shed this month.",
    "Seed for the meadow strip arrives with the next delivery.",
)
_OLD_WORDS = (
    "Café tables stay under the rear roof – it may rain until Sunday.",
    "The naïve plan was 20 € a parcel; it became 24 €, “packing included”.",
    "Señor Ibáñez’s plot has the best apples, the Gruber family’s the best pears.",
    "Über the hedge one sees the weather come; today it’s calm, 9 °C.",
)
_WIDTH, _HEIGHT = 595, 842  # A4 in points


def document(rng: random.Random, marker: bytes, *, pages: int = 4) -> bytes:
    """A PDF 1.4 of A4 pages with forms and a few lines of text; its keywords are the marker.

    Written as ISO 32000-1 section 7.5 has it: objects, cross-reference table, trailer. Nothing in it is compressed.
    """
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(pages))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(pages):
        drawn = _page(rng, number + 1, pages)
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] /Contents {5 + 2 * number} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn))
    objects.append(b"<< /Title (Garden notes) /Keywords (%s) >>" % marker)
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    size, info = len(objects) + 1, len(objects)
    out += b"trailer\n<< /Size %d /Root 1 0 R /Info %d 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, info, start)
    return bytes(out)


def old_text(rng: random.Random, marker: bytes, *, lines: int = 36) -> bytes:
    """Notes in Windows-1252, with letters and signs that no other encoding has in those places."""
    planted = rng.randrange(lines // 2, lines)
    written = [rng.choice(_OLD_WORDS + _NOTES[:4]) for _ in range(lines)]
    written[0] = _OLD_WORDS[0]
    written[planted] = f"ref {marker.decode('ascii')}"
    return ("\r\n".join(written) + "\r\n").encode("cp1252")


def _page(rng: random.Random, number: int, pages: int) -> bytes:
    """A heading, an abstract drawing in the middle, and notes below it (content stream operators, section 8 and 9)."""
    drawn = ["0.96 0.95 0.92 rg", f"0 0 {_WIDTH} {_HEIGHT} re f"]
    colours = PALETTES[(number + rng.randrange(len(PALETTES))) % len(PALETTES)]
    for index in range(9):
        blue, green, red = (channel / 255 for channel in colours[(1, 0, 1, 2)[index % 4]])
        x, y, w, h = rng.randint(60, 380), rng.randint(380, 620), rng.randint(40, 150), rng.randint(30, 120)
        drawn.append(f"{red:.2f} {green:.2f} {blue:.2f} rg")
        if rng.random() < 0.5:
            drawn.append(f"{x} {y} {w} {h} re f")
        else:
            drawn.append(f"{x} {y} m {x + w} {y} l {x + w // 2} {y + h} l h f")
    drawn += ["0.15 0.15 0.2 rg", _line(20, 60, 770, f"Garden notes, page {number} of {pages}")]
    drawn += [_line(12, 60, 320 - 22 * index, words) for index, words in enumerate(rng.sample(_NOTES, 6))]
    return "\n".join(drawn).encode("ascii")


def _line(size: int, x: int, y: int, words: str) -> str:
    return f"BT /F1 {size} Tf {x} {y} Td ({words}) Tj ET"
