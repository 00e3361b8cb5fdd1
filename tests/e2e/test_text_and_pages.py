"""A chat and pages in the real window, from the sealed worker: nothing is read or looked at before it is asked for."""

from __future__ import annotations

import io
import json
from collections.abc import Callable

import pytest
from floor import Floor
from PIL import Image, ImageDraw
from shift import ALT, CTRL, Key, Shift
from test_veils import is_veiled, left_in_shared_memory

from reviewer.media import opened
from reviewer.media.frames import Frame
from reviewer.model.levels import Level
from reviewer.ui.text_view import TextView

Begin = Callable[..., Shift]


def chat() -> bytes:
    messages = [
        {
            "sender": ("Rosemary", "Basil")[at % 2],
            "timestamp": f"2026-11-20T21:{at % 60:02}:00Z",
            "text": f"The parcel number {at} with the marigolds is in the shed",
            "reported": at == 60,
        }
        for at in range(120)
    ]
    return json.dumps({"title": "Garden", "messages": messages}).encode()


def pages(form: str, count: int = 6) -> bytes:
    """Squares that move from page to page."""
    drawn = []
    for at in range(count):
        page = Image.new("RGB", (320, 240), (230, 235, 210))
        ImageDraw.Draw(page).rectangle((20 + at * 40, 60, 80 + at * 40, 160), fill=(40, 110, 60 + at * 20))
        drawn.append(page)
    out = io.BytesIO()
    drawn[0].save(out, form, save_all=True, append_images=drawn[1:])
    return out.getvalue()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every line of words the real broker hands to this process, in order."""
    lines: list[str] = []
    real = opened.text_lines

    def noted(*args: object, **how: object) -> tuple[str, ...]:
        said = real(*args, **how)  # type: ignore[arg-type]
        lines.extend(said)
        return said

    monkeypatch.setattr(opened, "text_lines", noted)
    return lines


@pytest.fixture
def received(monkeypatch: pytest.MonkeyPatch) -> list[Frame]:
    """Every frame the real broker hands to this process, in order."""
    frames: list[Frame] = []

    def noted(*args: object) -> Frame:
        frames.append(Frame(*args))  # type: ignore[arg-type]
        return frames[-1]

    monkeypatch.setattr(opened, "Frame", noted)
    return frames


def lines_of(shift: Shift) -> TextView:
    return shift.bench.viewer.text.view


def test_a_chat_is_bars_until_a_line_is_asked_for(quiet_floor: Floor, begin: Begin, read: list[str]) -> None:
    item = quiet_floor.take_in(chat(), "json", harm_type="violence")
    shift = begin()
    shift.take(item)
    shift.wait_level(Level.BLURRED)
    view = lines_of(shift)
    assert view.count >= 120
    assert read == []
    assert not any(word in " ".join(shift.driver.texts(shift.window)) for word in ("marigolds", "Rosemary", "Basil"))
    shift.level(Key.Key_5, Level.CLEAR)
    assert any("marigolds" in words for words in view.shown.values())
    assert len(read) < 60, "only what is in view"
    desk = shift.bench.viewer.text.desk
    shift.driver.wait_until(lambda: dict(desk.names) == {0: "Rosemary", 1: "Basil"}, "the names of who wrote it")
    assert left_in_shared_memory(shift) == 0
    shift.driver.key(Key.Key_Escape)
    assert not desk.names
    assert not view.shown
    assert view.count == 0


def test_words_are_found_in_a_chat_that_stays_veiled(quiet_floor: Floor, begin: Begin, read: list[str]) -> None:
    item = quiet_floor.take_in(chat(), "json", harm_type="violence")
    shift = begin()
    shift.take(item)
    shift.wait_level(Level.BLURRED)
    shift.driver.key(Key.Key_F, CTRL)
    shift.driver.write("number 11")
    found = shift.bench.viewer.text.find_bar
    shift.driver.wait_until(lambda: "lines" in found.words, "the lines to be found")
    assert found.words.startswith("11 lines")
    assert read == []
    assert shift.bench.viewer.current_level is Level.BLURRED


@pytest.mark.parametrize(
    ("form", "declared", "said"), [("TIFF", "tiff", "Page 3 of 6"), ("GIF", "gif", "Frame 3 of 6")]
)
def test_pages_are_turned_behind_the_veil(
    quiet_floor: Floor, begin: Begin, received: list[Frame], form: str, declared: str, said: str
) -> None:
    item = quiet_floor.take_in(pages(form), declared, harm_type="violence")
    shift = begin()
    shift.take(item)
    shift.wait_level(Level.BLURRED)
    desk = shift.bench.viewer.pages
    shift.driver.wait_until(lambda: len(received) >= 7, "the row of pages")
    shift.level(Key.Key_5, Level.CLEAR)
    clear = received[-1]
    assert clear.level is Level.CLEAR
    first_page = bytes(clear.data)
    shift.driver.key(Key.Key_PageDown)
    assert not any(clear.data)
    shift.driver.key(Key.Key_PageDown)
    assert desk.page == 2
    shift.driver.wait_until(lambda: said in shift.driver.texts(shift.window), "the page to be named")
    shift.driver.settle(0.3)
    assert all(is_veiled(frame) for frame in received if frame is not clear)
    shift.level(Key.Key_5, Level.CLEAR)
    assert received[-1].level is Level.CLEAR
    assert bytes(received[-1].data) != first_page


def test_a_message_is_marked_veiled_and_goes_with_the_decision(
    quiet_floor: Floor, begin: Begin, read: list[str]
) -> None:
    item = quiet_floor.take_in(chat(), "json", harm_type="violence")
    shift = begin()
    shift.take(item)
    view = shift.bench.viewer.text.view
    shift.driver.wait_until(lambda: view.count > 0, "the bars")
    shift.driver.key(Key.Key_M, ALT)
    view.set_focus_line(12)
    shift.driver.key(Key.Key_M, ALT)
    shift.hide_and_come_back(item)
    draft = shift.bench.decision.draft
    assert draft is not None
    assert [mark.line for mark in draft.messages] == [12, 60]  # the reported one was in focus
    shift.answer()
    shift.decide()
    shift.wait_delivered(item)
    (decision,) = quiet_floor.decisions_of(item.id)
    assert [mark.line for mark in decision.messages] == [12, 60]
    assert read == []
