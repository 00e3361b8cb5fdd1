"""Names of senders: asked for when words are, shown only with them, and gone with them at every veil."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent
from pytestqt.qtbot import QtBot
from viewer_fakes import FakeLine, FakeOpenItem, FakeTaken, HandJobs, entry, policy, taken

from reviewer.media.outlines import MAX_SENDERS, TextOf, sender_label, sender_number
from reviewer.model.cases import ItemFacts
from reviewer.model.errors import DamagedMedia
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Text
from reviewer.ui.elided_label import ElidedLabel
from reviewer.ui.text_desk import TextDesk
from reviewer.ui.text_page import TextPage
from reviewer.ui.text_view import TextView
from reviewer.ui.viewer import ViewerPanel

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us

CHAT = ItemFacts(kind=Kind.CHAT, format="json", size=4_000)
NAMES = ["Rosemary <b>West</b>", "Basil"]
LINES = [FakeLine(f"the parcel {at} is by the shed", "AB"[at // 2 % 2], f"10:{at:02}") for at in range(40)]
CROWD = [FakeLine(f"seeds {at}", sender_label(at), "10:00") for at in range(40)]
CROWD_NAMES = [f"Gardener {at}" for at in range(40)]


def readable(lines: list[FakeLine] = LINES, names: list[str] = NAMES) -> FakeOpenItem:
    return FakeOpenItem(CHAT, viewable=False, readable=True, lines=lines, names=names)


def a_chat(lines: list[FakeLine] = LINES, names: list[str] = NAMES) -> FakeTaken:
    return FakeTaken(entry(CHAT, harm="violence"), readable(lines, names))


def show(panel: ViewerPanel, jobs: HandJobs, item: FakeTaken) -> FakeOpenItem:
    panel.show_item(item, policy(), "Reviewer 14")
    jobs.settle()
    assert item.opened is not None
    return item.opened


def said(panel: ViewerPanel) -> str:
    """All that the labels of the page say, to the eye or to a screen reader."""
    page = panel.text
    labels = page.findChildren(ElidedLabel)
    return " ".join([w.accessibleName() + w.toolTip() + w.accessibleDescription() for w in [page, page.view, *labels]])


def head(panel: ViewerPanel) -> str:
    return panel.text.findChildren(ElidedLabel)[0].words.replace("\u2068", "").replace("\u2069", "")


def nothing_is_left(panel: ViewerPanel) -> bool:
    return not panel.text.desk.names and not any(name in said(panel) for name in ("Rosemary", "Basil"))


def test_behind_the_veil_no_name_is_asked_for(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, a_chat())
    panel.text.desk.find("parcel")
    panel.text.desk.next_reported()
    jobs.settle()
    assert item.names_asked == []
    assert head(panel) == "40 messages · 2 senders · 2 attachments · utf-8"


def test_the_lens_asks_for_the_name_of_its_line_alone(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, a_chat())
    panel.set_level(Level.LENS)
    jobs.settle()
    assert head(panel) == "A Rosemary <b>West</b>"
    desk = panel.text.desk
    desk.move(1)
    assert head(panel).startswith("A Rosemary"), "the same sender's next line"
    jobs.settle()
    assert item.names_asked == [(0, 1, False)]
    desk.move(1)
    assert nothing_is_left(panel), "before the next name is here"
    jobs.settle()
    assert item.names_asked == [(0, 1, False), (1, 1, False)]
    assert head(panel) == "B Basil"


def test_clear_shows_the_names_of_all_who_wrote(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, a_chat())
    panel.set_level(Level.CLEAR)
    jobs.settle()
    assert head(panel) == "A Rosemary <b>West</b> · B Basil"
    label = panel.text.findChildren(ElidedLabel)[0]
    assert "Basil" in label.accessibleName()
    assert label.toolTip() == "", "one that is up would outlast the veil"
    bar = panel.text.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    jobs.settle()
    assert item.names_asked == [(0, 2, False)], "once"


def test_of_many_the_first_are_shown_and_the_lens_shows_any(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, a_chat(CROWD, CROWD_NAMES))
    panel.set_level(Level.CLEAR)
    jobs.settle()
    assert item.names_asked == [(0, 12, False)]
    assert head(panel).startswith("A Gardener 0 · B Gardener 1 · ")
    assert head(panel).endswith("L Gardener 11 · 28 more")
    panel.reveil()
    panel.set_level(Level.LENS)
    panel.text.desk.look_at(30)
    jobs.settle()
    assert head(panel) == "AE Gardener 30"


def test_a_long_name_is_whole_in_the_lens(panel: ViewerPanel, jobs: HandJobs) -> None:
    name = "parcels and seeds " * 11
    show(panel, jobs, a_chat(names=[name, "Basil"]))
    panel.set_level(Level.CLEAR)
    jobs.settle()
    assert head(panel) == f"A {name[:39]}… · B Basil"
    panel.set_level(Level.LENS)
    jobs.settle()
    assert head(panel) == f"A {name}"


@pytest.mark.parametrize("how", ["hide", "focus", "reveil", "clear", "facts", "next"])
@pytest.mark.parametrize("level", [Level.LENS, Level.CLEAR])
def test_every_way_out_lets_go_of_the_names(panel: ViewerPanel, jobs: HandJobs, how: str, level: Level) -> None:
    show(panel, jobs, a_chat())
    panel.set_level(level)
    jobs.settle()
    assert panel.text.desk.names
    {
        "hide": panel.hide,
        "focus": lambda: _lose_focus(panel),
        "reveil": panel.reveil,
        "clear": panel.clear,
        "facts": lambda: panel.set_level(Level.FACTS),
        "next": lambda: panel.show_item(taken(), policy(), "Reviewer 14"),
    }[how]()
    assert nothing_is_left(panel)
    assert panel.current_level <= Level.BLURRED


def _lose_focus(panel: ViewerPanel) -> None:
    panel.isActiveWindow = lambda: False  # type: ignore[method-assign]
    panel.changeEvent(QEvent(QEvent.Type.ActivationChange))


def test_names_go_when_the_time_is_over(qtbot: QtBot, jobs: HandJobs) -> None:
    page = TextPage(jobs)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    page.show()
    page.desk.open(readable(), text=Text(clear_seconds=0.3))
    page.desk.settle(Level.BLURRED)
    page.desk.begin_clear()
    jobs.settle()
    assert page.desk.names
    qtbot.waitUntil(lambda: page.desk.shown is Level.BLURRED)
    assert not page.desk.names


@pytest.mark.parametrize("before", ["work", "deliver"])
@pytest.mark.parametrize("level", [Level.LENS, Level.CLEAR])
@pytest.mark.parametrize("way", ["reveil", "close"])
def test_late_names_are_let_go_of_and_not_shown(
    panel: ViewerPanel, jobs: HandJobs, before: str, level: Level, way: str
) -> None:
    item = show(panel, jobs, a_chat())
    panel.set_level(level)
    jobs.work()
    jobs.deliver()
    assert len(jobs.waiting) == 1, "words are here, names are not"
    if before == "deliver":
        jobs.work()
        assert item.names_asked
    getattr(panel.text.desk, way)()
    jobs.settle()
    assert nothing_is_left(panel)
    assert panel.current_level <= Level.BLURRED


def test_names_of_the_item_before_never_appear(panel: ViewerPanel, jobs: HandJobs) -> None:
    show(panel, jobs, a_chat())
    panel.set_level(Level.CLEAR)
    jobs.work()
    jobs.deliver()
    jobs.work()
    show(panel, jobs, a_chat(names=["Thyme", "Sage"]))
    panel.set_level(Level.CLEAR)
    jobs.settle()
    assert head(panel) == "A Thyme · B Sage"


def test_a_name_in_view_counts_as_a_look(qtbot: QtBot, jobs: HandJobs) -> None:
    view = TextView()
    qtbot.addWidget(view)
    desk = TextDesk(jobs, view)  # type: ignore[arg-type]
    desk.open(readable(), text=Text())
    desk.settle(Level.BLURRED)
    desk.begin_lens()
    jobs.settle()
    desk.move(1)
    assert not view.shown
    assert desk.names
    assert [desk.shown] == [Level.LENS]
    desk.end_reveal()
    assert [desk.shown] == [Level.BLURRED]


def test_what_ends_at_the_veil_never_asks(panel: ViewerPanel, jobs: HandJobs) -> None:
    """At a highest level below the lens, and in what has no senders."""
    item = readable()
    desk = panel.text.desk
    desk.open(item, highest=Level.BLURRED, text=Text())
    desk.settle(Level.BLURRED)
    desk.begin_lens()
    desk.begin_clear()
    jobs.settle()
    plain = show(panel, jobs, a_chat([FakeLine("rain"), FakeLine("sun")], []))
    for level in (Level.LENS, Level.CLEAR):
        panel.set_level(level)
        jobs.settle()
        assert panel.current_level is level
    assert item.names_asked == plain.names_asked == []
    assert head(panel) == "2 lines · 2 attachments · utf-8"


def test_a_transcript_s_page_never_asks(qtbot: QtBot, jobs: HandJobs) -> None:
    page = TextPage(jobs, of=TextOf.TRANSCRIPT)  # type: ignore[arg-type]
    qtbot.addWidget(page)
    item = readable()
    page.desk.open(item, text=Text())
    page.desk.settle(Level.BLURRED)
    page.desk.begin_lens()
    jobs.settle()
    assert page.view.shown
    assert item.names_asked == []


def test_an_item_that_breaks_over_the_names_is_veiled(panel: ViewerPanel, jobs: HandJobs) -> None:
    item = show(panel, jobs, a_chat())
    panel.set_level(Level.CLEAR)
    jobs.work()
    jobs.deliver()
    item.error = DamagedMedia()
    jobs.settle()
    assert not panel.text.view.shown
    assert not panel.text.desk.names


def test_labels_and_numbers_are_the_same_order() -> None:
    spell: Callable[[int], str] = sender_label
    assert [spell(number) for number in (0, 25, 26, 51, 52, 701, 702)] == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
    assert [sender_number(spell(number)) for number in range(MAX_SENDERS)] == list(range(MAX_SENDERS))
    for no_label in ("", "a", "A1", "É", "Α", "A ", "ZZZ", "AAAAAAAA", spell(MAX_SENDERS)):
        assert sender_number(no_label) is None
