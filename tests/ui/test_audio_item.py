"""An item that is sound: its shape first, muffled or clear only when asked for, silent at once when anything veils."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from sound_fakes import FakeOut, SoundingItem
from viewer_fakes import VIDEO, FakeTaken, HandJobs, entry, policy, taken

from reviewer.model.cases import ItemFacts
from reviewer.model.levels import Kind, Level
from reviewer.ui.sound_device import SoundUnavailable
from reviewer.ui.viewer import ViewerPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

AUDIO = ItemFacts(kind=Kind.AUDIO, format="mp3", size=2_000_000, duration_s=252.0, has_sound=True)


@pytest.fixture
def jobs() -> HandJobs:
    return HandJobs()


@pytest.fixture
def out() -> FakeOut:
    return FakeOut()


@pytest.fixture
def panel(qtbot: QtBot, jobs: HandJobs, out: FakeOut) -> Iterator[ViewerPanel]:
    window = QWidget()
    qtbot.addWidget(window)
    made = ViewerPanel(jobs, window)  # type: ignore[arg-type]
    made.listening.player._make_out = lambda _ceiling: out  # type: ignore[assignment, return-value]
    made.resize(900, 800)
    window.resize(900, 800)
    window.show()
    yield made
    window.close()


def show(panel: ViewerPanel, jobs: HandJobs, *, harm: str = "violence") -> SoundingItem:
    item = SoundingItem(AUDIO, viewable=False)
    panel.show_item(FakeTaken(entry(AUDIO, harm=harm), item), policy(), "Reviewer 14")  # type: ignore[arg-type]
    jobs.settle()
    return item


def hear(panel: ViewerPanel, jobs: HandJobs) -> None:
    panel.timeline.play_pause()
    jobs.settle()


def test_it_opens_as_a_waveform_and_nothing_is_heard(panel: ViewerPanel, jobs: HandJobs, out: FakeOut) -> None:
    item = show(panel, jobs)
    assert item.asked == ["sound outline"]
    assert panel.current_level is Level.BLURRED
    assert panel._stage.currentWidget() is panel.listening.page
    assert panel.listening.page.below.isVisible()
    assert out.started == []
    assert panel.ladder.step(Level.DRAWING).text() == "Muffled"
    assert not panel.ladder.step(Level.LENS).isEnabled()


def test_at_facts_not_even_the_waveform_is_asked_for(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, harm="facts_first")
    assert item.asked == []
    assert panel.current_level is Level.FACTS
    panel.timeline.play_pause()
    jobs.settle()
    assert item.asked == ["sound outline"], "the play key opens the waveform first"


def test_the_play_key_plays_muffled(panel: ViewerPanel, jobs: HandJobs, out: FakeOut) -> None:
    item = show(panel, jobs)
    sounds: list[bool] = []
    panel.soundChanged.connect(sounds.append)
    hear(panel, jobs)
    assert item.heard == [(0.0, True)]
    assert panel.current_level is Level.DRAWING
    out.position_s = 12.5
    hear(panel, jobs)
    assert not out.playing
    assert panel.current_level is Level.BLURRED
    assert sounds == [True, False]
    hear(panel, jobs)
    assert item.heard[-1] == (12.5, True), "from where it was"


def test_clear_lasts_while_it_plays(panel: ViewerPanel, jobs: HandJobs, out: FakeOut) -> None:
    item = show(panel, jobs)
    panel.set_level(Level.CLEAR)
    assert panel.current_level is Level.BLURRED, "not heard yet"
    jobs.settle()
    assert item.heard == [(0.0, False)]
    assert panel.current_level is Level.CLEAR
    hear(panel, jobs)  # pause
    assert panel.current_level is Level.BLURRED
    hear(panel, jobs)
    assert item.heard[-1][1] is True, "what was clear is not clear again by itself"


def test_clear_over_muffled_falls_back_to_it(panel: ViewerPanel, jobs: HandJobs, out: FakeOut) -> None:
    item = show(panel, jobs)
    hear(panel, jobs)
    out.position_s = 5.0
    panel.clear_hold(True)
    panel.clear_hold(False)
    jobs.settle()
    assert item.heard[-1] == (5.0, False)
    panel.clear_hold(True)
    jobs.settle()
    assert item.heard[-1] == (5.0, True)
    assert panel.current_level is Level.DRAWING


def test_a_held_clear_ends_when_it_is_let_go(
    panel: ViewerPanel, jobs: HandJobs, out: FakeOut, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(panel, jobs)
    monkeypatch.setattr("reviewer.ui.level_desk.TAP_S", 0.0)
    panel.clear_hold(True)
    jobs.settle()
    assert out.playing
    panel.clear_hold(False)
    assert not out.playing
    assert panel.current_level is Level.BLURRED


def test_the_sound_key_goes_through_what_is_allowed(panel: ViewerPanel, jobs: HandJobs, out: FakeOut) -> None:
    item = show(panel, jobs)
    assert panel.listening.button.text() == "Sound off"
    panel.listening.toggle()
    jobs.settle()
    assert panel.listening.button.text().startswith("Muffled")
    assert item.heard == [], "chosen, and silent until it plays"
    panel.listening.toggle()
    jobs.settle()
    assert item.heard == [(0.0, False)]
    panel.listening.toggle()
    assert not out.playing
    assert panel.listening.button.text() == "Sound off"


def test_the_policy_keeps_clear_sound_closed(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, harm="careful")
    panel.set_level(Level.BLURRED)
    panel.set_level(Level.CLEAR)
    panel.clear_hold(True)
    for _ in range(5):
        panel.listening.toggle()
        hear(panel, jobs)
    assert item.heard
    assert all(muffled for _start, muffled in item.heard)
    assert panel.current_level <= Level.DRAWING


@pytest.mark.parametrize("level", [Level.DRAWING, Level.CLEAR])
@pytest.mark.parametrize("how", ["hide", "focus", "reveil", "clear", "facts", "next", "key"])
def test_every_way_out_is_silent_at_once(
    panel: ViewerPanel, jobs: HandJobs, out: FakeOut, how: str, level: Level
) -> None:
    item = show(panel, jobs)
    if level is Level.CLEAR:
        panel.set_level(level)
        jobs.settle()
    else:
        hear(panel, jobs)
    assert panel.current_level is level
    heard = len(item.heard)
    {
        "hide": panel.hide,
        "focus": lambda: _lose_focus(panel),
        "reveil": panel.reveil,
        "clear": panel.clear,
        "facts": lambda: panel.set_level(Level.FACTS),
        "next": lambda: panel.show_item(taken(), policy(), "Reviewer 14"),  # type: ignore[arg-type]
        "key": panel.listening.off,
    }[how]()
    assert not out.playing
    assert panel.current_level <= Level.BLURRED
    jobs.settle()
    assert not out.playing
    assert len(item.heard) == heard
    assert all(stream.closed for stream in item.streams)


def _lose_focus(panel: ViewerPanel) -> None:
    panel.isActiveWindow = lambda: False  # type: ignore[method-assign]
    panel.changeEvent(QEvent(QEvent.Type.ActivationChange))


def test_no_loudspeaker_is_said_and_the_waveform_stays(panel: ViewerPanel, jobs: HandJobs, out: FakeOut) -> None:
    show(panel, jobs)
    out.fails = SoundUnavailable()
    hear(panel, jobs)
    assert panel.notice.isVisible()
    assert "loudspeaker" in panel.notice.words
    assert panel.current_level is Level.BLURRED
    assert not panel.listening.audio.playing


def test_it_seeks_skips_and_is_marked(panel: ViewerPanel, jobs: HandJobs, out: FakeOut) -> None:
    item = show(panel, jobs)
    asked: list[object] = []
    panel.marks.asked.connect(asked.append)
    panel.listening.page.wave.sought.emit(40.0)
    panel.timeline.skip(5.0)
    panel.marks.mark_in()
    assert asked[0][0].start_s == 45.0  # type: ignore[index]
    hear(panel, jobs)
    panel.listening.audio.seek(100.0)
    jobs.settle()
    assert item.heard == [(45.0, True), (100.0, True)]


def test_the_end_is_the_end(panel: ViewerPanel, jobs: HandJobs, out: FakeOut, qtbot: QtBot) -> None:
    item = show(panel, jobs)
    panel.set_level(Level.CLEAR)
    jobs.settle()
    out.end()
    qtbot.waitUntil(lambda: panel.current_level is Level.BLURRED)
    assert panel.listening.audio.at_s == 252.0
    hear(panel, jobs)
    assert item.heard[-1] == (0.0, True), "and from the beginning again, muffled"


def test_a_video_is_heard_only_while_its_pictures_are_shown(
    panel: ViewerPanel, jobs: HandJobs, out: FakeOut, qtbot: QtBot
) -> None:
    item = SoundingItem(VIDEO)
    panel.show_item(FakeTaken(entry(VIDEO), item), policy(), "Reviewer 14")  # type: ignore[arg-type]
    jobs.settle()
    panel.listening.toggle()
    assert panel.listening.button.text().startswith("Muffled")
    panel.timeline.play_pause()
    assert item.heard == [], "no picture yet"
    for _ in range(6):
        jobs.settle(6)
        qtbot.wait(12)
    assert [muffled for _start, muffled in item.heard] == [True]
    assert out.playing
    panel.timeline.play_pause()
    assert not out.playing
    panel.timeline.play_pause()
    for _ in range(6):
        jobs.settle(6)
        qtbot.wait(12)
    assert out.playing
    panel.reveil()
    assert not out.playing
    assert panel.listening.button.text() == "Sound off"


@pytest.mark.parametrize(("most", "heard"), [("off", ["Sound off"]), ("muffled", ["Sound off", "Muffled 50 %"])])
def test_no_more_is_heard_than_policy_or_person_say(
    panel: ViewerPanel, jobs: HandJobs, out: FakeOut, most: str, heard: list[str]
) -> None:
    rules = policy()
    rules = msgspec.structs.replace(rules, viewing=msgspec.structs.replace(rules.viewing, sound=most))
    panel.show_item(FakeTaken(entry(AUDIO), SoundingItem(AUDIO, viewable=False)), rules, "Reviewer 14")  # type: ignore[arg-type]
    jobs.settle()
    said = {panel.listening.button.text()}
    for do in (panel.listening.toggle, lambda: panel.set_level(Level.CLEAR), panel.timeline.play_pause) * 2:
        do()
        jobs.settle()
        said.add(panel.listening.button.text())
    assert sorted(said) == sorted(heard)
    assert bool(out.started) is (most != "off")
    assert "preferences" in panel.ladder._steps[Level.CLEAR].toolTip()


def test_a_wish_for_silence_is_in_force_at_once(panel: ViewerPanel, jobs: HandJobs, out: FakeOut) -> None:
    show(panel, jobs)
    hear(panel, jobs)
    assert out.playing
    rules = policy()
    panel.follow(msgspec.structs.replace(rules, viewing=msgspec.structs.replace(rules.viewing, sound="off")))
    assert not out.playing
    hear(panel, jobs)
    assert not out.playing
    panel.follow(rules)
    hear(panel, jobs)
    assert out.playing
