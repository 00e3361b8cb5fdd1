"""PDF page by page through the real broker and a real sealed worker."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
import text_samples as samples

from reviewer.media.broker import Broker
from reviewer.media.frames import Frame, Region
from reviewer.media.limits import Limits
from reviewer.media.opened import OpenedItem
from reviewer.media.protocol import Code
from reviewer.media.worker import documents
from reviewer.media.worker.failures import Unshowable
from reviewer.media.worker.source import RangeSource
from reviewer.model.errors import DamagedMedia, MediaError, UnsupportedFormat, WorkerTimeout
from reviewer.model.levels import Kind


def picture_of(frame: Frame) -> np.ndarray:
    depth = frame.pixel_format.bytes_per_pixel
    rows = np.frombuffer(frame.data, np.uint8).reshape(frame.height, frame.stride)
    return rows[:, : frame.width * depth].reshape(frame.height, frame.width, depth)


def clear(item: OpenedItem, page: int = 0, side: int = 400) -> np.ndarray:
    return picture_of(item.clear(max_width=side, max_height=side, grey=False, page=page))[..., :3]


def test_a_page_comes_out_upright_in_its_colours(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.pdf()))
    facts, whole, veiled = item.facts, clear(item), picture_of(item.blurred())[..., 0]
    item.close()
    assert (facts.kind, facts.format, facts.pages, item.viewable) == (Kind.DOCUMENT, "pdf", 1, True)
    assert facts.width is not None
    assert facts.height is not None
    assert facts.width / facts.height == pytest.approx(595 / 842, abs=0.001)
    rows, columns = whole.shape[:2]
    assert tuple(whole[rows // 4, columns // 4]) == (0, 0, 255), "red, as BGR"
    assert tuple(whole[rows * 3 // 4, columns // 4]) == (255, 255, 255)
    assert tuple(whole[rows // 4, columns * 3 // 4]) == (255, 255, 255)
    assert max(veiled.shape) == 160
    assert veiled[40, 28] < 120 < veiled[120, 28]


@pytest.mark.parametrize(("rotate", "corner"), [(0, (0, 0)), (90, (0, 1)), (180, (1, 1)), (270, (1, 0))])
def test_rotated_pages_are_turned(broker: Broker, rotate: int, corner: tuple[int, int]) -> None:
    item = broker.open(io.BytesIO(samples.pdf(rotate=rotate)))
    facts, whole = item.facts, clear(item)
    item.close()
    assert facts.width is not None
    assert facts.height is not None
    assert (facts.width > facts.height) == (rotate in (90, 270))
    rows, columns = whole.shape[:2]
    red = {(y, x) for y in (0, 1) for x in (0, 1) if whole[rows * (1 + 2 * y) // 4, columns * (1 + 2 * x) // 4, 0] < 50}
    assert red == {corner}


def test_every_page_of_a_hundred_opens(broker: Broker) -> None:
    item = broker.open(io.BytesIO(samples.pdf(100)))
    assert item.facts.pages == 100
    for page in (0, 1, 57, 99):
        assert item.blurred(page=page).width > 0
        assert clear(item, page)[50, 50, 2] == 255
    with pytest.raises(DamagedMedia):
        item.blurred(page=100)
    assert item.blurred(page=99).width > 0
    item.close()


def test_a_page_is_sharp_on_a_large_screen(broker: Broker) -> None:
    lines = " ".join(f"{x} 0 1 842 re f" for x in range(0, 595, 2))
    item = broker.open(io.BytesIO(samples.pdf(content=lines)))
    large = picture_of(item.clear(max_width=3840, max_height=2160, grey=True))[..., 0]
    part = picture_of(item.lens(Region(0.4, 0.4, 0.1, 0.1), max_width=2000, max_height=2000, grey=True))[..., 0]
    item.close()
    assert large.shape[0] == 2160
    assert large.std() > 60, "bars one point wide are told apart"
    assert part.std() > 100


def test_words_and_annotations_are_drawn(broker: Broker) -> None:
    note = "<</Type/Annot/Subtype/Square/Rect[100 100 300 300]/C[0 0 1]/IC[0 0 1]/F 4/AP<</N 7 0 R>>>>"
    data = samples.pdf(content="BT /F 300 Tf 60 500 Td (X) Tj ET", annotation=note)
    bare = broker.open(io.BytesIO(samples.pdf(content="")))
    item = broker.open(io.BytesIO(data))
    empty, drawn = clear(bare), clear(item)
    bare.close()
    item.close()
    assert empty.min() == 255
    assert drawn[: drawn.shape[0] // 2].min() < 50, "the letter"


def test_a_form_field_shows_what_was_filled_in(broker: Broker) -> None:
    look = "<</Type/XObject/Subtype/Form/BBox[0 0 200 200]/Length 21>>stream\n0 0 1 rg 0 0 200 200 re f\nendstream"
    objects = {
        1: "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>/OpenAction<</S/JavaScript/JS(app.alert)>>>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Annots[5 0 R]>>",
        5: "<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(b)/F 4/Rect[100 100 300 300]/AP<</N 6 0 R>>>>",
        6: look.replace("/Length 21", "/Length 25"),
    }
    item = broker.open(io.BytesIO(samples.written(objects)))
    drawn = clear(item)
    item.close()
    rows, columns = drawn.shape[:2]
    assert tuple(drawn[int(rows * (1 - 200 / 842)), int(columns * 200 / 595)]) == (255, 0, 0)


def test_an_encrypted_document_says_so(broker: Broker) -> None:
    lock = f"<</Filter/Standard/V 1/R 2/P -4/O<{'41' * 32}>/U<{'42' * 32}>>>"
    item = broker.open(io.BytesIO(samples.pdf(encrypt=lock)))
    assert item.facts.format == "pdf"
    with pytest.raises(UnsupportedFormat):
        item.blurred()
    item.close()


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7 ...",
        samples.pdf()[:100],
        samples.pdf().replace(b"/Pages 2 0 R", b"/Pages 9 0 R"),
        samples.pdf().replace(b"/Kids[10 0 R]", b"/Kids[2 0 R] "),
        samples.pdf(0),
    ],
)
def test_damage_has_a_code(broker: Broker, data: bytes) -> None:
    item = broker.open(io.BytesIO(data))
    assert item.facts.format == "pdf"
    with pytest.raises(MediaError) as caught:
        item.blurred()
    item.close()
    assert isinstance(caught.value, DamagedMedia)


def test_a_lost_table_of_contents_is_made_anew(broker: Broker) -> None:
    item = broker.open(io.BytesIO(b"\x00junk\n" + samples.pdf(3).replace(b"startxref", b"startxrex")))
    assert item.facts.pages == 3
    assert clear(item, 2)[50, 50, 2] == 255
    item.close()


def test_strange_page_sizes_stay_within_bounds(broker: Broker) -> None:
    for box in ((1, 14000), (14000, 1), (0, 0), (3, 3), (1e9, 1e9), (-5, 10)):
        item = broker.open(io.BytesIO(samples.pdf(box=box)))
        facts, frame = item.facts, item.clear(max_width=3000, max_height=3000, grey=False)
        item.close()
        assert facts.width is not None
        assert facts.height is not None
        assert max(facts.width, facts.height) <= 6144
        assert max(frame.width, frame.height) <= 3000


def test_a_page_that_never_ends_drawing_is_given_up() -> None:
    """A form that draws itself ten times, fifteen levels deep. PDFium does not pause in a form: the worker is ended."""
    objects: dict[int, str] = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</X 10 0 R>>>>>>",
        4: "<</Length 5>>stream\n/X Do\nendstream",
    }
    for level in range(10, 25):
        inner = "/X Do " * 10 if level < 24 else "0 0 595 842 re f "
        objects[level] = (
            f"<</Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</X {level + 1} 0 R>>>>"
            f"/Length {len(inner)}>>stream\n{inner}\nendstream"
        )
    hasty = Broker(limits=Limits(request_s=1.0, grace_s=0.1))
    item = hasty.open(io.BytesIO(samples.written(objects)))
    with pytest.raises(WorkerTimeout):
        item.blurred()
    hasty.close()


def test_a_page_of_more_than_can_be_drawn_in_its_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """With little time, and therefore in this process; other pages can be drawn afterwards."""
    assert Limits().request_s > documents.RENDER_S
    monkeypatch.setattr(documents, "RENDER_S", 0.02)
    much = "0 0 595 842 re f " * 50_000
    data = samples.written(
        {
            1: "<</Type/Catalog/Pages 2 0 R>>",
            2: "<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2>>",
            3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
            4: f"<</Length {len(much)}>>stream\n{much}\nendstream",
            5: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        }
    )

    def fetch(offset: int, into: memoryview) -> int:
        part = data[offset : offset + len(into)]
        into[: len(part)] = part
        return len(part)

    item = documents.PdfItem(RangeSource(fetch, len(data)))
    with pytest.raises(Unshowable) as given_up:
        item.grey(160, 0.0)
    assert given_up.value.code == Code.TOO_LARGE
    item.turn_to(1)
    assert item.grey(160, 0.0).min() == 255
    item.close()


def test_only_what_a_page_needs_is_read(broker: Broker) -> None:
    class Counting(io.BytesIO):
        read_bytes = 0

        def readinto(self, buffer: memoryview) -> int:
            count = super().readinto(buffer)
            self.read_bytes += count
            return count

    filler = "<</Length 8000000>>stream\n" + "x" * 8_000_000 + "\nendstream"
    small = {
        1: "<</Type/Catalog/Pages 2 0 R>>",
        2: "<</Type/Pages/Kids[3 0 R]/Count 1>>",
        9: filler,
        3: "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>",
        4: f"<</Length {len(samples.BOX)}>>stream\n{samples.BOX}\nendstream",
    }
    source = Counting(samples.written(small))
    item = broker.open(source)
    assert clear(item)[50, 50, 2] == 255
    item.close()
    assert source.read_bytes < 4_000_000


def test_bars_survive_no_blur(broker: Broker) -> None:
    lines = " ".join(f"{x} 0 4 842 re f" for x in range(0, 595, 8))
    item = broker.open(io.BytesIO(samples.pdf(content=lines)))
    veiled = picture_of(item.blurred())[..., 0]
    item.close()
    assert cv2.meanStdDev(veiled[20:-20, 20:-20])[1][0, 0] < 12, "print that fine melts into one grey"
