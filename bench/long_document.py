"""A long document for measuring: pages of ordinary text about a garden under an abstract drawing, each page another.

The least of ISO 32000-1 that is needed: a tree of pages (7.7.3), deflated content streams (7.3.8), one of the standard
fonts (9.6.2.2) and a table of where the objects lie (7.5.4).
"""

from __future__ import annotations

import random
import zlib

A4 = 595, 842
"""Width and height in points."""

_LINES = 44
_SHAPES = 30
_TALK = (
    "the beans along the fence want water before noon and the parcel for number nine is still at the gate while rain "
    "comes over the hill by evening so cover the seedlings close the shed and leave the key under the third pot"
)
_FIXED = 3


def document(pages: int) -> bytes:
    """A PDF file of `pages` A4 pages, the same for the same number."""
    chance = random.Random(11)
    kids = " ".join(f"{_FIXED + 1 + 2 * page} 0 R" for page in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Kids[{kids}]/Count {pages}>>".encode(),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for page in range(pages):
        content = zlib.compress(_drawn(chance, page).encode())
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {A4[0]} {A4[1]}]/Contents {_FIXED + 2 + 2 * page} 0 R"
            "/Resources<</Font<</F 3 0 R>>>>>>".encode()
        )
        objects.append(b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(content), content))
    return _written(objects)


def _drawn(chance: random.Random, page: int) -> str:
    shapes = []
    for _ in range(_SHAPES):
        x, y = chance.uniform(40, 480), chance.uniform(620, 780)
        bend = " ".join(f"{x + chance.uniform(0, 90):.1f} {y + chance.uniform(-50, 50):.1f}" for _ in range(3))
        colour = " ".join(f"{chance.random():.2f}" for _ in range(3))
        shapes.append(f"{colour} rg {x:.1f} {y:.1f} m {bend} c h f")
    words = _TALK.split()
    lines = [f"(Page {page + 1}) Tj T*"]
    lines += [f"({' '.join(chance.choices(words, k=14))}) Tj T*" for _ in range(_LINES)]
    return "\n".join([*shapes, "0 g BT /F 10 Tf 12.5 TL 50 590 Td", *lines, "ET"])


def _written(objects: list[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(b"%010d 00000 n \n" % len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, b"".join(places))
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
