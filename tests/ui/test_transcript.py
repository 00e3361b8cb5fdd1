"""What is said in a sound: veiled like any text, and written down here only by an installed transcriber, in memory."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable, Iterator

import msgspec
import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot
from sound_fakes import FakeOut, FakeSound, SoundingItem
from viewer_fakes import FakeLine, FakeTaken, HandJobs, entry, policy

from reviewer.media.spoken import Spoken
from reviewer.media.transcriber import Utterance
from reviewer.model.cases import ItemFacts
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Text, Viewing
from reviewer.ui import transcript_pane
from reviewer.ui.viewer import ViewerPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

AUDIO = ItemFacts(kind=Kind.AUDIO, format="mp3", size=2_000_000, duration_s=4.0, has_sound=True)
SAID = (FakeLine("the beans are up"), FakeLine("we met at *Mill Lane* after rain"), FakeLine("bring the spade"))


class Writer:
    """An installed transcriber: a line a second of sound."""

    name = "Garden Writer 1"

    def transcribe(self, samples: Iterator[bytes], language: str) -> Iterator[tuple[float, float, str]]:
        at = 0.0
        for piece in samples:
            yield at, at + len(piece) / 48_000, f"at the Mill gate {at:.1f}"
            at += len(piece) / 48_000


@pytest.fixture
def jobs() -> HandJobs:
    return HandJobs()


@pytest.fixture
def panel(qtbot: QtBot, jobs: HandJobs) -> Iterator[ViewerPanel]:
    window = QWidget()
    qtbot.addWidget(window)
    made = ViewerPanel(jobs, window)  # type: ignore[arg-type]
    made.listening.player._make_out = lambda _ceiling: FakeOut()  # type: ignore[assignment, return-value]
    made.resize(900, 800)
    window.resize(900, 800)
    window.show()
    yield made
    window.close()


def show(
    panel: ViewerPanel, jobs: HandJobs, *, transcript: bool = False, harm: str = "violence", name: str = ""
) -> SoundingItem:
    item = SoundingItem(AUDIO, viewable=False, transcript=transcript, lines=SAID if transcript else ())
    allowed = msgspec.structs.replace(
        policy(), viewing=Viewing(transcriber=name), text=Text(masked_terms=("Mill",), clear_seconds=30.0)
    )
    panel.show_item(FakeTaken(entry(AUDIO, harm=harm), item), allowed, "Reviewer 14")  # type: ignore[arg-type]
    jobs.settle()
    return item


def words(panel: ViewerPanel) -> str:
    pane = panel.listening.transcript
    return " ".join(label.text() for label in pane.findChildren(QLabel) if label.isVisible())


def test_a_delivered_transcript_is_veiled_and_read_by_line_or_in_view(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, transcript=True)
    pane = panel.listening.transcript
    assert "as delivered" in words(panel)
    assert item.lines_asked == []
    assert panel.current_level is Level.BLURRED
    panel.lens_hold(True)
    jobs.settle()
    assert panel.current_level is Level.LENS
    assert len(item.lines_asked) == 1
    assert item.heard == [], "reading is not listening"
    panel.lens_hold(False)
    assert panel.current_level is Level.BLURRED
    assert pane.page.view.shown == {}
    pane.read_all()
    jobs.settle()
    assert panel.current_level is Level.CLEAR
    panel.reveil()
    assert pane.page.view.shown == {}
    assert panel.current_level is Level.BLURRED


def test_at_facts_not_even_its_outline_is_asked_for(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, transcript=True, harm="facts_first")
    assert item.asked == []


def test_the_policy_keeps_its_words_closed(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, transcript=True, harm="careful")
    panel.set_level(Level.BLURRED)
    panel.lens_hold(True)
    panel.listening.transcript.read_all()
    jobs.settle()
    assert item.lines_asked == []


def test_without_transcript_or_transcriber_it_says_so(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs)
    assert "No transcript was delivered" in words(panel)
    assert "No local transcriber is installed" in words(panel)
    assert not panel.listening.transcript._make.isVisible()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Writer:
    writer = Writer()
    monkeypatch.setattr(transcript_pane, "installed_transcriber", lambda name: writer if name == "garden" else None)
    return writer


def test_an_installed_one_writes_it_down_only_when_asked_and_it_is_veiled(
    panel: ViewerPanel, jobs: HandJobs, installed: Writer
) -> None:
    item = show(panel, jobs, name="garden")
    assert "Garden Writer 1" in words(panel)
    assert item.heard == []
    panel.listening.transcript._make.click()
    jobs.settle()
    assert item.heard == [(0.0, False)]
    assert "may have heard wrongly" in words(panel)
    assert panel.current_level is Level.BLURRED
    assert panel.listening.transcript.page.view.shown == {}
    panel.lens_hold(True)
    jobs.settle()
    shown = panel.listening.transcript.page.view.shown
    assert len(shown) == 1
    assert "Mill" not in str(shown), "terms of the policy are masked here too"
    panel.clear()
    assert panel.listening.transcript.page.view.shown == {}


@pytest.mark.parametrize("how", ["button", "listening", "next", "reveil to facts"])
def test_writing_down_can_be_ended_and_half_of_it_is_never_shown(
    panel: ViewerPanel, jobs: HandJobs, installed: Writer, how: str
) -> None:
    item = show(panel, jobs, name="garden")
    pane = panel.listening.transcript
    pane.make_or_cancel()
    assert "0 %" in words(panel)
    if how == "button":
        pane.make_or_cancel()
    elif how == "listening":
        panel.timeline.play_pause()
    elif how == "next":
        show(panel, jobs)
    else:
        panel.clear()
    jobs.settle()
    assert pane.page.desk.outline is None
    assert all(muffled for _start, muffled in item.heard)


def test_none_is_made_where_clear_sound_is_closed(panel: ViewerPanel, jobs: HandJobs, installed: Writer) -> None:
    item = show(panel, jobs, name="garden", harm="careful")
    panel.set_level(Level.BLURRED)
    jobs.settle()
    panel.listening.transcript.make_or_cancel()
    jobs.settle()
    assert item.heard == []
    assert "keeps its clear sound closed" in words(panel)


def test_spoken_words_are_outlined_masked_and_found() -> None:
    said = Spoken(
        [Utterance(0.0, 2.0, "Beans at the MILL gate"), Utterance(3661.0, 3662.0, "windmill")], ("mill", "gate")
    )
    outline = said.text_outline()
    assert [(line.length, line.masked, line.at) for line in outline.lines] == [(22, 2, "00:00"), (8, 0, "1:01:01")]
    assert said.text_lines(0, 5) == ("Beans at the ▇▇▇▇ ▇▇▇▇", "windmill")
    assert said.text_lines(0, 1, unmask=True) == ("Beans at the MILL gate",)
    assert said.text_lines(-3, -1) == ()
    assert said.text_find("mill") == (0, 1)


class InterruptedWriter(Writer):
    """Somebody leaves while it writes its second line."""

    def __init__(self) -> None:
        self.leave: Callable[[], object] = lambda: None

    def transcribe(self, samples: Iterator[bytes], language: str) -> Iterator[tuple[float, float, str]]:
        for at, line in enumerate(super().transcribe(samples, language)):
            if at == 1:
                self.leave()
            yield line


WAYS_AWAY: dict[str, Callable[[ViewerPanel], object]] = {
    "veil": lambda panel: panel.reveil(),
    "hidden": lambda panel: panel.hide(),
    "facts": lambda panel: panel.set_level(Level.FACTS),
    "next": lambda panel: panel.clear(),
}


@pytest.mark.parametrize("way", WAYS_AWAY)
@pytest.mark.parametrize("begun", [False, True])
def test_every_veil_ends_writing_down_and_the_worker_is_asked_for_no_more_sound(
    panel: ViewerPanel, jobs: HandJobs, monkeypatch: pytest.MonkeyPatch, way: str, begun: bool
) -> None:
    writer = InterruptedWriter()
    monkeypatch.setattr(transcript_pane, "installed_transcriber", lambda name: writer if name == "garden" else None)
    item = show(panel, jobs, name="garden")
    pane = panel.listening.transcript
    taken_then: list[int] = []

    def leave() -> None:
        WAYS_AWAY[way](panel)
        taken_then.extend(stream.taken for stream in item.streams)

    pane.make_or_cancel()
    if begun:
        writer.leave = leave
        jobs.settle()
        assert [stream.taken for stream in item.streams] == taken_then
        assert all(stream.closed for stream in item.streams)
    else:
        leave()
        jobs.settle()
        assert item.heard == []
    assert not pane._maker.running
    assert pane.page.desk._opened is None
    assert pane.page.desk.outline is None
    if way == "veil":
        assert "Write it down" in pane._make.text(), "it can be asked for again"


def test_words_written_down_stay_behind_a_veil_and_are_let_go_of_at_facts(
    panel: ViewerPanel, jobs: HandJobs, installed: Writer
) -> None:
    show(panel, jobs, name="garden")
    pane = panel.listening.transcript
    pane.make_or_cancel()
    jobs.settle()
    spoken = weakref.ref(pane.page.desk._opened)
    assert spoken() is not None
    panel.reveil()
    assert pane.page.desk.outline is not None, "veiled, while the person rests above the facts"
    panel.set_level(Level.FACTS)
    gc.collect()
    assert spoken() is None
    panel.set_level(Level.BLURRED)
    jobs.settle()
    assert "Write it down" in pane._make.text()
    assert pane._make.isVisible()


@pytest.mark.parametrize("way", ["facts first", "next"])
def test_words_written_down_do_not_outlive_the_item(
    panel: ViewerPanel, jobs: HandJobs, installed: Writer, way: str
) -> None:
    show(panel, jobs, name="garden", harm="facts_first")
    panel.set_level(Level.BLURRED)
    pane = panel.listening.transcript
    pane.make_or_cancel()
    jobs.settle()
    spoken = weakref.ref(pane.page.desk._opened)
    assert spoken() is not None
    if way == "next":
        show(panel, jobs)
    else:
        panel.reveil()  # this item starts at the facts, so a veil goes back there
    gc.collect()
    assert spoken() is None


def test_a_transcript_that_was_delivered_is_there_again_after_facts(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, transcript=True)
    panel.set_level(Level.FACTS)
    panel.set_level(Level.BLURRED)
    jobs.settle()
    assert panel.listening.transcript.page.view.count == 3
    assert "as delivered" in words(panel)


def test_nothing_is_written_down_while_the_person_rests_at_facts(
    panel: ViewerPanel, jobs: HandJobs, installed: Writer
) -> None:
    item = show(panel, jobs, name="garden", harm="facts_first")
    panel.set_level(Level.CLEAR)  # heard, over the facts
    jobs.settle()
    pane = panel.listening.transcript
    assert not pane._make.isEnabled()
    heard = list(item.heard)
    pane.make_or_cancel()
    jobs.settle()
    assert item.heard == heard
    assert not pane._maker.running
    panel.set_level(Level.BLURRED)
    assert pane._make.isEnabled()


def test_sound_that_comes_after_the_veil_is_not_given_to_the_transcriber(
    panel: ViewerPanel, jobs: HandJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[int] = []

    class Noting(Writer):
        def transcribe(self, samples: Iterator[bytes], language: str) -> Iterator[tuple[float, float, str]]:
            for piece in samples:
                given.append(len(piece))
                yield 0.0, 1.0, "beans"

    class Leaving(FakeSound):
        def read(self, samples: int) -> bytes:
            panel.reveil()  # while the worker is at it
            return super().read(samples)

    monkeypatch.setattr(transcript_pane, "installed_transcriber", lambda _name: Noting())
    item = show(panel, jobs, name="garden")
    monkeypatch.setattr(item, "listen", lambda **_how: Leaving(4.0), raising=False)
    panel.listening.transcript.make_or_cancel()
    jobs.settle()
    assert given == []
