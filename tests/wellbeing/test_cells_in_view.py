"""Many veiled cells side by side: each item's record gets the whole time, the person's figures get it once."""

from __future__ import annotations

import pytest

from reviewer.model.levels import Level
from reviewer.wellbeing.meter import ExposureMeter
from reviewer.wellbeing.totals import ItemViewing


def look_at_cells(meter, clock, cells, seconds):
    for _ in range(seconds):
        meter.showing_cells(cells)
        clock.pass_s(1.0)
    meter.heartbeat()


def test_each_item_in_view_was_seen_the_whole_time_and_the_person_looked_once(clock, policy):
    meter = ExposureMeter(clock, policy)
    look_at_cells(meter, clock, {"a": "other", "b": "other", "c": "other"}, 10)
    meter.stop()
    for item in "abc":
        seen = meter.viewing_record(item)
        assert seen.seconds == {"blurred": pytest.approx(10)}
        assert seen.opened_at is not None
    assert meter.viewing_record("d").seconds == {}
    figures = meter.figures()
    assert figures.today_s == pytest.approx(10)
    assert figures.episodes_today == 1


def test_what_scrolls_out_of_view_is_not_seen_any_longer(clock, policy):
    meter = ExposureMeter(clock, policy)
    look_at_cells(meter, clock, {"a": "other", "b": "other"}, 2)
    look_at_cells(meter, clock, {"b": "other", "c": "other"}, 3)
    meter.showing_cells({})
    clock.pass_s(100)
    seconds = {item: meter.viewing_record(item).seconds["blurred"] for item in "abc"}
    assert seconds == {"a": pytest.approx(2), "b": pytest.approx(5), "c": pytest.approx(3)}
    meter.stop()
    assert sum(episode.seconds for episode in meter.finished()) == pytest.approx(5)


def test_a_look_is_weighed_as_the_heaviest_of_what_is_in_view(clock, policy):
    meter = ExposureMeter(clock, policy)
    look_at_cells(meter, clock, {"a": "other", "b": "violence"}, 4)
    assert meter.figures().today_weighted_s == pytest.approx(8)


def test_an_item_opened_from_the_gallery_goes_on_by_itself(clock, policy):
    meter = ExposureMeter(clock, policy)
    look_at_cells(meter, clock, {"a": "other", "b": "other"}, 2)
    meter.showing("a", Level.CLEAR, "other", sound=False, full_screen=False)
    clock.pass_s(3)
    assert meter.viewing_record("a").seconds == {"blurred": pytest.approx(2), "clear": pytest.approx(3)}
    assert meter.viewing_record("b").seconds == {"blurred": pytest.approx(2)}


def test_what_was_seen_before_a_restart_is_still_known(clock, policy):
    before = ExposureMeter(clock, policy)
    look_at_cells(before, clock, {"a": "other"}, 2)
    kept: dict[str, ItemViewing] = before.changed_cells()
    assert before.changed_cells() == {}
    again = ExposureMeter(clock, policy, cells=kept)
    assert again.viewing_record("a").seconds == {"blurred": pytest.approx(2)}
    look_at_cells(again, clock, {"a": "other"}, 1)
    assert again.changed_cells()["a"].seconds == {"blurred": pytest.approx(3)}
    assert again.viewing_record("a").seconds == {"blurred": pytest.approx(3)}


def test_a_machine_that_slept_adds_nothing(clock, policy):
    meter = ExposureMeter(clock, policy)
    meter.showing_cells({"a": "other"})
    clock.pass_s(600)
    meter.showing_cells({"a": "other"})
    assert meter.viewing_record("a").seconds == {}
