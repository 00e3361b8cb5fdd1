"""The long document, and that bare work on it is the work of the sealed worker: the same pictures come of both."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator

import numpy as np
import pypdfium2
import pytest

from bench import media_pages
from bench.long_document import document
from reviewer.media.broker import Broker
from reviewer.media.frames import Frame
from reviewer.media.opened import OpenedItem
from reviewer.media.worker import documents
from reviewer.media.worker.pictures import Picture

_LAST = 4


@pytest.fixture(scope="module")
def five_pages() -> bytes:
    documents.use_no_fonts_of_the_machine()
    return document(5)


@pytest.fixture
def item(five_pages: bytes) -> Iterator[OpenedItem]:
    broker = Broker(warm=0)
    opened = broker.open(io.BytesIO(five_pages))
    yield opened
    opened.close()
    broker.close()


@pytest.fixture
def bare(five_pages: bytes) -> Iterator[pypdfium2.PdfDocument]:
    opened = pypdfium2.PdfDocument(five_pages)
    yield opened
    opened.close()


def test_document_has_its_pages_and_every_one_is_another(item: OpenedItem, bare: pypdfium2.PdfDocument) -> None:
    assert item.facts.pages == len(bare) == 5
    drawn = [media_pages._bare_clear(bare, page=page) for page in range(5)]
    for one, other in itertools.pairwise(drawn):
        assert _apart(one, other) > 3.0


def test_bare_draws_what_the_sealed_worker_draws(item: OpenedItem, bare: pypdfium2.PdfDocument) -> None:
    for page in (0, _LAST):
        veiled = _pixels(item.blurred(page=page), 1)[:, :, 0]
        clear = _pixels(item.clear(max_width=1366, max_height=768, grey=False, page=page), 4)[:, :, :3]

        assert _apart(media_pages._bare_veiled(bare, page=page), veiled) < 1.0
        assert _apart(media_pages._bare_clear(bare, page=page)[:, :, :3], clear) < 1.0
        assert _apart(media_pages._bare_clear(bare, page=1)[:, :, :3], clear) > 3.0


def _pixels(frame: Frame, depth: int) -> Picture:
    rows = np.frombuffer(frame.data, np.uint8).reshape(frame.height, frame.stride)
    return rows[:, : frame.width * depth].reshape(frame.height, frame.width, depth)


def _apart(one: Picture, other: Picture) -> float:
    """How far apart they are on average, of 255. One of them may be wider by the pixel that rounding makes."""
    assert abs(one.shape[0] - other.shape[0]) + abs(one.shape[1] - other.shape[1]) <= 1
    height, width = min(one.shape[0], other.shape[0]), min(one.shape[1], other.shape[1])
    return float(np.abs(one[:height, :width].astype(np.int16) - other[:height, :width].astype(np.int16)).mean())
