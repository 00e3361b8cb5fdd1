"""The text's promises: no word is asked for before it is wanted, and none is left when it goes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot
from viewer_fakes import FakeLine, FakeOpenItem, HandJobs

from reviewer.media.outlines import TextOf
from reviewer.model.cases import ItemFacts
from reviewer.model.errors import DamagedMedia, ReviewerError
from reviewer.model.levels import Kind, Level
from reviewer.model.policy import Text
from reviewer.ui.late_requests import LateRequest
from reviewer.ui.text_desk import TextDesk
from reviewer.ui.text_requests import TextRequests
from reviewer.ui.text_view import TextView

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # said by the offscreen platform, not by us

WORDS = "the parcel for the garden came in the rain"
CHAT = [
    FakeLine(
        f"{WORDS} {number}" + (" and *thorns* too" if number % 5 == 2 else ""), "AB"[number % 2], f"10:{number:02}"
    )
    for number in range(60)
]


@pytest.fixture
def jobs() -> HandJobs:
    return HandJobs()


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[TextView]:
    made = TextView()
    qtbot.addWidget(made)
    made.resize(700, 400)
    made.show()
    yield made
    made.close()


@pytest.fixture
def desk(jobs: HandJobs, view: TextView) -> TextDesk:
    return TextDesk(jobs, view)  # type: ignore[arg-type]


@pytest.fixture
def item() -> FakeOpenItem:
    return FakeOpenItem(ItemFacts(kind=Kind.CHAT, size=900), viewable=False, readable=True, lines=CHAT)


@pytest.fixture
def veiled(desk: TextDesk, item: FakeOpenItem, jobs: HandJobs) -> TextDesk:
    desk.open(item, text=Text(clear_seconds=60.0))
    desk.settle(Level.BLURRED)
    jobs.settle()
    return desk


def test_it_opens_as_bars_and_no_word_is_asked_for(veiled: TextDesk, view: TextView, item: FakeOpenItem) -> None:
    assert item.asked == ["outline"]
    assert veiled.shown is Level.BLURRED
    assert view.count == 60
    assert not view.shown


def test_at_facts_nothing_is_asked_for(desk: TextDesk, item: FakeOpenItem, jobs: HandJobs) -> None:
    desk.open(item, start=Level.FACTS, text=Text())
    desk.settle(Level.FACTS)
    jobs.settle()
    assert item.asked == []
    assert desk.shown is Level.FACTS


def test_the_lens_shows_the_words_of_one_line_and_moving_lets_them_go(
    veiled: TextDesk, view: TextView, item: FakeOpenItem, jobs: HandJobs
) -> None:
    veiled.begin_lens()
    assert veiled.shown is Level.BLURRED, "what is shown counts, not what was asked for"
    jobs.settle()
    assert dict(view.shown) == {0: f"{WORDS} 0"}
    assert veiled.shown is Level.LENS
    veiled.move(1)
    assert not view.shown, "before the next line's words are here"
    jobs.settle()
    assert list(view.shown) == [1]
    assert item.lines_asked == [(0, 1, False, TextOf.ITEM), (1, 1, False, TextOf.ITEM)]


def test_a_lens_that_moves_fast_asks_for_the_latest_line_only(
    veiled: TextDesk, view: TextView, item: FakeOpenItem, jobs: HandJobs
) -> None:
    veiled.begin_lens()
    for _ in range(20):
        veiled.move(1)
    assert len(jobs.waiting) == 1
    jobs.settle()
    assert list(view.shown) == [20]
    assert [first for first, *_rest in item.lines_asked] == [0, 20]


def test_clear_asks_for_what_is_in_view_and_drops_what_leaves_it(
    veiled: TextDesk, view: TextView, item: FakeOpenItem, jobs: HandJobs
) -> None:
    veiled.begin_clear()
    jobs.settle()
    first = set(view.shown)
    assert veiled.shown is Level.CLEAR
    assert first == set(view.visible_lines())
    assert max(first) < 30
    view.verticalScrollBar().setValue(view.verticalScrollBar().maximum())
    assert not first & set(view.shown), "words that left the view are gone at once"
    jobs.settle()
    assert 59 in view.shown
    assert set(view.shown) == set(view.visible_lines())
    assert sum(count for _first, count, *_rest in item.lines_asked) < 60


def test_clear_veils_itself(desk: TextDesk, view: TextView, item: FakeOpenItem, jobs: HandJobs, qtbot: QtBot) -> None:
    desk.open(item, text=Text(clear_seconds=0.3))
    desk.settle(Level.BLURRED)
    desk.begin_clear()
    jobs.settle()
    assert view.shown
    qtbot.waitUntil(lambda: desk.shown is Level.BLURRED)
    assert not view.shown


@pytest.mark.parametrize("how", ["end", "reveil", "facts", "close", "next"])
@pytest.mark.parametrize("level", [Level.LENS, Level.CLEAR])
def test_every_way_out_lets_go_of_the_words(
    veiled: TextDesk, view: TextView, item: FakeOpenItem, jobs: HandJobs, how: str, level: Level
) -> None:
    _begin(veiled, level)
    jobs.settle()
    assert veiled.shown is level
    {
        "end": veiled.end_reveal,
        "reveil": veiled.reveil,
        "facts": lambda: veiled.settle(Level.FACTS),
        "close": veiled.close,
        "next": lambda: veiled.open(item, text=Text()),
    }[how]()
    assert not view.shown
    assert veiled.shown <= Level.BLURRED


@pytest.mark.parametrize("before", ["work", "deliver"])
@pytest.mark.parametrize("level", [Level.LENS, Level.CLEAR])
def test_late_words_are_let_go_of_and_not_shown(
    veiled: TextDesk, view: TextView, jobs: HandJobs, before: str, level: Level
) -> None:
    _begin(veiled, level)
    if before == "deliver":
        jobs.work()
    veiled.reveil()
    jobs.settle()
    assert not view.shown
    assert veiled.shown is Level.BLURRED


def test_words_on_their_way_are_let_go_of_when_the_item_is_changed_under_them(
    veiled: TextDesk, view: TextView, jobs: HandJobs
) -> None:
    veiled.begin_clear()
    jobs.work()
    other = FakeOpenItem(ItemFacts(kind=Kind.CHAT), readable=True, lines=[FakeLine("seeds and bulbs")] * 60)
    veiled.open(other, text=Text())
    veiled.settle(Level.BLURRED)
    veiled.begin_clear()
    jobs.settle()
    assert view.shown
    assert set(view.shown.values()) == {"seeds and bulbs"}


def test_words_that_are_forgotten_on_their_way_are_not_kept_anywhere(jobs: HandJobs, view: TextView) -> None:
    requests: TextRequests[str] = TextRequests(jobs, view)  # type: ignore[arg-type]
    made, got = ["a line of words"], list[str]()
    requests.ask("words", LateRequest(lambda: made, got.extend, lambda _error: None))
    jobs.work()
    requests.forget()
    assert made == []
    jobs.deliver()
    assert got == []


def _begin(desk: TextDesk, level: Level) -> None:
    if level is Level.LENS:
        desk.begin_lens()
    else:
        desk.begin_clear()


def test_masked_terms_stay_masked_until_asked_for_and_only_in_that_line(
    veiled: TextDesk, view: TextView, item: FakeOpenItem, jobs: HandJobs
) -> None:
    veiled.look_at(2)
    veiled.begin_clear()
    jobs.settle()
    assert not any("thorns" in words for words in view.shown.values())
    veiled.toggle_terms()
    jobs.settle()
    assert [line for line, words in view.shown.items() if "thorns" in words] == [2]
    assert [ask[:3] for ask in item.lines_asked if ask[2]] == [(2, 1, True)]
    veiled.move(1)
    assert not any("thorns" in words for words in view.shown.values())
    jobs.settle()
    assert "•" in view.shown[2]


def test_masked_terms_are_not_asked_for_behind_the_veil(veiled: TextDesk, item: FakeOpenItem, jobs: HandJobs) -> None:
    veiled.look_at(2)
    veiled.toggle_terms()
    jobs.settle()
    assert item.lines_asked == []


def test_terms_asked_for_do_not_come_after_the_line_is_left(veiled: TextDesk, view: TextView, jobs: HandJobs) -> None:
    veiled.look_at(2)
    veiled.begin_lens()
    jobs.settle()
    veiled.toggle_terms()
    veiled.move(1)
    veiled.move(-1)
    jobs.settle()
    assert "thorns" not in view.shown[2]


def test_a_masked_answer_that_comes_late_leaves_the_terms_that_are_shown(
    veiled: TextDesk, view: TextView, item: FakeOpenItem, jobs: HandJobs
) -> None:
    veiled.begin_clear()
    line = next(line for line in view.visible_lines() if CHAT[line].terms and line > 5)
    view.turn(1)
    view.turn(-1)  # a second question about the same lines waits behind the first
    asked = len(item.lines_asked)
    while not view.holds(line):
        jobs.work()
        jobs.deliver()
    veiled.look_at(line)
    veiled.toggle_terms()
    jobs.waiting.insert(0, jobs.waiting.pop())  # the worker answers about the terms first
    jobs.settle()
    masked = [(first, count) for first, count, unmask, _of in item.lines_asked[asked + 1 :] if not unmask]
    assert any(first <= line < first + count for first, count in masked), "the late answer speaks of this line"
    assert "thorns" in view.shown[line]
    assert not any("thorns" in words for at, words in view.shown.items() if at != line)


def test_searching_marks_lines_and_reveals_nothing(
    veiled: TextDesk, view: TextView, item: FakeOpenItem, jobs: HandJobs
) -> None:
    veiled.look_at(10)
    veiled.find("THORNS")
    jobs.settle()
    assert veiled.found is not None
    assert veiled.found.lines == tuple(range(2, 60, 5))
    assert view.focus_line == 12
    veiled.next_found()
    assert view.focus_line == 17
    veiled.next_found(-1)
    assert view.focus_line == 12
    assert "lines" not in item.asked
    assert not view.shown
    veiled.find("")
    assert veiled.found is None


def test_levels_shown_are_announced_in_order(desk: TextDesk, item: FakeOpenItem, jobs: HandJobs) -> None:
    seen: list[Level] = []
    desk.levelChanged.connect(seen.append)
    desk.open(item, text=Text())
    desk.settle(Level.BLURRED)
    jobs.settle()
    desk.begin_lens()
    jobs.settle()
    desk.begin_clear()
    jobs.settle()
    desk.reveil()
    desk.settle(Level.FACTS)
    assert seen == [Level.BLURRED, Level.LENS, Level.BLURRED, Level.CLEAR, Level.BLURRED, Level.FACTS]


def test_the_policy_s_highest_level_is_enforced(
    desk: TextDesk, view: TextView, item: FakeOpenItem, jobs: HandJobs
) -> None:
    desk.open(item, highest=Level.DRAWING, text=Text())
    desk.settle(Level.DRAWING)
    assert desk.rest is Level.BLURRED, "a drawing of words is nothing"
    desk.begin_clear()
    desk.clear_hold(True)
    desk.begin_lens()
    jobs.settle()
    assert item.asked == ["outline"]
    assert not view.shown


def test_from_facts_the_lens_shows_one_line_and_goes_back_to_facts(
    desk: TextDesk, view: TextView, item: FakeOpenItem, jobs: HandJobs
) -> None:
    desk.open(item, start=Level.FACTS, text=Text())
    desk.settle(Level.FACTS)
    desk.begin_lens()
    jobs.settle()
    assert list(view.shown) == [0]
    desk.end_reveal()
    assert desk.shown is Level.FACTS


def test_a_tap_looks_for_a_time_and_a_second_tap_ends_it(veiled: TextDesk, jobs: HandJobs) -> None:
    veiled.clear_hold(True)
    jobs.settle()
    veiled.clear_hold(False)
    assert veiled.shown is Level.CLEAR
    veiled.clear_hold(True)
    veiled.clear_hold(False)
    assert veiled.shown is Level.BLURRED


def test_a_held_look_ends_when_it_is_let_go(veiled: TextDesk, jobs: HandJobs, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewer.ui.level_desk.TAP_S", 0.0)
    veiled.clear_hold(True)
    jobs.settle()
    veiled.clear_hold(False)
    assert veiled.shown is Level.BLURRED


def test_a_failure_is_handed_on_and_nothing_is_shown(desk: TextDesk, item: FakeOpenItem, jobs: HandJobs) -> None:
    errors: list[ReviewerError] = []
    desk.failed.connect(errors.append)
    item.error = DamagedMedia()
    desk.open(item, text=Text())
    desk.settle(Level.BLURRED)
    jobs.settle()
    assert errors == [item.error]
    assert desk.shown is Level.FACTS


def test_a_transcript_is_read_the_same_way(jobs: HandJobs, view: TextView, item: FakeOpenItem) -> None:
    desk = TextDesk(jobs, view, TextOf.TRANSCRIPT)  # type: ignore[arg-type]
    desk.open(item, text=Text())
    desk.settle(Level.BLURRED)
    desk.begin_lens()
    jobs.settle()
    assert item.lines_asked == [(0, 1, False, TextOf.TRANSCRIPT)]


def test_a_reported_message_is_where_it_begins(desk: TextDesk, view: TextView, jobs: HandJobs) -> None:
    lines = [*CHAT[:40], FakeLine("a reported one", "B", "11:00", reported=True), *CHAT[:3]]
    item = FakeOpenItem(ItemFacts(kind=Kind.CHAT), viewable=False, readable=True, lines=lines)
    desk.open(item, text=Text())
    desk.settle(Level.BLURRED)
    jobs.settle()
    assert view.focus_line == 40
    assert 40 in view.visible_lines()
    desk.look_at(0)
    desk.next_reported()
    assert view.focus_line == 40
