"""What cannot be done with an item is said where a person would try it: real items, opened by the real worker."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

import av
import numpy as np
import pillow_heif
import pytest
from PIL import Image
from PySide6.QtWidgets import QWidget
from viewer_fakes import FakeTaken, HandJobs, entry, policy

from reviewer.media.broker import Broker, OpenedItem
from reviewer.media.veils import Veils
from reviewer.model.levels import Kind, Level
from reviewer.ui.elided_label import ElidedLabel
from reviewer.ui.plain_label import PlainLabel
from reviewer.ui.viewer import ViewerPanel

pillow_heif.register_heif_opener()


@pytest.fixture(scope="module")
def broker() -> Iterator[Broker]:
    shared = Broker(warm=0)
    yield shared
    shared.close()


def pattern(seed: int, width: int = 320, height: int = 240) -> Image.Image:
    grain = np.random.default_rng(seed).integers(0, 255, (height // 8, width // 8, 3), dtype=np.uint8)
    return Image.fromarray(grain).resize((width, height), Image.Resampling.BICUBIC)


# Their own choice of colours and effort takes a second of processor time a picture.
QUICKLY: dict[str, dict[str, Any]] = {"AVIF": {"speed": 10}}


def saved(pictures: Sequence[Image.Image], form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    options |= QUICKLY.get(form, {})
    if form == "GIF":
        pictures = [picture.quantize(method=Image.Quantize.FASTOCTREE) for picture in pictures]
    if len(pictures) > 1:
        options |= {"save_all": True, "append_images": list(pictures[1:])}
    pictures[0].save(out, form, **options)
    return out.getvalue()


def film() -> bytes:
    out = io.BytesIO()
    with av.open(out, "w", format="mp4") as file:
        stream = file.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for seed in range(10):
            file.mux(stream.encode(av.VideoFrame.from_image(pattern(seed))))
        file.mux(stream.encode(None))
    return out.getvalue()


def on_desk(panel: ViewerPanel, jobs: HandJobs, broker: Broker, data: bytes, veils: Veils | None = None) -> OpenedItem:
    opened = broker.open(io.BytesIO(data)) if veils is None else broker.open(io.BytesIO(data), veils=veils)
    panel.show_item(FakeTaken(entry(opened.facts), opened), policy(), "Reviewer 14")  # type: ignore[arg-type]
    jobs.settle()
    return opened


def said(page: QWidget) -> str:
    """All that can be read on the page now."""
    labels = [*page.findChildren(ElidedLabel), *page.findChildren(PlainLabel)]
    return " | ".join(
        label.words if isinstance(label, ElidedLabel) else label.text() for label in labels if label.isVisible()
    )


@pytest.mark.parametrize("form", ["WEBP", "AVIF", "HEIF", "JPEG2000"])
def test_a_torn_picture_says_what_happened_and_nothing_pretends_to_be_opening(
    panel: ViewerPanel, jobs: HandJobs, broker: Broker, form: str
) -> None:
    data = saved([pattern(1)], form)
    with closing(on_desk(panel, jobs, broker, data[: len(data) * 6 // 10])):
        assert panel.notice.isVisible()
        for words in (
            "is damaged and could not be decoded",
            "is unchanged and can still be decided",
            "Decide from the",
        ):
            assert words in panel.notice.words
        assert panel.current_level is Level.FACTS
        assert panel.view.hint == "Nothing of it can be shown."
    with closing(on_desk(panel, jobs, broker, data)):
        assert panel.current_level is Level.BLURRED
        assert not panel.notice.isVisible()
        assert panel.view.hint == "Opening, veiled …", "what was said of the item before is gone with it"


@pytest.mark.parametrize("form", ["WEBP", "AVIF", "GIF", "PNG"])
def test_an_animation_says_that_it_does_not_play(panel: ViewerPanel, jobs: HandJobs, broker: Broker, form: str) -> None:
    data = saved([pattern(seed) for seed in range(4)], form, duration=100)
    with closing(on_desk(panel, jobs, broker, data)):
        assert "Frame 1 of 4" in said(panel)
        assert "frame by frame and does not play" in said(panel)


def test_pages_that_are_no_animation_say_nothing_of_playing(panel: ViewerPanel, jobs: HandJobs, broker: Broker) -> None:
    with closing(on_desk(panel, jobs, broker, saved([pattern(seed) for seed in range(3)], "TIFF"))):
        assert "Page 1 of 3" in said(panel)
        assert "does not play" not in said(panel)


def test_a_document_says_that_its_words_cannot_be_searched(panel: ViewerPanel, jobs: HandJobs, broker: Broker) -> None:
    with closing(on_desk(panel, jobs, broker, saved([pattern(seed) for seed in range(2)], "PDF"))) as opened:
        assert opened.facts.kind is Kind.DOCUMENT
        panel.find_words()
        assert panel.notice.isVisible()
        assert "The words of a document cannot be searched." in panel.notice.words
        assert panel.current_level is Level.BLURRED
    chat = json.dumps([{"sender": "Basil", "time": "10:00", "text": "the shed"}]).encode()
    with closing(on_desk(panel, jobs, broker, chat)):
        panel.find_words()
        assert not panel.notice.isVisible()
        assert panel.text.find_bar.isVisible()


def test_a_video_says_that_words_inside_it_are_not_shown(panel: ViewerPanel, jobs: HandJobs, broker: Broker) -> None:
    with closing(on_desk(panel, jobs, broker, film())):
        assert "Subtitles and transcripts inside a video are not shown." in said(panel.video.below)


def test_a_masked_word_in_a_name_is_said_to_stay_masked(panel: ViewerPanel, jobs: HandJobs, broker: Broker) -> None:
    chat = [
        {"sender": "Gardener Mill Lane", "time": "2026-11-20 10:00", "text": "the beans at Mill Lane are up"},
        {"sender": "Basil", "time": "2026-11-20 10:01", "text": "bring the spade"},
    ]
    stays = "Masked words in a sender's name stay masked"
    with closing(on_desk(panel, jobs, broker, json.dumps(chat).encode(), Veils(masked_terms=("Mill Lane",)))):
        panel.set_level(Level.LENS)
        jobs.settle()
        assert panel.text.desk.names == {0: "Gardener ▇▇▇▇▇▇▇▇▇"}
        assert stays in said(panel)
        panel.text.desk.toggle_terms()
        jobs.settle()
        assert panel.text.desk.terms_shown
        assert stays in said(panel)
        panel.text.desk.look_at(1)
        jobs.settle()
        assert panel.text.desk.names == {1: "Basil"}
        assert stays not in said(panel)
        panel.set_level(Level.CLEAR)
        jobs.settle()
        assert stays in said(panel)
        panel.reveil()
        assert stays not in said(panel)
